//! Parser for persons in RSS: `email (name)`, `name <email>`, or only one of the two.

use std::collections::{HashMap, HashSet};

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

/// Returns the number of persons that [`parse_people`] makes of `text` at most.
pub(super) fn max_people(text: &str) -> usize {
    text.split([',', ';']).count()
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
    let mut merged = MergedPersons::default();
    people.into_iter().for_each(|person| merged.add(person));
    merged.persons
}

/// A name and an email address in lower case, as far as they are known.
type PersonKey = (Option<String>, Option<String>);

/// Persons that are all different. Adding one takes constant time.
#[derive(Default)]
struct MergedPersons {
    persons: Vec<Person>,
    /// The person with exactly this name and address.
    by_key: HashMap<PersonKey, usize>,
    /// The first person with this name, or with this address, whatever else is known.
    by_part: HashMap<PersonKey, usize>,
}

impl MergedPersons {
    fn add(&mut self, person: Person) {
        let key = person_key(&person);
        let Some(index) = self.position(&key) else {
            self.persons.push(person);
            return self.index(self.persons.len() - 1);
        };
        let known = &mut self.persons[index];
        // One of two parts may come to be known, so that the shorter key is no longer true.
        self.by_key.remove(&person_key(known));
        known.name = known.name.take().or(person.name);
        known.email = known.email.take().or(person.email);
        self.index(index);
    }

    /// Returns the index of the first person that may be the one with `key`: of those that share a
    /// name or an address, one without a contradiction in the other.
    fn position(&self, key: &PersonKey) -> Option<usize> {
        let (name, email) = key;
        if name.is_none() || email.is_none() {
            return self.by_part.get(key).copied();
        }
        let partial = [(name.clone(), None), (None, email.clone())];
        let exact = partial.iter().chain([key]).filter_map(|key| self.by_key.get(key).copied());
        exact.min()
    }

    fn index(&mut self, index: usize) {
        let key = person_key(&self.persons[index]);
        for part in [(key.0.clone(), None), (None, key.1.clone())] {
            if part != (None, None) {
                let first = self.by_part.entry(part).or_insert(index);
                *first = index.min(*first);
            }
        }
        let first = self.by_key.entry(key).or_insert(index);
        *first = index.min(*first);
    }
}

fn person_key(person: &Person) -> PersonKey {
    let lower = |text: &Option<String>| text.as_ref().map(|text| text.to_lowercase());
    (lower(&person.name), lower(&person.email))
}

/// Joins the names of `people`, or their mail addresses where they have no name, by commas; `None`
/// without any. Each name appears once.
pub fn join_author_names(people: &[Person]) -> Option<String> {
    let mut seen = HashSet::new();
    let all = people.iter().filter_map(|person| person.name.as_deref().or(person.email.as_deref()));
    let names: Vec<&str> = all.filter(|name| seen.insert(*name)).collect();
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
    use proptest::prelude::*;

    use super::*;

    /// The rule in quadratic time: the first person that shares a value and contradicts none.
    fn merge_one_by_one(people: Vec<Person>) -> Vec<Person> {
        let may_equal = |one: &Option<String>, other: &Option<String>| {
            one.is_none() || other.is_none() || one == other
        };
        let is_same = |one: &PersonKey, other: &PersonKey| {
            let shares_a_value =
                one.0.is_some() && one.0 == other.0 || one.1.is_some() && one.1 == other.1;
            shares_a_value && may_equal(&one.0, &other.0) && may_equal(&one.1, &other.1)
        };
        let mut merged: Vec<Person> = Vec::new();
        for person in people {
            let key = person_key(&person);
            match merged.iter_mut().find(|known| is_same(&person_key(known), &key)) {
                Some(known) => {
                    known.name = known.name.take().or(person.name);
                    known.email = known.email.take().or(person.email);
                }
                None => merged.push(person),
            }
        }
        merged
    }

    proptest! {
        #[test]
        fn merge_same_persons_equals_comparing_one_by_one(
            people in prop::collection::vec((prop::option::of("[abA]"), prop::option::of("[xyX]")), 0..20),
        ) {
            let people = people.into_iter().filter(|(name, email)| name.is_some() || email.is_some());
            let people: Vec<Person> = people.map(|(name, email)| Person { name, email }).collect();
            prop_assert_eq!(merge_same_persons(people.clone()), merge_one_by_one(people));
        }
    }

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
