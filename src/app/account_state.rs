//! The states of accounts in words.

use crate::{
    model::{AccountSyncState, ListedAccount, SyncFailure},
    text::{LocalNow, count_noun},
};

/// Returns the state of an account in a few words, such as "synced 4 minutes ago".
pub fn account_state_text(listed: &ListedAccount, now: LocalNow) -> String {
    let state = &listed.account.sync_state;
    let since = || state.failing_since.map(|at| now.format_list_date(at)).unwrap_or_default();
    match (state.failure, state.last_sync) {
        (Some(SyncFailure::Password), _) => "password refused".to_owned(),
        (Some(SyncFailure::Certificate), _) => "certificate refused".to_owned(),
        (Some(SyncFailure::Offline | SyncFailure::Other), _) => {
            format!("failing since {}", since())
        }
        // A failure that an earlier version has stored has no kind.
        (None, None) if state.problem.is_some() => "failing".to_owned(),
        (None, None) => "never synced".to_owned(),
        (None, Some(at)) => format!("synced {}", now.format_long_age(at)),
    }
}

/// Returns the state of an account in full, and what waits to be sent.
pub fn account_state_sentence(listed: &ListedAccount, now: LocalNow) -> String {
    let AccountSyncState { problem, .. } = &listed.account.sync_state;
    let text = account_state_text(listed, now);
    let text = match problem {
        Some(problem) => format!("{text}: {problem}"),
        None => text,
    };
    let remedy = match listed.account.sync_state.failure {
        Some(SyncFailure::Password) => "; edit the account to give another one",
        Some(SyncFailure::Certificate) => "; edit the account to accept it",
        Some(SyncFailure::Offline | SyncFailure::Other) | None => "",
    };
    let text = format!("{text}{remedy}");
    match waiting_text(listed.waiting) {
        Some(waiting) => format!("{text}; {waiting} to be sent"),
        None => text,
    }
}

/// Returns the number of changes that wait for a server, such as "12 changes wait"; `None` if none do.
pub fn waiting_text(count: usize) -> Option<String> {
    let verb = if count == 1 { "waits" } else { "wait" };
    (count > 0).then(|| format!("{} {verb}", count_noun(count, "change")))
}
