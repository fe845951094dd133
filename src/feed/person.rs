//! Parser for persons in RSS: `email (name)`, `name <email>`, or only one of the two.

use super::feed_document::Person;

/// Splits `text` into the name and the email address of a person.
pub(super) fn parse_person(text: &str) -> Person {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts = split_at_brackets(&text, '<', '>').or_else(|| split_at_brackets(&text, '(', ')'));
    let (outside, inside) = parts.unwrap_or((text.clone(), String::new()));
    match (parse_email(&outside), parse_email(&inside)) {
        (Some(email), _) => Person { name: non_empty_name(&inside), email: Some(email) },
        (None, Some(email)) => Person { name: non_empty_name(&outside), email: Some(email) },
        (None, None) => parse_unbracketed(&text),
    }
}

/// Splits off the brackets at the end of `text`; returns the text outside and inside of them.
fn split_at_brackets(text: &str, open: char, close: char) -> Option<(String, String)> {
    let (outside, inside) = text.strip_suffix(close)?.rsplit_once(open)?;
    Some((outside.trim().to_owned(), inside.trim().to_owned()))
}

fn parse_email(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("mailto:");
    let (user, domain) = text.split_once('@')?;
    let is_email = !user.is_empty() && domain.contains('.') && !text.contains(char::is_whitespace);
    is_email.then(|| text.to_owned())
}

fn non_empty_name(text: &str) -> Option<String> {
    let name = text.trim().trim_matches('"').trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Finds an email address among the words of `text`; the rest is the name.
fn parse_unbracketed(text: &str) -> Person {
    let email = text
        .split(' ')
        .find_map(|word| parse_email(word.trim_matches(|c: char| !c.is_alphanumeric())));
    let name = match &email {
        Some(email) => non_empty_name(
            text.replace(email.as_str(), "").trim_matches(|c: char| !c.is_alphanumeric()),
        ),
        None => non_empty_name(text),
    };
    Person { name, email }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_person_splits_name_and_email() {
        let cases = [
            ("Anna Weil", Some("Anna Weil"), None),
            ("anna@example.org (Anna Weil)", Some("Anna Weil"), Some("anna@example.org")),
            ("Anna Weil (anna@example.org)", Some("Anna Weil"), Some("anna@example.org")),
            ("\"Anna Weil\" <anna@example.org>", Some("Anna Weil"), Some("anna@example.org")),
            ("anna@example.org", None, Some("anna@example.org")),
            ("anna@example.org Anna Weil", Some("Anna Weil"), Some("anna@example.org")),
            ("Anna Weil (Berlin)", Some("Anna Weil (Berlin)"), None),
            ("mailto:anna@example.org", None, Some("anna@example.org")),
            ("@anna", Some("@anna"), None),
            ("", None, None),
        ];
        for (text, name, email) in cases {
            let person = parse_person(text);
            assert_eq!((person.name.as_deref(), person.email.as_deref()), (name, email), "{text}");
        }
    }
}
