//! The outbox of tags: those that servers with labels have not been told yet. They are in the table of
//! the marks, as `tag:` and the key of the tag.

use rusqlite::{Connection, Row, ToSql, params};

use super::{
    ReadConnection, StoreError, WriteConnection,
    column_values::json_ids,
    unsent_marks::{OutboxPart, take_back},
    write_transaction::WriteTransaction,
};
use crate::model::{AccountId, EntryId, FeedId, RemoteId, TagName, WantedLabel};

/// The condition of tags that are labels on servers: those of the user, `queue` and `played`.
const IS_SENT: &str = "(t.id > 3 OR t.id IN (-1, -2))";

/// Notes a tag of articles for the servers that have labels, unless the program gives the tag its
/// meaning.
pub(super) fn note_tag(
    db: &Connection,
    ids: &[EntryId],
    tag: &TagName,
    wanted: bool,
) -> rusqlite::Result<()> {
    if tag.is_hidden() || tag.is_later() || tag.is_removed() || tag.is_unseen_edit() {
        return Ok(());
    }
    let sql = "INSERT INTO outbox (account, remote, mark, wanted)
               SELECT r.account, r.remote, ?2, ?3 FROM remote_items r
               JOIN accounts a ON a.id = r.account WHERE r.entry = ?1 AND a.labels = 1
               ON CONFLICT DO UPDATE SET wanted = excluded.wanted";
    let (mut insert, mark) = (db.prepare_cached(sql)?, mark_name(tag));
    for id in ids {
        if !take_back(db, *id, &mark, wanted)? {
            insert.execute(params![id.0, mark, wanted])?;
        }
    }
    Ok(())
}

fn mark_name(tag: &TagName) -> String {
    format!("tag:{}", tag.key())
}

/// Returns whether a tag of an article waits in the outbox.
pub(super) fn is_waiting(
    db: &Connection,
    account: AccountId,
    item: &RemoteId,
    tag: &TagName,
) -> rusqlite::Result<bool> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE account = ?1 AND remote = ?2 AND mark = ?3)";
    let values = params![account.0, item.as_str(), mark_name(tag)];
    db.prepare_cached(sql)?.query_row(values, |row| row.get(0))
}

/// Notes all tags of the user on the articles of an account.
fn note_all_tags(db: &Connection, account: AccountId) -> rusqlite::Result<()> {
    note_tags_where(db, "r.account = ?1", &account.0)
}

/// Notes the tags of the user on articles that a server has under new ids.
pub(super) fn note_tags_of_entries(db: &Connection, entries: &[EntryId]) -> rusqlite::Result<()> {
    note_tags_where(db, "r.entry IN (SELECT value FROM json_each(?1))", &json_ids(entries))
}

/// Notes the tags of the user on the articles of a feed.
pub(super) fn note_tags_of_feed(db: &Connection, feed: FeedId) -> rusqlite::Result<()> {
    note_tags_where(db, "r.entry IN (SELECT id FROM entries WHERE feed = ?1)", &feed.0)
}

fn note_tags_where(db: &Connection, condition: &str, ids: &dyn ToSql) -> rusqlite::Result<()> {
    let sql = format!(
        "INSERT INTO outbox (account, remote, mark, wanted)
         SELECT r.account, r.remote, 'tag:' || t.key, 1 FROM remote_items r
         JOIN accounts a ON a.id = r.account JOIN entry_tags m ON m.entry = r.entry
         JOIN tags t ON t.id = m.tag
         WHERE {condition} AND {IS_SENT} AND a.labels = 1 ON CONFLICT DO NOTHING"
    );
    db.prepare_cached(&sql)?.execute([ids]).map(drop)
}

impl ReadConnection {
    /// Lists the tags that the server of an account has not been told yet, or those of them that a sync
    /// has begun to send.
    pub fn list_label_outbox(
        &self,
        account: AccountId,
        part: OutboxPart,
    ) -> Result<Vec<WantedLabel>, StoreError> {
        let sql = "SELECT remote, coalesce(t.name, substr(mark, 5)), wanted FROM outbox
                   LEFT JOIN tags t ON t.key = substr(mark, 5)
                   WHERE account = ?1 AND mark LIKE 'tag:%' AND tried >= ?2";
        let read_row = |row: &Row<'_>| {
            let tag = TagName::from_stored(row.get(1)?);
            Ok(WantedLabel { item: RemoteId(row.get(0)?), tag, wanted: row.get(2)? })
        };
        let read = || -> rusqlite::Result<Vec<WantedLabel>> {
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map((account.0, part.least_tried()), read_row)?.collect()
        };
        read().map_err(StoreError::during("read what waits for the server"))
    }

    /// Lists the tags of the user on the articles of an account whose feeds its server lists.
    pub fn list_tagged_items(
        &self,
        account: AccountId,
    ) -> Result<Vec<(RemoteId, TagName)>, StoreError> {
        let sql = format!(
            "SELECT r.remote, t.name FROM entry_tags m
                   CROSS JOIN remote_items r ON r.entry = m.entry CROSS JOIN tags t ON t.id = m.tag
                   JOIN entries e ON e.id = r.entry JOIN feeds f ON f.id = e.feed
                   JOIN account_feeds a ON a.feed = e.feed
                   WHERE r.account = ?1 AND {IS_SENT} AND f.gone = 0 AND a.listed = 1"
        );
        let read_row =
            |row: &Row<'_>| Ok((RemoteId(row.get(0)?), TagName::from_stored(row.get(1)?)));
        let read = || -> rusqlite::Result<Vec<(RemoteId, TagName)>> {
            let mut statement = self.db.prepare_cached(&sql)?;
            statement.query_map([account.0], read_row)?.collect()
        };
        read().map_err(StoreError::during("list the tags of the account"))
    }
}

impl WriteConnection {
    /// Stores whether the server of an account has labels. Once it is known to have them, all tags of the
    /// user are to be sent; without labels, none.
    pub fn set_account_labels(
        &mut self,
        account: AccountId,
        has_labels: bool,
    ) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let sql = "UPDATE accounts SET labels = ?2 WHERE id = ?1";
            transaction.execute(sql, params![account.0, has_labels])?;
            if has_labels {
                note_all_tags(&transaction, account)?;
            } else {
                let sql = "DELETE FROM outbox WHERE account = ?1 AND mark LIKE 'tag:%'";
                transaction.execute(sql, [account.0])?;
            }
            transaction.commit()
        };
        run().map_err(StoreError::during("note what the server can do"))
    }

    /// Deletes tags that the server has confirmed, unless the user has changed them meanwhile.
    pub fn delete_sent_labels(
        &mut self,
        account: AccountId,
        sent: &[WantedLabel],
    ) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let sql = "DELETE FROM outbox
                       WHERE account = ?1 AND remote = ?2 AND mark = ?3 AND wanted = ?4";
            for WantedLabel { item, tag, wanted } in sent {
                let values = params![account.0, item.as_str(), mark_name(tag), wanted];
                transaction.prepare_cached(sql)?.execute(values)?;
            }
            transaction.commit()
        };
        run().map_err(StoreError::during("note what the server knows"))
    }
}
