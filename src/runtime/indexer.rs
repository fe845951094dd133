//! Keeping the index up with the library: new texts become segments, small segments become large ones.

use std::{
    collections::HashSet,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::{
    background::{INDEXING, give_way},
    folded::folded,
    writer::WriteAsk,
};
use crate::{
    index::{Article, BATCH, Bits, Builder, COMMON, IndexError, Segment, folder_of, merge},
    model::{EntryId, Failure, FailureKind, Stamp},
    store::{KnownSegment, Location, NewSegments, Reader, StoreError, Stored},
};

/// Fewer new texts than this are looked through as they are: a segment of their own would cost more than it saves.
pub(super) const FEW: u64 = 512;

/// So many segments of one size become one of the next.
const MERGED: usize = 8;

/// So many are merged at once: the dictionary of each is in memory.
const TOGETHER: usize = 16;

/// Bytes of the texts of one segment when it is new: what it takes to build it is five times as much.
const BATCH_BYTES: usize = 32 << 20;

/// Articles of the smallest size of segments.
const SMALLEST: u32 = 2048;

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
            IndexingError::Index(error) => Failure::new(FailureKind::Library, sentence(&error)),
        }
    }
}

/// What is wrong with the index, and what follows from that.
pub(super) fn sentence(error: &IndexError) -> String {
    format!("Not everything is found: {error}; it is built anew.")
}

/// Brings the index up with the library.
pub struct Indexer<'a> {
    /// The library.
    pub reader: &'a Reader,
    /// Where the index is.
    pub folder: &'a Path,
    /// Set when the program ends: nothing that takes long is begun any more.
    pub stop: &'a AtomicBool,
    /// Makes a change of the index count.
    pub take: &'a mut dyn FnMut(NewSegments) -> Result<(), StoreError>,
}

impl Indexer<'_> {
    /// Indexes what is new, if there are `least` changes, and merges what has become too many. Another instance that is
    /// at it does it for us.
    pub fn run(&mut self, least: u64) -> Result<(), IndexingError> {
        let Some(_lock) = lock(self.folder) else { return Ok(()) };
        let mut least = least;
        while self.goes_on() && self.reader.count_text_changes()? >= least.max(1) {
            self.batch()?;
            least = 1;
        }
        while self.goes_on() && self.merge_some()? {}
        self.sweep()
    }

    fn goes_on(&self) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }

    /// The oldest changes become a segment.
    fn batch(&mut self) -> Result<(), IndexingError> {
        let changes = self.reader.text_changes(BATCH, BATCH_BYTES)?;
        let mut builder = Builder::default();
        self.reader.each_stored(&changes.entries, |stored| builder.add(&article(&stored)))?;
        let number = self.reader.next_segment()?;
        let count = u32::try_from(builder.len()).unwrap_or(u32::MAX);
        if !builder.is_empty() {
            builder.write(&folder_of(self.folder, number), COMMON)?;
        }
        let dead = self.buried(&changes.entries.iter().copied().collect())?;
        let added = (count > 0).then_some(KnownSegment { number, articles: count, dead: Vec::new() });
        Ok((self.take)(NewSegments { added, dead, seen: changes.last, ..NewSegments::default() })?)
    }

    /// The dead of segments in which `entries` have been until now.
    fn buried(&self, entries: &HashSet<EntryId>) -> Result<Vec<(i64, Vec<u8>)>, IndexingError> {
        let mut buried = Vec::new();
        for KnownSegment { number, dead, .. } in self.reader.segments()? {
            let ids = Segment::read_ids(&folder_of(self.folder, number))?;
            let mut bits = Bits::from_bytes(u32::try_from(ids.len()).unwrap_or(u32::MAX), &dead);
            let before = bits.count();
            for (id, article) in ids.iter().zip(0..) {
                if entries.contains(&EntryId(*id)) {
                    bits.put(article, true);
                }
            }
            if bits.count() > before {
                buried.push((number, bits.to_bytes()));
            }
        }
        Ok(buried)
    }

    /// Makes one segment of several, if there are too many of a size, or of one that is mostly dead. Tells whether.
    fn merge_some(&mut self) -> Result<bool, IndexingError> {
        let group = group(self.reader.segments()?);
        if group.is_empty() {
            return Ok(false);
        }
        let open = |known: &KnownSegment| -> Result<(Segment, Bits), IndexError> {
            let segment = Segment::open(&folder_of(self.folder, known.number))?;
            let dead = Bits::from_bytes(segment.articles(), &known.dead);
            Ok((segment, dead))
        };
        let opened = group.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let inputs: Vec<(&Segment, &Bits)> = opened.iter().map(|(segment, dead)| (segment, dead)).collect();
        let number = self.reader.next_segment()?;
        let articles = inputs.iter().map(|(segment, dead)| segment.articles() - dead.count()).sum();
        let stop = self.stop;
        if articles > 0
            && !merge(&inputs, &folder_of(self.folder, number), COMMON, &mut || {
                !stop.load(Ordering::Relaxed)
            })?
        {
            return Ok(false);
        }
        let added = (articles > 0).then_some(KnownSegment { number, articles, dead: Vec::new() });
        let replaced = group.iter().map(|known| known.number).collect();
        (self.take)(NewSegments { added, replaced, ..NewSegments::default() })?;
        Ok(true)
    }

    /// Deletes the folders of segments that count no more, and what was left unfinished.
    fn sweep(&self) -> Result<(), IndexingError> {
        let known: HashSet<PathBuf> =
            self.reader.segments()?.iter().map(|known| folder_of(self.folder, known.number)).collect();
        let folders = fs::read_dir(self.folder).into_iter().flatten().flatten().map(|entry| entry.path());
        for folder in folders.filter(|folder| folder.is_dir() && !known.contains(folder)) {
            // What cannot be deleted now is in nobody's way, and tried again the next time.
            let _ = fs::remove_dir_all(folder);
        }
        Ok(())
    }
}

