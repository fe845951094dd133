//! Backups: everything in the library but the texts of articles, in one compressed file.
//!
//! A backup is an SQLite database with the tables of the library, compressed with Zstandard. It names
//! the tables that it leaves out, so that a table that is added later is part of it. A table of its own
//! holds the rules, whose names the library refers to. SQLite's online
//! backup and `VACUUM INTO` would copy the texts first.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use rusqlite::{
    Connection, OpenFlags,
    types::{Value, ValueRef},
};

use super::{
    LibraryLocation, StoreError,
    connection::{PAGE_SIZE_BYTES, read_only_uri},
    private_files::make_private,
    schema::APPLICATION_ID,
};
use crate::model::PasswordExport;

/// The tables whose rows a backup leaves out: texts, which their sources still have, the mailboxes whose
/// texts are stored, and what is derived from the texts: the list of index segments, the stories, and
/// the queues of both; and what the library knows of a shared archive, which it reads again from the beginning: marks
/// that waited for it may be older than those of other machines. The lists of servers are compared again.
const TABLES_LEFT_OUT: [&str; 13] = [
    "archive_marks",
    "archive_outbox",
    "archive_queue",
    "archive_state",
    "bodies",
    "originals",
    "versions",
    "segments",
    "settled_syncs",
    "text_changes",
    "mailboxes",
    "story_articles",
    "story_queue",
];

/// The tables with a column of JSON that may hold logins.
const COLUMNS_WITH_LOGINS: [(&str, &str); 2] = [("feeds", "fetch"), ("journal", "change")];

/// The fields of a [`FetchOptions`](crate::model::FetchOptions) that others must not read.
const SECRET_FIELDS: [&str; 3] = ["headers", "password", "stored_password"];

/// The table of a backup with the user's files that belong to the library. No library has it.
pub(super) const USER_FILES_TABLE: &str = "user_files";

/// The name of the file of rules in [`USER_FILES_TABLE`].
pub(super) const RULES_FILE_NAME: &str = "rules.toml";

/// Zstandard level of backups: its default.
const COMPRESSION_LEVEL: i32 = 3;

/// Writes a backup of the library, and of the text of its file of rules, to the file `target`, which
/// appears when it is complete. The library is read in one transaction, beside any writer.
///
/// # Errors
///
/// Fails if the library cannot be read, or the file cannot be written.
pub fn write_backup(
    location: &LibraryLocation,
    target: &Path,
    passwords: PasswordExport,
    rules: &str,
) -> Result<(), StoreError> {
    let to_write_error =
        |reason: io::Error| StoreError::WriteBackup { path: target.to_owned(), reason };
    let (copy, partial) = (sibling(target, "copy"), sibling(target, "part"));
    let written = create_private_file(&copy).map_err(to_write_error).and_then(|_| {
        copy_tables(location, &copy, (passwords, rules))
            .map_err(StoreError::during("be backed up"))?;
        compress_file(&copy, &partial)
            .and_then(|()| fs::rename(&partial, target))
            .map_err(to_write_error)
    });
    for file in [copy, partial] {
        let _ = fs::remove_file(file);
    }
    written
}

/// Returns a path beside `path` that no other process uses.
pub(super) fn sibling(path: &Path, purpose: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{name}.{}.{purpose}", std::process::id()))
}

/// Creates an empty file that only its owner can read, in place of one that a killed run has left.
pub(super) fn create_private_file(path: &Path) -> io::Result<File> {
    let file = File::create(path)?;
    make_private(path);
    Ok(file)
}

/// Copies the tables of the library, as far as they are part of a backup, into the empty file `copy`.
fn copy_tables(
    location: &LibraryLocation,
    copy: &Path,
    (passwords, rules): (PasswordExport, &str),
) -> rusqlite::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(copy, flags)?;
    make_unsafe_but_fast(&db)?;
    attach_source(&db, &read_only_uri(location))?;
    let transaction = db.unchecked_transaction()?;
    for (table, sql) in list_source_tables(&db)? {
        db.execute_batch(&sql)?;
        let secret = COLUMNS_WITH_LOGINS.iter().find(|(name, _)| *name == table);
        match secret {
            _ if TABLES_LEFT_OUT.contains(&table.as_str()) => {}
            Some((_, column)) if passwords == PasswordExport::LeaveOut => {
                copy_without_logins(&db, &table, column)?;
            }
            _ => {
                let sql = format!("INSERT INTO main.\"{table}\" SELECT * FROM source.\"{table}\"");
                db.execute_batch(&sql)?;
            }
        }
    }
    db.execute_batch(&format!(
        "CREATE TABLE {USER_FILES_TABLE} (name TEXT PRIMARY KEY, text TEXT) STRICT"
    ))?;
    let sql = format!("INSERT INTO {USER_FILES_TABLE} (name, text) VALUES (?1, ?2)");
    db.execute(&sql, [RULES_FILE_NAME, rules])?;
    let version: i64 = db.query_row("PRAGMA source.user_version", [], |row| row.get(0))?;
    db.pragma_update(None, "user_version", version)?;
    db.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()?;
    db.close().map_err(|(_, error)| error)
}

