//! Fetching: one request at a time, over HTTP, with every limit that a stranger's server makes necessary.

mod error;
mod freshness;
mod http;
mod map_error;
mod memory_budget;
mod private_addresses;
mod request;
mod tls_connector;

pub use error::{FetchError, FetchProblem};
pub use freshness::{freshness_lifetime, parse_retry_after};
pub use http::{HttpClient, HttpOptions};
pub use memory_budget::{BudgetPermit, MemoryBudget};
pub use private_addresses::is_private_address;
pub use request::{Credentials, FetchLimits, FetchRequest, FetchResponse, ResponseHeaders};

/// Something that fetches: the network, or a test's stand-in for it.
pub trait Fetch: Send + Sync {
    /// Answers one request. Statuses that mean failure are answers; an error is when there is no answer.
    fn fetch(
        &self,
        request: &FetchRequest,
        limits: &FetchLimits,
    ) -> Result<FetchResponse, FetchError>;
}
