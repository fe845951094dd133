//! The outbox of the shared archive: the marks that it has not been told yet. They are written in the transaction of the
//! change, and deleted when the archive has confirmed them.

use rusqlite::{Connection, Row, params};

use super::{ReadConnection, StoreError};
use crate::model::{Change, EntryId, TagName};

/// A mark of an article, for or from an archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArchiveMark {
    /// The URL of the feed.
    pub feed: String,
    /// The guid of the article.
    pub guid: String,
    /// `read`, `starred`, or `tag:` and the key of a tag.
    pub mark: String,
    /// True if the article is to have the mark, false if it is to lack it.
    pub wanted: bool,
}

/// A mark that waits for the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingArchiveMark {
    /// The article.
    pub entry: EntryId,
    /// The mark, as the archive is told.
    pub mark: ArchiveMark,
}

/// Returns whether the library takes part in an archive.
pub(super) fn has_archive(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM archive_state)")?
        .query_row([], |row| row.get(0))
}

/// Notes within the caller's transaction the marks of a change for the archive, except those of `known`, in ascending
/// order, which have come from it.
pub(super) fn note_change_except(
    db: &Connection,
    change: &Change,
    known: &[EntryId],
) -> rusqlite::Result<()> {
    if !has_archive(db)? {
        return Ok(());
    }
    let mut noted = Ok(());
    change.for_each(&mut |part| {
        let Some((mark, wanted)) = mark_of(part) else { return };
        let ids = part.entry_ids().iter().filter(|id| known.binary_search(id).is_err());
        for id in ids {
            if noted.is_ok() {
                noted = note_mark(db, *id, &mark, wanted);
            }
        }
    });
    noted
}

/// Returns the mark that a change gives or takes; `None` for another change, and for a tag that means something on this
/// machine only.
fn mark_of(change: &Change) -> Option<(String, bool)> {
    match change {
        Change::Read { read, .. } => Some(("read".to_owned(), *read)),
        Change::Starred { starred, .. } => Some(("starred".to_owned(), *starred)),
        Change::Tagged { tag, after, .. } if is_shared_tag(tag) => {
            Some((format!("tag:{}", tag.key()), after.is_on()))
        }
        _ => None,
    }
}

/// Returns whether a tag means the same to all readers of an archive.
pub(super) fn is_shared_tag(tag: &TagName) -> bool {
    let reserved = [TagName::queue(), TagName::played(), TagName::downloaded()];
    !(tag.is_hidden() || tag.is_later() || tag.is_removed() || tag.is_unseen_edit())
        && reserved.iter().all(|name| name.key() != tag.key())
}

fn note_mark(db: &Connection, id: EntryId, mark: &str, wanted: bool) -> rusqlite::Result<()> {
    let sql = "INSERT INTO archive_outbox (entry, mark, wanted)
               SELECT e.id, ?2, ?3 FROM entries e JOIN feeds f ON f.id = e.feed
               WHERE e.id = ?1 AND f.kind = 'web'
               ON CONFLICT DO UPDATE SET wanted = excluded.wanted";
    db.prepare_cached(sql)?.execute(params![id.0, mark, wanted]).map(drop)
}

impl ReadConnection {
    /// Lists the first marks that wait for the archive, at most `limit`, with those of one article together.
    pub fn list_archive_outbox(&self, limit: usize) -> Result<Vec<WaitingArchiveMark>, StoreError> {
        let sql = "SELECT o.entry, f.url, e.guid, o.mark, o.wanted FROM archive_outbox o
                   JOIN entries e ON e.id = o.entry JOIN feeds f ON f.id = e.feed ORDER BY o.entry LIMIT ?1";
        let read_row = |row: &Row<'_>| {
            let (feed, guid, mark, wanted) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
            let mark = ArchiveMark { feed, guid, mark, wanted };
            Ok(WaitingArchiveMark { entry: EntryId(row.get(0)?), mark })
        };
        let read = || -> rusqlite::Result<Vec<WaitingArchiveMark>> {
            self.db.prepare_cached(sql)?.query_map([limit], read_row)?.collect()
        };
        read().map_err(StoreError::during("list the marks that wait for the archive"))
    }
}

/// Returns whether a mark of an article waits in the outbox.
pub(super) fn is_waiting(db: &Connection, entry: EntryId, mark: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM archive_outbox WHERE entry = ?1 AND mark = ?2)";
    db.prepare_cached(sql)?.query_row(params![entry.0, mark], |row| row.get(0))
}
