//! Checks of rules: their queries, and the days until which they hide articles.

use chrono::NaiveDate;

use super::{find_mistake, parse_future_day};
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
    match &rule.actions.hide_until {
        Some(day) if parse_hide_end(day, today).is_none() => {
            Err(format!("“{day}”: a day is tomorrow, friday, 2026-12-01, 2d, 3w or 6m"))
        }
        _ => Ok(()),
    }
}

/// The end of a time for which articles are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HideEnd {
    /// The beginning of a day.
    On(NaiveDate),
    /// A day that has passed.
    Over,
}

/// Parses the day until which articles are hidden. A date that has passed hides nothing any more.
pub fn parse_hide_end(text: &str, today: NaiveDate) -> Option<HideEnd> {
    let to_come = parse_future_day(&text.to_lowercase(), today).map(HideEnd::On);
    to_come.or_else(|| text.parse::<NaiveDate>().is_ok().then_some(HideEnd::Over))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{HideEnd, parse_hide_end};

    #[test]
    fn date_that_has_passed_hides_nothing() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        assert_eq!(parse_hide_end("2026-11-01", today), Some(HideEnd::Over));
        assert_eq!(parse_hide_end("2d", today).map(|end| end != HideEnd::Over), Some(true));
        assert_eq!(parse_hide_end("soon", today), None);
    }
}
