//! Opens the library: a database file that several instances share, or a database in memory when
//! the disk cannot be written to.
//!
//! Start with [`WriteConnection::open`].

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags, config::DbConfig};

use super::{
    StoreError,
    compression::TextDecompressor,
    database_file::{check_database_file, create_database_file, log_path},
    error::is_access_error,
    migrations,
    private_files::{create_private_folder, make_private},
    rule_file::{RuleFileAccess, RuleFileSlot},
    schema::{APPLICATION_ID, latest_schema_version, read_schema_version},
};

/// Time that a statement waits for the lock of another instance before it fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// Page size of a new library, in bytes; an existing library keeps its own.
pub(super) const PAGE_SIZE_BYTES: i64 = 8 * 1024;

/// Page cache of the writer for pages that it may need again, in KiB.
const CACHE_SIZE_KIB: i64 = 4 * 1024;

/// Page cache of a reader that reads each entry once, in KiB: the pages by which it finds entries.
const SCAN_CACHE_KIB: i64 = 512;

/// Size of the page cache up to which changed pages stay in it until they are committed, in KiB. It has to
/// hold all pages that one batch changes; otherwise SQLite writes some of them twice.
const MAX_CHANGED_KIB: i64 = 16 * 1024;

/// The location of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LibraryLocation {
    /// The file `library.db` in this folder.
    Folder(PathBuf),
    /// The file `library.db` in this folder, which cannot be written: no change can be made.
    ReadOnly(PathBuf),
    /// A database in memory that ends with the process; the name distinguishes several of them.
    Memory(String),
}

impl LibraryLocation {
    /// Returns the path of the database file, or the URI by which SQLite opens a database in
    /// memory.
    pub fn database_path(&self) -> PathBuf {
        match self {
            LibraryLocation::Folder(folder) | LibraryLocation::ReadOnly(folder) => {
                folder.join("library.db")
            }
            LibraryLocation::Memory(name) => PathBuf::from(format!("file:/{name}?vfs=memdb")),
        }
    }

    /// Returns the folder of the search index; `None` for a library in memory, which has no index.
    pub fn index_folder(&self) -> Option<PathBuf> {
        match self {
            LibraryLocation::Folder(folder) | LibraryLocation::ReadOnly(folder) => {
                Some(folder.join("index"))
            }
            LibraryLocation::Memory(_) => None,
        }
    }

    /// Returns the folder of the daily backups; `None` for a library that has none, because it cannot
    /// be written or is not kept.
    pub fn backup_folder(&self) -> Option<PathBuf> {
        match self {
            LibraryLocation::Folder(folder) => Some(folder.join("backups")),
            LibraryLocation::ReadOnly(_) | LibraryLocation::Memory(_) => None,
        }
    }

    /// Returns the folder of downloads where the settings name none; `None` for a library in memory.
    pub fn download_folder(&self) -> Option<PathBuf> {
        match self {
            LibraryLocation::Folder(folder) | LibraryLocation::ReadOnly(folder) => {
                Some(folder.join("podcasts"))
            }
            LibraryLocation::Memory(_) => None,
        }
    }

    fn open_flags(&self) -> OpenFlags {
        let uri = if matches!(self, LibraryLocation::Memory(_)) {
            OpenFlags::SQLITE_OPEN_URI
        } else {
            OpenFlags::empty()
        };
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | uri
    }
}

/// A connection that writes to the library; one per process.
#[derive(Debug)]
pub struct WriteConnection {
    pub(super) db: Connection,
    /// The file of rules, which undo and redo change, too.
    pub(super) rule_file: RuleFileSlot,
}

/// A read-only connection to the library; one per thread that queries the library.
#[derive(Debug)]
pub struct ReadConnection {
    pub(super) db: Connection,
    index_folder: Option<PathBuf>,
    /// The decompressor of the last read, because making one takes longer than decompressing a text.
    pub(super) idle_decompressor: RefCell<Option<TextDecompressor>>,
}

