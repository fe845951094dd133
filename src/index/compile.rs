//! A query → a condition: the names of feeds become feeds, days become seconds.

use std::ops::Range;

use chrono::{Days, NaiveDate, NaiveTime};

use super::index_query::{self, IndexQuery, Part, PhraseQuery};
use crate::{
    model::FeedId,
    query::{Expr, FeedNames, Field, LastWord, Predicate, Query, StateFilter, TextPattern},
};

/// What the library and the reader's place say of a query.
pub struct QueryContext<'a> {
    /// The feeds and their folded names.
    pub feeds: &'a [(FeedId, FeedNames)],
    /// When a day begins for the reader, in seconds since 1970.
    pub day_start: &'a dyn Fn(NaiveDate) -> i64,
    /// The reader's day.
    pub today: NaiveDate,
}

/// What `query` asks of an article.
pub fn compile_query(query: &Query, names: &QueryContext<'_>) -> IndexQuery {
    names.compile_expr(&query.expr)
}

impl QueryContext<'_> {
    fn compile_expr(&self, expr: &Expr) -> IndexQuery {
        let each = |exprs: &[Expr]| exprs.iter().map(|expr| self.compile_expr(expr)).collect();
        match expr {
            Expr::All(exprs) => IndexQuery::All(each(exprs)),
            Expr::Any(exprs) => IndexQuery::Any(each(exprs)),
            Expr::Not(expr) => IndexQuery::Not(Box::new(self.compile_expr(expr))),
            Expr::Term(term) => self.compile_predicate(&term.predicate),
        }
    }

    fn compile_predicate(&self, test: &Predicate) -> IndexQuery {
        match test {
            Predicate::Text(field, needle) => {
                let written = compile_text(*field, needle, test);
                match self.matching_feeds(test) {
                    feeds if feeds.is_empty() => written,
                    feeds => IndexQuery::Any(vec![written, IndexQuery::Feeds(feeds)]),
                }
            }
            Predicate::FeedOrFolder(_) | Predicate::Feed(_) | Predicate::Folder(_) => {
                IndexQuery::Feeds(self.matching_feeds(test))
            }
            Predicate::State(StateFilter::Edited) => {
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
            Predicate::Regex(_) => IndexQuery::PostFilter(test.clone()),
            Predicate::State(StateFilter::Read) => IndexQuery::Read,
            Predicate::State(StateFilter::Unread) => IndexQuery::Not(Box::new(IndexQuery::Read)),
            Predicate::State(StateFilter::Starred) => IndexQuery::Starred,
            Predicate::Published(days) => self.compile_days(days),
        }
    }

    /// The feeds of which `test` holds, whatever is in them.
    fn matching_feeds(&self, test: &Predicate) -> Vec<FeedId> {
        self.feeds.iter().filter(|(_, facts)| facts.satisfies(test)).map(|(id, _)| *id).collect()
    }

    fn compile_days(&self, days: &Range<NaiveDate>) -> IndexQuery {
        let instants = day_start_or_limit(days.start, self.day_start)
            ..day_start_or_limit(days.end, self.day_start);
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp();
        IndexQuery::Published(
            instants,
            day_start_or_limit(days.start, &midnight)..day_start_or_limit(days.end, &midnight),
        )
    }
}

/// The ends of the calendar stand for the ends of time.
fn day_start_or_limit(day: NaiveDate, start: &dyn Fn(NaiveDate) -> i64) -> i64 {
    match day {
        NaiveDate::MIN => i64::MIN,
        NaiveDate::MAX => i64::MAX,
        // Zones reach beyond the last days of the calendar.
        day if day.checked_add_days(Days::new(2)).is_none() => i64::MAX,
        day if day.checked_sub_days(Days::new(2)).is_none() => i64::MIN,
        day => start(day),
    }
}

/// Words in a part of the article.
fn compile_text(field: Field, needle: &TextPattern, test: &Predicate) -> IndexQuery {
    let phrase = compile_phrase(needle);
    let part = match field {
        Field::Anywhere => Part::Anywhere,
        Field::Title => Part::Title,
        Field::Author => Part::Author,
        Field::Body => Part::Body,
        Field::Tags => Part::Tags,
        // Addresses are not kept word by word in the index: of several words only their places in the address tell.
        Field::Url if phrase.words.len() > 1 => {
            let last = phrase.words.len() - 1;
            let one = |(index, word): (usize, &String)| {
                IndexQuery::Phrase(
                    Part::Url,
                    PhraseQuery {
                        words: vec![word.clone()],
                        last_is_prefix: phrase.last_is_prefix && index == last,
                    },
                )
            };
            let words = phrase.words.iter().enumerate().map(one);
            return IndexQuery::All(words.chain([IndexQuery::PostFilter(test.clone())]).collect());
        }
        Field::Url => Part::Url,
    };
    IndexQuery::Phrase(part, phrase)
}

/// The words that a needle looks for.
pub fn compile_phrase(needle: &TextPattern) -> PhraseQuery {
    let folded = needle.folded();
    let open = needle.last_word() == LastWord::Prefix;
    PhraseQuery {
        words: folded.split_whitespace().map(str::to_owned).collect(),
        last_is_prefix: open,
    }
}
