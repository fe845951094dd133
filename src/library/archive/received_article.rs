//! Articles of the archive as entries of feeds. What a stranger may have published is cleaned and limited as a feed is.

use super::publishable::{is_nameable_url, is_public_url};
use crate::{
    archive::{ArchivedArticle, ArticleKey},
    feed::{
        Enclosure, FeedChapter, FeedDates, ParsedEntry, Person, TextConstruct, ensure_headline,
    },
    model::BodyFormat,
    remote::{clean_html, clean_line, clean_name, clean_url},
    text::sanitize,
};

/// Maximum number of attached files of an article, and of chapters.
const MAX_FILES: usize = 200;

/// Maximum number of categories of an article.
const MAX_CATEGORIES: usize = 200;

/// An article that was received, with its feed.
pub(super) struct ReceivedArticle {
    /// The URL of the feed.
    pub(super) feed: String,
    /// The title of the feed.
    pub(super) feed_title: String,
    /// This reader can fetch the feed by itself, as far as the archive and the address tell.
    pub(super) is_fetchable: bool,
    /// The article.
    pub(super) entry: ParsedEntry,
}

/// Returns whether an article may be taken: its feed is on the web, and its guid can be stored as it is.
pub(super) fn is_receivable(key: &ArticleKey) -> bool {
    is_nameable_url(&key.feed) && sanitize::strip_controls(&key.guid) == key.guid
}

/// Converts an article; `None` if it may not be taken.
pub(super) fn receive_article(article: ArchivedArticle) -> Option<ReceivedArticle> {
    let key = article.key;
    if !is_receivable(&key) {
        return None;
    }
    let text = match article.body.format {
        BodyFormat::Html => TextConstruct::html(clean_html(article.body.text)),
        BodyFormat::Plain | BodyFormat::Markdown => {
            TextConstruct::plain(sanitize::to_text_block(&article.body.text).into_owned())
        }
    };
    let files = article.attachments.files.into_iter().take(MAX_FILES);
    let chapters = article.attachments.chapters.into_iter().take(MAX_FILES);
    let author = article.author.as_deref().and_then(clean_word);
    let mut entry = ParsedEntry {
        title: TextConstruct::plain(clean_line(&article.title)),
        link: article.link.as_deref().and_then(clean_url),
        id: Some(key.guid),
        content: vec![text],
        authors: author.into_iter().map(|name| Person { name: Some(name), email: None }).collect(),
        dates: FeedDates { published: Some(article.published.instant()), ..FeedDates::default() },
        enclosures: files
            .filter_map(|file| {
                Some(Enclosure {
                    href: clean_url(&file.url)?,
                    media_type: file.media_type.as_deref().and_then(clean_word),
                    length: file.length,
                    description: file.description.map(|text| clean_line(&text)),
                    seconds: file.seconds,
                })
            })
            .collect(),
        tags: article
            .categories
            .iter()
            .take(MAX_CATEGORIES)
            .filter_map(|category| clean_word(category))
            .collect(),
        comments: article.attachments.comments.as_deref().and_then(clean_url),
        ..ParsedEntry::default()
    };
    entry.extras.chapters = chapters
        .map(|chapter| FeedChapter {
            start_seconds: chapter.second,
            title: clean_line(&chapter.title),
            link: chapter.url.as_deref().and_then(clean_url),
        })
        .collect();
    ensure_headline(&mut entry);
    Some(ReceivedArticle {
        is_fetchable: !article.is_feed_private && is_public_url(&key.feed),
        feed: key.feed,
        feed_title: clean_name(&article.feed_title),
        entry,
    })
}

/// Returns a name on one line; `None` if nothing is left of it.
pub(super) fn clean_word(name: &str) -> Option<String> {
    Some(clean_name(name)).filter(|name| !name.is_empty())
}
