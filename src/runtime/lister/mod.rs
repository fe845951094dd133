//! The thread that answers what a list shows. Only the newest question is answered.

mod at_hand;
mod days;
mod told;

use std::{collections::HashMap, time::Instant};

use chrono::{NaiveDate, NaiveTime};
use crossbeam_channel::{Receiver, Sender};

pub(super) use self::days::day_start;
use self::{
    days::today,
    told::{Asked, Hits},
};
use super::written::Written;
use crate::{
    app::{Listing, Message, Overview, Question, Ticket},
    index::{self, Condition, Index, IndexError, Names, Texts},
    model::{Columns, Done, EntryId, FeedId, Scope},
    query::{self, FeedFacts, Query},
    store::{Reader, StoreError},
};

/// What the thread is asked and told.
pub(super) enum ListAsk {
    /// What does this show? Answered when so many changes are in the library.
    List(Ticket, Question, u64),
    /// A change was made; it is the library's generation so-and-so.
    Marked(Done, i64),
    /// Articles came in.
    Stale,
}

/// Texts that are not in the index yet and are looked through at the most; with more, the newest.
const UNINDEXED: usize = 8 * 1024;

/// With fewer articles, SQL lists what no filter narrows as quickly, and needs no index to be open.
const MANY: u64 = 20_000;

/// So many of them are shown before the index is open.
const FIRST: usize = 1_000;

/// The generation before the first.
const NEVER: i64 = -1;

/// Runs until nobody can ask any more.
pub(super) fn run(
    reader: &Reader,
    asks: &Receiver<ListAsk>,
    messages: &Sender<Message>,
    written: &Written,
    broken: &dyn Fn(&IndexError),
) {
    let mut lister = Lister::new(reader, UNINDEXED);
    let mut awaits_index = false;
    while let Ok(first) = asks.recv() {
        let mut newest = None;
        for ask in std::iter::once(first).chain(asks.try_iter()) {
            match ask {
                ListAsk::List(ticket, question, after) => newest = Some((ticket, question, after)),
                ListAsk::Marked(done, generation) => lister.marked(&done, generation),
                ListAsk::Stale => {}
            }
        }
        if let Some((ticket, question, after)) = newest {
            written.wait_for(after);
            let mut partly = |listing| drop(messages.send(Message::Listed(ticket, Ok(listing))));
            match lister.answer(&question, &|| !asks.is_empty(), &mut partly) {
                // Another key was pressed meanwhile; its question follows.
                Ok(None) => {}
                answer => {
                    let answer = answer.map(Option::unwrap_or_default).map_err(Into::into);
                    awaits_index = matches!(&answer, Ok(Listing { overview, .. }) if overview.unindexed > 0);
                    if messages.send(Message::Listed(ticket, answer)).is_err() {
                        return;
                    }
                }
            }
        }
        // Made ready for the next key while nobody waits; a failure shows when a key needs it.
        if asks.is_empty() {
            let generation = lister.generation;
            let _ = lister.freshen();
            if awaits_index && lister.generation != generation {
                awaits_index = false;
                let _ = messages.send(Message::Indexed);
            }
        }
        lister.complaints.drain(..).for_each(|error| broken(&error));
    }
}

/// Answers one question, with a mind that is made up for it alone.
pub fn answer(reader: &Reader, question: &Question) -> Result<Listing, StoreError> {
    let mut lister = Lister::new(reader, usize::MAX);
    let listing = lister.answer(question, &|| false, &mut drop)?;
    if lister.complaints.is_empty() {
        return Ok(listing.unwrap_or_default());
    }
    // An index that is broken is built anew by the reader; until then all texts are looked through.
    lister.without_index()?;
    Ok(lister.answer(question, &|| false, &mut drop)?.unwrap_or_default())
}

struct Lister<'r> {
    reader: &'r Reader,
    index: Index,
    /// What is not in the index yet.
    texts: Texts,
    /// The change by which each of those came to be what it is here.
    changes: HashMap<EntryId, i64>,
    feeds: Vec<(FeedId, FeedFacts)>,
    gone: Vec<FeedId>,
    folders: HashMap<String, Vec<FeedId>>,
    /// The generation of the library that all these are of.
    generation: i64,
    /// Texts that are looked through at the most.
    most: usize,
    /// Texts that are not looked through, because they are more than that.
    unindexed: u64,
    complaints: Vec<IndexError>,
}

