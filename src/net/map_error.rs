//! Errors of the HTTP library in the terms of this module.

use std::io::{Error as IoError, ErrorKind};

use ureq::{Error, Timeout};

use super::{
    FetchError, FetchLimits, FetchProblem, content_coding::ContentCodingError,
    error::WAITING_FOR_ANSWER, memory_budget::EvictedError, pinned_tls::tls_reason,
    private_addresses::PrivateAddressError,
};
use crate::text::url;

/// Returns the error of a request to `url`. It names only the host, since the rest of the URL may
/// hold secrets.
pub(super) fn fetch_error(url: &str, problem: FetchProblem) -> FetchError {
    FetchError { host: url::host(url).to_owned(), problem }
}

/// Converts an error of the HTTP library.
pub(super) fn map_error(error: Error, limits: &FetchLimits) -> FetchProblem {
    if let Some(reason) = tls_reason(&error) {
        return FetchProblem::Tls { reason };
    }
    match error {
        Error::Timeout(timeout) => map_timeout(timeout, limits),
        Error::HostNotFound => FetchProblem::HostNotFound,
        Error::Io(error) => map_io_error(error, limits),
        // The URL was valid; the HTTP library is stricter about what a request may contain.
        Error::BadUri(_) | Error::Http(_) => {
            FetchProblem::Other(format!("the request cannot be sent: {error}"))
        }
        Error::Tls(reason) => FetchProblem::Tls { reason: reason.to_owned() },
        Error::TlsRequired => FetchProblem::Tls { reason: "TLS is not available".to_owned() },
        Error::ConnectionFailed => FetchProblem::ConnectionRefused,
        Error::Protocol(_) | Error::LargeResponseHeader(..) => FetchProblem::NotHttp,
        Error::BodyStalled => FetchProblem::ConnectionClosed,
        Error::Decompress(coding, error) if error.kind() != ErrorKind::UnexpectedEof => {
            FetchProblem::UnreadableCoding { coding: coding.to_owned() }
        }
        Error::Decompress(..) => FetchProblem::ConnectionClosed,
        Error::ConnectProxyFailed(reason) => {
            FetchProblem::Other(format!("the proxy refuses: {reason}"))
        }
        Error::Other(other) => match other.downcast::<PrivateAddressError>() {
            Ok(refused) => FetchProblem::PrivateAddress { address: refused.0.to_string() },
            Err(other) => FetchProblem::Other(other.to_string()),
        },
        other => FetchProblem::Other(other.to_string()),
    }
}

fn map_timeout(timeout: Timeout, limits: &FetchLimits) -> FetchProblem {
    let (stage, time) = match timeout {
        Timeout::Resolve => ("looking for the server", limits.connect_timeout),
        Timeout::Connect => ("connecting", limits.connect_timeout),
        Timeout::RecvResponse => (WAITING_FOR_ANSWER, limits.response_timeout),
        _ => ("reading the answer", limits.total_timeout),
    };
    FetchProblem::TimedOut { stage, seconds: time.as_secs() }
}

/// Converts an I/O error, which may wrap one of the HTTP library.
fn map_io_error(error: IoError, limits: &FetchLimits) -> FetchProblem {
    let coding = error.get_ref().and_then(|inner| inner.downcast_ref::<ContentCodingError>());
    if let Some(ContentCodingError(coding)) = coding {
        return FetchProblem::UnreadableCoding { coding: coding.clone() };
    }
    if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<EvictedError>) {
        return FetchProblem::Other(error.to_string());
    }
    if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Error>) {
        let inner = error.into_inner().and_then(|inner| inner.downcast::<Error>().ok());
        return inner.map_or(FetchProblem::ConnectionClosed, |inner| map_error(*inner, limits));
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => FetchProblem::ConnectionRefused,
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown => {
            FetchProblem::NoNetwork
        }
        ErrorKind::TimedOut | ErrorKind::WouldBlock => map_timeout(Timeout::Global, limits),
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::InvalidData
        | ErrorKind::InvalidInput => FetchProblem::ConnectionClosed,
        _ if error.to_string().contains("lookup address") => map_lookup_error(&error.to_string()),
        _ => FetchProblem::Other(error.to_string()),
    }
}

/// Converts a failed host lookup, of which the system gives only a text. "Temporary failure in name
/// resolution" means that no name server was reached.
fn map_lookup_error(words: &str) -> FetchProblem {
    let words = words.to_lowercase();
    let offline = ["temporary", "try again", "unreachable"].iter().any(|word| words.contains(word));
    if offline { FetchProblem::NoNetwork } else { FetchProblem::HostNotFound }
}
