//! The meaning of a response: for the schedule of a feed, its URL and its health.

use std::time;

use chrono::{DateTime, Duration, Utc};

use super::schedule::{PublisherHints, schedule_after_failure, schedule_after_success};
use crate::{
    feed::{self, FeedDocument, ParseHints},
    model::{
        Failure, Feed, FeedHealth, FeedRefreshState, FetchOptions, REDIRECTS_BEFORE_MOVE,
        Validators,
    },
    net::{self, Credentials, FetchError, FetchLimits, FetchRequest, FetchResponse},
    text::{count_noun, stable_digest, url},
};

/// The outcome of a request for a feed.
#[derive(Debug)]
pub struct FeedOutcome {
    /// The document, if there is a new one that could be parsed.
    pub parsed: Option<FeedDocument>,
    /// The refresh state to store, with the time of the next refresh.
    pub refresh_state: FeedRefreshState,
    /// The validators of the next request.
    pub validators: Validators,
    /// The health of the feed.
    pub health: FeedHealth,
    /// The new URL, if the feed has moved permanently.
    pub new_url: Option<String>,
    /// The new URL is only named in the document: no request has shown that a feed is there.
    pub is_announced: bool,
    /// The request failed because there is no network.
    pub offline: bool,
}

impl FeedOutcome {
    /// Returns the failure to report to the user, with the name of the feed.
    pub fn to_failure(&self, feed: &Feed) -> Option<Failure> {
        self.health.to_failure(feed.display_name())
    }
}

/// Builds the request for the feed at `url`, and its limits.
///
/// While the document says that the feed has moved, it is fetched whole, so that each answer says so
/// again.
pub fn build_request(
    url: &str,
    options: &FetchOptions,
    validators: &Validators,
    password: Option<String>,
) -> (FetchRequest, FetchLimits) {
    let credentials =
        options.user.clone().zip(password).map(|(user, password)| Credentials { user, password });
    let header = |line: &String| {
        line.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
    };
    let is_moving =
        validators.moved.as_ref().is_some_and(|(_, times)| *times < REDIRECTS_BEFORE_MOVE);
    let conditional = Some(validators).filter(|_| !is_moving);
    let request = FetchRequest {
        etag: conditional.and_then(|validators| validators.etag.clone()),
        last_modified: conditional.and_then(|validators| validators.last_modified.clone()),
        user_agent: options.user_agent.clone(),
        headers: options.headers.iter().filter_map(header).collect(),
        credentials,
        ..FetchRequest::user_supplied(url)
    };
    let limits = FetchLimits::default();
    let bytes = options.max_mib.map_or(limits.max_body_bytes, |mib| u64::from(mib) << 20);
    (request, FetchLimits { max_body_bytes: bytes, ..limits })
}

/// Interprets the response of a feed. `interval` is the time that the user wants between two
/// refreshes.
pub fn interpret_response(
    feed: &Feed,
    validators: &Validators,
    response: Result<FetchResponse, FetchError>,
    interval: Duration,
    now: DateTime<Utc>,
) -> FeedOutcome {
    let context = ResponseContext { feed, validators, interval, now };
    match response {
        Ok(response) => context.interpret(&response),
        Err(error) => {
            let offline = error.is_offline();
            FeedOutcome { offline, ..context.failed_outcome(error.to_string(), None) }
        }
    }
}

/// The feed of a response, and the data of its request.
struct ResponseContext<'a> {
    feed: &'a Feed,
    validators: &'a Validators,
    interval: Duration,
    now: DateTime<Utc>,
}

