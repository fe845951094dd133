//! Schema migrations: numbered SQL files. New ones are appended; existing ones are never edited.
//!
//! Start with [`migrate`].

use rusqlite::{Connection, TransactionBehavior};

use super::{connection::APPLICATION_ID, state_bitmaps};

/// The migrations in order; the schema version of a library is the number of migrations applied.
const MIGRATIONS: &[&str] = &[
    include_str!("../../assets/migrations/0001-first.sql"),
    include_str!("../../assets/migrations/0002-feeds.sql"),
    include_str!("../../assets/migrations/0003-originals.sql"),
    include_str!("../../assets/migrations/0004-index.sql"),
    include_str!("../../assets/migrations/0005-derived.sql"),
];

/// The first schema version that has the `states` table. Rust code fills its pages of bits, because
/// SQL alone cannot.
const STATE_BITMAPS_VERSION: usize = 4;

/// Returns the newest schema version that this program knows.
pub(super) fn latest_schema_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).expect("the number of migrations fits an i64")
}

/// Reads the schema version of the library: the number of migrations applied to it.
pub(super) fn read_schema_version(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Applies all pending migrations in one transaction.
///
/// Another instance may be migrating the same library, so the version is read again after the write
/// lock is taken.
pub(super) fn migrate(db: &mut Connection) -> rusqlite::Result<()> {
    if read_schema_version(db)? >= latest_schema_version() {
        return Ok(());
    }
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let applied = usize::try_from(read_schema_version(&transaction)?).unwrap_or(0);
    for sql in MIGRATIONS.iter().skip(applied) {
        transaction.execute_batch(sql)?;
    }
    if applied < STATE_BITMAPS_VERSION {
        state_bitmaps::rebuild_bitmaps(&transaction)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", latest_schema_version())?;
    transaction.commit()
}
