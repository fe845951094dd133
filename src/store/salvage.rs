//! Salvage: a new library from what can be read of a damaged one, which then takes its place.
//!
//! The pages that cannot be read are handled in `table_salvage.rs`, what is missing is counted in
//! `salvage_losses.rs`, and `salvage_mend.rs` makes the rest a library again. Start with
//! [`salvage_library`].

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};

use super::{
    LibraryLocation, StoreError,
    backup::{make_unsafe_but_fast, sibling},
    database_file::log_path,
    migrations::migrate,
    preferences,
    private_files::make_private,
    restore::{count_kept_entries, create_tables, swap_in},
    salvage_losses::{FeedLoss, TableLoss, list_feed_losses, list_table_losses},
    salvage_mend::mend_library,
    schema::{APPLICATION_ID, latest_schema_version},
    table_salvage::{TableCopy, read_sequence, salvage_table},
};

/// The tables that are made anew from the others.
const DERIVED_TABLES: [&str; 8] = [
    "mailboxes",
    "segments",
    "settled_syncs",
    "states",
    "story_articles",
    "story_queue",
    "tag_pages",
    "text_changes",
];

/// The tables without which there is no library.
const ESSENTIAL_TABLES: [&str; 2] = ["entries", "feeds"];

/// The result of a salvage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalvageReport {
    /// Number of articles of the subscribed feeds in the new library.
    pub entry_count: u64,
    /// The tables of which rows are missing.
    pub tables: Vec<TableLoss>,
    /// The feeds of which articles are missing.
    pub feeds: Vec<FeedLoss>,
    /// The file with the damaged library.
    pub kept: Option<PathBuf>,
}

/// Builds a new library from what can be read of the one in `folder`, and puts it into its place. The
/// damaged file is kept beside it.
///
/// # Errors
///
/// Fails if the pages that list the tables are damaged, if another instance has the library open, or
/// if the disk cannot be read or written. The library is then as it was.
pub fn salvage_library(folder: &Path) -> Result<SalvageReport, StoreError> {
    let path = LibraryLocation::Folder(folder.to_owned()).database_path();
    check_closed(&path)?;
    let (copy, new) = (sibling(&path, "copy"), sibling(&path, "new"));
    let before = file_states(&path);
    let salvaged = copy_database(&path, &copy)
        .map_err(|reason| StoreError::Inaccessible { path: path.clone(), reason })
        .and_then(|()| {
            let version = read_version(&copy, &path)?;
            let report = build_library(&copy, &new, version);
            let Some(mut report) = report.map_err(StoreError::during("be repaired"))? else {
                return Err(StoreError::Unsalvageable { path: path.clone() });
            };
            if file_states(&path) != before {
                return Err(StoreError::OpenElsewhere { path: path.clone() });
            }
            report.kept = swap_in(&new, &path, "damaged")?;
            Ok(report)
        });
    for file in [copied_log(&copy, "wal"), copied_log(&copy, "shm"), copy, new] {
        let _ = fs::remove_file(file);
    }
    salvaged
}

/// Returns an error if another instance has the library open. Nothing is written.
fn check_closed(path: &Path) -> Result<(), StoreError> {
    let claim = || -> rusqlite::Result<()> {
        let db = open_damaged(path)?;
        db.busy_timeout(Duration::ZERO)?;
        db.pragma_update(None, "locking_mode", "exclusive")?;
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
    };
    match claim().map_err(|error| error.sqlite_error_code()) {
        Err(Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) => {
            Err(StoreError::OpenElsewhere { path: path.to_owned() })
        }
        _ => Ok(()),
    }
}

/// Opens a database without writing its log back when it is closed. It may be cut off, and its list of
/// tables may be damaged in part.
fn open_damaged(path: &Path) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    // SQLite reads such a database only for those who mend it.
    db.pragma_update(None, "writable_schema", true)?;
    Ok(db)
}

/// Returns the sizes and times of the database and its log, by which a change is noticed.
fn file_states(path: &Path) -> [Option<(u64, Option<SystemTime>)>; 2] {
    [path.to_owned(), log_path(path)].map(|file| {
        let metadata = file.metadata().ok()?;
        Some((metadata.len(), metadata.modified().ok()))
    })
}

