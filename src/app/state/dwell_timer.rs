//! The dwell timer: an article that rests in view for a while counts as read.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::EntryId;

/// Time for which an article must rest in view before it counts as read.
const DWELL_TIME: TimeDelta = TimeDelta::seconds(2);

/// A timer for the unread article in view; does not run before the first input of the user.
#[derive(Debug, Default)]
pub(in crate::app) struct DwellTimer {
    has_input: bool,
    entry_id: Option<EntryId>,
    since: Option<DateTime<Utc>>,
}

impl DwellTimer {
    /// Notes that the user has used a key or the mouse.
    pub(in crate::app) fn note_input(&mut self) {
        self.has_input = true;
    }

    /// Returns whether the user has used a key or the mouse yet.
    pub(in crate::app) fn has_input(&self) -> bool {
        self.has_input
    }

    /// Restarts if another unread entry has come into view; `None` stops the timer.
    pub(in crate::app) fn watch(&mut self, entry: Option<EntryId>, now: DateTime<Utc>) {
        let entry = entry.filter(|_| self.has_input);
        if self.entry_id != entry {
            self.entry_id = entry;
            self.since = entry.map(|_| now);
        }
    }

    /// Returns the time until the entry counts as read.
    pub(in crate::app) fn time_left(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.since.map(|since| since + DWELL_TIME - now)
    }

    /// Returns whether the entry counts as read now; if so, the timer stops.
    pub(in crate::app) fn take_elapsed(&mut self, now: DateTime<Utc>) -> bool {
        self.since.take_if(|since| *since + DWELL_TIME <= now).is_some()
    }
}
