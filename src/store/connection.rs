//! Opening the library: a file shared with other instances, or memory when there is nothing to write to.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{StoreError, migrations};

/// Marks a SQLite file as ours ("news" in ASCII).
pub(super) const APPLICATION_ID: i32 = 0x6e65_7773;

/// How long a statement waits for another instance before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// Bytes of a page of a library that is made anew; an older one keeps its own.
const PAGE_SIZE_BYTES: i64 = 8 * 1024;

/// What the writer may keep in memory, in KiB: more than one batch changes, or pages are written twice.
const CACHE_SIZE_KIB: i64 = 16 * 1024;

/// Where a library is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LibraryLocation {
    /// In a folder, as `library.db`.
    Folder(PathBuf),
    /// In memory, gone with the process; the name keeps two of them apart.
    Memory(String),
}

impl LibraryLocation {
    /// The file, or what SQLite takes for one.
    pub fn database_path(&self) -> PathBuf {
        match self {
            LibraryLocation::Folder(folder) => folder.join("library.db"),
            LibraryLocation::Memory(name) => PathBuf::from(format!("file:/{name}?vfs=memdb")),
        }
    }

    /// The folder of its index; none is kept of a library in memory.
    pub fn index_folder(&self) -> Option<PathBuf> {
        match self {
            LibraryLocation::Folder(folder) => Some(folder.join("index")),
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

/// The writing end of a library; one per process.
#[derive(Debug)]
pub struct WriteConnection {
    pub(super) db: Connection,
}

/// The asking end of a library; as many as there are threads with questions.
#[derive(Debug)]
pub struct ReadConnection {
    pub(super) db: Connection,
    index_folder: Option<PathBuf>,
}

impl WriteConnection {
    /// Opens the library at `location`, making or migrating it as needed.
    pub fn open(location: &LibraryLocation) -> Result<WriteConnection, StoreError> {
        if let LibraryLocation::Folder(folder) = location {
            let made = fs::create_dir_all(folder);
            made.map_err(|reason| StoreError::CreateFolder { path: folder.clone(), reason })?;
        }
        let path = location.database_path();
        let mut db = open_database(location, OpenFlags::SQLITE_OPEN_CREATE)?;
        check_format(&db, &path)?;
        if matches!(location, LibraryLocation::Folder(_)) {
            configure_database(&db).map_err(|reason| open_error(&path, reason))?;
        }
        migrations::migrate(&mut db).map_err(|reason| open_error(&path, reason))?;
        Ok(WriteConnection { db })
    }

    /// A copy in memory, called `name`, of the library at `location`, of which nothing can be written: the disk is
    /// full, or not ours. What another instance has not yet moved out of its write-ahead log is not in it.
    pub fn open_memory_copy(
        location: &LibraryLocation,
        name: &str,
    ) -> Result<(WriteConnection, LibraryLocation), StoreError> {
        let path = location.database_path();
        let failed = |reason| open_error(&path, reason);
        let copy = LibraryLocation::Memory(name.to_owned());
        // Held open from here on: a database in memory lives as long as somebody looks at it.
        let mut db = open_database(&copy, OpenFlags::SQLITE_OPEN_CREATE)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let source = Connection::open_with_flags(immutable_uri(&path), flags).map_err(failed)?;
        check_format(&source, &path)?;
        source
            .execute("VACUUM INTO ?1", [copy.database_path().to_string_lossy()])
            .map_err(failed)?;
        migrations::migrate(&mut db).map_err(failed)?;
        Ok((WriteConnection { db }, copy))
    }
}

/// The address under which SQLite reads a file without locking it or writing beside it.
fn immutable_uri(path: &Path) -> String {
    let path = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{path}?immutable=1")
}

impl ReadConnection {
    /// The folder of the library's index, if it has one.
    pub fn index_folder(&self) -> Option<&Path> {
        self.index_folder.as_deref()
    }

    /// Opens the library at `location`, which a [`WriteConnection`] has made, for questions only.
    pub fn open(location: &LibraryLocation) -> Result<ReadConnection, StoreError> {
        let path = location.database_path();
        let db = open_database(location, OpenFlags::empty())?;
        check_format(&db, &path)?;
        db.pragma_update(None, "query_only", true).map_err(|reason| open_error(&path, reason))?;
        Ok(ReadConnection { db, index_folder: location.index_folder() })
    }

    /// Runs `work`, to which the library stays as it is now: what is written meanwhile it does not see.
    pub fn with_snapshot<T>(
        &self,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let transaction = self.db.unchecked_transaction();
        let transaction = transaction.map_err(StoreError::during("look at the library"))?;
        let done = work()?;
        transaction.commit().map_err(StoreError::during("look at the library"))?;
        Ok(done)
    }
}

fn open_database(location: &LibraryLocation, more: OpenFlags) -> Result<Connection, StoreError> {
    let path = location.database_path();
    let db = Connection::open_with_flags(&path, location.open_flags() | more)
        .map_err(|reason| open_error(&path, reason))?;
    db.busy_timeout(BUSY_TIMEOUT).map_err(|reason| open_error(&path, reason))?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(db)
}

/// A committed change survives the death of the program; the death of the machine may cost the last moments.
fn configure_database(db: &Connection) -> rusqlite::Result<()> {
    // Before anything is in it: bodies are long, and each page costs a call when it is written.
    db.pragma_update(None, "page_size", PAGE_SIZE_BYTES)?;
    db.pragma_update(None, "cache_size", -CACHE_SIZE_KIB)?;
    // What a statement would need to be taken back is not worth a file.
    db.pragma_update(None, "temp_store", "memory")?;
    db.pragma_update(None, "journal_mode", "wal")?;
    db.pragma_update(None, "synchronous", "normal")?;
    db.pragma_update(None, "foreign_keys", true)
}

/// Refuses what another program, or a later version of this one, wrote.
fn check_format(db: &Connection, path: &Path) -> Result<(), StoreError> {
    let read = |pragma: &str| db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let tables: rusqlite::Result<i64> =
        db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
    let (tables, id) = (tables.map_err(|reason| open_error(path, reason))?, read("application_id"));
    let id = id.map_err(|reason| open_error(path, reason))?;
    if tables > 0 && id != i64::from(APPLICATION_ID) {
        return Err(StoreError::NotALibrary { path: path.to_owned() });
    }
    let (found, known) = (
        migrations::read_schema_version(db).map_err(|reason| open_error(path, reason))?,
        migrations::latest_schema_version(),
    );
    if found > known {
        return Err(StoreError::NewerFormat { path: path.to_owned(), found, known });
    }
    Ok(())
}

fn open_error(path: &Path, reason: rusqlite::Error) -> StoreError {
    if reason.sqlite_error_code() == Some(ErrorCode::NotADatabase) {
        return StoreError::NotALibrary { path: path.to_owned() };
    }
    StoreError::Open { path: path.to_owned(), reason }
}
