//! The journal: every change the user made. Undo and redo step through it, across restarts too.
//!
//! Start with [`WriteConnection::apply_change`]. A new change removes the undone ones.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    StoreError, WriteConnection, feeds, preferences,
    readable_rows::lossy_text,
    state_pages::{self, StateBit},
    tags, views,
    write_transaction::WriteTransaction,
};
use crate::model::{AppliedChange, Change, EntryId, FeedId, TagMark, TagName};

impl WriteConnection {
    /// Applies a change and records it in the journal, in one transaction.
    ///
    /// Entries that already have the requested state are left out of both. A change without effect
    /// is not recorded.
    pub fn apply_change(
        &mut self,
        change: &Change,
        now: DateTime<Utc>,
    ) -> Result<AppliedChange, StoreError> {
        let mut run = || -> rusqlite::Result<AppliedChange> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let change = apply_in_transaction(&transaction, change.clone())?;
            preferences::bump_generation(&transaction)?;
            if !is_no_op(&change) {
                transaction.execute("DELETE FROM journal WHERE undone = 1", [])?;
                record_change(&transaction, &change, now)?;
            }
            let title = load_change_title(&transaction, &change)?;
            transaction.commit()?;
            Ok(AppliedChange { change, title })
        };
        run().map_err(StoreError::during("save the change"))
    }

    /// Undoes the last change that is not undone; `None` if there is none.
    pub fn undo(&mut self) -> Result<Option<AppliedChange>, StoreError> {
        self.step_journal(
            "SELECT id, change FROM journal WHERE undone = 0 ORDER BY id DESC LIMIT 1",
            JournalStep::Undo,
        )
    }

    /// Redoes the change that was undone last; `None` if there is none.
    pub fn redo(&mut self) -> Result<Option<AppliedChange>, StoreError> {
        self.step_journal(
            "SELECT id, change FROM journal WHERE undone = 1 ORDER BY id LIMIT 1",
            JournalStep::Redo,
        )
    }

    /// Undoes or redoes the change that `sql` selects.
    fn step_journal(
        &mut self,
        sql: &str,
        step: JournalStep,
    ) -> Result<Option<AppliedChange>, StoreError> {
        let mut run = || -> rusqlite::Result<Option<AppliedChange>> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let read_row =
                |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, lossy_text(row, 1)?));
            let Some((id, json)) = transaction.query_row(sql, [], read_row).optional()? else {
                return Ok(None);
            };
            let is_undo = step == JournalStep::Undo;
            transaction
                .execute("UPDATE journal SET undone = ?2 WHERE id = ?1", params![id, is_undo])?;
            // A row that this version cannot read, because a newer one wrote it, is skipped.
            let recorded = serde_json::from_str::<Change>(&json).ok();
            let change = recorded.map(|change| if is_undo { change.inverse() } else { change });
            let applied = match change {
                Some(change) => {
                    apply_in_transaction(&transaction, change.clone())?;
                    preferences::bump_generation(&transaction)?;
                    Some(AppliedChange { title: load_change_title(&transaction, &change)?, change })
                }
                None => None,
            };
            transaction.commit()?;
            Ok(applied)
        };
        run().map_err(StoreError::during(match step {
            JournalStep::Undo => "undo the change",
            JournalStep::Redo => "redo the change",
        }))
    }
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
        record_change(db, &Change::Moved { feed, from, to: to.to_owned() }, now)?;
    }
    Ok(())
}

fn record_change(db: &Connection, change: &Change, now: DateTime<Utc>) -> rusqlite::Result<usize> {
    let json = serde_json::to_string(change).expect("a change serializes to JSON");
    let sql = "INSERT INTO journal (at, change) VALUES (?1, ?2)";
    db.prepare_cached(sql)?.execute(params![now.timestamp(), json])
}

/// The direction of a step through the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JournalStep {
    Undo,
    Redo,
}

/// Applies a change and returns the part of it that had an effect.
fn apply_in_transaction(db: &Connection, change: Change) -> rusqlite::Result<Change> {
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
fn is_no_op(change: &Change) -> bool {
    match change {
        Change::Read { ids, .. } | Change::Starred { ids, .. } | Change::Tagged { ids, .. } => {
            ids.is_empty()
        }
        Change::Subscription { before, after, .. } => before == after,
        Change::Many(changes) => changes.iter().all(is_no_op),
        Change::Address { before, after, .. } => before == after,
        Change::Moved { from, to, .. } => from == to,
        Change::View { before, after } => before == after,
        Change::SavedFilter { at, .. } => at.is_none(),
        Change::Unsubscribed { .. } => false,
    }
}

/// Loads the title of the one entry, or the name of the feed, that a change concerns; `None` for
/// several.
fn load_change_title(db: &Connection, change: &Change) -> rusqlite::Result<Option<String>> {
    if let Change::Many(changes) = change
        && let Some(first) = changes.first()
        && changes
            .iter()
            .all(|other| other.entry_ids().len() == 1 && other.entry_ids() == first.entry_ids())
    {
        return load_change_title(db, first);
    }
    let (sql, id) = match change {
        Change::Read { ids, .. } | Change::Starred { ids, .. } | Change::Tagged { ids, .. } => {
            match ids[..] {
                [id] => ("SELECT title FROM entries WHERE id = ?1", id.0),
                _ => return Ok(None),
            }
        }
        Change::Unsubscribed { feed, .. }
        | Change::Subscription { feed, .. }
        | Change::Address { feed, .. }
        | Change::Moved { feed, .. } => {
            ("SELECT coalesce(name, title) FROM feeds WHERE id = ?1", feed.0)
        }
        Change::View { .. } | Change::SavedFilter { .. } | Change::Many(_) => return Ok(None),
    };
    db.prepare_cached(sql)?.query_row([id], |row| lossy_text(row, 0)).optional()
}
