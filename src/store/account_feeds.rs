//! The feeds of accounts, as their servers list them.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    ReadConnection, StoreError, WriteConnection, account_feed_links, feed_outbox, feeds, journal,
    preferences, readable_rows::lossy_text, write_transaction::WriteTransaction,
};
use crate::model::{
    Account, AccountId, Change, FeedChange, FeedId, RemoteFeed, folder_in_account, folder_on_server,
};

/// A feed of an account that its server lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFeed {
    /// The server's id of the feed.
    pub remote: String,
    /// The feed.
    pub feed: FeedId,
    /// The URL of the feed document.
    pub url: Option<String>,
    /// The folder on the server.
    pub folder: Option<String>,
}

impl ReadConnection {
    /// Lists the feeds of an account that its server listed at the last sync.
    pub fn list_account_feeds(&self, account: AccountId) -> Result<Vec<AccountFeed>, StoreError> {
        let sql =
            "SELECT remote, feed, url, folder FROM account_feeds WHERE account = ?1 AND listed = 1";
        let read = || -> rusqlite::Result<Vec<AccountFeed>> {
            let mut statement = self.db.prepare_cached(sql)?;
            let feeds = statement.query_map([account.0], |row| {
                Ok(AccountFeed {
                    remote: row.get(0)?,
                    feed: FeedId(row.get(1)?),
                    url: row.get(2)?,
                    folder: row.get(3)?,
                })
            })?;
            feeds.collect()
        };
        read().map_err(StoreError::during("list the feeds of the account"))
    }
}

impl WriteConnection {
    /// Stores the subscriptions that the server of an account lists: new ones are added, and feeds that
    /// it no longer lists are unsubscribed from, as a change that can be undone. Names and folders that
    /// the server is still to be told stay. Returns whether anything has changed.
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

/// Adds or updates one feed; returns whether anything has changed that lists show.
fn store_account_feed(
    db: &Connection,
    account: &Account,
    feed: &RemoteFeed,
) -> rusqlite::Result<bool> {
    let known = find_known(db, account.id, &feed.id)?;
    if let Some(known) = known {
        if !known.is_of_other_feed(feed) {
            return update_account_feed(db, account, &known, feed);
        }
        let former = format!("former:{}:{}", known.feed, feed.id);
        account_feed_links::set_remote_id(db, account.id, known.feed, &former)?;
    }
    let id = find_or_insert(db, account.id, feed)?;
    account_feed_links::link_feed(db, account, id, feed)?;
    if let Some(known) = find_known(db, account.id, &feed.id)? {
        move_to_folder(db, account, id, feed)?;
        update_account_feed(db, account, &known, feed)?;
    }
    Ok(true)
}

/// Finds the feed here that a server lists under a new id, or inserts one.
fn find_or_insert(
    db: &Connection,
    account: AccountId,
    feed: &RemoteFeed,
) -> rusqlite::Result<FeedId> {
    if let Some(url) = &feed.url
        && let Some(unlisted) = account_feed_links::find_unlisted(db, account, url)?
    {
        return Ok(unlisted);
    }
    let names = (feed.title.as_str(), feed.url.as_deref());
    account_feed_links::insert_feed(db, account, &feed.id, names)
}

/// A feed of an account as the server listed it last.
struct KnownFeed {
    feed: FeedId,
    url: Option<String>,
    title: Option<String>,
    folder: Option<String>,
    was_listed: bool,
}

impl KnownFeed {
    /// Returns whether the server gave the id of this feed to another one meanwhile.
    fn is_of_other_feed(&self, feed: &RemoteFeed) -> bool {
        !self.was_listed && self.url.is_some() && feed.url.is_some() && self.url != feed.url
    }
}

fn find_known(
    db: &Connection,
    account: AccountId,
    remote: &str,
) -> rusqlite::Result<Option<KnownFeed>> {
    let sql = "SELECT feed, url, title, folder, listed FROM account_feeds
               WHERE account = ?1 AND remote = ?2";
    let read_row = |row: &Row<'_>| {
        Ok(KnownFeed {
            feed: FeedId(row.get(0)?),
            url: row.get(1)?,
            title: row.get(2)?,
            folder: row.get(3)?,
            was_listed: row.get(4)?,
        })
    };
    db.prepare_cached(sql)?.query_row(params![account.0, remote], read_row).optional()
}

