//! Copies: the articles that several feeds have brought, each one row in lists.
//!
//! Entries with one key are a group, of which one entry, the first, stands for the article; `copy_of` of
//! the others is its id. Start with [`refresh_groups`], which chooses the first; marks of a group are in
//! `shared_marks.rs`.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    column_values::json_ids,
    copy_map::load_copies,
    dropped_entries::DropState,
    readable_rows::{lossy_optional_text, lossy_text},
    state_pages::{self, StateBit},
};
use crate::{
    model::{EntryId, FeedId},
    text::copy_key,
};

/// Maximum number of entries with one key, so that an arrival costs the same in any library. A URL that
/// more entries have is that of no article.
pub(super) const MAX_GROUP_SIZE: usize = 64;

/// Kinds of feeds whose articles are at URLs, as a list for SQL. Those of folders have keys of their own.
pub(super) const KINDS_WITH_URLS: &str = "('web', 'program', 'saved', 'synced')";

/// The key of an entry, as it is stored.
pub(super) fn stored_copy_key(link: Option<&str>, guid: &str) -> Option<i64> {
    copy_key(link, guid).map(u64::cast_signed)
}

/// An entry with a key that others may have.
#[expect(clippy::struct_excessive_bools, reason = "the columns of a row")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GroupMember {
    pub(super) id: EntryId,
    feed: FeedId,
    copy_of: Option<EntryId>,
    is_unlisted: bool,
    pub(super) is_read: bool,
    pub(super) is_starred: bool,
    drop_state: DropState,
    /// The user has unsubscribed from the feed, which may come back.
    is_unsubscribed: bool,
    pub(super) is_muted: bool,
}

/// The entries with one key.
pub(super) struct CopyGroup {
    members: Vec<GroupMember>,
}

impl CopyGroup {
    /// Loads the entries with a key; none if there are too many.
    fn load(db: &Connection, key: i64) -> rusqlite::Result<CopyGroup> {
        let sql = "SELECT e.id, e.feed, e.copy_of, e.unlisted <> 0, e.read, e.starred,
                   e.dropped, f.gone, f.muted
                   FROM entries e JOIN feeds f ON f.id = e.feed
                   WHERE e.copy_key = ?1 ORDER BY e.id LIMIT ?2";
        let limit = MAX_GROUP_SIZE + 1;
        let mut statement = db.prepare_cached(sql)?;
        let members = statement.query_map(params![key, limit], member_from_row)?;
        Ok(CopyGroup { members: members.collect::<rusqlite::Result<_>>()? })
    }

    /// Returns the entries that are one article: of feeds that have the key once. Those of feeds that the
    /// user has unsubscribed from are among them, so that they have its marks when they come back.
    fn article(&self) -> Vec<GroupMember> {
        self.entries_of_their_feed(|member| member.drop_state == DropState::Kept)
    }

    /// Returns the entries that were dropped from the trash, of other feeds than `member`, which have had
    /// the key once.
    pub(super) fn dropped_copies(&self, member: &GroupMember) -> Vec<GroupMember> {
        let mut entries = self.entries_of_their_feed(|_| true);
        entries.retain(|other| other.drop_state == DropState::Removed && other.feed != member.feed);
        entries
    }

    /// Returns the entries of a kind that are the only one of that kind in their feeds; none of a group
    /// that is too large.
    fn entries_of_their_feed(&self, is_of_kind: impl Fn(&GroupMember) -> bool) -> Vec<GroupMember> {
        if self.members.len() > MAX_GROUP_SIZE {
            return Vec::new();
        }
        let entries: Vec<GroupMember> =
            self.members.iter().filter(|member| is_of_kind(member)).copied().collect();
        let count = |feed: FeedId| entries.iter().filter(|other| other.feed == feed).count();
        entries.iter().filter(|member| count(member.feed) == 1).copied().collect()
    }

    /// Returns the entry `id` and the others of its article; `None` if it is no part of one.
    pub(super) fn split_article(&self, id: EntryId) -> Option<(GroupMember, Vec<GroupMember>)> {
        let (own, others): (Vec<_>, Vec<_>) =
            self.article().into_iter().partition(|member| member.id == id);
        own.first().map(|own| (*own, others))
    }

    /// Returns, for each entry whose `copy_of` is outdated, the value that it should have.
    fn outdated(&self) -> Vec<(EntryId, Option<EntryId>)> {
        let article = self.article();
        let first = find_first(&article).map(|first| first.id);
        let wanted = |member: &GroupMember| {
            first.filter(|first| *first != member.id && article.contains(member))
        };
        let outdated = self.members.iter().filter(|member| member.copy_of != wanted(member));
        outdated.map(|member| (member.id, wanted(member))).collect()
    }
}