impl WriteConnection {
    fn new(db: Connection) -> WriteConnection {
        WriteConnection { db, rule_file: RuleFileSlot::default() }
    }

    /// Opens the library at `location`; creates it if it does not exist, and migrates an older
    /// schema. On a connection to a [`LibraryLocation::ReadOnly`], every change fails.
    ///
    /// # Errors
    ///
    /// Fails if the folder cannot be created, the file is not a newsreader library or is damaged, or
    /// a newer version of the program wrote it.
    pub fn open(location: &LibraryLocation) -> Result<WriteConnection, StoreError> {
        match location {
            LibraryLocation::Folder(folder) => {
                create_private_folder(folder)
                    .map_err(|reason| StoreError::CreateFolder { path: folder.clone(), reason })?;
                let path = location.database_path();
                if !check_database_file(&path)? {
                    create_database_file(&path, |path| open_for_writing(path).map(drop))?;
                }
                Ok(WriteConnection::new(open_for_writing(&path)?))
            }
            LibraryLocation::ReadOnly(_) => {
                let path = location.database_path();
                check_database_file(&path)?;
                let db = open_read_only(&path)?;
                let version =
                    read_schema_version(&db).map_err(|reason| open_error(&path, reason))?;
                if version < latest_schema_version() {
                    return Err(StoreError::OlderFormat { path });
                }
                Ok(WriteConnection::new(db))
            }
            LibraryLocation::Memory(_) => {
                let path = location.database_path();
                let mut db = open_database(location, OpenFlags::SQLITE_OPEN_CREATE)?;
                check_format(&db, &path)?;
                migrations::migrate(&mut db).map_err(|reason| open_error(&path, reason))?;
                Ok(WriteConnection::new(db))
            }
        }
    }

    /// Sets the file of rules, without which no change of a rule can be made or undone.
    pub fn set_rule_file(&mut self, file: Arc<dyn RuleFileAccess>) {
        self.rule_file.set(file);
    }

    /// Returns the file of rules, if it was set.
    pub fn rule_file(&self) -> Option<Arc<dyn RuleFileAccess>> {
        self.rule_file.get()
    }

    /// Returns true if no change can be made on this connection.
    pub fn is_read_only(&self) -> bool {
        self.db.is_readonly(rusqlite::MAIN_DB).unwrap_or(false)
    }

