//! The schema of an archive: its migrations and its version.

use postgres::{Client, Transaction, error::SqlState};

use super::connection::failed;
use crate::archive::{ArchiveAddress, ArchiveError};

/// The migrations in order; the version of an archive is the number of migrations applied. New ones are appended;
/// existing ones are never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../assets/archive/0001-first.sql"),
    include_str!("../../../assets/archive/0002-private-feeds.sql"),
];

/// The rights of readers.
const GRANTS: &str = include_str!("../../../assets/archive/grants.sql");

/// Returns the version that this program knows.
fn known_version() -> i32 {
    i32::try_from(MIGRATIONS.len()).expect("the number of migrations is small")
}

/// Reads the version of an archive; `None` if the database has none.
fn read_version(client: &mut impl postgres::GenericClient) -> Result<Option<i32>, postgres::Error> {
    let exists = "SELECT to_regclass('newsreader.schema_version') IS NOT NULL";
    let exists: bool = match client.query_one(exists, &[]) {
        Ok(row) => row.get(0),
        // Who may not even look is no user of it.
        Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => true,
        Err(error) => return Err(error),
    };
    if !exists {
        return Ok(None);
    }
    let row = client.query_opt("SELECT version FROM newsreader.schema_version", &[])?;
    Ok(row.map(|row| row.get(0)))
}

/// Checks that a database has an archive of the version that this program knows.
pub(super) fn check_version(
    client: &mut Client,
    address: &ArchiveAddress,
) -> Result<i32, ArchiveError> {
    let found = read_version(client).map_err(|error| {
        if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) {
            return ArchiveError::Refused {
                host: address.server(),
                user: address.user.clone(),
                reason: format!(
                    "it is no user of the archive; its owner admits it with `newsreader archive grant {}`",
                    address.user
                ),
            };
        }
        failed("read its version")(error)
    })?;
    let known = known_version();
    match found {
        None => Err(ArchiveError::Missing(address.database.clone())),
        Some(found) if found > known => Err(ArchiveError::ReaderTooOld { found, known }),
        Some(found) if found < known => Err(ArchiveError::ArchiveTooOld { found, known }),
        Some(found) => Ok(found),
    }
}

/// Makes the archive, or brings it up to date, and sets the rights of readers. Either all of it is done or nothing.
pub(super) fn migrate(client: &mut Client) -> Result<(), ArchiveError> {
    let mut run = || -> Result<Option<i32>, postgres::Error> {
        let mut transaction = client.transaction()?;
        // Two owners may begin at the same time.
        transaction.execute("SELECT pg_advisory_xact_lock(7236723, 0)", &[])?;
        let applied = read_version(&mut transaction)?.unwrap_or(0);
        if applied > known_version() {
            return Ok(Some(applied));
        }
        for sql in MIGRATIONS.iter().skip(usize::try_from(applied).unwrap_or(0)) {
            transaction.batch_execute(sql)?;
        }
        transaction.execute("DELETE FROM newsreader.schema_version", &[])?;
        let sql = "INSERT INTO newsreader.schema_version (version) VALUES ($1)";
        transaction.execute(sql, &[&known_version()])?;
        set_rights(&mut transaction)?;
        transaction.commit()?;
        Ok(None)
    };
    match run().map_err(failed("make its tables"))? {
        Some(found) => Err(ArchiveError::ReaderTooOld { found, known: known_version() }),
        None => Ok(()),
    }
}

fn set_rights(transaction: &mut Transaction<'_>) -> Result<(), postgres::Error> {
    let group = quoted_group(transaction)?;
    let sql = "SELECT 1 FROM pg_catalog.pg_roles WHERE quote_ident(rolname) = $1";
    if transaction.query_opt(sql, &[&group])?.is_none() {
        transaction.batch_execute(&format!("CREATE ROLE {group} NOLOGIN"))?;
    }
    transaction.batch_execute(&GRANTS.replace("READERS", &group))
}

/// Returns the name of the role whose members are the users, quoted. Roles belong to all databases of a server, so that
/// the name has that of the database.
pub(super) fn quoted_group(
    client: &mut impl postgres::GenericClient,
) -> Result<String, postgres::Error> {
    let sql = "SELECT quote_ident(left(current_database(), 40) || '_readers')";
    client.query_one(sql, &[]).map(|row| row.get(0))
}
