//! The events in a library since the last look, whichever program caused them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    model::{EntryId, EntryState, Feed, FeedId, TagId, TagName},
    store::{ReadConnection, StateBitmaps, StoreError, TagBitmaps},
};

/// Something that happened in a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LibraryEvent {
    /// An article arrived.
    New(EntryId),
    /// An article was marked as read, or as unread.
    Read(EntryId, bool),
    /// An article was starred or unstarred.
    Starred(EntryId, bool),
    /// An article got a tag of the user's or lost it; `later` and `hidden` are tags as well.
    Tagged(EntryId, TagName, bool),
    /// An article was moved to the trash, or restored.
    Removed(EntryId, bool),
    /// A feed or a folder was refreshed.
    Refreshed(FeedId),
    /// The user subscribed to a feed, or unsubscribed from it.
    Subscribed(FeedId, bool),
}

/// A mark in the state of an article, and the event of its change.
type MarkEvent = (fn(EntryState) -> bool, fn(EntryId, bool) -> LibraryEvent);

/// The state of a library as it was at the last look.
pub struct LibraryWatch {
    version: i64,
    newest: EntryId,
    states: StateBitmaps,
    tags: TagBitmaps,
    /// The time of the last refresh of each feed.
    refreshed: BTreeMap<FeedId, Option<DateTime<Utc>>>,
}

impl LibraryWatch {
    /// Takes a first look.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn begin(reader: &ReadConnection) -> Result<LibraryWatch, StoreError> {
        // Read first, so that a change meanwhile is seen at the next look.
        let version = reader.data_version()?;
        reader.with_snapshot(|| LibraryWatch::load(reader, version))
    }

    fn load(reader: &ReadConnection, version: i64) -> Result<LibraryWatch, StoreError> {
        let feeds = reader.list_feeds()?;
        Ok(LibraryWatch {
            version,
            newest: reader.newest_entry_id()?,
            states: reader.load_state_bitmaps()?,
            tags: reader.load_tag_bitmaps()?,
            refreshed: feeds.iter().map(|feed| (feed.id, last_refresh(feed))).collect(),
        })
    }

    /// Looks again, and returns what has happened since: arrivals in their order, then changes of marks,
    /// then feeds. Where nothing was written, this reads one number.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn look(&mut self, reader: &ReadConnection) -> Result<Vec<LibraryEvent>, StoreError> {
        let version = reader.data_version()?;
        if version == self.version {
            return Ok(Vec::new());
        }
        let (now, arrived, names) = reader.with_snapshot(|| {
            let now = LibraryWatch::load(reader, version)?;
            let names = reader.list_tags()?.into_iter().map(|tag| (tag.id, tag.name)).collect();
            Ok((now, reader.list_entries_after(self.newest)?, names))
        })?;
        let mut events: Vec<LibraryEvent> = arrived.into_iter().map(LibraryEvent::New).collect();
        self.compare_states(&now, &mut events);
        self.compare_tags(&now, &names, &mut events);
        self.compare_feeds(&now, &mut events);
        *self = now;
        Ok(events)
    }

    /// Adds what has changed in the states of articles that were known before; those of new ones are part
    /// of their arrival.
    fn compare_states(&self, now: &LibraryWatch, events: &mut Vec<LibraryEvent>) {
        for id in now.states.changed_since(&self.states).filter(|id| *id <= self.newest) {
            let (before, after) = (self.states.get(id.0), now.states.get(id.0));
            let changes: [MarkEvent; 4] = [
                (|state| state.read, LibraryEvent::Read),
                (|state| state.starred, LibraryEvent::Starred),
                (|state| state.removed, LibraryEvent::Removed),
                (|state| state.hidden, |id, on| LibraryEvent::Tagged(id, TagName::hidden(), on)),
            ];
            let differing = changes.into_iter().filter(|(mark, _)| mark(before) != mark(after));
            events.extend(differing.map(|(mark, to_event)| to_event(id, mark(after))));
        }
    }

    fn compare_tags(
        &self,
        now: &LibraryWatch,
        names: &BTreeMap<TagId, TagName>,
        events: &mut Vec<LibraryEvent>,
    ) {
        let changed = now.tags.changed_since(&self.tags).filter(|(_, id)| *id <= self.newest);
        events.extend(changed.filter_map(|(tag, id)| {
            let name = names.get(&tag)?.clone();
            Some(LibraryEvent::Tagged(id, name, now.tags.contains(tag, id)))
        }));
    }

    fn compare_feeds(&self, now: &LibraryWatch, events: &mut Vec<LibraryEvent>) {
        for (feed, refreshed) in &now.refreshed {
            match self.refreshed.get(feed) {
                None => events.push(LibraryEvent::Subscribed(*feed, true)),
                Some(before) if before != refreshed => events.push(LibraryEvent::Refreshed(*feed)),
                Some(_) => {}
            }
        }
        let gone = self.refreshed.keys().filter(|feed| !now.refreshed.contains_key(feed));
        events.extend(gone.map(|feed| LibraryEvent::Subscribed(*feed, false)));
    }
}

fn last_refresh(feed: &Feed) -> Option<DateTime<Utc>> {
    feed.refresh_state.last_checked
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{
        library::{hide_samples, parse_samples, samples::SAMPLES, store_samples},
        model::{Actor, Change, TagMark},
        store::{LibraryLocation, WriteConnection},
    };

    #[test]
    fn look_tells_of_each_change_once() {
        let location = LibraryLocation::Memory("library-watch".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let at = DateTime::UNIX_EPOCH;
        let mut watch = LibraryWatch::begin(&reader).unwrap();
        assert_eq!(watch.look(&reader).unwrap(), []);
        store_samples(&mut store, parse_samples(SAMPLES), at).unwrap();
        let events = watch.look(&reader).unwrap();
        assert!(
            events.len() > 10
                && events[..9].iter().all(|event| matches!(event, LibraryEvent::New(_)))
        );
        assert!(matches!(events.last(), Some(LibraryEvent::Subscribed(_, true))));
        let LibraryEvent::New(id) = events[3] else { panic!("{events:?}") };
        let tag = TagName::parse("urgent").unwrap();
        let changes = [
            (Change::set_read(&[id], true), LibraryEvent::Read(id, true)),
            (Change::set_starred(&[id], true), LibraryEvent::Starred(id, true)),
            (
                Change::set_tag(&[id], tag.clone(), TagMark::On),
                LibraryEvent::Tagged(id, tag.clone(), true),
            ),
            (
                Change::set_tag(&[id], tag.clone(), TagMark::Off),
                LibraryEvent::Tagged(id, tag, false),
            ),
            (
                Change::set_tag(&[id], TagName::hidden(), TagMark::On),
                LibraryEvent::Tagged(id, TagName::hidden(), true),
            ),
            (Change::remove_entries(&[id], at), LibraryEvent::Removed(id, true)),
            (Change::restore_entries(&[id]), LibraryEvent::Removed(id, false)),
        ];
        for (change, event) in changes {
            store.apply_change(&change, at).unwrap();
            assert_eq!(watch.look(&reader).unwrap(), [event]);
            assert_eq!(watch.look(&reader).unwrap(), []);
        }
        hide_samples(&mut store, (&Actor::User, at)).unwrap();
        let events = watch.look(&reader).unwrap();
        assert!(events.iter().any(|event| matches!(event, LibraryEvent::Subscribed(_, false))));
    }
}
