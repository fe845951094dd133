//! The SQLite databases of other readers, opened for reading only.

use std::{collections::HashSet, path::Path};

use rusqlite::{Connection, OpenFlags, Row, types::ValueRef};

use crate::model::{Failure, FailureKind};

/// A database of another reader.
pub(super) struct ForeignDatabase {
    db: Connection,
    path: String,
}

impl ForeignDatabase {
    /// Opens the database at `path`; nothing is written to it. `tables` are those that it must have, and
    /// they must be tables: a view could run any query.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, or is not a database with these tables.
    pub(super) fn open(path: &Path, tables: &[&str]) -> Result<ForeignDatabase, Failure> {
        let shown = path.display().to_string();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let open = || -> rusqlite::Result<Connection> {
            let db = Connection::open_with_flags(path, flags)?;
            // Functions and virtual tables that the schema names are not called.
            db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;")?;
            Ok(db)
        };
        let db = open().map_err(|error| to_failure(&shown, &error))?;
        let database = ForeignDatabase { db, path: shown };
        for table in tables {
            let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1";
            let count: i64 = database
                .db
                .query_row(sql, [table], |row| row.get(0))
                .map_err(|error| database.failure(&error))?;
            if count == 0 {
                let sentence = format!("{} has no table `{table}`", database.path);
                return Err(Failure::new(FailureKind::File, sentence));
            }
        }
        Ok(database)
    }

    /// Returns the connection.
    pub(super) fn connection(&self) -> &Connection {
        &self.db
    }

    /// Returns the names of the columns of a table.
    pub(super) fn columns(&self, table: &str) -> Result<HashSet<String>, Failure> {
        let read = || -> rusqlite::Result<HashSet<String>> {
            let mut statement = self.db.prepare("SELECT name FROM pragma_table_info(?1)")?;
            statement.query_map([table], |row| row.get(0))?.collect()
        };
        read().map_err(|error| self.failure(&error))
    }

    /// Returns the failure of a query.
    pub(super) fn failure(&self, error: &rusqlite::Error) -> Failure {
        to_failure(&self.path, error)
    }
}

fn to_failure(path: &str, error: &rusqlite::Error) -> Failure {
    let reason = match error {
        rusqlite::Error::SqliteFailure(code, message) => {
            message.clone().unwrap_or_else(|| code.to_string())
        }
        error => error.to_string(),
    };
    Failure::new(FailureKind::File, format!("Cannot read {path}: {reason}"))
}

/// Returns the text of a column, whatever its type is. Bytes that are no UTF-8 are replaced; null is an
/// empty text.
pub(super) fn text_of(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
    })
}

/// Returns the number of a column; 0 if it has none.
pub(super) fn number_of(row: &Row<'_>, column: usize) -> rusqlite::Result<i64> {
    Ok(match row.get_ref(column)? {
        ValueRef::Integer(number) => number,
        ValueRef::Text(bytes) => std::str::from_utf8(bytes)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or_default(),
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => 0,
    })
}
