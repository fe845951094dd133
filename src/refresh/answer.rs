//! What the answer to a request for a feed means: for its clock, its address, its health.

use chrono::{DateTime, Duration, Utc};

use super::due::{Wishes, after_answer, after_failure};
use crate::{
    feed::{self, Hints, Parsed},
    model::{Failure, FailureKind, Feed, FeedClock, Health, Validators},
    net::{self, FetchError, Limits, Login, Request, Response},
    text::address,
};

/// How often in a row a permanent redirect is seen before it is believed: a mistake of an afternoon moves nothing.
const TIMES: u32 = 3;

/// What came of asking a feed.
#[derive(Debug)]
pub struct Outcome {
    /// The document, if there is a new one that could be read.
    pub parsed: Option<Parsed>,
    /// The feed's clock from now on.
    pub clock: FeedClock,
    /// What to ask with from now on.
    pub validators: Validators,
    /// How it went.
    pub health: Health,
    /// The address from now on, if it has moved for good.
    pub url: Option<String>,
    /// Whether there was no network, as it seems.
    pub offline: bool,
}

impl Outcome {
    /// The failure, for a list of them.
    pub fn failure(&self, feed: &Feed) -> Option<Failure> {
        match &self.health {
            Health::Fine => None,
            Health::Failing(sentence) => {
                Some(Failure::new(FailureKind::Feed, format!("{}: {sentence}", feed.name())))
            }
        }
    }
}

/// What to ask for a feed. A question after a failure asks for everything.
pub fn request(feed: &Feed, validators: &Validators, password: Option<String>) -> (Request, Limits) {
    let options = &feed.subscription.fetch;
    let login = options.user.clone().zip(password).map(|(user, password)| Login { user, password });
    let header = |line: &String| {
        line.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
    };
    let request = Request {
        etag: validators.etag.clone(),
        last_modified: validators.last_modified.clone(),
        user_agent: options.user_agent.clone(),
        headers: options.headers.iter().filter_map(header).collect(),
        login,
        ..Request::given(&feed.url)
    };
    let limits = Limits::default();
    let bytes = options.max_mib.map_or(limits.bytes, |mib| u64::from(mib) << 20);
    (request, Limits { bytes, ..limits })
}

/// What an answer means. `every` is the time the reader wants between two refreshes.
pub fn answer(
    feed: &Feed,
    validators: &Validators,
    answer: Result<Response, FetchError>,
    every: Duration,
    now: DateTime<Utc>,
) -> Outcome {
    let asked = Question { feed, validators, every, now };
    match answer {
        Ok(response) => asked.answered(&response),
        Err(error) => {
            let offline = error.is_offline();
            Outcome { offline, ..asked.failed(error.to_string(), None) }
        }
    }
}

struct Question<'a> {
    feed: &'a Feed,
    validators: &'a Validators,
    every: Duration,
    now: DateTime<Utc>,
}

impl Question<'_> {
    fn answered(&self, response: &Response) -> Outcome {
        match response.status {
            200..=299 => self.document(response),
            304 => self.unchanged(response),
            410 => {
                let mut outcome =
                    self.failed("gone for good (410): it is not asked any more".to_owned(), None);
                outcome.clock.stopped = true;
                outcome.clock.next = None;
                outcome
            }
            status => {
                let wait = response.headers.retry_after.as_deref();
                let wait = wait.filter(|_| matches!(status, 429 | 503));
                self.failed(said(status), wait.and_then(|wait| net::retry_after(wait, self.now)))
            }
        }
    }

    fn unchanged(&self, response: &Response) -> Outcome {
        let wishes = Wishes { fresh: fresh(response), ..Wishes::default() };
        let (moved, url) = self.moved(response);
        Outcome {
            parsed: None,
            clock: after_answer(&self.feed.clock, self.every, &wishes, false, self.now),
            validators: Validators { moved, ..self.validators.clone() },
            health: Health::Fine,
            url,
            offline: false,
        }
    }

    /// A document that is what it was is not read again, though the server does not know.
    fn document(&self, response: &Response) -> Outcome {
        let digest = super::digest(&[&response.body]);
        let (moved, url) = self.moved(response);
        let headers = &response.headers;
        let validators = Validators {
            etag: headers.etag.clone(),
            last_modified: headers.last_modified.clone(),
            digest: Some(digest),
            moved,
        };
        if self.validators.digest == Some(digest) {
            let wishes = Wishes { fresh: fresh(response), ..Wishes::default() };
            let clock = after_answer(&self.feed.clock, self.every, &wishes, false, self.now);
            return Outcome { parsed: None, clock, validators, health: Health::Fine, url, offline: false };
        }
        let place = headers
            .content_location
            .as_deref()
            .and_then(|place| address::resolve(place, Some(&response.url)));
        let hints = Hints {
            content_type: headers.content_type.as_deref(),
            location: Some(place.as_deref().unwrap_or(&response.url)),
        };
        match feed::parse(&response.body, hints) {
            Ok(parsed) => {
                let wishes = Wishes { fresh: fresh(response), pace: parsed.feed.pace.clone() };
                let clock = after_answer(&self.feed.clock, self.every, &wishes, false, self.now);
                let health = if response.truncated { too_large(response) } else { Health::Fine };
                Outcome { parsed: Some(parsed), clock, validators, health, url, offline: false }
            }
            Err(error) => self.failed(format!("{error} ({})", response.url), None),
        }
    }

    /// Counts how often in a row the same new address was given; at the third time it is taken.
    fn moved(&self, response: &Response) -> (Option<(String, u32)>, Option<String>) {
        let Some(to) = &response.moved else { return (None, None) };
        let before =
            self.validators.moved.as_ref().filter(|(known, _)| known == to).map_or(0, |(_, times)| *times);
        if before + 1 >= TIMES { (None, Some(to.clone())) } else { (Some((to.clone(), before + 1)), None) }
    }

    fn failed(&self, sentence: String, retry_after: Option<std::time::Duration>) -> Outcome {
        Outcome {
            parsed: None,
            clock: after_failure(&self.feed.clock, self.every, retry_after, self.feed.id.0, self.now),
            validators: self.validators.clone(),
            health: Health::Failing(sentence),
            url: None,
            offline: false,
        }
    }
}

fn too_large(response: &Response) -> Health {
    let mib = response.body.len() >> 20;
    Health::Failing(format!(
        "larger than {mib} MiB: only the beginning was read; its settings can raise the limit"
    ))
}

fn fresh(response: &Response) -> Option<std::time::Duration> {
    let headers = &response.headers;
    net::fresh_for(headers.cache_control.as_deref(), headers.expires.as_deref(), headers.date.as_deref())
}

/// What a status means to a reader.
fn said(status: u16) -> String {
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
