//! Feeds and subscriptions: listing, counting, adding, editing.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    ReadConnection, StoreError, WriteConnection, column_values, copies,
    feed_credentials::split_credentials,
    readable_rows::{collect_readable, lossy_optional_text, lossy_text},
    write_transaction::WriteTransaction,
};
use crate::model::{
    AccountId, Feed, FeedAccount, FeedDefinition, FeedHealth, FeedId, FeedKind, FeedListing,
    FeedNetwork, FeedRefreshState, REDIRECTS_BEFORE_MOVE, SkippedTimes, Subscription,
};
use crate::text::redact_user_info;

/// The columns that [`feed_from_row`] reads, in order.
const FEED_COLUMNS: &str = "id, kind, coalesce((SELECT url FROM account_feeds WHERE feed = feeds.id), url), title, folder, total - unlisted, unread - unlisted_unread, failing, name, site, tags, every, paused, muted, \
    fetch, checked, next, not_before, last_new, failures, stopped, network, \
    (SELECT account FROM account_feeds WHERE feed = feeds.id), \
    (SELECT a.name FROM account_feeds JOIN accounts a ON a.id = account WHERE feed = feeds.id), \
    (SELECT CASE WHEN f.listed THEN 'listed' WHEN EXISTS (SELECT 1 FROM feed_outbox o WHERE o.feed = f.feed AND o.kind = 'subscribe') THEN 'waiting' END FROM account_feeds f WHERE f.feed = feeds.id), \
    publisher_next, skips";

impl ReadConnection {
    /// Lists the ids of unsubscribed feeds. Their entries stay stored but are not listed.
    pub fn list_unsubscribed_feed_ids(&self) -> Result<Vec<FeedId>, StoreError> {
        let read = || -> rusqlite::Result<Vec<FeedId>> {
            let mut statement = self.db.prepare_cached("SELECT id FROM feeds WHERE gone")?;
            statement.query_map([], |row| row.get(0).map(FeedId))?.collect()
        };
        read().map_err(StoreError::during("read the unsubscribed feeds"))
    }

    /// Lists the subscribed feeds, sorted by folder and name; feeds without a folder come last.
    /// [`ReadConnection::count_damaged_feeds`] counts those that are damaged.
    pub fn list_feeds(&self) -> Result<Vec<Feed>, StoreError> {
        let sql = format!(
            "SELECT {FEED_COLUMNS} FROM feeds WHERE gone = 0 ORDER BY folder IS NULL, folder, lower(coalesce(name, title)), id"
        );
        let read = || -> rusqlite::Result<Vec<Feed>> {
            let mut statement = self.db.prepare_cached(&sql)?;
            collect_readable(statement.query_map([], feed_from_row)?)
        };
        read().map_err(StoreError::during("list the feeds"))
    }

    /// Counts the feeds whose rows can be read, unsubscribed ones included.
    pub(super) fn count_readable_feeds(&self) -> Result<usize, StoreError> {
        let sql = format!("SELECT {FEED_COLUMNS} FROM feeds NOT INDEXED");
        let read = || -> rusqlite::Result<usize> {
            let mut statement = self.db.prepare_cached(&sql)?;
            let feeds: Vec<Feed> = collect_readable(statement.query_map([], feed_from_row)?)?;
            Ok(feeds.len())
        };
        read().map_err(StoreError::during("count the feeds"))
    }

    /// Lists the feeds of an account that its server lists, also those that the user has unsubscribed
    /// from here.
    pub fn list_feeds_of_account(&self, account: AccountId) -> Result<Vec<Feed>, StoreError> {
        let sql = format!(
            "SELECT {FEED_COLUMNS} FROM feeds
             WHERE id IN (SELECT feed FROM account_feeds WHERE account = ?1 AND listed = 1)"
        );
        let read = || -> rusqlite::Result<Vec<Feed>> {
            let mut statement = self.db.prepare_cached(&sql)?;
            collect_readable(statement.query_map([account.0], feed_from_row)?)
        };
        read().map_err(StoreError::during("list the feeds of the account"))
    }

