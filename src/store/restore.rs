//! Restoring a library from a backup: a new library beside the present one, which then takes its
//! place.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

use super::{
    LibraryLocation, ReadConnection, StoreError,
    backup::{
        RULES_FILE_NAME, USER_FILES_TABLE, attach_source, create_private_file, list_source_tables,
        make_unsafe_but_fast, sibling,
    },
    connection::immutable_uri,
    database_file::log_path,
    migrations::migrate,
    preferences,
    private_files::{create_private_folder, make_private},
    readable_rows::lossy_text,
    schema::{APPLICATION_ID, MIGRATIONS, latest_schema_version},
};
use crate::model::EntryId;

/// Maximum size of an unpacked backup, in bytes; a file that claims more is none.
const MAX_UNPACKED_BYTES: u64 = 64 << 30;

/// The first schema version of which there are backups.
const FIRST_BACKUP_VERSION: i64 = 12;

/// Has every text read or fetched again: folders are read as if their files were new, and feeds are
/// requested without validators, at once. Until then the articles have no text, and say so.
const AWAIT_TEXTS_SQL: &str = "
    UPDATE entries SET digest = 0, size = 0, modified = 0, has_full_text = 0;
    INSERT INTO bodies (entry, format, text)
        SELECT id, 'absent', '' FROM entries WHERE dropped = 0 AND id NOT IN (SELECT entry FROM bodies);
    DELETE FROM text_changes;
    INSERT INTO text_changes (entry) SELECT id FROM entries WHERE dropped = 0 ORDER BY published, id;
    DELETE FROM story_queue;
    UPDATE feeds SET etag = NULL, last_modified = NULL, digest = NULL, next = NULL;";

/// The choice of what becomes of marks that waited for servers when a backup was made. They may be older
/// than what was done since on other machines, and would count more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitingMarks {
    /// If there are any, nothing is restored.
    Refuse,
    /// They are sent at the next sync.
    Send,
    /// They are dropped, so that the marks of the servers count.
    Drop,
}

/// A library that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredLibrary {
    /// The file with the library that was there before; `None` if there was none.
    pub kept: Option<PathBuf>,
    /// Number of articles of the subscribed feeds in the backup.
    pub entry_count: u64,
    /// Number of marks of the backup that waited for servers.
    pub waiting_marks: usize,
    /// The text of the file of rules; empty if the backup has none.
    pub rules: String,
}

/// Puts the library in `backup` into the place of the one in `folder`, which is kept beside it.
///
/// # Errors
///
/// Fails if the file is not a whole backup, if marks wait in it and `waiting` refuses them, if another
/// instance has the library open, or if the disk cannot be written. The present library is then as it
/// was.
pub fn restore_backup(
    folder: &Path,
    backup: &Path,
    waiting: WaitingMarks,
) -> Result<RestoredLibrary, StoreError> {
    create_private_folder(folder)
        .map_err(|reason| StoreError::CreateFolder { path: folder.to_owned(), reason })?;
    let path = LibraryLocation::Folder(folder.to_owned()).database_path();
    let (unpacked, new) = (sibling(&path, "unpacked"), sibling(&path, "new"));
    let restored = unpack_backup(backup, &unpacked).and_then(|()| {
        let version = check_backup(&unpacked, backup)?;
        let entry_count =
            build_library(&unpacked, &new, version).map_err(StoreError::during("be restored"))?;
        let waiting_marks = settle_waiting_marks(&new, waiting)?;
        let rules = read_rules(&unpacked).map_err(StoreError::during("be restored"))?;
        let kept = swap_in(&new, &path, "before-restore")?;
        Ok(RestoredLibrary { kept, entry_count, waiting_marks, rules })
    });
    for file in [unpacked, new] {
        let _ = fs::remove_file(file);
    }
    restored
}

/// Does with the waiting marks of the new library what was chosen; returns their number.
fn settle_waiting_marks(new: &Path, waiting: WaitingMarks) -> Result<usize, StoreError> {
    let settle = || -> rusqlite::Result<usize> {
        let db = Connection::open(new)?;
        let count = db.query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))?;
        if waiting == WaitingMarks::Drop {
            db.execute("DELETE FROM outbox", [])?;
        }
        db.close().map_err(|(_, error)| error)?;
        Ok(count)
    };
    match settle().map_err(StoreError::during("be restored"))? {
        count if count > 0 && waiting == WaitingMarks::Refuse => {
            Err(StoreError::MarksWait { count })
        }
        count => Ok(count),
    }
}

fn not_a_backup(path: &Path, reason: &'static str) -> StoreError {
    StoreError::NotABackup { path: path.to_owned(), reason }
}

