//! Mistakes in a filter that is given as a whole, as on the command line.

use std::ops::Range;

use super::fields::FIELD_NAMES;
use crate::text::nearest_word;

/// A part of a filter that its author can hardly have meant, although every text is a valid filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryMistake {
    /// The place in the filter, in bytes.
    pub span: Range<usize>,
    /// The kind of the mistake.
    pub kind: MistakeKind,
}

/// A kind of mistake in a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MistakeKind {
    /// A value that its field does not take, with a description of the values that it takes.
    InvalidValue(&'static str),
    /// A field without a value.
    MissingValue,
    /// A word and a colon, but the word is no field.
    UnknownField,
    /// A parenthesis that is not closed.
    UnclosedParenthesis,
    /// A closing parenthesis that closes nothing.
    UnopenedParenthesis,
    /// A quotation mark without its second.
    UnclosedQuotation,
    /// An `or` that nothing follows.
    MissingOperand,
    /// A filter that consists of signs, and would match every entry.
    NoWord,
}

impl QueryMistake {
    /// Returns the number of the first character of the mistake in `filter`, from 1.
    pub fn character_number(&self, filter: &str) -> usize {
        filter[..self.span.start].chars().count() + 1
    }

    /// Describes what is wrong in `filter`.
    pub fn describe(&self, filter: &str) -> String {
        match self.kind {
            MistakeKind::InvalidValue(expected) => expected.to_owned(),
            MistakeKind::MissingValue => "the value is missing".to_owned(),
            MistakeKind::UnknownField => describe_unknown_field(&filter[self.span.clone()]),
            MistakeKind::UnclosedParenthesis => "the parenthesis is not closed".to_owned(),
            MistakeKind::UnopenedParenthesis => "the parenthesis closes nothing".to_owned(),
            MistakeKind::UnclosedQuotation => "the quotation mark is not closed".to_owned(),
            MistakeKind::MissingOperand => "a word must follow".to_owned(),
            MistakeKind::NoWord => "there is no word to search for".to_owned(),
        }
    }
}

/// Describes a name with a colon that is no field: with the nearest field, or else with all.
fn describe_unknown_field(prefix: &str) -> String {
    let name = prefix.trim_end_matches(':').to_lowercase();
    // Any word of two or three letters is near some field.
    let nearest = nearest_word(&name, FIELD_NAMES).filter(|_| name.len() > 3);
    let hint = match nearest {
        Some(known) => format!(" (did you mean “{known}:”?)"),
        None => format!(", only {}:", FIELD_NAMES.join(":, ")),
    };
    format!("there is no such field{hint}; in quotation marks it is searched as text")
}

#[cfg(test)]
mod tests {
    use super::MistakeKind as Kind;
    use crate::query::{find_mistake, parse};

    #[test]
    fn find_mistake_names_kind_and_place() {
        const TOO_DEEP: &str = "parentheses and signs can be nested 16 deep";
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let nested = |depth| format!("{}a b{}", "(".repeat(depth), ")".repeat(depth));
        for (filter, expected) in [
            ("", None),
            ("night train", None),
            ("(bridge or ferry) repair -sport", None),
            ("title:(bridge or ferry)", None),
            (r#""titel:bridge" https://example.org std::io 12:30"#, None),
            (
                r"re:(a|b)c) re:a\)",
                Some((Kind::InvalidValue("re: takes a regular expression, like colou?r"), 0..10)),
            ),
            (r"(re:(a|b)\) or re:[)(]) c", None),
            (
                "(re:a(b or c)",
                Some((Kind::InvalidValue("re: takes a regular expression, like colou?r"), 1..7)),
            ),
            ("night - train", None),
            ("f(x) title:g(x(y))", None),
            ("x(", Some((Kind::UnclosedParenthesis, 1..2))),
            ("a title:police(", Some((Kind::UnclosedParenthesis, 14..15))),
            ("f(x", Some((Kind::UnclosedParenthesis, 1..2))),
            ("(a f(x) b", Some((Kind::UnclosedParenthesis, 4..5))),
            ("a)(b", Some((Kind::UnopenedParenthesis, 1..2))),
            ("\"x(\" re:x\\(", None),
            ("titel:bridge", Some((Kind::UnknownField, 0..6))),
            ("über -Titel:(a or b)", Some((Kind::UnknownField, 7..13))),
            ("title:", Some((Kind::MissingValue, 0..6))),
            ("a (b", Some((Kind::UnclosedParenthesis, 2..4))),
            ("feed:(b", Some((Kind::UnclosedParenthesis, 5..7))),
            ("(a) b)", Some((Kind::UnopenedParenthesis, 5..6))),
            ("a \"b c", Some((Kind::UnclosedQuotation, 2..6))),
            ("a or", Some((Kind::MissingOperand, 2..4))),
            ("(a or ) b", Some((Kind::MissingOperand, 3..5))),
            (nested(16).as_str(), None),
            (nested(17).as_str(), Some((Kind::InvalidValue(TOO_DEEP), 16..17))),
            (
                format!("title:{} b)", nested(40)).as_str(),
                Some((Kind::InvalidValue(TOO_DEEP), 22..23)),
            ),
            (
                format!("{}\"a )\" b", "-(".repeat(9)).as_str(),
                Some((Kind::InvalidValue(TOO_DEEP), 16..17)),
            ),
            ("...", Some((Kind::NoWord, 0..3))),
            ("()", Some((Kind::NoWord, 0..2))),
        ] {
            let mistake = find_mistake(filter, today).map(|found| (found.kind, found.span));
            assert_eq!(mistake, expected, "{filter}");
        }
        let invalid = find_mistake("a on:2026-", today).unwrap();
        let diagnostic = parse("a on:2026-", today).diagnostic.unwrap();
        assert_eq!(invalid.span, diagnostic.span);
        assert!(matches!(invalid.kind, Kind::InvalidValue(words) if words == diagnostic.expected));
    }

    #[test]
    fn mistake_is_described_with_nearest_field_and_place() {
        let today = chrono::NaiveDate::default();
        let describe = |filter: &str| {
            let mistake = find_mistake(filter, today).unwrap();
            (mistake.character_number(filter), mistake.describe(filter))
        };
        let (at, text) = describe("über Titel:x");
        assert_eq!(at, 6);
        assert!(text.starts_with("there is no such field (did you mean “title:”?); "), "{text}");
        let (_, text) = describe("xylophone:x");
        assert!(text.contains("there is no such field, only title:, author:, "), "{text}");
    }
}
