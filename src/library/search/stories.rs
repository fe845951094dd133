//! Lists grouped by story: one row for the articles of each, and the articles of open stories below it.
//!
//! The hits are folded after the search, in one pass: the first of each story stays, which is the newest,
//! or the best where the list is sorted by relevance.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

use super::plan::SearchHits;
use crate::{
    library::clock::monotonic_now,
    model::{EntryId, ListGrouping, MAX_OPEN_STORIES, SearchRequest, StoryFold},
    store::{ReadConnection, StoreError, StoryMap, StoryState},
};

/// The stories of the library, as a list needs them.
#[derive(Default)]
pub(super) struct StoryCache {
    loaded: Option<LoadedStories>,
    /// The time of the last look at what has changed; `None` if the next list has to look.
    looked_at: Option<Instant>,
}

/// The stories as they were loaded.
struct LoadedStories {
    map: Arc<StoryMap>,
    /// The state of those in the library.
    state: StoryState,
    /// Duration of loading them.
    duration: Duration,
}

/// Stories that change with every batch of arriving articles are loaded again after so many times the time that
/// loading them takes, so that keys seldom wait for it.
const MIN_PAUSE_FACTOR: u32 = 10;

impl StoryCache {
    /// Returns the stories for a request; `None` if its list is not grouped by story. What has changed since
    /// they were loaded may be missing for at most `max_lag`.
    pub(super) fn for_request(
        &mut self,
        reader: &ReadConnection,
        request: &SearchRequest,
        max_lag: Duration,
    ) -> Result<Option<Arc<StoryMap>>, StoreError> {
        if request.list.grouping != ListGrouping::Story {
            return Ok(None);
        }
        let pause =
            self.loaded.as_ref().map_or(Duration::ZERO, |known| known.duration * MIN_PAUSE_FACTOR);
        if self.looked_at.is_none_or(|at| at.elapsed() >= pause.min(max_lag)) {
            let state = reader.story_state()?;
            if self.loaded.as_ref().is_none_or(|known| known.state != state) {
                self.loaded = Some(LoadedStories::load(reader, state)?);
            }
            self.looked_at = Some(monotonic_now());
        }
        Ok(self.loaded.as_ref().map(|known| Arc::clone(&known.map)))
    }

    /// Makes the next list look for changes.
    pub(super) fn expire(&mut self) {
        self.looked_at = None;
    }
}

impl LoadedStories {
    fn load(reader: &ReadConnection, state: StoryState) -> Result<LoadedStories, StoreError> {
        let started = monotonic_now();
        let map = Arc::new(reader.load_story_map()?);
        Ok(LoadedStories { map, state, duration: started.elapsed() })
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
