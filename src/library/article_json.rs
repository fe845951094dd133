//! Articles as JSON: in lists, in exports, and for the programs of the user.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use super::readable::ReadableArticle;
use crate::{
    model::{Entry, EntryId, Failure, FailureKind, Feed, FeedKind, PublicationDate, StoryId},
    store::EntryRelations,
    text::{escape_deceptive_json, redact_user_info},
};

/// The version of the JSON that the program writes.
///
/// Every object has it as `version`; the list of feeds is an array, and has none. The documents are
/// described by `assets/schemas`. A new field keeps the version; a field that is removed, renamed or means
/// something else raises it.
pub const JSON_VERSION: u32 = 1;

/// An article as JSON, without its text.
#[derive(Debug, Clone, Serialize)]
pub struct ArticleJson<'a> {
    id: i64,
    /// A day, or an instant (RFC 3339) if the time of day is known; null if the source states no
    /// date.
    published: Option<String>,
    /// The instant at which an article without a date was saved or received.
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<String>,
    feed: &'a str,
    title: &'a str,
    author: Option<&'a str>,
    link: Option<&'a str>,
    read: bool,
    starred: bool,
    /// The names of the user's tags.
    tags: Vec<&'a str>,
    /// The categories of the publisher.
    categories: &'a [String],
}

impl ArticleJson<'_> {
    /// Returns the form of an entry in its feed.
    pub fn new<'a>(entry: &'a Entry, feed: Option<&'a Feed>) -> ArticleJson<'a> {
        ArticleJson {
            id: entry.id.0,
            published: match entry.published {
                PublicationDate::Day(day) => Some(day.to_string()),
                PublicationDate::Instant(at) => Some(to_rfc3339(at)),
                PublicationDate::Arrival(_) => None,
            },
            received: match entry.published {
                PublicationDate::Arrival(at) => Some(to_rfc3339(at)),
                PublicationDate::Day(_) | PublicationDate::Instant(_) => None,
            },
            feed: feed.map_or("", Feed::display_name),
            title: &entry.title,
            author: entry.author.as_deref(),
            link: entry.link.as_deref(),
            read: entry.state.read,
            starred: entry.state.starred,
            tags: entry.tags.iter().map(|tag| tag.name.as_str()).collect(),
            categories: &entry.categories,
        }
    }
}

/// An article as JSON in a list, with what identifies it to other programs, and its relations to other
/// articles.
#[derive(Debug, Clone, Serialize)]
pub struct ListedArticleJson<'a> {
    #[serde(flatten)]
    article: ArticleJson<'a>,
    /// The path of the article's file within its folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    /// The publisher's id of an article that has no file.
    #[serde(skip_serializing_if = "Option::is_none")]
    guid: Option<&'a str>,
    /// The number of the story that the article shares with others.
    story: Option<StoryId>,
    /// The numbers of the other articles that are the same one.
    copies: &'a [EntryId],
}

impl<'a> ListedArticleJson<'a> {
    /// Returns the form of an entry in its feed.
    pub fn new(
        entry: &'a Entry,
        feed: Option<&'a Feed>,
        relations: &'a EntryRelations,
    ) -> ListedArticleJson<'a> {
        let EntryRelations { guid, story, copies } = relations;
        let is_file = feed.is_some_and(|feed| feed.kind == FeedKind::Folder);
        ListedArticleJson {
            article: ArticleJson::new(entry, feed),
            file: is_file.then_some(guid),
            guid: (!is_file).then_some(guid),
            story: *story,
            copies,
        }
    }
}

/// An article as JSON with its text.
#[derive(Serialize)]
struct FullArticleJson<'a> {
    version: u32,
    #[serde(flatten)]
    article: ArticleJson<'a>,
    feed_url: Option<Cow<'a, str>>,
    text: String,
    html: String,
}

/// Returns an article with its text as JSON on one line, without a line feed.
///
/// # Errors
///
/// Fails if the article cannot be written as JSON.
pub fn full_article_json(article: &ReadableArticle<'_>) -> Result<String, Failure> {
    let full = FullArticleJson {
        version: JSON_VERSION,
        article: ArticleJson::new(&article.entry, article.feed),
        feed_url: article.feed.map(|feed| redact_user_info(&feed.url)),
        text: article.document.plain_text(),
        html: article.document.to_html_fragment(),
    };
    serde_json::to_string(&full).map(escape_deceptive_json).map_err(|error| {
        let sentence = format!("Cannot write article {} as JSON: {error}", article.entry.id);
        Failure::new(FailureKind::Library, sentence)
    })
}

fn to_rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
