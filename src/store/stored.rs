//! Entries whole: what is indexed of each.

use super::{Reader, StoreError, packed::Unpacker, row};
use crate::model::{Attached, Body, BodyFormat, EntryId, EntryState, FeedId, Stamp};

/// An entry, and the text that is read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The entry.
    pub id: EntryId,
    /// Its feed.
    pub feed: FeedId,
    /// Read and starred.
    pub state: EntryState,
    /// When it was published.
    pub published: Stamp,
    /// When it came in, in seconds since 1970; 0 where nobody knows.
    pub arrived: i64,
    /// The headline.
    pub title: String,
    /// Who wrote it; empty where nobody says.
    pub author: String,
    /// Its tags, as they came.
    pub tags: String,
    /// The address of the original; empty if there is none.
    pub link: String,
    /// What came with it.
    pub attached: Attached,
    /// It has older versions.
    pub edited: bool,
    /// The text: of its page, where that is read in place of what the feed brought.
    pub body: Body,
}

const SQL: &str = "SELECT e.id, e.feed, e.read, e.starred, e.published, e.day_only, e.arrived, e.title,
    coalesce(e.author, ''), e.tags, coalesce(e.link, ''), e.attached,
    EXISTS (SELECT 1 FROM versions v WHERE v.entry = e.id), b.format, b.text, o.html
    FROM entries e JOIN bodies b ON b.entry = e.id LEFT JOIN originals o ON o.entry = e.id AND o.shown
    WHERE e.id = ?1";

impl Reader {
    /// Calls `each` with the entries `ids`; those that are gone are left out.
    pub fn each_stored(&self, ids: &[EntryId], mut each: impl FnMut(Stored)) -> Result<(), StoreError> {
        let mut unpacker = Unpacker::new();
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self.db.prepare_cached(SQL)?;
            for id in ids {
                let mut rows = statement.query([id.0])?;
                if let Some(row) = rows.next()? {
                    each(stored(row, &mut unpacker)?);
                }
            }
            Ok(())
        };
        read().map_err(StoreError::during("read the texts"))
    }
}

fn stored(row: &rusqlite::Row<'_>, unpacker: &mut Unpacker) -> rusqlite::Result<Stored> {
    let attached: Option<String> = row.get(11)?;
    let body = if let Some(html) = row.get(15)? {
        Body { format: BodyFormat::Html, text: html }
    } else {
        let format = row::format(row.get_ref(13)?.as_str()?);
        // One body that is damaged must not keep the others from being found.
        Body { format, text: unpacker.unpack(row.get_ref(14)?).unwrap_or_default() }
    };
    Ok(Stored {
        id: EntryId(row.get(0)?),
        feed: FeedId(row.get(1)?),
        state: EntryState { read: row.get(2)?, starred: row.get(3)? },
        published: row::stamp(row.get(4)?, row.get(5)?),
        arrived: row.get(6)?,
        title: row.get(7)?,
        author: row.get(8)?,
        tags: row.get(9)?,
        link: row.get(10)?,
        attached: attached.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
        edited: row.get(12)?,
        body,
    })
}
