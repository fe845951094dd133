//! Entries whole: what is indexed of each.

use super::{ReadConnection, StoreError, column_values, compression::TextDecompressor};
use crate::model::{
    Attachments, BodyFormat, EntryBody, EntryId, EntryState, FeedId, PublicationDate,
};

/// An entry, and the text that is read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullEntry {
    /// The entry.
    pub id: EntryId,
    /// Its feed.
    pub feed: FeedId,
    /// Read and starred.
    pub state: EntryState,
    /// When it was published.
    pub published: PublicationDate,
    /// When it came in, in seconds since 1970; 0 where nobody knows.
    pub arrived_seconds: i64,
    /// The headline.
    pub title: String,
    /// Who wrote it; empty where nobody says.
    pub author: String,
    /// Its tags, as they came.
    pub tags: String,
    /// The address of the original; empty if there is none.
    pub link: String,
    /// What came with it.
    pub attachments: Attachments,
    /// It has older versions.
    pub has_versions: bool,
    /// The text: of its page, where that is read in place of what the feed brought.
    pub body: EntryBody,
}

const FULL_ENTRY_SQL: &str =
    "SELECT e.id, e.feed, e.read, e.starred, e.published, e.day_only, e.arrived, e.title,
    coalesce(e.author, ''), e.tags, coalesce(e.link, ''), e.attached,
    EXISTS (SELECT 1 FROM versions v WHERE v.entry = e.id), b.format, b.text, o.html
    FROM entries e JOIN bodies b ON b.entry = e.id LEFT JOIN originals o ON o.entry = e.id AND o.shown
    WHERE e.id = ?1";

impl ReadConnection {
    /// Calls `each` with the entries `ids`; those that are gone are left out.
    pub fn for_each_full_entry(
        &self,
        ids: &[EntryId],
        mut each: impl FnMut(FullEntry),
    ) -> Result<(), StoreError> {
        let mut unpacker = TextDecompressor::new();
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self.db.prepare_cached(FULL_ENTRY_SQL)?;
            for id in ids {
                let mut rows = statement.query([id.0])?;
                if let Some(row) = rows.next()? {
                    each(full_entry_from_row(row, &mut unpacker)?);
                }
            }
            Ok(())
        };
        read().map_err(StoreError::during("read the texts"))
    }
}

fn full_entry_from_row(
    row: &rusqlite::Row<'_>,
    unpacker: &mut TextDecompressor,
) -> rusqlite::Result<FullEntry> {
    let attached: Option<String> = row.get(11)?;
    let body = if let Some(html) = row.get(15)? {
        EntryBody { format: BodyFormat::Html, text: html }
    } else {
        let format = column_values::parse_body_format(row.get_ref(13)?.as_str()?);
        // One body that is damaged must not keep the others from being found.
        EntryBody { format, text: unpacker.decompress(row.get_ref(14)?).unwrap_or_default() }
    };
    Ok(FullEntry {
        id: EntryId(row.get(0)?),
        feed: FeedId(row.get(1)?),
        state: EntryState { read: row.get(2)?, starred: row.get(3)? },
        published: column_values::publication_date_from_columns(row.get(4)?, row.get(5)?),
        arrived_seconds: row.get(6)?,
        title: row.get(7)?,
        author: row.get(8)?,
        tags: row.get(9)?,
        link: row.get(10)?,
        attachments: attached.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
        has_versions: row.get(12)?,
        body,
    })
}
