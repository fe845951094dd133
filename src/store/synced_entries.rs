//! The articles of accounts: storing those that their servers send, and the marks that they have there.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    EntryUpsert, IngestOutcome, ReadConnection, StoreError, WriteConnection,
    applied_change::applied_change,
    column_values::json_ids,
    copies,
    entry_writer::upsert_by_feed,
    journal,
    journal_rows::record_change,
    label_outbox, outbox, preferences, rule_acts, shared_marks,
    state_pages::{self, StateBit},
    tags,
    write_transaction::WriteTransaction,
};
use crate::model::{
    AccountId, Actor, Change, EntryId, EntryState, FeedId, RemoteId, RemoteMark, TagMark, TagName,
    WantedLabel, WantedMark,
};

/// Articles that the server of an account has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedArticles {
    /// The account.
    pub account: AccountId,
    /// New and changed articles of each feed. Their guids are the ids that the server gave them.
    pub upserts: Vec<(FeedId, Vec<EntryUpsert>)>,
    /// Every article that was sent, changed or not.
    pub items: Vec<SyncedItem>,
}

/// An article that a server has sent, with the marks that it has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedItem {
    /// The id.
    pub id: RemoteId,
    /// The feed.
    pub feed: FeedId,
    /// The article is read there.
    pub is_read: bool,
    /// The article is starred there.
    pub is_starred: bool,
}

/// An article of an account as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredItem {
    /// The id.
    pub id: RemoteId,
    /// The article is read.
    pub is_read: bool,
    /// The article is starred.
    pub is_starred: bool,
    /// The user is subscribed to its feed, here and on the server.
    pub is_subscribed: bool,
}

impl ReadConnection {
    /// Lists all articles of an account. Their states come from the bitmaps: to look 25,000 entries up took
    /// longer than to read their ids.
    pub fn list_account_items(&self, account: AccountId) -> Result<Vec<StoredItem>, StoreError> {
        let states = self.load_state_bitmaps()?;
        let read = || -> rusqlite::Result<Vec<StoredItem>> {
            let unsubscribed = self.list_unsubscribed_entries()?;
            let sql = "SELECT remote, entry FROM remote_items WHERE account = ?1";
            let mut statement = self.db.prepare_cached(sql)?;
            let items = statement.query_map([account.0], |row| {
                let (id, entry) = (RemoteId(row.get(0)?), row.get(1)?);
                let EntryState { read: is_read, starred: is_starred, .. } = states.get(entry);
                let is_subscribed = !unsubscribed.contains(&entry);
                Ok(StoredItem { id, is_read, is_starred, is_subscribed })
            })?;
            items.collect()
        };
        read().map_err(StoreError::during("list the articles of the account"))
    }

    /// Lists the entries of the feeds to which the user is not subscribed, here or on their servers.
    fn list_unsubscribed_entries(&self) -> rusqlite::Result<HashSet<i64>> {
        let sql = "SELECT e.id FROM feeds f LEFT JOIN account_feeds a ON a.feed = f.id
                   CROSS JOIN entries e ON e.feed = f.id
                   WHERE f.gone <> 0 OR a.listed = 0";
        let mut statement = self.db.prepare_cached(sql)?;
        statement.query_map([], |row| row.get(0))?.collect()
    }

    /// Lists the articles of an account whose texts are not in the library, because it was restored
    /// from a backup.
    pub fn list_absent_items(&self, account: AccountId) -> Result<Vec<RemoteId>, StoreError> {
        let sql = "SELECT remote FROM bodies b INDEXED BY bodies_absent
                   CROSS JOIN remote_items r ON r.entry = b.entry
                   WHERE b.format = 'absent' AND r.account = ?1";
        let read = || -> rusqlite::Result<Vec<RemoteId>> {
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map([account.0], |row| row.get(0).map(RemoteId))?.collect()
        };
        read().map_err(StoreError::during("list the articles without a text"))
    }
}

impl ReadConnection {
    /// Returns whether an article is one of a server under an id that counts.
    pub fn is_linked_entry(&self, entry: EntryId) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM remote_items WHERE entry = ?1)";
        let found = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row([entry.0], |row| row.get(0)));
        found.map_err(StoreError::during("look for the article on the server"))
    }
}

