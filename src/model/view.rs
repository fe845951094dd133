//! What a list shows.

use super::FeedId;

/// Where a list takes its entries from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub enum ViewScope {
    /// What has not been read.
    #[default]
    Unread,
    /// What is starred.
    Starred,
    /// What was published today.
    Today,
    /// Everything stored.
    All,
    /// One feed.
    Feed(FeedId),
    /// The feeds of one folder.
    Folder(String),
}

impl ViewScope {
    /// Whether text in the filter widens this scope to everything stored.
    ///
    /// The built-in views widen: who searches, searches everything. A feed, a folder or the stars were chosen.
    pub fn widens_when_filtered(&self) -> bool {
        matches!(self, ViewScope::Unread | ViewScope::Today)
    }
}

/// How a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum SortOrder {
    /// By date, the newest on top.
    #[default]
    NewestFirst,
    /// What the words of the filter fit best on top.
    Relevance,
}

/// A question to the library: which entries, in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct View {
    /// Where from.
    pub scope: ViewScope,
    /// Which, in the words of the filter bar; empty for all.
    pub filter: String,
    /// How sorted.
    pub order: SortOrder,
    /// Leave read entries out.
    pub unread_only: bool,
}
