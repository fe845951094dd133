//! The lists of a server at the last sync that had nothing to do. Triggers count the changes of what they are
//! compared with (`assets/migrations/0037-settled-syncs.sql`), so that no change can be forgotten here.

use rusqlite::{OptionalExtension, params};

use super::{ReadConnection, StoreError, WriteConnection};
use crate::model::AccountId;

/// The lists of a server, and the state of the library with which they agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SettledLists {
    /// The digest of the lists.
    pub digest: u64,
    /// The number of changes when the library was compared with them.
    pub changes: i64,
}

impl ReadConnection {
    /// Returns the digest of the lists of an account's server with which the library agrees as it is now; `None` if
    /// anything has changed since they were compared.
    pub fn find_settled_lists(&self, account: AccountId) -> Result<Option<u64>, StoreError> {
        let sql = "SELECT lists FROM settled_syncs s JOIN accounts a ON a.id = s.account
                   WHERE s.account = ?1 AND s.changes = a.changes";
        let found = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row([account.0], |row| row.get(0)).optional());
        let digest = found.map_err(StoreError::during("read the state of the account"))?;
        Ok(digest.map(i64::cast_unsigned))
    }

    /// Returns the number of changes of what the lists of an account's server are compared with.
    pub fn count_sync_changes(&self, account: AccountId) -> Result<i64, StoreError> {
        let sql = "SELECT changes FROM accounts WHERE id = ?1";
        let found = self.db.query_row(sql, [account.0], |row| row.get(0)).optional();
        let count = found.map_err(StoreError::during("read the state of the account"))?;
        Ok(count.unwrap_or_default())
    }
}

impl WriteConnection {
    /// Notes that a sync had nothing to do. If something has changed since the library was compared with the lists,
    /// the note never counts.
    pub fn settle_sync(
        &mut self,
        account: AccountId,
        settled: SettledLists,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO settled_syncs (account, lists, changes)
                   SELECT id, ?2, ?3 FROM accounts WHERE id = ?1";
        let SettledLists { digest, changes } = settled;
        let written = self.db.execute(sql, params![account.0, digest.cast_signed(), changes]);
        written.map(drop).map_err(StoreError::during("save the state of the account"))
    }
}