impl Lister<'_> {
    fn new(reader: &Reader, most: usize) -> Lister<'_> {
        Lister {
            reader,
            index: Index::default(),
            texts: Texts::default(),
            changes: HashMap::new(),
            feeds: Vec::new(),
            gone: Vec::new(),
            folders: HashMap::new(),
            generation: NEVER,
            most,
            unindexed: 0,
            complaints: Vec::new(),
        }
    }

    /// `None` if `is_stale` says that nobody wants to know any more. The beginning of an answer that takes long is told
    /// ahead.
    #[expect(clippy::disallowed_methods, reason = "how long it took is told beside the answer")]
    fn answer(
        &mut self,
        question: &Question,
        is_stale: &dyn Fn() -> bool,
        tell: &mut dyn FnMut(Listing),
    ) -> Result<Option<Listing>, StoreError> {
        let reader = self.reader;
        let began = Instant::now();
        let mut partly = |hits: Hits| {
            // The selection goes to what is nearest: that must be known.
            let known = question.near.first().is_none_or(|first| hits.ids.contains(first));
            if let Some(Ok(listing)) = known.then(|| listing(reader, question, hits, began)) {
                tell(Listing { more: true, ..listing });
            }
        };
        let Some(hits) = self.hits(question, is_stale, &mut partly)? else { return Ok(None) };
        let mut listing = listing(reader, question, hits, began)?;
        listing.overview.unindexed = if question.view.filter.is_empty() { 0 } else { self.unindexed };
        Ok(Some(listing))
    }

    fn hits(
        &mut self,
        question: &Question,
        is_stale: &dyn Fn() -> bool,
        begin: &mut dyn FnMut(Hits),
    ) -> Result<Option<Hits>, StoreError> {
        let (view, today, reader) = (&question.view, today(), self.reader);
        let query = query::parse(&view.filter, today);
        if query.is_empty() && !matches!(question.columns, Columns::Of(_)) {
            let list = |most| reader.ids(view, day_start(today), &question.keep, most);
            if self.is_to_be_opened()? {
                // The first frame does not wait for the index.
                let ids = list(FIRST)?;
                let all = ids.len() < FIRST;
                let hits = Hits { ids, ..Hits::default() };
                if all {
                    return Ok(Some(hits));
                }
                begin(hits);
            }
            if !self.lists_everything()? {
                return Ok(Some(Hits { ids: list(usize::MAX)?, ..Hits::default() }));
            }
        }
        self.freshen()?;
        let widens = view.scope.widens() && !query.is_empty();
        let unread = view.unread_only || (view.scope == Scope::Unread && !widens);
        let scope = if widens || view.scope == Scope::Unread { &Scope::Everything } else { &view.scope };
        let source = |id| self.source(id);
        let mut others = self.texts.search(&query, scope, today, &source);
        if unread {
            others.retain(|(_, id)| !self.texts.is_read(*id) || question.keep.contains(id));
        }
        let condition = self.condition(&query, scope, unread.then_some(&*question.keep), today);
        let asked = Asked { question, query: &query, condition, others };
        match self.settled(&asked, is_stale, begin) {
            Ok(hits) => Ok(hits),
            Err(error) => {
                // What is left is found, and the rest again when the index is built anew.
                self.complaints.push(error);
                let ids = asked.others.into_iter().map(|(_, id)| id).collect();
                Ok(Some(Hits { ids, ..Hits::default() }))
            }
        }
    }

    /// Whether much is stored, and nothing of it was asked for yet.
    fn is_to_be_opened(&self) -> Result<bool, StoreError> {
        Ok(self.generation == NEVER && self.reader.count()? >= MANY)
    }

    /// Whether what no filter narrows is listed by the index: there is much of it, and all is there.
    fn lists_everything(&mut self) -> Result<bool, StoreError> {
        let stored = self.reader.count()?;
        if stored < MANY {
            return Ok(false);
        }
        self.freshen()?;
        Ok((self.index.articles() + self.texts.len()) as u64 >= stored)
    }

    /// What `query` asks within `scope`; unread only, but for those to keep, if there are any.
    fn condition(
        &self,
        query: &Query,
        scope: &Scope,
        keep: Option<&[EntryId]>,
        today: NaiveDate,
    ) -> Condition {
        let start = |day: NaiveDate| day_start(day);
        let names = Names { feeds: &self.feeds, day_start: &start, today };
        let mut all = vec![index::condition(query, &names), self.within(scope, today)];
        if !self.gone.is_empty() {
            all.push(Condition::Not(Box::new(Condition::Feeds(self.gone.clone()))));
        }
        if let Some(keep) = keep {
            let unread = Condition::Not(Box::new(Condition::Read));
            all.push(Condition::Any(vec![unread, Condition::Entries(keep.to_vec())]));
        }
        Condition::All(all)
    }

    fn within(&self, scope: &Scope, today: NaiveDate) -> Condition {
        match scope {
            Scope::Everything => Condition::everything(),
            Scope::Unread => Condition::Not(Box::new(Condition::Read)),
            Scope::Starred => Condition::Starred,
            Scope::Today => {
                let midnight = today.and_time(NaiveTime::MIN).and_utc().timestamp();
                Condition::Published(day_start(today)..i64::MAX, midnight..i64::MAX)
            }
            Scope::Feed(feed) => Condition::Feeds(vec![*feed]),
            Scope::Folder(name) => Condition::Feeds(self.folders.get(name).cloned().unwrap_or_default()),
        }
    }
}

