//! Folding copies: of the articles that are one, a list has one row.
//!
//! A copy is left out only if another hit stands for it, so that an article is found also where a filter
//! or a scope has only its copy: `feed:` with the name of its feed, or a word of its text alone.

use std::collections::HashSet;

use super::snapshot::Snapshot;
use crate::{
    index::{IndexSearch, SortKey},
    model::EntryId,
};

/// Removes from the hits found so far the copies that another hit stands for. Returns what is left of
/// `backlog_hits`, the hits among the unindexed entries.
pub(super) fn fold_hits(
    snapshot: &Snapshot<'_>,
    search: &mut IndexSearch<'_>,
    backlog_hits: &[SortKey],
) -> Vec<SortKey> {
    let copies = &snapshot.copies;
    if copies.is_empty() {
        return backlog_hits.to_vec();
    }
    // Of most lists, this leaves no copies.
    search.discard_represented(&snapshot.located_copies);
    let in_backlog: HashSet<EntryId> = backlog_hits.iter().map(|(_, id)| *id).collect();
    let hits = search.copy_hits().into_iter().chain(in_backlog.iter().copied());
    let is_hit = |id: EntryId| search.is_hit(id) || in_backlog.contains(&id);
    let represented = copies.represented(hits, is_hit);
    search.discard_hits(represented.iter().copied());
    backlog_hits.iter().filter(|(_, id)| !represented.contains(id)).copied().collect()
}
