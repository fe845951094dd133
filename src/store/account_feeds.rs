//! The feeds of accounts, as their servers list them.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    ReadConnection, StoreError, WriteConnection, column_values, feeds, journal, preferences,
    write_transaction::WriteTransaction,
};
use crate::model::{Account, AccountId, Change, FeedId, FeedKind, FeedNetwork, RemoteFeed};

/// A feed of an account that its server lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFeed {
    /// The server's id of the feed.
    pub remote: String,
    /// The feed.
    pub feed: FeedId,
    /// The URL of the feed document.
    pub url: Option<String>,
}

impl ReadConnection {
    /// Lists the feeds of an account that its server listed at the last sync.
    pub fn list_account_feeds(&self, account: AccountId) -> Result<Vec<AccountFeed>, StoreError> {
        let sql = "SELECT remote, feed, url FROM account_feeds WHERE account = ?1 AND listed = 1";
        let read = || -> rusqlite::Result<Vec<AccountFeed>> {
            let mut statement = self.db.prepare_cached(sql)?;
            let feeds = statement.query_map([account.0], |row| {
                Ok(AccountFeed { remote: row.get(0)?, feed: FeedId(row.get(1)?), url: row.get(2)? })
            })?;
            feeds.collect()
        };
        read().map_err(StoreError::during("list the feeds of the account"))
    }
}

impl WriteConnection {
    /// Stores the subscriptions that the server of an account lists: new ones are added, and feeds that
    /// it no longer lists are unsubscribed from, as a change that can be undone. A folder is changed
    /// only when it has changed on the server, so that the user's own stays. Returns whether anything
    /// has changed.
    pub fn store_account_feeds(
        &mut self,
        account: &Account,
        feeds: &[RemoteFeed],
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let mut run = || -> rusqlite::Result<bool> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let mut has_changed = false;
            for feed in feeds {
                has_changed |= store_account_feed(&transaction, account, feed)?;
            }
            let gone = list_no_longer_listed(&transaction, account.id, feeds)?;
            if !gone.is_empty() {
                journal::apply_sync_change(&transaction, unsubscription(&gone), now)?;
                feeds::note_unsubscribed(&transaction, now)?;
            }
            has_changed |= !gone.is_empty();
            // A sync without news leaves the lists as they are.
            if has_changed {
                preferences::bump_generation(&transaction)?;
            }
            transaction.commit()?;
            Ok(has_changed)
        };
        run().map_err(StoreError::during("store the feeds of the account"))
    }
}

/// Returns the change that unsubscribes from feeds.
pub(super) fn unsubscription(feeds: &[FeedId]) -> Change {
    Change::Many(feeds.iter().map(|feed| Change::set_unsubscribed(*feed, true)).collect())
}

/// Returns the folder of a feed: the account, and within it the folder on the server.
fn folder_in_account(account: &str, folder: Option<&str>) -> String {
    folder.map_or_else(|| account.to_owned(), |folder| format!("{account} / {folder}"))
}

