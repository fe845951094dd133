//! What the user changes, as data: made, written down, taken back.

use serde::{Deserialize, Serialize};

use super::{EntryId, EntryState, FeedId, Subscription};

/// Something the user changed. Making it again, or making its [inverse](Change::inverse), changes nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Entries became read, or unread.
    Read {
        /// Ids of the entries.
        ids: Vec<i64>,
        /// What they became.
        read: bool,
    },
    /// Entries got a star, or lost it.
    Starred {
        /// Ids of the entries.
        ids: Vec<i64>,
        /// What they became.
        starred: bool,
    },
    /// A feed went out of sight, or came back.
    #[serde(rename = "gone")]
    Unsubscribed {
        /// Id of the feed.
        feed: i64,
        /// What it became.
        #[serde(rename = "gone")]
        unsubscribed: bool,
    },
    /// A feed is followed otherwise.
    Subscription {
        /// Id of the feed.
        feed: i64,
        /// How it was followed.
        before: Box<Subscription>,
        /// How it is followed.
        after: Box<Subscription>,
    },
    /// Several of these at once, in order.
    Many(Vec<Change>),
}

impl Change {
    /// The change that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Change {
        match self.clone() {
            Change::Read { ids, read } => Change::Read { ids, read: !read },
            Change::Starred { ids, starred } => Change::Starred { ids, starred: !starred },
            Change::Unsubscribed { feed, unsubscribed: gone } => {
                Change::Unsubscribed { feed, unsubscribed: !gone }
            }
            Change::Subscription { feed, before, after } => {
                Change::Subscription { feed, before: after, after: before }
            }
            Change::Many(changes) => {
                Change::Many(changes.iter().rev().map(Change::inverse).collect())
            }
        }
    }

    /// [`Change::Read`] of `ids`.
    pub fn set_read(ids: &[EntryId], read: bool) -> Change {
        Change::Read { ids: ids.iter().map(|id| id.0).collect(), read }
    }

    /// [`Change::Starred`] of `ids`.
    pub fn set_starred(ids: &[EntryId], starred: bool) -> Change {
        Change::Starred { ids: ids.iter().map(|id| id.0).collect(), starred }
    }

    /// [`Change::Subscription`] of `feed`.
    pub fn set_subscription(feed: FeedId, before: Subscription, after: Subscription) -> Change {
        Change::Subscription { feed: feed.0, before: Box::new(before), after: Box::new(after) }
    }

    /// Whether it concerns feeds, so that every list may change.
    pub fn affects_feeds(&self) -> bool {
        matches!(self, Change::Unsubscribed { .. } | Change::Subscription { .. } | Change::Many(_))
    }

    /// [`Change::Unsubscribed`] of `feed`.
    pub fn set_unsubscribed(feed: FeedId, gone: bool) -> Change {
        Change::Unsubscribed { feed: feed.0, unsubscribed: gone }
    }
}

/// What a change, an undo or a redo has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedChange {
    /// What changed, as it is now. Of the entries asked for, only those that were not so before.
    pub change: Change,
    /// The title of the entry, where it is one.
    pub title: Option<String>,
}

impl AppliedChange {
    /// The entries concerned, and what they are now.
    pub fn entry_state_update(&self) -> (&[i64], impl Fn(&mut EntryState) + '_) {
        let ids: &[i64] = match &self.change {
            Change::Read { ids, .. } | Change::Starred { ids, .. } => ids,
            Change::Unsubscribed { .. } | Change::Subscription { .. } | Change::Many(_) => &[],
        };
        let set = |state: &mut EntryState| match self.change {
            Change::Read { read, .. } => state.read = read,
            Change::Starred { starred, .. } => state.starred = starred,
            Change::Unsubscribed { .. } | Change::Subscription { .. } | Change::Many(_) => {}
        };
        (ids, set)
    }
}
