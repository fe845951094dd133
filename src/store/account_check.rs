//! Rows of accounts that belong to nothing: what a salvage, or a program that was not ours, has left.

use super::{ReadConnection, StoreError, WriteConnection, write_transaction::WriteTransaction};
use crate::model::ServerKind;

/// Rows that belong to nothing, and accounts that this version does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountCheck {
    /// Number of marks that wait for an account that is not there.
    pub lost_marks: usize,
    /// Number of ids of articles and feeds whose account, article or feed is not there.
    pub lost_ids: usize,
    /// Number of accounts on servers of a kind that only a newer version knows.
    pub unknown_accounts: usize,
}

const NO_ACCOUNT: &str = "account NOT IN (SELECT id FROM accounts)";

/// The tables with ids of servers, and the condition of a row that belongs to nothing.
const ID_TABLES: [(&str, &str); 2] = [
    ("remote_items", "entry NOT IN (SELECT id FROM entries)"),
    ("account_feeds", "feed NOT IN (SELECT id FROM feeds)"),
];

impl ReadConnection {
    /// Looks for rows of accounts that belong to nothing.
    pub fn check_accounts(&self) -> Result<AccountCheck, StoreError> {
        let count = |sql: &str| self.db.query_row(sql, [], |row| row.get::<_, usize>(0));
        let read = || -> rusqlite::Result<AccountCheck> {
            let mut check = AccountCheck {
                lost_marks: count(&format!("SELECT count(*) FROM outbox WHERE {NO_ACCOUNT}"))?,
                ..AccountCheck::default()
            };
            for (table, condition) in ID_TABLES {
                check.lost_ids += count(&format!(
                    "SELECT count(*) FROM {table} WHERE {NO_ACCOUNT} OR {condition}"
                ))?;
            }
            let known = ServerKind::ALL.map(|kind| format!("'{}'", kind.name())).join(", ");
            check.unknown_accounts =
                count(&format!("SELECT count(*) FROM accounts WHERE kind NOT IN ({known})"))?;
            Ok(check)
        };
        read().map_err(StoreError::during("check the accounts"))
    }
}

impl WriteConnection {
    /// Deletes the rows of accounts that belong to nothing.
    pub fn delete_lost_account_rows(&mut self) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            transaction.execute(&format!("DELETE FROM outbox WHERE {NO_ACCOUNT}"), [])?;
            for (table, condition) in ID_TABLES {
                let sql = format!("DELETE FROM {table} WHERE {NO_ACCOUNT} OR {condition}");
                transaction.execute(&sql, [])?;
            }
            transaction.commit()
        };
        run().map_err(StoreError::during("repair the accounts"))
    }
}
