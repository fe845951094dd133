//! Views: named lists in the sidebar.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ListArrangement, ListGrouping, SortOrder, ViewId, ViewScope};

/// A named list in the sidebar: a query, and the order and the groups of what it finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Row id; 0 for a view that is not stored yet.
    pub id: ViewId,
    /// Name in the sidebar.
    pub name: String,
    /// The query, in the language of the filter bar. No two views of the user have the same.
    pub query: String,
    /// `None` for a view of the user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built_in: Option<BuiltInView>,
    /// The order of the list.
    pub order: SortOrder,
    /// The groups of the list.
    pub grouping: ListGrouping,
    /// The sidebar does not show the view.
    pub hidden: bool,
    /// Place among all views, from 0.
    pub position: usize,
}

/// A view that the program brings. It can be hidden, but not removed, and keeps its query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuiltInView {
    /// Unread articles.
    Unread,
    /// Starred articles.
    Starred,
    /// Articles of today.
    Today,
    /// Articles with the tag `later`.
    Later,
    /// Articles with the tag `queue`. The sidebar shows the view while there are any.
    Queue,
    /// All articles.
    All,
}

impl BuiltInView {
    /// Every built-in view, in its first order.
    pub const ALL: [BuiltInView; 6] = [
        BuiltInView::Unread,
        BuiltInView::Starred,
        BuiltInView::Today,
        BuiltInView::Later,
        BuiltInView::Queue,
        BuiltInView::All,
    ];

    /// Returns the word for the view in the library.
    pub fn keyword(self) -> &'static str {
        match self {
            BuiltInView::Unread => "unread",
            BuiltInView::Starred => "starred",
            BuiltInView::Today => "today",
            BuiltInView::Later => "later",
            BuiltInView::Queue => "queue",
            BuiltInView::All => "all",
        }
    }

    /// Returns the view with this keyword.
    pub fn from_keyword(keyword: &str) -> Option<BuiltInView> {
        BuiltInView::ALL.into_iter().find(|view| view.keyword() == keyword)
    }

    /// Returns the scope that the view shows; `None` if it shows what its query finds, as the views of
    /// the user do.
    pub fn scope(self) -> Option<ViewScope> {
        match self {
            BuiltInView::Unread => Some(ViewScope::Unread),
            BuiltInView::Starred => Some(ViewScope::Starred),
            BuiltInView::Today => Some(ViewScope::Today),
            BuiltInView::Later | BuiltInView::Queue => None,
            BuiltInView::All => Some(ViewScope::All),
        }
    }

    /// Returns the name of the view in a new library.
    pub fn first_name(self) -> &'static str {
        match self {
            BuiltInView::Unread => "Unread",
            BuiltInView::Starred => "Starred",
            BuiltInView::Today => "Today",
            BuiltInView::Later => "Later",
            BuiltInView::Queue => "Queue",
            BuiltInView::All => "All articles",
        }
    }

    /// Returns the order of the view in a new library.
    pub fn first_order(self) -> SortOrder {
        match self {
            BuiltInView::Queue => SortOrder::Queue,
            _ => SortOrder::default(),
        }
    }

    /// Returns whether the number of the view is that of all its articles, read ones included.
    pub fn counts_read(self) -> bool {
        self == BuiltInView::Queue
    }

    /// Returns the query of the view; it finds the same articles as the scope.
    pub fn query(self) -> &'static str {
        match self {
            BuiltInView::Unread => "is:unread",
            BuiltInView::Starred => "is:star",
            BuiltInView::Today => "since:today",
            BuiltInView::Later => "is:later",
            BuiltInView::Queue => "is:queued",
            BuiltInView::All => "",
        }
    }
}

/// A reason why a view cannot be stored as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewConflict {
    /// The view has no name.
    NoName,
    /// The name is too long.
    LongName,
    /// The view has no query.
    NoQuery,
    /// The query is too long.
    LongQuery,
    /// Another view has the name.
    SameName,
    /// The view with this name has the query.
    SameQuery(String),
    /// There are too many views.
    TooMany,
}

impl fmt::Display for ViewConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ViewConflict::NoName => f.write_str("a view needs a name"),
            ViewConflict::LongName => {
                write!(f, "the name of a view has at most {} bytes", View::MAX_NAME_BYTES)
            }
            ViewConflict::NoQuery => f.write_str("a view needs a query"),
            ViewConflict::LongQuery => {
                write!(f, "the query of a view has at most {} bytes", View::MAX_QUERY_BYTES)
            }
            ViewConflict::SameName => f.write_str("another view has this name"),
            ViewConflict::SameQuery(name) => write!(f, "the view “{name}” has this query"),
            ViewConflict::TooMany => {
                write!(f, "a library has at most {} views", View::MAX_COUNT)
            }
        }
    }
}

impl View {
    /// Maximum length of a name.
    pub const MAX_NAME_BYTES: usize = 256;

    /// Maximum length of a query.
    pub const MAX_QUERY_BYTES: usize = 4096;