/// Adds or updates one feed; returns whether anything has changed that lists show.
fn store_account_feed(
    db: &Connection,
    account: &Account,
    feed: &RemoteFeed,
) -> rusqlite::Result<bool> {
    let sql = "SELECT feed, folder, listed FROM account_feeds WHERE account = ?1 AND remote = ?2";
    let known: Option<(i64, Option<String>, bool)> = db
        .prepare_cached(sql)?
        .query_row(params![account.id.0, feed.id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let Some((id, folder, was_listed)) = known else {
        return insert_account_feed(db, account, feed).map(|()| true);
    };
    let mut changed = 0;
    let sql =
        "UPDATE feeds SET title = ?2, site = ?3 WHERE id = ?1 AND (title <> ?2 OR site IS NOT ?3)";
    changed += db.prepare_cached(sql)?.execute(params![id, feed.title, feed.site_url])?;
    if folder != feed.folder {
        let folder = folder_in_account(&account.name, feed.folder.as_deref());
        let sql = "UPDATE feeds SET folder = ?2 WHERE id = ?1";
        changed += db.prepare_cached(sql)?.execute(params![id, folder])?;
    }
    if !was_listed {
        let sql = "UPDATE feeds SET gone = 0 WHERE id = ?1";
        changed += db.prepare_cached(sql)?.execute([id])?;
    }
    let sql = "UPDATE account_feeds SET url = ?3, folder = ?4, listed = 1
               WHERE account = ?1 AND remote = ?2
               AND (url IS NOT ?3 OR folder IS NOT ?4 OR listed = 0)";
    let values = params![account.id.0, feed.id, feed.url, feed.folder];
    changed += db.prepare_cached(sql)?.execute(values)?;
    Ok(changed > 0)
}

fn insert_account_feed(
    db: &Connection,
    account: &Account,
    feed: &RemoteFeed,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO feeds (kind, url, title, site, folder, network)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    db.prepare_cached(sql)?.execute(params![
        column_values::feed_kind_name(FeedKind::Synced),
        format!("sync:{}:{}", account.id, feed.id),
        feed.title,
        feed.site_url,
        folder_in_account(&account.name, feed.folder.as_deref()),
        // The server named the feed: nothing in it may lead into the private network.
        column_values::network_value(&FeedNetwork::Public),
    ])?;
    let sql = "INSERT INTO account_feeds (account, remote, feed, url, folder)
               VALUES (?1, ?2, ?3, ?4, ?5)";
    let id = db.last_insert_rowid();
    let values = params![account.id.0, feed.id, id, feed.url, feed.folder];
    db.prepare_cached(sql)?.execute(values).map(drop)
}

/// Notes which feeds the server no longer lists, and returns those that are still subscribed.
fn list_no_longer_listed(
    db: &Connection,
    account: AccountId,
    feeds: &[RemoteFeed],
) -> rusqlite::Result<Vec<FeedId>> {
    let listed: std::collections::HashSet<&str> =
        feeds.iter().map(|feed| feed.id.as_str()).collect();
    let sql = "SELECT remote, feed, gone FROM account_feeds JOIN feeds ON id = feed
               WHERE account = ?1 AND listed = 1";
    let mut statement = db.prepare_cached(sql)?;
    let known = statement.query_map([account.0], |row| {
        Ok((row.get::<_, String>(0)?, FeedId(row.get(1)?), row.get::<_, bool>(2)?))
    })?;
    let known: rusqlite::Result<Vec<_>> = known.collect();
    let mut gone = Vec::new();
    for (remote, feed, is_gone) in known? {
        if !listed.contains(remote.as_str()) {
            let sql = "UPDATE account_feeds SET listed = 0 WHERE account = ?1 AND remote = ?2";
            db.prepare_cached(sql)?.execute(params![account.0, remote])?;
            gone.extend((!is_gone).then_some(feed));
        }
    }
    Ok(gone)
}

/// Lists the feeds of an account to which the user is subscribed.
pub(super) fn list_subscribed(
    db: &Connection,
    account: AccountId,
) -> rusqlite::Result<Vec<FeedId>> {
    let sql =
        "SELECT feed FROM account_feeds JOIN feeds ON id = feed WHERE account = ?1 AND gone = 0";
    let mut statement = db.prepare(sql)?;
    statement.query_map([account.0], |row| row.get(0).map(FeedId))?.collect()
}

/// Moves the feeds of an account from the folders of its present name to those of a new one. Feeds that
/// the user has moved elsewhere stay there.
pub(super) fn rename_folders(
    db: &Connection,
    account: &Account,
    name: &str,
) -> rusqlite::Result<()> {
    let sql = "SELECT feed, folder FROM account_feeds WHERE account = ?1";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([account.id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let feeds: rusqlite::Result<Vec<(i64, Option<String>)>> = rows.collect();
    for (feed, folder) in feeds? {
        let before = folder_in_account(&account.name, folder.as_deref());
        let after = folder_in_account(name, folder.as_deref());
        let sql = "UPDATE feeds SET folder = ?3 WHERE id = ?1 AND folder = ?2";
        db.prepare_cached(sql)?.execute(params![feed, before, after])?;
    }
    Ok(())
}
