//! Refresh of a folder of article files: new, changed, moved and missing files become batches to
//! store.

use super::{
    catch_panic::catch_panic,
    work_marks::{MIN_MARKED_BYTES, WorkMarks, WorkStart},
};
use crate::{
    documents::{self, ArticleFile, FileEntry},
    model::{Failure, FailureKind, Feed, RefreshSummary},
    refresh::{self, FolderDiff},
    store::{EntryUpsert, IngestBatch, ReadConnection},
    text::sanitize,
};

/// Maximum number of articles in a batch. A batch is one transaction, so short that a change of the
/// user's waits only a few milliseconds.
const MAX_BATCH_ENTRIES: usize = 256;

/// Reads the folder of `feed` and hands batches to `send`, until `send` returns false.
///
/// Counts new and changed articles in `summary`, and adds the warnings about files that were read.
/// Returns a failure for each file that cannot be read.
pub(super) fn read_folder(
    reader: &ReadConnection,
    marks: &WorkMarks,
    feed: &Feed,
    summary: &mut RefreshSummary,
    send: &mut dyn FnMut(IngestBatch) -> bool,
) -> Vec<Failure> {
    let Some(path) = refresh::file_url_to_path(&feed.url) else { return Vec::new() };
    let fingerprints = match reader.list_file_fingerprints(feed.id) {
        Ok(fingerprints) => fingerprints,
        Err(error) => return vec![error.into()],
    };
    let scan = documents::scan_folder(&path);
    let mut failures: Vec<Failure> =
        scan.warnings.into_iter().map(|warning| file_failure(warning.message)).collect();
    // If the folder cannot be read at all, its articles are not marked as missing.
    let is_unreadable = scan.files.is_empty() && !failures.is_empty();
    let mut diff = refresh::diff_folder(&fingerprints, &scan.files);
    let mut upserts = Vec::with_capacity(MAX_BATCH_ENTRIES.min(diff.to_read.len()));
    for file in std::mem::take(&mut diff.to_read) {
        match read_marked_document(&file, marks) {
            Ok((upsert, warnings)) => {
                summary.warnings.extend(warnings);
                upserts.push(match_moved_file(upsert, &mut diff, summary));
            }
            Err(failure) => failures.push(failure),
        }
        if upserts.len() == MAX_BATCH_ENTRIES {
            let upserts = std::mem::take(&mut upserts);
            if !send(IngestBatch { feed: feed.id, upserts, missing_files: Vec::new() }) {
                return failures;
            }
        }
    }
    let missing_files = if is_unreadable { Vec::new() } else { diff.newly_missing() };
    if !upserts.is_empty() || !missing_files.is_empty() {
        send(IngestBatch { feed: feed.id, upserts, missing_files });
    }
    failures
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
