//! The searcher's snapshot of the library: the index, the backlog of unindexed entries, the states,
//! the tags and the feeds.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, HashSet},
};

use chrono::Local;

use super::backlog::{BacklogLimit, UnindexedBacklog};
use crate::{
    index::{IndexError, IndexReader, LocatedCopies, SegmentMeta},
    library::indexable::{index_fields, source_text},
    model::{Change, EntryId, EntryState, FeedId, TagId, TagName},
    query::{FeedNames, PlainText, Predicate, Query, SearchableEntry, SearchableTag},
    store::{
        CopyMap, FullEntry, ReadConnection, SegmentRecord, StateBitmaps, StoreError, TagBitmaps,
    },
};

/// The generation of a snapshot that has not been loaded.
pub(super) const NO_GENERATION: i64 = -1;

/// A snapshot of the library at one generation.
pub(super) struct Snapshot<'r> {
    /// The library.
    pub(super) reader: &'r ReadConnection,
    /// The index.
    pub(super) index: IndexReader,
    /// The states that the index has now.
    states: StateBitmaps,
    /// The copies among the entries.
    pub(super) copies: CopyMap,
    /// Those of the copies that are in the index with the first entries of their groups.
    pub(super) located_copies: LocatedCopies,
    /// The tags that the index has now.
    tag_bitmaps: TagBitmaps,
    /// The user's tags with the names that filters match.
    pub(super) tags: Vec<SearchableTag>,
    /// The ids of the tags by the keys of their names.
    tag_ids: HashMap<String, TagId>,
    /// The entries that are not in the index yet.
    pub(super) backlog: UnindexedBacklog,
    /// The feeds with the names that filters match.
    pub(super) feeds: Vec<(FeedId, FeedNames)>,
    /// The unsubscribed feeds, whose entries are never found.
    pub(super) unsubscribed: Vec<FeedId>,
    /// The feeds of each folder.
    pub(super) feeds_by_folder: HashMap<String, Vec<FeedId>>,
    /// The generation of the library that the snapshot shows.
    pub(super) generation: i64,
    /// The generation at which articles or feeds changed last, or states by others than the user, as far
    /// as is known.
    pub(super) content_generation: i64,
    /// The library lists newer segments. They have nothing that the open segments, the backlog and
    /// the number of skipped changes do not account for.
    pub(super) is_index_outdated: bool,
    /// Entries that are neither in the index nor in the backlog: they could not be read when they
    /// were to be indexed.
    missing: Vec<EntryId>,
    /// The articles of the stories that the last filter named, by the number that it gave.
    named_stories: BTreeMap<EntryId, Vec<EntryId>>,
    /// Entries that were in the index, but could not be read when a search needed their texts.
    failed: RefCell<HashSet<EntryId>>,
}

