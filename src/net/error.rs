//! Errors of requests, as sentences.

use super::CertificateFingerprint;
use crate::text::url::WebUrlError;

/// The error of a request without a response.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{host}{separator}{problem}", separator = if host.is_empty() { "" } else { ": " })]
pub struct FetchError {
    /// The host of the request; empty if its URL names none.
    pub host: String,
    /// The problem.
    pub problem: FetchProblem,
}

impl FetchError {
    /// Returns true if there is no network at all, so that the server is not at fault.
    pub fn is_offline(&self) -> bool {
        self.problem == FetchProblem::NoNetwork
    }

    /// Returns true if the server accepted the connection and then said nothing.
    pub fn is_unanswered(&self) -> bool {
        matches!(self.problem, FetchProblem::TimedOut { stage: WAITING_FOR_ANSWER, .. })
    }

    /// Returns the fingerprint of the certificate that was refused, if that was the problem and the request
    /// asked for it.
    pub fn refused_certificate(&self) -> Option<CertificateFingerprint> {
        match self.problem {
            FetchProblem::UntrustedCertificate { fingerprint: found, .. }
            | FetchProblem::ChangedCertificate { found, .. } => Some(found),
            _ => None,
        }
    }

    /// Returns true if the SSRF guard has refused the address.
    pub fn is_private_address(&self) -> bool {
        matches!(self.problem, FetchProblem::PrivateAddress { .. })
    }
}

/// The stage of a request in which its response has not begun.
pub(super) const WAITING_FOR_ANSWER: &str = "waiting for an answer";

/// The problem with a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchProblem {
    /// The URL is invalid, or not of the web.
    #[error("the address {0}")]
    InvalidUrl(WebUrlError),
    /// The host is unknown.
    #[error("there is no such host")]
    HostNotFound,
    /// The network is unreachable.
    #[error("there is no network")]
    NoNetwork,
    /// The host refuses the connection.
    #[error("the server refuses connections")]
    ConnectionRefused,
    /// The request took too long.
    #[error("timed out after {seconds} s while {stage}")]
    TimedOut {
        /// The stage that was waited for.
        stage: &'static str,
        /// The limit in seconds.
        seconds: u64,
    },
    /// The certificate is invalid, or there is no common protocol.
    #[error("no secure connection: {reason}")]
    Tls {
        /// The error of the TLS library.
        reason: String,
    },
    /// No authority vouches for the certificate, or it does not fit; the user may accept it.
    #[error("its certificate is refused: {reason}. Its fingerprint is {fingerprint}")]
    UntrustedCertificate {
        /// The reason, in words.
        reason: String,
        /// The fingerprint.
        fingerprint: CertificateFingerprint,
    },
    /// The certificate is another one than the user has accepted.
    #[error("its certificate is now {found}, and not {accepted}, which was accepted")]
    ChangedCertificate {
        /// The fingerprint of the certificate.
        found: CertificateFingerprint,
        /// The fingerprint of the accepted one.
        accepted: CertificateFingerprint,
    },
    /// The redirects do not end.
    #[error("redirected more than {limit} times")]
    TooManyRedirects {
        /// The number of redirects that are followed.
        limit: u8,
    },
    /// A redirect away from https, or to something other than the web.
    #[error("redirected to {to}, which is not safe to follow")]
    UnsafeRedirect {
        /// The host of the redirect.
        to: String,
    },
    /// A private address, refused by the SSRF guard.
    #[error("{address} is in the private network; subscribe to it directly if you trust it")]
    PrivateAddress {
        /// The address.
        address: String,
    },
    /// The connection was closed before the end of the body.
    #[error("the connection was closed in the middle of the answer")]
    ConnectionClosed,
    /// The body cannot be decompressed.
    #[error("the answer is compressed in a way that cannot be read ({coding})")]
    UnreadableCoding {
        /// The name of the content coding.
        coding: String,
    },
    /// The response was not HTTP.
    #[error("the server does not speak HTTP")]
    NotHttp,
    /// Any other problem.
    #[error("{0}")]
    Other(String),
}
