//! The parts of a change that a server has changed since: a step through the journal leaves them alone.

use std::collections::{BTreeSet, HashSet};

use rusqlite::{Connection, params};

use super::{
    feeds, journal_rows::changes_of_syncs_after, readable_rows::lossy_text,
    shared_marks::is_same_kind, tags,
};
use crate::{
    model::{Change, ChangeId, EntryId, FeedId, Subscription, TagName},
    text::count_noun,
};

/// The parts of a change that a step leaves alone.
#[derive(Debug, Default)]
pub(super) struct OvertakenParts {
    entries: BTreeSet<EntryId>,
    /// The sentences about feeds.
    feeds: Vec<String>,
}

impl OvertakenParts {
    /// Returns the number of articles and feeds.
    pub(super) fn len(&self) -> usize {
        self.entries.len() + self.feeds.len()
    }

    /// Describes the parts as the reason why nothing is left of a step.
    pub(super) fn describe(&self) -> String {
        match (&self.feeds[..], self.entries.len()) {
            ([], 1) => "the article was marked on the server since".to_owned(),
            ([], count) => {
                format!("{} were marked on the server since", count_noun(count, "article"))
            }
            ([feed], _) => feed.clone(),
            (feeds, _) => format!("{} were changed since", count_noun(feeds.len(), "feed")),
        }
    }
}

/// Splits a change that a step is about to apply: returns what is left without the articles that a sync
/// has marked since the change `row`, and without the feeds whose name or folder is no longer the one that
/// the step expects.
pub(super) fn split_overtaken(
    db: &Connection,
    row: ChangeId,
    change: Change,
) -> rusqlite::Result<(Change, OvertakenParts)> {
    let marks_entries = !change.all_entry_ids().is_empty();
    let by_syncs = if marks_entries { changes_of_syncs_after(db, row)? } else { Vec::new() };
    let mut overtaken = OvertakenParts::default();
    let left = split_part(db, &by_syncs, change, &mut overtaken)?;
    Ok((left, overtaken))
}

fn split_part(
    db: &Connection,
    by_syncs: &[Change],
    mut change: Change,
    overtaken: &mut OvertakenParts,
) -> rusqlite::Result<Change> {
    let marked = ids_marked_by(by_syncs, &change);
    match &mut change {
        Change::Many(parts) => {
            for part in std::mem::take(parts) {
                parts.push(split_part(db, by_syncs, part, overtaken)?);
            }
        }
        Change::Read { ids, read } => {
            let sql = "SELECT read <> ?2 FROM entries WHERE id = ?1";
            let differs = |id: EntryId| differs_in_column(db, sql, id, *read);
            keep_untouched(ids, &marked, overtaken, differs)?;
        }
        Change::Starred { ids, starred } => {
            let sql = "SELECT starred <> ?2 FROM entries WHERE id = ?1";
            let differs = |id: EntryId| differs_in_column(db, sql, id, *starred);
            keep_untouched(ids, &marked, overtaken, differs)?;
        }
        Change::Tagged { tag, ids, after, .. } => {
            let differs = |id: EntryId| Ok(has_tag(db, id, tag)? != after.is_on());
            keep_untouched(ids, &marked, overtaken, differs)?;
        }
        Change::Subscription { feed, before, after } => {
            if let Some(sentence) = describe_overtaken_feed(db, *feed, before, after)? {
                overtaken.feeds.push(sentence);
                return Ok(Change::Many(Vec::new()));
            }
        }
        _ => {}
    }
    Ok(change)
}

/// Returns the articles to which syncs have given, or from which they have taken, the mark of a change.
fn ids_marked_by(by_syncs: &[Change], change: &Change) -> HashSet<EntryId> {
    let mut ids = HashSet::new();
    for sync in by_syncs {
        sync.for_each(&mut |part| {
            if is_same_kind(part, change) {
                ids.extend(part.entry_ids());
            }
        });
    }
    ids
}

/// Moves the articles that were marked since and would be marked otherwise by the step to `overtaken`.
fn keep_untouched(
    ids: &mut Vec<EntryId>,
    marked: &HashSet<EntryId>,
    overtaken: &mut OvertakenParts,
    differs: impl Fn(EntryId) -> rusqlite::Result<bool>,
) -> rusqlite::Result<()> {
    let mut kept = Vec::with_capacity(ids.len());
    for id in ids.iter().copied() {
        if marked.contains(&id) && differs(id)? {
            overtaken.entries.insert(id);
        } else {
            kept.push(id);
        }
    }
    *ids = kept;
    Ok(())
}

fn differs_in_column(
    db: &Connection,
    sql: &str,
    id: EntryId,
    wanted: bool,
) -> rusqlite::Result<bool> {
    db.prepare_cached(sql)?.query_row(params![id.0, wanted], |row| row.get(0))
}

fn has_tag(db: &Connection, id: EntryId, tag: &TagName) -> rusqlite::Result<bool> {
    let key = tag.key();
    let tags = tags::load_entry_tags(db, &[id])?;
    Ok(tags.values().flatten().any(|known| known.name.key() == key))
}

/// Describes what of a feed is not as a step expects it to be; `None` if all is. A server may have given
/// it another name or folder since, or refused the one that the user gave it.
fn describe_overtaken_feed(
    db: &Connection,
    feed: FeedId,
    expected: &Subscription,
    wanted: &Subscription,
) -> rusqlite::Result<Option<String>> {
    let Some(current) = feeds::load_subscription(db, feed)? else { return Ok(None) };
    let is_renamed = expected.name != wanted.name && current.name != expected.name;
    let is_moved = expected.folder != wanted.folder && current.folder != expected.folder;
    if !is_renamed && !is_moved {
        return Ok(None);
    }
    let sql = "SELECT coalesce(name, title) FROM feeds WHERE id = ?1";
    let name = db.prepare_cached(sql)?.query_row([feed.0], |row| lossy_text(row, 0))?;
    Ok(Some(match &current.folder {
        _ if is_renamed => format!("the feed was renamed since, and is called “{name}” now"),
        Some(folder) => format!("“{name}” was moved since, and is in “{folder}” now"),
        None => format!("“{name}” was moved since, and is in no folder now"),
    }))
}
