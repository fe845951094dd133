//! What is told of a question: the hits, how they spread over time, the word that was meant.

use std::{
    collections::HashSet,
    panic::resume_unwind,
    thread,
    time::{Duration, Instant},
};

use chrono::{NaiveDate, NaiveTime};

use super::{
    Lister,
    days::{day_of, day_start, today},
};
use crate::{
    app::Question,
    index::{self, Bounds, Condition, IndexError, Likely, Open, Part, Rank, Search},
    model::{Columns, EntryId, Histogram, Order, Scope},
    query::{Query, Test},
    text::each_word,
};

/// Hits that are weighed where the best come first: the newest.
const WEIGHED: usize = 4_096;

/// What is found meanwhile is told after so long, however little it is.
pub(super) const LATE: Duration = Duration::from_millis(100);

/// Texts that are looked at before it is seen whether the question has changed.
const LOOKED_AT: usize = 4_096;

/// Fewer texts are looked at by the time that a thread has begun.
const WORTH_A_THREAD: usize = 512;

impl Lister<'_> {
    #[expect(clippy::disallowed_methods, reason = "how long the beginning of an answer may be waited for")]
    pub(super) fn settled(
        &self,
        asked: &Asked<'_>,
        is_stale: &dyn Fn() -> bool,
        begin: &mut dyn FnMut(Hits),
    ) -> Result<Option<Hits>, IndexError> {
        let mut search = self.index.search(&asked.condition)?;
        let (outside, best) = (asked.condition.asks_outside(), asked.best_first());
        let (mut told, mut last) = (None, Instant::now());
        while !search.is_settled() {
            if is_stale() {
                return Ok(None);
            }
            if outside {
                search.settle(LOOKED_AT / 32, &mut |id, test| self.holds(id, test))?;
            } else {
                let open = search.open(LOOKED_AT);
                let hits = side_by_side(&search, &open)?;
                search.decide(&open, &hits);
            }
            // Told as soon as it fills the screen; what takes long shows what there is, and is seen to grow.
            let count = search.count();
            let is_late = last.elapsed() >= LATE && told != Some(count);
            let fills = told.is_none() && count >= asked.question.rows;
            if !best && !search.is_settled() && (is_late || fills) {
                (told, last) = (Some(count), Instant::now());
                begin(self.told(asked, &search)?);
            }
        }
        self.told(asked, &search).map(Some)
    }

    /// What is found so far.
    fn told(&self, asked: &Asked<'_>, search: &Search<'_>) -> Result<Hits, IndexError> {
        let mut ids = search.ids(&asked.others);
        if asked.best_first() {
            ids = self.best_first(asked, search, ids)?;
        }
        let histogram = if asked.counts() { self.histogram(asked, search)? } else { None };
        let is_all = search.is_settled() && self.unindexed.is_read();
        let meant = if ids.is_empty() && is_all { self.meant(asked)? } else { None };
        Ok(Hits { ids, histogram, meant })
    }

    /// The newest hits by how well they fit, and the rest behind them as it is.
    fn best_first(
        &self,
        asked: &Asked<'_>,
        search: &Search<'_>,
        ids: Vec<EntryId>,
    ) -> Result<Vec<EntryId>, IndexError> {
        let needles = asked.query.needles();
        let phrases: Vec<_> = needles.iter().map(|needle| index::phrase(needle)).collect();
        let mut weighed = search.weigh(&phrases, WEIGHED)?;
        weighed
            .extend(self.unindexed.texts.weigh(&asked.others[..asked.others.len().min(WEIGHED)], &needles));
        let mut best = index::best_first(weighed);
        let known: HashSet<EntryId> = best.iter().copied().collect();
        best.extend(ids.into_iter().filter(|id| !known.contains(id)));
        Ok(best)
    }

    fn histogram(&self, asked: &Asked<'_>, search: &Search<'_>) -> Result<Option<Histogram>, IndexError> {
        let of_others = asked.others.iter().filter_map(|(_, id)| self.unindexed.texts.day(*id));
        let of_index =
            search.reach().into_iter().flat_map(|(oldest, newest)| [day_of(oldest), day_of(newest)]);
        let (first, last) = of_others.clone().chain(of_index).fold((None, None), |(first, last), day| {
            (Some(first.map_or(day, |first: NaiveDate| first.min(day))), last.max(Some(day)))
        });
        let (Some(first), Some(last)) = (first, last) else { return Ok(None) };
        let Some((unit, bounds)) = asked.question.columns.bounds(first, last) else {
            return Ok(None);
        };
        let midnight = |day: &NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp();
        let seconds = Bounds {
            instants: bounds.iter().map(|day| day_start(*day)).collect(),
            days: bounds.iter().map(midnight).collect(),
        };
        let mut histogram = Histogram { unit, counts: search.histogram(&seconds)?, bounds };
        for day in of_others {
            if let Some(column) = histogram.column(day) {
                histogram.counts[column] += 1;
            }
        }
        Ok(Some(histogram))
    }

    /// The filter with the first of its words that is nowhere made the nearest one that is somewhere.
    fn meant(&self, asked: &Asked<'_>) -> Result<Option<String>, IndexError> {
        let filter = &asked.question.view.filter;
        let mut terms = Vec::new();
        asked.query.expr.each_wanted(&mut |term| {
            if matches!(term.test, Test::Text(..)) {
                terms.push(term);
            }
        });
        for term in terms {
            let mut words = Vec::new();
            each_word(&filter[term.span.clone()], |word| words.push((word.folded.to_owned(), word.range())));
            for (word, range) in words {
                let Some(mut likely) = Likely::to(&word).filter(|_| !self.knows(&word)) else { continue };
                self.index.look_for(&mut likely)?;
                if likely.best().is_none() {
                    self.unindexed.texts.look_for(&mut likely);
                }
                if let Some(best) = likely.best() {
                    let at = term.span.start;
                    let (before, after) = (&filter[..at + range.start], &filter[at + range.end..]);
                    return Ok(Some(format!("{before}{best}{after}")));
                }
            }
        }
        Ok(None)
    }

    /// Whether any text has a word that begins so.
    fn knows(&self, word: &str) -> bool {
        let query = Query::phrase(word);
        let phrases = query
            .needles()
            .into_iter()
            .map(|needle| Condition::Phrase(Part::Anywhere, index::phrase(needle)));
        let found = self.index.search(&Condition::All(phrases.collect()));
        found.is_ok_and(|search| search.count() > 0)
            || !self
                .unindexed
                .texts
                .search(&query, &Scope::Everything, today(), &|_| String::new())
                .is_empty()
    }
}

