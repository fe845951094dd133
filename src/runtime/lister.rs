//! The thread that answers what a list shows. Only the newest question is answered.

use std::collections::HashMap;

use chrono::{DateTime, Local, NaiveDate, NaiveTime, TimeDelta};
use crossbeam_channel::{Receiver, Sender};

use super::{
    folded::{folded, source},
    written::Written,
};
use crate::{
    app::{Listing, Message, Question, Ticket},
    index::{self, Condition, Index, IndexError, Listed, Names, Rank, Row, Texts},
    model::{Done, EntryId, FeedId, Scope},
    query::{self, EntryFacts, FeedFacts, Query, Test},
    store::{Reader, StoreError, Stored},
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
const MANY: usize = 20_000;

/// Texts that are looked at before it is seen whether the question has changed.
const LOOKED_AT: usize = 2_048;

/// Runs until nobody can ask any more.
pub(super) fn run(
    reader: &Reader,
    asks: &Receiver<ListAsk>,
    messages: &Sender<Message>,
    written: &Written,
    broken: &dyn Fn(&IndexError),
) {
    let mut lister = Lister::new(reader, UNINDEXED);
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
                    if messages.send(Message::Listed(ticket, answer)).is_err() {
                        return;
                    }
                }
            }
        }
        // Made ready for the next key while nobody waits; a failure shows when a key needs it.
        if asks.is_empty() {
            let _ = lister.freshen();
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
            generation: -1,
            most,
            complaints: Vec::new(),
        }
    }

    /// `None` if `is_stale` says that nobody wants to know any more. The beginning of an answer that takes long is given
    /// to `partly`.
    fn answer(
        &mut self,
        question: &Question,
        is_stale: &dyn Fn() -> bool,
        partly: &mut dyn FnMut(Listing),
    ) -> Result<Option<Listing>, StoreError> {
        let reader = self.reader;
        let mut begin = |ids: Vec<EntryId>| {
            // The selection goes to what is nearest: that must be known.
            let known = question.near.first().is_none_or(|first| ids.contains(first));
            if let Some(Ok(listing)) = known.then(|| listing(reader, question, ids)) {
                partly(Listing { more: true, ..listing });
            }
        };
        match self.ids(question, is_stale, &mut begin)? {
            Some(ids) => listing(reader, question, ids).map(Some),
            None => Ok(None),
        }
    }

    fn ids(
        &mut self,
        question: &Question,
        is_stale: &dyn Fn() -> bool,
        begin: &mut dyn FnMut(Vec<EntryId>),
    ) -> Result<Option<Vec<EntryId>>, StoreError> {
        let (view, today) = (&question.view, today());
        let query = query::parse(&view.filter, today);
        if query.is_empty() && !self.lists_everything()? {
            return self.reader.ids(view, day_start(today), &question.keep).map(Some);
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
        Ok(
            match self.settled(&condition, &others, is_stale, &mut |ids| {
                if ids.len() >= question.rows {
                    begin(ids);
                }
            }) {
                Ok(ids) => ids,
                Err(error) => {
                    // What is left is found, and the rest again when the index is built anew.
                    self.complaints.push(error);
                    Some(others.into_iter().map(|(_, id)| id).collect())
                }
            },
        )
    }

    /// Whether what no filter narrows is listed by the index: there is much of it, and all is there.
    fn lists_everything(&mut self) -> Result<bool, StoreError> {
        let stored = usize::try_from(self.reader.count()?).unwrap_or(usize::MAX);
        if stored < MANY {
            return Ok(false);
        }
        self.freshen()?;
        Ok(self.index.articles() + self.texts.len() >= stored)
    }

    fn settled(
        &self,
        condition: &Condition,
        others: &[Rank],
        is_stale: &dyn Fn() -> bool,
        begin: &mut dyn FnMut(Vec<EntryId>),
    ) -> Result<Option<Vec<EntryId>>, IndexError> {
        let mut search = self.index.search(condition)?;
        let (outside, mut told) = (condition.asks_outside(), false);
        while !search.is_settled() {
            if is_stale() {
                return Ok(None);
            }
            let step = if outside { LOOKED_AT / 16 } else { LOOKED_AT };
            search.settle(step, &mut |id, test| self.holds(id, test))?;
            if !told && !search.is_settled() {
                told = true;
                begin(search.ids(others));
            }
        }
        Ok(Some(search.ids(others)))
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

    /// Applies a change to what is at hand, if it is the next one after what that knows.
    fn marked(&mut self, done: &Done, generation: i64) {
        let (ids, set) = done.states();
        if generation == self.generation + 1 && !ids.is_empty() {
            for id in ids {
                self.texts.mark(EntryId(*id), &set);
                self.index.mark(EntryId(*id), &set);
            }
            self.generation = generation;
        }
    }

    /// Takes over what has changed in the library.
    fn freshen(&mut self) -> Result<(), StoreError> {
        let generation = self.reader.generation()?;
        if generation == self.generation {
            return Ok(());
        }
        self.open_index()?;
        self.know_feeds()?;
        self.read_new()?;
        self.generation = generation;
        Ok(())
    }

    /// Takes everything for new.
    fn without_index(&mut self) -> Result<(), StoreError> {
        self.index = Index::default();
        let everything = self.reader.everything()?;
        self.read_texts(&everything)
    }

    /// Reads the texts that are new to the index, but those that are at hand as they are.
    fn read_new(&mut self) -> Result<(), StoreError> {
        let new: HashMap<EntryId, i64> = self.reader.newest_text_changes(self.most)?.into_iter().collect();
        let ids: Vec<EntryId> = new.keys().copied().collect();
        self.index.forget(&ids);
        let known = std::mem::replace(&mut self.changes, new);
        let changes = &self.changes;
        self.texts.retain(|row| changes.contains_key(&row.id));
        let unknown: Vec<EntryId> = ids.into_iter().filter(|id| known.get(id) != changes.get(id)).collect();
        for id in &unknown {
            self.texts.remove(*id);
        }
        self.read_texts(&unknown)
    }

    fn open_index(&mut self) -> Result<(), StoreError> {
        let states = self.reader.states()?;
        self.texts.set_states(|id| states.of(id.0));
        let Some(folder) = self.reader.index_folder() else { return Ok(()) };
        let listed = self.reader.segments()?;
        let listed: Vec<Listed> =
            listed.into_iter().map(|known| Listed { number: known.number, dead: known.dead }).collect();
        let (index, broken) = Index::open(folder, &listed, &self.index, &|id| states.of(id));
        self.index = index;
        self.complaints.extend(broken.into_iter().map(|(_, error)| error));
        Ok(())
    }

    fn know_feeds(&mut self) -> Result<(), StoreError> {
        self.feeds.clear();
        self.folders.clear();
        for feed in self.reader.feeds()? {
            let names = FeedFacts::new(feed.name(), feed.folder(), &feed.subscription.tags);
            self.feeds.push((feed.id, names));
            if let Some(folder) = feed.folder() {
                self.folders.entry(folder.to_owned()).or_default().push(feed.id);
            }
        }
        let gone = self.reader.gone_feeds()?;
        if self.gone != gone {
            // What was left out may count again.
            self.gone = gone;
            self.changes.clear();
        }
        let folder = |id: &FeedId| {
            let found = self.folders.iter().find(|(_, feeds)| feeds.contains(id));
            found.map(|(folder, _)| folder.clone())
        };
        self.texts.know_feeds(self.feeds.iter().map(|(id, names)| (*id, names.clone(), folder(id))));
        Ok(())
    }

    fn read_texts(&mut self, ids: &[EntryId]) -> Result<(), StoreError> {
        let Lister { reader, texts, gone, .. } = self;
        reader.each_stored(ids, |stored| {
            if !gone.contains(&stored.feed) {
                texts.put(row(&stored));
            }
        })
    }

    /// Title and text of an entry as they are read.
    fn source(&self, id: EntryId) -> String {
        let mut found = String::new();
        // What cannot be read matches nothing, and says so when it is opened.
        let _ = self.reader.each_stored(&[id], |stored| found = source(&stored));
        found
    }

    /// Whether a test that the index cannot make holds of an entry.
    fn holds(&self, id: EntryId, test: &Test) -> bool {
        let (mut holds, feed) = (false, FeedFacts::default());
        let _ = self.reader.each_stored(&[id], |stored| {
            let (folded, about) = folded(&stored);
            let day = stored.published.day(&Local);
            let source = || source(&stored);
            holds = test.holds(&EntryFacts {
                folded: &folded,
                about: &about,
                feed: &feed,
                state: stored.state,
                day,
                new: false,
                source: &source,
            });
        });
        holds
    }
}

fn row(stored: &Stored) -> Row {
    let (folded, about) = folded(stored);
    let arrived = DateTime::from_timestamp(stored.arrived, 0).unwrap_or_default();
    Row {
        id: stored.id,
        feed: stored.feed,
        state: stored.state,
        published: stored.published.instant().timestamp(),
        day: stored.published.day(&Local),
        arrived: arrived.with_timezone(&Local).date_naive(),
        folded,
        about,
    }
}

/// What a list shows of `ids`.
fn listing(reader: &Reader, question: &Question, ids: Vec<EntryId>) -> Result<Listing, StoreError> {
    let nearest = nearest(&ids, &question.near);
    let from = nearest.saturating_sub(question.rows / 2);
    let window = &ids[from..(nearest + question.rows).min(ids.len())];
    let rows = reader.rows(window)?;
    Ok(Listing { nearest, rows, stored: reader.count()?, ids: ids.into(), more: false })
}

/// Where the first of `near` that is in `ids` stands; the top, if none is.
fn nearest(ids: &[EntryId], near: &[EntryId]) -> usize {
    // Usually it is the very first, and finding that is a plain comparison.
    let first = near.first().and_then(|first| ids.iter().position(|id| id == first));
    first.unwrap_or_else(|| {
        let ranks: HashMap<EntryId, usize> =
            near.iter().enumerate().rev().map(|(rank, id)| (*id, rank)).collect();
        let found = ids.iter().enumerate().filter_map(|(index, id)| ranks.get(id).map(|rank| (*rank, index)));
        found.min().map_or(0, |(_, index)| index)
    })
}

#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
fn today() -> NaiveDate {
    Local::now().date_naive()
}

/// When a day began for the reader, in seconds since 1970.
pub(super) fn day_start(day: NaiveDate) -> i64 {
    let midnight = day.and_time(NaiveTime::MIN);
    // Where clocks are set forward at midnight, the day begins with the first hour there is.
    let start =
        (0..4).find_map(|hour| (midnight + TimeDelta::hours(hour)).and_local_timezone(Local).earliest());
    start.map_or_else(|| midnight.and_utc().timestamp(), |start| start.timestamp())
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
