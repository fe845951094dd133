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
    Gone {
        /// Id of the feed.
        feed: i64,
        /// What it became.
        gone: bool,
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
            Change::Gone { feed, gone } => Change::Gone { feed, gone: !gone },
            Change::Subscription { feed, before, after } => {
                Change::Subscription { feed, before: after, after: before }
            }
            Change::Many(changes) => Change::Many(changes.iter().rev().map(Change::inverse).collect()),
        }
    }

    /// [`Change::Read`] of `ids`.
    pub fn read(ids: &[EntryId], read: bool) -> Change {
        Change::Read { ids: ids.iter().map(|id| id.0).collect(), read }
    }

    /// [`Change::Starred`] of `ids`.
    pub fn starred(ids: &[EntryId], starred: bool) -> Change {
        Change::Starred { ids: ids.iter().map(|id| id.0).collect(), starred }
    }

    /// [`Change::Subscription`] of `feed`.
    pub fn subscription(feed: FeedId, before: Subscription, after: Subscription) -> Change {
        Change::Subscription { feed: feed.0, before: Box::new(before), after: Box::new(after) }
    }

    /// Whether it concerns feeds, so that every list may change.
    pub fn is_of_feeds(&self) -> bool {
        matches!(self, Change::Gone { .. } | Change::Subscription { .. } | Change::Many(_))
    }

    /// [`Change::Gone`] of `feed`.
    pub fn gone(feed: FeedId, gone: bool) -> Change {
        Change::Gone { feed: feed.0, gone }
    }
}

/// What a change, an undo or a redo has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What changed, as it is now. Of the entries asked for, only those that were not so before.
    pub change: Change,
    /// The title of the entry, where it is one.
    pub title: Option<String>,
}

impl Done {
    /// The entries concerned, and what they are now.
    pub fn states(&self) -> (&[i64], impl Fn(&mut EntryState) + '_) {
        let ids: &[i64] = match &self.change {
            Change::Read { ids, .. } | Change::Starred { ids, .. } => ids,
            Change::Gone { .. } | Change::Subscription { .. } | Change::Many(_) => &[],
        };
        let set = |state: &mut EntryState| match self.change {
            Change::Read { read, .. } => state.read = read,
            Change::Starred { starred, .. } => state.starred = starred,
            Change::Gone { .. } | Change::Subscription { .. } | Change::Many(_) => {}
        };
        (ids, set)
    }
}
