//! The trash: articles that the user removed, until they are dropped.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Change, EntryId, TagMark, TagName};

/// Number of days for which a removed article stays in the trash.
pub const TRASH_DAYS: i64 = 30;

/// An article in the trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovedEntry {
    /// The id of the article.
    pub id: EntryId,
    /// The title.
    pub title: String,
    /// The name of the feed.
    pub feed: String,
    /// The time at which the article is dropped.
    pub dropped_at: DateTime<Utc>,
}

impl RemovedEntry {
    /// Returns the time at which the article was removed.
    pub fn removed_at(&self) -> DateTime<Utc> {
        removal_time(self.dropped_at)
    }
}

/// The number and the size of the articles in the trash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrashSize {
    /// Number of articles.
    pub articles: u64,
    /// Length of their stored texts, in bytes.
    pub bytes: u64,
}

/// Returns the time at which an article was removed that is dropped at `dropped_at`.
pub fn removal_time(dropped_at: DateTime<Utc>) -> DateTime<Utc> {
    dropped_at.checked_sub_signed(TimeDelta::days(TRASH_DAYS)).unwrap_or(dropped_at)
}

impl TagMark {
    /// Returns the mark of an article that is removed at a time: it is in the trash until it is dropped.
    pub fn removed_at(now: DateTime<Utc>) -> TagMark {
        let dropped_at = now.checked_add_signed(TimeDelta::days(TRASH_DAYS)).unwrap_or(now);
        TagMark::Until(dropped_at.timestamp())
    }

    /// Returns the mark of an imported article until the change that takes it out of the trash, by which undo
    /// puts it back there. The time of removal is a second before that of arrival, when nobody can have removed
    /// it: the next import tells such articles from removed ones.
    pub fn set_aside_at(arrival: DateTime<Utc>) -> TagMark {
        TagMark::removed_at(arrival - TimeDelta::seconds(1))
    }
}

impl Change {
    /// Creates a change that removes `ids`: they are in the trash until they are dropped.
    pub fn remove_entries(ids: &[EntryId], now: DateTime<Utc>) -> Change {
        Change::set_tag(ids, TagName::removed(), TagMark::removed_at(now))
    }

    /// Creates a change that takes `ids` out of the trash.
    pub fn restore_entries(ids: &[EntryId]) -> Change {
        Change::set_tag(ids, TagName::removed(), TagMark::Off)
    }
}
