//! Measures what finding the story of an arriving article costs, and which copies are found:
//!
//! ```text
//! cargo bench --bench stories -- window TEXTS 100000          # terms and comparisons alone
//! cargo bench --bench stories -- library TEXTS FOLDER 100000  # with the library, in a new folder
//! cargo bench --bench stories -- copies TEXTS                 # the shares of republished texts that are found
//! ```
//!
//! TEXTS is a folder with files of JSON lines with `title` and `text` (`.jsonl` or `.jsonl.xz`). More articles than
//! there are texts are made from them with other names and numbers, so that they are about other events.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]

use std::{
    cell::RefCell,
    collections::HashMap,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use newsreader::{
    library::{IndexMaintainer, StoryAccess, StoryFinder},
    model::{
        Attachments, BodyFormat, EntryBody, EntryId, FeedId, FeedKind, NewEntry, PublicationDate,
    },
    store::{
        EntryUpsert, IngestBatch, LibraryLocation, ManifestUpdate, ReadConnection, StoryUpdate,
        WriteConnection,
    },
    story::{
        ArrivingArticle, StoryChoices, StoryText, StoryWindow, TermStatistics, distinct_words,
        extract_terms, term_hash,
    },
};

#[path = "story_copies.rs"]
mod copies;
#[path = "texts.rs"]
mod texts;

use texts::{SourceText, Texts};

/// Publication time of the first article, in seconds since 1970.
const FIRST_PUBLISHED: i64 = 1_700_000_000;

/// The span in which the articles are published, in seconds: a little less than the window of stories.
const SPAN: i64 = 5 * 24 * 60 * 60 - 3600;

/// Number of articles that arrive once the others are there.
const ARRIVALS: usize = 5_000;

/// Number of articles that arrive together.
const ARRIVALS_PER_BATCH: usize = 25;

/// Number of feeds.
const FEED_COUNT: usize = 200;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["window", texts, count] => measure_window(Path::new(texts), count.parse().unwrap()),
        ["library", texts, folder, count] => {
            measure_library(Path::new(texts), Path::new(folder), count.parse().unwrap());
        }
        ["copies", texts] => copies::measure_copies(&Texts::load(Path::new(texts))),
        _ => println!("stories window TEXTS COUNT | library TEXTS FOLDER COUNT | copies TEXTS"),
    }
}

/// The frequencies of words in some texts, looked up by hashes as those of a library are.
#[derive(Default)]
struct CountedWords {
    counts: hashbrown::HashMap<u32, u32>,
    documents: u32,
    /// The time that looking words up has taken is part of the terms.
    look_ups: RefCell<u64>,
}

impl CountedWords {
    fn new(texts: &Texts, count: usize) -> CountedWords {
        let mut words = CountedWords::default();
        for number in 0..count {
            words.documents += 1;
            let SourceText { title, text } = texts.article(number);
            for word in distinct_words(StoryText { title: &title, body: &text }) {
                *words.counts.entry(term_hash(&word)).or_default() += 1;
            }
        }
        words
    }
}

impl TermStatistics for CountedWords {
    fn document_count(&self) -> u32 {
        self.documents
    }

    fn document_frequency(&self, word: &str) -> u32 {
        *self.look_ups.borrow_mut() += 1;
        self.counts.get(&term_hash(word)).copied().unwrap_or_default()
    }
}

/// Measures terms and comparisons of the last articles of a window.
fn measure_window(texts: &Path, count: usize) {
    let texts = Texts::load(texts);
    let words = CountedWords::new(&texts, count.min(20_000));
    let (mut term_times, mut place_times, mut totals) = (Vec::new(), Vec::new(), Vec::new());
    let before = resident_kib();
    let (mut window, choices) = (StoryWindow::with_capacity(count), StoryChoices::default());
    let (mut stories, mut likely_copies) = (HashMap::new(), 0);
    for number in 0..count {
        let SourceText { title, text } = texts.article(number);
        let began = Instant::now();
        let terms = extract_terms(StoryText { title: &title, body: &text }, &words);
        let term_time = began.elapsed();
        let published = published_seconds(number, count);
        let entry = EntryId(i64::try_from(number).unwrap() + 1);
        let feed = FeedId(entry.0 % 200);
        let article = ArrivingArticle { entry, feed, published, terms };
        let neighbours = window.find_neighbours(&article);
        likely_copies += neighbours.likely_copies.len();
        let placement = window.place(article, (neighbours, None), &choices);
        let total = began.elapsed();
        *stories.entry(placement.story).or_insert(0) += 1;
        if number + ARRIVALS >= count {
            term_times.push(term_time);
            place_times.push(total.saturating_sub(term_time));
            totals.push(total);
        }
    }
    println!("{count} articles in {} stories, largest {:?}", stories.len(), stories.values().max());
    println!("{likely_copies} texts to be compared");
    println!("memory of the window: {} KiB", resident_kib().saturating_sub(before));
    print_quantiles("terms", term_times);
    print_quantiles("place", place_times);
    print_quantiles("both", totals);
}