/// Decompresses the file of a backup, whose checksum is verified.
fn unpack_backup(backup: &Path, unpacked: &Path) -> Result<(), StoreError> {
    let source = File::open(backup)
        .map_err(|reason| StoreError::ReadBackup { path: backup.to_owned(), reason })?;
    let mut target = create_private_file(unpacked)
        .map_err(|reason| StoreError::WriteBackup { path: unpacked.to_owned(), reason })?;
    let decoder = zstd::Decoder::new(source);
    let mut decoder = decoder.map_err(|_| not_a_backup(backup, "it cannot be unpacked"))?;
    let mut buffer = vec![0; 1 << 16];
    let mut total = 0;
    loop {
        let count = decoder
            .read(&mut buffer)
            .map_err(|_| not_a_backup(backup, "it is damaged or cut off"))?;
        if count == 0 {
            return Ok(());
        }
        total += count as u64;
        if total > MAX_UNPACKED_BYTES {
            return Err(not_a_backup(backup, "it is too large"));
        }
        target
            .write_all(&buffer[..count])
            .map_err(|reason| StoreError::WriteBackup { path: unpacked.to_owned(), reason })?;
    }
}

/// Checks the database of a backup; returns its schema version.
fn check_backup(unpacked: &Path, backup: &Path) -> Result<i64, StoreError> {
    let read = || -> rusqlite::Result<(i32, i64, String)> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let db = Connection::open_with_flags(immutable_uri(unpacked), flags)?;
        let application = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let version = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Ok((application, version, db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?))
    };
    let known = latest_schema_version();
    match read() {
        Ok((APPLICATION_ID, found, _)) if found > known => {
            Err(StoreError::NewerFormat { path: backup.to_owned(), found, known })
        }
        Ok((APPLICATION_ID, version @ FIRST_BACKUP_VERSION.., check)) if check == "ok" => {
            Ok(version)
        }
        Ok((APPLICATION_ID, ..)) => Err(not_a_backup(backup, "its database is damaged")),
        _ => Err(not_a_backup(backup, "it holds something else")),
    }
}

/// Builds a library at `new` from the tables of a backup; returns its number of articles.
fn build_library(unpacked: &Path, new: &Path, version: i64) -> rusqlite::Result<u64> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_URI;
    let _ = fs::remove_file(new);
    let mut db = Connection::open_with_flags(new, flags)?;
    make_private(new);
    make_unsafe_but_fast(&db)?;
    attach_source(&db, &immutable_uri(unpacked))?;
    let transaction = db.transaction()?;
    let triggers = create_tables(&transaction, version)?;
    for (table, _) in list_source_tables(&transaction)? {
        copy_shared_columns(&transaction, &table)?;
    }
    transaction.execute_batch(&triggers)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()?;
    db.execute_batch("DETACH source")?;
    migrate(&mut db)?;
    db.execute_batch(AWAIT_TEXTS_SQL)?;
    preferences::bump_generation(&db)?;
    let entry_count = count_kept_entries(&db)?;
    db.close().map_err(|(_, error)| error)?;
    Ok(entry_count)
}

/// Counts the articles that the user has: those of subscribed feeds that were not dropped, also hidden
/// ones and those in the trash.
pub(super) fn count_kept_entries(db: &Connection) -> rusqlite::Result<u64> {
    let sql = "SELECT count(*) FROM entries
               WHERE dropped = 0 AND feed IN (SELECT id FROM feeds WHERE NOT gone)";
    db.query_row(sql, [], |row| row.get(0))
}

/// Reads the text of the file of rules, which backups of earlier versions do not have.
fn read_rules(unpacked: &Path) -> rusqlite::Result<String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(immutable_uri(unpacked), flags)?;
    if !db.table_exists(None, USER_FILES_TABLE)? {
        return Ok(String::new());
    }
    let sql = format!("SELECT text FROM {USER_FILES_TABLE} WHERE name = ?1");
    let text = db.query_row(&sql, [RULES_FILE_NAME], |row| lossy_text(row, 0)).optional()?;
    Ok(text.unwrap_or_default())
}

/// Creates the tables of a schema version without its triggers, which would count what is copied a
/// second time; returns the statements that create those.
pub(super) fn create_tables(db: &Connection, version: i64) -> rusqlite::Result<String> {
    let count = usize::try_from(version).unwrap_or(0);
    for sql in MIGRATIONS.iter().take(count) {
        db.execute_batch(sql)?;
    }
    let sql = "SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'";
    let triggers: Vec<(String, String)> = db
        .prepare(sql)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut create = String::new();
    for (name, sql) in triggers {
        db.execute_batch(&format!("DROP TRIGGER main.\"{name}\""))?;
        create.push_str(&sql);
        create.push_str(";\n");
    }
    Ok(create)
}

