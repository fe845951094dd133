//! The journal: every change the user made, which undo and redo walk across restarts.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{StoreError, WriteConnection, feeds, preferences, state_bitmaps};
use crate::model::{AppliedChange, Change};

impl WriteConnection {
    /// Makes a change and writes it into the journal, together. What already was so is left out of both.
    pub fn apply_change(
        &mut self,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<AppliedChange, StoreError> {
        let mut run = || -> rusqlite::Result<AppliedChange> {
            let transaction = self.db.transaction()?;
            let change = apply_in_transaction(&transaction, change.clone())?;
            preferences::bump_generation(&transaction)?;
            if !is_no_op(&change) {
                transaction.execute("DELETE FROM journal WHERE undone = 1", [])?;
                let text = serde_json::to_string(&change).expect("ids and flags are always JSON");
                let sql = "INSERT INTO journal (at, change) VALUES (?1, ?2)";
                transaction.prepare_cached(sql)?.execute(params![now.timestamp(), text])?;
            }
            let title = load_change_title(&transaction, &change)?;
            transaction.commit()?;
            Ok(AppliedChange { change, title })
        };
        run().map_err(StoreError::during("save the change"))
    }

    /// Takes back the last change that has not been; `None` if there is none.
    pub fn undo(&mut self) -> Result<Option<AppliedChange>, StoreError> {
        self.step_journal(
            "SELECT id, change FROM journal WHERE undone = 0 ORDER BY id DESC LIMIT 1",
            JournalStep::Undo,
        )
    }

    /// Makes the last undone change again; `None` if there is none.
    pub fn redo(&mut self) -> Result<Option<AppliedChange>, StoreError> {
        self.step_journal(
            "SELECT id, change FROM journal WHERE undone = 1 ORDER BY id LIMIT 1",
            JournalStep::Redo,
        )
    }

    fn step_journal(
        &mut self,
        sql: &str,
        direction: JournalStep,
    ) -> Result<Option<AppliedChange>, StoreError> {
        let mut run = || -> rusqlite::Result<Option<AppliedChange>> {
            let transaction = self.db.transaction()?;
            let row =
                |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?));
            let Some((id, text)) = transaction.query_row(sql, [], row).optional()? else {
                return Ok(None);
            };
            let undone = direction == JournalStep::Undo;
            transaction
                .execute("UPDATE journal SET undone = ?2 WHERE id = ?1", params![id, undone])?;
            // A line that a later version wrote, and this one cannot read, is passed over.
            let change = serde_json::from_str::<Change>(&text).ok();
            let change = change.map(|change| if undone { change.inverse() } else { change });
            let done = match change {
                Some(change) => {
                    apply_in_transaction(&transaction, change.clone())?;
                    preferences::bump_generation(&transaction)?;
                    Some(AppliedChange { title: load_change_title(&transaction, &change)?, change })
                }
                None => None,
            };
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(StoreError::during("undo"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JournalStep {
    Undo,
    Redo,
}

/// Makes a change; gives back the part of it that was not so before.
fn apply_in_transaction(db: &Connection, change: Change) -> rusqlite::Result<Change> {
    Ok(match change {
        Change::Read { ids, read } => {
            let mut set =
                db.prepare_cached("UPDATE entries SET read = ?2 WHERE id = ?1 AND read <> ?2")?;
            let ids = collect_changed_ids(ids, |id| set.execute(params![id, read]))?;
            state_bitmaps::refresh_bitmaps(db, &ids)?;
            Change::Read { ids, read }
        }
        Change::Starred { ids, starred } => {
            let mut set = db.prepare_cached(
                "UPDATE entries SET starred = ?2 WHERE id = ?1 AND starred <> ?2",
            )?;
            let ids = collect_changed_ids(ids, |id| set.execute(params![id, starred]))?;
            state_bitmaps::refresh_bitmaps(db, &ids)?;
            Change::Starred { ids, starred }
        }
        Change::Unsubscribed { feed, unsubscribed: gone } => {
            db.execute("UPDATE feeds SET gone = ?2 WHERE id = ?1", params![feed, gone])?;
            Change::Unsubscribed { feed, unsubscribed: gone }
        }
        Change::Subscription { feed, before, after } => {
            feeds::write_subscription(db, feed, &after)?;
            Change::Subscription { feed, before, after }
        }
        Change::Many(changes) => {
            let made: rusqlite::Result<Vec<Change>> =
                changes.into_iter().map(|change| apply_in_transaction(db, change)).collect();
            Change::Many(made?)
        }
    })
}

fn collect_changed_ids(
    ids: Vec<i64>,
    mut set: impl FnMut(i64) -> rusqlite::Result<usize>,
) -> rusqlite::Result<Vec<i64>> {
    let mut changed = Vec::with_capacity(ids.len());
    for id in ids {
        if set(id)? > 0 {
            changed.push(id);
        }
    }
    Ok(changed)
}

fn is_no_op(change: &Change) -> bool {
    match change {
        Change::Read { ids, .. } | Change::Starred { ids, .. } => ids.is_empty(),
        Change::Subscription { before, after, .. } => before == after,
        Change::Many(changes) => changes.iter().all(is_no_op),
        Change::Unsubscribed { .. } => false,
    }
}

fn load_change_title(db: &Connection, change: &Change) -> rusqlite::Result<Option<String>> {
    let (sql, id) = match change {
        Change::Read { ids, .. } | Change::Starred { ids, .. } => match ids[..] {
            [id] => ("SELECT title FROM entries WHERE id = ?1", id),
            _ => return Ok(None),
        },
        Change::Unsubscribed { feed, .. } | Change::Subscription { feed, .. } => {
            ("SELECT coalesce(name, title) FROM feeds WHERE id = ?1", *feed)
        }
        Change::Many(_) => return Ok(None),
    };
    db.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()
}
