//! Compiles a parsed query into an index query: feed names become feed ids, days become seconds.

use std::ops::Range;

use chrono::{Days, NaiveDate, NaiveTime};

use super::index_query::{self, IndexQuery, PhraseQuery};
use crate::{
    model::{EntryId, FeedId, TagId},
    query::{
        Expr, FeedNames, Field, LastWord, Predicate, Query, RequiredWords, SearchableTag,
        StateFilter, TextPattern,
    },
};

/// The data outside the query that its meaning depends on.
pub struct QueryContext<'a> {
    /// All feeds with their folded names.
    pub feeds: &'a [(FeedId, FeedNames)],
    /// The user's tags.
    pub tags: &'a [SearchableTag],
    /// Start of a day in the user's time zone, in seconds since 1970.
    pub day_start: &'a dyn Fn(NaiveDate) -> i64,
    /// Current day in the user's time zone.
    pub today: NaiveDate,
    /// Returns the articles of the story of one, which is among them.
    pub story_articles: &'a dyn Fn(EntryId) -> Vec<EntryId>,
}

/// Returns the index query that matches the same entries as `query`.
pub fn compile_query(query: &Query, context: &QueryContext<'_>) -> IndexQuery {
    context.compile_expr(&query.expr)
}

/// Returns the condition of [`Query::lists`]: hidden documents and those in the trash are listed only if
/// the query names that state.
pub fn compile_listed(query: &Query) -> IndexQuery {
    let not = |docs| IndexQuery::Not(Box::new(docs));
    let names = |state| query.names_state(state);
    match (names(StateFilter::Hidden), names(StateFilter::Removed)) {
        (true, true) => IndexQuery::match_all(),
        (true, false) => not(IndexQuery::Removed),
        (false, true) => IndexQuery::Any(vec![IndexQuery::Removed, not(IndexQuery::Hidden)]),
        (false, false) => IndexQuery::All(vec![not(IndexQuery::Hidden), not(IndexQuery::Removed)]),
    }
}

impl QueryContext<'_> {
    fn compile_expr(&self, expr: &Expr) -> IndexQuery {
        let compile_all =
            |exprs: &[Expr]| exprs.iter().map(|expr| self.compile_expr(expr)).collect();
        match expr {
            Expr::All(exprs) => IndexQuery::All(compile_all(exprs)),
            Expr::Any(exprs) => IndexQuery::Any(compile_all(exprs)),
            Expr::Not(expr) => IndexQuery::Not(Box::new(self.compile_expr(expr))),
            Expr::Term(term) => self.compile_predicate(&term.predicate),
        }
    }

    fn compile_predicate(&self, predicate: &Predicate) -> IndexQuery {
        match predicate {
            Predicate::Text(field, pattern) => {
                let mut sources = vec![compile_text(*field, pattern, predicate)];
                let (feeds, tags) = (self.matching_feeds(predicate), self.matching_tags(predicate));
                if !feeds.is_empty() {
                    sources.push(IndexQuery::Feeds(feeds));
                }
                if !tags.is_empty() {
                    sources.push(IndexQuery::Tagged(tags));
                }
                if sources.len() > 1 { IndexQuery::Any(sources) } else { sources.remove(0) }
            }
            Predicate::FeedOrFolder(_) | Predicate::Feed(_) | Predicate::Folder(_) => {
                IndexQuery::Feeds(self.matching_feeds(predicate))
            }
            Predicate::State(StateFilter::HasVersions) => {
                IndexQuery::Attribute(index_query::EDITED_ATTRIBUTE.to_owned())
            }
            Predicate::State(StateFilter::New) => {
                IndexQuery::ArrivedSince(day_start_or_limit(self.today, self.day_start))
            }
            Predicate::Media(medium) => {
                IndexQuery::Attribute(index_query::media_attribute(*medium))
            }
            Predicate::Language(code) => {
                IndexQuery::Attribute(index_query::language_attribute(code))
            }
            Predicate::WordCount(range) => IndexQuery::WordCount(range.clone()),
            Predicate::Regex(pattern) if pattern.words().is_some() => {
                IndexQuery::WordRegex(pattern.clone())
            }
            Predicate::Regex(pattern) => {
                let words =
                    RequiredWords::of_regex(pattern).map(|words| compile_required_words(&words));
                let decision = IndexQuery::PostFilter(predicate.clone());
                IndexQuery::All(words.into_iter().chain([decision]).collect())
            }
            Predicate::State(StateFilter::Read) => IndexQuery::Read,
            Predicate::State(StateFilter::Unread) => IndexQuery::Not(Box::new(IndexQuery::Read)),
            Predicate::State(StateFilter::Starred) => IndexQuery::Starred,
            Predicate::State(StateFilter::Hidden) => IndexQuery::Hidden,
            Predicate::State(StateFilter::Removed) => IndexQuery::Removed,
            Predicate::State(StateFilter::Copy) => IndexQuery::Copy,
            Predicate::State(
                StateFilter::Later
                | StateFilter::Queued
                | StateFilter::Played
                | StateFilter::Downloaded
                | StateFilter::Edited
                | StateFilter::Tagged,
            ) => IndexQuery::Tagged(self.matching_tags(predicate)),
            Predicate::Published(days) => self.compile_days(days),
            Predicate::Story(number) => IndexQuery::Entries((self.story_articles)(*number)),
        }
    }

    /// Returns the feeds whose names alone satisfy `predicate`, so that all of their entries match.
    fn matching_feeds(&self, predicate: &Predicate) -> Vec<FeedId> {
        self.feeds
            .iter()
            .filter(|(_, names)| names.satisfies(predicate))
            .map(|(id, _)| *id)
            .collect()
    }

    /// Returns the tags that alone satisfy `predicate`, so that all entries with them match.
    fn matching_tags(&self, predicate: &Predicate) -> Vec<TagId> {
        self.tags.iter().filter(|tag| tag.satisfies(predicate)).map(|tag| tag.id).collect()
    }

    fn compile_days(&self, days: &Range<NaiveDate>) -> IndexQuery {
        let instants = day_start_or_limit(days.start, self.day_start)
            ..day_start_or_limit(days.end, self.day_start);
        let utc_midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp();
        IndexQuery::Published(
            instants,
            day_start_or_limit(days.start, &utc_midnight)
                ..day_start_or_limit(days.end, &utc_midnight),
        )
    }
}

