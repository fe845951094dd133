//! Marking all entries of a scope read.

use chrono::{DateTime, Utc};

use super::{StoreError, WriteConnection, entries::scope_condition};
use crate::model::{AppliedChange, Change, EntryId, ViewScope};

impl WriteConnection {
    /// Marks all entries of a scope read, as one change in the journal. Unlisted ones stay as they are.
    ///
    /// `day_start` is the start of the local day, in seconds since 1970.
    pub fn mark_scope_read(
        &mut self,
        scope: &ViewScope,
        day_start: i64,
        now: DateTime<Utc>,
    ) -> Result<AppliedChange, StoreError> {
        let ids = self.unread_ids(scope, day_start)?;
        self.apply_change(&Change::set_read(&ids, true), now)
    }

    fn unread_ids(&self, scope: &ViewScope, day_start: i64) -> Result<Vec<EntryId>, StoreError> {
        let (condition, value) = scope_condition(scope, day_start);
        let read = || -> rusqlite::Result<Vec<EntryId>> {
            let mut statement = self.db.prepare(&format!(
                "SELECT id FROM entries WHERE {condition} AND read = 0 AND unlisted = 0
                 AND feed NOT IN (SELECT id FROM feeds WHERE gone)"
            ))?;
            statement.query_map([&value], |row| row.get(0).map(EntryId))?.collect()
        };
        read().map_err(StoreError::during("list the unread articles"))
    }
}
