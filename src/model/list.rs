//! Lists of articles: their scope, filter and order.

use super::FeedId;

/// The set of entries from which a list is made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub enum ViewScope {
    /// Unread entries.
    #[default]
    Unread,
    /// Starred entries.
    Starred,
    /// Entries published today.
    Today,
    /// All entries.
    All,
    /// The entries of one feed.
    Feed(FeedId),
    /// The entries of the feeds in one folder.
    Folder(String),
}

impl ViewScope {
    /// Returns whether text in the filter bar widens this scope to all entries.
    ///
    /// The start views (unread, today) widen, because a search is meant for everything. A feed, a
    /// folder or the starred entries were chosen on purpose and do not widen.
    pub fn widens_when_filtered(&self) -> bool {
        matches!(self, ViewScope::Unread | ViewScope::Today)
    }
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum SortOrder {
    /// By publication date, newest first.
    #[default]
    NewestFirst,
    /// By publication date, oldest first.
    OldestFirst,
    /// By the name of the feed, then newest first.
    Feed,
    /// By title, then newest first.
    Title,
    /// By relevance to the words of the filter, best match first.
    Relevance,
}

impl SortOrder {
    /// Every order, in the order of menus.
    pub const ALL: [SortOrder; 5] = [
        SortOrder::NewestFirst,
        SortOrder::OldestFirst,
        SortOrder::Feed,
        SortOrder::Title,
        SortOrder::Relevance,
    ];

    /// Returns the order in two words.
    pub fn label(self) -> &'static str {
        match self {
            SortOrder::NewestFirst => "newest first",
            SortOrder::OldestFirst => "oldest first",
            SortOrder::Feed => "by feed",
            SortOrder::Title => "by title",
            SortOrder::Relevance => "best first",
        }
    }
}

/// A list that keeps an order of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SortedList {
    /// A scope, also while it is filtered.
    Scope(ViewScope),
    /// A saved filter, in any scope.
    SavedFilter(String),
}

/// The definition of a list: its scope, filter and order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct ListDefinition {
    /// The entries to choose from.
    pub scope: ViewScope,
    /// The filter in the query language of the filter bar; empty for no filter.
    pub filter: String,
    /// The order.
    pub order: SortOrder,
    /// Leaves read entries out.
    pub unread_only: bool,
}

impl ListDefinition {
    /// Returns whether a filter searches only a part of the library.
    pub fn limits_search(&self) -> bool {
        self.unread_only || !(self.scope == ViewScope::All || self.scope.widens_when_filtered())
    }
}
