//! Refresh of a folder of article files: new, changed, moved and missing files, and mails of mailboxes,
//! become batches to store.

use std::{collections::HashSet, path::Path};

use super::{
    catch_panic::catch_panic,
    folder_mailboxes::FolderMailboxes,
    foreground::Foreground,
    work_marks::{MIN_MARKED_BYTES, WorkMarks, WorkStart},
};
use crate::{
    documents::{self, ArticleFile, FileEntry, FilePart, FolderScan},
    model::{EntryId, Failure, FailureKind, Feed, FeedId, RefreshSummary},
    refresh::{self, FolderDiff},
    store::{EntryUpsert, IngestBatch, MailboxFingerprint, ReadConnection, StoreError},
    text::sanitize,
};

/// Maximum number of articles in a batch. A batch is one transaction, so short that a change of the
/// user's waits only a few milliseconds.
pub(super) const MAX_BATCH_ENTRIES: usize = 256;

/// Maximum number of files of a new folder that are found before they are read.
const MAX_WAITING_FILES: usize = 4 << 10;

/// The outcome of reading a folder, besides its articles.
#[derive(Debug, Default)]
pub(super) struct FolderOutcome {
    /// A failure for each file or mail that cannot be read.
    pub(super) failures: Vec<Failure>,
    /// The mailbox files that were read to their end, if they are others than before.
    pub(super) mailboxes: Option<Vec<MailboxFingerprint>>,
}

/// Reads the folder of `feed` and hands batches to `send`, until `send` returns false.
///
/// Gives way to keys between the files. Counts new and changed articles in `summary`, and adds the warnings
/// about files that were read.
pub(super) fn read_folder(
    reader: &ReadConnection,
    (marks, foreground): (&WorkMarks, &Foreground),
    feed: &Feed,
    summary: &mut RefreshSummary,
    send: &mut dyn FnMut(IngestBatch) -> bool,
) -> FolderOutcome {
    let Some(path) = refresh::file_url_to_path(&feed.url) else { return FolderOutcome::default() };
    let (mut diff, mut mailboxes) = match load_known(reader, feed.id) {
        Ok(known) => known,
        Err(error) => return FolderOutcome { failures: vec![error.into()], mailboxes: None },
    };
    let is_first_scan = diff.is_first_scan();
    let mut batches = FolderBatches {
        reader,
        folder: &path,
        marks,
        foreground,
        feed: feed.id,
        upserts: Vec::new(),
        failures: Vec::new(),
        unread_mailboxes: HashSet::new(),
        summary,
        send,
        is_stopped: false,
    };
    let scan = documents::scan_folder(&path, &mut |file| {
        let mut add = |diff: &mut FolderDiff, file| {
            diff.add_file(file);
            // In a new folder, no file can have moved. So its files are read before all are known.
            if is_first_scan && diff.read_count() == MAX_WAITING_FILES {
                batches.read_files(diff);
            }
        };
        match file.part {
            FilePart::Mailbox => mailboxes.scan(&file, &mut diff, foreground, &mut add),
            FilePart::Whole | FilePart::Mail(_) => add(&mut diff, file),
        }
    });
    // If the folder cannot be read at all, or has too many files, its other articles are not marked
    // as missing.
    let is_unreadable = scan.file_count == 0 && !scan.warnings.is_empty();
    diff.finish_scan(!is_unreadable && !scan.is_truncated);
    batches.read_files(&mut diff);
    batches.send_rest(diff.newly_missing());
    let FolderBatches { failures, unread_mailboxes, is_stopped, .. } = batches;
    let read = mailboxes.finish(&unread_mailboxes);
    FolderOutcome {
        failures: scan_failures(scan, is_unreadable)
            .chain(read.warnings.into_iter().map(file_failure))
            .chain(failures)
            .collect(),
        mailboxes: read.changed.filter(|_| !is_stopped && !is_unreadable),
    }
}

/// Loads what is known of the files of a folder since its last refresh.
fn load_known(
    reader: &ReadConnection,
    feed: FeedId,
) -> Result<(FolderDiff, FolderMailboxes), StoreError> {
    let mut diff = FolderDiff::new();
    reader.for_each_file_fingerprint(feed, &mut |file| diff.add_known(file))?;
    diff.finish_known();
    Ok((diff, FolderMailboxes::new(reader.list_mailboxes(feed)?)))
}

