//! Applying a change to the rows of the library, without its record in the journal.

use rusqlite::{Connection, params};

use super::{
    archive_offers, copies, entry_weights, feed_outbox, feeds, queue_places,
    state_pages::{self, StateBit},
    story_links, tags, views,
};
use crate::model::{Change, EntryId, TagMark, TagName};

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
        Change::Queue { ids, places } => {
            Change::Queue { ids, places: queue_places::move_episodes(db, places)? }
        }
        Change::Weighted { rule, ids, after, .. } => {
            entry_weights::set_weights(db, &rule, &ids, after)?
        }
        Change::Unsubscribed { feed, unsubscribed } => {
            db.execute("UPDATE feeds SET gone = ?2 WHERE id = ?1", params![feed.0, unsubscribed])?;
            copies::refresh_groups_of_feed(db, feed)?;
            Change::Unsubscribed { feed, unsubscribed }
        }
        Change::Subscription { feed, before, after } => {
            let after = if before.folder == after.folder {
                *after
            } else {
                feed_outbox::within_account(db, feed, *after)?
            };
            // Only what this change is about: a sync may have changed the rest since.
            if let Some(current) = feeds::load_subscription(db, feed)? {
                feeds::write_subscription(db, feed, &current.with_changes(&before, &after))?;
            }
            archive_offers::offer_feed(db, feed, (before.fetch.sharing, after.fetch.sharing))?;
            Change::Subscription { feed, before, after: Box::new(after) }
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
        Change::Imported { count } => Change::Imported { count },
        Change::StoryLinked { entry, others, after, .. } => {
            story_links::link_story(db, entry, others, after)?
        }
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
/// gives each its mark back, and so do the places of those that leave the queue.
fn apply_tag(
    db: &Connection,
    tag: TagName,
    ids: Vec<EntryId>,
    after: TagMark,
) -> rusqlite::Result<Change> {
    let leaves_queue = tag.is_queue() && !after.is_on();
    let left = if leaves_queue { queue_places::leave_queue(db, &ids)? } else { None };
    let ids_by_mark = tags::mark_entries(db, &tag, ids, after)?;
    let marks = ids_by_mark.into_iter().map(|(before, ids)| Change::Tagged {
        tag: tag.clone(),
        ids,
        before,
        after,
    });
    // Undone in the other direction: only what is in the queue has a place.
    let mut changes: Vec<Change> = left.into_iter().chain(marks).collect();
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
        Change::Queue { places, .. } => places.is_empty(),
        Change::Weighted { ids, .. } => ids.is_empty(),
        Change::Subscription { before, after, .. } => before == after,
        Change::Many(changes) => changes.iter().all(is_no_op),
        Change::Address { before, after, .. } => before == after,
        Change::Moved { from, to, .. } => from == to,
        Change::View { before, after } => before == after,
        Change::Rule { before, after } => before == after,
        Change::SavedFilter { at, .. } => at.is_none(),
        Change::Dropped { count } | Change::Imported { count } => *count == 0,
        Change::StoryLinked { others, .. } => others.is_empty(),
        Change::Unsubscribed { .. } => false,
    }
}
