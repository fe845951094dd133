//! Articles in the lists that commands print: as lines, or as JSON.

use chrono::Local;

use super::{json_version::JSON_VERSION, output};
use crate::{
    library::ListedArticleJson,
    model::{Entry, EntryId, Feed},
    store::ReadConnection,
    text::sanitize,
};

/// Number of articles read and printed at a time; limits the memory used.
pub(super) const ROWS_PER_WRITE: usize = 512;

/// Prints articles as `newsreader search --json` does.
pub(super) fn print_articles_json(reader: &ReadConnection, ids: &[EntryId]) -> anyhow::Result<()> {
    let start = format!("{{\"version\":{JSON_VERSION},\"count\":{},\"articles\":[", ids.len());
    output::write_stdout(start.as_bytes())?;
    print_article_array(reader, ids)?;
    output::write_stdout(b"]}\n")
}

/// Prints the elements of the JSON array of articles; returns the number of those that could not be read.
pub(super) fn print_article_array(
    reader: &ReadConnection,
    ids: &[EntryId],
) -> anyhow::Result<usize> {
    let feeds = reader.list_feeds()?;
    let (mut missing, mut separator) = (0, "\n");
    for ids in ids.chunks(ROWS_PER_WRITE) {
        let mut text = String::new();
        let rows = reader.load_entries(ids)?;
        let mut relations = reader.load_relations(ids)?;
        missing += ids.len() - rows.len();
        for entry in rows {
            text.push_str(separator);
            let relations = relations.remove(&entry.id).unwrap_or_default();
            let article = ListedArticleJson::new(&entry, feed_of(&entry, &feeds), &relations);
            text.push_str(&output::to_json(&article)?);
            separator = ",\n";
        }
        output::write_stdout(text.as_bytes())?;
    }
    Ok(missing)
}

/// Formats number, date, source and title, separated by tabs, for `cut` and `awk`.
pub(super) fn format_entry_line(entry: &Entry, feeds: &[Feed]) -> String {
    let day = entry.published.day_in(&Local);
    let source = sanitize::to_text_line(entry.source_name(feed_of(entry, feeds)));
    let title = sanitize::to_text_line(&entry.title);
    format!("{}\t{day}\t{source}\t{title}\n", entry.id)
}

/// Returns the feed of an article.
pub(super) fn feed_of<'f>(entry: &Entry, feeds: &'f [Feed]) -> Option<&'f Feed> {
    feeds.iter().find(|feed| feed.id == entry.feed)
}
