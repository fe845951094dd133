//! The end of a sentence about a change of a feed of an account.

use crate::model::{Feed, FeedAccount, FeedListing};

/// Returns the end of a sentence about a change of a feed: whose server is told of it, and when.
pub(super) fn sync_hint(feed: &Feed) -> String {
    let is_listed = |account: &&FeedAccount| account.listing == FeedListing::Listed;
    let account = feed.account.as_ref().filter(is_listed);
    account.map_or_else(String::new, |account| {
        format!(" (the server of {} is told at the next sync)", account.name)
    })
}
