//! The user's marks that the list shows and the library does not state yet.

use std::collections::VecDeque;

use crate::model::{AppliedChange, Change, Entry, FeedId, PublicationDate};

/// The effect of one mark on the counts of its feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) struct CountChange {
    /// The feed of the entry.
    pub(in crate::app) feed: FeedId,
    /// Publication date of the entry.
    pub(in crate::app) published: PublicationDate,
    /// The entry became unread (1) or read (-1).
    pub(in crate::app) unread: i64,
    /// The entry was starred (1) or unstarred (-1).
    pub(in crate::app) starred: i64,
}

/// A mark that the list shows.
#[derive(Debug)]
struct UnsavedMark {
    change: AppliedChange,
    counts: CountChange,
}

/// The marks that wait to be saved, oldest first.
///
/// The writer answers in the order of the requests, so the oldest is the one that an answer is about:
/// there is a place for every write with [`StoreWrite::marks_entries`], also for those that the list
/// shows only once they are saved.
///
/// [`StoreWrite::marks_entries`]: crate::app::StoreWrite::marks_entries
#[derive(Debug, Default)]
pub(in crate::app) struct UnsavedMarks {
    /// `None` for a write that the list shows only once it is saved.
    waiting: VecDeque<Option<UnsavedMark>>,
    /// Marks that [`UnsavedMarks::take_new`] has not returned yet.
    new: Vec<CountChange>,
}

impl UnsavedMarks {
    /// Adds a change of the state of `entry`, which has the state before it.
    pub(in crate::app) fn push(&mut self, change: &Change, entry: &Entry) {
        let counts = count_change(change, entry);
        let change = AppliedChange { change: change.clone(), title: None, copies: 0 };
        self.new.push(counts);
        self.waiting.push_back(Some(UnsavedMark { change, counts }));
    }

    /// Adds a write that the list does not show yet.
    pub(in crate::app) fn push_unlisted(&mut self) {
        self.waiting.push_back(None);
    }

    /// Removes the oldest write, which is saved or could not be made.
    pub(in crate::app) fn pop(&mut self) {
        self.waiting.pop_front();
    }

    /// Returns the marks made since the last call.
    pub(in crate::app) fn take_new(&mut self) -> Vec<CountChange> {
        std::mem::take(&mut self.new)
    }

    /// Returns the effects on the counts of all marks that wait.
    pub(in crate::app) fn counts(&self) -> impl Iterator<Item = &CountChange> {
        self.waiting.iter().flatten().map(|mark| &mark.counts)
    }

    /// Returns all marks that wait, as changes of entries.
    pub(in crate::app) fn changes(&self) -> impl Iterator<Item = &AppliedChange> {
        self.waiting.iter().flatten().map(|mark| &mark.change)
    }
}

fn count_change(change: &Change, entry: &Entry) -> CountChange {
    let step = |was: bool, is: bool| i64::from(is) - i64::from(was);
    let state = entry.state;
    let (unread, starred) = match change {
        Change::Read { read, .. } => (step(!state.read, !read), 0),
        Change::Starred { starred, .. } => (0, step(state.starred, *starred)),
        // The library counts hidden articles apart.
        Change::Tagged { .. }
        | Change::Weighted { .. }
        | Change::Queue { .. }
        | Change::Unsubscribed { .. }
        | Change::Subscription { .. }
        | Change::Address { .. }
        | Change::Moved { .. }
        | Change::View { .. }
        | Change::Rule { .. }
        | Change::SavedFilter { .. }
        | Change::Dropped { .. }
        | Change::Imported { .. }
        | Change::StoryLinked { .. }
        | Change::Many(_) => (0, 0),
    };
    CountChange { feed: entry.feed, published: entry.published, unread, starred }
}