    /// Counts the starred entries of all subscribed feeds, without the unlisted ones.
    pub fn count_starred(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(starred - unlisted_starred), 0) FROM feeds WHERE gone = 0";
        let count = self.db.query_row(sql, [], |row| row.get(0));
        count.map_err(StoreError::during("count the starred articles"))
    }

    /// Counts the unread entries of subscribed feeds that were published at `day_start` or later,
    /// in seconds since 1970, without the unlisted ones.
    pub fn count_unread_since(&self, day_start: i64) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM entries WHERE published >= ?1 AND read = 0 AND unlisted = 0
                   AND feed NOT IN (SELECT id FROM feeds WHERE gone)";
        let count = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row([day_start], |row| row.get(0)));
        count.map_err(StoreError::during("count today's articles"))
    }

    /// Returns true if a feed has this URL, whether it is subscribed or not.
    pub fn has_feed_url(&self, url: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM feeds WHERE url = ?1)";
        let found = self.db.query_row(sql, [url], |row| row.get(0));
        found.map_err(StoreError::during("look for the feed"))
    }

    /// Returns whether no feed was ever added to this library. Unsubscribed feeds count as added.
    pub fn is_new_library(&self) -> Result<bool, StoreError> {
        let is_new =
            self.db.query_row("SELECT NOT EXISTS (SELECT 1 FROM feeds)", [], |row| row.get(0));
        is_new.map_err(StoreError::during("be read"))
    }
}

/// Reads a feed from a row of [`FEED_COLUMNS`]. Damaged letters are replaced: an article without its
/// feed, or a feed that is missing in an export, is a greater loss.
fn feed_from_row(row: &Row<'_>) -> rusqlite::Result<Feed> {
    let kind = lossy_text(row, 1)?;
    Ok(Feed {
        id: FeedId(row.get(0)?),
        kind: column_values::parse_feed_kind(&kind),
        url: lossy_text(row, 2)?,
        title: lossy_text(row, 3)?,
        site_url: lossy_optional_text(row, 9)?,
        subscription: subscription_from_row(row)?,
        entry_count: row.get(5)?,
        unread_count: row.get(6)?,
        health: lossy_optional_text(row, 7)?.map_or(FeedHealth::Healthy, FeedHealth::Failing),
        refresh_state: refresh_state_from_row(row)?,
        network: column_values::parse_network(lossy_optional_text(row, 21)?),
        account: account_from_row(row)?,
    })
}

/// Reads the account of a feed from a row of [`FEED_COLUMNS`].
fn account_from_row(row: &Row<'_>) -> rusqlite::Result<Option<FeedAccount>> {
    let Some((id, name)) = row.get::<_, Option<i64>>(22)?.zip(lossy_optional_text(row, 23)?) else {
        return Ok(None);
    };
    let listing = match lossy_optional_text(row, 24)?.as_deref() {
        Some("listed") => FeedListing::Listed,
        Some(_) => FeedListing::Waiting,
        None => FeedListing::Unlisted,
    };
    Ok(Some(FeedAccount { id: AccountId(id), name, listing }))
}

/// Reads a subscription from a row of [`FEED_COLUMNS`]. Fetch options that this version cannot
/// read, because a newer one wrote them, become the defaults.
fn subscription_from_row(row: &Row<'_>) -> rusqlite::Result<Subscription> {
    let tags = lossy_text(row, 10)?;
    let fetch = lossy_text(row, 14)?;
    Ok(Subscription {
        name: lossy_optional_text(row, 8)?,
        folder: lossy_optional_text(row, 4)?,
        tags: tags.split(TAG_SEPARATOR).filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
        refresh_minutes: row.get(11)?,
        paused: row.get(12)?,
        muted: row.get(13)?,
        fetch: serde_json::from_str(&fetch).unwrap_or_default(),
    })
}

/// Loads the subscription of a feed; `None` if there is no such feed.
pub(super) fn load_subscription(
    db: &Connection,
    feed: FeedId,
) -> rusqlite::Result<Option<Subscription>> {
    let sql = format!("SELECT {FEED_COLUMNS} FROM feeds WHERE id = ?1");
    db.prepare_cached(&sql)?.query_row([feed.0], subscription_from_row).optional()
}

