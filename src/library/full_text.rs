//! The full text of an article: fetches its web page and extracts the article.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::feed_source::FeedSources;
use crate::{
    extract::{self, ExtractedArticle},
    feed, markup,
    model::{BodyFormat, EntryBody, Failure, FailureKind, FullTextArticle},
    net::{FetchLimits, FetchRequest},
    text::{UrlTrust, url},
};

/// Maximum size of a page, in bytes.
const MAX_PAGE_BYTES: u64 = 8 << 20;

/// Time limit for the whole page.
const PAGE_TIMEOUT: Duration = Duration::from_secs(30);

/// Number of characters by which HTML is recognised.
const MAX_HTML_START: usize = 20;

/// A web page and the article in it.
pub struct FetchedPage {
    /// The URL of the page, after all redirects.
    pub url: String,
    /// The article.
    pub article: ExtractedArticle,
}

/// Fetches the page at `url` and extracts the article. `summary` is the text of the feed about the
/// article, as plain text; it may be blank.
///
/// # Errors
///
/// Fails if the page cannot be fetched, is too large, or contains no article.
pub fn fetch_page(
    sources: &FeedSources,
    url: &str,
    trust: UrlTrust,
    summary: &str,
) -> Result<FetchedPage, Failure> {
    fetch_article(sources, url, trust, summary).map_err(|reason| {
        let host = url::host(url);
        Failure::new(FailureKind::Feed, format!("No full text from {host}: {reason}"))
    })
}

/// Fetches like [`fetch_page`].
///
/// # Errors
///
/// Returns the reason, as the end of a sentence.
pub(super) fn fetch_article(
    sources: &FeedSources,
    url: &str,
    trust: UrlTrust,
    summary: &str,
) -> Result<FetchedPage, String> {
    let request = FetchRequest::new(url, trust);
    let limits = FetchLimits {
        max_body_bytes: MAX_PAGE_BYTES,
        total_timeout: PAGE_TIMEOUT,
        ..FetchLimits::default()
    };
    let response =
        sources.http.fetch(&request, &limits).map_err(|error| error.problem.to_string())?;
    if !(200..300).contains(&response.status) {
        return Err(format!("the server answered {}", response.status));
    }
    if response.truncated {
        return Err(format!("the page is larger than {} MiB", MAX_PAGE_BYTES >> 20));
    }
    let content_type = response.headers.content_type.as_deref();
    if content_type.is_some_and(|content_type| !is_web_page(content_type)) {
        return Err("it is not a web page".to_owned());
    }
    let text = feed::decode_text(&response.body, content_type);
    let article = if is_plain_text(content_type, &text) {
        extract::article_from_plain_text(&text)
    } else {
        let rules = &sources.extract_rules;
        extract::extract_article_with_summary(&text, &response.url, rules, summary)
    };
    let article = article.map_err(|error| error.to_string())?;
    Ok(FetchedPage { url: response.url.clone(), article })
}

impl FetchedPage {
    /// Converts the page to the full text of an entry, fetched at `fetched_at` and shown in place
    /// of the feed's text.
    pub fn into_full_text(self, fetched_at: DateTime<Utc>) -> FullTextArticle {
        FullTextArticle { url: self.url, html: self.article.html, shown: true, fetched_at }
    }
}

/// Returns the plain text of what a feed says about an article, for [`fetch_page`].
pub fn summary_text(body: &EntryBody) -> String {
    match body.format {
        BodyFormat::Html => markup::html_to_text(&body.text).into_owned(),
        BodyFormat::Plain | BodyFormat::Markdown => body.text.clone(),
    }
}

/// Returns true if a page is plain text: its media type says so, and its content does not begin
/// like HTML, for which some servers forget the type.
fn is_plain_text(content_type: Option<&str>, text: &str) -> bool {
    let is_type = content_type.is_some_and(|value| media_type(value) == "text/plain");
    let start: String = text.trim_start().chars().take(MAX_HTML_START).collect();
    let start = start.to_ascii_lowercase();
    is_type && !start.starts_with("<!doctype html") && !start.starts_with("<html")
}

/// Returns the media type without parameters, in lower case.
fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or(content_type).trim().to_ascii_lowercase()
}

/// Returns true if `content_type` is the media type of a page that may contain an article.
fn is_web_page(content_type: &str) -> bool {
    let page_types = ["text/html", "application/xhtml+xml", "text/plain"];
    page_types.contains(&media_type(content_type).as_str())
}
