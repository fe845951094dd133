//! People as RSS writes them: `mail (name)`, `name <mail>`, or only one of the two.

use super::parsed::Person;

/// Who `text` is.
pub(super) fn parse(text: &str) -> Person {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let parted = parted(&text, '<', '>').or_else(|| parted(&text, '(', ')'));
    let (outside, inside) = parted.unwrap_or((text.clone(), String::new()));
    match (mail(&outside), mail(&inside)) {
        (Some(email), _) => Person { name: named(&inside), email: Some(email) },
        (None, Some(email)) => Person { name: named(&outside), email: Some(email) },
        (None, None) => bare(&text),
    }
}

/// What stands outside and inside the brackets at the end.
fn parted(text: &str, open: char, close: char) -> Option<(String, String)> {
    let (outside, inside) = text.strip_suffix(close)?.rsplit_once(open)?;
    Some((outside.trim().to_owned(), inside.trim().to_owned()))
}

fn mail(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("mailto:");
    let (user, domain) = text.split_once('@')?;
    let good = !user.is_empty() && domain.contains('.') && !text.contains(char::is_whitespace);
    good.then(|| text.to_owned())
}

fn named(text: &str) -> Option<String> {
    let name = text.trim().trim_matches('"').trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// A mail address among the words, the rest the name.
fn bare(text: &str) -> Person {
    let email = text.split(' ').find_map(|word| mail(word.trim_matches(|c: char| !c.is_alphanumeric())));
    let name = match &email {
        Some(email) => named(text.replace(email.as_str(), "").trim_matches(|c: char| !c.is_alphanumeric())),
        None => named(text),
    };
    Person { name, email }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_told_apart() {
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
            let person = parse(text);
            assert_eq!((person.name.as_deref(), person.email.as_deref()), (name, email), "{text}");
        }
    }
}
