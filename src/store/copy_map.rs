//! The copies of the library in memory, by which lists fold them.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;

use crate::model::EntryId;

/// The copies of the library, each with the first entry of its group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CopyMap {
    first_by_copy: HashMap<EntryId, EntryId>,
    firsts: HashSet<EntryId>,
}

impl CopyMap {
    /// Returns whether no article has a copy.
    pub fn is_empty(&self) -> bool {
        self.first_by_copy.is_empty()
    }

    /// Iterates over the copies, each with the first entry of its group.
    pub fn iter(&self) -> impl Iterator<Item = (EntryId, EntryId)> {
        self.first_by_copy.iter().map(|(copy, first)| (*copy, *first))
    }

    /// Returns whether an entry is one of several of an article.
    pub fn is_in_group(&self, id: EntryId) -> bool {
        self.first_by_copy.contains_key(&id) || self.firsts.contains(&id)
    }

    /// Returns the entry that stands for the article of `id`: itself if it is no copy.
    pub fn first_of(&self, id: EntryId) -> EntryId {
        self.first_by_copy.get(&id).copied().unwrap_or(id)
    }

    /// Counts the articles of entries: copies of one are one.
    pub fn count_articles(&self, ids: &[EntryId]) -> usize {
        ids.iter().map(|id| self.first_of(*id)).collect::<HashSet<EntryId>>().len()
    }

    /// Returns those of `hits` that another hit stands for: the first entry of the group, or else the
    /// copy that was stored first. `is_hit` is asked about entries that are no copies.
    pub fn represented(
        &self,
        hits: impl Iterator<Item = EntryId>,
        is_hit: impl Fn(EntryId) -> bool,
    ) -> HashSet<EntryId> {
        let copies = hits.filter(|id| self.first_by_copy.contains_key(id));
        let (mut represented, mut others): (HashSet<EntryId>, Vec<EntryId>) =
            (HashSet::new(), Vec::new());
        // In most lists the first entries are hits, and there are no others to be sorted.
        for id in copies {
            if is_hit(self.first_of(id)) {
                represented.insert(id);
            } else {
                others.push(id);
            }
        }
        others.sort_unstable();
        let mut seen = HashSet::new();
        represented.extend(others.into_iter().filter(|id| !seen.insert(self.first_of(*id))));
        represented
    }

    /// Leaves one entry of each group in a list.
    pub fn fold(&self, ids: &mut Vec<EntryId>) {
        if self.is_empty() {
            return;
        }
        let listed: HashSet<EntryId> = ids.iter().copied().collect();
        let represented = self.represented(ids.iter().copied(), |id| listed.contains(&id));
        ids.retain(|id| !represented.contains(id));
    }
}

/// Loads the copies of the library.
pub(super) fn load_copies(db: &Connection) -> rusqlite::Result<CopyMap> {
    let sql = "SELECT id, copy_of FROM entries WHERE copy_of IS NOT NULL";
    let mut statement = db.prepare_cached(sql)?;
    let pairs = statement.query_map([], |row| Ok((EntryId(row.get(0)?), EntryId(row.get(1)?))))?;
    let first_by_copy = pairs.collect::<rusqlite::Result<HashMap<EntryId, EntryId>>>()?;
    let firsts = first_by_copy.values().copied().collect();
    Ok(CopyMap { first_by_copy, firsts })
}
