//! Changes of subscriptions that the server of an account has answered: carried out there, or refused.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    StoreError, WriteConnection, account_feed_links,
    feed_outbox::{self, AccountFeedRow},
    feeds, journal, preferences,
    write_transaction::WriteTransaction,
};
use crate::model::{
    Account, Change, FeedChange, FeedId, RemoteFeed, UnsentFeedChange, folder_in_account,
};

impl WriteConnection {
    /// Notes that the server of an account has carried out a change. It stays in the outbox if the user
    /// has changed it meanwhile.
    pub fn confirm_feed_change(
        &mut self,
        sent: &UnsentFeedChange,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.settle("note what the server knows", |db| confirm(db, sent, now))
    }

    /// Notes that the server of an account is subscribed to `feed`, which it calls `listed`. If another
    /// feed here is that one already, `feed` is no longer needed.
    pub fn link_account_feed(
        &mut self,
        account: &Account,
        feed: FeedId,
        listed: &RemoteFeed,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.settle("note what the server knows", |db| {
            match find_other_feed(db, account, feed, &listed.id)? {
                Some(other) => replace_by(db, feed, other, now),
                None => account_feed_links::link_feed(db, account, feed, listed),
            }
        })
    }

    /// Takes back a change that the server of an account refuses: the feed is as it is there.
    pub fn revert_feed_change(
        &mut self,
        refused: &UnsentFeedChange,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.settle("take back what the server refuses", |db| revert(db, refused, now))
    }

    fn settle(
        &mut self,
        operation: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), StoreError> {
        let run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            work(&transaction)?;
            preferences::bump_generation(&transaction)?;
            transaction.commit()
        };
        run().map_err(StoreError::during(operation))
    }
}

fn confirm(db: &Connection, sent: &UnsentFeedChange, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let feed = sent.feed;
    feed_outbox::delete(db, feed, &sent.change)?;
    match &sent.change {
        FeedChange::Rename(title) => {
            let sql = "UPDATE account_feeds SET title = ?2 WHERE feed = ?1";
            db.execute(sql, params![feed.0, title]).map(drop)
        }
        FeedChange::Move(folder) => {
            let sql = "UPDATE account_feeds SET folder = ?2 WHERE feed = ?1";
            db.execute(sql, params![feed.0, folder]).map(drop)
        }
        FeedChange::Unsubscribe => {
            db.execute("UPDATE account_feeds SET listed = 0 WHERE feed = ?1", [feed.0])?;
            if feed_outbox::is_unsent(db, feed, &FeedChange::Subscribe)? {
                return Ok(());
            }
            feed_outbox::forget_feed(db, feed)?;
            feeds::note_unsubscribed(db, now).map(drop)
        }
        // A feed that the server is subscribed to is linked with its id.
        FeedChange::Subscribe => Ok(()),
    }
}

/// Finds another feed here that is the one that the server calls `remote`.
fn find_other_feed(
    db: &Connection,
    account: &Account,
    feed: FeedId,
    remote: &str,
) -> rusqlite::Result<Option<FeedId>> {
    let sql = "SELECT feed FROM account_feeds WHERE account = ?1 AND remote = ?2 AND feed <> ?3";
    let values = params![account.id.0, remote, feed.0];
    db.query_row(sql, values, |row| row.get(0).map(FeedId)).optional()
}

/// Lets `other` take the place of `feed`, which turned out to be the same one.
fn replace_by(
    db: &Connection,
    feed: FeedId,
    other: FeedId,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let is_wanted = !feed_outbox::is_unsent(db, feed, &FeedChange::Unsubscribe)?;
    feed_outbox::forget_feed(db, feed)?;
    let mut changes = vec![Change::set_unsubscribed(feed, true)];
    if is_wanted && is_unsubscribed(db, other)? {
        changes.push(Change::set_unsubscribed(other, false));
    }
    journal::apply_sync_change(db, Change::Many(changes), now)?;
    feeds::note_unsubscribed(db, now).map(drop)
}

fn is_unsubscribed(db: &Connection, feed: FeedId) -> rusqlite::Result<bool> {
    db.query_row("SELECT gone FROM feeds WHERE id = ?1", [feed.0], |row| row.get(0))
}

fn revert(db: &Connection, refused: &UnsentFeedChange, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let feed = refused.feed;
    feed_outbox::delete(db, feed, &refused.change)?;
    let Some(row) = feed_outbox::find_account_feed(db, feed)? else { return Ok(()) };
    match refused.change {
        FeedChange::Rename(_) => revert_name(db, feed, &row),
        FeedChange::Move(_) => {
            let folder = folder_in_account(&row.account_name, row.folder.as_deref());
            let sql = "UPDATE feeds SET folder = ?2 WHERE id = ?1";
            db.execute(sql, params![feed.0, folder]).map(drop)
        }
        FeedChange::Unsubscribe if !row.is_listed => Ok(()),
        FeedChange::Unsubscribe => {
            journal::apply_sync_change(db, Change::set_unsubscribed(feed, false), now).map(drop)
        }
        FeedChange::Subscribe => {
            feed_outbox::forget_feed(db, feed)?;
            journal::apply_sync_change(db, Change::set_unsubscribed(feed, true), now)?;
            feeds::note_unsubscribed(db, now).map(drop)
        }
    }
}

fn revert_name(db: &Connection, feed: FeedId, row: &AccountFeedRow) -> rusqlite::Result<()> {
    let sql = "UPDATE feeds SET name = NULL, title = coalesce(?2, title) WHERE id = ?1";
    db.execute(sql, params![feed.0, row.title]).map(drop)
}