/// Updates a feed as the server lists it now, except for what the server is still to be told. Returns
/// whether anything has changed.
fn update_account_feed(
    db: &Connection,
    account: &Account,
    known: &KnownFeed,
    feed: &RemoteFeed,
) -> rusqlite::Result<bool> {
    let id = known.feed;
    let mut has_changed = update_title(db, known, feed)?;
    let sql = "UPDATE feeds SET site = ?2 WHERE id = ?1 AND site IS NOT ?2";
    has_changed |= db.prepare_cached(sql)?.execute(params![id.0, feed.site_url])? > 0;
    if known.folder != feed.folder {
        has_changed |= move_to_folder(db, account, id, feed)?;
    }
    if !known.was_listed {
        account_feed_links::link_feed(db, account, id, feed)?;
        has_changed = true;
    }
    feed_outbox::delete(db, id, &FeedChange::Subscribe)?;
    let sql = "UPDATE account_feeds SET url = ?2, folder = ?3, title = ?4 WHERE feed = ?1
               AND (url IS NOT ?2 OR folder IS NOT ?3 OR title IS NOT ?4)";
    let values = params![id.0, feed.url, feed.folder, feed.title];
    has_changed |= db.prepare_cached(sql)?.execute(values)? > 0;
    Ok(has_changed)
}

/// Gives a feed the title that it has on the server. If it was changed there, that is its name; otherwise
/// the name that the user gave it stays.
fn update_title(db: &Connection, known: &KnownFeed, feed: &RemoteFeed) -> rusqlite::Result<bool> {
    let (id, title) = (known.feed, &feed.title);
    let sql = match &known.title {
        None => "UPDATE feeds SET title = ?2 WHERE id = ?1 AND title <> ?2",
        Some(_) if feed_outbox::is_unsent(db, id, &FeedChange::Rename(String::new()))? => {
            return Ok(false);
        }
        Some(before) if before == title => {
            "UPDATE feeds SET title = ?2 WHERE id = ?1 AND title <> ?2 AND name IS NULL"
        }
        Some(_) => {
            "UPDATE feeds SET title = ?2, name = NULL
             WHERE id = ?1 AND (title <> ?2 OR name IS NOT NULL)"
        }
    };
    Ok(db.prepare_cached(sql)?.execute(params![id.0, title])? > 0)
}

/// Moves a feed to the folder in which it is on the server, unless the server is to be told of another.
fn move_to_folder(
    db: &Connection,
    account: &Account,
    id: FeedId,
    feed: &RemoteFeed,
) -> rusqlite::Result<bool> {
    if feed_outbox::is_unsent(db, id, &FeedChange::Move(None))? {
        return Ok(false);
    }
    let folder = folder_in_account(&account.name, feed.folder.as_deref());
    let sql = "UPDATE feeds SET folder = ?2 WHERE id = ?1 AND folder IS NOT ?2";
    Ok(db.prepare_cached(sql)?.execute(params![id.0, folder])? > 0)
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
            // One that the server is to be told of is waited for.
            let waits = feed_outbox::is_unsent(db, feed, &FeedChange::Subscribe)?;
            if !waits {
                feed_outbox::forget_edits(db, feed)?;
            }
            gone.extend((!is_gone && !waits).then_some(feed));
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
/// an earlier version let the user move elsewhere stay there.
pub(super) fn rename_folders(
    db: &Connection,
    account: &Account,
    name: &str,
) -> rusqlite::Result<()> {
    let sql = "SELECT feed, feeds.folder FROM account_feeds JOIN feeds ON id = feed
               WHERE account = ?1 AND feeds.folder IS NOT NULL";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([account.id.0], |row| Ok((row.get(0)?, lossy_text(row, 1)?)))?;
    let feeds: rusqlite::Result<Vec<(i64, String)>> = rows.collect();
    for (feed, before) in feeds? {
        let folder = folder_on_server(&account.name, Some(&before));
        if folder_in_account(&account.name, folder) == before {
            let sql = "UPDATE feeds SET folder = ?2 WHERE id = ?1";
            db.prepare_cached(sql)?.execute(params![feed, folder_in_account(name, folder)])?;
        }
    }
    Ok(())
}
