//! The full text of an article: fetches its web page and extracts the article.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::feed_source::FeedSources;
use crate::{
    extract::{self, ExtractedArticle},
    feed,
    model::{Failure, FailureKind, FullTextArticle},
    net::{FetchLimits, FetchRequest},
    text::{UrlTrust, url},
};

/// Maximum size of a page, in bytes.
const MAX_PAGE_BYTES: u64 = 8 << 20;

/// Time limit for the whole page.
const PAGE_TIMEOUT: Duration = Duration::from_secs(30);

/// A web page and the article in it.
pub struct FetchedPage {
    /// The URL of the page, after all redirects.
    pub url: String,
    /// The article.
    pub article: ExtractedArticle,
}

/// Fetches the page at `url` and extracts the article.
///
/// # Errors
///
/// Fails if the page cannot be fetched, is too large, or contains no article.
pub fn fetch_page(
    sources: &FeedSources,
    url: &str,
    trust: UrlTrust,
) -> Result<FetchedPage, Failure> {
    let to_failure = |reason: String| {
        let host = url::host(url);
        Failure::new(FailureKind::Feed, format!("No full text from {host}: {reason}"))
    };
    let request = FetchRequest::new(url, trust);
    let limits = FetchLimits {
        max_body_bytes: MAX_PAGE_BYTES,
        total_timeout: PAGE_TIMEOUT,
        ..FetchLimits::default()
    };
    let response = sources
        .http
        .fetch(&request, &limits)
        .map_err(|error| to_failure(error.problem.to_string()))?;
    if !(200..300).contains(&response.status) {
        return Err(to_failure(format!("the server answered {}", response.status)));
    }
    if response.truncated {
        return Err(to_failure(format!("the page is larger than {} MiB", MAX_PAGE_BYTES >> 20)));
    }
    let content_type = response.headers.content_type.as_deref();
    if content_type.is_some_and(|content_type| !is_web_page(content_type)) {
        return Err(to_failure("it is not a web page".to_owned()));
    }
    let text = feed::decode_text(&response.body, content_type);
    let article = extract::extract_article(&text, &response.url, &sources.extract_rules)
        .map_err(|error| to_failure(error.to_string()))?;
    Ok(FetchedPage { url: response.url.clone(), article })
}

impl FetchedPage {
    /// Converts the page to the full text of an entry, fetched at `fetched_at` and shown in place
    /// of the feed's text.
    pub fn into_full_text(self, fetched_at: DateTime<Utc>) -> FullTextArticle {
        FullTextArticle { url: self.url, html: self.article.html, shown: true, fetched_at }
    }
}

/// Returns true if `content_type` is the media type of a page that may contain an article.
fn is_web_page(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or(content_type).trim();
    ["text/html", "application/xhtml+xml", "text/plain"]
        .iter()
        .any(|page_type| media_type.eq_ignore_ascii_case(page_type))
}
