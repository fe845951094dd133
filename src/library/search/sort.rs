//! Orders that the index does not know: by feed and by title.

use std::collections::HashMap;

use crate::{
    model::{EntryId, FeedId, SortOrder},
    store::{ReadConnection, StoreError},
    text::fold,
};

/// The position of every entry in one order, at one generation of the library.
///
/// A million titles are read and sorted within seconds, once: each further key only looks its hits
/// up.
pub(super) struct SortRanks {
    order: SortOrder,
    generation: i64,
    ranks: HashMap<EntryId, usize>,
}

impl SortRanks {
    /// Sorts `ids`, which are newest first. Ranks in `cache` are used if they are up to date, and
    /// dropped if the order needs none.
    pub(super) fn sort(
        cache: &mut Option<SortRanks>,
        reader: &ReadConnection,
        order: SortOrder,
        mut ids: Vec<EntryId>,
    ) -> Result<Vec<EntryId>, StoreError> {
        match order {
            SortOrder::Feed | SortOrder::Title => {
                let generation = reader.generation()?;
                let known = cache
                    .take()
                    .filter(|ranks| ranks.order == order && ranks.generation == generation);
                let ranks = match known {
                    Some(ranks) => ranks,
                    None => SortRanks::load(reader, order, generation)?,
                };
                // The sort is stable: the newest of a feed, or of those with a title, stay first.
                ids.sort_by_key(|id| ranks.ranks.get(id).copied().unwrap_or(usize::MAX));
                *cache = Some(ranks);
            }
            SortOrder::OldestFirst => {
                ids.reverse();
                *cache = None;
            }
            SortOrder::NewestFirst | SortOrder::Relevance => *cache = None,
        }
        Ok(ids)
    }

    /// Keeps the ranks for the generation after a change of states, which changes no order.
    pub(super) fn apply_state_change(&mut self, generation: i64) {
        if self.generation + 1 == generation {
            self.generation = generation;
        }
    }

    fn load(
        reader: &ReadConnection,
        order: SortOrder,
        generation: i64,
    ) -> Result<SortRanks, StoreError> {
        let feed_names: HashMap<FeedId, String> = if order == SortOrder::Feed {
            let feeds = reader.list_feeds()?;
            feeds.iter().map(|feed| (feed.id, sort_key(feed.display_name()))).collect()
        } else {
            HashMap::new()
        };
        let mut keys: Vec<(String, i64, EntryId)> = Vec::new();
        reader.for_each_title(|id, feed, title| {
            let (name, feed) = match order {
                SortOrder::Feed => (feed_names.get(&feed).cloned().unwrap_or_default(), feed.0),
                _ => (sort_key(&title), 0),
            };
            keys.push((name, feed, id));
        })?;
        keys.sort_unstable();
        let mut ranks = HashMap::with_capacity(keys.len());
        let groups = keys.chunk_by(|one, next| (&one.0, one.1) == (&next.0, next.1));
        for (rank, group) in groups.enumerate() {
            ranks.extend(group.iter().map(|(_, _, id)| (*id, rank)));
        }
        Ok(SortRanks { order, generation, ranks })
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
