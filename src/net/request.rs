//! What is asked, what is answered, and the limits.

use std::{fmt, time::Duration};

use super::{BudgetPermit, MemoryBudget};

/// A question to a server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FetchRequest {
    /// The address.
    pub url: String,
    /// The entity tag that the last answer had: only something else is wanted (RFC 9110 §13.1.2).
    pub etag: Option<String>,
    /// When the last answer was changed, as the server wrote it (RFC 9110 §13.1.3).
    pub last_modified: Option<String>,
    /// What to call ourselves, where it is not our name.
    pub user_agent: Option<String>,
    /// More headers; they are told to the first host only.
    pub headers: Vec<(String, String)>,
    /// Who asks; it is told to the first host only.
    pub credentials: Option<Credentials>,
    /// The user gave the address: its host may be on a private network. That of a page somebody else wrote may not.
    pub user_supplied: bool,
}

impl FetchRequest {
    /// A question for what is at `url`, which the user gave.
    pub fn user_supplied(url: impl Into<String>) -> FetchRequest {
        FetchRequest { url: url.into(), user_supplied: true, ..FetchRequest::default() }
    }
}

/// A name and a password (RFC 7617). The password is never written to a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The name.
    pub user: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// What an answer may cost.
#[derive(Debug, Clone)]
pub struct FetchLimits {
    /// Bytes of the body, decoded.
    pub max_body_bytes: u64,
    /// Redirects that are followed.
    pub max_redirects: u8,
    /// Time to find the host and connect to it.
    pub connect_timeout: Duration,
    /// Time until the answer begins.
    pub response_timeout: Duration,
    /// Time for everything.
    pub total_timeout: Duration,
    /// The memory it shares with other answers, if it does.
    pub memory_budget: Option<MemoryBudget>,
}

impl Default for FetchLimits {
    fn default() -> FetchLimits {
        FetchLimits {
            max_body_bytes: 16 << 20,
            max_redirects: 10,
            connect_timeout: Duration::from_secs(10),
            response_timeout: Duration::from_secs(20),
            total_timeout: Duration::from_secs(60),
            memory_budget: None,
        }
    }
}

/// What a server said.
#[derive(Debug)]
pub struct FetchResponse {
    /// The status (RFC 9110 §15).
    pub status: u16,
    /// The address that answered, after redirects.
    pub url: String,
    /// The body, decoded.
    pub body: Vec<u8>,
    /// The body was longer than the limit; this is its beginning.
    pub truncated: bool,
    /// Where the address has moved for good, if every redirect up to there said so (RFC 9110 §15.4.2, §15.4.9).
    pub moved_to: Option<String>,
    /// The headers that matter to a reader of news.
    pub headers: ResponseHeaders,
    /// The shared memory that the body takes, as long as there is an answer.
    pub permit: Option<BudgetPermit>,
}

impl FetchResponse {
    /// What is at an address that no server answers for: a file, the output of a program.
    pub fn from_body(url: &str, body: Vec<u8>, truncated: bool) -> FetchResponse {
        let (url, headers) = (url.to_owned(), ResponseHeaders::default());
        FetchResponse { status: 200, url, body, truncated, moved_to: None, headers, permit: None }
    }
}

impl Drop for FetchResponse {
    fn drop(&mut self) {
        if let Some(held) = &self.permit {
            held.return_buffer(std::mem::take(&mut self.body));
        }
    }
}

/// Headers of an answer, as they were sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResponseHeaders {
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Content-Location`.
    pub content_location: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// `Cache-Control`.
    pub cache_control: Option<String>,
    /// `Expires`.
    pub expires: Option<String>,
    /// `Date`.
    pub date: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
}