/// Returns the failures of the scan of a folder.
fn scan_failures(scan: FolderScan, is_unreadable: bool) -> impl Iterator<Item = Failure> {
    let kind = if is_unreadable { FailureKind::Feed } else { FailureKind::File };
    scan.warnings.into_iter().map(move |warning| Failure::new(kind, warning.message))
}

/// The articles of a folder on their way to the library.
struct FolderBatches<'a> {
    reader: &'a ReadConnection,
    folder: &'a Path,
    marks: &'a WorkMarks,
    foreground: &'a Foreground,
    feed: FeedId,
    upserts: Vec<EntryUpsert>,
    failures: Vec<Failure>,
    /// The mailboxes of which a mail cannot be read, by their paths in the folder.
    unread_mailboxes: HashSet<String>,
    summary: &'a mut RefreshSummary,
    send: &'a mut dyn FnMut(IngestBatch) -> bool,
    /// Nothing more is wanted.
    is_stopped: bool,
}

impl FolderBatches<'_> {
    /// Reads the files that wait in `diff`, and sends full batches.
    fn read_files(&mut self, diff: &mut FolderDiff) {
        for file in diff.take_files_to_read() {
            if self.is_stopped {
                return;
            }
            self.foreground.give_way();
            match read_marked_document(&file, self.marks) {
                Ok((upsert, warnings)) => {
                    self.summary.warnings.extend(warnings);
                    self.upserts.push(match_moved_file(upsert, diff, self.summary));
                }
                Err(failure) => {
                    self.failures.push(failure);
                    self.unread_mailboxes.extend(file.mailbox_path().map(str::to_owned));
                }
            }
            if self.upserts.len() == MAX_BATCH_ENTRIES {
                self.link_files_moved_during_scan(diff);
                self.send_batch(Vec::new());
            }
        }
        self.link_files_moved_during_scan(diff);
    }

    /// Links new files to the entries of their old paths, where the scan still found them.
    fn link_files_moved_during_scan(&mut self, diff: &FolderDiff) {
        let is_new = |upsert: &&EntryUpsert| !upsert.is_update();
        let new = self.upserts.iter().filter(is_new).map(EntryUpsert::digest).collect();
        for (digest, entry) in diff.list_found(&new) {
            let is_same = |upsert: &EntryUpsert| is_new(&upsert) && upsert.digest() == digest;
            let Some(index) = self.upserts.iter().position(is_same) else { continue };
            if is_gone(self.reader, self.folder, entry) {
                let upsert = self.upserts.remove(index);
                self.upserts.insert(index, upsert.with_known_id(entry));
                self.summary.new_entries -= 1;
                self.summary.changed_entries += 1;
            }
        }
    }

    /// Sends the last batch, with the entries whose files are missing.
    fn send_rest(&mut self, missing_files: Vec<EntryId>) {
        let is_empty = self.upserts.is_empty() && missing_files.is_empty();
        if !is_empty && !self.is_stopped {
            self.send_batch(missing_files);
        }
    }

    fn send_batch(&mut self, missing_files: Vec<EntryId>) {
        let upserts = std::mem::take(&mut self.upserts);
        self.is_stopped |= !(self.send)(IngestBatch { feed: self.feed, upserts, missing_files });
    }
}

/// Links a moved file to the entry that it had at its old path, and counts the file as new or
/// changed.
fn match_moved_file(
    upsert: EntryUpsert,
    diff: &mut FolderDiff,
    summary: &mut RefreshSummary,
) -> EntryUpsert {
    let is_known_path = diff.knows_path(upsert.guid());
    let moved_entry = if is_known_path { None } else { diff.take_moved(upsert.digest()) };
    if is_known_path || moved_entry.is_some() {
        summary.changed_entries += 1;
    } else {
        summary.new_entries += 1;
    }
    match moved_entry {
        Some(id) => upsert.with_known_id(id),
        None if is_known_path => upsert.as_update(),
        None => upsert,
    }
}