/// Copies the rows of a table that both databases have. Rows that migrations have put there give way.
fn copy_shared_columns(db: &Connection, table: &str) -> rusqlite::Result<()> {
    let sql = "SELECT '\"' || name || '\"' FROM pragma_table_info(?1, 'main')
               WHERE name IN (SELECT name FROM pragma_table_info(?1, 'source'))";
    let columns: Vec<String> = db
        .prepare_cached(sql)?
        .query_map([table], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if columns.is_empty() {
        return Ok(());
    }
    let (columns, table) = (columns.join(", "), table.replace('"', "\"\""));
    db.execute_batch(&format!(
        "DELETE FROM main.\"{table}\";
         INSERT INTO main.\"{table}\" ({columns}) SELECT {columns} FROM source.\"{table}\""
    ))
}

/// Puts the library `new` into the place of the one at `path`, which is kept beside it under a name
/// that ends with `suffix`. Returns the path of the kept one.
pub(super) fn swap_in(
    new: &Path,
    path: &Path,
    suffix: &str,
) -> Result<Option<PathBuf>, StoreError> {
    let to_open_error = |reason| StoreError::Inaccessible { path: path.to_owned(), reason };
    File::open(new).and_then(|file| file.sync_all()).map_err(to_open_error)?;
    if path.symlink_metadata().is_err() {
        fs::rename(new, path).map_err(to_open_error)?;
        return Ok(None);
    }
    // Keeps other instances out until the new library is in place.
    let _claim = claim_library(path)?;
    let kept = free_name(path, suffix);
    let swap = || -> io::Result<()> {
        // A log that could not be written back belongs to the library that is kept: SQLite would take
        // it for that of the new one.
        if log_path(path).exists() {
            fs::rename(log_path(path), PathBuf::from(format!("{}-wal", kept.display())))?;
        }
        // A second name first, so that a kill at any moment leaves a library.
        if fs::hard_link(path, &kept).is_err() {
            fs::rename(path, &kept)?;
        }
        fs::rename(new, path)
    };
    swap().map_err(to_open_error)?;
    let _ = fs::remove_file(path.with_extension("db-shm"));
    Ok(Some(kept))
}

/// Locks the library at `path`, and writes its log back; `None` for a library that is damaged too much
/// for that.
///
/// # Errors
///
/// Fails if another instance has the library open.
fn claim_library(path: &Path) -> Result<Option<Connection>, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let claim = || -> rusqlite::Result<(Connection, String)> {
        let db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(Duration::ZERO)?;
        // SQLite leaves the write-ahead log only where no other connection is open.
        let mode = "PRAGMA journal_mode = delete";
        let mode: String = db.query_row(mode, [], |row| row.get(0))?;
        db.execute_batch("BEGIN EXCLUSIVE")?;
        Ok((db, mode))
    };
    match claim() {
        Ok((db, mode)) if mode == "delete" => Ok(Some(db)),
        Ok(_) => Err(StoreError::OpenElsewhere { path: path.to_owned() }),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Err(StoreError::OpenElsewhere { path: path.to_owned() })
            }
            _ => Ok(None),
        },
    }
}

/// Returns the first free name for a library that is kept: `library.db.before-restore`, then with a
/// number.
fn free_name(path: &Path, suffix: &str) -> PathBuf {
    let named = |end: &str| path.with_extension(format!("db.{suffix}{end}"));
    let numbered = (2_u32..).map(|number| named(&format!("-{number}")));
    let is_free = |path: &PathBuf| path.symlink_metadata().is_err();
    std::iter::once(named("")).chain(numbered).find(is_free).unwrap_or_else(|| named("-old"))
}

impl ReadConnection {
    /// Counts the articles of subscribed feeds that have no text, because the library was restored from
    /// a backup, or repaired, and their sources have not brought it again.
    pub fn count_absent_texts(&self) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM bodies JOIN entries ON entries.id = bodies.entry
                   WHERE bodies.format = 'absent'
                   AND entries.feed NOT IN (SELECT id FROM feeds WHERE gone)
                   AND NOT EXISTS (SELECT 1 FROM originals WHERE originals.entry = entries.id AND shown)";
        let count =
            self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([], |row| row.get(0)));
        count.map_err(StoreError::during("count the articles without a text"))
    }

    /// Returns whether the text of an article is not in the library.
    pub fn is_text_absent(&self, entry: EntryId) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM bodies WHERE entry = ?1 AND format = 'absent')";
        let is_absent = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row([entry.0], |row| row.get(0)));
        is_absent.map_err(StoreError::during("read the article"))
    }
}
