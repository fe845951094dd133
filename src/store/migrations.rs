//! Migrates a library to the newest schema. Start with [`migrate`].

use rusqlite::{Connection, TransactionBehavior};

use super::{
    copies::{fill_copy_keys, rebuild_copies},
    feed_credentials::move_url_credentials,
    schema::{APPLICATION_ID, MIGRATIONS, latest_schema_version, read_schema_version},
    state_pages::rebuild_bitmaps,
};

/// The first schema version that has the `states` table. Rust code fills its pages of bits, because
/// SQL alone cannot.
const STATE_BITMAPS_VERSION: usize = 4;

/// The first schema version whose URLs of feeds have no passwords. Rust code moves them.
const FEED_CREDENTIALS_VERSION: usize = 9;

/// The first schema version that knows copies. Rust code makes the keys by which they are found.
const COPIES_VERSION: usize = 19;

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
        rebuild_bitmaps(&transaction)?;
    }
    if applied < FEED_CREDENTIALS_VERSION {
        move_url_credentials(&transaction)?;
    }
    if applied < COPIES_VERSION {
        fill_copy_keys(&transaction)?;
        rebuild_copies(&transaction)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", latest_schema_version())?;
    transaction.commit()
}