    /// Runs `work` in one transaction, so that a kill at any moment leaves all of its changes or
    /// none. The writes of `work` are parts of it; transactions are not nested any further.
    ///
    /// # Errors
    ///
    /// Fails if `work` fails or its changes cannot be stored; none of them is stored then.
    pub fn in_transaction<T>(
        &mut self,
        work: impl FnOnce(&mut WriteConnection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // Immediate: waits for another instance now, which a read that becomes a write cannot.
        let begun = self.db.execute_batch("BEGIN IMMEDIATE");
        begun.map_err(StoreError::during("save the changes"))?;
        let result = work(self).and_then(|done| {
            let stored = self.db.execute_batch("COMMIT");
            stored.map(|()| done).map_err(StoreError::during("save the changes"))
        });
        if result.is_err() {
            // Fails only where SQLite has ended the transaction already, as on a full disk.
            let _ = self.db.execute_batch("ROLLBACK");
        }
        result
    }

    /// Copies the library at `location` into a database in memory called `name`, and opens the copy
    /// for writing.
    ///
    /// For a library of an older schema that cannot be written. The copy has no index: all its
    /// entries are searched as text.
    pub fn open_memory_copy(
        location: &LibraryLocation,
        name: &str,
    ) -> Result<(WriteConnection, LibraryLocation), StoreError> {
        let path = location.database_path();
        let to_open_error = |reason| open_error(&path, reason);
        let copy = LibraryLocation::Memory(name.to_owned());
        // Opened first and kept open: a database in memory lives only as long as a connection to
        // it.
        let mut db = open_database(&copy, OpenFlags::SQLITE_OPEN_CREATE)?;
        let source = open_read_only(&path)?;
        source
            .execute("VACUUM INTO ?1", [copy.database_path().to_string_lossy()])
            .map_err(to_open_error)?;
        migrations::migrate(&mut db).map_err(to_open_error)?;
        let mut writer = WriteConnection::new(db);
        writer.queue_full_reindex()?;
        Ok((writer, copy))
    }
}

/// Opens or creates the database at `path`, and migrates it.
fn open_for_writing(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut db = connect(path, flags)?;
    make_private(path);
    // SQLite opens a file without write permission for reading.
    if db.is_readonly(rusqlite::MAIN_DB).unwrap_or(false) {
        return Err(StoreError::ReadOnly { path: path.to_owned() });
    }
    check_format(&db, path)?;
    configure_database(&db).map_err(|reason| open_error(path, reason))?;
    migrations::migrate(&mut db).map_err(|reason| open_error(path, reason))?;
    Ok(db)
}

/// Opens the database at `path` where nothing can be written.
///
/// SQLite reads the write-ahead log only if the files beside the database exist or can be created.
/// Without a log, the database is complete by itself and is read as immutable.
fn open_read_only(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let opened = connect(path, flags).and_then(|db| check_format(&db, path).map(|()| db));
    match opened {
        Err(StoreError::Open { reason, .. }) if is_access_error(&reason) => {}
        opened => return opened,
    }
    if log_path(path).metadata().is_ok_and(|metadata| metadata.len() > 0) {
        return Err(StoreError::UnreadableLog { path: path.to_owned() });
    }
    let db = connect(&immutable_uri(path), flags | OpenFlags::SQLITE_OPEN_URI)?;
    check_format(&db, path)?;
    Ok(db)
}

/// Returns the URI with which SQLite reads a file without a lock and without writing files next to
/// it.
pub(super) fn immutable_uri(path: &Path) -> PathBuf {
    format!("file:{}?immutable=1", escape_uri_path(path)).into()
}

/// Returns the URI with which SQLite reads a library that is in use, and cannot change it.
pub(super) fn read_only_uri(location: &LibraryLocation) -> PathBuf {
    let path = location.database_path();
    match location {
        LibraryLocation::Memory(_) => path,
        _ => format!("file:{}?mode=ro", escape_uri_path(&path)).into(),
    }
}

fn escape_uri_path(path: &Path) -> String {
    path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

impl ReadConnection {
    /// Returns the folder of the search index; `None` for a library in memory.
    pub fn index_folder(&self) -> Option<&Path> {
        self.index_folder.as_deref()
    }

    /// Opens the library at `location` for reading; a [`WriteConnection`] must have created it.
    pub fn open(location: &LibraryLocation) -> Result<ReadConnection, StoreError> {
        let path = location.database_path();
        let db = match location {
            LibraryLocation::ReadOnly(_) => open_read_only(&path)?,
            _ => open_database(location, OpenFlags::empty())?,
        };
        check_format(&db, &path)?;
        db.pragma_update(None, "query_only", true).map_err(|reason| open_error(&path, reason))?;
        let index_folder = location.index_folder();
        Ok(ReadConnection { db, index_folder, idle_decompressor: RefCell::default() })
    }

    /// Opens the library at `location` for reading entries once each, with a small page cache.
    pub fn open_for_scan(location: &LibraryLocation) -> Result<ReadConnection, StoreError> {
        let reader = ReadConnection::open(location)?;
        let limited = reader.db.pragma_update(None, "cache_size", -SCAN_CACHE_KIB);
        limited.map_err(|reason| open_error(&location.database_path(), reason))?;
        Ok(reader)
    }

    /// Runs `work` in one read transaction: all its queries see the library as it is now, without
    /// writes that happen meanwhile.
    pub fn with_snapshot<T>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let begun = self.db.unchecked_transaction();
        let transaction = begun.map_err(StoreError::during("be read"))?;
        let result = work()?;
        transaction.commit().map_err(StoreError::during("be read"))?;
        Ok(result)
    }
}

fn open_database(
    location: &LibraryLocation,
    extra_flags: OpenFlags,
) -> Result<Connection, StoreError> {
    connect(&location.database_path(), location.open_flags() | extra_flags)
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(|reason| open_error(path, reason))?;
    db.busy_timeout(BUSY_TIMEOUT).map_err(|reason| open_error(path, reason))?;
    db.set_prepared_statement_cache_capacity(64);
    // Plans do not depend on the values of parameters. Otherwise SQLite compiles a cached statement with a `LIMIT ?1`
    // anew whenever it is used.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(|reason| open_error(path, reason))?;
    Ok(db)
}

/// Sets page size, cache, write-ahead log and sync mode of a writable database.
///
/// A committed change survives a crash of the program; a power failure may lose the changes of the
/// last moments (`synchronous = normal`).
fn configure_database(db: &Connection) -> rusqlite::Result<()> {
    // Takes effect only in an empty database. Bodies are long, and every page costs one write call,
    // so the pages are larger than SQLite's default of 4 KiB.
    db.pragma_update(None, "page_size", PAGE_SIZE_BYTES)?;
    db.pragma_update(None, "cache_size", -CACHE_SIZE_KIB)?;
    db.pragma_update(None, "cache_spill", -MAX_CHANGED_KIB)?;
    // Statement journals and other temporary data are small: memory is cheaper than a file.
    db.pragma_update(None, "temp_store", "memory")?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "normal")?;
    db.pragma_update(None, "foreign_keys", true)
}

