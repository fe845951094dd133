//! Entries in their readable form, for the screen and for export.

use chrono::Local;

use crate::{
    documents::{self, RenderContext},
    markup::{BoilerplateRule, Document, ExportHeader},
    model::{
        BodyFormat, Entry, EntryBody, EntryId, Failure, FailureKind, FeedKind, FullTextArticle,
        PublicationDate,
    },
    store::ReadConnection,
    text::{format_long_date, sanitize},
};

/// An entry with its text as a document.
pub struct ReadableEntry {
    /// The entry.
    pub entry: Entry,
    /// The text to read: the full text if it is shown, or else the text of the feed.
    pub document: Document,
    /// The full text, if it was fetched.
    pub full_text: Option<FullTextArticle>,
}

impl ReadableEntry {
    /// Loads the entry `id` and removes the boilerplate that matches `boilerplate`.
    ///
    /// # Errors
    ///
    /// Fails if the entry does not exist or the library cannot be read.
    pub fn load(
        reader: &ReadConnection,
        boilerplate: &[BoilerplateRule],
        id: EntryId,
    ) -> Result<ReadableEntry, Failure> {
        let not_found = || {
            let sentence = format!("Article {id} is no longer in the library");
            Failure::new(FailureKind::Library, sentence)
        };
        let feed_body = reader.load_body(id)?.ok_or_else(not_found)?;
        let entry = reader.load_entry(id)?.ok_or_else(not_found)?;
        let attachments = reader.load_attachments(id)?;
        let full_text = reader.load_full_text(id)?;
        let context = RenderContext {
            title: &entry.title,
            link: entry.link.as_deref(),
            attached: &attachments,
            boilerplate,
        };
        let body = match &full_text {
            Some(FullTextArticle { shown: true, html, .. }) => {
                EntryBody { format: BodyFormat::Html, text: html.clone() }
            }
            _ => feed_body,
        };
        let document = documents::render_article(&body, &context);
        Ok(ReadableEntry { entry, document, full_text })
    }
}

/// Loads an article for export: the document, and a header with the feed, the author and the date.
pub fn load_readable(
    reader: &ReadConnection,
    boilerplate: &[BoilerplateRule],
    id: EntryId,
) -> Result<(Document, ExportHeader), Failure> {
    let ReadableEntry { entry, document, .. } = ReadableEntry::load(reader, boilerplate, id)?;
    let feeds = reader.list_feeds()?;
    let feed = feeds.iter().find(|feed| feed.id == entry.feed);
    let feed_name = feed.map(|feed| feed.display_name().to_owned());
    let day = format_long_date(entry.published.day_in(&Local));
    let date = match entry.published {
        PublicationDate::Day(_) | PublicationDate::Instant(_) => day,
        PublicationDate::Arrival(_) => {
            format!("{} {day}", feed.map_or(FeedKind::Web, |feed| feed.kind).arrival_verb())
        }
    };
    let details = [feed_name, entry.author, Some(date)]
        .into_iter()
        .flatten()
        .map(|detail| sanitize::to_text_line(&detail).into_owned())
        .collect();
    let title = sanitize::to_text_line(&entry.title).into_owned();
    Ok((document, ExportHeader { title, details, url: entry.link }))
}
