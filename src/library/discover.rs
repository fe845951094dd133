//! Discovery of the feeds behind an address, with a preview of each.
//!
//! Start with [`discover_feeds`].

use std::{borrow::Cow, collections::HashSet};

use super::{
    feed_source::{DocumentRequest, FeedSources, network_of_response},
    subscribe::is_feed_document,
    user_address::{UserAddress, parse_user_address},
};
use crate::{
    feed::{self, FeedDocument, FeedParseError, ParseHints},
    model::{
        DiscoveredSite, Failure, FailureKind, Feed, FeedCandidate, FeedKind, FeedNetwork,
        FetchOptions, Validators,
    },
    net::{FetchError, FetchResponse, HeaderLink, NetworkScope},
    refresh::path_to_file_url,
    store::split_credentials,
    text::{
        UrlTrust,
        url::{self, Url},
    },
};

/// Maximum number of entry titles in the preview of a feed.
const MAX_PREVIEW_TITLES: usize = 5;

/// Maximum number of URLs of one kind that are fetched to find out whether they are feeds.
const MAX_PROBED_URLS: usize = 8;

/// Maximum number of pages that are searched because the one before leads there.
const MAX_PAGE_REFRESHES: usize = 5;

/// Finds the feeds behind the address that the user typed, with the options of the request that the
/// feeds will have. `subscribed` are the feeds of the user, which are marked.
///
/// Tries, in this order: the feeds of a known site, the document itself, the feeds that the page
/// declares, the page to which it leads, the links of the page that look like feeds, and the usual paths of feeds, of which it
/// returns the first that is a feed. The documents are kept for the first refresh.
///
/// # Errors
///
/// Fails if the text is not an address, the document cannot be fetched, or no feed is found.
pub fn discover_feeds(
    sources: &FeedSources,
    subscribed: &[Feed],
    typed: &str,
    options: &FetchOptions,
) -> Result<DiscoveredSite, Failure> {
    let (kind, url) = document_of_address(parse_user_address(typed)?)?;
    let (url, options) = split_credentials(&url, options);
    let mut search = FeedSearch {
        sources,
        subscribed,
        options: &options,
        kind,
        site: DiscoveredSite { url, ..DiscoveredSite::default() },
        seen: HashSet::new(),
        network: None,
    };
    search.run(typed)?;
    Ok(search.into_site())
}

/// Returns the options for a request to `url`, when the user gave `options` for `owner`: the user,
/// the password and the headers are for the origin of `owner` only.
fn options_for_origin(options: &FetchOptions, owner: &str, url: &str) -> FetchOptions {
    if owner == url || url::same_origin(owner, url) {
        return options.clone();
    }
    FetchOptions {
        user: None,
        password_source: None,
        stored_password: None,
        headers: Vec::new(),
        ..options.clone()
    }
}

/// Returns the kind and the URL of the document at `address`.
fn document_of_address(address: UserAddress) -> Result<(FeedKind, String), Failure> {
    match address {
        UserAddress::Url(url) => Ok((FeedKind::Web, url)),
        UserAddress::Program(url) => Ok((FeedKind::Program, url)),
        UserAddress::Path(path) if is_feed_document(&path) => {
            Ok((FeedKind::Web, path_to_file_url(&path)))
        }
        UserAddress::Path(path) => Err(search_failure(format!(
            "{} is a folder or a file of articles, not a feed; it can be subscribed to as it is",
            path.display()
        ))),
    }
}

fn search_failure(sentence: String) -> Failure {
    Failure::new(FailureKind::Feed, sentence)
}

/// A document that a site names, with the URL and the options of the request.
struct LinkedDocument {
    url: String,
    options: FetchOptions,
    response: FetchResponse,
}

/// A search for the feeds of a site.
struct FeedSearch<'a> {
    sources: &'a FeedSources,
    subscribed: &'a [Feed],
    options: &'a FetchOptions,
    kind: FeedKind,
    /// The result; its URL is the one to whose origin the options belong.
    site: DiscoveredSite,
    /// The URLs from which documents came.
    seen: HashSet<String>,
    /// The network in which the document was that the user named, once it is known.
    network: Option<NetworkScope>,
}

