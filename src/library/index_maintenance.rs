//! Keeping the search index up to date: writes segments of new articles, and merges small segments into larger ones.

use std::{
    collections::HashSet,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use super::indexable::index_fields;
use crate::{
    index::{
        BitSet, COMMON_WORD_MIN_DOCS, IndexDocument, IndexError, MAX_NEW_SEGMENT_DOCS, Segment,
        SegmentBuilder, merge_segments, segment_folder,
    },
    model::{EntryId, Failure, FailureKind, PublicationDate},
    store::{FullEntry, ManifestUpdate, ReadConnection, SegmentRecord, StoreError},
};

/// Number of changed articles below which no segment is written: scanning them costs less than a segment of their own.
pub const MIN_CHANGES_TO_INDEX: u64 = 512;

/// Number of segments in one size tier that are merged into one of the next tier.
const SEGMENTS_PER_TIER: usize = 8;

/// Maximum number of segments merged at once: the term dictionary of each is in memory.
const MAX_MERGED_SEGMENTS: usize = 16;

/// Maximum size of the texts of a new segment, in bytes: building one takes five times as much memory.
const MAX_BATCH_BYTES: usize = 32 << 20;

/// Number of articles in a segment of the smallest tier.
const SMALLEST_TIER_DOCUMENTS: u32 = 2048;

/// An error while the index was brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum IndexingError {
    /// The library could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An index file could not be read or written.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl From<IndexingError> for Failure {
    fn from(error: IndexingError) -> Failure {
        match error {
            IndexingError::Store(error) => error.into(),
            IndexingError::Index(error) => {
                Failure::new(FailureKind::Library, index_error_summary(&error))
            }
        }
    }
}

/// Returns the sentence that tells the user of a broken index.
pub fn index_error_summary(error: &IndexError) -> String {
    format!("Not everything is found: {error}; it is built anew.")
}

/// A run that brings the index up to date with the library.
pub struct IndexMaintainer<'a> {
    /// The library to read from.
    pub reader: &'a ReadConnection,
    /// The folder of the index.
    pub folder: &'a Path,
    /// Set when the program ends: nothing that takes long is started any more.
    pub stop: &'a AtomicBool,
    /// Commits a change of the list of segments to the library.
    pub commit: &'a mut dyn FnMut(ManifestUpdate) -> Result<(), StoreError>,
}

