//! Keeping the index up with the library: new texts become segments, small segments become large ones.

use std::{
    collections::HashSet,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::{
    indexable::index_fields,
    priority::{INDEX_NICENESS, lower_priority},
    writer::WriteRequest,
};
use crate::{
    index::{
        BitSet, COMMON_WORD_MIN_DOCS, IndexDocument, IndexError, MAX_NEW_SEGMENT_DOCS, Segment,
        SegmentBuilder, merge_segments, segment_folder,
    },
    model::{EntryId, Failure, FailureKind, PublicationDate},
    store::{
        FullEntry, LibraryLocation, ManifestUpdate, ReadConnection, SegmentRecord, StoreError,
    },
};

/// Fewer new texts than this are looked through as they are: a segment of their own would cost more than it saves.
pub(super) const MIN_CHANGES_TO_INDEX: u64 = 512;

/// So many segments of one size become one of the next.
const SEGMENTS_PER_TIER: usize = 8;

/// So many are merged at once: the dictionary of each is in memory.
const MAX_MERGED_SEGMENTS: usize = 16;

/// Bytes of the texts of one segment when it is new: what it takes to build it is five times as much.
const MAX_BATCH_BYTES: usize = 32 << 20;

/// Articles of the smallest size of segments.
const SMALLEST_TIER_DOCUMENTS: u32 = 2048;

/// Why the index is not up with the library.
#[derive(Debug, thiserror::Error)]
pub enum IndexingError {
    /// The library.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The files.
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

/// What is wrong with the index, and what follows from that.
pub(super) fn index_error_summary(error: &IndexError) -> String {
    format!("Not everything is found: {error}; it is built anew.")
}

/// Brings the index up with the library.
pub struct IndexMaintainer<'a> {
    /// The library.
    pub reader: &'a ReadConnection,
    /// Where the index is.
    pub folder: &'a Path,
    /// Set when the program ends: nothing that takes long is begun any more.
    pub stop: &'a AtomicBool,
    /// Makes a change of the index count.
    pub commit: &'a mut dyn FnMut(ManifestUpdate) -> Result<(), StoreError>,
}

impl IndexMaintainer<'_> {
    /// Indexes what is new, if there are `least` changes, and merges what has become too many. Another instance that is
    /// at it does it for us.
    pub fn update(&mut self, least: u64) -> Result<(), IndexingError> {
        let Some(_lock) = lock_index(self.folder) else { return Ok(()) };
        let mut least = least;
        while self.should_continue() && self.reader.count_text_changes()? >= least.max(1) {
            self.index_batch()?;
            least = 1;
        }
        while self.should_continue() && self.merge_one_tier()? {}
        self.delete_unused_folders()
    }

    fn should_continue(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    /// The oldest changes become a segment.
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

    /// The dead of segments in which `entries` have been until now.
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

    /// Makes one segment of several, if there are too many of a size, or of one that is mostly dead. Tells whether.
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

    /// Deletes the folders of segments that count no more, and what was left unfinished.
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
            // What cannot be deleted now is in nobody's way, and tried again the next time.
            let _ = fs::remove_dir_all(folder);
        }
        Ok(())
    }
}

/// The segments to merge: those of a size of which there are too many, the smallest size first.
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

/// One indexer at a time; the lock is gone with the process that holds it.
fn lock_index(folder: &Path) -> Option<File> {
    fs::create_dir_all(folder).ok()?;
    let file = File::create(folder.join("lock")).ok()?;
    file.try_lock().is_ok().then_some(file)
}

/// The thread that keeps the index up, woken when there is news. Ends when nobody wakes it any more.
pub(super) fn run_index_thread(
    location: &LibraryLocation,
    wakes: &Receiver<()>,
    write: &Sender<WriteRequest>,
    failed: &dyn Fn(Failure),
    stop: &AtomicBool,
) {
    lower_priority(INDEX_NICENESS);
    let Ok(reader) = ReadConnection::open(location) else { return };
    let Some(folder) = location.index_folder() else { return };
    let mut told = false;
    for () in wakes {
        // Several at once are one.
        wakes.try_iter().for_each(drop);
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let mut take = |new| {
            let (done, answer) = bounded(1);
            let _ = write.send(WriteRequest::CommitIndex(new, done));
            // A writer that is gone takes the program with it.
            answer.recv().unwrap_or(Ok(()))
        };
        let done = IndexMaintainer { reader: &reader, folder: &folder, stop, commit: &mut take }
            .update(MIN_CHANGES_TO_INDEX);
        // Once: a disk that breaks what is written to it is not made better by writing more.
        if let Err(error) = done
            && !std::mem::replace(&mut told, true)
        {
            if matches!(error, IndexingError::Index(IndexError::Corrupt { .. })) {
                let _ = write.send(WriteRequest::ResetIndex);
            }
            failed(error.into());
        }
    }
}
