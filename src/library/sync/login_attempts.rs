//! The sentence about a server at which no login was possible.

use super::find_server::LoginAttempt;
use crate::{model::ServerKind, remote::ServerError};

/// Describes why no login was possible: every address that was tried, with what it answered. A server that
/// refuses the password is the right one, and the only one that is named.
pub(super) fn describe_attempts(server: &str, attempts: &[LoginAttempt]) -> String {
    let is_right = |error: &ServerError| {
        matches!(error, ServerError::Refused { .. } | ServerError::AskedTooOften { .. })
    };
    let right: Vec<&LoginAttempt> =
        attempts.iter().filter(|attempt| is_right(&attempt.error)).collect();
    if right.is_empty() {
        let tried = describe_groups(&attempts.iter().collect::<Vec<_>>());
        format!("no login at “{}” was possible. Tried {tried}", server.trim())
    } else {
        format!("cannot log in at {}", describe_groups(&right))
    }
}

/// Attempts with the same failure by the same protocol.
struct AttemptGroup<'a> {
    kind: ServerKind,
    urls: Vec<&'a str>,
    failure: String,
}

fn describe_groups(attempts: &[&LoginAttempt]) -> String {
    let mut groups: Vec<AttemptGroup<'_>> = Vec::new();
    for LoginAttempt { kind, url, error } in attempts {
        let failure = error.to_string();
        let is_same =
            |group: &&mut AttemptGroup<'_>| group.kind == *kind && group.failure == failure;
        match groups.iter_mut().find(is_same) {
            Some(group) => group.urls.push(url),
            None => groups.push(AttemptGroup { kind: *kind, urls: vec![url], failure }),
        }
    }
    let sentences: Vec<String> = groups
        .iter()
        .map(|AttemptGroup { kind, urls, failure }| {
            format!("{} ({}): {failure}", urls.join(", "), kind.title())
        })
        .collect();
    sentences.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(kind: ServerKind, url: &str, error: ServerError) -> LoginAttempt {
        LoginAttempt { kind, url: url.to_owned(), error }
    }

    fn missing() -> ServerError {
        ServerError::Status {
            host: "a.example".to_owned(),
            call: "log in",
            status: 404,
            reason: None,
            wait: None,
        }
    }

    fn refused() -> ServerError {
        ServerError::Refused { host: "a.example".to_owned() }
    }

    #[test]
    fn every_address_is_named_with_its_protocol_and_its_answer() {
        let attempts = [
            attempt(ServerKind::GoogleReader, "https://a.example", missing()),
            attempt(ServerKind::GoogleReader, "https://a.example/api/greader.php", missing()),
            attempt(ServerKind::Fever, "https://a.example/fever/", missing()),
        ];
        assert_eq!(
            describe_attempts(" a.example ", &attempts),
            "no login at “a.example” was possible. Tried https://a.example, \
             https://a.example/api/greader.php (Google Reader API): a.example could not log in (status 404); \
             https://a.example/fever/ (Fever API): a.example could not log in (status 404)"
        );
    }

    #[test]
    fn a_server_that_refuses_the_password_is_the_right_one() {
        let attempts = [
            attempt(ServerKind::GoogleReader, "https://a.example", missing()),
            attempt(ServerKind::Fever, "https://a.example/fever/", refused()),
        ];
        let sentence = describe_attempts("a.example", &attempts);
        assert!(sentence.starts_with("cannot log in at https://a.example/fever/ (Fever API): "));
        assert!(!sentence.contains("404"), "{sentence}");
    }
}
