//! The outbox: the marks of articles that the servers of accounts have not been told yet. They are
//! written in the transaction of the change, and deleted when the server has confirmed them.

use std::collections::HashMap;

use rusqlite::{Connection, Row, params};

use super::{
    ReadConnection, StoreError, WriteConnection, archive_outbox, label_outbox,
    unsent_marks::{OutboxPart, take_back},
    write_transaction::WriteTransaction,
};
use crate::model::{AccountId, Change, EntryId, RemoteId, RemoteMark, WantedMark};

/// Notes within the caller's transaction that the marks of a change, which was applied, are to be sent
/// to the servers of the articles, and to the shared archive. Of several marks of one kind, the last one counts.
///
/// Of a change that a sync makes, see [`note_change_except`].
pub(super) fn note_change(db: &Connection, change: &Change) -> rusqlite::Result<()> {
    note_change_except(db, change, &[])
}

/// Notes the marks of a change except those of `known`, in ascending order: their server has brought
/// the change.
pub(super) fn note_change_except(
    db: &Connection,
    change: &Change,
    known: &[EntryId],
) -> rusqlite::Result<()> {
    if !change.marks_entries() && !matches!(change, Change::Many(_)) {
        return Ok(());
    }
    archive_outbox::note_change_except(db, change, known)?;
    if !has_accounts(db)? {
        return Ok(());
    }
    let mut parts = Vec::new();
    change.for_each(&mut |part| parts.push(part));
    for part in parts {
        let ids = part.entry_ids().iter().copied();
        let told: Vec<EntryId> = ids.filter(|id| known.binary_search(id).is_err()).collect();
        match part {
            Change::Read { read, .. } => note_marks(db, &told, RemoteMark::Read, *read)?,
            Change::Starred { starred, .. } => {
                note_marks(db, &told, RemoteMark::Starred, *starred)?;
            }
            Change::Tagged { tag, after, .. } => {
                label_outbox::note_tag(db, &told, tag, after.is_on())?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn has_accounts(db: &Connection) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT EXISTS (SELECT 1 FROM accounts)")?.query_row([], |row| row.get(0))
}

/// Notes one mark of articles. Those of no account are left out.
pub(super) fn note_marks(
    db: &Connection,
    ids: &[EntryId],
    mark: RemoteMark,
    wanted: bool,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO outbox (account, remote, mark, wanted)
               SELECT account, remote, ?2, ?3 FROM remote_items WHERE entry = ?1
               ON CONFLICT DO UPDATE SET wanted = excluded.wanted";
    let mut insert = db.prepare_cached(sql)?;
    for id in ids {
        if !take_back(db, *id, mark.name(), wanted)? {
            insert.execute(params![id.0, mark.name(), wanted])?;
        }
    }
    Ok(())
}

/// Returns whether a mark of an article waits in the outbox.
pub(super) fn is_waiting(
    db: &Connection,
    account: AccountId,
    item: &RemoteId,
    mark: RemoteMark,
) -> rusqlite::Result<bool> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE account = ?1 AND remote = ?2 AND mark = ?3)";
    let values = params![account.0, item.as_str(), mark.name()];
    db.prepare_cached(sql)?.query_row(values, |row| row.get(0))
}

/// Deletes marks within the caller's transaction, unless the user has changed them meanwhile.
pub(super) fn delete_marks(
    db: &Connection,
    account: AccountId,
    marks: &[WantedMark],
) -> rusqlite::Result<()> {
    let sql = "DELETE FROM outbox
               WHERE account = ?1 AND remote = ?2 AND mark = ?3 AND wanted = ?4";
    let mut delete = db.prepare_cached(sql)?;
    for WantedMark { item, mark, wanted } in marks {
        delete.execute(params![account.0, item.as_str(), mark.name(), wanted])?;
    }
    Ok(())
}

impl ReadConnection {
    /// Counts the marks and tags that the server of an account has not been told yet.
    pub fn count_outbox_of(&self, account: AccountId) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM outbox WHERE account = ?1";
        let count = self.db.query_row(sql, [account.0], |row| row.get(0));
        count.map_err(StoreError::during("count what waits for the server"))
    }

    /// Lists the marks that the server of an account has not been told yet, or those of them that a sync
    /// has begun to send. Marks that a newer version has stored are left out.
    pub fn list_outbox(
        &self,
        account: AccountId,
        part: OutboxPart,
    ) -> Result<Vec<WantedMark>, StoreError> {
        let sql = "SELECT remote, mark, wanted FROM outbox WHERE account = ?1 AND tried >= ?2";
        let read_row = |row: &Row<'_>| -> rusqlite::Result<Option<WantedMark>> {
            let mark = RemoteMark::from_name(&row.get::<_, String>(1)?);
            let (item, wanted) = (RemoteId(row.get(0)?), row.get(2)?);
            Ok(mark.map(|mark| WantedMark { item, mark, wanted }))
        };
        let read = || -> rusqlite::Result<Vec<WantedMark>> {
            let mut statement = self.db.prepare_cached(sql)?;
            let values = (account.0, part.least_tried());
            statement.query_map(values, read_row)?.filter_map(Result::transpose).collect()
        };
        read().map_err(StoreError::during("read what waits for the server"))
    }
}

impl ReadConnection {
    /// Counts the changes that wait, by account: marks, tags and subscriptions.
    pub(super) fn count_outbox(&self) -> Result<HashMap<AccountId, usize>, StoreError> {
        let read = || -> rusqlite::Result<HashMap<AccountId, usize>> {
            let sql = "SELECT account, count(*) FROM (
                       SELECT account FROM outbox UNION ALL
                       SELECT account FROM feed_outbox o JOIN account_feeds f ON f.feed = o.feed)
                       GROUP BY account";
            let mut statement = self.db.prepare_cached(sql)?;
            let counts =
                statement.query_map([], |row| Ok((AccountId(row.get(0)?), row.get(1)?)))?;
            counts.collect()
        };
        read().map_err(StoreError::during("count what waits for the servers"))
    }
}

impl WriteConnection {
    /// Notes that a sync begins to send what waits for the server of an account.
    pub fn begin_sending(&mut self, account: AccountId) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let sql = "UPDATE outbox SET tried = 1 WHERE account = ?1 AND tried = 0";
            transaction.execute(sql, [account.0])?;
            transaction.commit()
        };
        run().map_err(StoreError::during("note what is sent to the server"))
    }

    /// Deletes marks that the server has confirmed, unless the user has changed them meanwhile.
    pub fn delete_sent_marks(
        &mut self,
        account: AccountId,
        sent: &[WantedMark],
    ) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            delete_marks(&transaction, account, sent)?;
            transaction.commit()
        };
        run().map_err(StoreError::during("note what the server knows"))
    }
}