/// What a list shows of `hits`.
fn listing(reader: &Reader, question: &Question, hits: Hits, began: Instant) -> Result<Listing, StoreError> {
    let Hits { ids, histogram, meant } = hits;
    let nearest = nearest(&ids, &question.near);
    let from = nearest.saturating_sub(question.rows / 2);
    let window = &ids[from..(nearest + question.rows).min(ids.len())];
    let rows = reader.rows(window)?;
    let overview = Overview { took: Some(began.elapsed()), histogram, meant, unindexed: 0 };
    Ok(Listing { nearest, rows, stored: reader.count()?, ids: ids.into(), more: false, overview })
}

/// Entries are told apart roughly by so many bits.
const SLOTS: usize = 1 << 13;

fn slot(id: EntryId) -> usize {
    usize::try_from(id.0.unsigned_abs() % SLOTS as u64).unwrap_or(0)
}

/// Where the first of `near` that is in `ids` stands; the top, if none is.
fn nearest(ids: &[EntryId], near: &[EntryId]) -> usize {
    // Usually it is the very first, and finding that is a plain comparison.
    let first = near.first().and_then(|first| ids.iter().position(|id| id == first));
    first.unwrap_or_else(|| {
        let ranks: HashMap<EntryId, usize> =
            near.iter().enumerate().rev().map(|(rank, id)| (*id, rank)).collect();
        // Most of a million are none of them, which one bit tells.
        let mut likely = [false; SLOTS];
        for id in near {
            likely[slot(*id)] = true;
        }
        let candidates = ids.iter().enumerate().filter(|(_, id)| likely[slot(**id)]);
        let found = candidates.filter_map(|(index, id)| ranks.get(id).map(|rank| (*rank, index)));
        found.min().map_or(0, |(_, index)| index)
    })
}

#[cfg(test)]
mod tests {
    use super::{EntryId, nearest};

    #[test]
    fn the_selection_goes_to_the_nearest_that_is_left() {
        let ids = |ids: &[i64]| ids.iter().map(|id| EntryId(*id)).collect::<Vec<_>>();
        assert_eq!(nearest(&ids(&[9, 7, 5, 3]), &ids(&[8, 7, 5])), 1);
        assert_eq!(nearest(&ids(&[9, 7]), &ids(&[1])), 0);
        assert_eq!(nearest(&[], &ids(&[1])), 0);
    }
}
