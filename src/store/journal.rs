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
    apply_change::{apply_in_transaction, is_no_op},
    copies, dropped_entries, feed_outbox, feeds,
    journal_rows::{parse_change, record_change},
    outbox, preferences,
    readable_rows::lossy_text,
    shared_marks, unseen_edits,
    write_transaction::WriteTransaction,
};
use crate::model::{Actor, AppliedChange, Change, ChangeId, FeedId, RuleEdit};

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
        self.edit_rules_by(&Actor::User, edits, now)
    }

    /// As [`WriteConnection::edit_rules`], by another actor.
    pub fn edit_rules_by(
        &mut self,
        actor: &Actor,
        edits: &[RuleEdit],
        now: DateTime<Utc>,
    ) -> Result<AppliedChange, StoreError> {
        let mut run = || -> rusqlite::Result<AppliedChange> {
            // The lock of the library keeps other instances from the file, too.
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let change = self.rule_file.plan_edits(edits)?;
            let applied = apply_new_change(&transaction, actor, change, now)?;
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
    let change = shared_marks::with_copies(db, change)?;
    let change = apply_in_transaction(db, unseen_edits::with_seen_edits(db, change)?)?;
    let change = unseen_edits::without_empty_parts(change);
    outbox::note_change(db, &change)?;
    feed_outbox::note_change(db, &change)?;
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

/// Returns the change of `actor` after the change `after`, if only rules and copies have made others
/// since.
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
        if row.get(1)? || !matches!(by, Actor::Rule(_) | Actor::Copy) {
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
        has_others |= !part.marks_entries() && !matches!(part, Change::Imported { .. });
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
