//! The sentence about a server at which no login was possible.

use super::find_server::LoginAttempt;
use crate::remote::ServerError;

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

/// Attempts with the same failure.
struct AttemptGroup<'a> {
    failure: String,
    attempts: Vec<&'a LoginAttempt>,
}

/// Describes attempts; those with the same failure together, because a long sentence is cut.
fn describe_groups(attempts: &[&LoginAttempt]) -> String {
    let mut groups: Vec<AttemptGroup<'_>> = Vec::new();
    for attempt in attempts {
        let failure = attempt.error.to_string();
        match groups.iter_mut().find(|group| group.failure == failure) {
            Some(group) => group.attempts.push(attempt),
            None => groups.push(AttemptGroup { failure, attempts: vec![attempt] }),
        }
    }
    let describe = |AttemptGroup { failure, attempts }: &AttemptGroup<'_>| {
        format!("{}: {failure}", list_addresses(attempts))
    };
    groups.iter().map(describe).collect::<Vec<_>>().join("; ")
}

/// Lists addresses, with the protocol behind the last one of each.
fn list_addresses(attempts: &[&LoginAttempt]) -> String {
    let by_kind = attempts.chunk_by(|one, other| one.kind == other.kind).map(|same| {
        let urls: Vec<&str> = same.iter().map(|attempt| attempt.url.as_str()).collect();
        format!("{} ({})", urls.join(", "), same[0].kind.title())
    });
    by_kind.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ServerKind;

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
             https://a.example/api/greader.php (Google Reader API), https://a.example/fever/ (Fever API): \
             a.example could not log in (status 404)"
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

    #[test]
    fn a_refusal_of_both_protocols_is_told_once() {
        let attempts = [
            attempt(ServerKind::GoogleReader, "https://a.example", refused()),
            attempt(ServerKind::Fever, "https://a.example/fever/", refused()),
        ];
        let sentence = describe_attempts("a.example", &attempts);
        let start = "cannot log in at https://a.example (Google Reader API), https://a.example/fever/ (Fever \
                     API): a.example does not accept the user name or the password.";
        assert!(sentence.starts_with(start), "{sentence}");
        assert_eq!(sentence.matches("does not accept").count(), 1);
    }
}
