//! Discovery of the feeds behind a URL, with a preview of each.
//!
//! Start with [`discover_feeds`].

use super::feed_source::FeedSources;
use crate::{
    feed::{self, FeedDocument, FeedParseError, ParseHints},
    model::{Failure, FailureKind, FeedCandidate},
    net::{FetchError, FetchResponse},
};

/// Maximum number of entry titles in the preview of a feed.
const MAX_PREVIEW_TITLES: usize = 5;

/// Maximum number of URLs that are fetched to find out whether they are feeds.
const MAX_PROBED_URLS: usize = 8;

/// Finds the feeds behind the URL that the user typed.
///
/// Tries, in this order: the feeds of a known site, the document itself, the feeds that the page
/// links to, and the usual paths of feeds, of which it returns the first that is a feed.
///
/// # Errors
///
/// Fails if the text is not a URL, the URL cannot be fetched, or no feed is found.
pub fn discover_feeds(sources: &FeedSources, typed: &str) -> Result<Vec<FeedCandidate>, Failure> {
    let to_failure = |sentence: String| Failure::new(FailureKind::Feed, sentence);
    let typed_url = feed::complete_user_url(typed)
        .map_err(|reason| to_failure(format!("“{typed}” {reason}")))?;
    let known_feeds = probe_feeds(sources, &feed::known_site_feeds(&typed_url));
    if !known_feeds.is_empty() {
        return Ok(known_feeds);
    }
    let (url, response) = fetch_with_http_fallback(sources, typed, typed_url)
        .map_err(|error| to_failure(format!("Cannot fetch {error}")))?;
    if !(200..300).contains(&response.status) {
        return Err(to_failure(format!(
            "Cannot fetch {url}: the server answered {}",
            response.status
        )));
    }
    match parse_response(&response) {
        Ok(parsed) => Ok(vec![build_candidate(url, &parsed)]),
        Err(FeedParseError::WebPage | FeedParseError::NotAFeed | FeedParseError::Empty) => {
            let page = String::from_utf8_lossy(&response.body);
            let mut candidates = probe_feeds(sources, &feed::find_feed_links(&page, &response.url));
            if candidates.is_empty() {
                candidates = probe_feeds(sources, &feed::guess_feed_urls(&response.url));
                candidates.truncate(1);
            }
            if candidates.is_empty() {
                Err(to_failure(format!("No feed found at {url}")))
            } else {
                Ok(candidates)
            }
        }
    }
}

/// Fetches `url`. If that fails and the user typed no scheme, tries plain HTTP: a host in the
/// user's own network may not have HTTPS. Returns the URL that worked.
fn fetch_with_http_fallback(
    sources: &FeedSources,
    typed: &str,
    url: String,
) -> Result<(String, FetchResponse), FetchError> {
    let error = match sources.fetch_url(&url) {
        Ok(response) => return Ok((url, response)),
        Err(error) => error,
    };
    let http_url = url
        .strip_prefix("https://")
        .filter(|_| !typed.contains("://"))
        .map(|rest| format!("http://{rest}"));
    let Some(http_url) = http_url else { return Err(error) };
    sources.fetch_url(&http_url).map(|response| (http_url, response)).map_err(|_| error)
}

fn parse_response(response: &FetchResponse) -> Result<FeedDocument, FeedParseError> {
    let hints = ParseHints {
        content_type: response.headers.content_type.as_deref(),
        location: Some(&response.url),
    };
    feed::parse(&response.body, hints)
}

/// Fetches at most [`MAX_PROBED_URLS`] of `urls` and returns those that are feeds.
fn probe_feeds(sources: &FeedSources, urls: &[String]) -> Vec<FeedCandidate> {
    let probe_url = |url: &String| {
        let response =
            sources.fetch_url(url).ok().filter(|response| (200..300).contains(&response.status))?;
        Some(build_candidate(url.clone(), &parse_response(&response).ok()?))
    };
    urls.iter().take(MAX_PROBED_URLS).filter_map(probe_url).collect()
}

/// Builds the preview of a feed. Its title is the URL if the feed has none.
fn build_candidate(url: String, parsed: &FeedDocument) -> FeedCandidate {
    let title = parsed.feed.title.to_single_line();
    FeedCandidate {
        title: if title.is_empty() { url.clone() } else { title },
        url,
        format: parsed.format.name(),
        entry_count: parsed.entries.len(),
        newest_published: parsed.entries.iter().filter_map(|entry| entry.dates.sort_date()).max(),
        entry_titles: parsed
            .entries
            .iter()
            .take(MAX_PREVIEW_TITLES)
            .map(|entry| entry.title.to_single_line())
            .collect(),
    }
}