impl WriteConnection {
    /// Stores articles of an account in one transaction. New ones get the marks that they have on the
    /// server; of known ones, only the content is updated.
    pub fn store_synced_articles(
        &mut self,
        articles: &SyncedArticles,
        now: DateTime<Utc>,
    ) -> Result<IngestOutcome, StoreError> {
        let mut run = || -> rusqlite::Result<IngestOutcome> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let (mut counts, acts) = upsert_by_feed(&transaction, &articles.upserts, now)?;
            let has_new = link_items(&transaction, articles, now)?;
            // After the ids are known, so that what rules do is sent to the server.
            counts.acts = rule_acts::apply_acts(&transaction, &acts, now)?;
            if has_new || counts != IngestOutcome::default() {
                preferences::bump_generation(&transaction)?;
            }
            transaction.commit()?;
            Ok(counts)
        };
        run().map_err(StoreError::during("store the articles"))
    }

    /// Gives articles of an account the marks that they have on its server, as one change in the journal
    /// for each kind. What waits in the outbox is left alone: the user's own act wins. Returns the
    /// number of marks that have changed, those of copies left out.
    pub fn apply_synced_marks(
        &mut self,
        account: AccountId,
        marks: &[WantedMark],
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let mut run = || -> rusqlite::Result<usize> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let mut free = Vec::with_capacity(marks.len());
            for mark in marks {
                if !outbox::is_waiting(&transaction, account, &mark.item, mark.mark)? {
                    free.push(mark);
                }
            }
            let changes = changes_of_marks(&transaction, account, free)?;
            let count = apply_changes(&transaction, changes.into_iter(), now)?;
            transaction.commit()?;
            Ok(count)
        };
        run().map_err(StoreError::during("store the marks of the server"))
    }

    /// Deletes marks of the outbox that the server of an account has already. Those of `by_others` are
    /// recorded as the work of a sync, although the entries have them: an undo of what the user did
    /// must not take from the server what it has from others.
    pub fn settle_known_marks(
        &mut self,
        account: AccountId,
        known: &[WantedMark],
        by_others: &[WantedMark],
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            outbox::delete_marks(&transaction, account, known)?;
            for change in changes_of_marks(&transaction, account, by_others.iter())? {
                let change = shared_marks::with_copies(&transaction, change)?;
                record_change(&transaction, &Actor::Sync, &change, now)?;
            }
            transaction.commit()
        };
        run().map_err(StoreError::during("note what the server knows"))
    }
}

impl WriteConnection {
    /// Puts the tags of a server's labels on articles, and takes others off, as a change in the journal.
    /// What the user has changed since the sync asked counts more. Returns the number of articles that
    /// have changed.
    pub fn apply_synced_labels(
        &mut self,
        account: AccountId,
        labels: &[WantedLabel],
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let mut run = || -> rusqlite::Result<usize> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let mut by_tag: BTreeMap<(TagName, bool), Vec<EntryId>> = BTreeMap::new();
            for WantedLabel { item, tag, wanted } in labels {
                if !label_outbox::is_waiting(&transaction, account, item, tag)?
                    && let Some(entry) = find_entry(&transaction, account, item)?
                    && (!wanted || tags::room(&transaction, entry)? > 0)
                {
                    by_tag.entry((tag.clone(), *wanted)).or_default().push(entry);
                }
            }
            let changes = by_tag.into_iter().map(|((tag, wanted), ids)| {
                Change::set_tag(&ids, tag, if wanted { TagMark::On } else { TagMark::Off })
            });
            let count = apply_changes(&transaction, changes, now)?;
            transaction.commit()?;
            Ok(count)
        };
        run().map_err(StoreError::during("store the labels of the server"))
    }
}

/// Returns marks of articles of an account as changes, one of each kind. Articles that are not stored are
/// left out.
fn changes_of_marks<'m>(
    db: &Connection,
    account: AccountId,
    marks: impl IntoIterator<Item = &'m WantedMark>,
) -> rusqlite::Result<Vec<Change>> {
    let mut by_kind: BTreeMap<(RemoteMark, bool), Vec<EntryId>> = BTreeMap::new();
    for WantedMark { item, mark, wanted } in marks {
        if let Some(entry) = find_entry(db, account, item)? {
            by_kind.entry((*mark, *wanted)).or_default().push(entry);
        }
    }
    let to_change = |((mark, wanted), ids): ((RemoteMark, bool), Vec<EntryId>)| match mark {
        RemoteMark::Read => Change::set_read(&ids, wanted),
        RemoteMark::Starred => Change::set_starred(&ids, wanted),
    };
    Ok(by_kind.into_iter().map(to_change).collect())
}

