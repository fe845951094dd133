//! Maintenance of the search index: writes segments of changed articles and merges small segments
//! into larger ones.
//!
//! Start with [`IndexMaintainer::update`]. The segments to merge are chosen in `merge_policy`.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use super::{file_lock::FileLock, indexable::index_fields, merge_policy::select_segments_to_merge};
use crate::{
    index::{
        BitSet, COMMON_WORD_MIN_DOCS, IndexDocument, IndexError, MAX_NEW_SEGMENT_DOCS, Segment,
        SegmentBuilder, SegmentLocation, merge_segments,
    },
    model::{EntryId, Failure, FailureKind, PublicationDate},
    store::{
        FullEntry, ManifestUpdate, ReadConnection, SegmentRecord, StoreError,
        create_private_folder, make_private,
    },
};

/// Number of changed articles below which no segment is written: each search scans them, which
/// costs less than another segment.
pub const MIN_CHANGES_TO_INDEX: u64 = 512;

/// Maximum size of the texts of a new segment, in bytes. Each MiB costs 0.7 MiB of memory while 20,000
/// articles are indexed for the first time (60 MiB in all).
const MAX_BATCH_BYTES: usize = 14 << 20;

/// An error during the maintenance of the index.
#[derive(Debug, thiserror::Error)]
pub enum IndexingError {
    /// The library could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An index file could not be read or written.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// Another instance maintains the index.
    #[error("another newsreader is updating the search index; try again when it has finished")]
    InUse,
}

impl From<IndexingError> for Failure {
    fn from(error: IndexingError) -> Failure {
        match error {
            IndexingError::Store(error) => error.into(),
            IndexingError::Index(error @ IndexError::Io { .. }) => {
                let sentence = format!("The search index cannot be updated: {error}");
                Failure::new(FailureKind::Library, sentence)
            }
            IndexingError::Index(error) => {
                Failure::new(FailureKind::Library, index_error_summary(&error))
            }
            IndexingError::InUse => Failure::new(FailureKind::Library, error.to_string()),
        }
    }
}

/// Returns the sentence that reports an error of the index to the user.
pub fn index_error_summary(error: &IndexError) -> String {
    format!("Search is incomplete ({error}); rebuilding the index")
}

/// Returns the sentence that reports an error of the index of a library that cannot be written.
pub fn read_only_index_summary(error: &IndexError) -> String {
    format!("Search is incomplete ({error}); the library is read-only, so the index stays as it is")
}

/// The means to update the index of a library.
pub struct IndexMaintainer<'a> {
    /// The library to read from.
    pub reader: &'a ReadConnection,
    /// The folder of the index.
    pub folder: &'a Path,
    /// Called between the steps of the work; once it returns false, because the program ends, nothing more is
    /// written.
    pub go_on: &'a dyn Fn() -> bool,
    /// Commits a change to the list of segments to the library.
    pub commit: &'a mut dyn FnMut(ManifestUpdate) -> Result<(), StoreError>,
}

