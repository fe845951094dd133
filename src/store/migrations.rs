//! Schema steps: numbered, appended, never edited.

use rusqlite::{Connection, TransactionBehavior};

use super::{connection::APPLICATION_ID, state_bitmaps};

const MIGRATIONS: &[&str] = &[
    include_str!("../../assets/migrations/0001-first.sql"),
    include_str!("../../assets/migrations/0002-feeds.sql"),
    include_str!("../../assets/migrations/0003-originals.sql"),
    include_str!("../../assets/migrations/0004-index.sql"),
    include_str!("../../assets/migrations/0005-derived.sql"),
];

/// The first format that has pages of states; SQL alone cannot make them.
const STATE_BITMAPS_VERSION: usize = 4;

/// The newest format this program knows.
pub(super) fn latest_schema_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).expect("fewer steps than an i64 counts")
}

/// The format of the library behind `db`: the number of steps it has taken.
pub(super) fn read_schema_version(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the steps that `db` has not taken, all or none.
///
/// Another instance may be at it too: the lock is taken before the format is read again.
pub(super) fn migrate(db: &mut Connection) -> rusqlite::Result<()> {
    let format_before = read_schema_version(db)?;
    if format_before >= latest_schema_version() {
        return Ok(());
    }
    let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let taken = usize::try_from(read_schema_version(&step)?).unwrap_or(0);
    for sql in MIGRATIONS.iter().skip(taken) {
        step.execute_batch(sql)?;
    }
    if taken < STATE_BITMAPS_VERSION {
        state_bitmaps::rebuild_bitmaps(&step)?;
    }
    step.pragma_update(None, "application_id", APPLICATION_ID)?;
    step.pragma_update(None, "user_version", latest_schema_version())?;
    step.commit()
}
