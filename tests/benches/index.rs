//! How soon a typed filter is answered, in a library that `fill` has made and `newsreader index rebuild` has indexed:
//! `cargo bench --bench index -- FOLDER`.
//!
//! The threads of the reader answer, one key after the other, as in the program: rows, count and histogram together.
//! What is printed are milliseconds: the first rows, and everything.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]

use std::{
    fs,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::Utc;
use newsreader::{
    app::{Effect, Message, Question, Ticket},
    model::{Attached, Body, BodyFormat, Columns, EntryId, FeedKind, NewEntry, Scope, Stamp, View},
    runtime::{Desktop, Ports, Reading, Sources, Workers},
    store::{Arrival, Batch, Location, Reader, Store},
};

/// Filters that are typed key by key, beside words of articles.
const TYPED: &[&str] = &[
    "the",
    "of the",
    "climate",
    "climate change",
    "prime minister",
    "new york",
    "rust kernel",
    "government",
    "election news",
    "people !government",
    "linux -rust",
    "company or minister",
    "(rust or linux) kernel",
    "title:climate",
    "title:the",
    "author:x",
    "is:unread climate",
    "since:2024 minister",
    "lang:en world",
    "words:>500 news",
    "feed:3 election",
    "before:2020 change",
    "on:2021-03 the",
    "has:link news",
    "wor*  news",
    "q",
    "zzz",
    "stagra",
    "contermo",
];

/// The same, with quotes: an answer to what is still open is told in parts.
const PHRASES: &[&str] = &[
    "\"of the\"",
    "\"climate change\"",
    "\"prime minister\"",
    "\"new york\" news",
    "\"the government\"",
    "\"rust kernel\"",
    "title:\"new york\"",
];

/// Nobody waits longer for the rest of an answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// Regular expressions: texts are looked at until another key is pressed.
const EXPRESSIONS: &[&str] = &["linux rust re:kernel.*rust", "re:govern.*climate"];

/// Articles that come in while somebody types.
const ARRIVING: u64 = 1_000;

fn main() {
    let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!("index FOLDER");
        return;
    };
    let location = Location::Folder(PathBuf::from(folder));
    let mut store = Store::open(&location).unwrap();
    let reader = Reader::open(&location).unwrap();
    let mut asking = Asking::new(&location);
    println!("{} articles; the first answer took {:?}", asking.stored, asking.opening);
    let typed: Vec<String> =
        TYPED.iter().map(|filter| (*filter).to_owned()).chain(of_articles(&reader)).collect();
    let phrases: Vec<String> = PHRASES.iter().map(|filter| (*filter).to_owned()).collect();
    asking.measure("typed, cold", &typed);
    asking.measure("typed", &typed);
    let (closed, open) = asking.type_all(&phrases);
    closed.print("phrases, closed");
    open.print("phrases, open");
    let expressions: Vec<String> = EXPRESSIONS.iter().map(|filter| (*filter).to_owned()).collect();
    asking.measure("regular expressions", &expressions);
    let feed = store.add_feed(FeedKind::Folder, "file:///none/arriving", "Arriving").unwrap().0;
    let arrivals: Vec<Arrival> = (0..ARRIVING).map(arrival).collect();
    let batches = arrivals.chunks(100).map(<[Arrival]>::to_vec).enumerate();
    let mut arriving = Times::default();
    for (round, arrivals) in batches {
        store.ingest(&Batch { feed, arrivals, missing: Vec::new() }, Utc::now()).unwrap();
        for filter in typed.iter().skip(round * 5).take(5) {
            arriving.add_all(asking.type_one(filter).into_iter().map(|(_, times)| times));
        }
    }
    arriving.print("while 1,000 articles come in");
    println!("memory: {}", memory());
}

/// The first two words of some headlines.
fn of_articles(reader: &Reader) -> impl Iterator<Item = String> {
    let view = View { scope: Scope::Everything, ..View::default() };
    let ids = reader.ids(&view, 0, &[], usize::MAX).unwrap();
    let some: Vec<EntryId> = ids.iter().step_by(ids.len() / 29 + 1).copied().collect();
    let rows = reader.rows(&some).unwrap();
    rows.into_iter().map(|row| row.title.split(' ').take(2).collect::<Vec<_>>().join(" "))
}