/// Reads a refresh state from a row of [`FEED_COLUMNS`].
fn refresh_state_from_row(row: &Row<'_>) -> rusqlite::Result<FeedRefreshState> {
    Ok(FeedRefreshState {
        last_checked: column_values::time_from_seconds(row.get(15)?),
        next_check: column_values::time_from_seconds(row.get(16)?),
        not_before: column_values::time_from_seconds(row.get(17)?),
        publisher_next: column_values::time_from_seconds(row.get(25)?),
        skipped: SkippedTimes::from_bits(row.get(26)?),
        last_new_entry: column_values::time_from_seconds(row.get(18)?),
        consecutive_failures: row.get(19)?,
        stopped: row.get(20)?,
    })
}

/// Separator of the tags of a feed in the `tags` column; no tag contains a line feed.
const TAG_SEPARATOR: char = '\n';

/// Writes the subscription of a feed.
pub(super) fn write_subscription(
    db: &Connection,
    feed: FeedId,
    subscription: &Subscription,
) -> rusqlite::Result<usize> {
    let sql =
        "UPDATE feeds SET name = ?2, folder = ?3, tags = ?4, every = ?5, paused = ?6, muted = ?7, fetch = ?8
               WHERE id = ?1";
    let fetch = serde_json::to_string(&subscription.fetch).expect("strings serialize to JSON");
    let tags = subscription.tags.join(&TAG_SEPARATOR.to_string());
    let values = params![
        feed.0,
        subscription.name,
        subscription.folder,
        tags,
        subscription.refresh_minutes,
        subscription.paused,
        subscription.muted,
        fetch
    ];
    db.prepare_cached(sql)?.execute(values)
}

/// Writes the URL, the network and the subscription of a feed. What the server of another URL said is
/// forgotten, so that the feed is due and its whole document is requested.
pub(super) fn write_definition(
    db: &Connection,
    feed: FeedId,
    definition: &FeedDefinition,
) -> rusqlite::Result<()> {
    let FeedDefinition { url, network, subscription } = definition;
    let sql = "UPDATE feeds SET url = ?2, network = ?3, etag = NULL, last_modified = NULL,
               digest = NULL, moved = NULL, moved_times = 0, failing = NULL, failures = 0,
               stopped = 0, not_before = NULL, next = NULL, publisher_next = NULL, skips = 0
               WHERE id = ?1 AND url <> ?2";
    let network = column_values::network_value(network);
    db.prepare_cached(sql)?.execute(params![feed.0, url, network])?;
    write_subscription(db, feed, subscription).map(drop)
}

/// Sets the URL of a feed, unless another feed has it. Returns the number of changed rows.
///
/// Notes `from` as a URL to which the feed is not moved by itself: after an undo, the publisher goes
/// on naming it.
pub(super) fn move_feed(
    db: &Connection,
    feed: FeedId,
    from: &str,
    to: &str,
) -> rusqlite::Result<usize> {
    let sql = "UPDATE OR IGNORE feeds SET url = ?2, moved = ?3, moved_times = ?4 WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![feed.0, to, from, REDIRECTS_BEFORE_MOVE])
}

/// Subscribes to a feed again; returns false if it is subscribed.
pub(super) fn subscribe_again(db: &Connection, feed: FeedId) -> rusqlite::Result<bool> {
    let sql = "UPDATE feeds SET gone = 0 WHERE id = ?1 AND gone = 1";
    let was_unsubscribed = db.prepare_cached(sql)?.execute([feed.0])? > 0;
    if was_unsubscribed {
        copies::refresh_groups_of_feed(db, feed)?;
    }
    Ok(was_unsubscribed)
}

/// A feed that was added, or found by its URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddedFeed {
    /// The feed.
    pub feed: FeedId,
    /// True if the feed is new or was subscribed again.
    pub is_new: bool,
}

