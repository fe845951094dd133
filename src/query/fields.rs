//! Parses the value of a field into a predicate.

use std::ops::{Range, RangeInclusive};

use chrono::NaiveDate;

use super::{
    Field, MediaKind, Predicate, StateFilter, TextPattern,
    ast::LastWord,
    date::{parse_age, parse_day_range, parse_days},
    regex_pattern::RegexPattern,
};
use crate::{model::EntryId, text::typing_distance};

/// The value of a field in a filter.
pub(super) struct FieldValue<'t> {
    pub(super) text: &'t str,
    pub(super) ending: LastWord,
}

/// Field names in the order of help and completion.
pub(super) const FIELD_NAMES: [&str; 20] = [
    "title", "author", "body", "in", "feed", "folder", "tag", "category", "url", "lang", "has",
    "is", "words", "age", "since", "before", "on", "between", "re", "story",
];

/// States with their names in filters.
pub(super) const STATE_NAMES: [(StateFilter, &str); 13] = [
    (StateFilter::Unread, "unread"),
    (StateFilter::Read, "read"),
    (StateFilter::Starred, "star"),
    (StateFilter::Edited, "edited"),
    (StateFilter::New, "new"),
    (StateFilter::Later, "later"),
    (StateFilter::Queued, "queued"),
    (StateFilter::Played, "played"),
    (StateFilter::Downloaded, "downloaded"),
    (StateFilter::Tagged, "tagged"),
    (StateFilter::Hidden, "hidden"),
    (StateFilter::Removed, "removed"),
    (StateFilter::Copy, "copy"),
];

/// Returns true if `name` is the name of a field, in any case.
pub(super) fn is_field_name(name: &str) -> bool {
    FIELD_NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Minimum length of an unknown field name that is compared with the known ones. Shorter words
/// before a colon are near some field by chance.
const MIN_MISTYPED_LEN: usize = 4;

/// Returns the field whose name `name` mistypes: one letter is missing, added, changed or swapped
/// with its neighbour. Returns `None` for the name of a field.
pub(super) fn intended_field(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let is_mistyped = |known: &&str| typing_distance(known, &name) == 1;
    if name.len() < MIN_MISTYPED_LEN || is_field_name(&name) {
        return None;
    }
    FIELD_NAMES.into_iter().find(is_mistyped)
}

/// A predicate, `None` if the value contains no word yet, or a description of the allowed values.
type PredicateResult = Result<Option<Predicate>, &'static str>;

/// Parses `value` of the field `name`, or of no field. `today` is the current day in the user's
/// time zone.
pub(super) fn parse_predicate(
    name: Option<&str>,
    value: &FieldValue<'_>,
    today: NaiveDate,
) -> PredicateResult {
    let lower = value.text.to_lowercase();
    let words_in = |field| Ok(value.text_pattern().map(|pattern| Predicate::Text(field, pattern)));
    match name.map(str::to_ascii_lowercase).as_deref() {
        Some("title") => words_in(Field::Title),
        Some("author") => words_in(Field::Author),
        Some("body") => words_in(Field::Body),
        // Articles with this tag are listed only if the filter asks for them.
        Some("tag") if lower == "hidden" => Ok(Some(Predicate::State(StateFilter::Hidden))),
        Some("tag") => words_in(Field::Tags),
        Some("category") => words_in(Field::Categories),
        Some("url") => words_in(Field::Url),
        Some("in") => Ok(value.text_pattern().map(Predicate::FeedOrFolder)),
        Some("feed") => Ok(value.text_pattern().map(Predicate::Feed)),
        Some("folder") => Ok(value.text_pattern().map(Predicate::Folder)),
        Some("is") => parse_state(&lower),
        Some("has") => parse_media(&lower),
        Some("lang") => parse_language(&lower),
        Some("words") => parse_word_count(&lower),
        Some("age") => published(parse_age(&lower, today), EXPECTED_AGE),
        Some("on") => published(parse_days(&lower, today), EXPECTED_DATE),
        Some("between") => published(parse_day_range(&lower, today), EXPECTED_DATES),
        Some("since") => {
            let days = parse_days(&lower, today).map(|days| days.start..NaiveDate::MAX);
            published(days, EXPECTED_DATE)
        }
        Some("before") => {
            let days = parse_days(&lower, today).map(|days| NaiveDate::MIN..days.start);
            published(days, EXPECTED_DATE)
        }
        Some("re") if value.text.is_empty() => Ok(None),
        Some("re") => {
            let pattern = RegexPattern::new(value.text)
                .ok_or("re: takes a regular expression, like colou?r")?;
            Ok(Some(Predicate::Regex(pattern)))
        }
        Some("story") => parse_story(&lower),
        _ => words_in(Field::Anywhere),
    }
}

/// Description of the allowed states.
const EXPECTED_STATE: &str = "is: unread, read, star, edited, new, later, queued, played, \
                              downloaded, tagged, hidden, removed or copy";

/// Description of the allowed dates.
const EXPECTED_DATE: &str = "a date is 2026-01-28, 2026-01, today, monday, last-week, 3d or 2w";

/// Description of the allowed ranges of dates.
const EXPECTED_DATES: &str = "between: takes two dates, 2026-01..2026-03 or 3w..1w";

/// Description of the allowed ages.
const EXPECTED_AGE: &str = "an age is <2d, >1w, 6m or 1w..2w";

fn published(days: Option<Range<NaiveDate>>, expected: &'static str) -> PredicateResult {
    days.map(|days| Some(Predicate::Published(days))).ok_or(expected)
}

impl FieldValue<'_> {
    fn text_pattern(&self) -> Option<TextPattern> {
        TextPattern::new(self.text, self.ending)
    }
}