/// Returns true if neither the file of an entry of `folder` is there any more, nor the mailbox that it was in.
fn is_gone(reader: &ReadConnection, folder: &Path, entry: EntryId) -> bool {
    // A name with a percent sign stands for one that is not known here.
    let guid = reader.load_guid(entry).ok().flatten().filter(|guid| !guid.contains('%'));
    guid.is_some_and(|guid| !folder.join(guid).ancestors().any(Path::is_file))
}

/// As [`read_document`]. A large file whose reading ended the program is left out until it changes.
fn read_marked_document(
    file: &ArticleFile,
    marks: &WorkMarks,
) -> Result<(EntryUpsert, Vec<Failure>), Failure> {
    if file.size < MIN_MARKED_BYTES as u64 {
        return read_document(file);
    }
    let name = match file.part {
        FilePart::Mail(_) => format!("{} in {}", file.relative_path, file.path.display()),
        FilePart::Whole | FilePart::Mailbox => file.path.display().to_string(),
    };
    let subject = format!("file {name}");
    let modified_millis = file.modified.map_or(0, |at| at.timestamp_millis());
    if marks.begin(&subject, &format!("{} {modified_millis}", file.size)) == WorkStart::Withheld {
        let sentence = format!(
            "{} is left out until it changes: reading it did not finish last time",
            sanitize::to_text_line(&name)
        );
        return Err(file_failure(sentence));
    }
    let read = read_document(file);
    marks.finish(&subject);
    read
}

/// Reads an article file; returns the entry to store and the warnings about the file.
fn read_document(file: &ArticleFile) -> Result<(EntryUpsert, Vec<Failure>), Failure> {
    let name = file.path.display().to_string();
    catch_panic(&name, || {
        let FileEntry { mut entry, warnings } =
            documents::read_article_file(file).map_err(|error| file_failure(error.to_string()))?;
        // Within a folder, the path identifies a file and an id in its front matter is ignored. A
        // moved file is recognized by its content.
        entry.guid.clone_from(&file.relative_path);
        let warnings = warnings.into_iter().map(file_failure).collect();
        Ok((EntryUpsert::new(entry, file.size, file.modified), warnings))
    })
}

fn file_failure(sentence: String) -> Failure {
    Failure::new(FailureKind::File, sentence)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::{
        library::clock::utc_now,
        model::FeedKind,
        store::{LibraryLocation, WriteConnection},
    };

    #[test]
    fn a_file_that_is_moved_while_its_folder_is_read_keeps_its_article() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let (old, new) = (folder.path().join("m.txt"), folder.path().join("z.txt"));
        let location = LibraryLocation::Memory("moved-during-scan".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let url = format!("file://{}", folder.path().display());
        store.add_feed(FeedKind::Folder, &url, "News").unwrap();
        let feed = reader.list_feeds().unwrap().remove(0);
        let mut read = |after_batch: &dyn Fn()| {
            let (marks, foreground) = (WorkMarks::new(&location), Foreground::default());
            let mut summary = RefreshSummary::default();
            read_folder(&reader, (&marks, &foreground), &feed, &mut summary, &mut |batch| {
                store.ingest_batch(&batch, utc_now()).unwrap();
                after_batch();
                true
            });
            (summary.new_entries, summary.changed_entries)
        };
        fs::write(&old, "date 2026-01-28 Rain.\n\nIt pours.\n").unwrap();
        assert_eq!(read(&|| {}), (1, 0));

        // The scan finds it at both places, and it is gone from the first one before the last batch.
        fs::copy(&old, &new).unwrap();
        for n in 0..MAX_BATCH_ENTRIES {
            fs::write(folder.path().join(format!("a{n}.txt")), format!("Story {n}")).unwrap();
        }
        let move_file = || {
            let _ = fs::remove_file(&old);
        };
        assert_eq!(read(&move_file), (MAX_BATCH_ENTRIES, 1));
        assert_eq!(read(&|| {}), (0, 0));
        // A copy of it is another article.
        fs::copy(&new, &old).unwrap();
        assert_eq!(read(&|| {}), (1, 0));
    }
}
