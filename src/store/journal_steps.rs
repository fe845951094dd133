//! Steps through the journal: undo and redo.

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    StoreError, WriteConnection,
    applied_change::applied_change,
    dropped_entries,
    journal::{apply_in_transaction, is_no_op, parse_change, refresh_groups_of_read},
    outbox, preferences,
    readable_rows::lossy_text,
    shared_marks,
    write_transaction::WriteTransaction,
};
use crate::model::{AppliedChange, Change, ChangeId, EntryId};

impl WriteConnection {
    /// Undoes the last change that is not undone; `None` if there is none. See
    /// [`WriteConnection::undo_last`].
    pub fn undo(&mut self) -> Result<Option<AppliedChange>, StoreError> {
        Ok(self.undo_last(1)?.into_iter().next())
    }

    /// Undoes the last changes that are not undone, the last one first, in one transaction. Returns
    /// fewer than `count` if there are no more, and at the end a [`Change::Dropped`] with the number of
    /// articles that could not be put back, because they were dropped from the trash. A change of such
    /// articles alone is passed over, and stays as it is. So are the read marks of articles that were
    /// opened, and the marks that a sync brought, as long as there is a change that the user meant to
    /// make.
    pub fn undo_last(&mut self, count: usize) -> Result<Vec<AppliedChange>, StoreError> {
        self.step_journal(JournalStep::Undo, |db| {
            let meant = step_in_transaction(db, JournalStep::UndoMeant, count, None)?;
            if meant.iter().any(is_step) {
                return Ok(meant);
            }
            step_in_transaction(db, JournalStep::Undo, count, None)
        })
    }

    /// Redoes the change that was undone last; `None` if there is none.
    pub fn redo(&mut self) -> Result<Option<AppliedChange>, StoreError> {
        Ok(self.redo_next()?.into_iter().next())
    }

    /// Redoes the change that was undone last, as [`WriteConnection::undo_last`] undoes one.
    pub fn redo_next(&mut self) -> Result<Vec<AppliedChange>, StoreError> {
        let step = JournalStep::Redo;
        self.step_journal(step, |db| step_in_transaction(db, step, 1, None))
    }

    /// Undoes every change back to `last`, that one included, in one transaction: `count` changes in
    /// all. With another number of changes, the journal is not what the user saw: nothing is undone,
    /// and none is returned.
    pub fn undo_back_to(
        &mut self,
        last: ChangeId,
        count: usize,
    ) -> Result<Vec<AppliedChange>, StoreError> {
        self.step_journal(JournalStep::Undo, |db| step_exactly(db, JournalStep::Undo, last, count))
    }

    /// Redoes every change up to `last`, as [`WriteConnection::undo_back_to`] undoes them.
    pub fn redo_up_to(
        &mut self,
        last: ChangeId,
        count: usize,
    ) -> Result<Vec<AppliedChange>, StoreError> {
        self.step_journal(JournalStep::Redo, |db| step_exactly(db, JournalStep::Redo, last, count))
    }

    /// Runs `work` in a transaction, which is kept if any change was applied.
    fn step_journal(
        &mut self,
        step: JournalStep,
        work: impl FnOnce(&Connection) -> rusqlite::Result<Vec<AppliedChange>>,
    ) -> Result<Vec<AppliedChange>, StoreError> {
        let run = || -> rusqlite::Result<Vec<AppliedChange>> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let applied = work(&transaction)?;
            if !applied.is_empty() {
                self.rule_file.commit_with(transaction, &applied)?;
            }
            Ok(applied)
        };
        run().map_err(StoreError::during(match step {
            JournalStep::Undo | JournalStep::UndoMeant => "undo the change",
            JournalStep::Redo => "redo the change",
        }))
    }
}

/// The direction of a step through the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JournalStep {
    Undo,
    /// Undo what the user meant to do: not the read marks of articles that were opened, nor what a sync
    /// brought.
    UndoMeant,
    Redo,
}

