//! The difference between the files of a folder now and at the last refresh.
//!
//! A folder may have a million files. So the known ones are kept as hashes, 40 bytes each, and of
//! those that are found only the new and changed ones are kept.

use std::{
    collections::{HashMap, HashSet, hash_map::RandomState},
    hash::BuildHasher,
};

use crate::{
    documents::{ArticleFile, FilePart},
    model::EntryId,
    store::FileFingerprint,
};

/// The files of a folder that a refresh has to read, and the entries whose files have vanished.
///
/// Start with [`FolderDiff::new`], hand over each file that is found with [`FolderDiff::add_file`],
/// and end with [`FolderDiff::finish_scan`].
#[derive(Debug)]
pub struct FolderDiff {
    /// Keyed with a random number, so that no file name is made to collide with another.
    hasher: RandomState,
    /// The known files, sorted by their folder and then by the hash of their path. A scan finds the
    /// files of a folder one after the other: in memory they are neighbours too, because a million
    /// reads from all over it took a third of the time of a scan without news.
    known: Vec<KnownFile>,
    /// The folders, by the hash of their path.
    folders: HashMap<u64, KnownFolder>,
    /// The start in `known` of each bucket, of the files of a folder whose hash begins with its bits,
    /// and the end of the last one. A binary search took a third of the time of a scan without news.
    bucket_starts: Vec<u32>,
    to_read: Vec<ArticleFile>,
    /// Entries whose file has vanished, by digest: a new file with the same content is a moved one.
    vanished: HashMap<u64, Vec<MissingEntry>>,
}

/// A file at the last refresh.
#[derive(Debug)]
struct KnownFile {
    path_hash: u64,
    /// Hash of the size and the time of modification.
    state_hash: u64,
    entry: EntryId,
    digest: u64,
    /// Number of the folder.
    folder: u32,
    /// The entry is marked as missing.
    was_missing: bool,
    /// The file was found again.
    is_found: bool,
}

/// A folder at the last refresh, and its buckets.
#[derive(Debug)]
struct KnownFolder {
    number: u32,
    file_count: u32,
    /// Index of the first of its buckets, whose number is a power of two.
    first_bucket: u32,
}

impl KnownFolder {
    /// Returns the number of buckets, with one to two files on average.
    fn bucket_count(&self) -> u32 {
        (self.file_count / 2).next_power_of_two()
    }

    /// Returns the index of the bucket of a file of the folder.
    fn bucket_of(&self, path_hash: u64) -> usize {
        let bits = self.bucket_count().trailing_zeros();
        let offset = path_hash.checked_shr(u64::BITS - bits).unwrap_or(0);
        self.first_bucket as usize + usize::try_from(offset).unwrap_or(0)
    }
}

/// An entry without a file.
#[derive(Debug)]
struct MissingEntry {
    entry: EntryId,
    was_missing: bool,
}

impl FolderDiff {
    /// Creates the difference to an empty folder.
    pub fn new() -> FolderDiff {
        FolderDiff {
            hasher: RandomState::new(),
            known: Vec::new(),
            folders: HashMap::new(),
            bucket_starts: Vec::new(),
            to_read: Vec::new(),
            vanished: HashMap::new(),
        }
    }

    /// Adds a file of the last refresh. All of them are added before the first one that is found.
    pub fn add_known(&mut self, file: &FileFingerprint<'_>) {
        let number = u32::try_from(self.folders.len()).unwrap_or(u32::MAX);
        let new = KnownFolder { number, file_count: 0, first_bucket: 0 };
        let folder =
            self.folders.entry(self.hasher.hash_one(parent_path(file.guid))).or_insert(new);
        folder.file_count += 1;
        self.known.push(KnownFile {
            path_hash: self.hasher.hash_one(file.guid),
            state_hash: self.hasher.hash_one((file.size, file.modified_millis)),
            entry: file.entry,
            digest: file.digest,
            folder: folder.number,
            was_missing: file.was_missing,
            is_found: false,
        });
    }

