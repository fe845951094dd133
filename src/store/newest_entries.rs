//! The entries that were stored last, by their ids, which only grow.

use super::{ReadConnection, StoreError};
use crate::model::EntryId;

impl ReadConnection {
    /// Returns the id of the entry that was stored last; 0 if there is none.
    pub fn newest_entry_id(&self) -> Result<EntryId, StoreError> {
        let sql = "SELECT coalesce(max(id), 0) FROM entries";
        let read = || self.db.prepare_cached(sql)?.query_row([], |row| row.get(0).map(EntryId));
        read().map_err(StoreError::during("list the new articles"))
    }

    /// Lists the entries of subscribed feeds that were stored after `last`, in the order in which they
    /// were stored.
    pub fn list_entries_after(&self, last: EntryId) -> Result<Vec<EntryId>, StoreError> {
        let read = || -> rusqlite::Result<Vec<EntryId>> {
            let sql = "SELECT id FROM entries WHERE id > ?1 AND dropped = 0
                       AND feed NOT IN (SELECT id FROM feeds WHERE gone) ORDER BY id";
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map([last.0], |row| row.get(0).map(EntryId))?.collect()
        };
        read().map_err(StoreError::during("list the new articles"))
    }
}
