//! "Did you mean": corrects one word of a filter without hits.

use std::ops::Range;

use super::{plan::SearchPlan, snapshot::Snapshot};
use crate::{
    index::{self, IndexError, IndexQuery, Suggester},
    library::clock::local_today,
    model::ViewScope,
    query::{Field, PlainText, Predicate, Query},
    text::for_each_word,
};

/// A word of the filter.
struct FilterWord {
    /// The folded word.
    folded: String,
    /// The byte range of the word in the filter.
    range: Range<usize>,
}

/// Returns the filter with one word corrected: a word that occurs in no article is replaced by the
/// most similar word that does. Corrects the first word for which there is a similar one; returns
/// `None` if there is none.
pub(super) fn did_you_mean(
    snapshot: &Snapshot<'_>,
    plan: &SearchPlan<'_>,
) -> Result<Option<String>, IndexError> {
    let filter = &plan.request.list.filter;
    for word in searched_words(plan) {
        let Some(mut suggester) =
            Suggester::for_word(&word.folded).filter(|_| !has_word(snapshot, &word.folded))
        else {
            continue;
        };
        snapshot.index.scan_for_suggestions(&mut suggester)?;
        if suggester.did_you_mean().is_none() {
            snapshot.backlog.entries.scan_for_suggestions(&mut suggester);
        }
        if let Some(correction) = suggester.did_you_mean() {
            let (before, after) = (&filter[..word.range.start], &filter[word.range.end..]);
            return Ok(Some(format!("{before}{correction}{after}")));
        }
    }
    Ok(None)
}

/// Returns the words that the filter searches for in texts, in the order of the filter.
fn searched_words(plan: &SearchPlan<'_>) -> Vec<FilterWord> {
    let filter = &plan.request.list.filter;
    let mut words = Vec::new();
    plan.query.expr.for_each_positive_term(&mut |term| {
        if matches!(term.predicate, Predicate::Text(..)) {
            let start = term.span.start;
            for_each_word(&filter[term.span.clone()], |word| {
                let range = start + word.range().start..start + word.range().end;
                words.push(FilterWord { folded: word.folded.to_owned(), range });
            });
        }
    });
    words
}

/// Returns true if some article has a word that begins with `word`.
fn has_word(snapshot: &Snapshot<'_>, word: &str) -> bool {
    let query = Query::from_phrase(word);
    let phrases = query
        .text_patterns()
        .into_iter()
        .map(|pattern| IndexQuery::Phrase(Field::Anywhere, index::compile_phrase(pattern)));
    let search = snapshot.index.search(&IndexQuery::All(phrases.collect()));
    let source_text = |_| PlainText::default();
    search.is_ok_and(|search| search.hit_count() > 0)
        || !snapshot
            .backlog
            .entries
            .search(&query, &ViewScope::All, local_today(), &source_text)
            .is_empty()
}