impl JournalStep {
    /// Finds the change that this step concerns next, after a step on the change `from`, and the time at
    /// which it was made.
    fn find_next(
        self,
        db: &Connection,
        from: Option<ChangeId>,
    ) -> rusqlite::Result<Option<(ChangeId, i64, String)>> {
        let (sql, from) = match self {
            JournalStep::UndoMeant => (
                "SELECT id, at, change FROM journal WHERE undone = 0 AND id < ?1
                 AND actor NOT IN ('opening', 'sync') ORDER BY id DESC LIMIT 1",
                from.map_or(i64::MAX, |from| from.0),
            ),
            JournalStep::Undo => (
                "SELECT id, at, change FROM journal WHERE undone = 0 AND id < ?1 ORDER BY id DESC LIMIT 1",
                from.map_or(i64::MAX, |from| from.0),
            ),
            JournalStep::Redo => (
                "SELECT id, at, change FROM journal WHERE undone = 1 AND id > ?1 ORDER BY id LIMIT 1",
                from.map_or(0, |from| from.0),
            ),
        };
        let mut statement = db.prepare_cached(sql)?;
        let read_row =
            |row: &rusqlite::Row<'_>| Ok((ChangeId(row.get(0)?), row.get(1)?, lossy_text(row, 2)?));
        statement.query_row([from], read_row).optional()
    }

    /// Returns whether a change is one of those up to `last`.
    fn includes(self, change: ChangeId, last: Option<ChangeId>) -> bool {
        last.is_none_or(|last| match self {
            JournalStep::Undo | JournalStep::UndoMeant => change >= last,
            JournalStep::Redo => change <= last,
        })
    }
}

/// Undoes or redoes changes, at most `limit` and none beyond `last`. A change that this version
/// cannot read, or whose articles were dropped, is skipped: it stays as it is.
fn step_in_transaction(
    db: &Connection,
    step: JournalStep,
    limit: usize,
    last: Option<ChangeId>,
) -> rusqlite::Result<Vec<AppliedChange>> {
    let (mut applied, mut dropped, mut from) = (Vec::new(), Vec::new(), None);
    while applied.len() < limit {
        let Some((id, at, json)) = step.find_next(db, from)? else { break };
        if !step.includes(id, last) {
            break;
        }
        from = Some(id);
        let Some(recorded) = parse_change(&json) else { continue };
        if matches!(recorded, Change::Dropped { .. }) {
            continue;
        }
        let is_undo = step != JournalStep::Redo;
        let change = if is_undo { recorded.inverse() } else { recorded };
        let dropped_before = dropped.len();
        let change = without_dropped(db, change, &mut dropped)?;
        if dropped.len() > dropped_before && is_no_op(&change) {
            continue;
        }
        let change = shared_marks::with_later_copies(db, change, at)?;
        let mut update = db.prepare_cached("UPDATE journal SET undone = ?2 WHERE id = ?1")?;
        update.execute(params![id.0, is_undo])?;
        let effective = apply_in_transaction(db, change.clone())?;
        outbox::note_change(db, &effective)?;
        refresh_groups_of_read(db, &change)?;
        preferences::bump_generation(db)?;
        applied.push(applied_change(db, change)?);
    }
    dropped.sort_unstable();
    dropped.dedup();
    if !dropped.is_empty() {
        let change = Change::Dropped { count: dropped.len() };
        applied.push(AppliedChange { change, title: None, copies: 0 });
    }
    Ok(applied)
}

/// Moves the entries of a change that were dropped from the trash to `dropped`: they are gone.
fn without_dropped(
    db: &Connection,
    mut change: Change,
    dropped: &mut Vec<EntryId>,
) -> rusqlite::Result<Change> {
    match &mut change {
        Change::Read { ids, .. } | Change::Starred { ids, .. } | Change::Tagged { ids, .. } => {
            dropped_entries::retain_kept(db, ids, dropped)?;
        }
        Change::Many(changes) => {
            for part in changes {
                *part = without_dropped(db, part.clone(), dropped)?;
            }
        }
        _ => {}
    }
    Ok(change)
}

/// Returns whether this is a change that was undone or redone, and not what could not be put back.
fn is_step(done: &AppliedChange) -> bool {
    !matches!(done.change, Change::Dropped { .. })
}

/// Undoes or redoes all changes up to `last` if they are `count`, and none otherwise.
fn step_exactly(
    db: &Connection,
    step: JournalStep,
    last: ChangeId,
    count: usize,
) -> rusqlite::Result<Vec<AppliedChange>> {
    // One more than expected, so that too many are noticed without undoing all of them.
    let applied = step_in_transaction(db, step, count.saturating_add(1), Some(last))?;
    let is_as_expected = applied.iter().filter(|done| is_step(done)).count() == count;
    Ok(if is_as_expected { applied } else { Vec::new() })
}
