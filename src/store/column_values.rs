//! How model values stand in rows.

use chrono::{DateTime, Utc};
use rusqlite::Row;

use crate::model::{BodyFormat, Entry, EntryId, EntryState, FeedId, FeedKind, PublicationDate};

/// The columns that [`entry_from_row`] reads.
pub(super) const ENTRY_COLUMNS: &str =
    "id, feed, title, link, author, published, day_only, read, starred";

pub(super) fn entry_from_row(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: EntryId(row.get(0)?),
        feed: FeedId(row.get(1)?),
        title: row.get(2)?,
        link: row.get(3)?,
        author: row.get(4)?,
        published: publication_date_from_columns(row.get(5)?, row.get(6)?),
        state: EntryState { read: row.get(7)?, starred: row.get(8)? },
    })
}

/// Seconds no calendar reaches stand for the beginning of time: one bad row must not hide the others.
pub(super) fn publication_date_from_columns(seconds: i64, day_only: bool) -> PublicationDate {
    let at = DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::UNIX_EPOCH);
    if day_only { PublicationDate::Day(at.date_naive()) } else { PublicationDate::Instant(at) }
}

pub(super) fn publication_seconds(stamp: PublicationDate) -> i64 {
    stamp.instant().timestamp()
}

/// A time in a column, `None` where there is none or no calendar reaches it.
pub(super) fn time_from_seconds(seconds: Option<i64>) -> Option<DateTime<Utc>> {
    seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0))
}

pub(super) fn body_format_name(format: BodyFormat) -> &'static str {
    match format {
        BodyFormat::Plain => "plain",
        BodyFormat::Markdown => "markdown",
        BodyFormat::Html => "html",
    }
}

/// A format of a later version is shown as what it at least is: text.
pub(super) fn parse_body_format(name: &str) -> BodyFormat {
    match name {
        "markdown" => BodyFormat::Markdown,
        "html" => BodyFormat::Html,
        _ => BodyFormat::Plain,
    }
}

pub(super) fn feed_kind_name(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::Samples => "samples",
        FeedKind::Folder => "folder",
        FeedKind::Web => "web",
        FeedKind::Program => "program",
        FeedKind::Saved => "saved",
    }
}

pub(super) fn parse_feed_kind(name: &str) -> FeedKind {
    match name {
        "samples" => FeedKind::Samples,
        "web" => FeedKind::Web,
        "program" => FeedKind::Program,
        "saved" => FeedKind::Saved,
        _ => FeedKind::Folder,
    }
}
