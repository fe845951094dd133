//! Steps through the journal: undo and redo.

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    StoreError, WriteConnection,
    applied_change::applied_change,
    apply_change::{apply_in_transaction, is_no_op},
    dropped_entries, feed_outbox,
    journal::{is_lost, refresh_groups_of_read},
    journal_rows::parse_change,
    outbox,
    overtaken::split_overtaken,
    preferences,
    readable_rows::lossy_text,
    rule_acts,
    rule_file::RuleFileDraft,
    shared_marks,
    write_transaction::WriteTransaction,
};
use crate::model::{Actor, AppliedChange, Change, ChangeId, EntryId, JournalSteps};

impl WriteConnection {
    /// Undoes the last change that is not undone; `None` if there is none, or if that is refused. See
    /// [`WriteConnection::undo_last`].
    pub fn undo(&mut self) -> Result<Option<AppliedChange>, StoreError> {
        Ok(self.undo_last(1)?.changes.into_iter().next())
    }

    /// Takes `count` steps back, the last change first, in one transaction; fewer if there are no more.
    ///
    /// The read marks of articles that were opened, and the marks that a sync or a copy brought, are passed
    /// over as long as there is a change that the user meant to make. A change of rules whose lines were edited
    /// since is refused, which is a step; the refusal is recorded, and the next time the change is passed over
    /// unless it can be undone then. So is a change of which a server has changed everything since; of
    /// one of which it has changed a part, that part stays as it is. A change of articles alone that were
    /// dropped from the trash, and their dropping, are refused as well: with the last step, all such changes in
    /// a row are, because none of them can ever be undone.
    pub fn undo_last(&mut self, count: usize) -> Result<JournalSteps, StoreError> {
        self.step_journal(JournalStep::Undo, |stepper| {
            stepper.run(JournalStep::UndoMeant, count, None)?;
            if !stepper.steps.has_effect() {
                stepper.steps = JournalSteps::default();
                stepper.run(JournalStep::Undo, count, None)?;
            }
            Ok(())
        })
    }

    /// Redoes the change that was undone last; `None` if there is none, or if that is refused.
    pub fn redo(&mut self) -> Result<Option<AppliedChange>, StoreError> {
        Ok(self.redo_next()?.changes.into_iter().next())
    }

    /// Redoes the change that was undone last, as [`WriteConnection::undo_last`] undoes one.
    pub fn redo_next(&mut self) -> Result<JournalSteps, StoreError> {
        self.step_journal(JournalStep::Redo, |stepper| stepper.run(JournalStep::Redo, 1, None))
    }

    /// Undoes every change back to `last`, that one included, in one transaction: `count` changes in
    /// all, refused ones among them. Those that were refused before are not tried again, except `last`.
    /// With another number of changes, the journal is not what the user saw: nothing is undone.
    pub fn undo_back_to(
        &mut self,
        last: ChangeId,
        count: usize,
    ) -> Result<JournalSteps, StoreError> {
        self.step_journal(JournalStep::Undo, |stepper| {
            stepper.run_exactly(JournalStep::Undo, last, count)
        })
    }

    /// Redoes every change up to `last`, as [`WriteConnection::undo_back_to`] undoes them.
    pub fn redo_up_to(&mut self, last: ChangeId, count: usize) -> Result<JournalSteps, StoreError> {
        self.step_journal(JournalStep::Redo, |stepper| {
            stepper.run_exactly(JournalStep::Redo, last, count)
        })
    }

