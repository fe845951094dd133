//! The dwell timer: an article that rests in view for a while counts as read.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::EntryId;

/// A timer for the unread article in view; does not run before the first input of the user, and not
/// in a list that was empty and has filled by itself.
#[derive(Debug)]
pub(in crate::app) struct DwellTimer {
    /// Time for which an article must rest in view before it counts as read; `None` never makes one
    /// read.
    dwell_time: Option<TimeDelta>,
    has_input: bool,
    /// The entry in view, and whether it was read, when it was last looked at.
    last_shown: Option<(EntryId, bool)>,
    /// The entry that was made unread while it was in view; it stays unread.
    kept_unread: Option<EntryId>,
    entry_id: Option<EntryId>,
    since: Option<DateTime<Utc>>,
}

impl DwellTimer {
    /// Creates a timer that makes an article read after `seconds`; 0 never does.
    pub(in crate::app) fn new(seconds: u32) -> DwellTimer {
        DwellTimer {
            dwell_time: (seconds > 0).then(|| TimeDelta::seconds(seconds.into())),
            has_input: false,
            last_shown: None,
            kept_unread: None,
            entry_id: None,
            since: None,
        }
    }

    /// Notes that the user has used a key or the mouse.
    pub(in crate::app) fn note_input(&mut self) {
        self.has_input = true;
    }

    /// Notes that the list is empty, or that another entry than the one that the user chose took its
    /// place: what is shown then has not been chosen by the user, and does not count as read before the
    /// next input.
    pub(in crate::app) fn wait_for_input(&mut self) {
        self.has_input = false;
    }

    /// Returns whether the user has used a key or the mouse since the list was empty.
    pub(in crate::app) fn has_input(&self) -> bool {
        self.has_input
    }

    /// Notes the selected entry and whether it is read. One that becomes unread there, by a command
    /// or by undo, is not made read again before another one was selected.
    pub(in crate::app) fn note_state(&mut self, id: EntryId, read: bool) {
        if self.last_shown == Some((id, true)) && !read {
            self.kept_unread = Some(id);
        }
        self.kept_unread.take_if(|kept| *kept != id);
        self.last_shown = Some((id, read));
    }

    /// Restarts if another unread entry has come into view; `None` stops the timer.
    pub(in crate::app) fn watch(&mut self, entry: Option<EntryId>, now: DateTime<Utc>) {
        let entry = entry.filter(|_| self.has_input).filter(|id| self.kept_unread != Some(*id));
        if self.entry_id != entry {
            self.entry_id = entry;
            self.since = entry.map(|_| now);
        }
    }

    /// Returns the time until the entry counts as read.
    pub(in crate::app) fn time_left(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        Some(self.since? + self.dwell_time? - now)
    }

    /// Returns whether the entry counts as read now; if so, the timer stops.
    pub(in crate::app) fn take_elapsed(&mut self, now: DateTime<Utc>) -> bool {
        let is_over = self.time_left(now).is_some_and(|left| left <= TimeDelta::zero());
        is_over && self.since.take().is_some()
    }
}
