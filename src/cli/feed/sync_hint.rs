//! The end of a sentence about a change of a feed of an account.

use crate::{
    model::{Feed, FeedAccount, FeedListing, ServerKind},
    store::{ReadConnection, StoreError},
};

/// Returns the end of a sentence about a change of a feed: whose server is told of it, and when, or that
/// it is not.
///
/// # Errors
///
/// Fails if the accounts cannot be read.
pub(super) fn sync_hint(reader: &ReadConnection, feed: &Feed) -> Result<String, StoreError> {
    let is_listed = |account: &&FeedAccount| account.listing == FeedListing::Listed;
    let Some(listed) = feed.account.as_ref().filter(is_listed) else { return Ok(String::new()) };
    let accounts = reader.list_accounts()?;
    let account = accounts.iter().find(|account| account.id == listed.id);
    Ok(match account.map(|account| account.login.kind) {
        Some(ServerKind::Fever) => {
            format!(" (here only: the server of {} takes no changes of subscriptions)", listed.name)
        }
        _ => format!(" (the server of {} is told at the next sync)", listed.name),
    })
}