impl IndexMaintainer<'_> {
    /// Indexes changed articles, if there are at least `min_changes`, then merges segments until no tier is crowded.
    ///
    /// Returns at once while another instance maintains the same index.
    pub fn update(&mut self, min_changes: u64) -> Result<(), IndexingError> {
        let Some(_lock) = lock_index(self.folder) else { return Ok(()) };
        let mut min_changes = min_changes.max(1);
        while self.should_continue() && self.reader.count_text_changes()? >= min_changes {
            self.index_batch()?;
            min_changes = 1;
        }
        while self.should_continue() && self.merge_one_tier()? {}
        self.delete_unused_folders()
    }

    fn should_continue(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    /// Writes a segment of the oldest changes.
    fn index_batch(&mut self) -> Result<(), IndexingError> {
        let changes =
            self.reader.list_oldest_text_changes(MAX_NEW_SEGMENT_DOCS, MAX_BATCH_BYTES)?;
        let mut builder = SegmentBuilder::default();
        self.reader.for_each_full_entry(&changes.entries, |stored| {
            builder.add_document(&index_document(&stored));
        })?;
        let number = self.reader.next_segment_number()?;
        let count = u32::try_from(builder.len()).unwrap_or(u32::MAX);
        if !builder.is_empty() {
            builder.write_segment(&segment_folder(self.folder, number), COMMON_WORD_MIN_DOCS)?;
        }
        let dead = self.find_replaced_documents(&changes.entries.iter().copied().collect())?;
        let added = (count > 0).then_some(SegmentRecord {
            number,
            doc_count: count,
            tombstones: Vec::new(),
        });
        Ok((self.commit)(ManifestUpdate {
            added,
            tombstones: dead,
            last_change: changes.last_change,
            ..ManifestUpdate::default()
        })?)
    }

    /// Returns the new tombstones of the segments that contain older versions of `entries`.
    fn find_replaced_documents(
        &self,
        entries: &HashSet<EntryId>,
    ) -> Result<Vec<(i64, Vec<u8>)>, IndexingError> {
        let mut buried = Vec::new();
        for SegmentRecord { number, tombstones: dead, .. } in self.reader.list_segments()? {
            let ids = Segment::read_entry_ids(&segment_folder(self.folder, number))?;
            let mut bits = BitSet::from_bytes(u32::try_from(ids.len()).unwrap_or(u32::MAX), &dead);
            let before = bits.count();
            for (id, article) in ids.iter().zip(0..) {
                if entries.contains(&EntryId(*id)) {
                    bits.set_to(article, true);
                }
            }
            if bits.count() > before {
                buried.push((number, bits.to_bytes()));
            }
        }
        Ok(buried)
    }

    /// Merges the segments of a crowded tier, or rewrites a segment that is mostly deleted; returns `false` if there is
    /// nothing to merge.
    fn merge_one_tier(&mut self) -> Result<bool, IndexingError> {
        let group = select_segments_to_merge(self.reader.list_segments()?);
        if group.is_empty() {
            return Ok(false);
        }
        let open = |known: &SegmentRecord| -> Result<(Segment, BitSet), IndexError> {
            let segment = Segment::open(&segment_folder(self.folder, known.number))?;
            let dead = BitSet::from_bytes(segment.max_doc(), &known.tombstones);
            Ok((segment, dead))
        };
        let opened = group.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let inputs: Vec<(&Segment, &BitSet)> =
            opened.iter().map(|(segment, dead)| (segment, dead)).collect();
        let number = self.reader.next_segment_number()?;
        let articles = inputs.iter().map(|(segment, dead)| segment.max_doc() - dead.count()).sum();
        let stop = self.stop;
        if articles > 0
            && !merge_segments(
                &inputs,
                &segment_folder(self.folder, number),
                COMMON_WORD_MIN_DOCS,
                &mut || !stop.load(Ordering::Relaxed),
            )?
        {
            return Ok(false);
        }
        let added = (articles > 0).then_some(SegmentRecord {
            number,
            doc_count: articles,
            tombstones: Vec::new(),
        });
        let replaced = group.iter().map(|known| known.number).collect();
        (self.commit)(ManifestUpdate { added, replaced, ..ManifestUpdate::default() })?;
        Ok(true)
    }

    /// Deletes the folders of replaced segments and those that an interrupted run left behind.
    fn delete_unused_folders(&self) -> Result<(), IndexingError> {
        let known: HashSet<PathBuf> = self
            .reader
            .list_segments()?
            .iter()
            .map(|known| segment_folder(self.folder, known.number))
            .collect();
        let folders =
            fs::read_dir(self.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        for folder in folders.filter(|folder| folder.is_dir() && !known.contains(folder)) {
            // A folder that cannot be deleted now is tried again the next time.
            let _ = fs::remove_dir_all(folder);
        }
        Ok(())
    }
}

/// Selects the segments to merge: one that is mostly deleted, or else those of the smallest crowded tier.
fn select_segments_to_merge(segments: Vec<SegmentRecord>) -> Vec<SegmentRecord> {
    let size = |known: &SegmentRecord| {
        (known.doc_count / SMALLEST_TIER_DOCUMENTS).checked_ilog(8).map_or(0, |size| size + 1)
    };
    let mostly_dead = |known: &SegmentRecord| {
        known.tombstones.iter().map(|byte| byte.count_ones()).sum::<u32>() * 2 > known.doc_count
    };
    if let Some(at) = segments.iter().position(mostly_dead) {
        return segments.into_iter().skip(at).take(1).collect();
    }
    let crowded = (0..=8).find(|wanted| {
        segments.iter().filter(|known| size(known) == *wanted).count() >= SEGMENTS_PER_TIER
    });
    segments
        .into_iter()
        .filter(|known| Some(size(known)) == crowded)
        .take(MAX_MERGED_SEGMENTS)
        .collect()
}

fn index_document(stored: &FullEntry) -> IndexDocument {
    let (folded, about) = index_fields(stored);
    IndexDocument {
        id: stored.id,
        feed: stored.feed,
        published: stored.published.instant().timestamp(),
        day_only: matches!(stored.published, PublicationDate::Day(_)),
        arrived: stored.arrived_seconds,
        text: folded,
        attributes: about,
    }
}

/// Takes the lock that allows one maintainer at a time. It is gone with the process that holds it.
fn lock_index(folder: &Path) -> Option<File> {
    fs::create_dir_all(folder).ok()?;
    let file = File::create(folder.join("lock")).ok()?;
    file.try_lock().is_ok().then_some(file)
}
