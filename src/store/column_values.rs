//! Conversions between model values and column values.

use chrono::{DateTime, Datelike, Utc};
use rusqlite::Row;

use super::{
    readable_rows::{lossy_optional_text, lossy_text},
    state_pages::state_of_columns,
};
use crate::{
    model::{BodyFormat, Entry, EntryId, FeedId, FeedKind, FeedNetwork, PublicationDate},
    text::url,
};

/// The columns that [`entry_from_row`] reads, in order. The category of a saved page is the name of its
/// website.
pub(super) const ENTRY_COLUMNS: &str =
    "id, feed, title, link, author, published, day_only, read, starred, unlisted,
     copy_of IS NOT NULL, (SELECT entries.tags FROM feeds WHERE feeds.id = entries.feed AND feeds.kind = 'saved'),
     tags, (SELECT until FROM entry_tags WHERE entry = entries.id AND tag = 3)";

/// Reads an entry from a row of [`ENTRY_COLUMNS`], without its tags and its other feeds. Damaged letters are replaced, so that the article
/// stays in lists.
pub(super) fn entry_from_row(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let link = lossy_optional_text(row, 3)?;
    Ok(Entry {
        id: EntryId(row.get(0)?),
        feed: FeedId(row.get(1)?),
        other_feeds: Vec::new(),
        title: lossy_text(row, 2)?,
        author: lossy_optional_text(row, 4)?,
        site: lossy_optional_text(row, 11)?.and_then(|name| site_name(&name, link.as_deref())),
        link,
        published: publication_date_from_columns(row.get(5)?, row.get(6)?),
        state: state_of_columns(row, 7)?,
        tags: Vec::new(),
        categories: parse_categories(&lossy_text(row, 12)?),
        dropped_at: time_from_seconds(row.get(13)?),
        queued_seconds: None,
        story: None,
    })
}

/// Returns the website of a saved page: its name, or the host of its link if it states none.
fn site_name(name: &str, link: Option<&str>) -> Option<String> {
    let name = name.trim_end_matches('\n').replace('\n', ", ");
    let host = link.map(url::host).unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host).to_owned();
    [name, host].into_iter().find(|name| !name.is_empty())
}

/// Returns the value of the column `tags` for the categories of a publisher: each on a line of its own,
/// which ends with a line feed.
pub(super) fn categories_column(categories: &[String]) -> String {
    categories.iter().map(|category| category.replace('\n', " ") + "\n").collect()
}

/// Parses the column `tags`. Earlier versions joined the categories by spaces, without a line feed at the
/// end: of those, the words are known.
pub(super) fn parse_categories(column: &str) -> Vec<String> {
    match column.strip_suffix('\n') {
        Some(lines) => lines.split('\n').map(str::to_owned).collect(),
        None => column.split_whitespace().map(str::to_owned).collect(),
    }
}

/// The value of the column `format` of a text that is not in the library, because it was restored from
/// a backup.
pub(super) const ABSENT_TEXT_FORMAT: &str = "absent";

/// Values of the column `day_only`, which was a flag before dates that no source states had a value
/// of their own.
const INSTANT: i64 = 0;
const DAY: i64 = 1;
const ARRIVAL: i64 = 2;

/// Returns the value of the column `day_only` for a publication date.
pub(super) fn date_kind(published: PublicationDate) -> i64 {
    match published {
        PublicationDate::Instant(_) => INSTANT,
        PublicationDate::Day(_) => DAY,
        PublicationDate::Arrival(_) => ARRIVAL,
    }
}

/// Reads a publication date from seconds since 1970 and the column `day_only`.
///
/// Seconds outside the years 1 to 9999 are read as 1970-01-01: one bad row must not make a query
/// fail.
pub(super) fn publication_date_from_columns(seconds: i64, kind: i64) -> PublicationDate {
    let at = time_from_seconds(Some(seconds)).unwrap_or(DateTime::UNIX_EPOCH);
    match kind {
        DAY => PublicationDate::Day(at.date_naive()),
        ARRIVAL => PublicationDate::Arrival(at),
        _ => PublicationDate::Instant(at),
    }
}

/// Returns the seconds since 1970 by which entries are sorted.
pub(super) fn publication_seconds(published: PublicationDate) -> i64 {
    published.instant().timestamp()
}

/// Reads a time from seconds since 1970; `None` if the column is empty or not in the years 1 to 9999,
/// in which a time can be moved to any time zone.
pub(super) fn time_from_seconds(seconds: Option<i64>) -> Option<DateTime<Utc>> {
    let at = DateTime::from_timestamp(seconds?, 0)?;
    (1..=9999).contains(&at.year()).then_some(at)
}

/// Returns the name that is stored for a body format.
pub(super) fn body_format_name(format: BodyFormat) -> &'static str {
    match format {
        BodyFormat::Plain => "plain",
        BodyFormat::Markdown => "markdown",
        BodyFormat::Html => "html",
    }
}

/// Parses a stored body format; a format of a newer version is read as plain text.
pub(super) fn parse_body_format(name: &str) -> BodyFormat {
    match name {
        "markdown" => BodyFormat::Markdown,
        "html" => BodyFormat::Html,
        _ => BodyFormat::Plain,
    }
}

/// Returns the name that is stored for a feed kind.
pub(super) fn feed_kind_name(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::Samples => "samples",
        FeedKind::Folder => "folder",
        FeedKind::Web => "web",
        FeedKind::Program => "program",
        FeedKind::Saved => "saved",
        FeedKind::Synced => "synced",
    }
}

/// Returns the value of the column `network`.
pub(super) fn network_value(network: &FeedNetwork) -> Option<&str> {
    match network {
        FeedNetwork::Unknown => None,
        FeedNetwork::Public => Some(""),
        FeedNetwork::Private { origin } => Some(origin),
    }
}

/// Parses a value of the column `network`.
pub(super) fn parse_network(value: Option<String>) -> FeedNetwork {
    match value {
        None => FeedNetwork::Unknown,
        Some(origin) if origin.is_empty() => FeedNetwork::Public,
        Some(origin) => FeedNetwork::Private { origin },
    }
}

/// Parses a stored feed kind; a kind of a newer version is read as a folder.
pub(super) fn parse_feed_kind(name: &str) -> FeedKind {
    match name {
        "samples" => FeedKind::Samples,
        "web" => FeedKind::Web,
        "program" => FeedKind::Program,
        "saved" => FeedKind::Saved,
        "synced" => FeedKind::Synced,
        _ => FeedKind::Folder,
    }
}

/// Returns ids as the JSON array that SQL's `json_each` takes.
pub(super) fn json_ids(ids: &[EntryId]) -> String {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    serde_json::json!(ids).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parse_categories_reads_those_of_earlier_versions_as_words() {
        assert_eq!(parse_categories("Linux kernel news"), ["Linux", "kernel", "news"]);
        assert_eq!(parse_categories("Linux kernel\nnews\n"), ["Linux kernel", "news"]);
        assert_eq!(parse_categories(""), [""; 0]);
        assert_eq!(site_name("The Post", None).as_deref(), Some("The Post"));
        assert_eq!(site_name("The Post\n", None).as_deref(), Some("The Post"));
        let host = site_name("", Some("https://www.post.example/1"));
        assert_eq!(host.as_deref(), Some("post.example"));
    }

    proptest! {
        #[test]
        fn parse_categories_inverts_their_column(categories in prop::collection::vec("[^\\n]{1,9}", 0..5)) {
            prop_assert_eq!(parse_categories(&categories_column(&categories)), categories);
        }
    }
}
