//! The schedule of a feed, computed from the interval that the user wants, the hints of the
//! publisher, and past failures (back-off).

use chrono::{DateTime, Duration, Utc};

use crate::{
    feed::UpdateSchedule,
    model::{Feed, FeedKind, FeedRefreshState, RefreshScope, SkippedTimes},
};

/// Longest time between two refreshes that a publisher can ask for, or that failures lead to.
const MAX_INTERVAL: Duration = Duration::hours(24);

/// Longest time by which `Retry-After` can put off the next refresh.
const MAX_RETRY_AFTER: Duration = Duration::days(7);

/// Time by which a stored time may be later than now without being taken for the time of a wrong
/// clock.
const MAX_CLOCK_STEP: Duration = Duration::minutes(10);

/// Returns true if a refresh of `scope` at `now` includes `feed`, for which the user wants `interval` between two
/// refreshes.
pub fn should_refresh(
    feed: &Feed,
    scope: RefreshScope,
    (interval, now): (Duration, DateTime<Utc>),
) -> bool {
    let clock = &feed.refresh_state;
    match scope {
        _ if matches!(feed.kind, FeedKind::Saved | FeedKind::Synced) => false,
        RefreshScope::Accounts(_) => false,
        RefreshScope::One(id) => feed.id == id,
        _ if feed.kind == FeedKind::Samples || feed.subscription.paused || clock.stopped => false,
        _ if has_wrong_clock(clock, now) => true,
        _ if clock.not_before.is_some_and(|at| at > now) => false,
        RefreshScope::All => true,
        RefreshScope::Due => {
            feed.kind == FeedKind::Folder
                || clock.next_check_after(interval).is_none_or(|next| next <= now)
        }
    }
}

/// Returns true if the last refresh lies in the future. The clock was wrong then, so that the times
/// which follow from it may be years away.
fn has_wrong_clock(clock: &FeedRefreshState, now: DateTime<Utc>) -> bool {
    clock.last_checked.is_some_and(|at| at - now > MAX_CLOCK_STEP)
}

/// The publisher's hints about when to refresh, from the document and the headers of the response.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublisherHints {
    /// The freshness lifetime of the response (RFC 9111 §4.2.1).
    pub freshness: Option<std::time::Duration>,
    /// The schedule in the document: interval, and hours and days to skip.
    pub schedule: UpdateSchedule,
}

/// Returns the schedule after a successful response: the next refresh is due after the interval
/// that the user or the publisher wants, whichever is longer.
pub fn schedule_after_success(
    clock: &FeedRefreshState,
    interval: Duration,
    hints: &PublisherHints,
    now: DateTime<Utc>,
) -> FeedRefreshState {
    let freshness = hints
        .freshness
        .and_then(|freshness| Duration::from_std(freshness).ok())
        .unwrap_or_default();
    let publisher_interval = hints
        .schedule
        .interval_minutes
        .map_or(Duration::zero(), |minutes| Duration::minutes(minutes.into()));
    let publisher_wait = freshness.max(publisher_interval).min(MAX_INTERVAL);
    let skipped = SkippedTimes::new(&hints.schedule.skip_hours, &hints.schedule.skip_days);
    FeedRefreshState {
        last_checked: Some(now),
        next_check: Some(skipped.next_allowed(now + interval.max(publisher_wait))),
        not_before: None,
        publisher_next: Some(now + publisher_wait),
        skipped,
        last_new_entry: clock.last_new_entry,
        consecutive_failures: 0,
        stopped: false,
    }
}

/// Returns the schedule after a failure: the wait doubles with each failure, or is that of
/// `Retry-After`.
///
/// Jitter keeps feeds that failed together from coming back together; `seed` differs from feed to
/// feed.
pub fn schedule_after_failure(
    clock: &FeedRefreshState,
    interval: Duration,
    retry_after: Option<std::time::Duration>,
    seed: i64,
    now: DateTime<Utc>,
) -> FeedRefreshState {
    let failures = clock.consecutive_failures.saturating_add(1);
    let doubled = interval.max(Duration::minutes(5)) * (1 << failures.saturating_sub(1).min(10));
    let wait = doubled.min(MAX_INTERVAL);
    let requested = retry_after
        .and_then(|wait| Duration::from_std(wait).ok())
        .map(|wait| wait.min(MAX_RETRY_AFTER));
    let wait = requested.unwrap_or(wait + jitter(wait, seed, failures));
    FeedRefreshState {
        last_checked: Some(now),
        next_check: Some(now + wait),
        not_before: requested.map(|wait| now + wait),
        consecutive_failures: failures,
        ..*clock
    }
}