    /// Maximum number of views: each is counted after every change.
    pub const MAX_COUNT: usize = 200;

    /// Returns a view of the user that is not stored yet, at the end of `views`.
    pub fn new(name: &str, query: &str, views: &[View]) -> View {
        View {
            id: ViewId(0),
            name: name.trim().to_owned(),
            query: query.trim().to_owned(),
            built_in: None,
            order: SortOrder::default(),
            grouping: ListGrouping::default(),
            hidden: false,
            position: views.len(),
        }
    }

    /// Returns the views of a new library.
    pub fn first_views() -> Vec<View> {
        // The migrations added them in another order than that of the sidebar.
        const IDS: [i64; 6] = [1, 2, 3, 5, 6, 4];
        let view = |(position, built_in): (usize, BuiltInView)| View {
            id: ViewId(IDS[position]),
            built_in: Some(built_in),
            order: built_in.first_order(),
            position,
            ..View::new(built_in.first_name(), built_in.query(), &[])
        };
        BuiltInView::ALL.into_iter().enumerate().map(view).collect()
    }

    /// Returns the scope of a view that shows one, and not what its query finds.
    pub fn scope(&self) -> Option<ViewScope> {
        self.built_in.and_then(BuiltInView::scope)
    }

    /// Returns the order and the groups of the list.
    pub fn arrangement(&self) -> ListArrangement {
        ListArrangement { order: self.order, grouping: self.grouping }
    }

    /// Returns the view with another order or other groups.
    #[must_use]
    pub fn arranged(&self, arrangement: ListArrangement) -> View {
        let ListArrangement { order, grouping } = arrangement;
        View { order, grouping, ..self.clone() }
    }

    /// Finds the view that a list shows: the one that has the filter as its query, or else the
    /// built-in one of the scope.
    pub fn find_listed<'v>(views: &'v [View], scope: &ViewScope, filter: &str) -> Option<&'v View> {
        let filter = filter.trim();
        let has_query = |view: &&View| view.scope().is_none() && view.query == filter;
        let has_scope = |view: &&View| view.scope().as_ref() == Some(scope);
        views.iter().find(has_query).or_else(|| views.iter().find(has_scope))
    }

    /// Checks that the view can stand among `views`, in place of the one with its id.
    ///
    /// # Errors
    ///
    /// Returns the first reason why it cannot.
    pub fn check_among(&self, views: &[View]) -> Result<(), ViewConflict> {
        let mut others = views.iter().filter(|other| other.id != self.id);
        let is_new = views.iter().all(|other| other.id != self.id);
        if self.name.is_empty() {
            Err(ViewConflict::NoName)
        } else if self.name.len() > View::MAX_NAME_BYTES {
            Err(ViewConflict::LongName)
        } else if self.query.is_empty() && self.built_in.is_none() {
            Err(ViewConflict::NoQuery)
        } else if self.query.len() > View::MAX_QUERY_BYTES {
            Err(ViewConflict::LongQuery)
        } else if let Some(other) = others.clone().find(|other| {
            self.scope().is_none() && other.scope().is_none() && other.query == self.query
        }) {
            Err(ViewConflict::SameQuery(other.name.clone()))
        } else if others.any(|other| other.name == self.name) {
            Err(ViewConflict::SameName)
        } else if is_new && views.len() >= View::MAX_COUNT {
            Err(ViewConflict::TooMany)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{View, ViewConflict, ViewScope};

    #[test]
    fn view_among_others_needs_a_name_and_a_query_of_its_own() {
        let mut views = View::first_views();
        let rust = View { id: super::ViewId(7), ..View::new("Rust", "rust", &views) };
        views.push(rust.clone());
        let check = |name: &str, query: &str| View::new(name, query, &views).check_among(&views);
        assert_eq!(check("Go", "golang"), Ok(()));
        assert_eq!(check("Mine", "is:unread"), Ok(()), "the query of a scope may be named again");
        assert_eq!(check("Mine", "is:later"), Err(ViewConflict::SameQuery("Later".to_owned())));
        assert_eq!(check(" ", "golang"), Err(ViewConflict::NoName));
        assert_eq!(check("Go", " "), Err(ViewConflict::NoQuery));
        assert_eq!(check("Rust", "golang"), Err(ViewConflict::SameName));
        assert_eq!(check("Go", "rust"), Err(ViewConflict::SameQuery("Rust".to_owned())));
        let edited = View { query: "rust -game".to_owned(), ..rust };
        assert_eq!(edited.check_among(&views), Ok(()));
    }

    #[test]
    fn listed_view_is_that_of_the_filter_before_that_of_the_scope() {
        let mut views = View::first_views();
        views.push(View::new("Rust", "rust", &views));
        let listed = |filter: &str| {
            View::find_listed(&views, &ViewScope::All, filter).map(|view| view.name.as_str())
        };
        assert_eq!(listed("rust "), Some("Rust"));
        assert_eq!(listed("ru"), Some("All articles"));
        assert_eq!(View::find_listed(&views, &ViewScope::Folder("a".to_owned()), "ru"), None);
    }
}
