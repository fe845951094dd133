//! The index thread: updates the search index, and finds the stories of articles, whenever articles have
//! changed.

use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::{
    priority::{INDEX_NICENESS, lower_priority},
    requests::{StoryCommit, WriteRequest},
};
use crate::{
    index::IndexError,
    library::{
        Foreground, IndexMaintainer, IndexingError, MIN_CHANGES_TO_INDEX, StoryAccess, StoryFinder,
    },
    model::Failure,
    store::{LibraryLocation, ManifestUpdate, ReadConnection, StoryUpdate},
};

/// Number of articles whose stories are stored together. The writer thread cannot stop for a key meanwhile: it takes some
/// 2 ms for so many.
const STORY_BATCH_SIZE: usize = 64;

/// Runs until all senders of wake-ups are dropped or `stop` is set, and gives way to keys. Only the first
/// error goes to `report_failure`.
pub(super) fn run_index_thread(
    location: &LibraryLocation,
    wake_ups: &Receiver<()>,
    writes: &Sender<WriteRequest>,
    report_failure: &dyn Fn(Failure),
    (stop, foreground): (&AtomicBool, &Foreground),
) {
    lower_priority(INDEX_NICENESS);
    foreground.give_way();
    let Ok(reader) = ReadConnection::open_for_scan(location) else { return };
    let LibraryLocation::Folder(_) = location else { return };
    let Some(folder) = location.index_folder() else { return };
    let mut has_failed = false;
    let mut stories = StoryFinder::default();
    for () in wake_ups {
        // One update serves all wake-ups that wait.
        wake_ups.try_iter().for_each(drop);
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let mut commit = |update: ManifestUpdate| {
            let (reply, outcome) = bounded(1);
            let _ = writes.send(WriteRequest::CommitIndex { update, reply });
            // Without a reply the writer has ended, and the program ends too.
            outcome.recv().unwrap_or(Ok(()))
        };
        let go_on = || {
            foreground.give_way();
            !stop.load(Ordering::Relaxed)
        };
        let mut maintainer = IndexMaintainer {
            reader: &reader,
            folder: &folder,
            go_on: &go_on,
            commit: &mut commit,
        };
        let mut commit_stories = |update: StoryUpdate| -> StoryCommit {
            let (reply, outcome) = bounded(1);
            let _ = writes.send(WriteRequest::CommitStories { update, reply });
            outcome.recv().unwrap_or(Ok(None))
        };
        // The index is rebuilt only once: if a disk damages written data, writing more does not
        // help.
        if let Err(error) = maintainer.update(MIN_CHANGES_TO_INDEX)
            && !std::mem::replace(&mut has_failed, true)
        {
            if matches!(
                error,
                IndexingError::Index(IndexError::Corrupt { .. } | IndexError::Foreign { .. })
            ) {
                let _ = writes.send(WriteRequest::ResetIndex);
            }
            report_failure(error.into());
        }
        let mut access = StoryAccess {
            reader: &reader,
            folder: &folder,
            go_on: &go_on,
            batch_size: STORY_BATCH_SIZE,
            commit: &mut commit_stories,
        };
        if let Err(error) = stories.update(&mut access)
            && !std::mem::replace(&mut has_failed, true)
        {
            report_failure(error.into());
        }
    }
}
