//! The journal as a list, newest first.

use chrono::DateTime;
use rusqlite::Row;

use super::{
    ReadConnection, StoreError,
    applied_change::applied_change,
    journal::is_lost,
    journal_rows::parse_change,
    readable_rows::{lossy_optional_text, lossy_text},
};
use crate::model::{Actor, Change, ChangeId, EntryId, RecordedChange};

/// Maximum size of the changes that are read in one go, in bytes: a change of 300,000 articles has
/// two megabytes, and takes 20 ms.
const MAX_PAGE_BYTES: usize = 8 << 20;

impl ReadConnection {
    /// Returns the number of the newest change; 0 if there is none.
    ///
    /// # Errors
    ///
    /// Fails if the journal cannot be read.
    pub fn newest_change_id(&self) -> Result<ChangeId, StoreError> {
        let sql = "SELECT coalesce(max(id), 0) FROM journal";
        let newest = self.db.query_row(sql, [], |row| row.get(0).map(ChangeId));
        newest.map_err(StoreError::during("read the journal"))
    }

    /// Hands at most `limit` recorded changes to `visit`, newest first: those before `before`, or the
    /// newest ones. Fewer are handed over where they are very large. Returns whether there are more.
    ///
    /// # Errors
    ///
    /// Fails if the journal cannot be read.
    pub fn for_each_recorded_change(
        &self,
        before: Option<ChangeId>,
        limit: usize,
        visit: &mut dyn FnMut(RecordedChange),
    ) -> Result<bool, StoreError> {
        let mut run = || -> rusqlite::Result<bool> {
            let sql = "SELECT id, at, change, undone, actor, refusal FROM journal
                 WHERE id < ?1 ORDER BY id DESC";
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query([before.map_or(i64::MAX, |id| id.0)])?;
            let (mut count, mut bytes) = (0, 0);
            while let Some(row) = rows.next()? {
                if count >= limit || bytes >= MAX_PAGE_BYTES {
                    return Ok(true);
                }
                let json = lossy_text(row, 2)?;
                (count, bytes) = (count + 1, bytes + json.len());
                visit(self.read_recorded_change(row, &json)?);
            }
            Ok(false)
        };
        run().map_err(StoreError::during("read the journal"))
    }

    /// Returns the changes of the marks of an entry, newest first.
    ///
    /// # Errors
    ///
    /// Fails if the journal cannot be read.
    pub fn list_changes_of_entry(&self, id: EntryId) -> Result<Vec<RecordedChange>, StoreError> {
        let run = || -> rusqlite::Result<Vec<RecordedChange>> {
            // The number is in the text of each change that is looked for, and parsing all others
            // would cost more.
            let sql = "SELECT id, at, change, undone, actor, refusal FROM journal
                       WHERE instr(change, CAST(?1 AS TEXT)) > 0 ORDER BY id DESC";
            let mut statement = self.db.prepare_cached(sql)?;
            let (mut rows, mut changes) = (statement.query([id.0])?, Vec::new());
            while let Some(row) = rows.next()? {
                let json = lossy_text(row, 2)?;
                if parse_change(&json).is_some_and(|change| concerns(&change, id)) {
                    changes.push(self.read_recorded_change(row, &json)?);
                }
            }
            Ok(changes)
        };
        run().map_err(StoreError::during("read the journal"))
    }

    fn read_recorded_change(&self, row: &Row<'_>, json: &str) -> rusqlite::Result<RecordedChange> {
        let change = match parse_change(json) {
            Some(change) => Some(applied_change(&self.db, change)?),
            None => None,
        };
        let is_lost = match &change {
            Some(applied) => is_lost(&self.db, &applied.change)?,
            None => false,
        };
        Ok(RecordedChange {
            id: ChangeId(row.get(0)?),
            at: DateTime::from_timestamp(row.get(1)?, 0).unwrap_or_default(),
            actor: Actor::from_stored(&lossy_text(row, 4)?),
            change,
            is_undone: row.get(3)?,
            is_lost,
            refusal: lossy_optional_text(row, 5)?,
        })
    }
}

/// Returns whether a change is one of the marks of an entry.
fn concerns(change: &Change, id: EntryId) -> bool {
    let mut is_listed = false;
    change.for_each(&mut |part| is_listed |= part.entry_ids().contains(&id));
    is_listed
}