/// Looks at texts on two processors.
fn side_by_side(search: &Search<'_>, open: &[Open]) -> Result<Vec<bool>, IndexError> {
    let look = |open| search.look(open, &mut |_, _| false);
    if open.len() < WORTH_A_THREAD {
        return look(open);
    }
    let (one, other) = open.split_at(open.len() / 2);
    thread::scope(|scope| {
        let other = scope.spawn(move || look(other));
        let mut hits = look(one)?;
        hits.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        Ok(hits)
    })
}

/// A question, understood.
pub(super) struct Asked<'q> {
    pub(super) question: &'q Question,
    pub(super) query: &'q Query,
    pub(super) condition: Condition,
    /// What fulfils it and is not in the index, the newest first.
    pub(super) others: Vec<Rank>,
}

impl Asked<'_> {
    /// Whether hits are counted by time.
    fn counts(&self) -> bool {
        !self.query.is_empty() || matches!(self.question.columns, Columns::Of(_))
    }

    fn best_first(&self) -> bool {
        self.question.view.order == Order::Best && !self.query.needles().is_empty()
    }
}

/// What is found.
#[derive(Default)]
pub(super) struct Hits {
    pub(super) ids: Vec<EntryId>,
    pub(super) histogram: Option<Histogram>,
    pub(super) meant: Option<String>,
}
