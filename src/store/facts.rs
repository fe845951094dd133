//! What the filter needs of everything stored.

use rusqlite::Row;

use super::{Reader, StoreError, row};
use crate::{
    model::{EntryId, EntryState, FeedId, Stamp},
    query::FieldEnds,
};

/// What a query may ask of one entry, but for its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The entry.
    pub id: EntryId,
    /// Its feed.
    pub feed: FeedId,
    /// Read and starred.
    pub state: EntryState,
    /// When it was published.
    pub published: Stamp,
    /// Where the fields of its folded text end.
    pub ends: FieldEnds,
}

impl Reader {
    /// Calls `each` with the facts and the folded text of everything in sight, the newest first.
    pub fn each_text(&self, mut each: impl FnMut(Facts, &[u8])) -> Result<(), StoreError> {
        let sql = "SELECT e.id, e.feed, e.read, e.starred, e.published, e.day_only, b.title_end, b.author_end, b.folded
                   FROM entries e JOIN bodies b ON b.entry = e.id
                   WHERE e.feed NOT IN (SELECT id FROM feeds WHERE gone)
                   ORDER BY e.published DESC, e.id DESC";
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                each(facts(row)?, row.get_ref(8)?.as_blob().unwrap_or_default());
            }
            Ok(())
        };
        read().map_err(StoreError::during("read the texts"))
    }

    /// How many bytes of folded text there are at the most, and how many entries: what to make room for.
    pub fn text_size(&self) -> Result<(usize, usize), StoreError> {
        let sql = "SELECT coalesce(sum(length(folded)), 0), count(*) FROM bodies";
        let size = self.db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        size.map_err(StoreError::during("measure the texts"))
    }
}

pub(super) fn facts(row: &Row<'_>) -> rusqlite::Result<Facts> {
    Ok(Facts {
        id: EntryId(row.get(0)?),
        feed: FeedId(row.get(1)?),
        state: EntryState { read: row.get(2)?, starred: row.get(3)? },
        published: row::stamp(row.get(4)?, row.get(5)?),
        ends: FieldEnds { title: row.get(6)?, author: row.get(7)? },
    })
}
