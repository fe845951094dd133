//! What the HTTP library says, in our words.

use std::io::{Error as IoError, ErrorKind};

use ureq::{Error, Timeout};

use super::{FetchError, Limits, Problem, guard::Refused};
use crate::text::address;

/// A failed request to `url`; only the host is named, since the rest may hold secrets.
pub(super) fn failed(url: &str, problem: Problem) -> FetchError {
    FetchError { host: address::host(url).to_owned(), problem }
}

/// What went wrong.
pub(super) fn problem(error: Error, limits: &Limits) -> Problem {
    match error {
        Error::Timeout(timeout) => timed_out(timeout, limits),
        Error::HostNotFound => Problem::NoSuchHost,
        Error::Io(error) => io(error, limits),
        Error::BadUri(_) | Error::Http(_) => Problem::Address,
        Error::Rustls(error) => Problem::Tls { reason: error.to_string() },
        Error::Tls(reason) => Problem::Tls { reason: reason.to_owned() },
        Error::TlsRequired => Problem::Tls { reason: "TLS is not available".to_owned() },
        Error::ConnectionFailed => Problem::Refused,
        Error::Protocol(_) | Error::LargeResponseHeader(..) => Problem::NotHttp,
        Error::Decompress(..) | Error::BodyStalled => Problem::Cut,
        Error::ConnectProxyFailed(reason) => Problem::Other(format!("the proxy refuses: {reason}")),
        Error::Other(other) => match other.downcast::<Refused>() {
            Ok(refused) => Problem::Private { address: refused.0.to_string() },
            Err(other) => Problem::Other(other.to_string()),
        },
        other => Problem::Other(other.to_string()),
    }
}

fn timed_out(timeout: Timeout, limits: &Limits) -> Problem {
    let (stage, time) = match timeout {
        Timeout::Resolve => ("looking for the server", limits.connect),
        Timeout::Connect => ("connecting", limits.connect),
        Timeout::RecvResponse => ("waiting for an answer", limits.answer),
        _ => ("reading the answer", limits.total),
    };
    Problem::TimedOut { stage, seconds: time.as_secs() }
}

/// Errors of reading, some of which carry one of the library's inside.
fn io(error: IoError, limits: &Limits) -> Problem {
    if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<Error>) {
        let inner = error.into_inner().and_then(|inner| inner.downcast::<Error>().ok());
        return inner.map_or(Problem::Cut, |inner| problem(*inner, limits));
    }
    match error.kind() {
        ErrorKind::ConnectionRefused => Problem::Refused,
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown => {
            Problem::NoNetwork
        }
        ErrorKind::TimedOut | ErrorKind::WouldBlock => timed_out(Timeout::Global, limits),
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::InvalidData
        | ErrorKind::InvalidInput => Problem::Cut,
        _ if error.to_string().contains("lookup address") => unknown(&error.to_string()),
        _ => Problem::Other(error.to_string()),
    }
}

/// The system has words only for why a name could not be looked up: "Temporary failure in name resolution" is that
/// there is nobody to ask.
fn unknown(words: &str) -> Problem {
    let words = words.to_lowercase();
    let offline = ["temporary", "try again", "unreachable"].iter().any(|word| words.contains(word));
    if offline { Problem::NoNetwork } else { Problem::NoSuchHost }
}
