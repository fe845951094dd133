//! Measures the response times of typed filters:
//! `cargo bench --bench index -- FOLDER`, where FOLDER is a library that the bench `fill` has
//! written and `newsreader index rebuild` has indexed.
//!
//! The threads of the reader run one search per key, as in the program: rows, count and histogram
//! together. Times are printed in milliseconds, for the first rows and for the complete results.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]

mod search_driver;

use std::{fs, path::PathBuf};

use chrono::Utc;
use newsreader::{
    model::{
        Attachments, BodyFormat, EntryBody, EntryId, FeedKind, KeptEntries, ListDefinition,
        ListGrouping, NewEntry, PublicationDate, ViewScope,
    },
    store::{EntryUpsert, IngestBatch, LibraryLocation, ReadConnection, WriteConnection},
};
use search_driver::{SearchDriver, Timings};

/// Filters to type key by key, in addition to words from headlines.
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

/// Filters with phrases. While a quotation mark is open, results arrive in parts.
const PHRASES: &[&str] = &[
    "\"of the\"",
    "\"climate change\"",
    "\"prime minister\"",
    "\"new york\" news",
    "\"the government\"",
    "\"rust kernel\"",
    "title:\"new york\"",
];

/// Filters with regular expressions, which scan texts until the next key is pressed.
const REGEX_FILTERS: &[&str] = &["linux rust re:kernel.*rust", "re:govern.*climate"];

/// Number of articles that arrive while filters are typed.
const ARRIVING_COUNT: u64 = 1_000;

fn main() {
    let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!("index FOLDER");
        return;
    };
    let location = LibraryLocation::Folder(PathBuf::from(folder));
    let mut store = WriteConnection::open(&location).unwrap();
    let reader = ReadConnection::open(&location).unwrap();
    let mut driver = SearchDriver::start(&location);
    println!("{} articles; the first search took {:?}", driver.stored_count, driver.opening_time);
    let typed: Vec<String> =
        TYPED.iter().map(|filter| (*filter).to_owned()).chain(headline_filters(&reader)).collect();
    let phrases: Vec<String> = PHRASES.iter().map(|filter| (*filter).to_owned()).collect();
    driver.measure("typed, cold", &typed);
    driver.measure("typed", &typed);
    driver.grouping = ListGrouping::Story;
    driver.measure("typed, grouped by story", &typed);
    driver.grouping = ListGrouping::None;
    let (closed, open) = driver.type_all(&phrases);
    closed.print("phrases, closed");
    open.print("phrases, open");
    let regex_filters: Vec<String> =
        REGEX_FILTERS.iter().map(|filter| (*filter).to_owned()).collect();
    driver.measure("regular expressions", &regex_filters);
    let feed = store.add_feed(FeedKind::Folder, "file:///none/arriving", "Arriving").unwrap().feed;
    let upserts: Vec<EntryUpsert> = (0..ARRIVING_COUNT).map(arriving_entry).collect();
    let batches = upserts.chunks(100).map(<[EntryUpsert]>::to_vec).enumerate();
    let mut during_ingest = Timings::default();
    for (round, upserts) in batches {
        store
            .ingest_batch(&IngestBatch { feed, upserts, missing_files: Vec::new() }, Utc::now())
            .unwrap();
        for filter in typed.iter().skip(round * 5).take(5) {
            for (typed, times) in driver.type_filter(filter) {
                during_ingest.add(typed, times);
            }
        }
    }
    during_ingest.print("while 1,000 articles arrive");
    println!("memory: {}", memory_usage());
}

/// Returns the first two words of about thirty headlines.
fn headline_filters(reader: &ReadConnection) -> impl Iterator<Item = String> {
    let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
    let ids = reader.list_entry_ids(&list, 0, &KeptEntries::default(), usize::MAX).unwrap();
    let sample: Vec<EntryId> = ids.iter().step_by(ids.len() / 29 + 1).copied().collect();
    let rows = reader.load_entries(&sample).unwrap();
    rows.into_iter().map(|row| row.title.split(' ').take(2).collect::<Vec<_>>().join(" "))
}

fn arriving_entry(n: u64) -> EntryUpsert {
    let text = "The climate of the new government is a change for the people. ".repeat(36);
    let entry = NewEntry {
        guid: n.to_string(),
        digest: n,
        title: format!("Arriving {n}"),
        link: None,
        author: None,
        published: PublicationDate::Instant(Utc::now()),
        tags: Vec::new(),
        body: EntryBody { format: BodyFormat::Plain, text },
        attachments: Attachments::default(),
        page_article: None,
    };
    EntryUpsert::new(entry, 0, None)
}

/// Returns the peak and current memory of this process, on systems with `/proc`.
fn memory_usage() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines =
        status.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"));
    lines.collect::<Vec<_>>().join(", ").replace('\t', " ")
}
