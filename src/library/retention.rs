//! Retention: what has been read and is older than the user keeps it goes to the trash.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    model::{Actor, AppliedChange, Change, EntryId},
    store::{ReadConnection, StoreError, WriteConnection},
    text::count_noun,
};

/// Maximum number of articles that one refresh removes: storing them must not delay a key.
const ARTICLES_PER_REFRESH: usize = 2_000;

/// The time for which read articles are kept that are neither starred, queued nor to be read later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    days: u32,
}

impl Retention {
    /// Creates the retention of a number of days; `None` for 0, which keeps articles for good.
    pub fn from_days(days: u32) -> Option<Retention> {
        (days > 0).then_some(Retention { days })
    }

    /// Returns the time of the oldest articles that are kept.
    fn oldest_kept(self, now: DateTime<Utc>) -> DateTime<Utc> {
        now.checked_sub_signed(TimeDelta::days(self.days.into())).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Lists the articles that the next refresh moves to the trash.
    pub(super) fn list_outdated(
        self,
        reader: &ReadConnection,
        now: DateTime<Utc>,
    ) -> Result<Vec<EntryId>, StoreError> {
        reader.list_outdated_entries(self.oldest_kept(now), ARTICLES_PER_REFRESH)
    }

    /// Counts the articles that refreshes would move to the trash now.
    pub fn count_outdated(
        self,
        reader: &ReadConnection,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        Ok(reader.list_outdated_entries(self.oldest_kept(now), usize::MAX)?.len())
    }
}

/// Moves outdated articles to the trash as one change, which can be undone.
pub(super) fn remove_outdated(
    store: &mut WriteConnection,
    ids: &[EntryId],
    now: DateTime<Utc>,
) -> Result<AppliedChange, StoreError> {
    store.apply_change_by(&Actor::Retention, &Change::remove_entries(ids, now), now)
}

/// Returns the notice that articles were moved to the trash.
pub(super) fn outdated_notice(count: usize) -> String {
    let were = if count == 1 { "was" } else { "were" };
    format!(
        "{} past the time of `library.keep` {were} moved to the trash",
        count_noun(count, "article")
    )
}