    /// Runs `work` in a transaction, which is kept if any step was taken or refused.
    fn step_journal(
        &mut self,
        step: JournalStep,
        work: impl FnOnce(&mut JournalStepper<'_, '_>) -> rusqlite::Result<()>,
    ) -> Result<JournalSteps, StoreError> {
        let run = || -> rusqlite::Result<JournalSteps> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let mut stepper = JournalStepper {
                db: &transaction,
                rules: self.rule_file.begin(),
                steps: JournalSteps::default(),
            };
            work(&mut stepper)?;
            let JournalStepper { rules, steps, .. } = stepper;
            if steps.has_effect() {
                rules.commit(transaction)?;
            }
            Ok(steps)
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
    /// or a copy brought.
    UndoMeant,
    Redo,
}

impl JournalStep {
    /// Finds the change that this step concerns next, after a step on the change `from`.
    fn find_next(
        self,
        db: &Connection,
        from: Option<ChangeId>,
    ) -> rusqlite::Result<Option<JournalRow>> {
        let (condition, from) = match self {
            JournalStep::UndoMeant => (
                "undone = 0 AND id < ?1 AND actor NOT IN ('opening', 'sync', 'copy') ORDER BY id DESC",
                from.map_or(i64::MAX, |from| from.0),
            ),
            JournalStep::Undo => {
                ("undone = 0 AND id < ?1 ORDER BY id DESC", from.map_or(i64::MAX, |from| from.0))
            }
            JournalStep::Redo => {
                ("undone = 1 AND id > ?1 ORDER BY id", from.map_or(0, |from| from.0))
            }
        };
        let sql = format!(
            "SELECT id, at, actor, change, refusal IS NOT NULL FROM journal WHERE {condition} LIMIT 1"
        );
        let mut statement = db.prepare_cached(&sql)?;
        let read_row = |row: &rusqlite::Row<'_>| {
            Ok(JournalRow {
                id: ChangeId(row.get(0)?),
                at: row.get(1)?,
                actor: Actor::from_stored(&lossy_text(row, 2)?),
                json: lossy_text(row, 3)?,
                was_refused: row.get(4)?,
            })
        };
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

/// A row of the journal, as a step finds it.
struct JournalRow {
    id: ChangeId,
    /// Time of the change, in seconds since 1970.
    at: i64,
    actor: Actor,
    json: String,
    /// The last step on the change was refused, and the next one passes over it.
    was_refused: bool,
}

impl JournalRow {
    /// Returns whether no step can be taken on the change, because its articles were dropped.
    fn is_lost(&self, db: &Connection) -> rusqlite::Result<bool> {
        parse_change(&self.json).map_or(Ok(false), |change| is_lost(db, &change))
    }
}

/// Steps through the journal within a transaction.
struct JournalStepper<'t, 's> {
    db: &'t Connection,
    rules: RuleFileDraft<'s>,
    steps: JournalSteps,
}

impl JournalStepper<'_, '_> {
    /// Undoes or redoes changes, at most `limit` and none beyond `last`. A change that this version cannot
    /// read is skipped: it stays as it is. One whose articles were dropped is refused; with `last`, the user
    /// has seen what cannot be undone, and it is skipped.
    fn run(
        &mut self,
        step: JournalStep,
        limit: usize,
        last: Option<ChangeId>,
    ) -> rusqlite::Result<()> {
        let (mut dropped, mut from, mut is_last_lost) = (Vec::new(), None, false);
        while self.steps.count() < limit {
            let Some(row) = step.find_next(self.db, from)? else { break };
            if !step.includes(row.id, last) {
                break;
            }
            from = Some(row.id);
            let is_lost = row.is_lost(self.db)?;
            if is_lost && last.is_none() {
                is_last_lost = self.refuse_lost(&row)?;
                continue;
            }
            is_last_lost = false;
            if !is_lost && row.was_refused && last.is_some_and(|last| last != row.id) {
                self.steps.passed_over += 1;
                continue;
            }
            // The one that the user asks for is tried again, and refused again.
            let was_refused = row.was_refused && last.is_none();
            self.step_on(step, &JournalRow { was_refused, ..row }, &mut dropped)?;
        }
        if is_last_lost {
            self.steps.next = self.refuse_lost_ones_from(step, from)?;
        }
        dropped.sort_unstable();
        dropped.dedup();
        self.steps.dropped = dropped.len();
        Ok(())
    }

    /// Refuses a step on a change that is lost, unless that was said before. Returns whether it was not.
    fn refuse_lost(&mut self, row: &JournalRow) -> rusqlite::Result<bool> {
        if row.was_refused {
            return Ok(false);
        }
        self.note_refusal(row.id, JournalSteps::LOST_REASON)?;
        self.steps.lost += 1;
        Ok(true)
    }

