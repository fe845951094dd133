//! The contents of the sidebar, and the numbers beside its first lists.

use crate::model::{
    AccountId, Change, CopyListing, Feed, FeedKind, FeedListing, FoldedCounts, ListedAccount, Tag,
    View,
};

/// The contents of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SidebarData {
    /// The feeds, by folder and name.
    pub feeds: Vec<Feed>,
    /// The accounts, in the order in which they were added.
    pub accounts: Vec<ListedAccount>,
    /// Number of starred entries.
    pub starred_count: u64,
    /// Number of today's entries that are unread.
    pub unread_today: u64,
    /// The copies among these, which are not counted while lists fold them.
    pub folded: FoldedCounts,
    /// The views, also hidden ones, in their order.
    pub views: Vec<View>,
    /// The tags of the user, reserved ones included, by name.
    pub tags: Vec<Tag>,
}

/// The numbers beside the first lists of the sidebar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SidebarTotals {
    /// Number of entries.
    pub all: u64,
    /// Number of unread entries.
    pub unread: u64,
    /// Number of starred entries.
    pub starred: u64,
    /// Number of today's entries that are unread.
    pub unread_today: u64,
}

impl SidebarData {
    /// Returns the accounts whose servers take subscriptions, with their names.
    pub(in crate::app) fn accounts_for_subscriptions(&self) -> Vec<(AccountId, String)> {
        let accounts = self.accounts.iter().map(|listed| &listed.account);
        let accounts = accounts.filter(|account| account.login.kind.edits_subscriptions());
        accounts.map(|account| (account.id, account.name.clone())).collect()
    }

    /// Returns the end of a sentence about a change of feeds of an account whose server takes none: the
    /// change is made here only.
    pub(in crate::app) fn here_only_text(&self, change: &Change) -> Option<String> {
        let mut name = None;
        change.for_each(&mut |part| {
            name = name.or_else(|| self.account_that_is_not_told(part));
        });
        name.map(|name| {
            format!("; here only: the server of {name} takes no changes of subscriptions")
        })
    }

    /// Returns the account whose server is not told of a change, although it lists the feed.
    fn account_that_is_not_told(&self, change: &Change) -> Option<&str> {
        let id = match change {
            Change::Unsubscribed { feed, .. } => feed,
            Change::Subscription { feed, before, after }
                if before.name != after.name || before.folder != after.folder =>
            {
                feed
            }
            _ => return None,
        };
        let feed = self.feeds.iter().find(|feed| feed.id == *id)?;
        let of_feed = feed.account.as_ref().filter(|of| of.listing == FeedListing::Listed)?;
        let mut accounts = self.accounts.iter().map(|listed| &listed.account);
        let account = accounts.find(|account| account.id == of_feed.id)?;
        (!account.login.kind.edits_subscriptions()).then_some(&account.name)
    }

    /// Returns the name of the account of all feeds; `None` if one is of another or the user's own.
    pub(in crate::app) fn only_account(&self) -> Option<&str> {
        let mut feeds = self.feeds.iter().filter(|feed| feed.kind != FeedKind::Samples);
        let first = feeds.next()?.account.as_ref()?;
        let is_same = |feed: &Feed| feed.account.as_ref().map(|other| other.id) == Some(first.id);
        let is_taken = self.accounts_for_subscriptions().iter().any(|(id, _)| *id == first.id);
        (is_taken && feeds.all(is_same)).then_some(first.name.as_str())
    }

    /// Returns the numbers of entries in lists with this treatment of copies.
    pub fn totals(&self, copies: CopyListing) -> SidebarTotals {
        let none = FoldedCounts::default();
        let folded = if copies == CopyListing::Fold { &self.folded } else { &none };
        let sum_of = |count: fn(&Feed) -> u64| self.feeds.iter().map(count).sum::<u64>();
        SidebarTotals {
            all: sum_of(|feed| feed.entry_count).saturating_sub(folded.total),
            unread: sum_of(|feed| feed.unread_count).saturating_sub(folded.unread),
            starred: self.starred_count.saturating_sub(folded.starred),
            unread_today: self.unread_today.saturating_sub(folded.unread_today),
        }
    }

    /// Returns the numbers of entries and of unread ones in the list of a folder.
    pub fn folder_counts(&self, name: &str, copies: CopyListing) -> (u64, u64) {
        let folded = self.folded.folders.get(name).filter(|_| copies == CopyListing::Fold);
        let folded = folded.copied().unwrap_or_default();
        let inside = || self.feeds.iter().filter(|feed| feed.folder() == Some(name));
        let total: u64 = inside().map(|feed| feed.entry_count).sum();
        let unread: u64 = inside().map(|feed| feed.unread_count).sum();
        (total.saturating_sub(folded.total), unread.saturating_sub(folded.unread))
    }
}

impl Default for SidebarData {
    fn default() -> SidebarData {
        SidebarData {
            feeds: Vec::new(),
            accounts: Vec::new(),
            starred_count: 0,
            unread_today: 0,
            folded: FoldedCounts::default(),
            views: View::first_views(),
            tags: Vec::new(),
        }
    }
}
