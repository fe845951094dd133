//! Fills a library with generated articles, so that the program can be measured with a million of
//! them: `cargo bench --bench fill -- FOLDER 1000000`.
//!
//! The same number always gives the same articles. Word frequencies follow Zipf's law (the n-th
//! word is 1/n as frequent as the first), the most frequent words are real English ones, and one
//! article in eight is written in another script. Every tenth article is in a story of four, so that
//! lists can be grouped by story.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout)]

use std::{ops::RangeInclusive, path::PathBuf, time::Instant};

use chrono::{DateTime, Utc};
use newsreader::{
    model::{
        Attachments, BodyFormat, EntryBody, EntryId, FeedId, FeedKind, NewEntry, PublicationDate,
        StoryId,
    },
    store::{
        EntryUpsert, IngestBatch, LibraryLocation, ReadConnection, StoryRow, StoryUpdate,
        WriteConnection,
    },
};

/// Number of different words in a script.
const VOCABULARY_SIZE: u64 = 400_000;

/// Number of feeds that the articles belong to.
const FEED_COUNT: u64 = 400;

/// Number of articles per transaction.
const BATCH_SIZE: u64 = 2_000;

/// Of so many articles that follow each other, one is in a story.
const STORY_INTERVAL: i64 = 10;

/// Number of the articles of each story.
const STORY_SIZE: i64 = 4;

/// Publication time of the first article, in seconds since 1970.
const FIRST_PUBLISHED: i64 = 1_500_000_000;

/// Seconds from one article to the next.
const PUBLISHING_INTERVAL: i64 = 271;

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [folder, count] = arguments.as_slice() else {
        println!("fill FOLDER COUNT");
        return;
    };
    let count: u64 = count.parse().unwrap();
    let location = LibraryLocation::Folder(PathBuf::from(folder));
    let mut store = WriteConnection::open(&location).unwrap();
    let reader = ReadConnection::open(&location).unwrap();
    let add_feed = |store: &mut WriteConnection, n: u64| {
        store
            .add_feed(FeedKind::Folder, &format!("file:///none/{n}"), &format!("Feed {n}"))
            .unwrap()
            .feed
    };
    let feeds: Vec<FeedId> = (0..FEED_COUNT).map(|n| add_feed(&mut store, n)).collect();
    let began = Instant::now();
    for start in (0..count).step_by(usize::try_from(BATCH_SIZE).unwrap()) {
        let upserts = (start..count.min(start + BATCH_SIZE)).map(generate_entry).collect();
        let feed = feeds[usize::try_from(start / BATCH_SIZE % FEED_COUNT).unwrap()];
        store
            .ingest_batch(&IngestBatch { feed, upserts, missing_files: Vec::new() }, Utc::now())
            .unwrap();
        let last = i64::try_from(count.min(start + BATCH_SIZE)).unwrap();
        let articles = generate_stories(feed, i64::try_from(start).unwrap() + 1..=last);
        let queue = reader.list_story_queue(usize::MAX, &|| ()).unwrap();
        let done_rows = queue.into_iter().flat_map(|queued| queued.rows).collect();
        let state = reader.story_state().unwrap();
        let update = StoryUpdate { articles, done_rows, state, ..StoryUpdate::default() };
        store.apply_story_update(&update).unwrap().unwrap();
    }
    println!("{count} articles in {:?}", began.elapsed());
}

/// Returns the stories of the articles of a feed with these ids, which count from 1, without terms.
fn generate_stories(feed: FeedId, ids: RangeInclusive<i64>) -> Vec<StoryRow> {
    let span = STORY_INTERVAL * STORY_SIZE;
    let in_story = ids.filter(|id| id % STORY_INTERVAL == 0);
    let articles = in_story.map(|id| StoryRow {
        entry: EntryId(id),
        feed,
        story: StoryId((id - STORY_INTERVAL) / span * span + STORY_INTERVAL),
        published: FIRST_PUBLISHED + (id - 1) * PUBLISHING_INTERVAL,
        terms: Vec::new(),
    });
    articles.collect()
}

