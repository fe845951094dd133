//! Why there is no answer, as sentences.

/// A request that had no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{host}: {problem}")]
pub struct FetchError {
    /// The host that was asked.
    pub host: String,
    /// What went wrong.
    pub problem: FetchProblem,
}

impl FetchError {
    /// Whether there is no network at all, so that the server is not at fault.
    pub fn is_offline(&self) -> bool {
        self.problem == FetchProblem::NoNetwork
    }
}

/// What went wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchProblem {
    /// The address is none that can be asked.
    #[error("the address is not one that can be fetched; it has to begin with https:// or http://")]
    InvalidUrl,
    /// Nobody knows the host.
    #[error("there is no such host")]
    HostNotFound,
    /// The network cannot be reached.
    #[error("there is no network")]
    NoNetwork,
    /// The host does not listen.
    #[error("the server does not take connections")]
    ConnectionRefused,
    /// It took too long.
    #[error("timed out after {seconds} s while {stage}")]
    TimedOut {
        /// What was waited for.
        stage: &'static str,
        /// How long.
        seconds: u64,
    },
    /// The certificate is not good, or there is no common protocol.
    #[error("no secure connection: {reason}")]
    Tls {
        /// What the TLS library says.
        reason: String,
    },
    /// Round and round.
    #[error("redirected more than {limit} times")]
    TooManyRedirects {
        /// How many are followed.
        limit: u8,
    },
    /// Away from https, or to something that is not the web.
    #[error("redirected to {to}, which is not safe to follow")]
    UnsafeRedirect {
        /// Where to.
        to: String,
    },
    /// The guard.
    #[error("leads to a private address ({address}), where feeds from elsewhere may not reach")]
    PrivateAddress {
        /// Which.
        address: String,
    },
    /// The body ended before it should.
    #[error("the connection was closed in the middle of the answer")]
    ConnectionClosed,
    /// That was not HTTP.
    #[error("the server does not speak HTTP")]
    NotHttp,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}
