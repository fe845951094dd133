//! Parser for the durations of podcasts (`itunes:duration`).

/// Longest duration that is believed, in seconds: 1,000 hours.
const MAX_SECONDS: u64 = 1_000 * 3600;

/// Parses a duration and returns it in seconds; `None` if the text is not one, or is zero.
///
/// Feeds write seconds (`2580`, `2580.5`), clock times (`43:00`, `0:43:00`, with days `1:02:03:04`),
/// ISO 8601 (`PT43M`), and numbers with units (`1h 12m`, `43 min`, `43'20"`).
pub(super) fn parse_duration(text: &str) -> Option<u32> {
    let text = text.trim().to_lowercase();
    let seconds = if text.contains(':') {
        parse_clock_time(&text)?
    } else if text.ends_with(|c: char| c.is_ascii_digit()) && !text.contains(char::is_alphabetic) {
        parse_whole(&text)?
    } else {
        parse_units(text.strip_prefix('p').unwrap_or(&text))?
    };
    u32::try_from(seconds).ok().filter(|_| (1..=MAX_SECONDS).contains(&seconds))
}

/// Parses the beginning of a chapter, in seconds: a normal play time (RFC 2326 §3.6) such as `12.5`,
/// `02:03.120` or `1:02:03`.
pub(super) fn parse_play_time(text: &str) -> Option<u32> {
    let seconds = parse_clock_time(text.trim())?;
    u32::try_from(seconds).ok().filter(|_| seconds <= MAX_SECONDS)
}

fn parse_clock_time(text: &str) -> Option<u64> {
    let parts: Vec<u64> = text.split(':').map(parse_whole).collect::<Option<_>>()?;
    let factors = [1, 60, 3600, 24 * 3600];
    if parts.len() > factors.len() {
        return None;
    }
    let terms = parts.iter().rev().zip(factors).map(|(part, factor)| part.checked_mul(factor));
    terms.sum()
}

/// Parses a number and drops its fraction.
fn parse_whole(text: &str) -> Option<u64> {
    let whole = text.trim().split(['.', ',']).next()?;
    whole.parse().ok()
}

/// Parses numbers that are each followed by a unit, in any order.
fn parse_units(text: &str) -> Option<u64> {
    let (mut total, mut number) = (0_u64, String::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_digit() || matches!(c, '.' | ',') {
            number.push(c);
            rest = &rest[1..];
        } else if c.is_whitespace() {
            rest = &rest[c.len_utf8()..];
        } else {
            let is_part = |c: char| !c.is_ascii_digit() && !c.is_whitespace();
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let unit = rest[..end].trim_matches(['.', ',']);
            rest = &rest[end..];
            if number.is_empty() {
                // The separator of ISO 8601, and words such as "and".
                if matches!(unit, "t" | "and" | "") {
                    continue;
                }
                return None;
            }
            total = total.checked_add(parse_whole(&number)?.checked_mul(unit_seconds(unit)?)?)?;
            number.clear();
        }
    }
    number.is_empty().then_some(total)
}

fn unit_seconds(unit: &str) -> Option<u64> {
    Some(match unit {
        "d" | "dt" | "day" | "days" => 24 * 3600,
        "h" | "hr" | "hrs" | "hour" | "hours" | "std" | "stunde" | "stunden" | "heure"
        | "heures" => 3600,
        "m" | "min" | "mins" | "minute" | "minutes" | "minuten" | "minutos" | "'" | "′" | "’" => {
            60
        }
        "s" | "sec" | "secs" | "second" | "seconds" | "sekunden" | "\"" | "″" | "”" | "''" => 1,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parse_duration_accepts_all_forms() {
        for (text, seconds) in [
            ("2580", 2580),
            (" 2580.7 ", 2580),
            ("43:00", 2580),
            ("0:43:00", 2580),
            ("00:43:00.000", 2580),
            ("1:02:03:04", 93_784),
            ("1:5", 65),
            ("PT43M", 2580),
            ("PT1H2M3.5S", 3723),
            ("P1DT2H", 93_600),
            ("1h 12m", 4320),
            ("1h12m30s", 4350),
            ("43 min", 2580),
            ("43min.", 2580),
            ("1 hour and 5 minutes", 3900),
            ("43'20\"", 2600),
            ("45 Minuten", 2700),
        ] {
            assert_eq!(parse_duration(text), Some(seconds), "{text}");
        }
    }

    #[test]
    fn parse_duration_rejects_other_text() {
        for text in [
            "",
            "0",
            "00:00:00",
            "long",
            "-5",
            "12 apples",
            "1:2:3:4:5",
            "99999999999",
            "3600001",
            "1 2",
            "PT",
            "1:x",
            "18446744073709551615:0:0",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn parse_play_time_accepts_zero_and_fractions() {
        for (text, seconds) in [
            ("0", Some(0)),
            ("00:00:00.000", Some(0)),
            (" 02:03.120 ", Some(123)),
            ("1:02:03", Some(3723)),
            ("12.5", Some(12)),
            ("1000:00:01", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(parse_play_time(text), seconds, "{text}");
        }
    }

    proptest! {
        #[test]
        fn parse_duration_round_trips_clock_times(seconds in 1_u32..3_600_000) {
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
            prop_assert_eq!(parse_duration(&format!("{hours}:{minutes:02}:{:02}", seconds % 60)), Some(seconds));
            prop_assert_eq!(parse_duration(&format!("PT{hours}H{minutes}M{}S", seconds % 60)), Some(seconds));
        }

        #[test]
        fn parse_duration_accepts_any_text(text in "\\PC{0,20}") {
            let _ = parse_duration(&text);
        }
    }
}
