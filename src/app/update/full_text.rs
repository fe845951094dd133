//! The full text of an article, fetched from its page.

use std::collections::HashMap;

use crate::{
    app::{Actions, ArticleView, BackgroundJobs, Effect, Effects, Notice, StoreWrite},
    model::{Entry, EntryId, Feed, FeedId, FullTextPolicy, TextSource},
    text::{UrlTrust, count_noun},
};

/// The notice while a full text is fetched.
pub(super) const FETCHING: &str = "Fetching the full text…";

/// Fetches the full text of the selected article, or switches between it and the feed's text if it
/// was fetched before.
pub(super) fn toggle_full_text(
    view: Option<&ArticleView>,
    entry: Option<&Entry>,
    feed: Option<&Feed>,
    jobs: &mut BackgroundJobs,
) -> Actions {
    let Some(view) = view else { return Notice::no_article().into() };
    let id = view.entry_id();
    if let Some(full_text) = view.full_text() {
        let (other, text) = match full_text.shown {
            TextSource::Page => (TextSource::Feed, "Text of the feed".to_owned()),
            TextSource::Feed => {
                (TextSource::Page, format!("Full text from {}", full_text.host_or_page()))
            }
        };
        return Actions::from(Notice::info(text)).and(StoreWrite::ShowText(id, other));
    }
    let Some(entry) = entry.filter(|entry| entry.id == id) else { return Actions::none() };
    match (entry.link.clone(), full_text_policy(feed)) {
        (_, FullTextPolicy::Never) => Notice::info("Full text of this feed is set to never").into(),
        (None, _) => Notice::info("This article has no URL").into(),
        (Some(link), _) => {
            Actions::from(Notice::info(FETCHING)).and(start_full_text_fetch(id, link, feed, jobs))
        }
    }
}

/// Fetches the full text of an opened article once, if the policy of its feed is `Always`. Moving
/// the selection over the list fetches nothing.
pub(in crate::app) fn fetch_automatic_full_text(
    view: &ArticleView,
    entry: &Entry,
    feed: Option<&Feed>,
    jobs: &mut BackgroundJobs,
) -> Effects {
    let is_due = entry.id == view.entry_id()
        && view.full_text().is_none()
        && !jobs.is_without_full_text(entry.id)
        && full_text_policy(feed) == FullTextPolicy::Always;
    match &entry.link {
        Some(link) if is_due => start_full_text_fetch(entry.id, link.clone(), feed, jobs),
        _ => Effects::none(),
    }
}

/// Fetches the full texts of articles, of those with a URL whose feeds allow that.
pub(super) fn start_full_text_fetches(
    entries: &[Entry],
    feeds: &HashMap<FeedId, &Feed>,
    jobs: &mut BackgroundJobs,
) -> Actions {
    let (mut effects, mut count, mut without_url, mut never) =
        (Effects::none(), 0_usize, 0, 0_usize);
    for entry in entries {
        let feed = feeds.get(&entry.feed).copied();
        match &entry.link {
            _ if full_text_policy(feed) == FullTextPolicy::Never => never += 1,
            None => without_url += 1,
            Some(link) => {
                effects = effects.and(start_full_text_fetch(entry.id, link.clone(), feed, jobs));
                count += 1;
            }
        }
    }
    let never = match never {
        0 => String::new(),
        count => format!("; {} set to never", count_noun(count, "article")),
    };
    let text = format!("Fetching {}{never}", count_noun(count, "full text"));
    Actions::from(Notice::about_urls(text, without_url)).and(effects)
}

fn start_full_text_fetch(
    id: EntryId,
    link: String,
    feed: Option<&Feed>,
    jobs: &mut BackgroundJobs,
) -> Effects {
    let trust = link_trust(feed, &link);
    jobs.start_full_text(id).then_some(Effect::FetchFullText(id, link, trust)).into()
}

/// Returns the trust in a URL of a feed.
pub(super) fn link_trust(feed: Option<&Feed>, link: &str) -> UrlTrust {
    UrlTrust::of_link(link, feed.and_then(|feed| feed.network.private_origin()))
}

fn full_text_policy(feed: Option<&Feed>) -> FullTextPolicy {
    feed.map_or(FullTextPolicy::OnRequest, |feed| feed.subscription.fetch.full_text)
}
