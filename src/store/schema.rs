//! The schema of a library: its migrations, its version, and the id that marks the file.
//!
//! Migrations are numbered SQL files. New ones are appended; existing ones are never edited.

use rusqlite::Connection;

/// The `application_id` that marks an SQLite file as a newsreader library ("news" in ASCII).
pub(super) const APPLICATION_ID: i32 = 0x6e65_7773;

/// The migrations in order; the schema version of a library is the number of migrations applied.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../assets/migrations/0001-first.sql"),
    include_str!("../../assets/migrations/0002-feeds.sql"),
    include_str!("../../assets/migrations/0003-originals.sql"),
    include_str!("../../assets/migrations/0004-index.sql"),
    include_str!("../../assets/migrations/0005-derived.sql"),
    include_str!("../../assets/migrations/0006-segment-ids.sql"),
    include_str!("../../assets/migrations/0007-slim-indexes.sql"),
    include_str!("../../assets/migrations/0008-networks.sql"),
    include_str!("../../assets/migrations/0009-passwords.sql"),
    include_str!("../../assets/migrations/0010-full-text-marks.sql"),
    include_str!("../../assets/migrations/0011-counts.sql"),
    include_str!("../../assets/migrations/0012-views.sql"),
    include_str!("../../assets/migrations/0013-tags.sql"),
    include_str!("../../assets/migrations/0014-journal-actors.sql"),
    include_str!("../../assets/migrations/0015-absent-texts.sql"),
    include_str!("../../assets/migrations/0016-later-view.sql"),
    include_str!("../../assets/migrations/0017-trash.sql"),
    include_str!("../../assets/migrations/0018-rule-acts.sql"),
    include_str!("../../assets/migrations/0019-copies.sql"),
    include_str!("../../assets/migrations/0020-accounts.sql"),
    include_str!("../../assets/migrations/0021-sync-failures.sql"),
    include_str!("../../assets/migrations/0022-rule-outcomes.sql"),
    include_str!("../../assets/migrations/0023-feed-outbox.sql"),
    include_str!("../../assets/migrations/0024-restored.sql"),
    include_str!("../../assets/migrations/0025-tried-marks.sql"),
    include_str!("../../assets/migrations/0026-queue.sql"),
    include_str!("../../assets/migrations/0027-downloads.sql"),
    include_str!("../../assets/migrations/0028-mailboxes.sql"),
    include_str!("../../assets/migrations/0029-unseen-edits.sql"),
    include_str!("../../assets/migrations/0030-queue-order.sql"),
    include_str!("../../assets/migrations/0031-stories.sql"),
    include_str!("../../assets/migrations/0032-story-terms.sql"),
    include_str!("../../assets/migrations/0033-text-copies.sql"),
    include_str!("../../assets/migrations/0034-weights.sql"),
    include_str!("../../assets/migrations/0035-archive.sql"),
    include_str!("../../assets/migrations/0036-archive-marks.sql"),
    include_str!("../../assets/migrations/0037-settled-syncs.sql"),
    include_str!("../../assets/migrations/0038-packed-versions.sql"),
    include_str!("../../assets/migrations/0039-archive-dates.sql"),
    include_str!("../../assets/migrations/0040-archive-releases.sql"),
    include_str!("../../assets/migrations/0041-publisher-waits.sql"),
    include_str!("../../assets/migrations/0042-text-queues.sql"),
];

/// Returns the newest schema version that this program knows.
pub(super) fn latest_schema_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).expect("the number of migrations fits an i64")
}

/// Reads the schema version of the library: the number of migrations applied to it.
pub(super) fn read_schema_version(db: &Connection) -> rusqlite::Result<i64> {
    db.pragma_query_value(None, "user_version", |row| row.get(0))
}
