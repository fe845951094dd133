//! An article as services get it.

use chrono::Local;

use crate::{
    library::readable::ReadableArticle,
    model::EntryId,
    text::{browser_url, sanitize},
};

/// An article as it is sent.
pub(super) struct SentArticle<'a> {
    pub(super) number: EntryId,
    /// Its URL, as other programs may get it.
    pub(super) url: Option<String>,
    pub(super) title: String,
    pub(super) author: Option<&'a str>,
    pub(super) day: String,
    pub(super) tags: Vec<&'a str>,
    /// The name of its feed or website.
    pub(super) source: String,
}

impl<'a> SentArticle<'a> {
    pub(super) fn new(article: &'a ReadableArticle<'_>) -> SentArticle<'a> {
        let entry = &article.entry;
        SentArticle {
            number: entry.id,
            url: entry.link.as_deref().and_then(browser_url),
            title: sanitize::to_text_line(&entry.title).into_owned(),
            author: entry.author.as_deref(),
            day: entry.published.day_in(&Local).to_string(),
            tags: entry.tags.iter().map(|tag| tag.name.as_str()).collect(),
            source: sanitize::to_text_line(entry.source_name(article.feed)).into_owned(),
        }
    }
}
