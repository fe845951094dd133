//! When accounts are synced by themselves.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{Account, AccountSyncState, RefreshScope, SyncFailure};

/// Wait after the first failure. Each further one doubles it.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(2);

/// Longest wait after failures, also if the server asks for a longer one.
const MAX_WAIT: TimeDelta = TimeDelta::hours(24);

/// Time after which the newest articles are fetched again, to see the edits of publishers.
const RECHECK_INTERVAL: TimeDelta = TimeDelta::hours(1);

/// Returns whether a refresh of `scope` syncs an account. `wanted` is the account of the only feed that
/// it covers; `interval` is the time between two syncs that begin by themselves.
pub(in crate::library) fn should_sync(
    account: &Account,
    scope: RefreshScope,
    interval: TimeDelta,
    now: DateTime<Utc>,
) -> bool {
    match scope {
        RefreshScope::All | RefreshScope::Accounts(None) => true,
        RefreshScope::Accounts(Some(wanted)) => account.id == wanted,
        RefreshScope::One(_) => false,
        RefreshScope::Due => is_due(&account.sync_state, interval, now),
    }
}

fn is_due(state: &AccountSyncState, interval: TimeDelta, now: DateTime<Utc>) -> bool {
    let is_over = |at: DateTime<Utc>| at <= now;
    // A sync in the future was made while the clock was wrong.
    let interval_is_over = state.last_sync.is_none_or(|at| at > now || is_over(at + interval));
    interval_is_over && state.not_before.is_none_or(|at| is_over(at) || at > now + MAX_WAIT)
}

/// Returns whether known articles are to be fetched again.
pub(super) fn should_recheck(state: &AccountSyncState, now: DateTime<Utc>) -> bool {
    state.last_recheck.is_none_or(|at| at > now || at + RECHECK_INTERVAL <= now)
}

/// Returns the state after a failure: the next sync by itself waits longer after each, and at least as
/// long as the server asks.
pub(super) fn state_after_failure(
    state: &AccountSyncState,
    (failure, problem): (SyncFailure, String),
    wait: Option<std::time::Duration>,
    now: DateTime<Utc>,
) -> AccountSyncState {
    let doublings = state.consecutive_failures.min(16);
    let back_off = FIRST_WAIT * 2_i32.pow(doublings);
    let asked = wait.and_then(|wait| TimeDelta::from_std(wait).ok()).unwrap_or_default();
    AccountSyncState {
        not_before: Some(now + back_off.max(asked).min(MAX_WAIT)),
        consecutive_failures: state.consecutive_failures.saturating_add(1),
        failure: Some(failure),
        failing_since: state.failing_since.or(Some(now)),
        problem: Some(problem),
        ..state.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minutes)
    }

    #[test]
    fn failures_put_off_the_next_sync_and_the_server_may_ask_for_more() {
        let fail = |state: &AccountSyncState, wait: Option<u64>| {
            let wait = wait.map(std::time::Duration::from_secs);
            let failure = (SyncFailure::Other, "it is down".to_owned());
            state_after_failure(state, failure, wait, at(0))
        };
        let once = fail(&AccountSyncState::default(), None);
        assert_eq!((once.not_before, once.failing_since), (Some(at(2)), Some(at(0))));
        assert_eq!(fail(&once, None).not_before, Some(at(4)));
        assert_eq!(fail(&once, Some(3_600)).not_before, Some(at(60)));
        let often = AccountSyncState { consecutive_failures: u32::MAX, ..once };
        assert_eq!(fail(&often, Some(u64::MAX / 2)).not_before, Some(at(24 * 60)));
    }

    #[test]
    fn an_account_is_due_after_the_interval_and_the_wait() {
        let interval = TimeDelta::minutes(30);
        let state = |last: Option<i64>, not_before: Option<i64>| AccountSyncState {
            last_sync: last.map(at),
            not_before: not_before.map(at),
            ..AccountSyncState::default()
        };
        for (last, not_before, due) in [
            (None, None, true),
            (Some(-10), None, false),
            (Some(-30), None, true),
            (Some(-30), Some(5), false),
            (Some(-30), Some(-5), true),
            // The clock was wrong.
            (Some(600), None, true),
            (None, Some(100_000), true),
        ] {
            let state = state(last, not_before);
            assert_eq!(is_due(&state, interval, at(0)), due, "{state:?}");
        }
    }
}
