//! Sends searches to the threads of the reader, one after the other, and measures their response
//! times.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use newsreader::{
    app::{Effect, Message, RequestId},
    library::FeedSources,
    model::{Failure, HistogramBuckets, ListDefinition, ListGrouping, SearchRequest, ViewScope},
    runtime::{Desktop, PodcastOptions, Ports, ReadingOptions, Workers},
    store::{LibraryLocation, WriteConnection},
};

/// Longest wait for complete results once the first ones have arrived.
const COMPLETION_TIMEOUT: Duration = Duration::from_secs(1);

/// A running reader without a screen, which sends a search and waits for its results.
pub struct SearchDriver {
    workers: Workers,
    last_request: u64,
    /// The groups of the list.
    pub grouping: ListGrouping,
    /// Number of articles in the library.
    pub stored_count: u64,
    /// Duration of the first search, which opens the index.
    pub opening_time: Duration,
}

struct NoDesktop;

impl Desktop for NoDesktop {
    fn open_url(&self, _: &str) -> Result<(), Failure> {
        Ok(())
    }

    fn show_notification(&self, _: &str) -> Result<(), Failure> {
        Ok(())
    }
}

/// Response times of one search.
#[derive(Clone, Copy)]
pub struct SearchTimes {
    /// Time until the first rows arrived.
    pub first_rows: Duration,
    /// Time until the results were complete.
    pub complete: Duration,
}

impl SearchDriver {
    /// Starts the threads of the reader on a library and runs a first search.
    pub fn start(location: &LibraryLocation) -> SearchDriver {
        let workers = Workers::start(Ports {
            location: location.clone(),
            store: WriteConnection::open(location).unwrap(),
            desktop: Arc::new(NoDesktop),
            sources: FeedSources::offline(),
            reading: ReadingOptions::default(),
            podcasts: PodcastOptions::default(),
            samples: &[],
            refresh_at_start: false,
        });
        let mut driver = SearchDriver {
            workers: workers.unwrap(),
            last_request: 0,
            grouping: ListGrouping::None,
            stored_count: 0,
            opening_time: Duration::ZERO,
        };
        driver.opening_time = driver.search("").complete;
        driver
    }

    /// Runs one search for a page of rows, the count and the histogram.
    pub fn search(&mut self, filter: &str) -> SearchTimes {
        self.last_request += 1;
        let list = ListDefinition {
            scope: ViewScope::All,
            filter: filter.to_owned(),
            grouping: self.grouping,
            ..ListDefinition::default()
        };
        let request = SearchRequest {
            list,
            row_count: 160,
            histogram_columns: HistogramBuckets::AtMost(100),
            ..SearchRequest::default()
        };
        let start = Instant::now();
        let effect = Effect::Search(RequestId(self.last_request), request);
        assert!(self.workers.dispatch_effects(effect.into()).is_empty());
        let mut first_rows = None;
        for message in self.workers.messages() {
            let Message::ResultsLoaded(RequestId(id), results) = message else { continue };
            if id == self.last_request {
                let results = results.unwrap();
                let first_rows = *first_rows.get_or_insert_with(|| start.elapsed());
                if !results.is_partial || start.elapsed() > COMPLETION_TIMEOUT {
                    self.stored_count = results.stored_count;
                    return SearchTimes { first_rows, complete: start.elapsed() };
                }
            }
        }
        unreachable!("the threads have ended")
    }

    /// Types `filter` key by key, and returns the text after each key with its response times.
    pub fn type_filter<'f>(&mut self, filter: &'f str) -> Vec<(&'f str, SearchTimes)> {
        let ends = filter.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.map(|end| (&filter[..end], self.search(&filter[..end]))).collect()
    }

    /// Types all `filters`; keys within an open quotation mark are counted separately, in the
    /// second set of timings.
    pub fn type_all(&mut self, filters: &[String]) -> (Timings, Timings) {
        let (mut closed, mut open) = (Timings::default(), Timings::default());
        for filter in filters {
            for (typed, times) in self.type_filter(filter) {
                let timings = if typed.matches('"').count() == 1 { &mut open } else { &mut closed };
                timings.add(typed, times);
            }
        }
        (closed, open)
    }

    /// Types all `filters` and prints the timings under `name`.
    pub fn measure(&mut self, name: &str, filters: &[String]) {
        let (closed, _) = self.type_all(filters);
        closed.print(name);
    }
}

/// Response times of many searches.
#[derive(Default)]
pub struct Timings {
    first_rows: Vec<Duration>,
    complete: Vec<Duration>,
    slowest: (Duration, String),
}

impl Timings {
    /// Adds the response times of one search.
    pub fn add(&mut self, filter: &str, times: SearchTimes) {
        self.first_rows.push(times.first_rows);
        self.complete.push(times.complete);
        if times.complete > self.slowest.0 {
            self.slowest = (times.complete, filter.to_owned());
        }
    }

    /// Prints the median, 90th and 99th percentile and maximum in milliseconds, and the slowest
    /// filter.
    pub fn print(mut self, name: &str) {
        print!("{name:<30} {:>4} keys", self.complete.len());
        for (label, times) in [("rows", &mut self.first_rows), ("all", &mut self.complete)] {
            times.sort_unstable();
            let permille = |rank: usize| {
                let index = (times.len() * rank / 1000).min(times.len().saturating_sub(1));
                times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
            };
            print!(
                "  {label} {:.2} / {:.2} / {:.2} / {:.2}",
                permille(500),
                permille(900),
                permille(990),
                permille(1000)
            );
        }
        println!(" ms; slowest: {}", self.slowest.1);
    }
}
