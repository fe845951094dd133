//! Entries as they are read, on the screen or exported.

use chrono::Local;

use crate::{
    documents::{self, RenderContext},
    markup::{BoilerplateRule, Document, ExportHeader},
    model::{BodyFormat, Entry, EntryBody, EntryId, Failure, FailureKind, FullTextArticle},
    store::ReadConnection,
    text::{format_long_date, sanitize},
};

/// An entry with its readable text.
pub struct ReadableEntry {
    /// The entry.
    pub entry: Entry,
    /// The text to read: the full text if that is shown, or else the text of the feed.
    pub document: Document,
    /// The full text, if it was fetched.
    pub full_text: Option<FullTextArticle>,
}

impl ReadableEntry {
    /// Loads the entry `id`, without the boilerplate that `boilerplate` describes.
    pub fn load(
        reader: &ReadConnection,
        boilerplate: &[BoilerplateRule],
        id: EntryId,
    ) -> Result<ReadableEntry, Failure> {
        let gone = || {
            Failure::new(
                FailureKind::Library,
                format!("Article {id} is not in the library any more"),
            )
        };
        let (body, entry) =
            (reader.load_body(id)?.ok_or_else(gone)?, reader.load_entry(id)?.ok_or_else(gone)?);
        let (attached, original) = (reader.load_attachments(id)?, reader.load_full_text(id)?);
        let about = RenderContext {
            title: &entry.title,
            link: entry.link.as_deref(),
            attached: &attached,
            boilerplate,
        };
        let page = original.as_ref().filter(|original| original.shown);
        let page = page
            .map(|original| EntryBody { format: BodyFormat::Html, text: original.html.clone() });
        let document = documents::render_article(page.as_ref().unwrap_or(&body), &about);
        Ok(ReadableEntry { entry, document, full_text: original })
    }
}

/// Loads an article to export: the document and its header.
pub fn load_readable(
    reader: &ReadConnection,
    boilerplate: &[BoilerplateRule],
    id: EntryId,
) -> Result<(Document, ExportHeader), Failure> {
    let ReadableEntry { entry, document, .. } = ReadableEntry::load(reader, boilerplate, id)?;
    let feeds = reader.list_feeds()?;
    let source =
        feeds.iter().find(|feed| feed.id == entry.feed).map(|feed| feed.display_name().to_owned());
    let facts = [source, entry.author, Some(format_long_date(entry.published.day_in(&Local)))];
    let facts =
        facts.into_iter().flatten().map(|fact| sanitize::to_line(&fact).into_owned()).collect();
    let title = sanitize::to_line(&entry.title).into_owned();
    Ok((document, ExportHeader { title, details: facts, url: entry.link }))
}
