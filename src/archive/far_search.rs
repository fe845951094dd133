//! Searches in the past that only the archive has.

use super::{ArchivedArticle, ArchivedMark, FarCondition};

/// A place in the order of dates, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FarPosition {
    /// The date, in seconds since 1970.
    pub published: i64,
    /// The archive's id of the article, which orders those of one second.
    pub id: i64,
}

/// A request for articles.
#[derive(Debug, Clone, PartialEq)]
pub struct FarRequest {
    /// The condition on articles.
    pub condition: FarCondition,
    /// Only articles that follow this place: older ones.
    pub before: Option<FarPosition>,
    /// Maximum number of hits.
    pub limit: usize,
    /// The hits come with their texts.
    pub with_texts: bool,
}

/// An article that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FarHit {
    /// The place of the article in the order of dates.
    pub position: FarPosition,
    /// The article.
    pub article: ArchivedArticle,
    /// The marks of the user, and those of all users.
    pub marks: Vec<ArchivedMark>,
}

/// Hits, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FarPage {
    /// The hits.
    pub hits: Vec<FarHit>,
    /// There may be more behind the last one. With fewer hits than were asked for, the archive has given up: what follows
    /// would take it long to find.
    pub has_more: bool,
}