fn member_from_row(row: &Row<'_>) -> rusqlite::Result<GroupMember> {
    Ok(GroupMember {
        id: EntryId(row.get(0)?),
        feed: FeedId(row.get(1)?),
        copy_of: row.get::<_, Option<i64>>(2)?.map(EntryId),
        is_unlisted: row.get(3)?,
        is_read: row.get(4)?,
        is_starred: row.get(5)?,
        drop_state: DropState::from_column(row.get(6)?),
        is_unsubscribed: row.get(7)?,
        is_muted: row.get(8)?,
    })
}

/// Returns the entry that stands for an article: the one that was stored first. A listed and unread one
/// comes before: a rule, or a muted feed, hides the article of one feed only. One of an unsubscribed feed
/// stands for no other than its like.
pub(super) fn find_first(article: &[GroupMember]) -> Option<&GroupMember> {
    article.iter().min_by_key(|member| {
        (member.is_unsubscribed, member.is_unlisted, member.is_read, member.id)
    })
}

/// Loads the group of a key that another entry than `id` has; `None` if the key is its own.
pub(super) fn load_group_of_new(
    db: &Connection,
    id: EntryId,
    key: i64,
) -> rusqlite::Result<Option<CopyGroup>> {
    let sql = "SELECT EXISTS (SELECT 1 FROM entries WHERE copy_key = ?1 AND id <> ?2)";
    let is_shared = db.prepare_cached(sql)?.query_row([key, id.0], |row| row.get(0))?;
    if is_shared { CopyGroup::load(db, key).map(Some) } else { Ok(None) }
}

/// Chooses the first of each group anew, within the transaction that changed the group.
pub(super) fn refresh_groups(
    db: &Connection,
    keys: impl IntoIterator<Item = i64>,
) -> rusqlite::Result<()> {
    let (mut folded, mut unfolded) = (Vec::new(), Vec::new());
    let mut update = db.prepare_cached("UPDATE entries SET copy_of = ?2 WHERE id = ?1")?;
    for key in keys {
        for (id, copy_of) in CopyGroup::load(db, key)?.outdated() {
            update.execute(params![id.0, copy_of.map(|first| first.0)])?;
            if copy_of.is_some() { folded.push(id) } else { unfolded.push(id) }
        }
    }
    for (mut ids, is_copy) in [(folded, true), (unfolded, false)] {
        ids.sort_unstable();
        state_pages::write_bits(db, &ids, StateBit::Copy, is_copy)?;
    }
    Ok(())
}

/// Makes an entry whose key has changed no copy: the group of the new key, if there is one, may make it
/// one again.
pub(super) fn leave_group(db: &Connection, id: EntryId) -> rusqlite::Result<()> {
    let sql = "UPDATE entries SET copy_of = NULL WHERE id = ?1 AND copy_of IS NOT NULL";
    if db.prepare_cached(sql)?.execute([id.0])? > 0 {
        state_pages::write_bits(db, &[id], StateBit::Copy, false)?;
    }
    Ok(())
}

/// Chooses the first anew in the groups of `ids`.
pub(super) fn refresh_groups_of(db: &Connection, ids: &[EntryId]) -> rusqlite::Result<()> {
    if !has_copies(db)? {
        return Ok(());
    }
    let mut find = db.prepare_cached("SELECT copy_key FROM entries WHERE id = ?1")?;
    let mut keys = BTreeSet::new();
    for id in members_of_groups(db, ids)? {
        keys.extend(find.query_row([id.0], |row| row.get::<_, Option<i64>>(0))?);
    }
    refresh_groups(db, keys)
}

/// Chooses the first anew in the groups that a feed has a part in, because it was subscribed or
/// unsubscribed.
pub(super) fn refresh_groups_of_feed(db: &Connection, feed: FeedId) -> rusqlite::Result<()> {
    let sql = "SELECT DISTINCT copy_key FROM entries e WHERE feed = ?1 AND copy_key IS NOT NULL
               AND EXISTS (SELECT 1 FROM entries o WHERE o.copy_key = e.copy_key AND o.id <> e.id)";
    let keys: Vec<i64> =
        db.prepare(sql)?.query_map([feed.0], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    refresh_groups(db, keys)
}

/// Fills the keys of a library from a version without them.
pub(super) fn fill_copy_keys(db: &Connection) -> rusqlite::Result<()> {
    let sql = format!(
        "SELECT id, link, guid FROM entries WHERE dropped = 0
         AND feed IN (SELECT id FROM feeds WHERE kind IN {KINDS_WITH_URLS})"
    );
    let mut statement = db.prepare(&sql)?;
    let keys = statement.query_map([], |row| {
        let key = stored_copy_key(lossy_optional_text(row, 1)?.as_deref(), &lossy_text(row, 2)?);
        Ok((row.get::<_, i64>(0)?, key))
    })?;
    // Sixteen bytes for each entry: a table is not changed while it is read.
    let keys: Vec<(i64, Option<i64>)> = keys.collect::<rusqlite::Result<_>>()?;
    // Digests are in no order: sorting them at the end is cheaper than inserting each into an index.
    db.execute_batch("DROP INDEX entries_by_copy_key")?;
    let mut update = db.prepare("UPDATE entries SET copy_key = ?2 WHERE id = ?1")?;
    for (id, key) in keys.into_iter().filter(|(_, key)| key.is_some()) {
        update.execute(params![id, key])?;
    }
    db.execute_batch(
        "CREATE INDEX entries_by_copy_key ON entries (copy_key) WHERE copy_key IS NOT NULL",
    )
}

/// Finds all copies anew; for a library that is migrated from a version without them, or that was
/// salvaged.
pub(super) fn rebuild_copies(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("UPDATE entries SET copy_of = NULL WHERE copy_of IS NOT NULL")?;
    let sql = "SELECT copy_key FROM entries WHERE copy_key IS NOT NULL
               GROUP BY copy_key HAVING count(*) > 1";
    let keys: Vec<i64> =
        db.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    refresh_groups(db, keys)
}

fn has_copies(db: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM entries WHERE copy_of IS NOT NULL)";
    db.prepare_cached(sql)?.query_row([], |row| row.get(0))
}

