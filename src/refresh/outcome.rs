//! The meaning of a response: for the schedule of a feed, its URL and its health.

use std::time;

use chrono::{DateTime, Duration, Utc};

use super::schedule::{PublisherHints, schedule_after_failure, schedule_after_success};
use crate::{
    feed::{self, FeedDocument, ParseHints},
    model::{Failure, FailureKind, Feed, FeedHealth, FeedRefreshState, FetchOptions, Validators},
    net::{self, Credentials, FetchError, FetchLimits, FetchRequest, FetchResponse},
    text::{stable_digest, url},
};

/// Number of consecutive permanent redirects to the same URL after which the URL of the feed is
/// changed. A single redirect may be a temporary mistake of the publisher.
const REDIRECTS_BEFORE_MOVE: u32 = 3;

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
    /// The request failed because there is no network.
    pub offline: bool,
}

impl FeedOutcome {
    /// Returns the failure to report to the user, with the name of the feed.
    pub fn to_failure(&self, feed: &Feed) -> Option<Failure> {
        match &self.health {
            FeedHealth::Healthy => None,
            FeedHealth::Failing(sentence) => Some(Failure::new(
                FailureKind::Feed,
                format!("{}: {sentence}", feed.display_name()),
            )),
        }
    }
}

/// Builds the request for the feed at `url`, and its limits.
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
    let request = FetchRequest {
        etag: validators.etag.clone(),
        last_modified: validators.last_modified.clone(),
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
        let redirect = self.track_redirect(response);
        let validators = Validators { moved: redirect.pending, ..self.validators.clone() };
        self.successful_outcome(&hints_of(response), validators, redirect.new_url)
    }

    /// Parses the document, unless its digest equals that of the last document: not every server
    /// supports validators.
    fn parse_document(&self, response: &FetchResponse) -> FeedOutcome {
        let digest = stable_digest(&[&response.body]);
        let redirect = self.track_redirect(response);
        let headers = &response.headers;
        let validators = Validators {
            etag: headers.etag.clone(),
            last_modified: headers.last_modified.clone(),
            digest: Some(digest),
            moved: redirect.pending,
        };
        if self.validators.digest == Some(digest) {
            return self.successful_outcome(&hints_of(response), validators, redirect.new_url);
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
            Ok(parsed) => {
                let schedule = parsed.feed.update_schedule.clone();
                let hints = PublisherHints { schedule, ..hints_of(response) };
                let outcome = self.successful_outcome(&hints, validators, redirect.new_url);
                FeedOutcome { parsed: Some(parsed), health: document_health(response), ..outcome }
            }
            Err(error) => self.failed_outcome(format!("{error} ({})", response.url), None),
        }
    }

    /// Returns the outcome of a response without a new document.
    fn successful_outcome(
        &self,
        hints: &PublisherHints,
        validators: Validators,
        new_url: Option<String>,
    ) -> FeedOutcome {
        let clock =
            schedule_after_success(&self.feed.refresh_state, self.interval, hints, self.now);
        let health = FeedHealth::Healthy;
        FeedOutcome {
            parsed: None,
            refresh_state: clock,
            validators,
            health,
            new_url,
            offline: false,
        }
    }

    /// Counts consecutive permanent redirects to the same URL; at [`REDIRECTS_BEFORE_MOVE`] the
    /// feed has moved.
    fn track_redirect(&self, response: &FetchResponse) -> RedirectState {
        let Some(to) = &response.moved_to else { return RedirectState::default() };
        let before = self
            .validators
            .moved
            .as_ref()
            .filter(|(known, _)| known == to)
            .map_or(0, |(_, times)| *times);
        if before + 1 >= REDIRECTS_BEFORE_MOVE {
            RedirectState { new_url: Some(to.clone()), pending: None }
        } else {
            RedirectState { new_url: None, pending: Some((to.clone(), before + 1)) }
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
}

fn document_health(response: &FetchResponse) -> FeedHealth {
    if !response.truncated {
        return FeedHealth::Healthy;
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
