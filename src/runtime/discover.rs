//! Finding the feeds behind an address, with a look into each.

use super::source::Sources;
use crate::{
    feed::{self, Hints, ParseError, Parsed},
    model::{Candidate, Failure, FailureKind},
    net::{FetchError, Response},
};

/// Headlines that are shown of a feed.
const TITLES: usize = 5;

/// Feeds that are looked into.
const MAX: usize = 8;

/// The feeds at `typed`: the address itself, what is known of the site, what its page names, the usual places.
pub fn discover(sources: &Sources, typed: &str) -> Result<Vec<Candidate>, Failure> {
    let failed = |sentence: String| Failure::new(FailureKind::Feed, sentence);
    let url =
        feed::address(typed).ok_or_else(|| failed(format!("“{typed}” is no address of a site or feed")))?;
    let known = looked_into(sources, &feed::well_known(&url));
    if !known.is_empty() {
        return Ok(known);
    }
    let (url, response) =
        fetch(sources, typed, url).map_err(|error| failed(format!("Cannot look at {error}")))?;
    if !(200..300).contains(&response.status) {
        return Err(failed(format!("{url} gives no page and no feed (status {})", response.status)));
    }
    match read(&response) {
        Ok(parsed) => Ok(vec![candidate(url, &parsed)]),
        Err(ParseError::Page | ParseError::NotAFeed | ParseError::Empty) => {
            let page = String::from_utf8_lossy(&response.body);
            let mut found = looked_into(sources, &feed::links(&page, &response.url));
            if found.is_empty() {
                found = looked_into(sources, &feed::usual_places(&response.url));
                found.truncate(1);
            }
            if found.is_empty() { Err(failed(format!("No feed was found at {url}"))) } else { Ok(found) }
        }
    }
}

/// Fetches `url`. Who typed no scheme may mean a site that has no https, as in one's own network.
fn fetch(sources: &Sources, typed: &str, url: String) -> Result<(String, Response), FetchError> {
    let error = match sources.fetch(&url) {
        Ok(response) => return Ok((url, response)),
        Err(error) => error,
    };
    let plain =
        url.strip_prefix("https://").filter(|_| !typed.contains("://")).map(|rest| format!("http://{rest}"));
    let Some(plain) = plain else { return Err(error) };
    sources.fetch(&plain).map(|response| (plain, response)).map_err(|_| error)
}

fn read(response: &Response) -> Result<Parsed, ParseError> {
    let hints =
        Hints { content_type: response.headers.content_type.as_deref(), location: Some(&response.url) };
    feed::parse(&response.body, hints)
}

/// Those of `urls` that are feeds.
fn looked_into(sources: &Sources, urls: &[String]) -> Vec<Candidate> {
    let look = |url: &String| {
        let response = sources.fetch(url).ok().filter(|response| (200..300).contains(&response.status))?;
        Some(candidate(url.clone(), &read(&response).ok()?))
    };
    urls.iter().take(MAX).filter_map(look).collect()
}

fn candidate(url: String, parsed: &Parsed) -> Candidate {
    let title = parsed.feed.title.line();
    Candidate {
        title: if title.is_empty() { url.clone() } else { title },
        url,
        format: parsed.format.name(),
        entries: parsed.entries.len(),
        newest: parsed.entries.iter().filter_map(|entry| entry.dates.best()).max(),
        titles: parsed.entries.iter().take(TITLES).map(|entry| entry.title.line()).collect(),
    }
}
