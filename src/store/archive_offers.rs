//! Marks and articles that a library offers its shared archive although nothing has changed: those from before it took part,
//! and those of a feed that the user has begun to share.

use rusqlite::{Connection, params};

use super::archive_outbox::{has_archive, is_shared_tag};
use crate::model::{ArchiveSharing, FeedId, TagName};

/// Puts the marks that articles have into the outbox, of one feed or of all on the web, unless they wait there already.
pub(super) fn offer_marks(db: &Connection, feed: Option<FeedId>) -> rusqlite::Result<()> {
    // A condition that one plan serves both ways would read every article of the library for those of one feed.
    let of_feed = if feed.is_some() { "e.feed = ?1" } else { "?1 IS NULL" };
    let entries = format!(
        "FROM entries e JOIN feeds f ON f.id = e.feed
         WHERE f.kind = 'web' AND f.gone = 0 AND e.dropped = 0 AND {of_feed}"
    );
    let feed = feed.map(|feed| feed.0);
    for mark in ["read", "starred"] {
        let sql = format!(
            "INSERT INTO archive_outbox (entry, mark, wanted)
             SELECT e.id, '{mark}', 1 {entries} AND e.{mark} = 1 ON CONFLICT DO NOTHING"
        );
        db.execute(&sql, [feed])?;
    }
    let sql = format!(
        "INSERT INTO archive_outbox (entry, mark, wanted)
         SELECT e.id, ?2, 1 {entries} AND e.id IN (SELECT entry FROM entry_tags WHERE tag = ?3)
         ON CONFLICT DO NOTHING"
    );
    let mut tags = db.prepare_cached("SELECT id, name FROM tags")?;
    let mut rows = tags.query([])?;
    while let Some(row) = rows.next()? {
        let (id, name): (i64, _) = (row.get(0)?, TagName::from_stored(row.get(1)?));
        if is_shared_tag(&name) {
            db.execute(&sql, params![feed, format!("tag:{}", name.key()), id])?;
        }
    }
    Ok(())
}

/// Queues the articles and marks of a feed that the user has begun to share. What was published before stays as it is.
pub(super) fn offer_feed(
    db: &Connection,
    feed: FeedId,
    (before, after): (ArchiveSharing, ArchiveSharing),
) -> rusqlite::Result<()> {
    let is_known = before == after || after == ArchiveSharing::Never;
    if is_known || !has_archive(db)? {
        return Ok(());
    }
    let sql = "INSERT INTO archive_queue (entry) SELECT b.entry FROM bodies b JOIN entries e ON e.id = b.entry
               WHERE e.feed = ?1 AND b.format <> 'absent' ORDER BY e.published, e.id";
    db.execute(sql, [feed.0])?;
    offer_marks(db, Some(feed))
}
