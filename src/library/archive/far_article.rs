//! Articles of the archive as rows of a list. What a stranger may have published is cleaned as it is when it is stored.

use super::received_article::clean_word;
use crate::{
    archive::{ArchivedMark, FarHit},
    model::{Entry, EntryId, EntryState, FarArticle, Feed, FeedId},
    remote::{clean_line, clean_url},
};

/// Converts a hit, with the name that its feed has in the library.
pub(super) fn to_far_article(hit: FarHit, feeds: &[Feed]) -> FarArticle {
    let FarHit { article, marks, .. } = hit;
    let known = feeds.iter().find(|feed| feed.url == article.key.feed);
    let name = known.map(|feed| feed.display_name().to_owned());
    let entry = Entry {
        id: EntryId(0),
        feed: FeedId(0),
        other_feeds: Vec::new(),
        title: clean_line(&article.title),
        link: article.link.as_deref().and_then(clean_url),
        author: article.author.as_deref().and_then(clean_word),
        site: name.or_else(|| clean_word(&article.feed_title)),
        published: article.published,
        state: EntryState {
            read: marks.contains(&ArchivedMark::Read),
            starred: marks.contains(&ArchivedMark::Starred),
            ..EntryState::default()
        },
        tags: Vec::new(),
        categories: Vec::new(),
        dropped_at: None,
        queued_seconds: None,
        story: None,
    };
    FarArticle { feed_url: article.key.feed, guid: article.key.guid, entry }
}
