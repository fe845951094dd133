//! The thread that answers what a list shows. Only the newest question is answered.

use std::collections::HashMap;

use chrono::{Local, NaiveDate, NaiveTime, Offset};
use crossbeam_channel::{Receiver, Sender};

use super::written::Written;
use crate::{
    app::{Listing, Message, Question, Ticket},
    index::{Row, Texts},
    model::{Done, EntryId, Scope},
    query,
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

/// Runs until nobody can ask any more.
pub(super) fn run(reader: &Reader, asks: &Receiver<ListAsk>, messages: &Sender<Message>, written: &Written) {
    let mut lister = Lister { reader, texts: Texts::default(), generation: -1 };
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
            let answer = lister.answer(&question).map_err(Into::into);
            if messages.send(Message::Listed(ticket, answer)).is_err() {
                return;
            }
        }
        // Made ready for the next key while nobody waits; a failure shows when a key needs it.
        if asks.is_empty() {
            let _ = lister.freshen();
        }
    }
}

/// Answers one question, with a mind that is made up for it alone.
pub fn answer(reader: &Reader, question: &Question) -> Result<Listing, StoreError> {
    Lister { reader, texts: Texts::default(), generation: -1 }.answer(question)
}

struct Lister<'r> {
    reader: &'r Reader,
    texts: Texts,
    /// The generation of the library that the texts are of.
    generation: i64,
}

impl Lister<'_> {
    fn answer(&mut self, question: &Question) -> Result<Listing, StoreError> {
        let ids = self.ids(question)?;
        let nearest = nearest(&ids, &question.near);
        let from = nearest.saturating_sub(question.rows / 2);
        let window = &ids[from..(nearest + question.rows).min(ids.len())];
        let rows = self.reader.rows(window)?;
        Ok(Listing { nearest, rows, stored: self.reader.count()?, ids: ids.into() })
    }

    fn ids(&mut self, question: &Question) -> Result<Vec<EntryId>, StoreError> {
        let (view, today) = (&question.view, today());
        let query = query::parse(&view.filter, today);
        if query.is_empty() {
            return self.reader.ids(view, day_start(today), &question.keep);
        }
        self.freshen()?;
        let scope = if view.scope.widens() { &Scope::Everything } else { &view.scope };
        let mut found = self.texts.search(&query, scope, today);
        if view.unread_only {
            let unread = query::parse("is:unread ", today);
            let unread = self.texts.search(&unread, scope, today);
            found.retain(|id| unread.contains(id) || question.keep.contains(id));
        }
        Ok(found)
    }

    /// Applies a change to the texts, if it is the next one after what they know.
    fn marked(&mut self, done: &Done, generation: i64) {
        let (ids, set) = done.states();
        if generation == self.generation + 1 && !ids.is_empty() {
            for id in ids {
                self.texts.mark(EntryId(*id), &set);
            }
            self.generation = generation;
        }
    }

    /// Reads the texts again where the library has changed.
    fn freshen(&mut self) -> Result<(), StoreError> {
        let generation = self.reader.generation()?;
        if generation == self.generation {
            return Ok(());
        }
        let (bytes, entries) = self.reader.text_size()?;
        self.texts = Texts::default();
        let mut texts = Texts::with_room(bytes, entries);
        for feed in self.reader.feeds()? {
            texts.add_feed(
                feed.id,
                &format!("{} {}", feed.name(), feed.subscription.tags.join(" ")),
                feed.folder(),
            );
        }
        self.reader.each_text(|facts, text| {
            let day = facts.published.day(&Local);
            texts.push(
                Row { id: facts.id, feed: facts.feed, state: facts.state, day, ends: facts.ends },
                text,
            );
        })?;
        self.texts = texts;
        self.generation = generation;
        Ok(())
    }
}

/// Where the first of `near` that is in `ids` stands; the top, if none is.
fn nearest(ids: &[EntryId], near: &[EntryId]) -> usize {
    let ranks: HashMap<EntryId, usize> =
        near.iter().enumerate().rev().map(|(rank, id)| (*id, rank)).collect();
    let found = ids.iter().enumerate().filter_map(|(index, id)| ranks.get(id).map(|rank| (*rank, index)));
    found.min().map_or(0, |(_, index)| index)
}

#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
fn today() -> NaiveDate {
    Local::now().date_naive()
}

/// When the reader's day began, in seconds since 1970.
#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
pub(super) fn day_start(today: NaiveDate) -> i64 {
    let offset = Local::now().offset().fix();
    today.and_time(NaiveTime::MIN).and_utc().timestamp() - i64::from(offset.local_minus_utc())
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