fn parse_state(value: &str) -> PredicateResult {
    let value = if value == "starred" { "star" } else { value };
    let found = STATE_NAMES.iter().find(|(_, name)| *name == value);
    found.map(|(found, _)| Some(Predicate::State(*found))).ok_or(EXPECTED_STATE)
}

/// The value of `has:` for articles with earlier versions.
pub(super) const VERSIONS_VALUE: &str = "versions";

fn parse_media(value: &str) -> PredicateResult {
    if value == VERSIONS_VALUE {
        return Ok(Some(Predicate::State(StateFilter::HasVersions)));
    }
    let found = MediaKind::ALL.iter().find(|(_, name)| *name == value);
    found
        .map(|(found, _)| Some(Predicate::Media(*found)))
        .ok_or("has: takes image, audio, video, link or versions")
}

fn parse_language(value: &str) -> PredicateResult {
    let is_code =
        (2..=3).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_lowercase());
    is_code
        .then(|| Some(Predicate::Language(value.to_owned())))
        .ok_or("a language is en, de, ar, zh …")
}

fn parse_story(value: &str) -> PredicateResult {
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse().ok().filter(|_| is_number).map(EntryId);
    number
        .map(|number| Some(Predicate::Story(number)))
        .ok_or("story: takes the number of an article, as in story:42")
}

fn parse_word_count(value: &str) -> PredicateResult {
    parse_count_range(value)
        .map(|range| Some(Predicate::WordCount(range)))
        .ok_or("words: takes >800, <300 or 500..1000")
}

/// Parses `500..1000`, or a number after `<`, `<=`, `>`, `>=`, `=` or nothing.
fn parse_count_range(value: &str) -> Option<RangeInclusive<u32>> {
    let parse_count = |text: &str| text.parse::<u32>().ok();
    if let Some((from, to)) = value.split_once("..") {
        return Some(parse_count(from)?..=parse_count(to)?);
    }
    let count = value.trim_start_matches(['<', '>', '=']);
    let sign = &value[..value.len() - count.len()];
    let count = parse_count(count)?;
    Some(match sign {
        ">" => count.saturating_add(1)..=u32::MAX,
        ">=" => count..=u32::MAX,
        "<" => 0..=count.checked_sub(1)?,
        "<=" => 0..=count,
        "" | "=" => count..=count,
        _ => return None,
    })
}
