//! Schema steps: numbered, appended, never edited.

use rusqlite::{Connection, TransactionBehavior};

use super::{opening::APPLICATION_ID, states};

const STEPS: &[&str] = &[
    include_str!("../../assets/migrations/0001-first.sql"),
    include_str!("../../assets/migrations/0002-feeds.sql"),
    include_str!("../../assets/migrations/0003-originals.sql"),
    include_str!("../../assets/migrations/0004-index.sql"),
    include_str!("../../assets/migrations/0005-derived.sql"),
];

/// The first format that has pages of states; SQL alone cannot make them.
const WITH_STATES: usize = 4;

/// The newest format this program knows.
pub(super) fn known() -> i64 {
    i64::try_from(STEPS.len()).expect("fewer steps than an i64 counts")
}

/// The format of the library behind `db`: the number of steps it has taken.
pub(super) fn format(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the steps that `db` has not taken, all or none.
///
/// Another instance may be at it too: the lock is taken before the format is read again.
pub(super) fn migrate(db: &mut Connection) -> rusqlite::Result<()> {
    let format_before = format(db)?;
    if format_before >= known() {
        return Ok(());
    }
    let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let taken = usize::try_from(format(&step)?).unwrap_or(0);
    for sql in STEPS.iter().skip(taken) {
        step.execute_batch(sql)?;
    }
    if taken < WITH_STATES {
        states::rebuild(&step)?;
    }
    step.pragma_update(None, "application_id", APPLICATION_ID)?;
    step.pragma_update(None, "user_version", known())?;
    step.commit()
}