/// Prepares an empty database that is thrown away if anything fails while it is filled.
pub(super) fn make_unsafe_but_fast(db: &Connection) -> rusqlite::Result<()> {
    db.pragma_update(None, "page_size", PAGE_SIZE_BYTES)?;
    db.pragma_update(None, "journal_mode", "off")?;
    db.pragma_update(None, "synchronous", "off")?;
    db.pragma_update(None, "foreign_keys", false)
}

/// Attaches a database as `source`, whose schema is not trusted.
pub(super) fn attach_source(db: &Connection, uri: &Path) -> rusqlite::Result<()> {
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "cell_size_check", true)?;
    db.execute("ATTACH ?1 AS source", [uri.to_string_lossy()]).map(drop)
}

/// Lists the tables of the attached database, and the statements that create them.
pub(super) fn list_source_tables(db: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    let sql = "SELECT name, sql FROM source.sqlite_schema
               WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";
    let mut statement = db.prepare(sql)?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Copies a table, and leaves out the logins in the JSON of `column`.
///
/// They are never written into the copy: what SQLite deletes stays in the file.
fn copy_without_logins(db: &Connection, table: &str, column: &str) -> rusqlite::Result<()> {
    let mut select = db.prepare(&format!("SELECT * FROM source.\"{table}\""))?;
    let secret = select.column_index(column)?;
    let places = vec!["?"; select.column_count()].join(", ");
    let mut insert = db.prepare(&format!("INSERT INTO main.\"{table}\" VALUES ({places})"))?;
    let count = select.column_count();
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(count);
        for at in 0..count {
            let value = owned_value(row.get_ref(at)?);
            values.push(match value {
                Value::Text(json) if at == secret => Value::Text(without_logins(json)),
                value => value,
            });
        }
        insert.execute(rusqlite::params_from_iter(values))?;
    }
    Ok(())
}

/// Copies a value; damaged letters of a text are replaced by U+FFFD.
pub(super) fn owned_value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_owned()),
    }
}

/// Removes the fields with secrets from JSON, at any depth. What may hold some and is no JSON is
/// replaced, because nobody can say where they are.
fn without_logins(json: String) -> String {
    if !SECRET_FIELDS.iter().any(|field| json.contains(field)) {
        return json;
    }
    match serde_json::from_str(&json) {
        Ok(mut value) => {
            remove_secret_fields(&mut value);
            value.to_string()
        }
        Err(_) => "{}".to_owned(),
    }
}

fn remove_secret_fields(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            fields.retain(|name, _| !SECRET_FIELDS.contains(&name.as_str()));
            fields.values_mut().for_each(remove_secret_fields);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(remove_secret_fields),
        _ => {}
    }
}

/// Compresses a file, with a checksum, and waits until it is on the disk.
fn compress_file(source: &Path, target: &Path) -> io::Result<()> {
    let mut encoder = zstd::Encoder::new(create_private_file(target)?, COMPRESSION_LEVEL)?;
    encoder.include_checksum(true)?;
    io::copy(&mut File::open(source)?, &mut encoder)?;
    encoder.finish()?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::without_logins;

    #[test]
    fn without_logins_removes_secrets_at_any_depth() {
        let plain = r#"{"read":{"ids":[1],"read":true}}"#;
        assert_eq!(without_logins(plain.to_owned()), plain);
        let change =
            r#"{"many":[{"address":{"before":{"fetch":{"headers":["A: b"],"user":"u"}}}}]}"#;
        let expected = r#"{"many":[{"address":{"before":{"fetch":{"user":"u"}}}}]}"#;
        assert_eq!(without_logins(change.to_owned()), expected);
        assert_eq!(without_logins("headers: cut off".to_owned()), "{}");
    }
}
