//! Folding of stories, as a library does it.

use std::collections::BTreeSet;

use newsreader::model::{Entry, EntryId, ListGrouping, SearchRequest, StoryFold};

/// Returns the rows of a list, which is folded as a library would if it is grouped by story.
pub fn fold_stories(
    search: &SearchRequest,
    hits: &[&Entry],
    entries: &[Entry],
) -> (Vec<EntryId>, Option<StoryFold>) {
    if search.list.grouping != ListGrouping::Story {
        return (hits.iter().map(|entry| entry.id).collect(), None);
    }
    let story_of = |entry: &Entry| entry.story.map(|story| story.story);
    let is_open = |entry: &&Entry| search.open_stories.contains(&entry.id);
    let open: BTreeSet<_> = entries.iter().filter(is_open).filter_map(story_of).collect();
    let (mut ids, mut folded, mut fold) = (Vec::new(), Vec::new(), StoryFold::default());
    let mut seen = BTreeSet::new();
    for hit in hits {
        let Some(story) = story_of(hit) else {
            ids.push(hit.id);
            continue;
        };
        if seen.insert(story) {
            ids.push(hit.id);
            let others = entries.iter().filter(|other| story_of(other) == Some(story));
            for other in others.filter(|other| open.contains(&story) && other.id != hit.id) {
                ids.push(other.id);
                fold.opened.insert(other.id, hit.id);
            }
        } else {
            folded.push(hit.id);
        }
    }
    folded.retain(|id| !fold.opened.contains_key(id));
    fold.folded = folded.into();
    fold.article_count = hits.len();
    (ids, Some(fold))
}
