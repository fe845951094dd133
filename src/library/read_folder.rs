//! Refresh of a folder of article files: new, changed, moved and missing files become batches to
//! store.

use super::{
    catch_panic::catch_panic,
    foreground::Foreground,
    work_marks::{MIN_MARKED_BYTES, WorkMarks, WorkStart},
};
use crate::{
    documents::{self, ArticleFile, FileEntry},
    model::{EntryId, Failure, FailureKind, Feed, FeedId, RefreshSummary},
    refresh::{self, FolderDiff},
    store::{EntryUpsert, IngestBatch, ReadConnection},
    text::sanitize,
};

/// Maximum number of articles in a batch. A batch is one transaction, so short that a change of the
/// user's waits only a few milliseconds.
pub(super) const MAX_BATCH_ENTRIES: usize = 256;

/// Maximum number of files of a new folder that are found before they are read.
const MAX_WAITING_FILES: usize = 4 << 10;

/// Reads the folder of `feed` and hands batches to `send`, until `send` returns false.
///
/// Gives way to keys between the files. Counts new and changed articles in `summary`, and adds the warnings
/// about files that were read.
/// Returns a failure for each file that cannot be read.
pub(super) fn read_folder(
    reader: &ReadConnection,
    (marks, foreground): (&WorkMarks, &Foreground),
    feed: &Feed,
    summary: &mut RefreshSummary,
    send: &mut dyn FnMut(IngestBatch) -> bool,
) -> Vec<Failure> {
    let Some(path) = refresh::file_url_to_path(&feed.url) else { return Vec::new() };
    let mut diff = FolderDiff::new();
    let known = reader.for_each_file_fingerprint(feed.id, &mut |file| diff.add_known(file));
    if let Err(error) = known {
        return vec![error.into()];
    }
    diff.finish_known();
    let is_first_scan = diff.is_first_scan();
    let mut batches = FolderBatches {
        marks,
        foreground,
        feed: feed.id,
        upserts: Vec::new(),
        failures: Vec::new(),
        summary,
        send,
        is_stopped: false,
    };
    let scan = documents::scan_folder(&path, &mut |file| {
        diff.add_file(file);
        // In a new folder, no file can have moved. So its files are read before all are known.
        if is_first_scan && diff.read_count() == MAX_WAITING_FILES {
            batches.read_files(&mut diff);
        }
    });
    // If the folder cannot be read at all, or has too many files, its other articles are not marked
    // as missing.
    let is_unreadable = scan.file_count == 0 && !scan.warnings.is_empty();
    let kind = if is_unreadable { FailureKind::Feed } else { FailureKind::File };
    let warnings: Vec<Failure> =
        scan.warnings.into_iter().map(|warning| Failure::new(kind, warning.message)).collect();
    diff.finish_scan(!is_unreadable && !scan.is_truncated);
    batches.read_files(&mut diff);
    batches.send_rest(diff.newly_missing());
    warnings.into_iter().chain(batches.failures).collect()
}

/// The articles of a folder on their way to the library.
struct FolderBatches<'a> {
    marks: &'a WorkMarks,
    foreground: &'a Foreground,
    feed: FeedId,
    upserts: Vec<EntryUpsert>,
    failures: Vec<Failure>,
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
                Err(failure) => self.failures.push(failure),
            }
            if self.upserts.len() == MAX_BATCH_ENTRIES {
                self.send_batch(Vec::new());
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

/// As [`read_document`]. A large file whose reading ended the program is left out until it changes.
fn read_marked_document(
    file: &ArticleFile,
    marks: &WorkMarks,
) -> Result<(EntryUpsert, Vec<Failure>), Failure> {
    if file.size < MIN_MARKED_BYTES as u64 {
        return read_document(file);
    }
    let subject = format!("file {}", file.path.display());
    let modified_millis = file.modified.map_or(0, |at| at.timestamp_millis());
    if marks.begin(&subject, &format!("{} {modified_millis}", file.size)) == WorkStart::Withheld {
        let sentence = format!(
            "{} is left out until it changes: reading it did not finish last time",
            sanitize::to_text_line(&file.path.display().to_string())
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
