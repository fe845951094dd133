//! The full text of an article: fetches its page and extracts the article.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::feed_source::FeedSources;
use crate::{
    extract::{self, ExtractedArticle},
    feed,
    model::{Failure, FailureKind, FullTextArticle},
    net::{FetchLimits, FetchRequest},
    text::url,
};

/// Largest page that is read, in bytes.
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
/// `user_supplied` tells whether the user gave the URL, or the feed's URL on the same host: only then may it be on a
/// private network.
pub fn fetch_page(
    sources: &FeedSources,
    url: &str,
    user_supplied: bool,
) -> Result<FetchedPage, Failure> {
    let failed = |reason: String| {
        let host = url::host(url);
        Failure::new(FailureKind::Feed, format!("No full text from {host}: {reason}"))
    };
    let request = FetchRequest { user_supplied, ..FetchRequest::user_supplied(url) };
    let limits = FetchLimits {
        max_body_bytes: MAX_PAGE_BYTES,
        total_timeout: PAGE_TIMEOUT,
        ..FetchLimits::default()
    };
    let response =
        sources.http.fetch(&request, &limits).map_err(|error| failed(error.problem.to_string()))?;
    if !(200..300).contains(&response.status) {
        return Err(failed(format!("the server answered {}", response.status)));
    }
    if response.truncated {
        return Err(failed(format!("the page is larger than {} MiB", MAX_PAGE_BYTES >> 20)));
    }
    let kind = response.headers.content_type.as_deref();
    if kind.is_some_and(|kind| !is_web_page(kind)) {
        return Err(failed("it is no web page".to_owned()));
    }
    let text = feed::decode_text(&response.body, kind);
    let article = extract::extract_article(&text, &response.url, &sources.extract_rules)
        .map_err(|error| failed(error.to_string()))?;
    Ok(FetchedPage { url: response.url.clone(), article })
}

impl FetchedPage {
    /// Converts the page to the full text of an entry, fetched at `fetched_at` and shown in place of the feed's text.
    pub fn into_full_text(self, fetched_at: DateTime<Utc>) -> FullTextArticle {
        FullTextArticle { url: self.url, html: self.article.html, shown: true, fetched_at }
    }
}

fn is_web_page(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or(kind).trim();
    ["text/html", "application/xhtml+xml", "text/plain"]
        .iter()
        .any(|page| kind.eq_ignore_ascii_case(page))
}
