//! The outbox of subscriptions: changes of the feeds of accounts that their servers have not been told
//! yet. They are written in the transaction of the change. What becomes of them once the server has
//! answered is in `sent_feed_changes.rs`.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    ReadConnection, StoreError, WriteConnection, label_outbox, outbox,
    readable_rows::{lossy_optional_text, lossy_text},
};
use crate::model::{
    AccountId, Change, EntryId, FeedChange, FeedId, RemoteMark, Subscription, UnsentFeedChange,
    folder_in_account, folder_on_server,
};

/// A feed of an account whose server takes subscriptions.
pub(super) struct AccountFeedRow {
    /// The name of the account.
    pub(super) account_name: String,
    /// The URL of the feed document.
    pub(super) url: Option<String>,
    /// The title that the server listed last.
    pub(super) title: Option<String>,
    /// The folder that the server listed last.
    pub(super) folder: Option<String>,
    /// The server listed the feed at the last sync.
    pub(super) is_listed: bool,
}

/// Finds a feed as one of an account; `None` for one that no server can be told about.
pub(super) fn find_account_feed(
    db: &Connection,
    feed: FeedId,
) -> rusqlite::Result<Option<AccountFeedRow>> {
    // The feed for articles of other feeds has an empty id, and is none to the server.
    let sql = "SELECT a.name, f.url, f.title, f.folder, f.listed FROM account_feeds f
               JOIN accounts a ON a.id = f.account
               WHERE f.feed = ?1 AND f.remote <> '' AND a.kind = 'greader'";
    let read_row = |row: &Row<'_>| {
        Ok(AccountFeedRow {
            account_name: lossy_text(row, 0)?,
            url: row.get(1)?,
            title: lossy_optional_text(row, 2)?,
            folder: lossy_optional_text(row, 3)?,
            is_listed: row.get(4)?,
        })
    };
    db.prepare_cached(sql)?.query_row([feed.0], read_row).optional()
}

/// Returns a subscription whose folder is within that of the account, if the feed is one of an account.
pub(super) fn within_account(
    db: &Connection,
    feed: FeedId,
    subscription: Subscription,
) -> rusqlite::Result<Subscription> {
    let Some(row) = find_account_feed(db, feed)? else { return Ok(subscription) };
    let folder = folder_on_server(&row.account_name, subscription.folder.as_deref());
    let folder = Some(folder_in_account(&row.account_name, folder));
    Ok(Subscription { folder, ..subscription })
}

/// Notes within the caller's transaction what the servers of accounts are to be told of a change, which
/// was applied.
pub(super) fn note_change(db: &Connection, change: &Change) -> rusqlite::Result<()> {
    if !change.affects_feeds() {
        return Ok(());
    }
    let mut parts = Vec::new();
    change.for_each(&mut |part| parts.push(part));
    for part in parts {
        match part {
            Change::Unsubscribed { feed, unsubscribed: true } => note_unsubscription(db, *feed)?,
            Change::Unsubscribed { feed, unsubscribed: false } => note_subscription(db, *feed)?,
            Change::Subscription { feed, before, after } => note_edit(db, *feed, before, after)?,
            _ => {}
        }
    }
    Ok(())
}

/// Notes that the user has unsubscribed. A subscription of which the server cannot know is forgotten.
fn note_unsubscription(db: &Connection, feed: FeedId) -> rusqlite::Result<()> {
    let Some(row) = find_account_feed(db, feed)? else { return Ok(()) };
    match take_tries(db, feed, &FeedChange::Subscribe)? {
        Some(0) if !row.is_listed => forget_feed(db, feed),
        None if !row.is_listed => Ok(()),
        tries => insert(db, feed, &FeedChange::Unsubscribe, tries.unwrap_or(0)),
    }
}

