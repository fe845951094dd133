//! Fills a library with made-up articles, so that the program can be measured with a million of them:
//! `cargo bench --bench fill -- FOLDER 1000000`.
//!
//! The same number always gives the same articles. Words are as frequent as Zipf has it (the n-th a n-th as often as the
//! first), the frequent ones are real, and one article in eight is written in another script.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]

use std::{path::PathBuf, time::Instant};

use chrono::{DateTime, Utc};
use newsreader::{
    model::{Attachments, BodyFormat, EntryBody, FeedId, FeedKind, NewEntry, PublicationDate},
    store::{EntryUpsert, IngestBatch, LibraryLocation, WriteConnection},
};

/// Different words of a script.
const VOCABULARY: u64 = 400_000;

/// Feeds that the articles are of.
const FEEDS: u64 = 400;

/// Articles of one transaction.
const BATCH: u64 = 2_000;

/// The first article, in seconds since 1970, and the seconds between two.
const FIRST: i64 = 1_500_000_000;
const BETWEEN: i64 = 271;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [folder, count] = arguments.as_slice() else {
        println!("fill FOLDER COUNT");
        return;
    };
    let count: u64 = count.parse().unwrap();
    let mut store = WriteConnection::open(&LibraryLocation::Folder(PathBuf::from(folder))).unwrap();
    let feed = |store: &mut WriteConnection, n: u64| {
        store
            .add_feed(FeedKind::Folder, &format!("file:///none/{n}"), &format!("Feed {n}"))
            .unwrap()
            .0
    };
    let feeds: Vec<FeedId> = (0..FEEDS).map(|n| feed(&mut store, n)).collect();
    let began = Instant::now();
    for start in (0..count).step_by(usize::try_from(BATCH).unwrap()) {
        let arrivals = (start..count.min(start + BATCH)).map(arrival).collect();
        let feed = feeds[usize::try_from(start / BATCH % FEEDS).unwrap()];
        store
            .ingest_batch(
                &IngestBatch { feed, upserts: arrivals, missing_files: Vec::new() },
                Utc::now(),
            )
            .unwrap();
    }
    println!("{count} articles in {:?}", began.elapsed());
}

fn arrival(n: u64) -> EntryUpsert {
    let mut random = Random(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let script = Script::of(random.below(64));
    let title = script.words(&mut random, 9);
    let words = 120 + random.below(520);
    let text = script.words(&mut random, words);
    let at = FIRST + i64::try_from(n).unwrap() * BETWEEN;
    let entry = NewEntry {
        guid: n.to_string(),
        digest: n,
        title,
        link: Some(format!("https://example.org/{n}")),
        author: None,
        published: PublicationDate::Instant(DateTime::from_timestamp(at, 0).unwrap()),
        tags: Vec::new(),
        body: EntryBody { format: BodyFormat::Plain, text },
        attachments: Attachments::default(),
        page_article: None,
    };
    EntryUpsert::new(entry, 0, None)
}

/// What an article is written in.
#[derive(Clone, Copy)]
enum Script {
    Latin,
    Syllables(&'static [&'static str]),
    Characters(u32, u64),
}

impl Script {
    fn of(choice: u64) -> Script {
        match choice {
            0..=2 => Script::Syllables(&["ال", "كت", "مد", "سر", "ون", "ية", "بر", "عل"]),
            3..=4 => Script::Syllables(&["של", "ים", "ות", "בי", "מד", "הכ", "רו", "אל"]),
            5..=6 => Script::Syllables(&["по", "ста", "ни", "ко", "ра", "вы", "ль", "ей"]),
            7 => Script::Characters(0x4e00, 3_000),
            _ => Script::Latin,
        }
    }

    fn words(self, random: &mut Random, count: u64) -> String {
        let mut text = String::new();
        for n in 0..count {
            if n > 0 {
                text.push_str(if n % 60 == 0 { "\n\n" } else { " " });
            }
            self.word(random, &mut text);
        }
        text
    }

    fn word(self, random: &mut Random, text: &mut String) {
        let rank = random.zipf();
        match self {
            Script::Latin => match known(rank) {
                Some(words) => text.push_str(words),
                None => {
                    syllables(
                        rank,
                        &["ba", "ter", "in", "con", "mo", "re", "sta", "li", "gra", "ne"],
                        text,
                    );
                }
            },
            Script::Syllables(parts) => syllables(rank, parts, text),
            Script::Characters(first, many) => {
                let c = first + u32::try_from(rank % many).unwrap();
                text.extend(char::from_u32(c));
            }
        }
    }
}

/// The real word of a rank, if it has one.
fn known(rank: u64) -> Option<&'static str> {
    let expression = || {
        let behind = rank.checked_sub(RARER)?;
        if behind.is_multiple_of(APART) {
            EXPRESSIONS.get(usize::try_from(behind / APART).unwrap())
        } else {
            None
        }
    };
    FREQUENT.get(usize::try_from(rank).unwrap()).or_else(expression).copied()
}

/// What the news are about is rarer than what they are written with: the rank of the first expression.
const RARER: u64 = 500;

/// Ranks from one expression to the next.
const APART: u64 = 40;

/// Words that the news are about, alone or side by side.
const EXPRESSIONS: &[&str] = &[
    "people",
    "government",
    "world",
    "company",
    "new york",
    "minister",
    "prime minister",
    "election",
    "climate",
    "climate change",
    "linux kernel",
    "rust",
];

/// The most frequent words of English, as they are ranked.
const FREQUENT: &[&str] = &[
    "the", "of", "to", "and", "a", "in", "for", "is", "on", "that", "by", "this", "with", "you",
    "it", "not", "or", "be", "are", "from", "at", "as", "your", "all", "have", "new", "more", "an",
    "was", "we", "will", "can", "us", "about", "if", "my", "has", "but", "our", "one", "other",
    "do", "no", "they", "he", "up", "may", "what", "which", "their", "news", "out", "use", "any",
    "there", "see", "only", "so", "his", "when", "here", "who", "also", "now",
];

/// A word of its own for every number.
fn syllables(mut number: u64, parts: &[&str], text: &mut String) {
    let base = parts.len() as u64;
    loop {
        text.push_str(parts[usize::try_from(number % base).unwrap()]);
        number /= base;
        if number == 0 {
            return;
        }
    }
}

/// xorshift64*: good enough to choose words, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end
    }

    /// A rank from 0, the n-th a n-th as often as the first.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "ranks are small"
    )]
    fn zipf(&mut self) -> u64 {
        let part = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((VOCABULARY as f64).powf(part) - 1.0) as u64
    }
}
