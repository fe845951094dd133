//! Lists of articles: their scope, filter and order.

use serde::{Deserialize, Serialize};

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
    /// The entries of the feeds in the folder of an account with this name, and in the folders within.
    Account(String),
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
///
/// The names in the journal are its [keywords](SortOrder::keyword).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub enum SortOrder {
    /// By publication date, newest first.
    #[default]
    #[serde(rename = "newest")]
    NewestFirst,
    /// By publication date, oldest first.
    #[serde(rename = "oldest")]
    OldestFirst,
    /// By the name of the feed, then newest first.
    #[serde(rename = "feed")]
    Feed,
    /// By title, then newest first.
    #[serde(rename = "title")]
    Title,
    /// By relevance to the words of the filter, best match first.
    #[serde(rename = "best")]
    Relevance,
    /// In the order of the queue; what has no place in it follows, oldest first.
    #[serde(rename = "queue")]
    Queue,
    /// By the weights that rules have given, the heaviest first, then newest first.
    #[serde(rename = "weight")]
    Weight,
}

impl SortOrder {
    /// Every order, in the order of menus.
    pub const ALL: [SortOrder; 7] = [
        SortOrder::NewestFirst,
        SortOrder::OldestFirst,
        SortOrder::Feed,
        SortOrder::Title,
        SortOrder::Relevance,
        SortOrder::Queue,
        SortOrder::Weight,
    ];

    /// Returns the word for the order in the library and on the command line.
    pub fn keyword(self) -> &'static str {
        match self {
            SortOrder::NewestFirst => "newest",
            SortOrder::OldestFirst => "oldest",
            SortOrder::Feed => "feed",
            SortOrder::Title => "title",
            SortOrder::Relevance => "best",
            SortOrder::Queue => "queue",
            SortOrder::Weight => "weight",
        }
    }

    /// Returns the order with this keyword.
    pub fn from_keyword(keyword: &str) -> Option<SortOrder> {
        SortOrder::ALL.into_iter().find(|order| order.keyword() == keyword)
    }

    /// Returns whether the list is sorted by date, so that the articles of a day are neighbours.
    pub fn is_by_date(self) -> bool {
        matches!(self, SortOrder::NewestFirst | SortOrder::OldestFirst)
    }

    /// Returns the order in two words.
    pub fn label(self) -> &'static str {
        match self {
            SortOrder::NewestFirst => "newest first",
            SortOrder::OldestFirst => "oldest first",
            SortOrder::Feed => "by feed",
            SortOrder::Title => "by title",
            SortOrder::Relevance => "best first",
            SortOrder::Queue => "queue order",
            SortOrder::Weight => "by weight",
        }
    }
}

/// The groups of a list, each with a heading above its first row.
///
/// The names in the journal are its [keywords](ListGrouping::keyword).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListGrouping {
    /// No groups.
    #[default]
    None,
    /// By publication day; only in lists that are sorted by date.
    Day,
    /// By feed, in the order of their names.
    Feed,
    /// By folder, in the order of their names.
    Folder,
    /// By story: one row for the articles of each, in place of a heading.
    Story,
}

impl ListGrouping {
    /// Every grouping, in the order of menus.
    pub const ALL: [ListGrouping; 5] = [
        ListGrouping::None,
        ListGrouping::Day,
        ListGrouping::Feed,
        ListGrouping::Folder,
        ListGrouping::Story,
    ];

    /// Returns the word for the grouping in the library and on the command line.
    pub fn keyword(self) -> &'static str {
        match self {
            ListGrouping::None => "none",
            ListGrouping::Day => "day",
            ListGrouping::Feed => "feed",
            ListGrouping::Folder => "folder",
            ListGrouping::Story => "story",
        }
    }

    /// Returns the grouping with this keyword.
    pub fn from_keyword(keyword: &str) -> Option<ListGrouping> {
        ListGrouping::ALL.into_iter().find(|grouping| grouping.keyword() == keyword)
    }

    /// Returns the grouping in a few words.
    pub fn label(self) -> &'static str {
        match self {
            ListGrouping::None => "not grouped",
            ListGrouping::Day => "by day",
            ListGrouping::Feed => "by feed",
            ListGrouping::Folder => "by folder",
            ListGrouping::Story => "by story",
        }
    }

    /// Returns whether a list in this order can have the groups.
    pub fn fits(self, order: SortOrder) -> bool {
        self != ListGrouping::Day || order.is_by_date()
    }
}

