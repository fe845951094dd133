//! Lists grouped by story: one row for the articles of each, and the articles of open stories below it.
//!
//! The hits are folded after the search, in one pass: the first of each story stays, which is the newest,
//! or the best where the list is sorted by relevance.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Instant,
};

use super::plan::SearchHits;
use crate::{
    library::clock::monotonic_now,
    model::{EntryId, ListGrouping, MAX_OPEN_STORIES, SearchRequest, StoryFold},
    store::{ReadConnection, StoreError, StoryMap, StoryState},
};

/// The stories of the library, as a list needs them. Loading those of a million articles takes a tenth of a second, which no
/// key has to wait for: what the background has changed is loaded between the searches.
#[derive(Default)]
pub(super) struct StoryCache {
    loaded: Option<LoadedStories>,
    /// The next list needs what has changed since: the user has changed it.
    is_expired: bool,
    /// Stories may have changed otherwise since they were loaded.
    may_have_changed: bool,
    /// The last list was grouped by story.
    is_wanted: bool,
}

/// The stories as they were loaded.
struct LoadedStories {
    map: Arc<StoryMap>,
    /// The state of those in the library.
    state: StoryState,
    /// The time from which on they are loaded again while others change them.
    reload_at: Instant,
}

/// Stories that change with every batch of arriving articles are loaded again after so many times the time that
/// loading them takes.
const MIN_PAUSE_FACTOR: u32 = 10;

impl StoryCache {
    /// Returns the stories for a request; `None` if its list is not grouped by story. What others have changed
    /// since they were loaded is missing if the searcher `lags`.
    pub(super) fn for_request(
        &mut self,
        reader: &ReadConnection,
        request: &SearchRequest,
        lags: bool,
    ) -> Result<Option<Arc<StoryMap>>, StoreError> {
        self.is_wanted = request.list.grouping == ListGrouping::Story;
        if !self.is_wanted {
            return Ok(None);
        }
        if self.loaded.is_none() || self.is_expired || !lags {
            self.load(reader, &|| false)?;
            (self.is_expired, self.may_have_changed) = (false, false);
        }
        Ok(self.loaded.as_ref().map(|known| Arc::clone(&known.map)))
    }

    /// Makes the next list wait for what has changed.
    pub(super) fn expire(&mut self) {
        self.is_expired = true;
    }

    /// Notes that others than the user may have changed stories.
    pub(super) fn note_change(&mut self) {
        self.may_have_changed = true;
    }

    /// Returns the time at which [`StoryCache::reload`] should be called; `None` if no list needs it.
    pub(super) fn reload_time(&self) -> Option<Instant> {
        let known = self.loaded.as_ref().filter(|_| self.is_wanted && self.may_have_changed)?;
        Some(known.reload_at)
    }

    /// Loads what others have changed, if it is time. Returns whether a list would be another one; not if `is_stale` has
    /// returned true before all was loaded.
    pub(super) fn reload(
        &mut self,
        reader: &ReadConnection,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<bool, StoreError> {
        if self.reload_time().is_none_or(|at| at > monotonic_now()) {
            return Ok(false);
        }
        // After an error, the next change is waited for.
        self.may_have_changed = false;
        let has_changed = self.load(reader, is_stale)?;
        self.may_have_changed = has_changed.is_none();
        Ok(has_changed.unwrap_or(false))
    }

    /// Loads the stories, if they have changed, and returns whether they have; `None` when stale.
    fn load(
        &mut self,
        reader: &ReadConnection,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<Option<bool>, StoreError> {
        let (started, state) = (monotonic_now(), reader.story_state()?);
        if self.loaded.as_ref().is_some_and(|known| known.state == state) {
            return Ok(Some(false));
        }
        let Some(map) = reader.load_story_map(is_stale)? else { return Ok(None) };
        let reload_at = monotonic_now() + started.elapsed() * MIN_PAUSE_FACTOR;
        self.loaded = Some(LoadedStories { map: Arc::new(map), state, reload_at });
        Ok(Some(true))
    }
}

/// Leaves the first of the hits of each story.
pub(super) fn fold_stories(map: &StoryMap, hits: SearchHits) -> SearchHits {
    let article_count = hits.total.unwrap_or(hits.ids.len());
    let mut is_seen = vec![false; map.story_count() as usize + 1];
    let mut folded = Vec::new();
    let mut ids = hits.ids;
    ids.retain(|id| {
        let number = map.number_of(*id);
        let is_first = number == 0 || !std::mem::replace(&mut is_seen[number as usize], true);
        if !is_first {
            folded.push(*id);
        }
        is_first
    });
    let fold = StoryFold { folded: Arc::new(folded), opened: BTreeMap::new(), article_count };
    SearchHits { ids, stories: Some(fold), ..hits }
}

/// Lists the articles of the open stories below their rows, whether or not they are hits.
pub(super) fn open_stories(
    reader: &ReadConnection,
    map: &StoryMap,
    request: &SearchRequest,
    hits: &mut SearchHits,
) -> Result<(), StoreError> {
    let open = request.open_stories.iter().take(MAX_OPEN_STORIES);
    let open: Vec<u32> = open.map(|id| map.number_of(*id)).filter(|number| *number > 0).collect();
    let Some(fold) = hits.stories.as_mut().filter(|_| !open.is_empty()) else { return Ok(()) };
    let mut others_by_head: HashMap<EntryId, Vec<EntryId>> = HashMap::new();
    for head in hits.ids.iter().filter(|id| open.contains(&map.number_of(**id))) {
        let mut others = reader.list_story_rows(*head, request.list.copies)?;
        others.retain(|id| id != head);
        fold.opened.extend(others.iter().map(|id| (*id, *head)));
        others_by_head.insert(*head, others);
    }
    let opened = &fold.opened;
    fold.folded =
        Arc::new(fold.folded.iter().copied().filter(|id| !opened.contains_key(id)).collect());
    let rows = hits.ids.iter().flat_map(|id| {
        let others = others_by_head.get(id).map_or(&[][..], Vec::as_slice);
        std::iter::once(*id).chain(others.iter().copied())
    });
    hits.ids = rows.collect();
    Ok(())
}
