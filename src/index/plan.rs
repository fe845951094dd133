//! A query → a condition: the names of feeds become feeds, days become seconds.

use std::ops::Range;

use chrono::{Days, NaiveDate, NaiveTime};

use super::condition::{Condition, Part, Phrase};
use crate::{
    model::FeedId,
    query::{Ending, FeedFacts, Field, Needle, Query, Test, Trait},
};

/// What the library and the reader's place say of a query.
pub struct Names<'a> {
    /// The feeds and their folded names.
    pub feeds: &'a [(FeedId, FeedFacts)],
    /// When a day begins for the reader, in seconds since 1970.
    pub day_start: &'a dyn Fn(NaiveDate) -> i64,
}

/// What `query` asks of an article.
pub fn condition(query: &Query, names: &Names<'_>) -> Condition {
    let term = |term: &crate::query::Term| {
        let test = names.test(&term.test);
        if term.negated { Condition::Not(Box::new(test)) } else { test }
    };
    Condition::All(query.terms.iter().map(term).collect())
}

impl Names<'_> {
    fn test(&self, test: &Test) -> Condition {
        match test {
            Test::Text(Field::Anywhere, needle) => {
                let phrase = Condition::Phrase(Part::Anywhere, phrase(needle));
                match self.named(needle) {
                    feeds if feeds.is_empty() => phrase,
                    feeds => Condition::Any(vec![phrase, Condition::Feeds(feeds)]),
                }
            }
            Test::Text(Field::Title, needle) => Condition::Phrase(Part::Title, phrase(needle)),
            Test::Text(Field::Author, needle) => Condition::Phrase(Part::Author, phrase(needle)),
            Test::In(needle) => Condition::Feeds(self.named(needle)),
            Test::Is(Trait::Read) => Condition::Read,
            Test::Is(Trait::Unread) => Condition::Not(Box::new(Condition::Read)),
            Test::Is(Trait::Starred) => Condition::Starred,
            Test::Days(days) => self.published(days),
        }
    }

    fn named(&self, needle: &Needle) -> Vec<FeedId> {
        let named = self.feeds.iter().filter(|(_, facts)| needle.is_in(facts.names.as_bytes()));
        named.map(|(id, _)| *id).collect()
    }

    fn published(&self, days: &Range<NaiveDate>) -> Condition {
        let instants = second(days.start, self.day_start)..second(days.end, self.day_start);
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp();
        Condition::Published(instants, second(days.start, &midnight)..second(days.end, &midnight))
    }
}

/// The ends of the calendar stand for the ends of time.
fn second(day: NaiveDate, start: &dyn Fn(NaiveDate) -> i64) -> i64 {
    match day {
        NaiveDate::MIN => i64::MIN,
        NaiveDate::MAX => i64::MAX,
        // Zones reach beyond the last days of the calendar.
        day if day.checked_add_days(Days::new(2)).is_none() => i64::MAX,
        day if day.checked_sub_days(Days::new(2)).is_none() => i64::MIN,
        day => start(day),
    }
}

fn phrase(needle: &Needle) -> Phrase {
    let folded = needle.folded();
    let open = needle.ending() == Ending::Open;
    Phrase { words: folded.split_whitespace().map(str::to_owned).collect(), open }
}