/// Returns a pseudo-random time from minus to plus a fifth of `wait`.
fn jitter(wait: Duration, seed: i64, failures: u32) -> Duration {
    let digest = crate::text::stable_digest(&[&seed.to_le_bytes(), &failures.to_le_bytes()]);
    let percent = i32::try_from(digest % 41).unwrap_or_default() - 20;
    wait * percent / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32) -> DateTime<Utc> {
        chrono::NaiveDate::from_ymd_opt(2026, 11, 23)
            .unwrap()
            .and_hms_opt(hour, 0, 0)
            .unwrap()
            .and_utc()
    }

    #[test]
    fn feed_is_due_after_clock_was_ahead() {
        let ahead = at(0) + Duration::days(7_300);
        let wait = Some(std::time::Duration::from_secs(3600));
        let clock = schedule_after_failure(
            &FeedRefreshState::default(),
            Duration::hours(6),
            wait,
            1,
            ahead,
        );
        assert!(!has_wrong_clock(&clock, ahead));
        assert!(!has_wrong_clock(&clock, ahead - Duration::minutes(1)));
        assert!(has_wrong_clock(&clock, at(0)));
    }

    #[test]
    fn schedule_takes_later_of_user_and_publisher() {
        let next = |every, fresh: u64, minutes| {
            let fresh = Some(std::time::Duration::from_secs(fresh * 3600));
            let wishes = PublisherHints {
                freshness: fresh,
                schedule: UpdateSchedule {
                    interval_minutes: Some(minutes),
                    ..UpdateSchedule::default()
                },
            };
            let clock = schedule_after_success(
                &FeedRefreshState::default(),
                Duration::hours(every),
                &wishes,
                at(0),
            );
            (clock.next_check.unwrap() - at(0)).num_hours()
        };
        assert_eq!(next(1, 0, 0), 1);
        assert_eq!(next(1, 3, 0), 3);
        assert_eq!(next(1, 3, 300), 5);
        assert_eq!(next(6, 3, 300), 6);
        assert_eq!(next(1, 300, 0), 24);
        assert_eq!(next(48, 300, 0), 48);
    }

    #[test]
    fn next_check_follows_the_interval_but_not_before_the_publisher() {
        let hints = |fresh_minutes: u64, skip_hours: &[u8]| PublisherHints {
            freshness: Some(std::time::Duration::from_secs(fresh_minutes * 60)),
            schedule: UpdateSchedule {
                skip_hours: skip_hours.to_vec(),
                ..UpdateSchedule::default()
            },
        };
        let (hour, minutes) = (Duration::hours(1), Duration::minutes);
        let next = |hints: &PublisherHints, interval: Duration| {
            let clock = schedule_after_success(&FeedRefreshState::default(), hour, hints, at(0));
            assert_eq!(clock.next_check_after(hour), clock.next_check, "{hints:?}");
            (clock.next_check_after(interval).unwrap() - at(0)).num_minutes()
        };
        assert_eq!(next(&hints(0, &[]), minutes(15)), 15);
        assert_eq!(next(&hints(0, &[]), Duration::days(1)), 24 * 60);
        assert_eq!(next(&hints(40, &[]), minutes(15)), 40);
        assert_eq!(next(&hints(40, &[2, 3]), minutes(150)), 4 * 60 + 30);
        // Back-off, Retry-After and the schedule of an earlier version are only put off.
        let failed = schedule_after_failure(&FeedRefreshState::default(), hour, None, 7, at(0));
        assert_eq!(failed.next_check_after(minutes(15)), failed.next_check);
        assert_eq!(failed.next_check_after(Duration::days(2)), Some(at(0) + Duration::days(2)));
        let earlier = FeedRefreshState {
            last_checked: Some(at(0)),
            next_check: Some(at(2)),
            ..FeedRefreshState::default()
        };
        assert_eq!(earlier.next_check_after(minutes(15)), Some(at(2)));
        assert_eq!(FeedRefreshState::default().next_check_after(hour), None);
    }

    #[test]
    fn schedule_after_failure_backs_off_with_jitter() {
        let mut clock = FeedRefreshState::default();
        let mut waits = Vec::new();
        for _ in 0..12 {
            clock = schedule_after_failure(&clock, Duration::hours(1), None, 7, at(0));
            waits.push((clock.next_check.unwrap() - at(0)).num_minutes());
        }
        assert!(waits[0] >= 48 && waits[0] <= 72, "{waits:?}");
        assert!(waits.iter().all(|wait| *wait <= 24 * 72), "{waits:?}");
        assert!(waits[3] > waits[1], "{waits:?}");
        let other = schedule_after_failure(
            &FeedRefreshState::default(),
            Duration::hours(1),
            None,
            8,
            at(0),
        );
        assert_ne!(other.next_check.unwrap() - at(0), Duration::minutes(waits[0]));
    }

    #[test]
    fn schedule_after_failure_honours_retry_after() {
        let wait = Some(std::time::Duration::from_secs(3600));
        let clock = schedule_after_failure(
            &FeedRefreshState::default(),
            Duration::hours(6),
            wait,
            1,
            at(0),
        );
        assert_eq!((clock.next_check, clock.not_before), (Some(at(1)), Some(at(1))));
    }
}