/// Inserts a feed, or finds the one that has this URL; an unsubscribed feed is subscribed again.
fn insert_feed(
    db: &Connection,
    kind: FeedKind,
    url: &str,
    title: &str,
) -> rusqlite::Result<AddedFeed> {
    let sql = "SELECT id FROM feeds WHERE url = ?1";
    let existing: Option<i64> = db.query_row(sql, [url], |row| row.get(0)).optional()?;
    if let Some(id) = existing {
        let feed = FeedId(id);
        return Ok(AddedFeed { feed, is_new: subscribe_again(db, feed)? });
    }
    let sql = "INSERT INTO feeds (kind, url, title) VALUES (?1, ?2, ?3)";
    db.execute(sql, params![column_values::feed_kind_name(kind), url, title])?;
    Ok(AddedFeed { feed: FeedId(db.last_insert_rowid()), is_new: true })
}

impl WriteConnection {
    /// Adds a feed, or finds the one that has this URL; an unsubscribed feed is subscribed again.
    pub fn add_feed(
        &mut self,
        kind: FeedKind,
        url: &str,
        title: &str,
    ) -> Result<AddedFeed, StoreError> {
        insert_feed(&self.db, kind, url, title).map_err(StoreError::during("add the feed"))
    }

    /// Adds a feed with the given subscription in one transaction, or finds the one that has this
    /// URL; the subscription of a feed that is subscribed already stays as it is. A user name and
    /// password in `url` become part of the subscription.
    pub fn subscribe(
        &mut self,
        kind: FeedKind,
        url: &str,
        title: &str,
        subscription: &Subscription,
    ) -> Result<AddedFeed, StoreError> {
        let (url, fetch) = split_credentials(url, &subscription.fetch);
        let subscription = Subscription { fetch, ..subscription.clone() };
        let mut run = || -> rusqlite::Result<AddedFeed> {
            // A feed without its subscription would be taken for subscribed ever after.
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let added = insert_feed(&transaction, kind, &url, &redact_user_info(title))?;
            if added.is_new {
                write_subscription(&transaction, added.feed, &subscription)?;
            }
            transaction.commit()?;
            Ok(added)
        };
        run().map_err(StoreError::during("add the feed"))
    }

    /// Returns the name of another feed that has this URL, and whether it is subscribed.
    pub fn other_feed_at(
        &self,
        url: &str,
        feed: FeedId,
    ) -> Result<Option<(String, bool)>, StoreError> {
        let sql = "SELECT coalesce(name, title), gone = 0 FROM feeds WHERE url = ?1 AND id <> ?2";
        let found = self
            .db
            .query_row(sql, params![url, feed.0], |row| Ok((lossy_text(row, 0)?, row.get(1)?)));
        found.optional().map_err(StoreError::during("look for the feed"))
    }

    /// Stores the network in which a feed was found.
    pub fn set_feed_network(
        &mut self,
        feed: FeedId,
        network: &FeedNetwork,
    ) -> Result<(), StoreError> {
        let value = column_values::network_value(network);
        let sql = "UPDATE feeds SET network = ?2 WHERE id = ?1";
        let written = self.db.execute(sql, params![feed.0, value]);
        written.map(drop).map_err(StoreError::during("save the state of the feed"))
    }

    /// Stores the health of a feed.
    pub fn set_feed_health(&mut self, feed: FeedId, health: &FeedHealth) -> Result<(), StoreError> {
        let failing = match health {
            FeedHealth::Healthy => None,
            FeedHealth::Failing(sentence) => Some(sentence),
        };
        let written = self
            .db
            .execute("UPDATE feeds SET failing = ?2 WHERE id = ?1", params![feed.0, failing]);
        written.map(drop).map_err(StoreError::during("save the state of the feed"))
    }

    /// Finds the feed of sample articles; `None` once it is hidden.
    pub fn find_samples_feed(&self) -> Result<Option<FeedId>, StoreError> {
        let sql = "SELECT id FROM feeds WHERE kind = 'samples' AND gone = 0";
        let found = self.db.query_row(sql, [], |row| row.get(0).map(FeedId)).optional();
        found.map_err(StoreError::during("find the sample articles"))
    }
}

/// Notes within the caller's transaction that feeds are unsubscribed since `now`, unless it is known
/// since when.
pub(super) fn note_unsubscribed(db: &Connection, now: DateTime<Utc>) -> rusqlite::Result<usize> {
    let sql = "UPDATE feeds SET gone_since = ?1 WHERE gone AND gone_since IS NULL";
    db.execute(sql, [now.timestamp()])
}
