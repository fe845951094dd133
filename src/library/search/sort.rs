//! Orders and groups that the index does not know: by feed, folder, title and weight.

use std::collections::HashMap;

use crate::{
    model::{EntryId, Feed, FeedId, ListArrangement, ListGrouping, SortOrder},
    store::{ReadConnection, StoreError},
    text::fold,
};

/// Sorts after the names of all folders.
const AFTER_ALL_FOLDERS: &str = "\u{10ffff}";

/// The property by which entries are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RankedBy {
    /// The name of the feed.
    Feed,
    /// The folder of the feed; those without one come last, as in the sidebar.
    Folder,
    /// The title.
    Title,
    /// The weight that rules have given.
    Weight,
}

/// The rank of an entry without a weight. That of another one is lower by its weight.
const RANK_WITHOUT_WEIGHT: i64 = 1 << 40;

/// The position of every entry in one order, at one generation of the library.
///
/// A million titles are read and sorted within seconds, once: each further key only looks its hits
/// up.
pub(super) struct SortRanks {
    by: RankedBy,
    generation: i64,
    ranks: HashMap<EntryId, usize>,
    /// The rank of the entries that have none.
    default_rank: usize,
}

/// The ranks of the last search: those of its order and of its groups, if they need any.
#[derive(Default)]
pub(super) struct RankCache {
    order: Option<SortRanks>,
    groups: Option<SortRanks>,
}

impl RankCache {
    /// Sorts `ids`, which are newest first, and then brings each group together. Ranks that are up to
    /// date are used again, and dropped if nothing needs them.
    pub(super) fn sort(
        &mut self,
        reader: &ReadConnection,
        arrangement: ListArrangement,
        mut ids: Vec<EntryId>,
    ) -> Result<Vec<EntryId>, StoreError> {
        let order = match arrangement.order {
            SortOrder::Feed => Some(RankedBy::Feed),
            SortOrder::Title => Some(RankedBy::Title),
            SortOrder::Weight => Some(RankedBy::Weight),
            SortOrder::NewestFirst
            | SortOrder::OldestFirst
            | SortOrder::Relevance
            | SortOrder::Queue => None,
        };
        // Days are neighbours in the order of dates.
        let groups = match arrangement.grouping {
            ListGrouping::Feed => Some(RankedBy::Feed),
            ListGrouping::Folder => Some(RankedBy::Folder),
            ListGrouping::None | ListGrouping::Day | ListGrouping::Story => None,
        };
        if matches!(arrangement.order, SortOrder::OldestFirst | SortOrder::Queue) {
            ids.reverse();
        }
        if arrangement.order == SortOrder::Queue {
            let places = reader.load_queue_places()?;
            ids.sort_by_key(|id| places.get(id).copied().unwrap_or(u32::MAX));
        }
        SortRanks::sort(&mut self.order, reader, order, &mut ids)?;
        SortRanks::sort(
            &mut self.groups,
            reader,
            groups.filter(|by| order != Some(*by)),
            &mut ids,
        )?;
        Ok(ids)
    }

    /// Keeps the ranks for the next `generation`, of which the caller knows that it changes no order.
    pub(super) fn keep_for(&mut self, generation: i64) {
        let ranks = [&mut self.order, &mut self.groups].into_iter().flatten();
        ranks.for_each(|ranks| ranks.keep_for(generation));
    }
}

impl SortRanks {
    /// Sorts `ids` by ranks, if any. The sort is stable: the newest of a feed, or of those with a
    /// title, stay first.
    fn sort(
        cache: &mut Option<SortRanks>,
        reader: &ReadConnection,
        by: Option<RankedBy>,
        ids: &mut [EntryId],
    ) -> Result<(), StoreError> {
        let known = cache.take();
        let Some(by) = by else { return Ok(()) };
        let generation = reader.generation()?;
        let known = known.filter(|ranks| ranks.by == by && ranks.generation == generation);
        let ranks = match known {
            Some(ranks) => ranks,
            None => SortRanks::load(reader, by, generation)?,
        };
        ids.sort_by_key(|id| ranks.ranks.get(id).copied().unwrap_or(ranks.default_rank));
        *cache = Some(ranks);
        Ok(())
    }

    fn keep_for(&mut self, generation: i64) {
        if self.generation + 1 == generation {
            self.generation = generation;
        }
    }

    fn load(
        reader: &ReadConnection,
        by: RankedBy,
        generation: i64,
    ) -> Result<SortRanks, StoreError> {
        if by == RankedBy::Weight {
            return SortRanks::load_weights(reader, generation);
        }
        let feeds = if by == RankedBy::Title { Vec::new() } else { reader.list_feeds()? };
        let feed_key = |feed: &Feed| match by {
            RankedBy::Folder => feed.folder().unwrap_or(AFTER_ALL_FOLDERS).to_owned(),
            RankedBy::Feed | RankedBy::Title | RankedBy::Weight => sort_key(feed.display_name()),
        };
        let feed_keys: HashMap<FeedId, String> =
            feeds.iter().map(|feed| (feed.id, feed_key(feed))).collect();
        let mut keys: Vec<(String, i64, EntryId)> = Vec::new();
        reader.for_each_title(|id, feed, title| {
            let known = || feed_keys.get(&feed).cloned().unwrap_or_default();
            let (name, feed) = match by {
                RankedBy::Feed => (known(), feed.0),
                RankedBy::Folder => (known(), 0),
                RankedBy::Title | RankedBy::Weight => (sort_key(&title), 0),
            };
            keys.push((name, feed, id));
        })?;
        keys.sort_unstable();
        let mut ranks = HashMap::with_capacity(keys.len());
        let groups = keys.chunk_by(|one, next| (&one.0, one.1) == (&next.0, next.1));
        for (rank, group) in groups.enumerate() {
            ranks.extend(group.iter().map(|(_, _, id)| (*id, rank)));
        }
        Ok(SortRanks { by, generation, ranks, default_rank: usize::MAX })
    }

    /// Ranks entries by their weights, the heaviest first, with one statement.
    fn load_weights(reader: &ReadConnection, generation: i64) -> Result<SortRanks, StoreError> {
        let rank = |weight: i64| {
            usize::try_from(RANK_WITHOUT_WEIGHT.saturating_sub(weight)).unwrap_or_default()
        };
        let weights = reader.load_entry_weights()?;
        let ranks = weights.into_iter().map(|(entry, weight)| (entry, rank(weight))).collect();
        Ok(SortRanks { by: RankedBy::Weight, generation, ranks, default_rank: rank(0) })
    }
}

/// Returns the text by which a name is sorted: folded, and without the quotation marks and brackets
/// in front of it.
fn sort_key(name: &str) -> String {
    let words = name.trim_start_matches(|c: char| !c.is_alphanumeric());
    fold(if words.is_empty() { name } else { words })
}

#[cfg(test)]
mod tests {
    use super::sort_key;

    #[test]
    fn sort_key_ignores_case_accents_and_quotation_marks() {
        let mut names = ["“Zebra”", "école", "Eclair", "apple", "[Banana]", "Émile"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["apple", "[Banana]", "Eclair", "école", "Émile", "“Zebra”"]);
    }
}