/// Returns the start of `day`. The limits of the calendar become the limits of time, because
/// `start` cannot handle them.
fn day_start_or_limit(day: NaiveDate, start: &dyn Fn(NaiveDate) -> i64) -> i64 {
    match day {
        NaiveDate::MIN => i64::MIN,
        NaiveDate::MAX => i64::MAX,
        // A time zone offset from these days could reach outside the calendar.
        day if day.checked_add_days(Days::new(2)).is_none() => i64::MAX,
        day if day.checked_sub_days(Days::new(2)).is_none() => i64::MIN,
        day => start(day),
    }
}

/// Compiles a search for words in one field of an entry.
fn compile_text(field: Field, pattern: &TextPattern, predicate: &Predicate) -> IndexQuery {
    let phrase = compile_phrase(pattern);
    if field != Field::Url && pattern.signs().is_some() {
        let decision = IndexQuery::PostFilter(predicate.clone());
        return IndexQuery::All(vec![IndexQuery::Phrase(field, phrase), decision]);
    }
    if field != Field::Url || phrase.words.len() <= 1 {
        return IndexQuery::Phrase(field, phrase);
    }
    // The index stores the words of a URL without their order, so a phrase of several words is
    // verified on the entry itself.
    let last = phrase.words.len() - 1;
    let word_queries = phrase.words.iter().enumerate().map(|(index, word)| {
        let last_is_prefix = phrase.last_is_prefix && index == last;
        IndexQuery::Phrase(Field::Url, PhraseQuery { words: vec![word.clone()], last_is_prefix })
    });
    IndexQuery::All(word_queries.chain([IndexQuery::PostFilter(predicate.clone())]).collect())
}

/// Compiles a condition on the words of a text.
fn compile_required_words(words: &RequiredWords) -> IndexQuery {
    let compile_all =
        |conditions: &[RequiredWords]| conditions.iter().map(compile_required_words).collect();
    match words {
        RequiredWords::All(conditions) => IndexQuery::All(compile_all(conditions)),
        RequiredWords::Any(conditions) => IndexQuery::Any(compile_all(conditions)),
        RequiredWords::Word(pattern) => IndexQuery::WordMatching(pattern.clone()),
        RequiredWords::Sequence(sequence) => IndexQuery::WordSequence(sequence.clone()),
    }
}

/// Returns the words of a text pattern as a phrase.
pub fn compile_phrase(pattern: &TextPattern) -> PhraseQuery {
    let folded = pattern.folded();
    let last_is_prefix = pattern.last_word() == LastWord::Prefix;
    PhraseQuery { words: folded.split_whitespace().map(str::to_owned).collect(), last_is_prefix }
}
