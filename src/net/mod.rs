//! Fetching: one request at a time, over HTTP, with every limit that a stranger's server makes necessary.

mod cache;
mod connector;
mod error;
mod failure;
mod guard;
mod http;
mod request;
mod room;

pub use cache::{fresh_for, retry_after};
pub use error::{FetchError, Problem};
pub use guard::is_private;
pub use http::{Http, Options};
pub use request::{Headers, Limits, Login, Request, Response};
pub use room::{Held, Room};

/// Something that fetches: the network, or a test's stand-in for it.
pub trait Fetch: Send + Sync {
    /// Answers one request. Statuses that mean failure are answers; an error is when there is no answer.
    fn fetch(&self, request: &Request, limits: &Limits) -> Result<Response, FetchError>;
}
