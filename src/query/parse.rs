//! From what is typed to a [`Query`].

use chrono::NaiveDate;

use super::{
    Complaint, Field, Needle, Query, Term, Test, Trait,
    ast::Ending,
    date::days,
    lex::{Part, parts},
};

/// Reads a filter. `today` is the reader's day, for `since:2d`.
pub fn parse(text: &str, today: NaiveDate) -> Query {
    let mut query = Query::default();
    for part in parts(text) {
        match test(&part, today) {
            Ok(Some(found)) => query.terms.push(Term { test: found, negated: part.negated }),
            Ok(None) => {}
            Err(expected) => {
                let end = part.start + usize::from(part.negated) + part.raw.len();
                query.complaint.get_or_insert(Complaint { span: part.start..end, expected });
            }
        }
    }
    query
}

/// What a part asks; `None` if it asks nothing yet, an error naming what would be understood.
fn test(part: &Part<'_>, today: NaiveDate) -> Result<Option<Test>, &'static str> {
    let words = |field| Ok(Needle::new(part.value, ending(part)).map(|needle| Test::Text(field, needle)));
    match part.field.map(str::to_ascii_lowercase).as_deref() {
        None => words(Field::Anywhere),
        Some("title") => words(Field::Title),
        Some("author") => words(Field::Author),
        Some("in" | "feed") => Ok(Needle::new(part.value, ending(part)).map(Test::In)),
        Some("is") => state(part).map(|found| found.map(Test::Is)),
        Some("on") => dated(part, today).map(|days| days.map(Test::Days)),
        Some("since") => {
            dated(part, today).map(|days| days.map(|days| Test::Days(days.start..NaiveDate::MAX)))
        }
        Some("before") => {
            dated(part, today).map(|days| days.map(|days| Test::Days(NaiveDate::MIN..days.start)))
        }
        Some(_) => Ok(Needle::new(part.raw, ending(part)).map(|needle| Test::Text(Field::Anywhere, needle))),
    }
}

fn ending(part: &Part<'_>) -> Ending {
    if part.closed { Ending::Closed } else { Ending::Open }
}

fn state(part: &Part<'_>) -> Result<Option<Trait>, &'static str> {
    match part.value.to_ascii_lowercase().as_str() {
        "unread" => Ok(Some(Trait::Unread)),
        "read" => Ok(Some(Trait::Read)),
        "star" | "starred" => Ok(Some(Trait::Starred)),
        _ => Err("is: takes unread, read or star"),
    }
}

fn dated(part: &Part<'_>, today: NaiveDate) -> Result<Option<std::ops::Range<NaiveDate>>, &'static str> {
    days(&part.value.to_ascii_lowercase(), today)
        .map(Some)
        .ok_or("a date is 2026-01-28, 2026-01, 2026, today, 3d, 2w or 6m")
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::{super::Test, parse};

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    fn folded(text: &str) -> Vec<String> {
        let terms = parse(text, today()).terms;
        terms
            .into_iter()
            .map(|term| match term.test {
                Test::Text(_, needle) | Test::In(needle) => needle.folded().to_owned(),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn the_last_word_is_a_prefix_until_something_follows_it() {
        assert_eq!(folded("Qamishli Base"), [" qamishli ", " base"]);
        assert_eq!(folded("base "), [" base "]);
        assert_eq!(folded("\"night tr"), [" night tr"]);
        assert_eq!(folded("\"night train\""), [" night train "]);
        assert_eq!(folded("al-sharaa"), [" al sharaa"]);
        assert_eq!(folded("- ! ?"), Vec::<String>::new());
    }

    #[test]
    fn unknown_words_before_a_colon_are_text() {
        assert_eq!(folded("https://example.org"), [" https example org"]);
        assert_eq!(folded("re:view"), [" re view"]);
    }

    #[test]
    fn a_value_that_is_not_understood_is_named_and_restricts_nothing() {
        let query = parse("rust on:2026-13-99", today());
        assert_eq!(query.terms.len(), 1);
        assert_eq!(query.complaint.map(|complaint| complaint.span), Some(5..18));
    }

    proptest! {
        #[test]
        fn anything_typed_is_a_query(text in "\\PC{0,40}") {
            let _ = parse(&text, today());
        }
    }
}