/// Returns an error if another program or a newer version of this one wrote the database.
fn check_format(db: &Connection, path: &Path) -> Result<(), StoreError> {
    let to_open_error = |reason| open_error(path, reason);
    let table_count: i64 = db
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(to_open_error)?;
    let application_id: i64 =
        db.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(to_open_error)?;
    // A database without tables is new: its application id is still 0.
    if table_count > 0 && application_id != i64::from(APPLICATION_ID) {
        return Err(StoreError::NotALibrary { path: path.to_owned() });
    }
    let found = read_schema_version(db).map_err(to_open_error)?;
    let known = latest_schema_version();
    if found > known {
        return Err(StoreError::NewerFormat { path: path.to_owned(), found, known });
    }
    Ok(())
}

fn open_error(path: &Path, reason: rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    match reason.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => StoreError::NotALibrary { path },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { path },
        _ => StoreError::Open { path, reason },
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::model::{FeedKind, Subscription};

    #[test]
    fn cached_statement_with_a_limit_is_compiled_once() {
        let location = LibraryLocation::Memory("compiled-once".to_owned());
        let store = WriteConnection::open(&location).unwrap();
        for limit in 1..4 {
            let sql = "SELECT name FROM sqlite_schema ORDER BY rowid LIMIT ?1";
            let mut statement = store.db.prepare_cached(sql).unwrap();
            assert_eq!(statement.query_map([limit], |_| Ok(())).unwrap().count(), limit);
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
        }
    }

    #[test]
    fn in_transaction_stores_all_changes_or_none() {
        let location = LibraryLocation::Memory("in-transaction".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let subscribe = |store: &mut WriteConnection, url: &str| {
            store.subscribe(FeedKind::Web, url, "A feed", &Subscription::default())
        };
        let failed: Result<(), StoreError> = store.in_transaction(|store| {
            subscribe(store, "https://one.example/")?;
            subscribe(store, "https://two.example/")?;
            Err(StoreError::Unsaved { reason: "the disk is full" })
        });
        assert!(matches!(failed, Err(StoreError::Unsaved { .. })));
        assert_eq!(reader.list_feeds().unwrap(), []);
        let stored = store.in_transaction(|store| {
            subscribe(store, "https://one.example/")?;
            subscribe(store, "https://two.example/")
        });
        assert!(stored.unwrap().is_new);
        assert_eq!(reader.list_feeds().unwrap().len(), 2);
    }
}