/// The segments to merge: those of a size of which there are too many, the smallest size first.
fn group(segments: Vec<KnownSegment>) -> Vec<KnownSegment> {
    let size = |known: &KnownSegment| (known.articles / SMALLEST).checked_ilog(8).map_or(0, |size| size + 1);
    let mostly_dead = |known: &KnownSegment| {
        known.dead.iter().map(|byte| byte.count_ones()).sum::<u32>() * 2 > known.articles
    };
    if let Some(at) = segments.iter().position(mostly_dead) {
        return segments.into_iter().skip(at).take(1).collect();
    }
    let crowded =
        (0..=8).find(|wanted| segments.iter().filter(|known| size(known) == *wanted).count() >= MERGED);
    segments.into_iter().filter(|known| Some(size(known)) == crowded).take(TOGETHER).collect()
}

fn article(stored: &Stored) -> Article {
    let (folded, about) = folded(stored);
    Article {
        id: stored.id,
        feed: stored.feed,
        published: stored.published.instant().timestamp(),
        day_only: matches!(stored.published, Stamp::Day(_)),
        arrived: stored.arrived,
        folded,
        about,
    }
}

/// One indexer at a time; the lock is gone with the process that holds it.
fn lock(folder: &Path) -> Option<File> {
    fs::create_dir_all(folder).ok()?;
    let file = File::create(folder.join("lock")).ok()?;
    file.try_lock().is_ok().then_some(file)
}

/// The thread that keeps the index up, woken when there is news. Ends when nobody wakes it any more.
pub(super) fn run(
    location: &Location,
    wakes: &Receiver<()>,
    write: &Sender<WriteAsk>,
    failed: &dyn Fn(Failure),
    stop: &AtomicBool,
) {
    give_way(INDEXING);
    let Ok(reader) = Reader::open(location) else { return };
    let Some(folder) = location.index() else { return };
    let mut told = false;
    for () in wakes {
        // Several at once are one.
        wakes.try_iter().for_each(drop);
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let mut take = |new| {
            let (done, answer) = bounded(1);
            let _ = write.send(WriteAsk::Index(new, done));
            // A writer that is gone takes the program with it.
            answer.recv().unwrap_or(Ok(()))
        };
        let done = Indexer { reader: &reader, folder: &folder, stop, take: &mut take }.run(FEW);
        // Once: a disk that breaks what is written to it is not made better by writing more.
        if let Err(error) = done
            && !std::mem::replace(&mut told, true)
        {
            if matches!(error, IndexingError::Index(IndexError::Broken { .. })) {
                let _ = write.send(WriteAsk::ForgetIndex);
            }
            failed(error.into());
        }
    }
}