/// Notes that the user has subscribed again. An unsubscription of which the server cannot know is
/// forgotten; another one may have happened.
fn note_subscription(db: &Connection, feed: FeedId) -> rusqlite::Result<()> {
    let Some(row) = find_account_feed(db, feed)? else { return Ok(()) };
    let tries = match take_tries(db, feed, &FeedChange::Unsubscribe)? {
        Some(0) => return Ok(()),
        None if row.is_listed || is_unsent(db, feed, &FeedChange::Subscribe)? => return Ok(()),
        tries => tries.unwrap_or(0),
    };
    // Without a URL, no server can be told; the state of the feed says so.
    if row.url.is_none() {
        return Ok(());
    }
    insert(db, feed, &FeedChange::Subscribe, tries)?;
    note_settings(db, feed, &row)?;
    note_marks(db, feed)
}

/// Notes the name and the folder that a feed has here, for a server that is to subscribe to it. The title
/// of a feed that was listed before may be one that somebody gave it there.
fn note_settings(db: &Connection, feed: FeedId, row: &AccountFeedRow) -> rusqlite::Result<()> {
    let sql = "SELECT iif(?2, coalesce(name, title), name), folder FROM feeds WHERE id = ?1";
    let read_row = |row: &Row<'_>| Ok((lossy_optional_text(row, 0)?, lossy_optional_text(row, 1)?));
    let was_listed = row.title.is_some();
    let (name, folder) = db.query_row(sql, params![feed.0, was_listed], read_row)?;
    if let Some(name) = name {
        insert(db, feed, &FeedChange::Rename(name), 0)?;
    }
    match folder_on_server(&row.account_name, folder.as_deref()) {
        Some(folder) => insert(db, feed, &FeedChange::Move(Some(folder.to_owned())), 0),
        None => Ok(()),
    }
}

/// Notes the marks and tags of the articles of a feed: on some servers they are those of before, and
/// unread.
fn note_marks(db: &Connection, feed: FeedId) -> rusqlite::Result<()> {
    for (column, mark) in [("read", RemoteMark::Read), ("starred", RemoteMark::Starred)] {
        let sql = format!("SELECT id FROM entries WHERE feed = ?1 AND {column} = 1");
        let mut statement = db.prepare(&sql)?;
        let ids = statement.query_map([feed.0], |row| row.get(0).map(EntryId))?;
        let ids: rusqlite::Result<Vec<EntryId>> = ids.collect();
        outbox::note_marks(db, &ids?, mark, true)?;
    }
    label_outbox::note_tags_of_feed(db, feed)
}

/// Notes another name and another folder.
pub(super) fn note_edit(
    db: &Connection,
    feed: FeedId,
    before: &Subscription,
    after: &Subscription,
) -> rusqlite::Result<()> {
    if before.name == after.name && before.folder == after.folder {
        return Ok(());
    }
    let Some(row) = find_account_feed(db, feed)? else { return Ok(()) };
    if !row.is_listed && !is_unsent(db, feed, &FeedChange::Subscribe)? {
        return Ok(());
    }
    if before.name != after.name {
        let sql = "SELECT coalesce(name, title) FROM feeds WHERE id = ?1";
        let title = db.query_row(sql, [feed.0], |row| lossy_text(row, 0))?;
        insert(db, feed, &FeedChange::Rename(title), 0)?;
    }
    if before.folder != after.folder {
        let folder = folder_on_server(&row.account_name, after.folder.as_deref());
        insert(db, feed, &FeedChange::Move(folder.map(str::to_owned)), 0)?;
    }
    Ok(())
}

/// Notes a change, in place of another one of its kind.
fn insert(db: &Connection, feed: FeedId, change: &FeedChange, tries: u32) -> rusqlite::Result<()> {
    let sql = "INSERT INTO feed_outbox (feed, kind, value, tries) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT DO UPDATE SET value = excluded.value, tries = excluded.tries";
    let values = params![feed.0, change.kind(), change.value(), tries];
    db.prepare_cached(sql)?.execute(values).map(drop)
}

/// Returns whether a change of this kind waits for the server.
pub(super) fn is_unsent(
    db: &Connection,
    feed: FeedId,
    change: &FeedChange,
) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM feed_outbox WHERE feed = ?1 AND kind = ?2)";
    db.prepare_cached(sql)?.query_row(params![feed.0, change.kind()], |row| row.get(0))
}

