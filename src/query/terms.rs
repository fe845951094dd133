//! What a value asks, by the name before it.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::{
    Field, Medium, Needle, Test, Trait,
    ast::Ending,
    date::{age, days, span},
    pattern::Pattern,
};

/// What stands behind a name.
pub(super) struct Value<'t> {
    pub(super) text: &'t str,
    pub(super) ending: Ending,
}

/// The names, as help and completion list them.
pub(super) const NAMES: [&str; 18] = [
    "title", "author", "body", "in", "feed", "folder", "tag", "url", "lang", "has", "is", "words", "age",
    "since", "before", "on", "between", "re",
];

/// The states that `is:` knows.
pub(super) const TRAITS: [(Trait, &str); 5] = [
    (Trait::Unread, "unread"),
    (Trait::Read, "read"),
    (Trait::Starred, "star"),
    (Trait::Edited, "edited"),
    (Trait::New, "new"),
];

/// Whether something is asked by this name.
pub(super) fn is_name(name: &str) -> bool {
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

type Asked = Result<Option<Test>, &'static str>;

/// What `value` asks; nothing yet if there is no word in it. The error names what would be understood.
pub(super) fn test(name: Option<&str>, value: &Value<'_>, today: NaiveDate) -> Asked {
    let lower = value.text.to_lowercase();
    let text = |field| Ok(value.needle().map(|needle| Test::Text(field, needle)));
    match name.map(str::to_ascii_lowercase).as_deref() {
        Some("title") => text(Field::Title),
        Some("author") => text(Field::Author),
        Some("body") => text(Field::Body),
        Some("tag") => text(Field::Tags),
        Some("url") => text(Field::Url),
        Some("in") => Ok(value.needle().map(Test::In)),
        Some("feed") => Ok(value.needle().map(Test::Feed)),
        Some("folder") => Ok(value.needle().map(Test::Folder)),
        Some("is") => state(&lower),
        Some("has") => medium(&lower),
        Some("lang") => language(&lower),
        Some("words") => words(&lower),
        Some("age") => age(&lower, today).map(Test::Days).map(Some).ok_or("an age is <2d, >1w, 6m or 1w..2w"),
        Some("on") => days(&lower, today).map(Test::Days).map(Some).ok_or(A_DATE),
        Some("between") => {
            span(&lower, today).map(Test::Days).map(Some).ok_or("two dates: 2026-01..2026-03, 3w..1w")
        }
        Some("since") => {
            days(&lower, today).map(|days| Some(Test::Days(days.start..NaiveDate::MAX))).ok_or(A_DATE)
        }
        Some("before") => {
            days(&lower, today).map(|days| Some(Test::Days(NaiveDate::MIN..days.start))).ok_or(A_DATE)
        }
        Some("re") if value.text.is_empty() => Ok(None),
        Some("re") => {
            let pattern = Pattern::new(value.text).ok_or("re: takes a regular expression, like colou?r")?;
            Ok(Some(Test::Pattern(pattern)))
        }
        _ => text(Field::Anywhere),
    }
}

const A_DATE: &str = "a date is 2026-01-28, 2026-01, today, monday, last-week, 3d or 2w";

impl Value<'_> {
    fn needle(&self) -> Option<Needle> {
        Needle::new(self.text, self.ending)
    }
}

fn state(value: &str) -> Asked {
    let value = if value == "starred" { "star" } else { value };
    let found = TRAITS.iter().find(|(_, name)| *name == value);
    found.map(|(found, _)| Some(Test::Is(*found))).ok_or("is: takes unread, read, star, edited or new")
}

fn medium(value: &str) -> Asked {
    let found = Medium::ALL.iter().find(|(_, name)| *name == value);
    found.map(|(found, _)| Some(Test::Has(*found))).ok_or("has: takes image, audio, video or link")
}

fn language(value: &str) -> Asked {
    let code = (2..=3).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_lowercase());
    code.then(|| Some(Test::Language(value.to_owned()))).ok_or("a language is en, de, ar, zh …")
}

fn words(value: &str) -> Asked {
    let number = |text: &str| text.parse::<u32>().ok();
    let range = || -> Option<RangeInclusive<u32>> {
        if let Some((from, to)) = value.split_once("..") {
            return Some(number(from)?..=number(to)?);
        }
        Some(match value.split_at(value.len() - value.trim_start_matches(['<', '>', '=']).len()) {
            (">", count) => number(count)?.saturating_add(1)..=u32::MAX,
            (">=", count) => number(count)?..=u32::MAX,
            ("<", count) => 0..=number(count)?.checked_sub(1)?,
            ("<=", count) => 0..=number(count)?,
            ("" | "=", count) => number(count)?..=number(count)?,
            _ => return None,
        })
    };
    range().map(|range| Some(Test::Words(range))).ok_or("words: takes >800, <300 or 500..1000")
}