/// Applies what a sync brings within the caller's transaction, each as a change in the journal. Returns the
/// number of articles that have changed.
fn apply_changes(
    db: &Connection,
    changes: impl Iterator<Item = Change>,
    now: DateTime<Utc>,
) -> rusqlite::Result<usize> {
    let mut count = 0;
    for change in changes {
        let applied = journal::apply_sync_change(db, change, now)?;
        count += applied_change(db, applied)?.changed_entry_count();
    }
    if count > 0 {
        preferences::bump_generation(db)?;
    }
    Ok(count)
}

fn find_entry(
    db: &Connection,
    account: AccountId,
    item: &RemoteId,
) -> rusqlite::Result<Option<EntryId>> {
    let sql = "SELECT entry FROM remote_items WHERE account = ?1 AND remote = ?2";
    let values = params![account.0, item.as_str()];
    db.prepare_cached(sql)?.query_row(values, |row| row.get(0).map(EntryId)).optional()
}

/// Notes the ids of articles, and gives those that are new the marks that they have on the server.
/// Returns whether there are new ones.
fn link_items(
    db: &Connection,
    articles: &SyncedArticles,
    now: DateTime<Utc>,
) -> rusqlite::Result<bool> {
    let (mut new, mut read, mut starred) = (Vec::new(), Vec::new(), Vec::new());
    let (mut read_here, mut starred_here) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    let sql = "SELECT id, read, starred FROM entries WHERE feed = ?1 AND guid = ?2
               AND NOT EXISTS (SELECT 1 FROM remote_items WHERE account = ?3 AND remote = ?2)";
    let mut find = db.prepare_cached(sql)?;
    for item in &articles.items {
        let values = params![item.feed.0, item.id.as_str(), articles.account.0];
        let read_row = |row: &Row<'_>| {
            Ok((EntryId(row.get(0)?), row.get::<_, bool>(1)?, row.get::<_, bool>(2)?))
        };
        let unlinked = find.query_row(values, read_row).optional()?;
        let Some((entry, is_read, is_starred)) = unlinked else { continue };
        if !seen.insert(item.id.as_str()) {
            continue;
        }
        new.push(entry);
        read.extend((item.is_read && !is_read).then_some(entry));
        read_here.extend((!item.is_read && is_read).then_some(entry));
        starred.extend((item.is_starred && !is_starred).then_some(entry));
        starred_here.extend((!item.is_starred && is_starred).then_some(entry));
    }
    if new.is_empty() {
        return Ok(false);
    }
    insert_remote_ids(db, articles.account, &new)?;
    label_outbox::note_tags_of_entries(db, &new)?;
    set_first_marks(db, &read, RemoteMark::Read)?;
    set_first_marks(db, &starred, RemoteMark::Starred)?;
    mark_copies(db, Change::set_read(&read, true), now)?;
    mark_copies(db, Change::set_starred(&starred, true), now)?;
    // In a muted feed, new articles are read; a copy has the marks of the article that was there before.
    outbox::note_marks(db, &read_here, RemoteMark::Read, true)?;
    outbox::note_marks(db, &starred_here, RemoteMark::Starred, true)?;
    Ok(true)
}

/// Stores the ids of the server, which are the guids of their entries: in one statement, because each keeps a copy
/// of the pages that the trigger which counts changes writes.
fn insert_remote_ids(
    db: &Connection,
    account: AccountId,
    entries: &[EntryId],
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO remote_items (account, remote, entry)
               SELECT ?1, guid, id FROM entries WHERE id IN (SELECT value FROM json_each(?2))";
    db.prepare_cached(sql)?.execute(params![account.0, json_ids(entries)]).map(drop)
}

/// Gives the copies of new articles the marks that those have on the server.
fn mark_copies(db: &Connection, change: Change, now: DateTime<Utc>) -> rusqlite::Result<()> {
    if !copies::members_of_groups(db, change.entry_ids())?.is_empty() {
        journal::apply_sync_change(db, change, now)?;
    }
    Ok(())
}

/// Gives new articles a mark. It is how they arrive, and no change that can be undone.
fn set_first_marks(db: &Connection, ids: &[EntryId], mark: RemoteMark) -> rusqlite::Result<()> {
    let (sql, bit) = match mark {
        RemoteMark::Read => ("UPDATE entries SET read = 1 WHERE id = ?1", StateBit::Read),
        RemoteMark::Starred => ("UPDATE entries SET starred = 1 WHERE id = ?1", StateBit::Starred),
    };
    for id in ids {
        db.prepare_cached(sql)?.execute([id.0])?;
    }
    state_pages::write_bits(db, ids, bit, true)
}
