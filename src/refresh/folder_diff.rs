//! The difference between the files of a folder now and at the last refresh.

use std::collections::{HashMap, HashSet};

use crate::{documents::ArticleFile, model::EntryId, store::FileFingerprint};

/// The files that a refresh of a folder has to read, and the entries whose files have vanished.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct FolderDiff {
    /// Files to read: new ones, changed ones, and ones that are back.
    pub to_read: Vec<ArticleFile>,
    /// Entries whose file has vanished, by digest: a new file with the same content is a moved one.
    pub vanished: HashMap<u64, Vec<EntryId>>,
    /// Entries that are marked as missing already.
    pub marked_missing: HashSet<EntryId>,
    /// Paths that the folder held before.
    pub known_paths: HashSet<String>,
}

impl FolderDiff {
    /// Takes the entry that a moved file with this digest was stored as.
    pub fn take_moved(&mut self, digest: u64) -> Option<EntryId> {
        self.vanished.get_mut(&digest).and_then(Vec::pop)
    }

    /// Returns `true` if the folder held this path before.
    pub fn knows_path(&self, guid: &str) -> bool {
        self.known_paths.contains(guid)
    }

    /// Returns the entries to mark as missing: their files have vanished and were not moved.
    pub fn newly_missing(&self) -> Vec<EntryId> {
        let mut missing: Vec<EntryId> = self.vanished.values().flatten().copied().collect();
        missing.retain(|id| !self.marked_missing.contains(id));
        missing.sort_unstable();
        missing
    }
}

/// Compares the files that were found in a folder with those that are known.
pub fn diff_folder(known: &[FileFingerprint], found: &[ArticleFile]) -> FolderDiff {
    let here: HashSet<&str> = found.iter().map(|file| file.relative_path.as_str()).collect();
    let mut vanished: HashMap<u64, Vec<EntryId>> = HashMap::new();
    for file in known.iter().filter(|file| !here.contains(file.guid.as_str())) {
        vanished.entry(file.digest).or_default().push(file.entry);
    }
    let marked = known.iter().filter(|file| file.was_missing).map(|file| file.entry).collect();
    let before = known.iter().map(|file| file.guid.clone()).collect();
    let known: HashMap<&str, &FileFingerprint> =
        known.iter().map(|file| (file.guid.as_str(), file)).collect();
    let unchanged = |file: &ArticleFile| {
        known.get(file.relative_path.as_str()).is_some_and(|known| {
            let modified = file.modified.map_or(0, |at| at.timestamp_millis());
            !known.was_missing && known.size == file.size && known.modified_millis == modified
        })
    };
    let read = found.iter().filter(|file| !unchanged(file)).cloned().collect();
    FolderDiff { to_read: read, vanished, marked_missing: marked, known_paths: before }
}