impl IndexMaintainer<'_> {
    /// Indexes the changed articles if there are at least `min_changes`, then merges segments until
    /// no tier is full.
    ///
    /// Does nothing while another instance maintains the same index.
    ///
    /// # Errors
    ///
    /// Fails if the library or the index cannot be read or written.
    pub fn update(&mut self, min_changes: u64) -> Result<(), IndexingError> {
        let Some(_lock) = lock_index(self.folder)? else { return Ok(()) };
        let mut min_changes = min_changes.max(1);
        while (self.go_on)() && self.reader.count_text_changes()? >= min_changes {
            self.index_batch()?;
            min_changes = 1;
        }
        while (self.go_on)() && self.merge_one_tier()? {}
        self.delete_unused_folders()
    }

    /// Returns the number and the location of a new segment, with a random id.
    fn new_segment(&self) -> Result<(i64, SegmentLocation), StoreError> {
        let (number, id) = (self.reader.next_segment_number()?, self.reader.new_segment_id()?);
        Ok((number, SegmentLocation::new(self.folder, number, Some(id))))
    }

    fn location_of(&self, record: &SegmentRecord) -> SegmentLocation {
        SegmentLocation::new(self.folder, record.number, record.id)
    }

    /// Writes a segment of the oldest changes, or several if the first is full before, and deletes
    /// older versions of their articles in the other segments.
    fn index_batch(&mut self) -> Result<(), IndexingError> {
        let changes =
            self.reader.list_oldest_text_changes(MAX_NEW_SEGMENT_DOCS, MAX_BATCH_BYTES)?;
        let reader = self.reader;
        let mut builder = SegmentBuilder::default();
        let mut entries: HashSet<EntryId> = HashSet::new();
        let mut rest: HashSet<EntryId> = changes.entries.iter().copied().collect();
        let mut written = Ok(());
        let mut goes_on = true;
        reader.for_each_full_entry(&changes.entries, |stored| {
            goes_on &= (self.go_on)();
            if !goes_on {
                return;
            }
            if written.is_ok() && builder.is_full() {
                // The changes stay on the list until the last segment is written: a program that ends
                // before repeats them, and replaces the documents of this one.
                let (full, entries) = (std::mem::take(&mut builder), std::mem::take(&mut entries));
                written = self.add_segment(full, &entries, None);
            }
            if written.is_ok() {
                rest.remove(&stored.id);
                entries.insert(stored.id);
                let document = index_document(&stored);
                // Its text may be as large as everything that is made of it.
                drop(stored);
                builder.add_document(&document);
            }
        })?;
        written?;
        if !goes_on {
            return Ok(());
        }
        // Articles that are gone have older versions as well.
        entries.extend(rest);
        self.add_segment(builder, &entries, Some(changes.last_change))
    }

    /// Writes a new segment, if it has documents, and deletes the documents of `entries` in the other
    /// segments. `last_change` is the last text change that is indexed then.
    fn add_segment(
        &mut self,
        builder: SegmentBuilder,
        entries: &HashSet<EntryId>,
        last_change: Option<i64>,
    ) -> Result<(), IndexingError> {
        let (number, location) = self.new_segment()?;
        let count = u32::try_from(builder.len()).unwrap_or(u32::MAX);
        let mut go_on = || (self.go_on)();
        if !builder.is_empty()
            && !builder.write_segment(&location, COMMON_WORD_MIN_DOCS, &mut go_on)?
        {
            return Ok(());
        }
        let tombstones = self.find_replaced_documents(entries)?;
        let added = (count > 0).then_some(SegmentRecord {
            number,
            id: location.id,
            doc_count: count,
            tombstones: Vec::new(),
        });
        Ok((self.commit)(ManifestUpdate {
            added,
            tombstones,
            last_change: last_change.unwrap_or_default(),
            ..ManifestUpdate::default()
        })?)
    }

    /// Returns the numbers and the new tombstones of the segments that contain older versions of
    /// `entries`.
    fn find_replaced_documents(
        &self,
        entries: &HashSet<EntryId>,
    ) -> Result<Vec<(i64, Vec<u8>)>, IndexingError> {
        let mut updated_tombstones = Vec::new();
        for SegmentRecord { number, id, tombstones, .. } in self.reader.list_segments()? {
            let ids = Segment::read_entry_ids(&SegmentLocation::new(self.folder, number, id))?;
            let doc_count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
            let mut deleted = BitSet::from_bytes(doc_count, &tombstones);
            let old_count = deleted.count();
            for (id, doc) in ids.iter().zip(0..) {
                if entries.contains(&EntryId(*id)) {
                    deleted.set_to(doc, true);
                }
            }
            if deleted.count() > old_count {
                updated_tombstones.push((number, deleted.to_bytes()));
            }
        }
        Ok(updated_tombstones)
    }

    /// Merges the segments of a full tier, or rewrites a segment whose documents are mostly
    /// deleted.
    ///
    /// Returns false if there is nothing to merge, or the merge was stopped.
    fn merge_one_tier(&mut self) -> Result<bool, IndexingError> {
        let group = select_segments_to_merge(self.reader.list_segments()?);
        if group.is_empty() {
            return Ok(false);
        }
        let open_segment = |record: &SegmentRecord| -> Result<(Segment, BitSet), IndexError> {
            let segment = Segment::open(&self.location_of(record))?;
            let deleted = BitSet::from_bytes(segment.max_doc(), &record.tombstones);
            Ok((segment, deleted))
        };
        let opened = group.iter().map(open_segment).collect::<Result<Vec<_>, _>>()?;
        let inputs: Vec<(&Segment, &BitSet)> =
            opened.iter().map(|(segment, deleted)| (segment, deleted)).collect();
        let (number, location) = self.new_segment()?;
        let doc_count =
            inputs.iter().map(|(segment, deleted)| segment.max_doc() - deleted.count()).sum();
        let mut go_on = || (self.go_on)();
        if doc_count > 0 && !merge_segments(&inputs, &location, COMMON_WORD_MIN_DOCS, &mut go_on)? {
            return Ok(false);
        }
        let added = (doc_count > 0).then_some(SegmentRecord {
            number,
            id: location.id,
            doc_count,
            tombstones: Vec::new(),
        });
        let replaced = group.iter().map(|record| record.number).collect();
        (self.commit)(ManifestUpdate { added, replaced, ..ManifestUpdate::default() })?;
        Ok(true)
    }

    /// Deletes the folders of replaced segments and those that an interrupted run left behind.
    fn delete_unused_folders(&self) -> Result<(), IndexingError> {
        let segments = self.reader.list_segments()?;
        let used: HashSet<PathBuf> =
            segments.iter().map(|record| self.location_of(record).folder).collect();
        let entries = fs::read_dir(self.folder).into_iter().flatten().flatten();
        for path in entries.map(|entry| entry.path()) {
            if path.is_dir() && !used.contains(&path) {
                // If a folder cannot be deleted now, the next run tries again.
                let _ = fs::remove_dir_all(path);
            }
        }
        Ok(())
    }
}

fn index_document(stored: &FullEntry) -> IndexDocument {
    let (text, attributes) = index_fields(stored);
    IndexDocument {
        id: stored.id,
        feed: stored.feed,
        published: stored.published.instant().timestamp(),
        day_only: matches!(stored.published, PublicationDate::Day(_)),
        arrived: stored.arrived_seconds,
        text,
        attributes,
    }
}

/// Checks that the index in `folder` can be written, and that no other instance is doing so.
///
/// # Errors
///
/// Fails with the reason.
pub fn check_index_access(folder: &Path) -> Result<(), IndexingError> {
    lock_index(folder)?.map(drop).ok_or(IndexingError::InUse)
}

/// Takes the lock that allows one maintainer at a time; `None` if another instance has it.
pub(super) fn lock_index(folder: &Path) -> Result<Option<FileLock>, IndexError> {
    let path = folder.join("lock");
    let to_error = |error: io::Error| IndexError::Io {
        name: path.display().to_string(),
        reason: error.to_string(),
    };
    create_private_folder(folder).map_err(to_error)?;
    make_private(folder);
    FileLock::try_take(&path).map_err(to_error)
}
