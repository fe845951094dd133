//! Feeds of accounts that their servers do not list yet, and the ids that the servers give them.

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    StoreError, WriteConnection, column_values, feed_outbox,
    feeds::{self, AddedFeed},
    write_transaction::WriteTransaction,
};
use crate::model::{
    Account, AccountId, FeedChange, FeedId, FeedKind, FeedNetwork, RemoteFeed, Subscription,
};

/// The beginning of the id of a feed that its server does not know yet; its URL follows.
const WAITING_PREFIX: &str = "waiting:";

impl WriteConnection {
    /// Adds a feed to an account, whose server is told at the next sync, or finds the feed of the account
    /// that has this URL. The subscription of a feed that is subscribed already stays as it is.
    pub fn subscribe_on_server(
        &mut self,
        account: AccountId,
        (url, title): (&str, &str),
        subscription: &Subscription,
    ) -> Result<AddedFeed, StoreError> {
        let mut run = || -> rusqlite::Result<AddedFeed> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let added = find_or_add(&transaction, account, (url, title))?;
            if added.is_new {
                write_settings(&transaction, added.feed, subscription)?;
            }
            transaction.commit()?;
            Ok(added)
        };
        run().map_err(StoreError::during("add the feed"))
    }
}

/// Writes the settings of a feed that was added, and notes what the server is to be told of them. A feed of
/// before keeps its name and its folder unless others are given.
fn write_settings(
    db: &Connection,
    feed: FeedId,
    subscription: &Subscription,
) -> rusqlite::Result<()> {
    let before = feeds::load_subscription(db, feed)?.unwrap_or_default();
    let after = Subscription {
        name: subscription.name.clone().or_else(|| before.name.clone()),
        folder: subscription.folder.clone().or_else(|| before.folder.clone()),
        ..subscription.clone()
    };
    let after = feed_outbox::within_account(db, feed, after)?;
    feeds::write_subscription(db, feed, &after)?;
    feed_outbox::note_edit(db, feed, &before, &after)
}

/// Finds the feed of an account that has a URL, and subscribes to it again, or adds one that waits for
/// the server.
fn find_or_add(
    db: &Connection,
    account: AccountId,
    (url, title): (&str, &str),
) -> rusqlite::Result<AddedFeed> {
    if let Some(feed) = find_by_url(db, account, url)? {
        return Ok(AddedFeed { feed, is_new: feeds::subscribe_again(db, feed)? });
    }
    let feed = insert_feed(db, account, &format!("{WAITING_PREFIX}{url}"), (title, Some(url)))?;
    db.execute("UPDATE account_feeds SET listed = 0 WHERE feed = ?1", [feed.0])?;
    Ok(AddedFeed { feed, is_new: true })
}

/// Finds the feed of an account that has a URL: a subscribed one, or else one that was.
fn find_by_url(db: &Connection, account: AccountId, url: &str) -> rusqlite::Result<Option<FeedId>> {
    let sql = "SELECT feed FROM account_feeds f JOIN feeds ON id = feed
               WHERE account = ?1 AND f.url = ?2 ORDER BY gone, listed DESC LIMIT 1";
    db.query_row(sql, params![account.0, url], |row| row.get(0).map(FeedId)).optional()
}

/// Finds a feed of an account with this URL that the server does not list: it may get another id when
/// the server subscribes to it again.
pub(super) fn find_unlisted(
    db: &Connection,
    account: AccountId,
    url: &str,
) -> rusqlite::Result<Option<FeedId>> {
    let sql = "SELECT feed FROM account_feeds f JOIN feeds ON id = feed
               WHERE account = ?1 AND f.url = ?2 AND listed = 0 ORDER BY gone, feed DESC LIMIT 1";
    let values = params![account.0, url];
    db.prepare_cached(sql)?.query_row(values, |row| row.get(0).map(FeedId)).optional()
}

/// Inserts a feed of an account.
pub(super) fn insert_feed(
    db: &Connection,
    account: AccountId,
    remote: &str,
    (title, url): (&str, Option<&str>),
) -> rusqlite::Result<FeedId> {
    let sql = "INSERT INTO feeds (kind, url, title, network) VALUES (?1, ?2, ?3, ?4)";
    db.prepare_cached(sql)?.execute(params![
        column_values::feed_kind_name(FeedKind::Synced),
        synced_url(account, remote),
        title,
        // The server named the feed: nothing in it may lead into the private network.
        column_values::network_value(&FeedNetwork::Public),
    ])?;
    let feed = FeedId(db.last_insert_rowid());
    let sql = "INSERT INTO account_feeds (account, remote, feed, url) VALUES (?1, ?2, ?3, ?4)";
    db.prepare_cached(sql)?.execute(params![account.0, remote, feed.0, url])?;
    Ok(feed)
}

/// Returns the made-up URL of a feed of an account: a feed of the user's own may have the real one.
fn synced_url(account: AccountId, remote: &str) -> String {
    format!("sync:{account}:{remote}")
}

/// Notes that the server lists a feed, as `listed`. With another id than before, its articles have
/// other ids as well; those that are here keep their marks.
pub(super) fn link_feed(
    db: &Connection,
    account: &Account,
    feed: FeedId,
    listed: &RemoteFeed,
) -> rusqlite::Result<()> {
    let sql = "SELECT remote FROM account_feeds WHERE feed = ?1";
    let before: String = db.query_row(sql, [feed.0], |row| row.get(0))?;
    if before != listed.id {
        forget_items(db, feed)?;
        set_remote_id(db, account.id, feed, &listed.id)?;
    }
    let sql = "UPDATE account_feeds SET listed = 1, url = coalesce(?2, url) WHERE feed = ?1";
    db.execute(sql, params![feed.0, listed.url])?;
    feed_outbox::delete(db, feed, &FeedChange::Subscribe)?;
    // The user may have unsubscribed while the server was asked.
    if !feed_outbox::is_unsent(db, feed, &FeedChange::Unsubscribe)? {
        feeds::subscribe_again(db, feed)?;
    }
    Ok(())
}

/// Gives a feed another id; what was known under the former one is forgotten.
pub(super) fn set_remote_id(
    db: &Connection,
    account: AccountId,
    feed: FeedId,
    remote: &str,
) -> rusqlite::Result<()> {
    let sql = "UPDATE account_feeds SET remote = ?2, title = NULL, folder = NULL WHERE feed = ?1";
    db.execute(sql, params![feed.0, remote])?;
    let sql = "UPDATE feeds SET url = ?2 WHERE id = ?1";
    db.execute(sql, params![feed.0, synced_url(account, remote)]).map(drop)
}

/// Forgets the server's ids of the articles of a feed, and what was to be said about them.
fn forget_items(db: &Connection, feed: FeedId) -> rusqlite::Result<()> {
    for table in ["outbox", "remote_items"] {
        let sql = format!(
            "DELETE FROM {table} WHERE (account, remote) IN
             (SELECT r.account, r.remote FROM remote_items r JOIN entries e ON e.id = r.entry
              WHERE e.feed = ?1)"
        );
        db.execute(&sql, [feed.0])?;
    }
    Ok(())
}