/// Measures finding stories in a library, and articles that arrive in it.
fn measure_library(texts: &Path, folder: &Path, count: usize) {
    let texts = Texts::load(texts);
    let location = LibraryLocation::Folder(PathBuf::from(folder));
    let mut store = WriteConnection::open(&location).unwrap();
    let feeds: Vec<FeedId> = (0..FEED_COUNT)
        .map(|n| store.add_feed(FeedKind::Web, &format!("https://{n}.example/"), "Feed").unwrap())
        .map(|added| added.feed)
        .collect();
    let began = Instant::now();
    for start in (0..count).step_by(500) {
        let numbers = start..count.min(start + 500);
        ingest(&mut store, &texts, feeds[start / 500 % FEED_COUNT], numbers, count);
    }
    println!("{count} articles stored in {:?}", began.elapsed());
    let index_folder = location.index_folder().unwrap();
    let reader = ReadConnection::open_for_scan(&location).unwrap();
    let began = Instant::now();
    let mut commit = |update: ManifestUpdate| store.apply_manifest_update(&update).map(drop);
    let mut maintainer = IndexMaintainer {
        reader: &reader,
        folder: &index_folder,
        go_on: &|| true,
        commit: &mut commit,
    };
    maintainer.update(1).unwrap();
    println!("indexed in {:?}", began.elapsed());
    let mut finder = StoryFinder::default();
    let before = resident_kib();
    let time = find_stories(&mut finder, &mut store, &reader, &index_folder);
    println!("stories of {count} articles in {time:?}: {:?} an article", time / count as u32);
    println!("memory of the finder: {} KiB", resident_kib().saturating_sub(before));
    println!("stories: {:?}", reader.count_stories().unwrap());
    let mut times = Vec::new();
    for start in (count..count + ARRIVALS).step_by(ARRIVALS_PER_BATCH) {
        let numbers = start..start + ARRIVALS_PER_BATCH;
        ingest(&mut store, &texts, feeds[start % FEED_COUNT], numbers, count);
        let time = find_stories(&mut finder, &mut store, &reader, &index_folder);
        times.push(time / ARRIVALS_PER_BATCH as u32);
    }
    print_quantiles("an arriving article, with the library", times);
}

/// Stores articles in a feed.
fn ingest(
    store: &mut WriteConnection,
    texts: &Texts,
    feed: FeedId,
    numbers: std::ops::Range<usize>,
    count: usize,
) {
    let upserts = numbers.map(|number| {
        let SourceText { title, text } = texts.article(number);
        let at = published_seconds(number, count);
        let entry = NewEntry {
            guid: number.to_string(),
            digest: number as u64,
            title,
            link: Some(format!("https://example.org/{number}")),
            author: None,
            published: PublicationDate::Instant(DateTime::from_timestamp(at, 0).unwrap()),
            tags: Vec::new(),
            body: EntryBody {
                format: BodyFormat::Html,
                text: format!("<p>{}</p>", text.replace('\n', "</p><p>")),
            },
            attachments: Attachments::default(),
            page_article: None,
        };
        EntryUpsert::new(entry, 0, None)
    });
    let batch = IngestBatch { feed, upserts: upserts.collect(), missing_files: Vec::new() };
    store.ingest_batch(&batch, Utc::now()).unwrap();
}

/// Finds the stories of the queued articles, and returns the time that it took.
fn find_stories(
    finder: &mut StoryFinder,
    store: &mut WriteConnection,
    reader: &ReadConnection,
    folder: &Path,
) -> Duration {
    let began = Instant::now();
    let mut commit = |update: StoryUpdate| store.apply_story_update(&update);
    let mut access =
        StoryAccess { reader, folder, go_on: &|| true, batch_size: 256, commit: &mut commit };
    finder.update(&mut access).unwrap();
    began.elapsed()
}

/// Returns the time of publication of an article, in seconds since 1970.
fn published_seconds(number: usize, count: usize) -> i64 {
    let [number, count] = [number, count].map(|number| i64::try_from(number).unwrap());
    FIRST_PUBLISHED + number.min(count) * SPAN / count
}

/// Returns the memory of this process in KiB; 0 where the system does not say.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or_default()
}

/// Prints the mean and some quantiles of times.
fn print_quantiles(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    let mean = times.iter().sum::<Duration>() / times.len() as u32;
    println!("{name}: mean {mean:?}, p50 {:?}, p90 {:?}, p99 {:?}", at(50), at(90), at(99));
}
