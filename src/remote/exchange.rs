//! One request to a server, and whether its answer is a success.

use std::time::Duration;

use chrono::DateTime;

use super::{ServerError, answer_json::parse_reason};
use crate::{
    net::{Fetch, FetchLimits, FetchRequest, FetchResponse, parse_retry_after},
    text::url,
};

/// Maximum size of an answer in bytes. One with 250 articles may be long.
const MAX_ANSWER_BYTES: u64 = 32 << 20;

/// Maximum size of the body of a failure in bytes: a sentence.
const MAX_FAILURE_BYTES: u64 = 4 << 10;

/// Sends a request to a server, with the limits of all of them.
pub fn exchange(http: &dyn Fetch, request: &FetchRequest) -> Result<FetchResponse, ServerError> {
    let limits = FetchLimits {
        max_body_bytes: MAX_ANSWER_BYTES,
        max_failure_bytes: MAX_FAILURE_BYTES,
        // An answer without a form may be redirected within the server.
        max_redirects: 3,
        response_timeout: Duration::from_secs(60),
        total_timeout: Duration::from_secs(180),
        ..FetchLimits::default()
    };
    http.fetch(request, &limits).map_err(ServerError::NoAnswer)
}

/// Returns the response if its status is a success and its body is whole.
pub fn check_response(
    host: String,
    call: &'static str,
    response: FetchResponse,
) -> Result<FetchResponse, ServerError> {
    let headers = &response.headers;
    // Of a date, what counts is the time from the response on.
    let sent_at = headers.date.as_deref().and_then(|date| DateTime::parse_from_rfc2822(date).ok());
    let sent_at = sent_at.unwrap_or_default().to_utc();
    let wait = || parse_retry_after(headers.retry_after.as_deref()?, sent_at);
    match response.status {
        200..=299 if response.truncated => Err(ServerError::TooLong { host, call }),
        200..=299 => Ok(response),
        429 => Err(ServerError::AskedTooOften { host, wait: wait() }),
        301 | 302 | 303 | 307 | 308 => {
            let to = headers.location.as_deref().unwrap_or("another address");
            Err(ServerError::Redirected { host, to: url::without_user_info(to).into_owned() })
        }
        status => {
            let (wait, reason) = (wait(), parse_reason(&response.body));
            Err(ServerError::Status { host, call, status, reason, wait })
        }
    }
}
