//! The thread that answers what a list shows. Only the newest question is answered.

mod at_hand;
mod days;
mod nearest;
mod told;
mod unindexed;

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use chrono::{NaiveDate, NaiveTime};
use crossbeam_channel::{Receiver, Sender};

pub(super) use self::days::day_start;
use self::{
    days::today,
    nearest::nearest,
    told::{Asked, Hits, LATE},
    unindexed::Unindexed,
};
use super::written::Written;
use crate::{
    app::{Listing, Message, Overview, Question, Ticket},
    index::{self, Condition, Index, IndexError, Names},
    model::{Columns, Done, EntryId, FeedId, Scope},
    query::{self, FeedFacts, Query},
    store::{Reader, States, StoreError},
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
    let (mut newest, mut awaits_index) = (None, false);
    while let Ok(first) = asks.recv() {
        for ask in std::iter::once(first).chain(asks.try_iter()) {
            match ask {
                ListAsk::List(ticket, question, after) => newest = Some((ticket, question, after)),
                ListAsk::Marked(done, generation) => lister.marked(&done, generation),
                ListAsk::Stale => {}
            }
        }
        if let Some((ticket, question, after)) = newest.take() {
            written.wait_for(after);
            let mut partly = |listing| drop(messages.send(Message::Listed(ticket, Ok(listing))));
            match lister.answer(&question, &|| !asks.is_empty(), &mut partly) {
                // Another key was pressed meanwhile, and its question follows; or something was told, and none does.
                Ok(None) => newest = Some((ticket, question, after)),
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
            let _ = lister.freshen().and_then(|()| lister.read_for(Duration::MAX, &|| !asks.is_empty()));
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
    /// What is read and starred, as the index has been told.
    states: States,
    unindexed: Unindexed,
    feeds: Vec<(FeedId, FeedFacts)>,
    gone: Vec<FeedId>,
    folders: HashMap<String, Vec<FeedId>>,
    /// The generation of the library that all these are of.
    generation: i64,
    complaints: Vec<IndexError>,
}

impl Lister<'_> {
    fn new(reader: &Reader, most: usize) -> Lister<'_> {
        Lister {
            reader,
            index: Index::default(),
            states: States::default(),
            unindexed: Unindexed::new(most),
            feeds: Vec::new(),
            gone: Vec::new(),
            folders: HashMap::new(),
            generation: NEVER,
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
        listing.overview.unindexed =
            if question.view.filter.is_empty() { 0 } else { self.unindexed.left_out };
        Ok(Some(listing))
    }

    fn hits(
        &mut self,
        question: &Question,
        is_stale: &dyn Fn() -> bool,
        begin: &mut dyn FnMut(Hits),
    ) -> Result<Option<Hits>, StoreError> {
        let query = query::parse(&question.view.filter, today());
        let plain = query.is_empty() && !matches!(question.columns, Columns::Of(_));
        if plain && let Some(all) = self.list_at_once(question, begin)? {
            return Ok(Some(all));
        }
        self.freshen()?;
        if plain {
            // Told whole: by the index, unless there is more to be read for it than is worth waiting for.
            if !self.read_for(LATE, is_stale)? {
                return Ok(None);
            }
            if !self.has_everything()? {
                return self.listed(question, usize::MAX).map(Some);
            }
        }
        let mut patience = LATE;
        while self.unindexed.is_behind() {
            // What is at hand is told before the rest is read.
            match self.find(question, &query, is_stale, begin) {
                None => return Ok(None),
                Some(hits) if hits.ids.is_empty() => {}
                Some(hits) => begin(hits),
            }
            if !self.read_for(patience, is_stale)? {
                return Ok(None);
            }
            patience *= 2;
        }
        Ok(self.find(question, &query, is_stale, begin))
    }

    /// Lists with SQL what no filter narrows, where that is as quick as the index; where the index is yet to be opened,
    /// which the first frame does not wait for, the beginning.
    fn list_at_once(
        &self,
        question: &Question,
        begin: &mut dyn FnMut(Hits),
    ) -> Result<Option<Hits>, StoreError> {
        let few = self.reader.count()? < MANY;
        if !few && self.generation != NEVER {
            return Ok(None);
        }
        let most = if few { usize::MAX } else { FIRST };
        let first = self.listed(question, most)?;
        if first.ids.len() < most {
            return Ok(Some(first));
        }
        begin(first);
        Ok(None)
    }

    /// Reads new texts for so long, or until all are read; `false` if `is_stale` says that nobody waits for them.
    #[expect(clippy::disallowed_methods, reason = "how long an answer may be waited for")]
    fn read_for(&mut self, patience: Duration, is_stale: &dyn Fn() -> bool) -> Result<bool, StoreError> {
        let began = Instant::now();
        while self.unindexed.is_behind() && began.elapsed() < patience {
            if is_stale() {
                return Ok(false);
            }
            self.freshen()?;
        }
        Ok(true)
    }

    /// What SQL lists of a question that no filter narrows: so many at the most.
    fn listed(&self, question: &Question, most: usize) -> Result<Hits, StoreError> {
        let ids = self.reader.ids(&question.view, day_start(today()), &question.keep, most)?;
        Ok(Hits { ids, ..Hits::default() })
    }

    /// Whether all that is stored is at hand.
    fn has_everything(&self) -> Result<bool, StoreError> {
        Ok((self.index.articles() + self.unindexed.texts.len()) as u64 >= self.reader.count()?)
    }

    /// What is at hand, found; `None` if `is_stale` says that nobody wants to know any more.
    fn find(
        &mut self,
        question: &Question,
        query: &Query,
        is_stale: &dyn Fn() -> bool,
        begin: &mut dyn FnMut(Hits),
    ) -> Option<Hits> {
        let (view, today) = (&question.view, today());
        let widens = view.scope.widens() && !query.is_empty();
        let unread = view.unread_only || (view.scope == Scope::Unread && !widens);
        let scope = if widens || view.scope == Scope::Unread { &Scope::Everything } else { &view.scope };
        let source = |id| self.source(id);
        let mut others = self.unindexed.texts.search(query, scope, today, &source);
        if unread {
            others.retain(|(_, id)| !self.unindexed.texts.is_read(*id) || question.keep.contains(id));
        }
        let condition = self.condition(query, scope, unread.then_some(&*question.keep), today);
        let asked = Asked { question, query, condition, others };
        match self.settled(&asked, is_stale, begin) {
            Ok(hits) => hits,
            Err(error) => {
                // What is left is found, and the rest again when the index is built anew.
                self.complaints.push(error);
                let ids = asked.others.into_iter().map(|(_, id)| id).collect();
                Some(Hits { ids, ..Hits::default() })
            }
        }
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

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{EntryId, Lister, Question, UNINDEXED};
    use crate::{
        model::{Attached, Body, BodyFormat, FeedId, FeedKind, NewEntry, Scope, Stamp, View},
        store::{Arrival, Batch, Location, Reader, Store},
    };

    fn bring(store: &mut Store, feed: FeedId, numbers: std::ops::Range<i64>) {
        let arrival = |n: i64| {
            let entry = NewEntry {
                guid: n.to_string(),
                digest: n.unsigned_abs(),
                title: format!("Article {n}"),
                link: None,
                author: None,
                published: Stamp::Instant(DateTime::from_timestamp(n, 0).unwrap()),
                tags: Vec::new(),
                body: Body { format: BodyFormat::Plain, text: "The zeppelin rose.".to_owned() },
                attached: Attached::default(),
                article: None,
            };
            Arrival::new(entry, 0, None)
        };
        let arrivals = numbers.map(arrival).collect();
        store.ingest(&Batch { feed, arrivals, missing: Vec::new() }, DateTime::UNIX_EPOCH).unwrap();
    }

    #[test]
    fn what_is_at_hand_is_told_before_the_rest_is_read_and_the_next_key_ends_the_reading() {
        let location = Location::Memory("lister".to_owned());
        let mut store = Store::open(&location).unwrap();
        let reader = Reader::open(&location).unwrap();
        let (feed, _) = store.add_feed(FeedKind::Folder, "file:///none", "Evening Post").unwrap();
        bring(&mut store, feed, 0..100);
        let mut lister = Lister::new(&reader, UNINDEXED);
        let view = View { scope: Scope::Everything, filter: "zepp".to_owned(), ..View::default() };
        let question = Question { view, ..Question::default() };
        let mut told: Vec<Vec<EntryId>> = Vec::new();
        let answer = lister.answer(&question, &|| false, &mut |listing| told.push(listing.ids.to_vec()));
        let all = answer.unwrap().unwrap().ids.to_vec();
        assert_eq!(all.len(), 100);
        assert!(told[0].len() < 100 && all.starts_with(&told[0]), "the newest come first: {told:?}");
        bring(&mut store, feed, 100..200);
        assert!(lister.answer(&question, &|| true, &mut drop).unwrap().is_none());
        let answer = lister.answer(&question, &|| false, &mut drop);
        assert_eq!(answer.unwrap().unwrap().ids.len(), 200);
    }
}
