//! Questions to the threads of the reader, one after the other, and how soon they were answered.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use newsreader::{
    app::{Effect, Message, RequestId, SearchRequest},
    model::{Failure, HistogramBuckets, View, ViewScope},
    runtime::{Desktop, FeedSources, Ports, ReadingOptions, Workers},
    store::{LibraryLocation, WriteConnection},
};

/// Nobody waits longer for the rest of an answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// A reader that asks and waits.
pub struct Asking {
    workers: Workers,
    ticket: u64,
    pub stored: u64,
    pub opening: Duration,
}

struct NoDesktop;

impl Desktop for NoDesktop {
    fn open_url(&self, _: &str) -> Result<(), Failure> {
        Ok(())
    }
}

impl Asking {
    pub fn new(location: &LibraryLocation) -> Asking {
        let workers = Workers::start(Ports {
            location: location.clone(),
            store: WriteConnection::open(location).unwrap(),
            desktop: Arc::new(NoDesktop),
            sources: FeedSources::offline(),
            reading: ReadingOptions::default(),
            samples: &[],
            refresh_at_start: false,
        });
        let mut asking =
            Asking { workers: workers.unwrap(), ticket: 0, stored: 0, opening: Duration::ZERO };
        let (_, opening) = asking.ask("");
        asking.opening = opening;
        asking
    }

    /// How long it takes until there are rows, and until there is everything.
    pub fn ask(&mut self, filter: &str) -> (Duration, Duration) {
        self.ticket += 1;
        let view = View { scope: ViewScope::All, filter: filter.to_owned(), ..View::default() };
        let question = SearchRequest {
            view,
            row_count: 160,
            histogram_columns: HistogramBuckets::AtMost(100),
            ..SearchRequest::default()
        };
        let began = Instant::now();
        let asked = Effect::Search(RequestId(self.ticket), question);
        assert!(self.workers.dispatch_effects(asked.into()).is_empty());
        let mut first = None;
        for message in self.workers.messages() {
            let Message::ResultsLoaded(RequestId(ticket), listing) = message else { continue };
            if ticket == self.ticket {
                let listing = listing.unwrap();
                let first = *first.get_or_insert_with(|| began.elapsed());
                if !listing.is_partial || began.elapsed() > PATIENCE {
                    self.stored = listing.stored_count;
                    return (first, began.elapsed());
                }
            }
        }
        unreachable!("the threads have ended")
    }

    /// What each key takes while `filter` is typed, with what is typed by then.
    pub fn type_one<'f>(&mut self, filter: &'f str) -> Vec<(&'f str, (Duration, Duration))> {
        let ends = filter.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.map(|end| (&filter[..end], self.ask(&filter[..end]))).collect()
    }

    /// Types all; those with an open quotation mark apart.
    pub fn type_all(&mut self, filters: &[String]) -> (Times, Times) {
        let (mut closed, mut open) = (Times::default(), Times::default());
        for filter in filters {
            for (typed, times) in self.type_one(filter) {
                let into = if typed.matches('"').count() == 1 { &mut open } else { &mut closed };
                into.add(typed, times);
            }
        }
        (closed, open)
    }

    pub fn measure(&mut self, name: &str, filters: &[String]) {
        let (closed, _) = self.type_all(filters);
        closed.print(name);
    }
}

#[derive(Default)]
pub struct Times {
    first: Vec<Duration>,
    all: Vec<Duration>,
    /// What took longest.
    slowest: (Duration, String),
}

impl Times {
    /// Notes how long the rows of a filter took, and everything.
    pub fn add(&mut self, filter: &str, (first, all): (Duration, Duration)) {
        self.first.push(first);
        self.all.push(all);
        if all > self.slowest.0 {
            self.slowest = (all, filter.to_owned());
        }
    }

    pub fn print(mut self, name: &str) {
        print!("{name:<30} {:>4} keys", self.all.len());
        for (what, times) in [("rows", &mut self.first), ("all", &mut self.all)] {
            times.sort_unstable();
            let at = |part: usize| {
                let index = (times.len() * part / 1000).min(times.len().saturating_sub(1));
                times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
            };
            print!("  {what} {:.2} / {:.2} / {:.2} / {:.2}", at(500), at(900), at(990), at(1000));
        }
        println!(" ms; slowest: {}", self.slowest.1);
    }
}