fn arrival(n: u64) -> Arrival {
    let text = "The climate of the new government is a change for the people. ".repeat(36);
    let entry = NewEntry {
        guid: n.to_string(),
        digest: n,
        title: format!("Arriving {n}"),
        link: None,
        author: None,
        published: Stamp::Instant(Utc::now()),
        tags: Vec::new(),
        body: Body { format: BodyFormat::Plain, text },
        attached: Attached::default(),
        article: None,
    };
    Arrival::new(entry, 0, None)
}

/// A reader that asks and waits.
struct Asking {
    workers: Workers,
    ticket: u64,
    stored: u64,
    opening: Duration,
}

struct NoDesktop;

impl Desktop for NoDesktop {
    fn open(&self, _: &str) -> Result<(), newsreader::model::Failure> {
        Ok(())
    }
}

impl Asking {
    fn new(location: &Location) -> Asking {
        let workers = Workers::start(Ports {
            location: location.clone(),
            store: Store::open(location).unwrap(),
            desktop: Arc::new(NoDesktop),
            sources: Sources::offline(),
            reading: Reading::default(),
            samples: &[],
            refresh_at_start: false,
        });
        let mut asking = Asking { workers: workers.unwrap(), ticket: 0, stored: 0, opening: Duration::ZERO };
        let (_, opening) = asking.ask("");
        asking.opening = opening;
        asking
    }

    /// How long it takes until there are rows, and until there is everything.
    fn ask(&mut self, filter: &str) -> (Duration, Duration) {
        self.ticket += 1;
        let view = View { scope: Scope::Everything, filter: filter.to_owned(), ..View::default() };
        let question = Question { view, rows: 160, columns: Columns::AtMost(100), ..Question::default() };
        let began = Instant::now();
        let asked = Effect::List(Ticket(self.ticket), question);
        assert!(self.workers.carry_out(asked.into()).is_empty());
        let mut first = None;
        for message in self.workers.messages() {
            let Message::Listed(Ticket(ticket), listing) = message else { continue };
            if ticket == self.ticket {
                let listing = listing.unwrap();
                let first = *first.get_or_insert_with(|| began.elapsed());
                if !listing.more || began.elapsed() > PATIENCE {
                    self.stored = listing.stored;
                    return (first, began.elapsed());
                }
            }
        }
        unreachable!("the threads have ended")
    }

    /// What each key takes while `filter` is typed, with what is typed by then.
    fn type_one<'f>(&mut self, filter: &'f str) -> Vec<(&'f str, (Duration, Duration))> {
        let ends = filter.char_indices().map(|(at, c)| at + c.len_utf8());
        ends.map(|end| (&filter[..end], self.ask(&filter[..end]))).collect()
    }

    /// Types all; those with an open quotation mark apart.
    fn type_all(&mut self, filters: &[String]) -> (Times, Times) {
        let (mut closed, mut open) = (Times::default(), Times::default());
        for filter in filters {
            for (typed, times) in self.type_one(filter) {
                let into = if typed.matches('"').count() == 1 { &mut open } else { &mut closed };
                into.add_all([times].into_iter());
            }
        }
        (closed, open)
    }

    fn measure(&mut self, name: &str, filters: &[String]) {
        let (closed, _) = self.type_all(filters);
        closed.print(name);
    }
}

#[derive(Default)]
struct Times {
    first: Vec<Duration>,
    all: Vec<Duration>,
}

impl Times {
    fn add_all(&mut self, times: impl Iterator<Item = (Duration, Duration)>) {
        for (first, all) in times {
            self.first.push(first);
            self.all.push(all);
        }
    }

    fn print(mut self, name: &str) {
        print!("{name:<30} {:>4} keys", self.all.len());
        for (what, times) in [("rows", &mut self.first), ("all", &mut self.all)] {
            times.sort_unstable();
            let at = |part: usize| {
                let index = (times.len() * part / 1000).min(times.len().saturating_sub(1));
                times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
            };
            print!("  {what} {:.2} / {:.2} / {:.2} / {:.2}", at(500), at(900), at(990), at(1000));
        }
        println!(" ms");
    }
}

/// The most memory that this process ever had, where the system tells.
fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines = status.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"));
    lines.collect::<Vec<_>>().join(", ").replace('\t', " ")
}