/// Copies the database and its log: reading them would change them.
fn copy_database(path: &Path, copy: &Path) -> io::Result<()> {
    fs::copy(path, copy)?;
    make_private(copy);
    if log_path(path).exists() {
        fs::copy(log_path(path), copied_log(copy, "wal"))?;
    }
    Ok(())
}

/// Returns the path of a file that SQLite keeps beside the copy.
fn copied_log(copy: &Path, kind: &str) -> PathBuf {
    PathBuf::from(format!("{}-{kind}", copy.display()))
}

/// Reads the schema version of the copy of the damaged database at `path`.
fn read_version(copy: &Path, path: &Path) -> Result<i64, StoreError> {
    let read = || -> rusqlite::Result<(i32, i64)> {
        let db = open_damaged(copy)?;
        let application = db.pragma_query_value(None, "application_id", |row| row.get(0))?;
        Ok((application, db.pragma_query_value(None, "user_version", |row| row.get(0))?))
    };
    let known = latest_schema_version();
    match read() {
        Ok((APPLICATION_ID, found)) if found > known => {
            Err(StoreError::NewerFormat { path: path.to_owned(), found, known })
        }
        Ok((APPLICATION_ID, version @ 1..)) => Ok(version),
        _ => Err(StoreError::Unsalvageable { path: path.to_owned() }),
    }
}

/// Builds a library at `new` from the copy of a damaged one; `None` if nothing can be read of it.
fn build_library(copy: &Path, new: &Path, version: i64) -> rusqlite::Result<Option<SalvageReport>> {
    let _ = fs::remove_file(new);
    let mut db = Connection::open(new)?;
    make_private(new);
    make_unsafe_but_fast(&db)?;
    let triggers = create_tables(&db, version)?;
    let copies = copy_tables(&open_damaged(copy)?, &mut db)?;
    if ESSENTIAL_TABLES.iter().all(|table| is_lost(copies.get(*table))) {
        return Ok(None);
    }
    db.execute_batch(&triggers)?;
    db.pragma_update(None, "application_id", APPLICATION_ID)?;
    db.pragma_update(None, "user_version", version)?;
    migrate(&mut db)?;
    finish_library(db, &copies).map(Some)
}

/// Returns whether nothing was read of a table that cannot be read.
fn is_lost(copy: Option<&TableCopy>) -> bool {
    copy.is_none_or(|copy| copy.copied == 0 && copy.is_open_ended)
}

/// Copies what can be read of every table that is not derived, and the highest number of its rows, so
/// that new rows get none of those that are lost.
fn copy_tables(
    source: &Connection,
    db: &mut Connection,
) -> rusqlite::Result<BTreeMap<String, TableCopy>> {
    let transaction = db.transaction()?;
    let mut copies = BTreeMap::new();
    for table in list_tables(&transaction)? {
        if !DERIVED_TABLES.contains(&table.as_str()) {
            let copy = salvage_table(source, &transaction, &table)?;
            copies.insert(table.clone(), copy);
        }
        let Some(sequence) = read_sequence(source, &table) else { continue };
        let sql = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?1";
        let highest: i64 = transaction.query_row(sql, [&table], |row| row.get(0))?;
        transaction.execute("DELETE FROM sqlite_sequence WHERE name = ?1", [&table])?;
        let sql = "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)";
        transaction.execute(sql, (&table, sequence.max(highest)))?;
    }
    transaction.commit()?;
    Ok(copies)
}

fn list_tables(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM sqlite_schema
               WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";
    db.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

/// Counts what is missing, and makes the tables that were read a library.
fn finish_library(
    mut db: Connection,
    copies: &BTreeMap<String, TableCopy>,
) -> rusqlite::Result<SalvageReport> {
    let transaction = db.transaction()?;
    let feeds = list_feed_losses(&transaction)?;
    let tables = list_table_losses(&transaction, copies, &feeds)?;
    mend_library(&transaction)?;
    preferences::bump_generation(&transaction)?;
    let entry_count = count_kept_entries(&transaction)?;
    transaction.commit()?;
    db.close().map_err(|(_, error)| error)?;
    Ok(SalvageReport { entry_count, tables, feeds, kept: None })
}
