//! Complete entries with their bodies, as the search index reads them.

use rusqlite::OptionalExtension;

use super::{
    ReadConnection, StoreError, column_values, compression::TextDecompressor,
    readable_rows::is_unreadable_row, state_pages::state_of_columns,
};
use crate::model::{
    Attachments, BodyFormat, EntryBody, EntryId, EntryState, FeedId, PublicationDate, TagId,
};

/// An entry with everything that the search index stores of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullEntry {
    /// The id of the entry.
    pub id: EntryId,
    /// The feed of the entry.
    pub feed: FeedId,
    /// Read, starred, hidden and removed state.
    pub state: EntryState,
    /// The user's tags, `hidden` and `removed` included.
    pub tag_ids: Vec<TagId>,
    /// Publication date.
    pub published: PublicationDate,
    /// Time at which the entry was first stored, in seconds since 1970; 0 if unknown (entries from
    /// before schema version 5).
    pub arrived_seconds: i64,
    /// The title.
    pub title: String,
    /// The author; empty if unknown.
    pub author: String,
    /// The categories of the publisher, joined by spaces.
    pub tags: String,
    /// The URL of the article's web page; empty if there is none.
    pub link: String,
    /// Attached files and the discussion link.
    pub attachments: Attachments,
    /// The entry was edited, and earlier versions are stored.
    pub has_versions: bool,
    /// The body that the user reads: the full text where it is shown instead of the feed's text,
    /// otherwise the feed's text.
    pub body: EntryBody,
}

/// The columns that [`full_entry_from_row`] reads. There is no row for an entry whose full text is
/// missing although the entry's mark states one: the feed's text in its place would be another text.
const FULL_ENTRY_SQL: &str =
    "SELECT e.id, e.feed, e.published, e.day_only, e.arrived, e.title,
    coalesce(e.author, ''), e.tags, coalesce(e.link, ''), e.attached,
    EXISTS (SELECT 1 FROM versions v WHERE v.entry = e.id), b.format, b.text, o.html,
    (SELECT group_concat(tag, ' ') FROM entry_tags WHERE entry = e.id), read, starred, unlisted,
    copy_of IS NOT NULL
    FROM entries e JOIN bodies b ON b.entry = e.id LEFT JOIN originals o ON o.entry = e.id AND o.shown
    WHERE e.id = ?1
    AND NOT (e.has_full_text AND NOT EXISTS (SELECT 1 FROM originals h WHERE h.entry = e.id))";

impl ReadConnection {
    /// Calls `visit` with each of the entries `ids` that was not dropped from the trash. Returns those
    /// that cannot be read, because a value is damaged or a damaged page hides the row: entries are
    /// never deleted.
    pub fn for_each_full_entry(
        &self,
        ids: &[EntryId],
        mut visit: impl FnMut(FullEntry),
    ) -> Result<Vec<EntryId>, StoreError> {
        let idle = self.idle_decompressor.take();
        let mut decompressor = idle.unwrap_or_else(TextDecompressor::new);
        let mut unreadable = Vec::new();
        let mut read = || -> rusqlite::Result<Vec<EntryId>> {
            let mut statement = self.db.prepare_cached(FULL_ENTRY_SQL)?;
            for id in ids {
                let read_row =
                    |row: &rusqlite::Row<'_>| full_entry_from_row(row, &mut decompressor);
                match statement.query_row([id.0], read_row).optional() {
                    Ok(Some(entry)) => visit(entry),
                    Ok(None) if self.is_dropped(*id)? => {}
                    Ok(None) => unreadable.push(*id),
                    Err(error) if is_unreadable_row(&error) => unreadable.push(*id),
                    Err(error) => return Err(error),
                }
            }
            Ok(std::mem::take(&mut unreadable))
        };
        let result = read().map_err(StoreError::during("read the texts"));
        self.idle_decompressor.replace(Some(decompressor));
        result
    }

    /// Returns whether an entry was dropped from the trash, so that it has no text.
    fn is_dropped(&self, id: EntryId) -> rusqlite::Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM entries WHERE id = ?1 AND dropped <> 0)";
        self.db.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))
    }
}

/// Reads a complete entry from a row of [`FULL_ENTRY_SQL`].
fn full_entry_from_row(
    row: &rusqlite::Row<'_>,
    decompressor: &mut TextDecompressor,
) -> rusqlite::Result<FullEntry> {
    let attachments: Option<String> = row.get(9)?;
    let body = if let Some(html) = row.get(13)? {
        EntryBody { format: BodyFormat::Html, text: html }
    } else {
        let format = column_values::parse_body_format(row.get_ref(11)?.as_str()?);
        EntryBody { format, text: decompressor.decompress(row.get_ref(12)?)? }
    };
    Ok(FullEntry {
        id: EntryId(row.get(0)?),
        feed: FeedId(row.get(1)?),
        state: state_of_columns(row, 15)?,
        tag_ids: parse_tag_ids(row.get(14)?),
        published: column_values::publication_date_from_columns(row.get(2)?, row.get(3)?),
        arrived_seconds: row.get(4)?,
        title: row.get(5)?,
        author: row.get(6)?,
        tags: column_values::parse_categories(row.get_ref(7)?.as_str()?).join(" "),
        link: row.get(8)?,
        attachments: attachments
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default(),
        has_versions: row.get(10)?,
        body,
    })
}

/// Parses the numbers of tags, joined by spaces.
fn parse_tag_ids(numbers: Option<String>) -> Vec<TagId> {
    let numbers = numbers.unwrap_or_default();
    numbers.split(' ').filter_map(|number| number.parse().ok().map(TagId)).collect()
}
