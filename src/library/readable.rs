//! Entries in their readable form, for the screen and for export.

use std::collections::HashMap;

use chrono::Local;

use crate::{
    documents::{self, RenderContext},
    markup::{BoilerplateRule, CancelFlag, Document, ExportHeader},
    model::{
        Attachments, BodyFormat, Entry, EntryBody, EntryId, Failure, FailureKind, Feed, FeedId,
        FeedKind, FullTextArticle, PublicationDate,
    },
    store::ReadConnection,
    text::{format_long_date, sanitize},
};

/// The text in place of one that is not in the library.
const ABSENT_TEXT: &str = "The text of this article is not in the library: the library was restored from a \
    backup, which has no texts. A refresh brings the text back if its feed or folder still has it; the \
    full text of its page can be fetched at any time.";

/// An entry with its text and what else its article is made from, as the library stores them.
pub struct StoredArticle {
    /// The entry.
    pub entry: Entry,
    /// The text of the feed.
    feed_body: EntryBody,
    attachments: Attachments,
    /// The full text, if it was fetched.
    pub full_text: Option<FullTextArticle>,
    /// There is a full text that cannot be read; the text of the feed is read in its place.
    pub has_damaged_full_text: bool,
    /// The text of the feed is not in the library; a sentence says so in its place.
    is_feed_text_absent: bool,
}

impl StoredArticle {
    /// Loads the entry `id`.
    ///
    /// # Errors
    ///
    /// Fails if the entry does not exist or the library cannot be read.
    pub fn load(reader: &ReadConnection, id: EntryId) -> Result<StoredArticle, Failure> {
        let not_found = || {
            let sentence = format!("Article {id} is no longer in the library");
            Failure::new(FailureKind::Library, sentence)
        };
        let full_text = reader.load_full_text(id)?;
        let is_feed_text_absent = reader.is_text_absent(id)?;
        let feed_body = if is_feed_text_absent {
            EntryBody { format: BodyFormat::Plain, text: ABSENT_TEXT.to_owned() }
        } else {
            reader.load_body(id)?.ok_or_else(not_found)?
        };
        Ok(StoredArticle {
            feed_body,
            entry: reader.load_entry(id)?.ok_or_else(not_found)?,
            attachments: reader.load_attachments(id)?,
            has_damaged_full_text: full_text.is_none() && reader.is_full_text_damaged(id),
            is_feed_text_absent,
            full_text,
        })
    }

    /// Returns the size of the text to read, in bytes.
    pub fn text_bytes(&self) -> usize {
        self.shown_full_text().map_or(self.feed_body.text.len(), |full_text| full_text.html.len())
    }

    /// Returns the document to read, of the full text if it is shown, or else of the text of the
    /// feed, without the boilerplate that matches `boilerplate`. The document is incomplete once
    /// `cancel` is set.
    pub fn render(&self, boilerplate: &[BoilerplateRule], cancel: &CancelFlag) -> Document {
        let context = RenderContext {
            title: &self.entry.title,
            link: self.entry.link.as_deref(),
            attached: &self.attachments,
            boilerplate,
            cancel,
        };
        match self.shown_full_text() {
            Some(FullTextArticle { html, url, .. }) => {
                let body = EntryBody { format: BodyFormat::Html, text: html.clone() };
                // Links within the page are relative to it, not to what led there.
                let context = RenderContext { link: Some(url), ..context };
                documents::render_article(&body, &context)
            }
            None => documents::render_article(&self.feed_body, &context),
        }
    }

    /// Returns whether what is read is not the text that the article has.
    fn lacks_text(&self) -> bool {
        self.has_damaged_full_text || self.is_feed_text_absent && self.shown_full_text().is_none()
    }

    fn shown_full_text(&self) -> Option<&FullTextArticle> {
        self.full_text.as_ref().filter(|full_text| full_text.shown)
    }
}

/// Articles of a library in their readable form, loaded one after the other.
pub struct ReadableArticles<'r> {
    reader: &'r ReadConnection,
    boilerplate: &'r [BoilerplateRule],
    feeds: HashMap<FeedId, Feed>,
}

/// An article for export.
pub struct ReadableArticle<'f> {
    /// The entry.
    pub entry: Entry,
    /// The feed of the entry; `None` if it is damaged.
    pub feed: Option<&'f Feed>,
    /// The text.
    pub document: Document,
    /// A header with the title, the source, the author and the date.
    pub header: ExportHeader,
    /// The document is not the text that the article has: the library was restored without it, or it is
    /// damaged.
    pub lacks_text: bool,
}

impl<'r> ReadableArticles<'r> {
    /// Prepares to load articles without the boilerplate that matches `boilerplate`.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn open(
        reader: &'r ReadConnection,
        boilerplate: &'r [BoilerplateRule],
    ) -> Result<ReadableArticles<'r>, Failure> {
        let feeds = reader.list_feeds()?.into_iter().map(|feed| (feed.id, feed)).collect();
        Ok(ReadableArticles { reader, boilerplate, feeds })
    }

    /// Returns the feeds, in no order.
    pub fn feeds(&self) -> impl Iterator<Item = &Feed> {
        self.feeds.values()
    }

    /// Loads an article.
    ///
    /// # Errors
    ///
    /// Fails if the entry does not exist or the library cannot be read.
    pub fn load(&self, id: EntryId) -> Result<ReadableArticle<'_>, Failure> {
        let article = StoredArticle::load(self.reader, id)?;
        let document = article.render(self.boilerplate, &CancelFlag::default());
        let feed = self.feeds.get(&article.entry.feed);
        let header = export_header(&article.entry, feed);
        let lacks_text = article.lacks_text();
        Ok(ReadableArticle { entry: article.entry, feed, document, header, lacks_text })
    }
}

/// Loads an article for export: the document, and a header with the source, the author and the date.
pub fn load_readable(
    reader: &ReadConnection,
    boilerplate: &[BoilerplateRule],
    id: EntryId,
) -> Result<(Document, ExportHeader), Failure> {
    let articles = ReadableArticles::open(reader, boilerplate)?;
    let ReadableArticle { document, header, .. } = articles.load(id)?;
    Ok((document, header))
}

fn export_header(entry: &Entry, feed: Option<&Feed>) -> ExportHeader {
    let source = feed.map(|_| entry.source_name(feed).to_owned());
    let day = format_long_date(entry.published.day_in(&Local));
    let date = match entry.published {
        PublicationDate::Day(_) | PublicationDate::Instant(_) => day,
        PublicationDate::Arrival(_) => {
            format!("{} {day}", feed.map_or(FeedKind::Web, |feed| feed.kind).arrival_verb())
        }
    };
    let author = entry.author_besides(entry.source_name(feed)).map(str::to_owned);
    let details = [source, author, Some(date)]
        .into_iter()
        .flatten()
        .map(|detail| sanitize::to_text_line(&detail).into_owned())
        .collect();
    let title = sanitize::to_text_line(&entry.title).into_owned();
    ExportHeader { title, details, url: entry.link.clone() }
}
