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

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of migrations before the one that brings the queue.
    const BEFORE_QUEUE: usize = 25;

    #[test]
    fn tag_of_the_user_named_queue_becomes_the_queue() {
        let mut db = Connection::open_in_memory().unwrap();
        for sql in &MIGRATIONS[..BEFORE_QUEUE] {
            db.execute_batch(sql).unwrap();
        }
        db.pragma_update(None, "foreign_keys", false).unwrap();
        db.execute_batch(
            "INSERT INTO tags (name, key, color, articles) VALUES ('urgent', 'urgent', 3, 1),
                 ('Queue', 'queue', 4, 2);
             INSERT INTO entry_tags (entry, tag) VALUES (7, 4), (7, 5), (9, 5);
             INSERT INTO tag_pages (tag, page, bits) VALUES (5, 0, x'02');
             INSERT INTO views (name, query, sort, grouping, hidden, position)
                 VALUES ('Queue', 'tag:queue', 'newest', 'none', 0, 5);",
        )
        .unwrap();
        db.pragma_update(None, "user_version", BEFORE_QUEUE).unwrap();
        migrate(&mut db).unwrap();
        let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        let queue = "SELECT articles FROM tags WHERE id = -1 AND name = 'Queue' AND color = 4";
        assert_eq!(count(queue), 2);
        assert_eq!(count("SELECT count(*) FROM entry_tags WHERE tag = -1"), 2);
        assert_eq!(count("SELECT count(*) FROM entry_tags WHERE tag = 4"), 1);
        assert_eq!(count("SELECT count(*) FROM tag_pages WHERE tag = -1"), 1);
        assert_eq!(count("SELECT count(*) FROM tags WHERE id = -2 AND key = 'played'"), 1);
        assert_eq!(count("SELECT count(*) FROM views WHERE name = 'Queue (tag)'"), 1);
        assert_eq!(count("SELECT max(position) + 1 - count(*) FROM views"), 0);
        db.execute_batch("INSERT INTO tags (name, key, color) VALUES ('new', 'new', 0)").unwrap();
        assert!(count("SELECT id FROM tags WHERE key = 'new'") > 5, "ids are not given twice");
    }
}
