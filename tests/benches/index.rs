//! How soon a typed filter is answered, in a library that `fill` has made and `newsreader index rebuild` has indexed:
//! `cargo bench --bench index -- FOLDER`.
//!
//! The threads of the reader answer, one key after the other, as in the program: rows, count and histogram together.
//! What is printed are milliseconds: the first rows, and everything.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]

mod asking;

use std::{fs, path::PathBuf};

use asking::{Asking, Times};
use chrono::Utc;
use newsreader::{
    model::{
        Attachments, BodyFormat, EntryBody, EntryId, FeedKind, NewEntry, PublicationDate, View,
        ViewScope,
    },
    store::{EntryUpsert, IngestBatch, LibraryLocation, ReadConnection, WriteConnection},
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

/// Regular expressions: texts are looked at until another key is pressed.
const EXPRESSIONS: &[&str] = &["linux rust re:kernel.*rust", "re:govern.*climate"];

/// Articles that come in while somebody types.
const ARRIVING: u64 = 1_000;

fn main() {
    let Some(folder) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!("index FOLDER");
        return;
    };
    let location = LibraryLocation::Folder(PathBuf::from(folder));
    let mut store = WriteConnection::open(&location).unwrap();
    let reader = ReadConnection::open(&location).unwrap();
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
    let arrivals: Vec<EntryUpsert> = (0..ARRIVING).map(arrival).collect();
    let batches = arrivals.chunks(100).map(<[EntryUpsert]>::to_vec).enumerate();
    let mut arriving = Times::default();
    for (round, arrivals) in batches {
        store
            .ingest_batch(
                &IngestBatch { feed, upserts: arrivals, missing_files: Vec::new() },
                Utc::now(),
            )
            .unwrap();
        for filter in typed.iter().skip(round * 5).take(5) {
            for (typed, times) in asking.type_one(filter) {
                arriving.add(typed, times);
            }
        }
    }
    arriving.print("while 1,000 articles come in");
    println!("memory: {}", memory());
}

/// The first two words of some headlines.
fn of_articles(reader: &ReadConnection) -> impl Iterator<Item = String> {
    let view = View { scope: ViewScope::All, ..View::default() };
    let ids = reader.list_entry_ids(&view, 0, &[], usize::MAX).unwrap();
    let some: Vec<EntryId> = ids.iter().step_by(ids.len() / 29 + 1).copied().collect();
    let rows = reader.load_entries(&some).unwrap();
    rows.into_iter().map(|row| row.title.split(' ').take(2).collect::<Vec<_>>().join(" "))
}

fn arrival(n: u64) -> EntryUpsert {
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

/// The most memory that this process ever had, where the system tells.
fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let lines =
        status.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"));
    lines.collect::<Vec<_>>().join(", ").replace('\t', " ")
}
