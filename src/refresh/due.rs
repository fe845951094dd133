//! When a feed is asked, and when next: what its reader wants, what its publisher wants, and how it went. Pure.

use chrono::{DateTime, Datelike, Duration, Timelike, Utc};

use crate::{
    feed::Pace,
    model::{Feed, FeedClock, FeedKind, RefreshScope},
};

/// The longest time between two refreshes that a publisher can ask for, or that failures lead to.
const LONGEST: Duration = Duration::hours(24);

/// The time by which a publisher can put off the next refresh with `Retry-After`.
const LONGEST_WAIT: Duration = Duration::days(7);

/// Whether `feed` takes part in a refresh at `now`.
pub fn is_asked(feed: &Feed, asked: RefreshScope, now: DateTime<Utc>) -> bool {
    let clock = &feed.clock;
    match asked {
        _ if feed.kind == FeedKind::Saved => false,
        RefreshScope::One(id) => feed.id == id,
        _ if feed.kind == FeedKind::Samples || feed.subscription.paused || clock.stopped => false,
        _ if clock.not_before.is_some_and(|at| at > now) => false,
        RefreshScope::All => true,
        RefreshScope::Due => feed.kind == FeedKind::Folder || clock.next.is_none_or(|next| next <= now),
    }
}

/// What a feed's publisher wants of us, from the document and its headers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wishes {
    /// How long the answer stays fresh (RFC 9111 §4.2.1).
    pub fresh: Option<std::time::Duration>,
    /// What the document says.
    pub pace: Pace,
}

/// The clock after an answer: the next time is as far off as reader and publisher want, whichever is later.
pub fn after_answer(
    clock: &FeedClock,
    every: Duration,
    wishes: &Wishes,
    new: bool,
    now: DateTime<Utc>,
) -> FeedClock {
    let fresh = wishes.fresh.and_then(|fresh| Duration::from_std(fresh).ok()).unwrap_or_default();
    let pace = wishes.pace.minutes.map_or(Duration::zero(), |minutes| Duration::minutes(minutes.into()));
    let wait = every.max(fresh.max(pace).min(LONGEST));
    FeedClock {
        checked: Some(now),
        next: Some(not_skipped(now + wait, &wishes.pace)),
        not_before: None,
        last_new: if new { Some(now) } else { clock.last_new },
        failures: 0,
        stopped: false,
    }
}

/// The clock after a failure: twice as long each time, with some jitter so that feeds which failed together do not
/// come back together. `seed` is any number that differs from feed to feed.
pub fn after_failure(
    clock: &FeedClock,
    every: Duration,
    retry_after: Option<std::time::Duration>,
    seed: i64,
    now: DateTime<Utc>,
) -> FeedClock {
    let failures = clock.failures.saturating_add(1);
    let doubled = every.max(Duration::minutes(5)) * (1 << failures.saturating_sub(1).min(10));
    let wait = doubled.min(LONGEST);
    let asked = retry_after.and_then(|wait| Duration::from_std(wait).ok()).map(|wait| wait.min(LONGEST_WAIT));
    let wait = asked.unwrap_or(wait + jitter(wait, seed, failures));
    FeedClock {
        checked: Some(now),
        next: Some(now + wait),
        not_before: asked.map(|wait| now + wait),
        failures,
        ..*clock
    }
}

/// Up to a fifth of `wait` either way.
fn jitter(wait: Duration, seed: i64, failures: u32) -> Duration {
    let digest = super::digest(&[&seed.to_le_bytes(), &failures.to_le_bytes()]);
    let percent = i32::try_from(digest % 41).unwrap_or_default() - 20;
    wait * percent / 100
}

/// The first time from `at` on that the publisher does not want left out; all hours or days left out count as none.
fn not_skipped(at: DateTime<Utc>, pace: &Pace) -> DateTime<Utc> {
    let skipped = |at: DateTime<Utc>| {
        let day = u8::try_from(at.weekday().num_days_from_monday()).unwrap_or_default();
        let hour = u8::try_from(at.hour()).unwrap_or_default();
        pace.skip_hours.contains(&hour) || pace.skip_days.contains(&day)
    };
    let hours = (0..24 * 7).map(|hour| at + Duration::hours(hour));
    hours.into_iter().find(|at| !skipped(*at)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32) -> DateTime<Utc> {
        chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_opt(hour, 0, 0).unwrap().and_utc()
    }

    #[test]
    fn the_later_of_both_wishes_counts() {
        let next = |every, fresh: u64, minutes| {
            let fresh = Some(std::time::Duration::from_secs(fresh * 3600));
            let wishes = Wishes { fresh, pace: Pace { minutes: Some(minutes), ..Pace::default() } };
            let clock = after_answer(&FeedClock::default(), Duration::hours(every), &wishes, false, at(0));
            (clock.next.unwrap() - at(0)).num_hours()
        };
        assert_eq!(next(1, 0, 0), 1);
        assert_eq!(next(1, 3, 0), 3);
        assert_eq!(next(1, 3, 300), 5);
        assert_eq!(next(6, 3, 300), 6);
        assert_eq!(next(1, 300, 0), 24);
        assert_eq!(next(48, 300, 0), 48);
    }

    #[test]
    fn skipped_hours_and_days_are_skipped() {
        let pace = |hours: &[u8], days: &[u8]| Pace {
            skip_hours: hours.to_vec(),
            skip_days: days.to_vec(),
            ..Pace::default()
        };
        assert_eq!(not_skipped(at(3), &pace(&[3, 4], &[])), at(5));
        assert_eq!(not_skipped(at(3), &pace(&[], &[0])), at(0) + Duration::hours(24));
        let all: Vec<u8> = (0..24).collect();
        assert_eq!(not_skipped(at(3), &pace(&all, &[])), at(3));
    }

    #[test]
    fn failures_back_off_and_stay_apart() {
        let mut clock = FeedClock::default();
        let mut waits = Vec::new();
        for _ in 0..12 {
            clock = after_failure(&clock, Duration::hours(1), None, 7, at(0));
            waits.push((clock.next.unwrap() - at(0)).num_minutes());
        }
        assert!(waits[0] >= 48 && waits[0] <= 72, "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= 24 * 72), "{waits:?}");
        assert!(waits[3] > waits[1], "{waits:?}");
        let other = after_failure(&FeedClock::default(), Duration::hours(1), None, 8, at(0));
        assert_ne!(other.next.unwrap() - at(0), Duration::minutes(waits[0]));
    }

    #[test]
    fn retry_after_is_kept_to() {
        let wait = Some(std::time::Duration::from_secs(3600));
        let clock = after_failure(&FeedClock::default(), Duration::hours(6), wait, 1, at(0));
        assert_eq!((clock.next, clock.not_before), (Some(at(1)), Some(at(1))));
    }
}