impl FeedSearch<'_> {
    fn run(&mut self, typed: &str) -> Result<(), Failure> {
        self.probe(feed::known_site_feeds(&self.site.url), MAX_PROBED_URLS);
        if !self.site.feeds.is_empty() {
            return Ok(());
        }
        let response = self.fetch_typed_document(typed)?;
        self.network = response.network;
        match parse_response(&response) {
            Ok(parsed) => {
                let url = self.site.url.clone();
                self.add_feed(url, self.options, response, &parsed);
            }
            Err(error)
                if !self.is_web_url()
                    || matches!(
                        error,
                        FeedParseError::InvalidJson { .. } | FeedParseError::TooComplex { .. }
                    ) =>
            {
                return Err(search_failure(format!(
                    "Cannot read {} as a feed: {error}",
                    url::without_user_info(typed.trim())
                )));
            }
            Err(FeedParseError::Empty) if response.status == 204 => {
                return Err(self.fetch_failure("the server answered without content (204)"));
            }
            Err(_) => self.search_page(response),
        }
        if self.site.feeds.is_empty() {
            let refusals: Vec<String> =
                self.site.notes.iter().map(|note| format!(". {note}")).collect();
            return Err(search_failure(format!(
                "No feed found at {}{}",
                self.site.url,
                refusals.concat()
            )));
        }
        Ok(())
    }

    /// Searches a page and its headers, and the pages to which it leads; each step is tried only if
    /// those before found nothing.
    fn search_page(&mut self, mut response: FetchResponse) {
        for _ in 0..MAX_PAGE_REFRESHES {
            self.probe(declared_feeds(&response), MAX_PROBED_URLS);
            if !self.site.feeds.is_empty() {
                return;
            }
            let target = feed::refresh_target(&page_text(&response), &response.url);
            let Some(document) = target.and_then(|url| self.fetch_linked(&url)) else { break };
            if let Ok(parsed) = parse_response(&document.response) {
                let LinkedDocument { url, options, response } = document;
                return self.add_feed(url, &options, response, &parsed);
            }
            response = document.response;
        }
        self.probe(
            feed::find_feed_links(&page_text(&response), &response.url).linked,
            MAX_PROBED_URLS,
        );
        if self.site.feeds.is_empty() {
            self.probe(feed::guess_feed_urls(&response.url), 1);
        }
    }

    /// Fetches at most [`MAX_PROBED_URLS`] of `urls` and adds those that are feeds, at most
    /// `max_feeds`.
    fn probe(&mut self, urls: Vec<String>, max_feeds: usize) {
        for url in urls.into_iter().take(MAX_PROBED_URLS) {
            if self.site.feeds.len() == max_feeds {
                return;
            }
            let Some(LinkedDocument { url, options, response }) = self.fetch_linked(&url) else {
                continue;
            };
            if let Ok(parsed) = parse_response(&response) {
                self.add_feed(url, &options, response, &parsed);
            }
        }
    }

    /// Fetches a document that the site names; `None` if it cannot be read.
    ///
    /// Notes if it was refused because it is in the private network; other failures are no concern of
    /// the user, who did not name the URL.
    fn fetch_linked(&mut self, url: &str) -> Option<LinkedDocument> {
        let url = url::without_user_info(url).into_owned();
        let options = options_for_origin(self.options, &self.site.url, &url);
        match self.fetch(&url, &options, self.trust_in(&url)) {
            Ok(response) if (200..300).contains(&response.status) => {
                Some(LinkedDocument { url, options, response })
            }
            Ok(_) => None,
            Err(error) => {
                if error.is_private_address() {
                    self.site.notes.push(format!("{url} was not fetched: {}", error.problem));
                }
                None
            }
        }
    }

    /// Adds a feed, unless another URL led to the same document.
    fn add_feed(
        &mut self,
        url: String,
        options: &FetchOptions,
        response: FetchResponse,
        parsed: &FeedDocument,
    ) {
        if !self.seen.insert(response.url.clone()) {
            return;
        }
        if options != self.options {
            let host = url::host(&url);
            self.site.notes.push(format!(
                "The user name, password and headers are not sent to {host}, another server"
            ));
        }
        let mut candidate = build_candidate(url, parsed);
        candidate.fetch = options.clone();
        candidate.network = self.candidate_network(&candidate.url, &response);
        candidate.is_subscribed = self.subscribed.iter().any(|feed| {
            [&candidate.url, &response.url].iter().any(|url| is_same_url(url, &feed.url))
        });
        self.sources.fetched_feeds.keep(&candidate.url, options, response);
        self.site.feeds.push(candidate);
    }

    /// Fetches the document that the user named. If that fails and the user typed no scheme, tries
    /// plain HTTP: a host in the user's own network may not have HTTPS.
    fn fetch_typed_document(&mut self, typed: &str) -> Result<FetchResponse, Failure> {
        let problem = match self.fetch_successfully(&self.site.url) {
            Ok(response) => return Ok(response),
            Err(problem) => problem,
        };
        let Some(http_url) = plain_http_url(typed, &self.site.url) else {
            return Err(self.fetch_failure(&problem));
        };
        if self.options.has_secrets() {
            return Err(self.fetch_failure(&format!(
                "{problem}; http:// was not tried, because others could read the password"
            )));
        }
        match self.fetch_successfully(&http_url) {
            Ok(response) => {
                let host = url::host(&http_url);
                self.site
                    .notes
                    .push(format!("{host} was read over http, because https failed: {problem}"));
                self.site.url = http_url;
                Ok(response)
            }
            Err(http_problem) if http_problem == problem => Err(self.fetch_failure(&problem)),
            Err(http_problem) => {
                Err(self.fetch_failure(&format!("{problem}; over http://, {http_problem}")))
            }
        }
    }

    /// Fetches a document that the user named; a status that is no success is a problem.
    fn fetch_successfully(&self, url: &str) -> Result<FetchResponse, String> {
        let response = self
            .fetch(url, self.options, UrlTrust::UserSupplied)
            .map_err(|error| error.problem.to_string())?;
        match response.status {
            200..300 => Ok(response),
            401 => Err("it wants a user name and a password (401); `newsreader feed add --help` \
                        names the options for them"
                .to_owned()),
            403 => {
                Err("the server does not let us in (403); it may want another --user-agent, see \
                        `newsreader feed add --help`"
                    .to_owned())
            }
            status => Err(format!("the server answered {status}")),
        }
    }

    fn fetch(
        &self,
        url: &str,
        options: &FetchOptions,
        trust: UrlTrust,
    ) -> Result<FetchResponse, FetchError> {
        self.sources.fetch_document(&DocumentRequest {
            kind: self.kind,
            url,
            label: url::host(url),
            options,
            validators: &Validators::default(),
            trust,
            memory_budget: None,
        })
    }

    /// Returns the trust in a URL: only the origin that the user typed may be in the private network,
    /// and a page that was found in public leads nowhere else.
    fn trust_in(&self, url: &str) -> UrlTrust {
        let typed = Some(&*self.site.url).filter(|_| self.network != Some(NetworkScope::Public));
        UrlTrust::of_link(url, typed)
    }

    /// Returns the network of a feed. One that is not known, because of a proxy, is the public one for a
    /// feed that only a page has named.
    fn candidate_network(&self, url: &str, response: &FetchResponse) -> FeedNetwork {
        match network_of_response(url, response) {
            FeedNetwork::Unknown if self.is_web_url() && !url::same_origin(url, &self.site.url) => {
                FeedNetwork::Public
            }
            network => network,
        }
    }

    fn is_web_url(&self) -> bool {
        url::parse_web_url(&self.site.url).is_some()
    }

    fn fetch_failure(&self, problem: &str) -> Failure {
        search_failure(format!("Cannot fetch {}: {problem}", self.site.url))
    }

    /// Returns the site, with feeds of posts before feeds of comments, and each note once.
    fn into_site(self) -> DiscoveredSite {
        let mut site = self.site;
        site.feeds.sort_by_key(|feed| feed::is_comment_feed(&feed.url, &feed.title));
        site.notes.dedup();
        site
    }
}

