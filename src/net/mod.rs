//! Fetching: one request at a time over HTTP, with the limits that foreign servers make necessary.
//! Start reading at [`Fetch`], which [`HttpClient`] implements.

mod agents;
mod certificate_trust;
mod content_coding;
mod error;
mod freshness;
mod http;
mod link_header;
mod map_error;
mod memory_budget;
mod pinned_tls;
mod private_addresses;
mod read_response;
mod request;
mod response_headers;
mod response_sink;
mod stand_in;
mod tls_connector;

pub use agents::HttpOptions;
pub use certificate_trust::{CertificateFingerprint, CertificateTrust};
pub use error::{FetchError, FetchProblem};
pub use freshness::{freshness_lifetime, parse_retry_after};
pub use http::HttpClient;
pub use link_header::HeaderLink;
pub use memory_budget::{BudgetPermit, MemoryBudget};
pub use private_addresses::NetworkScope;
pub use request::{
    ByteRange, Credentials, FetchLimits, FetchRequest, FetchResponse, FormBody, ResponseHeaders,
};
pub use response_sink::ResponseSink;
pub use stand_in::StandInNetwork;

/// A source of responses: the network, or a stand-in for it in tests.
pub trait Fetch: Send + Sync {
    /// Sends one request. A status of failure is a response; an error means that there is none.
    fn fetch(
        &self,
        request: &FetchRequest,
        limits: &FetchLimits,
    ) -> Result<FetchResponse, FetchError>;

    /// Sends one request and hands the body of a success to `sink` as it arrives, at most
    /// [`FetchLimits::max_body_bytes`] of it. The returned response has no body.
    fn fetch_into(
        &self,
        request: &FetchRequest,
        limits: &FetchLimits,
        sink: &mut dyn ResponseSink,
    ) -> Result<FetchResponse, FetchError> {
        let mut response = self.fetch(request, limits)?;
        let body = std::mem::take(&mut response.body);
        if (200..300).contains(&response.status) && sink.begin(&response) {
            sink.write(&body);
        }
        Ok(response)
    }

    /// Closes the connections of the requests in flight that are
    /// [interruptible](FetchLimits::interruptible), which fail then. Does nothing where no request
    /// takes time.
    fn interrupt(&self) {}
}