impl Snapshot<'_> {
    /// Creates an empty snapshot, with a backlog of at most that many entries.
    pub(super) fn new(reader: &ReadConnection, backlog_limit: BacklogLimit) -> Snapshot<'_> {
        Snapshot {
            reader,
            index: IndexReader::default(),
            states: StateBitmaps::default(),
            copies: CopyMap::default(),
            located_copies: LocatedCopies::default(),
            tag_bitmaps: TagBitmaps::default(),
            tags: Vec::new(),
            tag_ids: HashMap::new(),
            backlog: UnindexedBacklog::with_limit(backlog_limit),
            feeds: Vec::new(),
            unsubscribed: Vec::new(),
            feeds_by_folder: HashMap::new(),
            generation: NO_GENERATION,
            content_generation: NO_GENERATION,
            is_index_outdated: false,
            missing: Vec::new(),
            named_stories: BTreeMap::new(),
            failed: RefCell::default(),
        }
    }

    /// Applies a change of entry states and tags if `generation` is the one after the snapshot's. Returns
    /// whether the snapshot has the change.
    ///
    /// Otherwise does nothing: [`Snapshot::load_changes`] then loads the library again. So it does
    /// after a change that gives entries a new tag, or by which another copy may stand for an article.
    pub(super) fn apply_change(&mut self, change: &Change, generation: i64) -> bool {
        if self.generation != NO_GENERATION && generation <= self.generation {
            return true;
        }
        let is_known = |tag: &TagName| self.tag_ids.contains_key(&tag.key());
        let mut is_applicable = generation == self.generation + 1 && change.marks_entries();
        change.for_each(&mut |part| match part {
            Change::Tagged { tag, .. } => is_applicable &= is_known(tag),
            other => is_applicable &= !other.entry_ids().is_empty(),
        });
        is_applicable &= !self.may_change_copies(change);
        if is_applicable {
            change.for_each(&mut |part| self.apply_mark(part));
            self.generation = generation;
        }
        is_applicable
    }

    /// Returns whether another entry of a group may stand for the article after a change.
    fn may_change_copies(&self, change: &Change) -> bool {
        let mut may_change = false;
        change.for_each(&mut |part| {
            let chooses_first = match part {
                Change::Read { .. } => true,
                Change::Tagged { tag, .. } => tag.is_hidden() || tag.is_removed(),
                _ => false,
            };
            let is_in_group = |id: &EntryId| self.copies.is_in_group(*id);
            may_change |= chooses_first && part.entry_ids().iter().any(is_in_group);
        });
        may_change
    }

    /// Applies one change of marks to the index, to the backlog and to the bitmaps.
    fn apply_mark(&mut self, change: &Change) {
        let tag = match change {
            Change::Tagged { tag, after, .. } => {
                self.tag_ids.get(&tag.key()).map(|id| (*id, after.is_on()))
            }
            _ => None,
        };
        for id in change.entry_ids() {
            let update = |state: &mut EntryState| change.update_state(state);
            self.backlog.entries.update_entry_state(*id, update);
            self.index.update_entry_state(*id, update);
            self.states.update(*id, update);
            if let Some((tag, is_set)) = tag.filter(|(tag, _)| !tag.is_state()) {
                self.tag_bitmaps.set(tag, *id, is_set);
                self.set_tag(tag, *id, is_set);
            }
        }
    }

    /// Puts a tag on an entry of the index or the backlog, or takes it off.
    fn set_tag(&mut self, tag: TagId, id: EntryId, is_set: bool) {
        self.backlog.entries.update_entry_tag(id, tag, is_set);
        self.index.update_entry_tag(id, tag, is_set);
    }

    /// Notes that `generation` changed the list of segments and nothing else. Searches go on with the
    /// segments that are open, until [`Snapshot::refresh_index`] is called.
    pub(super) fn note_index_commit(&mut self, generation: i64) {
        if self.generation == NO_GENERATION || generation <= self.generation {
            return;
        }
        self.is_index_outdated = true;
        if generation == self.generation + 1 {
            self.generation = generation;
        }
    }

    /// Loads the library again after a noted commit, and returns the errors of the index.
    pub(super) fn refresh_index(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let (generation, content_generation) = (self.generation, self.content_generation);
        self.generation = NO_GENERATION;
        let errors = self.load_changes()?;
        if self.generation == generation {
            self.content_generation = content_generation;
        }
        Ok(errors)
    }

    /// Loads what has changed in the library, and returns the errors of the index.
    pub(super) fn load_changes(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let reader = self.reader;
        let mut errors = Vec::new();
        while reader.generation()? != self.generation {
            let load_errors = reader.with_snapshot(|| self.load())?;
            // A missing segment may have been merged and deleted after the list of segments was
            // read: then the generation has changed, and the list is read again.
            if load_errors.is_empty() || reader.generation()? == self.generation {
                errors = load_errors;
                break;
            }
        }
        Ok(errors)
    }

    /// Reads one step of the backlog, so that a key need not wait for all of it:
    /// [`UnindexedBacklog::has_unread`] returns true if there is more.
    pub(super) fn read_backlog_step(&mut self) -> Result<(), StoreError> {
        self.backlog.read_step(self.reader, &self.unsubscribed)
    }

    /// Loads the current generation of the library, and returns the errors of the index. The caller
    /// holds a read transaction.
    fn load(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let errors = self.update_index()?;
        self.load_feeds()?;
        self.backlog.update(self.reader)?;
        self.index.delete_entries(self.backlog.entry_ids());
        self.missing = if errors.is_empty() { self.find_missing()? } else { Vec::new() };
        self.failed.take();
        self.generation = self.reader.generation()?;
        self.content_generation = self.generation;
        self.is_index_outdated = false;
        Ok(errors)
    }

    /// Reads every entry of the library into the backlog, which replaces a broken index.
    pub(super) fn read_all_entries(&mut self) -> Result<(), StoreError> {
        self.index = IndexReader::default();
        self.located_copies = LocatedCopies::default();
        self.missing.clear();
        self.backlog.read_everything(self.reader, &self.unsubscribed)
    }

    /// Returns the entries that are neither in the index nor in the backlog. They are looked for one
    /// by one only if the counts differ.
    fn find_missing(&self) -> Result<Vec<EntryId>, StoreError> {
        let pending = self.backlog.pending_entries();
        let stored_count = self.reader.stated_text_count()?;
        let known_count = self.index.num_docs() + pending.len();
        // With a full backlog, the oldest entries are waiting to be indexed.
        if known_count as u64 >= stored_count || self.backlog.skipped > 0 {
            return Ok(Vec::new());
        }
        let mut missing = self.reader.list_subscribed_entry_ids()?;
        missing.retain(|id| !self.index.contains_entry(*id) && !pending.contains(id));
        Ok(missing)
    }

    /// Returns the state of an entry.
    pub(super) fn state(&self, id: EntryId) -> EntryState {
        self.states.get(id.0)
    }

    /// Loads the stories that a filter names.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub(super) fn load_named_stories(&mut self, query: &Query) -> Result<(), StoreError> {
        self.named_stories.clear();
        for number in query.named_stories() {
            self.named_stories.insert(number, self.reader.list_story_of(number)?);
        }
        Ok(())
    }

    /// Returns the articles of the story of one, of those that [`Snapshot::load_named_stories`] has loaded.
    pub(super) fn story_articles(&self, number: EntryId) -> &[EntryId] {
        self.named_stories.get(&number).map_or(&[], Vec::as_slice)
    }

    /// Returns whether an entry is in the story of the article with a number.
    pub(super) fn is_in_story(&self, number: EntryId, id: EntryId) -> bool {
        self.story_articles(number).contains(&id)
    }

    /// Returns whether any entry is hidden.
    pub(super) fn has_hidden_entries(&self) -> bool {
        self.states.has_hidden()
    }

    /// Returns the number of entries that searches leave out because they cannot be read.
    pub(super) fn unreadable_count(&self) -> usize {
        let mut unreadable: HashSet<EntryId> = self.backlog.unreadable.clone();
        unreadable.extend(&self.missing);
        unreadable.extend(&*self.failed.borrow());
        unreadable.len()
    }

    /// Returns true if every stored entry is in the index or has been read into the backlog.
    pub(super) fn is_complete(&self) -> Result<bool, StoreError> {
        let loaded_count = self.index.num_docs() + self.backlog.entries.len();
        Ok(loaded_count as u64 >= self.reader.count_searchable_entries()?)
    }

    /// Updates the states and the segments of the index; returns the errors of segments that cannot
    /// be opened.
    fn update_index(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let states = self.reader.load_state_bitmaps()?;
        self.backlog.entries.set_states(|id| states.get(id.0));
        for id in states.changed_since(&self.states) {
            self.index.update_entry_state(id, |state| *state = states.get(id.0));
        }
        let has_other_copies = states.has_other_copies(&self.states);
        if has_other_copies {
            self.copies = self.reader.load_copies()?;
        }
        self.states = states;
        self.update_tags()?;
        let Some(folder) = self.reader.index_folder() else { return Ok(Vec::new()) };
        let segments: Vec<SegmentMeta> =
            self.reader.list_segments()?.into_iter().map(segment_meta).collect();
        let tags = self.tag_bitmaps.iter();
        let before = self.index.segment_numbers();
        let errors = self.index.reload(folder, &segments, &|id| self.states.get(id), tags);
        if has_other_copies || before != self.index.segment_numbers() {
            self.located_copies = self.index.locate_copies(self.copies.iter());
        }
        Ok(errors.into_iter().map(|(_, error)| error).collect())
    }

    /// Updates the tags, if one was changed since the snapshot was loaded: with many, loading them
    /// takes longer than the states do.
    fn update_tags(&mut self) -> Result<(), StoreError> {
        let is_loaded = self.generation != NO_GENERATION;
        if is_loaded && self.reader.tags_changed_generation()? <= self.generation {
            return Ok(());
        }
        let tags = self.reader.list_tags()?;
        self.tag_ids = tags.iter().map(|tag| (tag.name.key(), tag.id)).collect();
        self.tag_ids.insert(TagName::removed().key(), TagId::REMOVED);
        let internal = [
            SearchableTag::new(TagId::DOWNLOADED, &TagName::downloaded()),
            SearchableTag::new(TagId::UNSEEN_EDIT, &TagName::unseen_edit()),
        ];
        let named = tags.iter().map(|tag| SearchableTag::new(tag.id, &tag.name));
        self.tags = named.chain(internal).collect();
        self.backlog.entries.set_tags(self.tags.iter().cloned());
        let bitmaps = self.reader.load_tag_bitmaps()?;
        let before = std::mem::replace(&mut self.tag_bitmaps, bitmaps);
        let changed: Vec<(TagId, EntryId)> = self.tag_bitmaps.changed_since(&before).collect();
        for (tag, id) in changed {
            self.set_tag(tag, id, self.tag_bitmaps.contains(tag, id));
        }
        Ok(())
    }

    /// Loads the names and folders of the feeds.
    fn load_feeds(&mut self) -> Result<(), StoreError> {
        self.feeds.clear();
        self.feeds_by_folder.clear();
        for feed in self.reader.list_feeds()? {
            let names = FeedNames::new(feed.display_name(), feed.folder(), &feed.subscription.tags);
            self.feeds.push((feed.id, names));
            if let Some(folder) = feed.folder() {
                self.feeds_by_folder.entry(folder.to_owned()).or_default().push(feed.id);
            }
        }
        let unsubscribed = self.reader.list_unsubscribed_feed_ids()?;
        if self.unsubscribed != unsubscribed {
            // The backlog left out entries of feeds that may be subscribed to again.
            self.unsubscribed = unsubscribed;
            self.backlog.invalidate();
        }
        let find_folder = |id: &FeedId| {
            let entry = self.feeds_by_folder.iter().find(|(_, feeds)| feeds.contains(id));
            entry.map(|(folder, _)| folder.clone())
        };
        let feeds = self.feeds.iter().map(|(id, names)| (*id, names.clone(), find_folder(id)));
        self.backlog.entries.set_feeds(feeds);
        Ok(())
    }

    /// Returns the parts of an entry without folding; empty if the entry cannot be read.
    pub(super) fn source_text(&self, id: EntryId) -> PlainText {
        let mut text = PlainText::default();
        self.read_entry(id, |entry| text = source_text(entry));
        text
    }

    /// Evaluates a predicate that the index does not support, such as a regular expression, on a
    /// stored entry.
    pub(super) fn eval_predicate(&self, id: EntryId, predicate: &Predicate) -> bool {
        let (mut is_match, feed) = (false, FeedNames::default());
        self.read_entry(id, |entry| {
            if let Some(pattern) = predicate.as_text_regex() {
                // The folded text is not needed, and takes longer to make than all the rest.
                is_match = pattern.is_match(&source_text(entry).title_and_body());
                return;
            }
            let (text, attributes) = index_fields(entry);
            is_match = predicate.matches(&SearchableEntry {
                text: &text,
                attributes: &attributes,
                feed: &feed,
                state: entry.state,
                // The index decides about tags itself.
                tags: &[],
                published_day: entry.published.day_in(&Local),
                is_new: false,
                plain_text: &|| source_text(entry),
                is_in_story: &|number| self.is_in_story(number, id),
            });
        });
        is_match
    }

    /// Calls `visit` with an entry. One that cannot be read has no matches and is counted.
    fn read_entry(&self, id: EntryId, mut visit: impl FnMut(&FullEntry)) {
        match self.reader.for_each_full_entry(&[id], |entry| visit(&entry)) {
            Ok(unreadable) => self.failed.borrow_mut().extend(unreadable),
            Err(_) => drop(self.failed.borrow_mut().insert(id)),
        }
    }
}

fn segment_meta(record: SegmentRecord) -> SegmentMeta {
    SegmentMeta { number: record.number, id: record.id, deleted: record.tombstones }
}
