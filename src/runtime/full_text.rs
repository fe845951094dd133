//! The full text of an article: its page is fetched, and the article taken out of it.

use std::time::Duration;

use super::{FeedSources, event_loop::local_now};
use crate::{
    extract::{self, ExtractedArticle},
    feed,
    model::{Failure, FailureKind, FullTextArticle},
    net::{FetchLimits, FetchRequest},
    text::url,
};

/// Bytes of a page at the most.
const MAX_PAGE_BYTES: u64 = 8 << 20;

/// Time for all of a page.
const PAGE_TIMEOUT: Duration = Duration::from_secs(30);

/// A page, and the article in it.
pub struct FetchedPage {
    /// Where it was, after all redirects.
    pub url: String,
    /// The article.
    pub article: ExtractedArticle,
}

/// Fetches the page at `url` and takes the article out of it. An address that the user gave may be on a private
/// network; one that a feed brought may not.
pub fn fetch_page(sources: &FeedSources, url: &str, given: bool) -> Result<FetchedPage, Failure> {
    let failed = |reason: String| {
        let host = url::host(url);
        Failure::new(FailureKind::Feed, format!("No full text from {host}: {reason}"))
    };
    let request = FetchRequest { user_supplied: given, ..FetchRequest::user_supplied(url) };
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

/// What is kept of a page.
pub(super) fn full_text_of(page: FetchedPage) -> FullTextArticle {
    FullTextArticle {
        url: page.url,
        html: page.article.html,
        shown: true,
        fetched_at: local_now().at,
    }
}

fn is_web_page(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or(kind).trim();
    ["text/html", "application/xhtml+xml", "text/plain"]
        .iter()
        .any(|page| kind.eq_ignore_ascii_case(page))
}