impl ResponseContext<'_> {
    fn interpret(&self, response: &FetchResponse) -> FeedOutcome {
        match response.status {
            204 | 205 | 304 => self.not_modified(response),
            200..=299 if response.body.is_empty() && self.validators.digest.is_some() => {
                self.not_modified(response)
            }
            200..=299 => self.parse_document(response),
            410 => {
                let mut outcome = self.failed_outcome(
                    "gone for good (410): it is not fetched any more".to_owned(),
                    None,
                );
                outcome.refresh_state.stopped = true;
                outcome.refresh_state.next_check = None;
                outcome
            }
            status => {
                let wait = response.headers.retry_after.as_deref();
                let wait = wait.filter(|_| matches!(status, 429 | 503));
                self.failed_outcome(
                    describe_status(status),
                    wait.and_then(|wait| net::parse_retry_after(wait, self.now)),
                )
            }
        }
    }

    /// Returns the outcome of a 304 Not Modified response, or of one without content: some servers
    /// have nothing to say when they have no news.
    fn not_modified(&self, response: &FetchResponse) -> FeedOutcome {
        let is_settled = |(_, times): &&(String, u32)| *times >= REDIRECTS_BEFORE_MOVE;
        let unchanged = self.validators.moved.as_ref().filter(is_settled);
        let announced = unchanged.map(|(url, _)| url.clone());
        let redirect = self.track_move(response, announced);
        let validators = Validators { moved: redirect.pending.clone(), ..self.validators.clone() };
        self.successful_outcome(&hints_of(response), validators, redirect)
    }

    /// Parses the document, unless its digest equals that of the last document: not every server
    /// supports validators.
    fn parse_document(&self, response: &FetchResponse) -> FeedOutcome {
        let digest = stable_digest(&[&response.body]);
        let headers = &response.headers;
        let validators = |redirect: &RedirectState| Validators {
            etag: headers.etag.clone(),
            last_modified: headers.last_modified.clone(),
            digest: Some(digest),
            moved: redirect.pending.clone(),
        };
        let is_unchanged = self.validators.digest == Some(digest);
        // A document that announced a move is read again, to hear whether it still does.
        if is_unchanged && self.validators.moved.is_none() {
            let redirect = self.track_move(response, None);
            return self.successful_outcome(&hints_of(response), validators(&redirect), redirect);
        }
        let content_location = headers
            .content_location
            .as_deref()
            .and_then(|location| url::resolve(location, Some(&response.url)));
        let parse_hints = ParseHints {
            content_type: headers.content_type.as_deref(),
            location: Some(content_location.as_deref().unwrap_or(&response.url)),
        };
        match feed::parse(&response.body, parse_hints) {
            Ok(mut parsed) => {
                let redirect = self.track_move(response, parsed.feed.new_feed_url.take());
                let schedule = parsed.feed.update_schedule.clone();
                let hints = PublisherHints { schedule, ..hints_of(response) };
                // A document that is cut off is fetched and read again, until it is whole.
                let validators = if parsed.is_cut_off {
                    Validators { moved: redirect.pending.clone(), ..Validators::default() }
                } else {
                    validators(&redirect)
                };
                let outcome = self.successful_outcome(&hints, validators, redirect);
                let health = match document_health(response, &parsed) {
                    FeedHealth::Healthy => outcome.health.clone(),
                    failing @ FeedHealth::Failing(_) => failing,
                };
                let parsed = Some(parsed).filter(|_| !is_unchanged);
                FeedOutcome { parsed, health, ..outcome }
            }
            Err(error) => self.failed_outcome(format!("{error} ({})", response.url), None),
        }
    }

    /// Returns the outcome of a response without a new document.
    fn successful_outcome(
        &self,
        hints: &PublisherHints,
        validators: Validators,
        redirect: RedirectState,
    ) -> FeedOutcome {
        let clock =
            schedule_after_success(&self.feed.refresh_state, self.interval, hints, self.now);
        let health = redirect.waiting.map_or(FeedHealth::Healthy, FeedHealth::Failing);
        FeedOutcome {
            parsed: None,
            refresh_state: clock,
            validators,
            health,
            new_url: redirect.new_url,
            is_announced: redirect.is_announced,
            offline: false,
        }
    }

    /// Counts consecutive answers that name the same new URL, in a permanent redirect or else as
    /// `announced` in the document; at [`REDIRECTS_BEFORE_MOVE`] the feed has moved. With more, the
    /// user has undone the move.
    ///
    /// A feed with a password or headers waits for the user, because these are meant for its present
    /// site.
    fn track_move(&self, response: &FetchResponse, announced: Option<String>) -> RedirectState {
        let announced = announced
            .map(|to| url::without_user_info(&to).into_owned())
            .filter(|to| url::parse_web_url(to).is_some() && *to != self.feed.url);
        let is_announced = response.moved_to.is_none();
        let Some(to) = response.moved_to.clone().or(announced) else {
            return RedirectState::default();
        };
        let before = self
            .validators
            .moved
            .as_ref()
            .filter(|(known, _)| *known == to)
            .map_or(0, |(_, times)| *times);
        let times = before.saturating_add(1);
        let pending = Some((to.clone(), times));
        if times >= REDIRECTS_BEFORE_MOVE && self.feed.subscription.fetch.has_credentials() {
            let sentence = format!(
                "it has moved to {to}; because it has a password or headers, which are not sent there by \
                 themselves, subscribe to that address"
            );
            return RedirectState { pending, waiting: Some(sentence), ..RedirectState::default() };
        }
        if times == REDIRECTS_BEFORE_MOVE {
            RedirectState { new_url: Some(to), is_announced, ..RedirectState::default() }
        } else {
            RedirectState { pending, ..RedirectState::default() }
        }
    }

    fn failed_outcome(&self, sentence: String, retry_after: Option<time::Duration>) -> FeedOutcome {
        FeedOutcome {
            parsed: None,
            refresh_state: schedule_after_failure(
                &self.feed.refresh_state,
                self.interval,
                retry_after,
                self.feed.id.0,
                self.now,
            ),
            validators: self.validators.clone(),
            health: FeedHealth::Failing(sentence),
            new_url: None,
            is_announced: false,
            offline: false,
        }
    }
}

/// The effect of a permanent redirect.
#[derive(Default)]
struct RedirectState {
    /// The URL that the feed has moved to.
    new_url: Option<String>,
    /// The URL that it may move to, and the number of redirects to it so far.
    pending: Option<(String, u32)>,
    /// The URL comes from the document, and not from a redirect.
    is_announced: bool,
    /// The sentence for the user, who has to decide about the move.
    waiting: Option<String>,
}

fn document_health(response: &FetchResponse, parsed: &FeedDocument) -> FeedHealth {
    if !response.truncated && !parsed.is_cut_off {
        return FeedHealth::Healthy;
    }
    if !response.truncated {
        let articles = count_noun(parsed.entries.len(), "article");
        return FeedHealth::Failing(format!(
            "its document is cut off: {articles} could be read, others may be missing"
        ));
    }
    let mib = response.body.len() >> 20;
    FeedHealth::Failing(format!(
        "larger than {mib} MiB: only the beginning was read; its settings can raise the limit"
    ))
}

/// Returns the hints in the headers of a response.
fn hints_of(response: &FetchResponse) -> PublisherHints {
    let headers = &response.headers;
    let freshness = net::freshness_lifetime(
        headers.cache_control.as_deref(),
        headers.expires.as_deref(),
        headers.date.as_deref(),
    );
    PublisherHints { freshness, ..PublisherHints::default() }
}

/// Returns the sentence for a status that is not a success.
fn describe_status(status: u16) -> String {
    let meaning = match status {
        401 => "it wants a user name and a password",
        403 => "the server does not let us in",
        404 => "there is nothing at this address",
        429 => "the server has been asked too often",
        500..=599 => "the server has a problem",
        _ => "the server gave an answer that is no feed",
    };
    format!("{meaning} ({status})")
}
