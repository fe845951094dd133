//! The state of the mailbox files of folders at the last refresh.

use rusqlite::params;

use super::{
    ReadConnection, StoreError, WriteConnection, readable_rows::collect_readable,
    write_transaction::WriteTransaction,
};
use crate::model::FeedId;

/// The state of a mailbox file when all its mails were read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MailboxFingerprint {
    /// The path within the folder.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Modification time, in milliseconds since 1970; 0 if unknown.
    pub modified_millis: i64,
}

impl ReadConnection {
    /// Lists the mailbox files of a folder feed that were read to their end, sorted by path.
    pub fn list_mailboxes(&self, feed: FeedId) -> Result<Vec<MailboxFingerprint>, StoreError> {
        let sql = "SELECT path, size, modified FROM mailboxes WHERE feed = ?1 ORDER BY path";
        let read = || -> rusqlite::Result<Vec<MailboxFingerprint>> {
            let mut statement = self.db.prepare_cached(sql)?;
            let mailboxes = statement.query_map([feed.0], |row| {
                Ok(MailboxFingerprint {
                    path: row.get(0)?,
                    size: row.get(1)?,
                    modified_millis: row.get(2)?,
                })
            })?;
            // A mailbox whose row is damaged is read again.
            collect_readable(mailboxes)
        };
        read().map_err(StoreError::during("read the known mailboxes of the folder"))
    }
}

impl WriteConnection {
    /// Stores which mailbox files of a folder feed were read to their end, in place of those that were
    /// known. Their mails are stored before.
    pub fn save_mailboxes(
        &mut self,
        feed: FeedId,
        mailboxes: &[MailboxFingerprint],
    ) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            transaction.execute("DELETE FROM mailboxes WHERE feed = ?1", [feed.0])?;
            let sql = "INSERT OR REPLACE INTO mailboxes (feed, path, size, modified)
                       VALUES (?1, ?2, ?3, ?4)";
            for mailbox in mailboxes {
                let MailboxFingerprint { path, size, modified_millis } = mailbox;
                let values = params![feed.0, path, size, modified_millis];
                transaction.prepare_cached(sql)?.execute(values)?;
            }
            transaction.commit()
        };
        run().map_err(StoreError::during("save the mailboxes of the folder"))
    }
}