/// Returns the text of a page.
fn page_text(response: &FetchResponse) -> Cow<'_, str> {
    feed::decode_text(&response.body, response.headers.content_type.as_deref())
}

/// Returns the feeds that a page and its headers declare.
fn declared_feeds(response: &FetchResponse) -> Vec<String> {
    let in_headers = response.headers.links.iter().filter_map(|link| {
        let HeaderLink { target, rel, media_type } = link;
        let url = url::resolve(target, Some(&response.url));
        url.filter(|_| feed::is_feed_relation(rel, media_type))
    });
    let links = feed::find_feed_links(&page_text(response), &response.url);
    links.declared.into_iter().chain(in_headers).collect()
}

/// Returns the `http://` form of the URL that was completed from `typed`; `None` if the user typed a
/// scheme.
pub(super) fn plain_http_url(typed: &str, url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").filter(|_| !typed.contains("://"))?;
    Some(format!("http://{rest}"))
}

/// Returns true if both are the same URL, however written, without their fragments.
fn is_same_url(one: &str, other: &str) -> bool {
    let parse = |text: &str| {
        url::parse_web_url(text).map(|mut url: Url| {
            url.set_fragment(None);
            url
        })
    };
    one == other || parse(one).is_some_and(|one| parse(other) == Some(one))
}

fn parse_response(response: &FetchResponse) -> Result<FeedDocument, FeedParseError> {
    let hints = ParseHints {
        content_type: response.headers.content_type.as_deref(),
        location: Some(&response.url),
    };
    feed::parse(&response.body, hints)
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
        is_subscribed: false,
        fetch: FetchOptions::default(),
        network: FeedNetwork::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_for_origin_keeps_secrets_at_their_origin() {
        let options = FetchOptions {
            user: Some("ann".to_owned()),
            password_source: Some("env:PW".to_owned()),
            headers: vec!["X-Key: 7".to_owned()],
            user_agent: Some("Reader/1".to_owned()),
            ..FetchOptions::default()
        };
        let at = |url: &str| options_for_origin(&options, "https://post.example/", url);
        assert_eq!(at("https://POST.example:443/feed"), options);
        for url in
            ["https://other.example/feed", "http://post.example/feed", "https://post.example:8443/"]
        {
            let user_agent = Some("Reader/1".to_owned());
            assert_eq!(at(url), FetchOptions { user_agent, ..FetchOptions::default() }, "{url}");
        }
    }
}
