//! What to do about a folder, given what it holds now and what it held before. Pure.

use std::collections::{HashMap, HashSet};

use crate::{documents::FoundFile, model::EntryId, store::KnownFile};

/// What a refresh of a folder has to do.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Plan {
    /// Files to read: new ones, changed ones, and ones that are back.
    pub read: Vec<FoundFile>,
    /// Entries whose file is gone from where it was, by digest: a new file with the same content is the same entry.
    pub gone: HashMap<u64, Vec<EntryId>>,
    /// Those of them that are marked as gone already.
    pub marked: HashSet<EntryId>,
    /// Paths that the folder held before.
    pub before: HashSet<String>,
}

impl Plan {
    /// The entry that a file with this digest was stored as, if it has moved; each is taken once.
    pub fn take_moved(&mut self, digest: u64) -> Option<EntryId> {
        self.gone.get_mut(&digest).and_then(Vec::pop)
    }

    /// Whether the folder held this path before.
    pub fn knew(&self, guid: &str) -> bool {
        self.before.contains(guid)
    }

    /// The entries whose files are gone, were not found elsewhere, and are not marked yet.
    pub fn missing(&self) -> Vec<EntryId> {
        let mut missing: Vec<EntryId> = self.gone.values().flatten().copied().collect();
        missing.retain(|id| !self.marked.contains(id));
        missing.sort_unstable();
        missing
    }
}

/// Compares what a folder holds with what is known of it.
pub fn plan(known: &[KnownFile], found: &[FoundFile]) -> Plan {
    let here: HashSet<&str> = found.iter().map(|file| file.relative.as_str()).collect();
    let mut gone: HashMap<u64, Vec<EntryId>> = HashMap::new();
    for file in known.iter().filter(|file| !here.contains(file.guid.as_str())) {
        gone.entry(file.digest).or_default().push(file.id);
    }
    let marked = known.iter().filter(|file| file.missing).map(|file| file.id).collect();
    let before = known.iter().map(|file| file.guid.clone()).collect();
    let known: HashMap<&str, &KnownFile> = known.iter().map(|file| (file.guid.as_str(), file)).collect();
    let unchanged = |file: &FoundFile| {
        known.get(file.relative.as_str()).is_some_and(|known| {
            let modified = file.modified.map_or(0, |at| at.timestamp_millis());
            !known.missing && known.size == file.size && known.modified == modified
        })
    };
    let read = found.iter().filter(|file| !unchanged(file)).cloned().collect();
    Plan { read, gone, marked, before }
}