    /// Ends the list of known files.
    pub fn finish_known(&mut self) {
        self.known.sort_unstable_by_key(|file| (file.folder, file.path_hash));
        let mut folders: Vec<&mut KnownFolder> = self.folders.values_mut().collect();
        folders.sort_unstable_by_key(|folder| folder.number);
        let mut bucket_count = 0;
        for folder in &mut folders {
            folder.first_bucket = bucket_count;
            bucket_count += folder.bucket_count();
        }
        let mut starts = vec![0; bucket_count as usize + 1];
        for file in &self.known {
            starts[folders[file.folder as usize].bucket_of(file.path_hash) + 1] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        self.bucket_starts = starts;
    }

    /// Returns true if no file is known, so that none can have moved.
    pub fn is_first_scan(&self) -> bool {
        self.known.is_empty()
    }

    /// Adds a file that is found: keeps it if it is new or changed, or is back.
    pub fn add_file(&mut self, file: ArticleFile) {
        let modified_millis = file.modified.map_or(0, |at| at.timestamp_millis());
        let state_hash = self.hasher.hash_one((file.size, modified_millis));
        let index = self.find_known(&file.relative_path);
        let is_unchanged = index.is_some_and(|index| {
            let known = &mut self.known[index];
            known.is_found = true;
            // The time of a mailbox changes with every mail in it.
            let is_same = match file.part {
                FilePart::Mail(span) => known.digest == span.digest,
                FilePart::Whole | FilePart::Mailbox => known.state_hash == state_hash,
            };
            !known.was_missing && is_same
        });
        if !is_unchanged {
            self.to_read.push(file);
        }
    }

    /// Notes that the mails of the mailbox at `path` are those of the last refresh.
    pub fn keep_mailbox(&mut self, path: &str) {
        let Some(folder) = self.folders.get(&self.hasher.hash_one(path)) else { return };
        let number = folder.number;
        let start = self.known.partition_point(|mail| mail.folder < number);
        let mails = self.known[start..].iter_mut().take_while(|mail| mail.folder == number);
        for mail in mails.filter(|mail| !mail.was_missing) {
            mail.is_found = true;
        }
    }

    /// Returns the number of files to read.
    pub fn read_count(&self) -> usize {
        self.to_read.len()
    }

    /// Takes the files to read, sorted by their paths.
    pub fn take_files_to_read(&mut self) -> Vec<ArticleFile> {
        let mut files = std::mem::take(&mut self.to_read);
        files.sort_unstable_by(|a, b| a.relative_path.cmp(&b.relative_path));
        files
    }

    /// Ends the list of files that are found. If it `is_complete`, the entries whose files were not
    /// found have moved or vanished.
    pub fn finish_scan(&mut self, is_complete: bool) {
        for file in self.known.iter().filter(|file| is_complete && !file.is_found) {
            let missing = MissingEntry { entry: file.entry, was_missing: file.was_missing };
            self.vanished.entry(file.digest).or_default().push(missing);
        }
    }

    /// Takes the entry that a moved file with this digest was stored as.
    pub fn take_moved(&mut self, digest: u64) -> Option<EntryId> {
        self.vanished.get_mut(&digest).and_then(Vec::pop).map(|missing| missing.entry)
    }

    /// Returns the entries of the files that are where they were and have one of these digests.
    pub fn list_found(&self, digests: &HashSet<u64>) -> Vec<(u64, EntryId)> {
        let found =
            self.known.iter().filter(|file| file.is_found && digests.contains(&file.digest));
        found.map(|file| (file.digest, file.entry)).collect()
    }

    /// Returns `true` if the folder held this path before.
    pub fn knows_path(&self, guid: &str) -> bool {
        self.find_known(guid).is_some()
    }

    /// Returns the entries to mark as missing: their files have vanished and were not moved.
    pub fn newly_missing(&self) -> Vec<EntryId> {
        let missing = self.vanished.values().flatten().filter(|missing| !missing.was_missing);
        let mut entries: Vec<EntryId> = missing.map(|missing| missing.entry).collect();
        entries.sort_unstable();
        entries
    }

    fn find_known(&self, guid: &str) -> Option<usize> {
        let path_hash = self.hasher.hash_one(guid);
        let folder = self.folders.get(&self.hasher.hash_one(parent_path(guid)))?;
        let bucket = folder.bucket_of(path_hash);
        let start = *self.bucket_starts.get(bucket)? as usize;
        let end = *self.bucket_starts.get(bucket + 1)? as usize;
        let index = self.known[start..end].iter().position(|file| file.path_hash == path_hash)?;
        Some(start + index)
    }
}

/// Returns the path of the folder that contains the file at a relative path; empty for the root.
fn parent_path(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

impl Default for FolderDiff {
    fn default() -> FolderDiff {
        FolderDiff::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::MailSpan;

    fn known(entry: i64, guid: &str, was_missing: bool) -> FileFingerprint<'_> {
        FileFingerprint {
            entry: EntryId(entry),
            guid,
            digest: entry.cast_unsigned(),
            size: 4,
            modified_millis: 0,
            was_missing,
        }
    }

    fn found(path: &str, size: u64) -> ArticleFile {
        let relative_path = path.to_owned();
        let part = FilePart::Whole;
        ArticleFile { path: path.into(), relative_path, size, modified: None, part }
    }

    fn diff(
        files: &[FileFingerprint<'_>],
        found: Vec<ArticleFile>,
        is_complete: bool,
    ) -> FolderDiff {
        let mut diff = FolderDiff::new();
        for file in files {
            diff.add_known(file);
        }
        diff.finish_known();
        for file in found {
            diff.add_file(file);
        }
        diff.finish_scan(is_complete);
        diff
    }

    #[test]
    fn folder_diff_finds_new_changed_moved_and_missing_files() {
        let files = [
            known(1, "same.txt", false),
            known(2, "changed.txt", false),
            known(3, "old/moved.txt", false),
            known(4, "gone.txt", false),
            known(5, "back.txt", true),
            known(6, "long-gone.txt", true),
        ];
        let here = [("same.txt", 4), ("changed.txt", 5), ("back.txt", 4), ("moved.txt", 4)];
        let here = here.map(|(path, size)| found(path, size)).to_vec();
        let mut diff = diff(&files, here, true);
        let paths: Vec<String> =
            diff.take_files_to_read().into_iter().map(|file| file.relative_path).collect();
        assert_eq!(paths, ["back.txt", "changed.txt", "moved.txt"]);
        assert!(diff.knows_path("changed.txt") && !diff.knows_path("moved.txt"));
        assert_eq!((diff.take_moved(3), diff.take_moved(3)), (Some(EntryId(3)), None));
        assert_eq!(diff.newly_missing(), [EntryId(4)]);
    }

    #[test]
    fn folder_diff_knows_every_file_of_any_number() {
        for count in [0, 1, 2, 3, 5, 8, 100, 1_000] {
            let paths = (0..count).map(|at| match at % 4 {
                0 => format!("{at}.txt"),
                1 => format!("a/{at}.txt"),
                _ => format!("a/{}/{at}.txt", at % 7),
            });
            let paths: Vec<String> = paths.collect();
            let files: Vec<FileFingerprint> =
                (0..).zip(&paths).map(|(at, path)| known(at, path, false)).collect();
            let diff = diff(&files, Vec::new(), false);
            assert!(files.iter().all(|file| diff.knows_path(file.guid)), "{count}");
            assert!(!diff.knows_path("other.txt") && !diff.knows_path("a/other.txt"));
            assert!(!diff.knows_path("b/0.txt"));
        }
    }

    #[test]
    fn folder_diff_compares_mails_by_their_digest() {
        let files = [
            known(1, "a.mbox/same", false),
            known(2, "a.mbox/changed", false),
            known(3, "a.mbox/gone", false),
            known(4, "b.mbox/kept", false),
            known(5, "b.mbox/long-gone", true),
        ];
        let mail = |path: &str, digest| {
            let span = MailSpan { start: 0, length: 9, digest };
            ArticleFile { part: FilePart::Mail(span), ..found(path, 9) }
        };
        let mut diff = diff(&files, Vec::new(), false);
        for (path, digest) in [("a.mbox/same", 1), ("a.mbox/changed", 9), ("a.mbox/new", 9)] {
            diff.add_file(mail(path, digest));
        }
        diff.keep_mailbox("b.mbox");
        diff.keep_mailbox("other.mbox");
        diff.finish_scan(true);
        let paths: Vec<String> =
            diff.take_files_to_read().into_iter().map(|file| file.relative_path).collect();
        assert_eq!(paths, ["a.mbox/changed", "a.mbox/new"]);
        assert_eq!(diff.newly_missing(), [EntryId(3)]);
    }

    #[test]
    fn incomplete_scan_has_no_missing_files() {
        let files = [known(1, "a.txt", false), known(2, "b.txt", false)];
        let mut diff = diff(&files, vec![found("a.txt", 4), found("c.txt", 4)], false);
        assert_eq!((diff.newly_missing(), diff.take_moved(2)), (vec![], None));
        assert_eq!(diff.read_count(), 1);
    }
}
