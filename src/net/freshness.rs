//! Freshness of responses, and the time that a server asks clients to stay away.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, Utc};

/// Upper limit of the freshness of a response.
const MAX_FRESHNESS: Duration = Duration::from_secs(7 * 24 * 3600);

/// Returns the freshness lifetime of a response (RFC 9111 §4.2.1): `max-age`, or else `Expires`
/// minus `Date`. `None` if neither is given, or if the response is never fresh.
pub fn freshness_lifetime(
    cache_control: Option<&str>,
    expires: Option<&str>,
    date: Option<&str>,
) -> Option<Duration> {
    let directives = cache_control.unwrap_or_default().to_ascii_lowercase();
    let mut max_age = None;
    for directive in directives.split(',').map(str::trim) {
        match directive.split_once('=') {
            None if matches!(directive, "no-cache" | "no-store") => return None,
            Some(("max-age", seconds)) => max_age = seconds.trim_matches('"').parse().ok(),
            _ => {}
        }
    }
    let seconds_until_expiry = || {
        let (expires, date) = (parse_http_date(expires?)?, parse_http_date(date?)?);
        u64::try_from((expires - date).num_seconds()).ok()
    };
    max_age
        .or_else(seconds_until_expiry)
        .map(|seconds| Duration::from_secs(seconds).min(MAX_FRESHNESS))
}

/// Parses a `Retry-After` header: seconds, or a date (RFC 9110 §10.2.3).
pub fn parse_retry_after(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    let seconds = text.trim().parse().ok();
    let seconds_until_date =
        || u64::try_from((parse_http_date(text)? - now).num_seconds().max(0)).ok();
    seconds.or_else(seconds_until_date).map(Duration::from_secs)
}

/// Parses a date in one of the three formats of HTTP (RFC 9110 §5.6.7).
fn parse_http_date(text: &str) -> Option<DateTime<Utc>> {
    const FORMS: [&str; 3] =
        ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    FORMS
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text.trim(), form).ok())
        .map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "Mon, 23 Nov 2026 12:00:00 GMT";
    const LATER: &str = "Mon, 23 Nov 2026 13:00:00 GMT";

    #[test]
    fn freshness_lifetime_follows_response_headers() {
        let seconds = |control, expires| {
            freshness_lifetime(control, expires, Some(NOW)).map(|fresh| fresh.as_secs())
        };
        assert_eq!(seconds(None, None), None);
        assert_eq!(seconds(Some("public, Max-Age=600"), Some(LATER)), Some(600));
        assert_eq!(seconds(Some("max-age=600, no-cache"), None), None);
        assert_eq!(seconds(Some("private"), Some(LATER)), Some(3600));
        assert_eq!(seconds(None, Some("Monday, 23-Nov-26 13:00:00 GMT")), Some(3600));
        assert_eq!(seconds(None, Some("Mon Nov 23 13:00:00 2026")), Some(3600));
        assert_eq!(seconds(None, Some("0")), None);
        assert_eq!(seconds(Some("max-age=99999999"), None), Some(7 * 24 * 3600));
    }

    #[test]
    fn parse_retry_after_accepts_seconds_and_dates() {
        let now = parse_http_date(NOW).unwrap();
        let seconds = |text| parse_retry_after(text, now).map(|wait| wait.as_secs());
        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds(LATER), Some(3600));
        assert_eq!(seconds("Sun, 22 Nov 2026 12:00:00 GMT"), Some(0));
        assert_eq!(seconds("soon"), None);
    }
}
