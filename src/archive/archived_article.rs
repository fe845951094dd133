//! Articles as an archive keeps them.

use super::FetchedFeed;
use crate::{
    model::{Attachments, BodyFormat, EntryBody, PublicationDate},
    query::FoldedText,
    text::{stable_digest, url::MAX_URL_BYTES},
};

/// Maximum number of articles of one request, so that what an answer takes of memory is known.
pub const ARTICLES_PER_REQUEST: usize = 200;

/// Maximum length of the URL of a feed, in bytes.
const MAX_FEED_URL_BYTES: usize = 2000;

/// Maximum length of the title of a feed, in bytes.
const MAX_FEED_TITLE_BYTES: usize = 4000;

/// Maximum length of a title or an author, in bytes.
const MAX_LINE_BYTES: usize = 64 << 10;

/// Maximum length of the categories of an article, and of its attachments, in bytes.
const MAX_LIST_BYTES: usize = 1 << 20;

/// Maximum length of a body in bytes, as that of a feed document. A longer one is damaged or hostile.
pub(super) const MAX_BODY_BYTES: usize = 16 << 20;

/// The two things by which an article is unique in an archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleKey {
    /// The URL of the feed.
    pub feed: String,
    /// The id that the publisher gave the article.
    pub guid: String,
}

/// An article with the name of its feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedArticle {
    /// The feed and the guid.
    pub key: ArticleKey,
    /// The title of the feed.
    pub feed_title: String,
    /// The feed is one that not everybody may fetch: a user shares it.
    pub is_feed_private: bool,
    /// The title.
    pub title: String,
    /// The author.
    pub author: Option<String>,
    /// The URL of the article's web page.
    pub link: Option<String>,
    /// The date of publication.
    pub published: PublicationDate,
    /// The categories of the publisher.
    pub categories: Vec<String>,
    /// Attached files and links.
    pub attachments: Attachments,
    /// The text; empty in hits without texts.
    pub body: EntryBody,
}

impl ArchivedArticle {
    /// Returns whether an archive stores the article: its tables have the same limits, in bytes, so that a longer one
    /// would keep others from being stored.
    pub fn is_within_limits(&self) -> bool {
        let ArchivedArticle {
            key,
            feed_title,
            title,
            author,
            link,
            categories,
            attachments,
            body,
            ..
        } = self;
        let length = |text: &Option<String>| text.as_deref().map_or(0, str::len);
        let attachments = serde_json::to_string(attachments).map_or(usize::MAX, |json| json.len());
        (1..=MAX_FEED_URL_BYTES).contains(&key.feed.len())
            && key.guid.len() <= MAX_URL_BYTES
            && feed_title.len() <= MAX_FEED_TITLE_BYTES
            && title.len().max(length(author)) <= MAX_LINE_BYTES
            && length(link) <= MAX_URL_BYTES
            && categories.iter().map(|category| category.len() + 1).sum::<usize>() <= MAX_LIST_BYTES
            && attachments <= MAX_LIST_BYTES
            && body.text.len() <= MAX_BODY_BYTES
    }

    /// Returns a digest of everything that readers see, by which an edit is noticed.
    pub fn content_digest(&self) -> u64 {
        let attachments = serde_json::to_string(&self.attachments).unwrap_or_default();
        let categories = self.categories.join("\n");
        let date = format!("{:?}", self.published);
        stable_digest(&[
            self.title.as_bytes(),
            self.author.as_deref().unwrap_or_default().as_bytes(),
            self.link.as_deref().unwrap_or_default().as_bytes(),
            date.as_bytes(),
            categories.as_bytes(),
            attachments.as_bytes(),
            format_name(self.body.format).as_bytes(),
            self.body.text.as_bytes(),
        ])
    }
}

/// Returns the name under which archives store a format.
pub(super) fn format_name(format: BodyFormat) -> &'static str {
    match format {
        BodyFormat::Plain => "plain",
        BodyFormat::Markdown => "markdown",
        BodyFormat::Html => "html",
    }
}

/// An article that is to be published, with the words by which it is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedArticle {
    /// The article.
    pub article: ArchivedArticle,
    /// Its folded text, as this reader's own index has it.
    pub text: FoldedText,
}

/// Articles and fetched feeds that a reader publishes at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArticlePublication {
    /// The id of this reader, as in its leases.
    pub reader: String,
    /// The articles.
    pub articles: Vec<PublishedArticle>,
    /// The feeds that were fetched, with news or without.
    pub fetched: Vec<FetchedFeed>,
}

/// The numbers of articles that a publication has changed, and left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PublicationOutcome {
    /// Number of articles that are new to the archive.
    pub new: usize,
    /// Number of articles that it had in another form.
    pub edited: usize,
    /// Number of articles that it had as they are, or that were pruned from it.
    pub known: usize,
    /// Number of articles that are longer than an archive stores. They are left out.
    pub too_long: usize,
}

/// A place in the order in which articles have arrived in an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveCursor {
    /// Before about this number of the articles that were published last, for a reader that begins.
    Newest(u64),
    /// After an arrival, for a reader that has begun so.
    Joining(ArchiveStart, i64),
    /// After an arrival.
    After(i64),
}

/// The choice of what a reader takes of the articles that an archive had when it began. It takes all that arrive later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ArchiveStart {
    /// The last arrival of that time; 0 for a reader that takes everything.
    pub last_arrival: i64,
    /// The date by which the archive sorts the first article that is taken, in seconds since 1970; `None` if none is.
    pub published_from: Option<i64>,
}

impl ArchiveStart {
    /// Returns the last arrival and the date of the first article of what follows an arrival, as long as only a part is
    /// taken.
    pub(super) fn part_after(self, after: i64) -> Option<(i64, i64)> {
        Some((self.last_arrival, self.published_from?)).filter(|(last, _)| after < *last)
    }
}

/// Articles in the order of their arrival.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArticleArrivals {
    /// The articles.
    pub articles: Vec<ArchivedArticle>,
    /// The part of the archive that a reader takes which begins with them.
    pub start: ArchiveStart,
    /// The number of the last arrival that was looked at.
    pub cursor: i64,
    /// There are more.
    pub has_more: bool,
    /// Number of articles whose text is damaged or too long. They are left out.
    pub unreadable: usize,
}
