//! What a value asks, by the name before it.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::{
    Field, MediaKind, Predicate, StateFilter, TextPattern,
    ast::LastWord,
    date::{parse_age, parse_day_range, parse_days},
    regex_pattern::RegexPattern,
};

/// What stands behind a name.
pub(super) struct FieldValue<'t> {
    pub(super) text: &'t str,
    pub(super) ending: LastWord,
}

/// The names, as help and completion list them.
pub(super) const FIELD_NAMES: [&str; 18] = [
    "title", "author", "body", "in", "feed", "folder", "tag", "url", "lang", "has", "is", "words",
    "age", "since", "before", "on", "between", "re",
];

/// The states that `is:` knows.
pub(super) const STATE_NAMES: [(StateFilter, &str); 5] = [
    (StateFilter::Unread, "unread"),
    (StateFilter::Read, "read"),
    (StateFilter::Starred, "star"),
    (StateFilter::Edited, "edited"),
    (StateFilter::New, "new"),
];

/// Whether something is asked by this name.
pub(super) fn is_field_name(name: &str) -> bool {
    FIELD_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

type PredicateResult = Result<Option<Predicate>, &'static str>;

/// What `value` asks; nothing yet if there is no word in it. The error names what would be understood.
pub(super) fn parse_predicate(
    name: Option<&str>,
    value: &FieldValue<'_>,
    today: NaiveDate,
) -> PredicateResult {
    let lower = value.text.to_lowercase();
    let text = |field| Ok(value.text_pattern().map(|needle| Predicate::Text(field, needle)));
    match name.map(str::to_ascii_lowercase).as_deref() {
        Some("title") => text(Field::Title),
        Some("author") => text(Field::Author),
        Some("body") => text(Field::Body),
        Some("tag") => text(Field::Tags),
        Some("url") => text(Field::Url),
        Some("in") => Ok(value.text_pattern().map(Predicate::FeedOrFolder)),
        Some("feed") => Ok(value.text_pattern().map(Predicate::Feed)),
        Some("folder") => Ok(value.text_pattern().map(Predicate::Folder)),
        Some("is") => parse_state(&lower),
        Some("has") => parse_media(&lower),
        Some("lang") => parse_language(&lower),
        Some("words") => parse_word_count(&lower),
        Some("age") => parse_age(&lower, today)
            .map(Predicate::Published)
            .map(Some)
            .ok_or("an age is <2d, >1w, 6m or 1w..2w"),
        Some("on") => {
            parse_days(&lower, today).map(Predicate::Published).map(Some).ok_or(EXPECTED_DATE)
        }
        Some("between") => parse_day_range(&lower, today)
            .map(Predicate::Published)
            .map(Some)
            .ok_or("two dates: 2026-01..2026-03, 3w..1w"),
        Some("since") => parse_days(&lower, today)
            .map(|days| Some(Predicate::Published(days.start..NaiveDate::MAX)))
            .ok_or(EXPECTED_DATE),
        Some("before") => parse_days(&lower, today)
            .map(|days| Some(Predicate::Published(NaiveDate::MIN..days.start)))
            .ok_or(EXPECTED_DATE),
        Some("re") if value.text.is_empty() => Ok(None),
        Some("re") => {
            let pattern = RegexPattern::new(value.text)
                .ok_or("re: takes a regular expression, like colou?r")?;
            Ok(Some(Predicate::Regex(pattern)))
        }
        _ => text(Field::Anywhere),
    }
}

const EXPECTED_DATE: &str = "a date is 2026-01-28, 2026-01, today, monday, last-week, 3d or 2w";

impl FieldValue<'_> {
    fn text_pattern(&self) -> Option<TextPattern> {
        TextPattern::new(self.text, self.ending)
    }
}

fn parse_state(value: &str) -> PredicateResult {
    let value = if value == "starred" { "star" } else { value };
    let found = STATE_NAMES.iter().find(|(_, name)| *name == value);
    found
        .map(|(found, _)| Some(Predicate::State(*found)))
        .ok_or("is: takes unread, read, star, edited or new")
}

fn parse_media(value: &str) -> PredicateResult {
    let found = MediaKind::ALL.iter().find(|(_, name)| *name == value);
    found
        .map(|(found, _)| Some(Predicate::Media(*found)))
        .ok_or("has: takes image, audio, video or link")
}

fn parse_language(value: &str) -> PredicateResult {
    let code =
        (2..=3).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_lowercase());
    code.then(|| Some(Predicate::Language(value.to_owned())))
        .ok_or("a language is en, de, ar, zh …")
}

fn parse_word_count(value: &str) -> PredicateResult {
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
    range()
        .map(|range| Some(Predicate::WordCount(range)))
        .ok_or("words: takes >800, <300 or 500..1000")
}
