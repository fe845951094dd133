//! Requests, responses and their limits.

use std::{fmt, time::Duration};

use super::{BudgetPermit, CertificateTrust, HeaderLink, MemoryBudget, NetworkScope};
use crate::text::{UrlTrust, url};

/// A request for a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FetchRequest {
    /// The URL.
    pub url: String,
    /// The entity tag of the last response: only another version is wanted (RFC 9110 §13.1.2).
    pub etag: Option<String>,
    /// The modification date of the last response, as the server wrote it (RFC 9110 §13.1.3).
    pub last_modified: Option<String>,
    /// The User-Agent to send, if it is not the default.
    pub user_agent: Option<String>,
    /// Further headers; sent only to the origin of the URL.
    pub headers: Vec<(String, String)>,
    /// The credentials; sent only to the origin of the URL.
    pub credentials: Option<Credentials>,
    /// The form, or other body, to send with `POST`; without one, the request is a `GET`. A request with a form is not
    /// redirected: the response says where it would lead.
    pub form: Option<FormBody>,
    /// The trust in the URL, which decides whether its host may be on a private network.
    pub trust: UrlTrust,
    /// The certificates that are accepted.
    pub certificates: CertificateTrust,
    /// The body is wanted as it is stored, without a content coding, from this byte on.
    pub range: Option<ByteRange>,
}

/// The rest of a file that is asked for (RFC 9110 §14.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ByteRange {
    /// The first byte; 0 for the whole file.
    pub start: u64,
    /// The entity tag or date of the file of which the beginning is here: the whole of another one is
    /// wanted (RFC 9110 §13.1.5).
    pub validator: Option<String>,
}

impl FetchRequest {
    /// Creates a request.
    pub fn new(url: impl Into<String>, trust: UrlTrust) -> FetchRequest {
        FetchRequest { url: url.into(), trust, ..FetchRequest::default() }
    }

    /// Creates a request for a URL that the user supplied.
    pub fn user_supplied(url: impl Into<String>) -> FetchRequest {
        FetchRequest::new(url, UrlTrust::UserSupplied)
    }
}

/// The body of a request, as a form (`application/x-www-form-urlencoded`) or as JSON. It may hold a
/// password, and is never written to a log.
#[derive(Clone, PartialEq, Eq)]
pub struct FormBody {
    text: String,
    content_type: &'static str,
}

impl FormBody {
    /// Encodes the fields of a form, in this order.
    pub fn new(fields: &[(&str, &str)]) -> FormBody {
        let text = url::encode_form(fields);
        FormBody { text, content_type: "application/x-www-form-urlencoded" }
    }

    /// Writes a value as JSON.
    pub fn json(value: &impl std::fmt::Display) -> FormBody {
        FormBody { text: value.to_string(), content_type: "application/json" }
    }

    /// Returns the media type.
    pub fn content_type(&self) -> &'static str {
        self.content_type
    }

    /// Returns the encoded body.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

impl fmt::Debug for FormBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormBody")
    }
}

/// A user name and password (RFC 7617). The password is never written to a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The user name.
    pub user: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Limits of a request.
#[derive(Debug, Clone)]
pub struct FetchLimits {
    /// Maximum size of the decoded body in bytes.
    pub max_body_bytes: u64,
    /// Maximum size of the decoded body of a failure, of which only so much is read: nothing by default.
    pub max_failure_bytes: u64,
    /// Maximum number of redirects.
    pub max_redirects: u8,
    /// Maximum time to look up the host and connect.
    pub connect_timeout: Duration,
    /// Maximum time until the response begins.
    pub response_timeout: Duration,
    /// Maximum time for the whole request.
    pub total_timeout: Duration,
    /// The memory budget shared with other requests.
    pub memory_budget: Option<MemoryBudget>,
    /// [`Fetch::interrupt`](super::Fetch::interrupt) ends the request.
    pub interruptible: bool,
}

impl Default for FetchLimits {
    fn default() -> FetchLimits {
        FetchLimits {
            max_body_bytes: 16 << 20,
            max_failure_bytes: 0,
            max_redirects: 10,
            connect_timeout: Duration::from_secs(10),
            response_timeout: Duration::from_secs(20),
            total_timeout: Duration::from_secs(60),
            memory_budget: None,
            interruptible: false,
        }
    }
}

/// A response.
#[derive(Debug)]
pub struct FetchResponse {
    /// The status code (RFC 9110 §15).
    pub status: u16,
    /// The URL that answered, after redirects, without a user name and password.
    pub url: String,
    /// The decoded body.
    pub body: Vec<u8>,
    /// True if the body was longer than the limit and is cut.
    pub truncated: bool,
    /// The new URL, if all redirects up to there were permanent (RFC 9110 §15.4.2, §15.4.9).
    pub moved_to: Option<String>,
    /// The network in which the first origin of the request was found; `None` if that is not known,
    /// because a proxy connected to it, or there was no connection.
    pub network: Option<NetworkScope>,
    /// The headers of use to a news reader.
    pub headers: ResponseHeaders,
    /// The part of the memory budget that the body takes, as long as the response lives.
    pub permit: Option<BudgetPermit>,
}

impl FetchResponse {
    /// Creates a response without a server: from a file or the output of a program.
    pub fn from_body(url: &str, body: Vec<u8>, truncated: bool) -> FetchResponse {
        let (url, headers) = (url.to_owned(), ResponseHeaders::default());
        FetchResponse {
            status: 200,
            url,
            body,
            truncated,
            moved_to: None,
            network: None,
            headers,
            permit: None,
        }
    }
}

impl Drop for FetchResponse {
    fn drop(&mut self) {
        if let Some(permit) = &self.permit {
            permit.return_buffer(std::mem::take(&mut self.body));
        }
    }
}

/// Headers of a response, as they were sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResponseHeaders {
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// `Location`: the target of a redirect that was not followed.
    pub location: Option<String>,
    /// `Content-Encoding`, of all headers of that name; `None` if the body has no coding.
    pub content_encoding: Option<String>,
    /// `Content-Length`.
    pub content_length: Option<u64>,
    /// `Content-Range`.
    pub content_range: Option<String>,
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
    /// The links of all `Link` headers.
    pub links: Vec<HeaderLink>,
}