/// The look of a list: its order and its groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct ListArrangement {
    /// The order.
    pub order: SortOrder,
    /// The groups.
    pub grouping: ListGrouping,
}

impl ListArrangement {
    /// Returns the arrangement with another order. Groups that do not fit to it are given up.
    #[must_use]
    pub fn with_order(self, order: SortOrder) -> ListArrangement {
        let fits = self.grouping.fits(order);
        ListArrangement { order, grouping: if fits { self.grouping } else { ListGrouping::None } }
    }

    /// Returns the arrangement with other groups. An order that does not fit to them becomes
    /// "newest first".
    #[must_use]
    pub fn with_grouping(self, grouping: ListGrouping) -> ListArrangement {
        let fits = grouping.fits(self.order);
        ListArrangement { order: if fits { self.order } else { SortOrder::NewestFirst }, grouping }
    }
}

/// The treatment of copies in a list: of the articles of several feeds that are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum CopyListing {
    /// Lists every article.
    #[default]
    Show,
    /// Lists one article of each group, unless the filter asks for copies.
    Fold,
}

/// The definition of a list: its scope, filter, order and groups.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct ListDefinition {
    /// The entries to choose from.
    pub scope: ViewScope,
    /// The filter in the query language of the filter bar; empty for no filter.
    pub filter: String,
    /// The order.
    pub order: SortOrder,
    /// The groups.
    pub grouping: ListGrouping,
    /// Leaves read entries out.
    pub unread_only: bool,
    /// The treatment of copies.
    pub copies: CopyListing,
}

impl ListDefinition {
    /// Returns the order and the groups.
    pub fn arrangement(&self) -> ListArrangement {
        ListArrangement { order: self.order, grouping: self.grouping }
    }

    /// Returns the same list in another order and other groups.
    #[must_use]
    pub fn arranged(self, arrangement: ListArrangement) -> ListDefinition {
        let ListArrangement { order, grouping } = arrangement;
        ListDefinition { order, grouping, ..self }
    }

    /// Returns whether articles leave the list when they are read.
    pub fn hides_read(&self) -> bool {
        self.unread_only || self.scope == ViewScope::Unread
    }

    /// Returns whether a filter searches only a part of the library.
    pub fn limits_search(&self) -> bool {
        self.unread_only || !(self.scope == ViewScope::All || self.scope.widens_when_filtered())
    }
}

#[cfg(test)]
mod tests {
    use super::{ListArrangement, ListGrouping, SortOrder};

    #[test]
    fn keywords_are_the_names_in_the_journal() {
        for order in SortOrder::ALL {
            assert_eq!(SortOrder::from_keyword(order.keyword()), Some(order));
            assert_eq!(serde_json::to_value(order).unwrap(), order.keyword());
        }
        for grouping in ListGrouping::ALL {
            assert_eq!(ListGrouping::from_keyword(grouping.keyword()), Some(grouping));
            assert_eq!(serde_json::to_value(grouping).unwrap(), grouping.keyword());
        }
    }

    #[test]
    fn every_arrangement_fits() {
        for (order, grouping) in SortOrder::ALL
            .into_iter()
            .flat_map(|order| ListGrouping::ALL.map(|group| (order, group)))
        {
            let grouped = ListArrangement { order, ..Default::default() }.with_grouping(grouping);
            assert_eq!(grouped.grouping, grouping);
            let sorted = grouped.with_order(order);
            assert_eq!(sorted.order, order);
            assert!(grouped.grouping.fits(grouped.order) && sorted.grouping.fits(sorted.order));
        }
    }
}
