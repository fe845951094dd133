//! Failures between the program and a server, in words for the user.

use std::time::Duration;

use crate::net::{CertificateFingerprint, FetchError};

/// The failure of a call. The sentence names the call and what the server answered, and never a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ServerError {
    /// There is no answer.
    #[error("{0}")]
    NoAnswer(FetchError),
    /// The server does not accept the user name or the password.
    #[error(
        "{host} does not accept the user name or the password. The API may have a password of its own: \
         in FreshRSS under Profile, in Miniflux under Settings, Integrations"
    )]
    Refused {
        /// The host of the server.
        host: String,
    },
    /// The key that the protocol sends is as good as the password, and nothing would protect it.
    #[error(
        "{host} would get a key that is as good as the password in the clear; give its https address"
    )]
    InTheClear {
        /// The host of the server.
        host: String,
    },
    /// The server accepted the password, and then not what it gave in exchange for it.
    #[error("{host} accepts the password, but not its own login when asked to {call} ({status})")]
    LoginExpired {
        /// The host of the server.
        host: String,
        /// The call, as a verb with its object.
        call: &'static str,
        /// The status.
        status: u16,
    },
    /// The server wants to be asked less often.
    #[error("{host} has been asked too often")]
    AskedTooOften {
        /// The host of the server.
        host: String,
        /// The time that it wants to be left alone, if it says.
        wait: Option<Duration>,
    },
    /// The server answered with a status of failure.
    #[error("{host} could not {call} (status {status}{})", reason_part(reason.as_deref()))]
    Status {
        /// The host of the server.
        host: String,
        /// The call, as a verb with its object.
        call: &'static str,
        /// The status.
        status: u16,
        /// The reason that the server gives.
        reason: Option<String>,
        /// The time that it wants to be left alone, if it says.
        wait: Option<Duration>,
    },
    /// The server answered that it does not do it.
    #[error("{host} does not {call}: {reason}")]
    Declined {
        /// The host of the server.
        host: String,
        /// The call, as a verb with its object.
        call: &'static str,
        /// The reason that the server gives.
        reason: String,
    },
    /// The server leads elsewhere.
    #[error("{host} redirects to {to}; if that is your server, give its address")]
    Redirected {
        /// The host of the server.
        host: String,
        /// The address to which it leads.
        to: String,
    },
    /// The answer is something else than the protocol says, whatever its status.
    #[error("{host} was asked to {call}, and answered something else: {reason}")]
    Unexpected {
        /// The host of the server.
        host: String,
        /// The call, as a verb with its object.
        call: &'static str,
        /// The fault of the answer.
        reason: &'static str,
    },
    /// The answer is longer than the program reads.
    #[error("{host} was asked to {call}, and its answer is too long")]
    TooLong {
        /// The host of the server.
        host: String,
        /// The call, as a verb with its object.
        call: &'static str,
    },
}

fn reason_part(reason: Option<&str>) -> String {
    reason.map_or_else(String::new, |reason| format!(": {reason}"))
}

impl ServerError {
    /// Returns true if there is no network, so that the server is not at fault.
    pub fn is_offline(&self) -> bool {
        matches!(self, ServerError::NoAnswer(error) if error.is_offline())
    }

    /// Returns the fingerprint of the server's certificate, if that is refused.
    pub fn refused_certificate(&self) -> Option<CertificateFingerprint> {
        match self {
            ServerError::NoAnswer(error) => error.refused_certificate(),
            _ => None,
        }
    }

    /// Returns true if the server has answered this call, and may answer others better.
    pub fn is_about_one_call(&self) -> bool {
        matches!(
            self,
            ServerError::Status { .. }
                | ServerError::Declined { .. }
                | ServerError::Unexpected { .. }
                | ServerError::TooLong { .. }
        )
    }

    /// Returns true if the server refuses this call for good: the same one will not do better.
    pub fn is_refusal(&self) -> bool {
        matches!(self, ServerError::Declined { .. } | ServerError::Status { status: 400..=499, .. })
    }

    /// Returns the time for which the server wants to be left alone.
    pub fn wait(&self) -> Option<Duration> {
        match self {
            ServerError::AskedTooOften { wait, .. } | ServerError::Status { wait, .. } => *wait,
            _ => None,
        }
    }
}