    /// Refuses the lost changes that follow `from` directly, so that the next step passes over them. Returns
    /// the change that it will be about.
    fn refuse_lost_ones_from(
        &mut self,
        step: JournalStep,
        mut from: Option<ChangeId>,
    ) -> rusqlite::Result<Option<AppliedChange>> {
        while let Some(row) = step.find_next(self.db, from)? {
            from = Some(row.id);
            if row.is_lost(self.db)? {
                self.note_refusal(row.id, JournalSteps::LOST_REASON)?;
            } else if let Some(change) = parse_change(&row.json) {
                let change = if step == JournalStep::Redo { change } else { change.inverse() };
                let change = without_dropped(self.db, change, &mut Vec::new())?;
                return applied_change(self.db, change).map(Some);
            }
        }
        Ok(None)
    }

    /// Undoes or redoes all changes up to `last` if they are `count`, and none otherwise.
    fn run_exactly(
        &mut self,
        step: JournalStep,
        last: ChangeId,
        count: usize,
    ) -> rusqlite::Result<()> {
        // One more than expected, so that too many are noticed without undoing all of them.
        self.run(step, count.saturating_add(1), Some(last))?;
        if self.steps.count() != count {
            self.steps = JournalSteps::default();
        }
        Ok(())
    }

    /// Takes a step on a change, or refuses it.
    fn step_on(
        &mut self,
        step: JournalStep,
        row: &JournalRow,
        dropped: &mut Vec<EntryId>,
    ) -> rusqlite::Result<()> {
        let Some(recorded) = parse_change(&row.json) else { return Ok(()) };
        if matches!(recorded, Change::Dropped { .. }) {
            return Ok(());
        }
        let is_undo = step != JournalStep::Redo;
        let change = if is_undo { recorded.inverse() } else { recorded };
        if let Err(problem) = self.rules.apply(&change) {
            if self.refuse(row, &problem)? {
                self.steps.refusals.push(problem);
            }
            return Ok(());
        }
        let dropped_before = dropped.len();
        let change = without_dropped(self.db, change, dropped)?;
        if dropped.len() > dropped_before && is_no_op(&change) {
            return Ok(());
        }
        let (change, overtaken) = split_overtaken(self.db, row.id, change)?;
        if overtaken.len() > 0 && is_no_op(&change) {
            let reason = overtaken.describe();
            if self.refuse(row, &reason)? {
                self.steps.overtaken.push(reason);
            }
            return Ok(());
        }
        self.steps.changed_since += overtaken.len();
        let change = shared_marks::with_later_copies(self.db, change, (row.id, row.at))?;
        let sql = "UPDATE journal SET undone = ?2, refusal = NULL WHERE id = ?1";
        self.db.prepare_cached(sql)?.execute(params![row.id.0, is_undo])?;
        let effective = apply_in_transaction(self.db, change.clone())?;
        outbox::note_change(self.db, &effective)?;
        feed_outbox::note_change(self.db, &effective)?;
        refresh_groups_of_read(self.db, &change)?;
        if let Actor::Rule(name) = &row.actor {
            rule_acts::note_undone(self.db, name, &change, is_undo)?;
        }
        preferences::bump_generation(self.db)?;
        self.steps.changes.push(applied_change(self.db, change)?);
        Ok(())
    }

    /// Records that a step on a change is refused; returns false if it was refused before, so that it is
    /// passed over.
    fn refuse(&mut self, row: &JournalRow, problem: &str) -> rusqlite::Result<bool> {
        if row.was_refused {
            self.steps.passed_over += 1;
        }
        self.note_refusal(row.id, problem)?;
        Ok(!row.was_refused)
    }

    fn note_refusal(&self, change: ChangeId, problem: &str) -> rusqlite::Result<usize> {
        let sql = "UPDATE journal SET refusal = ?2 WHERE id = ?1";
        self.db.prepare_cached(sql)?.execute(params![change.0, problem])
    }
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
