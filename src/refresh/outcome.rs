//! What the answer to a request for a feed means: for its clock, its address, its health.

use chrono::{DateTime, Duration, Utc};

use super::schedule::{PublisherHints, schedule_after_failure, schedule_after_success};
use crate::{
    feed::{self, FeedDocument, ParseHints},
    model::{Failure, FailureKind, Feed, FeedHealth, FeedRefreshState, Validators},
    net::{self, Credentials, FetchError, FetchLimits, FetchRequest, FetchResponse},
    text::{stable_digest, url},
};

/// How often in a row a permanent redirect is seen before it is believed: a mistake of an afternoon moves nothing.
const REDIRECTS_BEFORE_MOVE: u32 = 3;

/// What came of asking a feed.
#[derive(Debug)]
pub struct FeedOutcome {
    /// The document, if there is a new one that could be read.
    pub parsed: Option<FeedDocument>,
    /// The feed's clock from now on.
    pub clock: FeedRefreshState,
    /// What to ask with from now on.
    pub validators: Validators,
    /// How it went.
    pub health: FeedHealth,
    /// The address from now on, if it has moved for good.
    pub new_url: Option<String>,
    /// Whether there was no network, as it seems.
    pub offline: bool,
}

impl FeedOutcome {
    /// The failure, for a list of them.
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

/// What to ask for a feed. A question after a failure asks for everything.
pub fn build_request(
    feed: &Feed,
    validators: &Validators,
    password: Option<String>,
) -> (FetchRequest, FetchLimits) {
    let options = &feed.subscription.fetch;
    let login =
        options.user.clone().zip(password).map(|(user, password)| Credentials { user, password });
    let header = |line: &String| {
        line.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
    };
    let request = FetchRequest {
        etag: validators.etag.clone(),
        last_modified: validators.last_modified.clone(),
        user_agent: options.user_agent.clone(),
        headers: options.headers.iter().filter_map(header).collect(),
        credentials: login,
        ..FetchRequest::user_supplied(&feed.url)
    };
    let limits = FetchLimits::default();
    let bytes = options.max_mib.map_or(limits.max_body_bytes, |mib| u64::from(mib) << 20);
    (request, FetchLimits { max_body_bytes: bytes, ..limits })
}

/// What an answer means. `every` is the time the reader wants between two refreshes.
pub fn interpret_response(
    feed: &Feed,
    validators: &Validators,
    answer: Result<FetchResponse, FetchError>,
    every: Duration,
    now: DateTime<Utc>,
) -> FeedOutcome {
    let asked = ResponseContext { feed, validators, interval: every, now };
    match answer {
        Ok(response) => asked.interpret(&response),
        Err(error) => {
            let offline = error.is_offline();
            FeedOutcome { offline, ..asked.failed_outcome(error.to_string(), None) }
        }
    }
}

struct ResponseContext<'a> {
    feed: &'a Feed,
    validators: &'a Validators,
    interval: Duration,
    now: DateTime<Utc>,
}

impl ResponseContext<'_> {
    fn interpret(&self, response: &FetchResponse) -> FeedOutcome {
        match response.status {
            200..=299 => self.parse_document(response),
            304 => self.not_modified(response),
            410 => {
                let mut outcome = self.failed_outcome(
                    "gone for good (410): it is not asked any more".to_owned(),
                    None,
                );
                outcome.clock.stopped = true;
                outcome.clock.next_check = None;
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

    fn not_modified(&self, response: &FetchResponse) -> FeedOutcome {
        let wishes = PublisherHints { freshness: freshness(response), ..PublisherHints::default() };
        let (moved, url) = self.track_redirect(response);
        FeedOutcome {
            parsed: None,
            clock: schedule_after_success(
                &self.feed.refresh_state,
                self.interval,
                &wishes,
                false,
                self.now,
            ),
            validators: Validators { moved, ..self.validators.clone() },
            health: FeedHealth::Healthy,
            new_url: url,
            offline: false,
        }
    }

    /// A document that is what it was is not read again, though the server does not know.
    fn parse_document(&self, response: &FetchResponse) -> FeedOutcome {
        let digest = stable_digest(&[&response.body]);
        let (moved, url) = self.track_redirect(response);
        let headers = &response.headers;
        let validators = Validators {
            etag: headers.etag.clone(),
            last_modified: headers.last_modified.clone(),
            digest: Some(digest),
            moved,
        };
        if self.validators.digest == Some(digest) {
            let wishes =
                PublisherHints { freshness: freshness(response), ..PublisherHints::default() };
            let clock = schedule_after_success(
                &self.feed.refresh_state,
                self.interval,
                &wishes,
                false,
                self.now,
            );
            return FeedOutcome {
                parsed: None,
                clock,
                validators,
                health: FeedHealth::Healthy,
                new_url: url,
                offline: false,
            };
        }
        let place = headers
            .content_location
            .as_deref()
            .and_then(|place| url::resolve(place, Some(&response.url)));
        let hints = ParseHints {
            content_type: headers.content_type.as_deref(),
            location: Some(place.as_deref().unwrap_or(&response.url)),
        };
        match feed::parse(&response.body, hints) {
            Ok(parsed) => {
                let wishes = PublisherHints {
                    freshness: freshness(response),
                    schedule: parsed.feed.update_schedule.clone(),
                };
                let clock = schedule_after_success(
                    &self.feed.refresh_state,
                    self.interval,
                    &wishes,
                    false,
                    self.now,
                );
                let health = if response.truncated {
                    truncated_health(response)
                } else {
                    FeedHealth::Healthy
                };
                FeedOutcome {
                    parsed: Some(parsed),
                    clock,
                    validators,
                    health,
                    new_url: url,
                    offline: false,
                }
            }
            Err(error) => self.failed_outcome(format!("{error} ({})", response.url), None),
        }
    }

    /// Counts how often in a row the same new address was given; at the third time it is taken.
    fn track_redirect(&self, response: &FetchResponse) -> (Option<(String, u32)>, Option<String>) {
        let Some(to) = &response.moved_to else { return (None, None) };
        let before = self
            .validators
            .moved
            .as_ref()
            .filter(|(known, _)| known == to)
            .map_or(0, |(_, times)| *times);
        if before + 1 >= REDIRECTS_BEFORE_MOVE {
            (None, Some(to.clone()))
        } else {
            (Some((to.clone(), before + 1)), None)
        }
    }

    fn failed_outcome(
        &self,
        sentence: String,
        retry_after: Option<std::time::Duration>,
    ) -> FeedOutcome {
        FeedOutcome {
            parsed: None,
            clock: schedule_after_failure(
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

fn truncated_health(response: &FetchResponse) -> FeedHealth {
    let mib = response.body.len() >> 20;
    FeedHealth::Failing(format!(
        "larger than {mib} MiB: only the beginning was read; its settings can raise the limit"
    ))
}

fn freshness(response: &FetchResponse) -> Option<std::time::Duration> {
    let headers = &response.headers;
    net::freshness_lifetime(
        headers.cache_control.as_deref(),
        headers.expires.as_deref(),
        headers.date.as_deref(),
    )
}

/// What a status means to a reader.
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
