//! Parser for persons in RSS: `email (name)`, `name <email>`, or only one of the two.

use super::feed_document::Person;

/// Splits `text` into the persons that it lists, if each of them has an email address: a comma alone
/// may be inside of a name.
pub(super) fn parse_people(text: &str) -> Vec<Person> {
    let parts: Vec<Person> = text.split([',', ';']).map(parse_person).collect();
    if parts.len() > 1 && parts.iter().all(|person| person.email.is_some()) {
        return parts;
    }
    vec![parse_person(text)]
}

/// Splits `text` into the name and the email address of a person.
fn parse_person(text: &str) -> Person {
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

/// Returns each person once, in order. A name with and without an email address is one person.
pub(super) fn merge_same_persons(people: impl IntoIterator<Item = Person>) -> Vec<Person> {
    let mut merged: Vec<Person> = Vec::new();
    for person in people {
        match merged.iter_mut().find(|known| is_same_person(known, &person)) {
            Some(known) => {
                known.name = known.name.take().or(person.name);
                known.email = known.email.take().or(person.email);
            }
            None => merged.push(person),
        }
    }
    merged
}

fn is_same_person(one: &Person, other: &Person) -> bool {
    let may_be_equal = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => one.to_lowercase() == other.to_lowercase(),
        _ => true,
    };
    let shares_a_value =
        one.name.is_some() && other.name.is_some() || one.email.is_some() && other.email.is_some();
    shares_a_value && may_be_equal(&one.name, &other.name) && may_be_equal(&one.email, &other.email)
}

/// Joins the names of `people`, or their mail addresses where they have no name, by commas; `None`
/// without any. Each name appears once.
pub fn join_author_names(people: &[Person]) -> Option<String> {
    let mut names: Vec<&str> = Vec::new();
    for name in
        people.iter().filter_map(|person| person.name.as_deref().or(person.email.as_deref()))
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
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
    fn merge_same_persons_joins_name_and_email() {
        let person = |name: &str, email: &str| Person {
            name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            email: Some(email.to_owned()).filter(|email| !email.is_empty()),
        };
        let people = [
            person("Bo", ""),
            person("Ann", "a@x.org"),
            person("bo", "b@x.org"),
            person("Bo", "other@x.org"),
            person("", "a@x.org"),
        ];
        let expected =
            [person("Bo", "b@x.org"), person("Ann", "a@x.org"), person("Bo", "other@x.org")];
        assert_eq!(merge_same_persons(people), expected);
        assert_eq!(join_author_names(&expected).as_deref(), Some("Bo, Ann"));
        assert_eq!(join_author_names(&[]), None);
    }

    #[test]
    fn parse_people_splits_lists_of_addresses() {
        let names = |text: &str| -> Vec<String> {
            parse_people(text).into_iter().filter_map(|person| person.name).collect()
        };
        assert_eq!(names("i@x.org (Ina), ole@y.org (Ole)"), ["Ina", "Ole"]);
        assert_eq!(names("Ina <i@x.org>; Ole <ole@y.org>"), ["Ina", "Ole"]);
        assert_eq!(names("Berg, Ina <i@x.org>"), ["Berg, Ina"]);
        assert_eq!(names("Berg, Ina"), ["Berg, Ina"]);
    }

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
