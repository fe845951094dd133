//! A query → a condition: the names of feeds become feeds, days become seconds.

use std::ops::Range;

use chrono::{Days, NaiveDate, NaiveTime};

use super::condition::{self, Condition, Part, Phrase};
use crate::{
    model::FeedId,
    query::{Ending, Expr, FeedFacts, Field, Needle, Query, Test, Trait},
};

/// What the library and the reader's place say of a query.
pub struct Names<'a> {
    /// The feeds and their folded names.
    pub feeds: &'a [(FeedId, FeedFacts)],
    /// When a day begins for the reader, in seconds since 1970.
    pub day_start: &'a dyn Fn(NaiveDate) -> i64,
    /// The reader's day.
    pub today: NaiveDate,
}

/// What `query` asks of an article.
pub fn condition(query: &Query, names: &Names<'_>) -> Condition {
    names.expr(&query.expr)
}

impl Names<'_> {
    fn expr(&self, expr: &Expr) -> Condition {
        let each = |exprs: &[Expr]| exprs.iter().map(|expr| self.expr(expr)).collect();
        match expr {
            Expr::All(exprs) => Condition::All(each(exprs)),
            Expr::Any(exprs) => Condition::Any(each(exprs)),
            Expr::Not(expr) => Condition::Not(Box::new(self.expr(expr))),
            Expr::Term(term) => self.test(&term.test),
        }
    }

    fn test(&self, test: &Test) -> Condition {
        match test {
            Test::Text(field, needle) => {
                let written = written(*field, needle, test);
                match self.fulfilling(test) {
                    feeds if feeds.is_empty() => written,
                    feeds => Condition::Any(vec![written, Condition::Feeds(feeds)]),
                }
            }
            Test::In(_) | Test::Feed(_) | Test::Folder(_) => Condition::Feeds(self.fulfilling(test)),
            Test::Is(Trait::Edited) => Condition::Noted(condition::EDITED.to_owned()),
            Test::Is(Trait::New) => Condition::Arrived(second(self.today, self.day_start)),
            Test::Has(medium) => Condition::Noted(condition::medium(*medium)),
            Test::Language(code) => Condition::Noted(condition::language(code)),
            Test::Words(range) => Condition::Words(range.clone()),
            Test::Pattern(_) => Condition::Outside(test.clone()),
            Test::Is(Trait::Read) => Condition::Read,
            Test::Is(Trait::Unread) => Condition::Not(Box::new(Condition::Read)),
            Test::Is(Trait::Starred) => Condition::Starred,
            Test::Days(days) => self.published(days),
        }
    }

    /// The feeds of which `test` holds, whatever is in them.
    fn fulfilling(&self, test: &Test) -> Vec<FeedId> {
        self.feeds.iter().filter(|(_, facts)| facts.fulfils(test)).map(|(id, _)| *id).collect()
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

/// Words in a part of the article.
fn written(field: Field, needle: &Needle, test: &Test) -> Condition {
    let phrase = phrase(needle);
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
                Condition::Phrase(
                    Part::Url,
                    Phrase { words: vec![word.clone()], open: phrase.open && index == last },
                )
            };
            let words = phrase.words.iter().enumerate().map(one);
            return Condition::All(words.chain([Condition::Outside(test.clone())]).collect());
        }
        Field::Url => Part::Url,
    };
    Condition::Phrase(part, phrase)
}

/// The words that a needle looks for.
pub fn phrase(needle: &Needle) -> Phrase {
    let folded = needle.folded();
    let open = needle.ending() == Ending::Open;
    Phrase { words: folded.split_whitespace().map(str::to_owned).collect(), open }
}
