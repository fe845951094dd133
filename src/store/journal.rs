//! The journal: every change that was made, and by whom. Undo and redo step through it
//! (`journal_steps.rs`), across restarts too.
//!
//! Start with [`WriteConnection::apply_change`]. A new change of the user's removes the undone ones.
//! The journal as a list is in `recorded_changes.rs`.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    StoreError, WriteConnection,
    applied_change::applied_change,
    copies, dropped_entries, feeds, outbox, preferences,
    readable_rows::lossy_text,
    shared_marks,
    state_pages::{self, StateBit},
    tags, views,
    write_transaction::WriteTransaction,
};
use crate::model::{
    Actor, AppliedChange, Change, ChangeId, EntryId, FeedId, RuleEdit, TagMark, TagName,
};

impl WriteConnection {
    /// Applies a change of the user's and records it in the journal, in one transaction.
    ///
    /// Entries that already have the requested state are left out of both. A change without effect
    /// is not recorded.
    pub fn apply_change(
        &mut self,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<AppliedChange, StoreError> {
        self.apply_change_by(&Actor::User, change, now)
    }

    /// Applies a change of `actor` and records it in the journal, in one transaction, as
    /// [`WriteConnection::apply_change`] does.
    pub fn apply_change_by(
        &mut self,
        actor: &Actor,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<AppliedChange, StoreError> {
        let mut run = || -> rusqlite::Result<AppliedChange> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let applied = apply_new_change(&transaction, actor, change.clone(), now)?;
            self.rule_file.commit_with(transaction, std::slice::from_ref(&applied))?;
            Ok(applied)
        };
        run().map_err(StoreError::during("save the change"))
    }

    /// Edits rules in their file as one change of the user's, and records it in the journal. If one of
    /// the edits cannot be made, none is.
    ///
    /// # Errors
    ///
    /// Fails if the file is not as the edits expect, or if the file or the library cannot be written.
    pub fn edit_rules(
        &mut self,
        edits: &[RuleEdit],
        now: DateTime<Utc>,
    ) -> Result<AppliedChange, StoreError> {
        let mut run = || -> rusqlite::Result<AppliedChange> {
            // The lock of the library keeps other instances from the file, too.
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let change = self.rule_file.plan_edits(edits)?;
            let applied = apply_new_change(&transaction, &Actor::User, change, now)?;
            self.rule_file.commit_with(transaction, std::slice::from_ref(&applied))?;
            Ok(applied)
        };
        run().map_err(StoreError::during("change the rules"))
    }
}

/// Applies a change of `actor` within the caller's transaction, and records it unless it has no effect.
fn apply_new_change(
    db: &Connection,
    actor: &Actor,
    change: Change,
    now: DateTime<Utc>,
) -> rusqlite::Result<AppliedChange> {
    let change = apply_in_transaction(db, shared_marks::with_copies(db, change)?)?;
    outbox::note_change(db, &change)?;
    if change.affects_feeds() {
        feeds::note_unsubscribed(db, now)?;
    }
    preferences::bump_generation(db)?;
    if !is_no_op(&change) {
        if actor.is_user() {
            forget_undone(db)?;
        }
        record_change(db, actor, &change, now)?;
    }
    applied_change(db, change)
}

/// Moves a feed to another URL within the caller's transaction, as a change that can be undone.
///
/// Changes that the user has undone can still be redone: the move was no action of the user.
pub(super) fn apply_move(
    db: &Connection,
    (feed, to): (FeedId, &str),
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let mut url = db.prepare_cached("SELECT url FROM feeds WHERE id = ?1")?;
    let from = url.query_row([feed.0], |row| row.get::<_, String>(0))?;
    if feeds::move_feed(db, feed, &from, to)? > 0 {
        let change = Change::Moved { feed, from, to: to.to_owned() };
        record_change(db, &Actor::Refresh, &change, now)?;
    }
    Ok(())
}

/// Removes what could be redone, because the user did something else.
pub(super) fn forget_undone(db: &Connection) -> rusqlite::Result<usize> {
    db.execute("DELETE FROM journal WHERE undone = 1", [])
}

/// Applies a change of the rule `name` within the caller's transaction, and records it. What a rule
/// does after the change `after` is one change as long as nobody else does something. Returns the part
/// of the change that had an effect.
pub(super) fn apply_rule_change(
    db: &Connection,
    (name, after): (&str, Option<ChangeId>),
    change: Change,
    now: DateTime<Utc>,
) -> rusqlite::Result<Change> {
    let change = apply_in_transaction(db, shared_marks::with_copies_of_rule(db, change)?)?;
    if is_no_op(&change) {
        return Ok(change);
    }
    refresh_groups_of_read(db, &change)?;
    outbox::note_change(db, &change)?;
    let actor = Actor::Rule(name.to_owned());
    let extended = match after {
        Some(after) => find_change_to_extend(db, &actor, after)?,
        None => None,
    };
    match extended {
        Some((id, recorded)) => {
            let json = serde_json::to_string(&recorded.merge(&change));
            let sql = "UPDATE journal SET change = ?2 WHERE id = ?1";
            db.prepare_cached(sql)?
                .execute(params![id.0, json.expect("a change serializes to JSON")])?;
        }
        None => drop(record_change(db, &actor, &change, now)?),
    }
    Ok(change)
}

/// Applies a change that the server of an account brings within the caller's transaction, to copies of
/// its entries too, and records it. That server knows of its own entries; those of copies are told.
/// Returns the part that had an effect.
pub(super) fn apply_sync_change(
    db: &Connection,
    change: Change,
    now: DateTime<Utc>,
) -> rusqlite::Result<Change> {
    let known = change.all_entry_ids();
    let change = apply_in_transaction(db, shared_marks::with_copies(db, change)?)?;
    if !is_no_op(&change) {
        outbox::note_change_except(db, &change, &known)?;
        refresh_groups_of_read(db, &change)?;
        record_change(db, &Actor::Sync, &change, now)?;
    }
    Ok(change)
}

/// Maximum number of changes among which that of a rule is looked for; a refresh makes one of each.
const MAX_RULE_CHANGES: usize = 500;

/// Returns the change of `actor` after the change `after`, if only rules have made others since.
fn find_change_to_extend(
    db: &Connection,
    actor: &Actor,
    after: ChangeId,
) -> rusqlite::Result<Option<(ChangeId, Change)>> {
    let sql = "SELECT id, undone, actor FROM journal WHERE id > ?1 ORDER BY id DESC LIMIT ?2";
    let mut newest = db.prepare_cached(sql)?;
    let mut rows = newest.query(params![after.0, MAX_RULE_CHANGES])?;
    while let Some(row) = rows.next()? {
        let by = Actor::from_stored(&lossy_text(row, 2)?);
        if row.get(1)? || !matches!(by, Actor::Rule(_)) {
            return Ok(None);
        }
        if by == *actor {
            let id: i64 = row.get(0)?;
            let mut load = db.prepare_cached("SELECT change FROM journal WHERE id = ?1")?;
            let json = load.query_row([id], |row| lossy_text(row, 0))?;
            return Ok(parse_change(&json).map(|change| (ChangeId(id), change)));
        }
    }
    Ok(None)
}

fn record_change(
    db: &Connection,
    actor: &Actor,
    change: &Change,
    now: DateTime<Utc>,
) -> rusqlite::Result<usize> {
    let json = serde_json::to_string(change).expect("a change serializes to JSON");
    let sql = "INSERT INTO journal (at, change, actor) VALUES (?1, ?2, ?3)";
    db.prepare_cached(sql)?.execute(params![now.timestamp(), json, actor.to_stored()])
}

/// Parses the stored form of a change; `None` if a newer version wrote it, or if it is damaged.
pub(super) fn parse_change(json: &str) -> Option<Change> {
    serde_json::from_str(json).ok()
}

/// Finds the first of each group anew after read marks that may not be those of the whole group.
pub(super) fn refresh_groups_of_read(db: &Connection, change: &Change) -> rusqlite::Result<()> {
    let mut ids = Vec::new();
    change.for_each(&mut |part| {
        if let Change::Read { ids: marked, .. } = part {
            ids.extend_from_slice(marked);
        }
    });
    copies::refresh_groups_of(db, &ids)
}

/// Returns whether nothing of a change can be undone or redone, because its articles were dropped.
pub(super) fn is_lost(db: &Connection, change: &Change) -> rusqlite::Result<bool> {
    if matches!(change, Change::Dropped { .. }) {
        return Ok(true);
    }
    let (mut ids, mut has_others) = (Vec::new(), false);
    change.for_each(&mut |part| {
        ids.push(part.entry_ids());
        has_others |= !part.marks_entries();
    });
    if has_others || ids.iter().all(|ids| ids.is_empty()) {
        return Ok(false);
    }
    for ids in ids {
        if dropped_entries::has_kept(db, ids)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Records that the user has dropped articles from the trash since `started`, in the row of the steps
/// before if there are any.
pub(super) fn record_dropped(
    db: &Connection,
    count: usize,
    started: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let sql = "SELECT id, change FROM journal WHERE at = ?1 AND id = (SELECT max(id) FROM journal)";
    let mut newest = db.prepare_cached(sql)?;
    let read_row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, lossy_text(row, 1)?));
    let newest = newest.query_row([started.timestamp()], read_row).optional()?;
    if let Some((id, json)) = newest
        && let Some(Change::Dropped { count: before }) = parse_change(&json)
    {
        let change = Change::Dropped { count: before + count };
        let json = serde_json::to_string(&change).expect("a change serializes to JSON");
        let sql = "UPDATE journal SET change = ?2 WHERE id = ?1";
        return db.prepare_cached(sql)?.execute(params![id, json]).map(drop);
    }
    record_change(db, &Actor::User, &Change::Dropped { count }, started).map(drop)
}

/// Applies a change and returns the part of it that had an effect.
pub(super) fn apply_in_transaction(db: &Connection, change: Change) -> rusqlite::Result<Change> {
    Ok(match change {
        Change::Read { ids, read } => {
            let mut update =
                db.prepare_cached("UPDATE entries SET read = ?2 WHERE id = ?1 AND read <> ?2")?;
            let ids = collect_changed_ids(ids, |id| update.execute(params![id.0, read]))?;
            state_pages::write_bits(db, &ids, StateBit::Read, read)?;
            Change::Read { ids, read }
        }
        Change::Starred { ids, starred } => {
            let mut update = db.prepare_cached(
                "UPDATE entries SET starred = ?2 WHERE id = ?1 AND starred <> ?2",
            )?;
            let ids = collect_changed_ids(ids, |id| update.execute(params![id.0, starred]))?;
            state_pages::write_bits(db, &ids, StateBit::Starred, starred)?;
            Change::Starred { ids, starred }
        }
        Change::Tagged { tag, ids, after, .. } => apply_tag(db, tag, ids, after)?,
        Change::Unsubscribed { feed, unsubscribed } => {
            db.execute("UPDATE feeds SET gone = ?2 WHERE id = ?1", params![feed.0, unsubscribed])?;
            copies::refresh_groups_of_feed(db, feed)?;
            Change::Unsubscribed { feed, unsubscribed }
        }
        Change::Subscription { feed, before, after } => {
            feeds::write_subscription(db, feed, &after)?;
            Change::Subscription { feed, before, after }
        }
        Change::Address { feed, before, after } => {
            feeds::write_definition(db, feed, &after)?;
            Change::Address { feed, before, after }
        }
        Change::Moved { feed, from, to } => {
            feeds::move_feed(db, feed, &from, &to)?;
            Change::Moved { feed, from, to }
        }
        Change::View { before, after } => {
            let (before, after) = views::change_view(db, before, after)?;
            Change::View { before, after }
        }
        Change::SavedFilter { text, saved, at } => {
            let at = if saved {
                views::restore_saved_filter(db, &text, at)?
            } else {
                views::remove_saved_filter(db, &text)?
            };
            Change::SavedFilter { text, saved, at }
        }
        Change::Dropped { count } => Change::Dropped { count },
        // The file of rules is changed before the transaction is committed.
        Change::Rule { before, after } => Change::Rule { before, after },
        Change::Many(changes) => {
            let applied: rusqlite::Result<Vec<Change>> =
                changes.into_iter().map(|change| apply_in_transaction(db, change)).collect();
            Change::Many(applied?)
        }
    })
}

/// Gives entries a mark. Entries that had different marks become changes of their own, so that undo
/// gives each its mark back.
fn apply_tag(
    db: &Connection,
    tag: TagName,
    ids: Vec<EntryId>,
    after: TagMark,
) -> rusqlite::Result<Change> {
    let ids_by_mark = tags::mark_entries(db, &tag, ids, after)?;
    let mut changes: Vec<Change> = ids_by_mark
        .into_iter()
        .map(|(before, ids)| Change::Tagged { tag: tag.clone(), ids, before, after })
        .collect();
    Ok(match changes.len() {
        0 => Change::set_tag(&[], tag, after),
        1 => changes.remove(0),
        _ => Change::Many(changes),
    })
}

/// Calls `update` with each id, in the order of the rows, and returns the ids of which a row changed.
///
/// In the order of a list, which is that of dates, neighbouring updates would change distant pages,
/// more of them than the cache holds: that took twice the time.
fn collect_changed_ids(
    mut ids: Vec<EntryId>,
    mut update: impl FnMut(EntryId) -> rusqlite::Result<usize>,
) -> rusqlite::Result<Vec<EntryId>> {
    ids.sort_unstable();
    let mut changed = Vec::with_capacity(ids.len());
    for id in ids {
        if update(id)? > 0 {
            changed.push(id);
        }
    }
    Ok(changed)
}

/// Returns whether a change has no effect.
pub(super) fn is_no_op(change: &Change) -> bool {
    match change {
        Change::Read { ids, .. } | Change::Starred { ids, .. } | Change::Tagged { ids, .. } => {
            ids.is_empty()
        }
        Change::Subscription { before, after, .. } => before == after,
        Change::Many(changes) => changes.iter().all(is_no_op),
        Change::Address { before, after, .. } => before == after,
        Change::Moved { from, to, .. } => from == to,
        Change::View { before, after } => before == after,
        Change::Rule { before, after } => before == after,
        Change::SavedFilter { at, .. } => at.is_none(),
        Change::Dropped { count } => *count == 0,
        Change::Unsubscribed { .. } => false,
    }
}
