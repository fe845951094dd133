//! Checks of rules: their queries, and the days until which they hide articles.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::{FUTURE_TIME_FORMS, FutureTime, find_mistake, parse_future_time};
use crate::model::Rule;

/// Checks that a rule can be carried out.
///
/// # Errors
///
/// Returns a description of the mistake in its query or its date.
pub fn check_rule(rule: &Rule, today: NaiveDate) -> Result<(), String> {
    if rule.query.trim().is_empty() {
        return Err("the query is empty, and would match every article".to_owned());
    }
    if let Some(mistake) = find_mistake(&rule.query, today) {
        let (filter, place) = (&rule.query, mistake.span.clone());
        return Err(format!(
            "“{}” at character {} of the query: {}",
            &filter[place],
            mistake.character_number(filter),
            mistake.describe(filter)
        ));
    }
    if !super::parse(&rule.query, today).named_stories().is_empty() {
        return Err(
            "the query names a story, and a rule acts before the story of an article is found"
                .to_owned(),
        );
    }
    match &rule.actions.hide_until {
        Some(time) if parse_hide_end(time, today.and_time(NaiveTime::MIN)).is_none() => {
            Err(format!("“{time}”: {FUTURE_TIME_FORMS}"))
        }
        _ => Ok(()),
    }
}

/// The end of a time for which articles are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HideEnd {
    /// A time to come.
    At(FutureTime),
    /// A time that has passed.
    Over,
}

/// Parses the time until which articles are hidden. A date that has passed hides nothing any more.
pub fn parse_hide_end(text: &str, now: NaiveDateTime) -> Option<HideEnd> {
    let to_come = parse_future_time(text, now).map(HideEnd::At);
    let names_date = || text.split_whitespace().next()?.parse::<NaiveDate>().ok();
    to_come.or_else(|| names_date().map(|_| HideEnd::Over))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{HideEnd, parse_hide_end};

    #[test]
    fn date_that_has_passed_hides_nothing() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let now = day.and_hms_opt(12, 0, 0).unwrap();
        assert_eq!(parse_hide_end("2026-11-01", now), Some(HideEnd::Over));
        assert_eq!(parse_hide_end("2026-11-23 9:00", now), Some(HideEnd::Over));
        assert_eq!(parse_hide_end("2d", now).map(|end| end != HideEnd::Over), Some(true));
        assert_eq!(parse_hide_end("soon", now), None);
    }
}
