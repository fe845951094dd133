//! Finding a server: logging in at each address at which one of its APIs may be.

use super::server::ServerSession;
use crate::{
    fever, greader,
    model::{ServerKind, ServerLogin, StoredPassword},
    net::Fetch,
    remote::{ServerAddress, ServerError},
};

/// An address at which no login was possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginAttempt {
    /// The kind of server that was looked for.
    pub kind: ServerKind,
    /// The address.
    pub url: String,
    /// The failure.
    pub error: ServerError,
}

/// Logs in at the first address that accepts the user, and returns the session. The Google Reader API is
/// looked for before the Fever API, because more can be done by it; `kind` restricts the search to one.
///
/// # Errors
///
/// Returns what each address answered. The rest are not tried without a network, and once the
/// server says nothing or its certificate is refused.
pub fn find_server<'h>(
    http: &'h dyn Fetch,
    address: &ServerAddress,
    kind: Option<ServerKind>,
    user: &str,
    password: &StoredPassword,
) -> Result<ServerSession<'h>, Vec<LoginAttempt>> {
    let mut attempts = Vec::new();
    for (kind, url) in candidates(address, kind) {
        let login =
            ServerLogin { url: url.clone(), user: user.to_owned(), password: password.clone() };
        match ServerSession::log_in(http, kind, login) {
            Ok(session) => return Ok(session),
            Err(error) => {
                let is_final = ends_search(&error);
                attempts.push(LoginAttempt { kind, url, error });
                if is_final {
                    break;
                }
            }
        }
    }
    Err(attempts)
}

/// Returns whether the other addresses need not be tried: there is no network, the server is silent at all
/// of them, or its certificate is refused, and without encryption it might answer.
fn ends_search(error: &ServerError) -> bool {
    let is_silent = matches!(error, ServerError::NoAnswer(error) if error.is_offline() || error.is_unanswered());
    is_silent || error.refused_certificate().is_some()
}

fn candidates(address: &ServerAddress, kind: Option<ServerKind>) -> Vec<(ServerKind, String)> {
    let kinds = ServerKind::ALL.into_iter().filter(|known| kind.is_none_or(|kind| kind == *known));
    let urls_of = |kind: ServerKind| match kind {
        ServerKind::GoogleReader => greader::candidate_addresses(address),
        ServerKind::Fever => fever::candidate_endpoints(address),
    };
    kinds.flat_map(|kind| urls_of(kind).into_iter().map(move |url| (kind, url))).collect()
}