/// Number of entries from which on reading all copies is cheaper than looking for those of each.
const MANY_ENTRIES: usize = 512;

/// Returns every entry of the groups that `ids` are in, these included; none of an entry that is alone.
pub(super) fn members_of_groups(
    db: &Connection,
    ids: &[EntryId],
) -> rusqlite::Result<BTreeSet<EntryId>> {
    if !has_copies(db)? {
        return Ok(BTreeSet::new());
    }
    if ids.len() >= MANY_ENTRIES {
        let copies = load_copies(db)?;
        let firsts: HashSet<EntryId> = ids.iter().map(|id| copies.first_of(*id)).collect();
        let in_groups = copies.iter().filter(|(_, first)| firsts.contains(first));
        return Ok(in_groups.flat_map(|(copy, first)| [copy, first]).collect());
    }
    let mut list_copies = db.prepare_cached("SELECT id FROM entries WHERE copy_of = ?1")?;
    let mut members = BTreeSet::new();
    for first in firsts_of(db, ids)? {
        let copies = list_copies.query_map([first.0], |row| row.get(0).map(EntryId))?;
        let copies: Vec<EntryId> = copies.collect::<rusqlite::Result<_>>()?;
        if !copies.is_empty() {
            members.extend(copies);
            members.insert(first);
        }
    }
    Ok(members)
}

/// Returns the other subscribed feeds that have brought the articles of those of `ids` that are in a group,
/// in the order in which they did.
pub(super) fn list_other_feeds(
    db: &Connection,
    ids: &[EntryId],
) -> rusqlite::Result<BTreeMap<EntryId, Vec<FeedId>>> {
    let mut feeds: BTreeMap<EntryId, Vec<FeedId>> = BTreeMap::new();
    if !has_copies(db)? {
        return Ok(feeds);
    }
    // CROSS JOIN keeps SQLite from going through all entries.
    let sql = "WITH asked AS (SELECT e.id, coalesce(e.copy_of, e.id) AS first
                   FROM json_each(?1) AS ids CROSS JOIN entries e ON e.id = ids.value),
               others AS (
                   SELECT asked.id AS asked, e.id, e.feed
                   FROM asked CROSS JOIN entries e ON e.copy_of = asked.first AND e.id <> asked.id
                   UNION ALL SELECT asked.id, e.id, e.feed
                   FROM asked CROSS JOIN entries e ON e.id = asked.first AND e.id <> asked.id)
               SELECT asked, f.id FROM others CROSS JOIN feeds f ON f.id = others.feed AND NOT f.gone
               ORDER BY others.id";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([json_ids(ids)])?;
    while let Some(row) = rows.next()? {
        feeds.entry(EntryId(row.get(0)?)).or_default().push(FeedId(row.get(1)?));
    }
    Ok(feeds)
}

/// Returns the first entries of the groups of `ids`; an entry that is alone is its own.
pub(super) fn firsts_of(db: &Connection, ids: &[EntryId]) -> rusqlite::Result<BTreeSet<EntryId>> {
    if !has_copies(db)? {
        return Ok(ids.iter().copied().collect());
    }
    if ids.len() >= MANY_ENTRIES {
        let copies = load_copies(db)?;
        return Ok(ids.iter().map(|id| copies.first_of(*id)).collect());
    }
    let mut find = db.prepare_cached("SELECT copy_of FROM entries WHERE id = ?1")?;
    let first_of = |id: &EntryId| -> rusqlite::Result<EntryId> {
        let copy_of = find.query_row([id.0], |row| row.get::<_, Option<i64>>(0)).optional()?;
        Ok(copy_of.flatten().map_or(*id, EntryId))
    };
    ids.iter().map(first_of).collect()
}
