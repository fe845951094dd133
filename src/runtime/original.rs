//! The full text of an article: its page is fetched, and the article taken out of it.

use std::time::Duration;

use super::{Sources, event_loop::moment};
use crate::{
    extract::{self, Article},
    feed,
    model::{Failure, FailureKind, Original},
    net::{Limits, Request},
    text::address,
};

/// Bytes of a page at the most.
const MAX_BYTES: u64 = 8 << 20;

/// Time for all of a page.
const TIME: Duration = Duration::from_secs(30);

/// A page, and the article in it.
pub struct Page {
    /// Where it was, after all redirects.
    pub url: String,
    /// The article.
    pub article: Article,
}

/// Fetches the page at `url` and takes the article out of it. An address that the user gave may be on a private
/// network; one that a feed brought may not.
pub fn page(sources: &Sources, url: &str, given: bool) -> Result<Page, Failure> {
    let failed = |reason: String| {
        let host = address::host(url);
        Failure::new(FailureKind::Feed, format!("No full text from {host}: {reason}"))
    };
    let request = Request { given, ..Request::given(url) };
    let limits = Limits { bytes: MAX_BYTES, total: TIME, ..Limits::default() };
    let response =
        sources.fetch.fetch(&request, &limits).map_err(|error| failed(error.problem.to_string()))?;
    if !(200..300).contains(&response.status) {
        return Err(failed(format!("the server answered {}", response.status)));
    }
    if response.truncated {
        return Err(failed(format!("the page is larger than {} MiB", MAX_BYTES >> 20)));
    }
    let kind = response.headers.content_type.as_deref();
    if kind.is_some_and(|kind| !is_page(kind)) {
        return Err(failed("it is no web page".to_owned()));
    }
    let text = feed::text(&response.body, kind);
    let article =
        extract::extract(&text, &response.url, &sources.rules).map_err(|error| failed(error.to_string()))?;
    Ok(Page { url: response.url.clone(), article })
}

/// What is kept of a page.
pub(super) fn original(page: Page) -> Original {
    Original { url: page.url, html: page.article.html, shown: true, at: moment().at }
}

fn is_page(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or(kind).trim();
    ["text/html", "application/xhtml+xml", "text/plain"].iter().any(|page| kind.eq_ignore_ascii_case(page))
}
