//! Articles like another one: a filter of the words that tell it from others.

use std::collections::HashMap;

use super::{backlog::BacklogLimit, searcher::Searcher};
use crate::{
    library::indexable::index_fields,
    model::{EntryId, ListDefinition, SearchRequest, ViewScope},
    query::FoldedText,
    store::{FullEntry, ReadConnection, StoreError},
    text::is_single_char_word,
};

/// Number of the most frequent words of an article that are looked up.
const MAX_LOOKED_UP: usize = 48;

/// Maximum number of words in the filter.
const MAX_TERMS: usize = 12;

/// Number of words that are in the filter however many articles have them.
const MIN_TERMS: usize = 4;

/// Number of articles with any of the words beyond which further words are left out: of more hits,
/// only the newest are ranked.
const MAX_HITS: usize = 4_000;

/// Minimum length of a word, in characters. Shorter ones say little alone.
const MIN_WORD_CHARS: usize = 3;

/// Times that a word of the title counts.
const TITLE_WEIGHT: u32 = 3;

/// Returns a filter for the articles that are like one, to be sorted by relevance: any of the words with
/// the highest product of term frequency and inverse document frequency, and not the article itself or its
/// copies. `None` if it has no word that another article has, or if there is no such article.
///
/// # Errors
///
/// Fails if the library cannot be read.
pub fn similar_filter(reader: &ReadConnection, id: EntryId) -> Result<Option<String>, StoreError> {
    let mut entry = None;
    reader.for_each_full_entry(&[id], |found| entry = Some(found))?;
    let Some(entry) = entry else { return Ok(None) };
    let (text, _) = index_fields(&entry);
    let mut terms = weigh_terms(reader, frequent_terms(&text))?;
    terms.sort_by(|one, other| other.weight.total_cmp(&one.weight).then(one.term.cmp(&other.term)));
    let mut hit_count = 0;
    let chosen = terms.into_iter().take(MAX_TERMS).enumerate().take_while(|(index, term)| {
        hit_count += term.doc_freq;
        *index < MIN_TERMS || hit_count <= MAX_HITS
    });
    let words: Vec<String> = chosen.map(|(_, term)| format!("\"{}\"", term.term)).collect();
    let itself = exclude_entry(&entry);
    Ok((!words.is_empty()).then(|| format!("({}) {itself}", words.join(" or "))))
}

/// Returns the words of an article, and how often each occurs; the most frequent ones first. Of texts
/// that are indexed by characters, pairs of them.
fn frequent_terms(text: &FoldedText) -> Vec<(String, u32)> {
    let title = text.text.get(..text.field_ends.title as usize).unwrap_or_default();
    let mut counts: HashMap<String, u32> = HashMap::new();
    for (field, weight) in [(title, TITLE_WEIGHT), (text.body(), 1)] {
        let running = field.split('\n').next().unwrap_or_default();
        let words: Vec<&str> = running.split(' ').filter(|word| !word.is_empty()).collect();
        for (index, word) in words.iter().enumerate() {
            let next = words.get(index + 1).filter(|next| is_character(next));
            let term = match next {
                Some(next) if is_character(word) => format!("{word}{next}"),
                _ if word.chars().count() >= MIN_WORD_CHARS => (*word).to_owned(),
                _ => continue,
            };
            *counts.entry(term).or_default() += weight;
        }
    }
    let mut terms: Vec<(String, u32)> = counts.into_iter().collect();
    terms.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    terms
}

/// Returns whether a word is a character of a text that is indexed by characters.
fn is_character(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(is_single_char_word) && chars.next().is_none()
}

/// A word that other articles have, too.
struct WeightedTerm {
    term: String,
    doc_freq: usize,
    weight: f64,
}

fn weigh_terms(
    reader: &ReadConnection,
    terms: Vec<(String, u32)>,
) -> Result<Vec<WeightedTerm>, StoreError> {
    let mut searcher = Searcher::new(reader, BacklogLimit::NONE);
    let doc_count =
        to_f64(usize::try_from(reader.count_searchable_entries()?).unwrap_or(usize::MAX));
    let mut weighted = Vec::new();
    for (term, term_freq) in terms.into_iter().take(MAX_LOOKED_UP) {
        let filter = format!("\"{term}\"");
        let list = ListDefinition { scope: ViewScope::All, filter, ..ListDefinition::default() };
        let request = SearchRequest { list, ..SearchRequest::default() };
        let doc_freq = searcher.count_hits(&request, &|| false)?.unwrap_or_default();
        // One that no other article has finds none.
        if doc_freq > 1 {
            let idf = (1.0 + doc_count / to_f64(doc_freq)).ln();
            let weight = (1.0 + f64::from(term_freq).ln()) * idf;
            weighted.push(WeightedTerm { term, doc_freq, weight });
        }
    }
    Ok(weighted)
}

/// Returns the condition that leaves out an article and its copies.
fn exclude_entry(entry: &FullEntry) -> String {
    let without_quotes = |text: &str| text.replace('"', " ");
    match entry.link.as_str() {
        "" => format!("-title:\"{}\"", without_quotes(&entry.title)),
        link => format!("-url:\"{}\"", without_quotes(link)),
    }
}

fn to_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