/// Deletes the change of this kind; returns how often the server may have been told.
fn take_tries(db: &Connection, feed: FeedId, change: &FeedChange) -> rusqlite::Result<Option<u32>> {
    let sql = "DELETE FROM feed_outbox WHERE feed = ?1 AND kind = ?2 RETURNING tries";
    let values = params![feed.0, change.kind()];
    db.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional()
}

/// Deletes a change unless the user has changed it meanwhile.
pub(super) fn delete(db: &Connection, feed: FeedId, change: &FeedChange) -> rusqlite::Result<()> {
    let sql = "DELETE FROM feed_outbox WHERE feed = ?1 AND kind = ?2 AND value IS ?3";
    let values = params![feed.0, change.kind(), change.value()];
    db.prepare_cached(sql)?.execute(values).map(drop)
}

/// Deletes the name and the folder that wait for a server which no longer has the feed.
pub(super) fn forget_edits(db: &Connection, feed: FeedId) -> rusqlite::Result<()> {
    let kinds = [FeedChange::Rename(String::new()).kind(), FeedChange::Move(None).kind()];
    let sql = "DELETE FROM feed_outbox WHERE feed = ?1 AND kind IN (?2, ?3)";
    db.prepare_cached(sql)?.execute(params![feed.0, kinds[0], kinds[1]]).map(drop)
}

/// Deletes all changes of a feed.
pub(super) fn forget_feed(db: &Connection, feed: FeedId) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM feed_outbox WHERE feed = ?1")?.execute([feed.0]).map(drop)
}

/// Deletes all changes of the feeds of an account.
pub(super) fn forget_account(db: &Connection, account: AccountId) -> rusqlite::Result<()> {
    let sql = "DELETE FROM feed_outbox
               WHERE feed IN (SELECT feed FROM account_feeds WHERE account = ?1)";
    db.execute(sql, [account.0]).map(drop)
}

impl ReadConnection {
    /// Lists the changes of subscriptions that the server of an account has not been told yet, in the
    /// order of the feeds. Those that a newer version has stored are left out.
    pub fn list_unsent_feed_changes(
        &self,
        account: AccountId,
    ) -> Result<Vec<UnsentFeedChange>, StoreError> {
        let sql = "SELECT o.feed, coalesce(feeds.name, feeds.title), iif(f.listed, f.remote, NULL),
                   f.url, f.folder, o.kind, o.value FROM feed_outbox o
                   JOIN account_feeds f ON f.feed = o.feed JOIN feeds ON feeds.id = o.feed
                   WHERE f.account = ?1 ORDER BY o.feed";
        let read_row = |row: &Row<'_>| -> rusqlite::Result<Option<UnsentFeedChange>> {
            let value = lossy_optional_text(row, 6)?;
            let Some(change) = FeedChange::from_stored(&lossy_text(row, 5)?, value) else {
                return Ok(None);
            };
            Ok(Some(UnsentFeedChange {
                feed: FeedId(row.get(0)?),
                name: lossy_text(row, 1)?,
                remote: row.get(2)?,
                url: row.get(3)?,
                folder: lossy_optional_text(row, 4)?,
                change,
            }))
        };
        let read = || -> rusqlite::Result<Vec<UnsentFeedChange>> {
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map([account.0], read_row)?.filter_map(Result::transpose).collect()
        };
        read().map_err(StoreError::during("read what waits for the server"))
    }
}

impl WriteConnection {
    /// Notes that the server is about to be told of a change, so that it may have heard even without an
    /// answer.
    pub fn note_feed_change_tried(&mut self, change: &UnsentFeedChange) -> Result<(), StoreError> {
        let sql = "UPDATE feed_outbox SET tries = tries + 1 WHERE feed = ?1 AND kind = ?2";
        let values = params![change.feed.0, change.change.kind()];
        let written = self.db.execute(sql, values);
        written.map(drop).map_err(StoreError::during("note what the server is told"))
    }
}