fn generate_entry(n: u64) -> EntryUpsert {
    let mut random = Random(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let script = Script::choose(random.below(64));
    let title = script.generate_words(&mut random, 9);
    let word_count = 120 + random.below(520);
    let text = script.generate_words(&mut random, word_count);
    let at = FIRST_PUBLISHED + i64::try_from(n).unwrap() * PUBLISHING_INTERVAL;
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

/// The writing system of an article.
#[derive(Clone, Copy)]
enum Script {
    Latin,
    Syllables(&'static [&'static str]),
    Characters(u32, u64),
}

impl Script {
    fn choose(choice: u64) -> Script {
        match choice {
            0..=2 => Script::Syllables(&["ال", "كت", "مد", "سر", "ون", "ية", "بر", "عل"]),
            3..=4 => Script::Syllables(&["של", "ים", "ות", "בי", "מד", "הכ", "רו", "אל"]),
            5..=6 => Script::Syllables(&["по", "ста", "ни", "ко", "ра", "вы", "ль", "ей"]),
            7 => Script::Characters(0x4e00, 3_000),
            _ => Script::Latin,
        }
    }

    fn generate_words(self, random: &mut Random, count: u64) -> String {
        let mut text = String::new();
        for n in 0..count {
            if n > 0 {
                text.push_str(if n % 60 == 0 { "\n\n" } else { " " });
            }
            self.push_word(random, &mut text);
        }
        text
    }

    fn push_word(self, random: &mut Random, text: &mut String) {
        let rank = random.zipf_rank();
        match self {
            Script::Latin => match real_word(rank) {
                Some(words) => text.push_str(words),
                None => {
                    push_syllables(
                        rank,
                        &["ba", "ter", "in", "con", "mo", "re", "sta", "li", "gra", "ne"],
                        text,
                    );
                }
            },
            Script::Syllables(parts) => push_syllables(rank, parts, text),
            Script::Characters(first, many) => {
                let c = first + u32::try_from(rank % many).unwrap();
                text.extend(char::from_u32(c));
            }
        }
    }
}

/// Returns the real word or expression of a rank, if it has one.
fn real_word(rank: u64) -> Option<&'static str> {
    let find_expression = || {
        let behind = rank.checked_sub(FIRST_EXPRESSION_RANK)?;
        if behind.is_multiple_of(EXPRESSION_INTERVAL) {
            EXPRESSIONS.get(usize::try_from(behind / EXPRESSION_INTERVAL).unwrap())
        } else {
            None
        }
    };
    FREQUENT_WORDS.get(usize::try_from(rank).unwrap()).or_else(find_expression).copied()
}

/// Rank of the first expression: topics are rarer than function words.
const FIRST_EXPRESSION_RANK: u64 = 500;

/// Ranks from one expression to the next.
const EXPRESSION_INTERVAL: u64 = 40;

/// Topics of the news: single words and phrases.
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

/// The most frequent English words, most frequent first.
const FREQUENT_WORDS: &[&str] = &[
    "the", "of", "to", "and", "a", "in", "for", "is", "on", "that", "by", "this", "with", "you",
    "it", "not", "or", "be", "are", "from", "at", "as", "your", "all", "have", "new", "more", "an",
    "was", "we", "will", "can", "us", "about", "if", "my", "has", "but", "our", "one", "other",
    "do", "no", "they", "he", "up", "may", "what", "which", "their", "news", "out", "use", "any",
    "there", "see", "only", "so", "his", "when", "here", "who", "also", "now",
];

/// Appends a word that is unique to `number`.
fn push_syllables(mut number: u64, parts: &[&str], text: &mut String) {
    let base = parts.len() as u64;
    loop {
        text.push_str(parts[usize::try_from(number % base).unwrap()]);
        number /= base;
        if number == 0 {
            return;
        }
    }
}

/// xorshift64*: good enough to choose words, and the same on every machine.
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

    /// Returns a rank from 0, distributed by Zipf's law.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "ranks are small"
    )]
    fn zipf_rank(&mut self) -> u64 {
        let part = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((VOCABULARY_SIZE as f64).powf(part) - 1.0) as u64
    }
}
