//! Discovering the feeds behind a URL, with a preview of each.

use super::feed_source::FeedSources;
use crate::{
    feed::{self, FeedDocument, FeedParseError, ParseHints},
    model::{Failure, FailureKind, FeedCandidate},
    net::{FetchError, FetchResponse},
};

/// Maximum number of titles in the preview of a feed.
const MAX_PREVIEW_TITLES: usize = 5;

/// Maximum number of URLs that are probed.
const MAX_PROBED_URLS: usize = 8;

/// Finds the feeds behind the URL that the user typed: the feeds that a known site has, the document itself, the feeds
/// that the page links to, or else the first of the usual places.
pub fn discover_feeds(sources: &FeedSources, typed: &str) -> Result<Vec<FeedCandidate>, Failure> {
    let failed = |sentence: String| Failure::new(FailureKind::Feed, sentence);
    let url = feed::complete_user_url(typed)
        .ok_or_else(|| failed(format!("“{typed}” is no address of a site or feed")))?;
    let known = probe_feeds(sources, &feed::known_site_feeds(&url));
    if !known.is_empty() {
        return Ok(known);
    }
    let (url, response) = fetch_with_http_fallback(sources, typed, url)
        .map_err(|error| failed(format!("Cannot look at {error}")))?;
    if !(200..300).contains(&response.status) {
        return Err(failed(format!(
            "{url} gives no page and no feed (status {})",
            response.status
        )));
    }
    match parse_response(&response) {
        Ok(parsed) => Ok(vec![build_candidate(url, &parsed)]),
        Err(FeedParseError::WebPage | FeedParseError::NotAFeed | FeedParseError::Empty) => {
            let page = String::from_utf8_lossy(&response.body);
            let mut found = probe_feeds(sources, &feed::find_feed_links(&page, &response.url));
            if found.is_empty() {
                found = probe_feeds(sources, &feed::guess_feed_urls(&response.url));
                found.truncate(1);
            }
            if found.is_empty() {
                Err(failed(format!("No feed was found at {url}")))
            } else {
                Ok(found)
            }
        }
    }
}

/// Fetches `url`, and falls back to plain HTTP if the user typed no scheme: a host in the user's own network may have no
/// HTTPS. Returns the URL that answered.
fn fetch_with_http_fallback(
    sources: &FeedSources,
    typed: &str,
    url: String,
) -> Result<(String, FetchResponse), FetchError> {
    let error = match sources.fetch_url(&url) {
        Ok(response) => return Ok((url, response)),
        Err(error) => error,
    };
    let plain = url
        .strip_prefix("https://")
        .filter(|_| !typed.contains("://"))
        .map(|rest| format!("http://{rest}"));
    let Some(plain) = plain else { return Err(error) };
    sources.fetch_url(&plain).map(|response| (plain, response)).map_err(|_| error)
}

fn parse_response(response: &FetchResponse) -> Result<FeedDocument, FeedParseError> {
    let hints = ParseHints {
        content_type: response.headers.content_type.as_deref(),
        location: Some(&response.url),
    };
    feed::parse(&response.body, hints)
}

/// Fetches `urls` and returns those that are feeds.
fn probe_feeds(sources: &FeedSources, urls: &[String]) -> Vec<FeedCandidate> {
    let look = |url: &String| {
        let response =
            sources.fetch_url(url).ok().filter(|response| (200..300).contains(&response.status))?;
        Some(build_candidate(url.clone(), &parse_response(&response).ok()?))
    };
    urls.iter().take(MAX_PROBED_URLS).filter_map(look).collect()
}

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
