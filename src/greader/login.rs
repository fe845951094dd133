//! Finding a server: logging in at each address at which its API may be.

use super::{ServerError, session::Session};
use crate::{
    model::{ServerLogin, StoredPassword},
    net::Fetch,
};

/// A base address at which no login was possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginAttempt {
    /// The base address.
    pub url: String,
    /// The failure.
    pub error: ServerError,
}

/// Logs in at the first of the base addresses that accepts the user, and returns the session.
///
/// # Errors
///
/// Returns what each address answered. The rest are not tried without a network.
pub fn find_server<'h>(
    http: &'h dyn Fetch,
    candidates: &[String],
    user: &str,
    password: &StoredPassword,
) -> Result<Session<'h>, Vec<LoginAttempt>> {
    let mut attempts = Vec::new();
    for url in candidates {
        let login =
            ServerLogin { url: url.clone(), user: user.to_owned(), password: password.clone() };
        match Session::log_in(http, login) {
            Ok(session) => return Ok(session),
            Err(error) => {
                let is_offline = error.is_offline();
                attempts.push(LoginAttempt { url: url.clone(), error });
                if is_offline {
                    break;
                }
            }
        }
    }
    Err(attempts)
}
