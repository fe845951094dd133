//! Why an article is in its story: the words that it shares with the nearest other one.

use super::indexable::source_text;
use crate::{
    model::{EntryId, StoryExplanation, StoryLink},
    store::{ReadConnection, StoreError, StoryRow},
    story::{StoryTerms, StoryText, shared_words, term_similarity},
};

/// Explains the story of an article; `None` if it shares its story with no other one.
///
/// # Errors
///
/// Fails if the library cannot be read.
pub(super) fn explain_story(
    reader: &ReadConnection,
    entry: EntryId,
) -> Result<Option<StoryExplanation>, StoreError> {
    let rows = reader.load_story_of(entry)?;
    let read_terms = |row: &StoryRow| StoryTerms::from_bytes(&row.terms).unwrap_or_default();
    let Some(own_row) = rows.iter().find(|row| row.entry == entry) else { return Ok(None) };
    let (story, own) = (own_row.story, read_terms(own_row));
    let others = rows.iter().filter(|row| row.entry != entry);
    let nearest = others.max_by_key(|row| term_similarity(&own, &read_terms(row)));
    let Some(nearest) = nearest else { return Ok(None) };
    let mut words = Vec::new();
    reader.for_each_full_entry(&[entry], |full| {
        let text = source_text(&full);
        let text = StoryText { title: &text.title, body: &text.body };
        words = shared_words(text, &own, &read_terms(nearest));
    })?;
    let is_chosen = reader.load_story_links()?.into_iter().any(|(first, second, link)| {
        link == StoryLink::Same && (first == entry || second == entry)
    });
    let mut members = reader.list_story_members(story)?;
    members.retain(|member| *member != entry);
    let nearest = nearest.entry;
    let nearest_title = reader.load_entry(nearest)?.map(|entry| entry.title).unwrap_or_default();
    let others = members;
    Ok(Some(StoryExplanation { story, others, nearest, nearest_title, words, is_chosen }))
}
