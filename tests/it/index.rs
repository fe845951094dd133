//! The index answers as the oracle does, whatever was added, edited, deleted, marked, merged and opened again.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use chrono::{DateTime, NaiveDate, Utc};
use newsreader::{
    index::{
        BitSet, HistogramBounds, IndexDocument, IndexReader, QueryContext, Segment, SegmentBuilder,
        SegmentMeta, SortKey, compile_query, merge_segments, segment_folder,
    },
    model::{EntryId, EntryState, FeedId},
    query::{
        self, EntryAttributes, FeedNames, FoldedText, MediaKind, Predicate, Query, SearchableEntry,
    },
};
use proptest::prelude::*;

use crate::corpora::files;

/// An entry as the library has it.
#[derive(Debug, Clone)]
struct Entry {
    feed: FeedId,
    published: i64,
    day_only: bool,
    arrived: i64,
    folded: FoldedText,
    about: EntryAttributes,
    source: String,
    state: EntryState,
}

/// A library of which some is in segments and some is not yet.
struct Library {
    folder: tempfile::TempDir,
    entries: BTreeMap<i64, Entry>,
    unindexed: BTreeSet<i64>,
    listed: Vec<SegmentMeta>,
    next: i64,
    feeds: Vec<(FeedId, FeedNames)>,
}

/// A word that is in so many articles is common.
const COMMON: u32 = 2;

/// Seconds from the first day to the one the questions are asked on.
const TODAY: i64 = 20_780 * 86_400;

fn day_of(seconds: i64) -> NaiveDate {
    DateTime::<Utc>::from_timestamp(seconds, 0).unwrap().date_naive()
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

impl Library {
    fn new() -> Library {
        let feeds = [("Evening Post", "World"), ("The Kernel", "Tech"), ("東京", "World")];
        let feeds = feeds.iter().zip(1..).map(|((title, folder), id)| {
            (FeedId(id), FeedNames::new(title, Some(folder), &[(*folder).to_lowercase()]))
        });
        Library {
            folder: tempfile::tempdir().unwrap(),
            entries: BTreeMap::new(),
            unindexed: BTreeSet::new(),
            listed: Vec::new(),
            next: 1,
            feeds: feeds.collect(),
        }
    }

    fn put(&mut self, id: i64, feed: i64, published: i64, parts: [&str; 4]) {
        let [title, author, body, tags] = parts;
        let url = format!("https://post.example/{title}");
        let folded = FoldedText::new(title, author, body, tags, &url);
        // Whatever the words have to do with it: what is noted of some and not of others.
        let about = EntryAttributes {
            language: [None, Some("en"), Some("de")][body.len() % 3],
            media: if body.len() % 2 == 0 {
                vec![MediaKind::Image, MediaKind::Link]
            } else {
                Vec::new()
            },
            edited: id % 5 == 0,
        };
        let arrived = published + if id % 3 == 0 { TODAY } else { 0 };
        let source = format!("{title}\n{body}");
        let state = self.entries.get(&id).map(|entry| entry.state).unwrap_or_default();
        let day_only = published % 86_400 == 0;
        let entry = Entry {
            feed: FeedId(feed),
            published,
            day_only,
            arrived,
            folded,
            about,
            source,
            state,
        };
        self.entries.insert(id, entry);
        self.unindexed.insert(id);
    }

    /// Writes what is not in a segment into one.
    fn flush(&mut self) {
        let mut batch: Vec<(i64, &Entry)> =
            self.unindexed.iter().filter_map(|id| Some((*id, self.entries.get(id)?))).collect();
        batch.sort_by_key(|(id, entry)| (entry.published, *id));
        let mut builder = SegmentBuilder::default();
        for (id, entry) in batch {
            builder.add_document(&article(id, entry));
        }
        self.bury();
        if !builder.is_empty() {
            builder.write_segment(&segment_folder(self.folder.path(), self.next), COMMON).unwrap();
            self.listed.push(SegmentMeta { number: self.next, deleted: Vec::new() });
            self.next += 1;
        }
        self.unindexed.clear();
    }

    /// Marks what is written anew, or gone, as dead where it was.
    fn bury(&mut self) {
        for listed in &mut self.listed {
            let segment =
                Segment::open(&segment_folder(self.folder.path(), listed.number)).unwrap();
            let mut dead = BitSet::from_bytes(segment.max_doc(), &listed.deleted);
            for (id, at) in segment.entry_ids().iter().zip(0..) {
                dead.set_to(at, dead.get(at) || self.unindexed.contains(id));
            }
            listed.deleted = dead.to_bytes();
        }
    }

    fn merge(&mut self, from: usize, to: usize) {
        let (from, to) = (from.min(self.listed.len()), to.min(self.listed.len()));
        if from >= to {
            return;
        }
        let merged: Vec<SegmentMeta> = self.listed.drain(from..to).collect();
        let open: Vec<(Segment, BitSet)> = merged
            .iter()
            .map(|listed| {
                let segment =
                    Segment::open(&segment_folder(self.folder.path(), listed.number)).unwrap();
                let dead = BitSet::from_bytes(segment.max_doc(), &listed.deleted);
                (segment, dead)
            })
            .collect();
        let inputs: Vec<(&Segment, &BitSet)> =
            open.iter().map(|(segment, dead)| (segment, dead)).collect();
        assert!(
            merge_segments(
                &inputs,
                &segment_folder(self.folder.path(), self.next),
                COMMON,
                &mut || true
            )
            .unwrap()
        );
        self.listed.push(SegmentMeta { number: self.next, deleted: Vec::new() });
        self.next += 1;
    }

    fn open(&self) -> IndexReader {
        let mut index = IndexReader::default();
        self.update(&mut index);
        index
    }

    fn update(&self, index: &mut IndexReader) {
        let state = |id: i64| self.entries.get(&id).map(|entry| entry.state).unwrap_or_default();
        assert_eq!(index.reload(self.folder.path(), &self.listed, &state), []);
        index.delete_entries(self.unindexed.iter().map(|id| EntryId(*id)));
    }

    fn facts<T>(&self, entry: &Entry, ask: impl FnOnce(&SearchableEntry<'_>) -> T) -> T {
        let (_, feed) = self.feeds.iter().find(|(id, _)| *id == entry.feed).unwrap();
        ask(&SearchableEntry {
            text: &entry.folded,
            attributes: &entry.about,
            feed,
            state: entry.state,
            published_day: day_of(entry.published),
            is_new: day_of(entry.arrived) >= today(),
            plain_text: &|| entry.source.clone(),
        })
    }

    fn matches(&self, query: &Query, entry: &Entry) -> bool {
        self.facts(entry, |facts| query.matches(facts))
    }

    fn holds(&self, id: EntryId, test: &Predicate) -> bool {
        self.entries.get(&id.0).is_some_and(|entry| self.facts(entry, |facts| test.matches(facts)))
    }

    /// What the oracle finds among `ids`, the newest first.
    fn oracle<'a>(&self, query: &Query, ids: impl Iterator<Item = &'a i64>) -> Vec<SortKey> {
        let found = ids.filter_map(|id| Some((*id, self.entries.get(id)?)));
        let found = found.filter(|(_, entry)| self.matches(query, entry));
        let mut ranks: Vec<SortKey> =
            found.map(|(id, entry)| (entry.published, EntryId(id))).collect();
        ranks.sort_by(|one, other| other.cmp(one));
        ranks
    }

    fn check(&self, index: &IndexReader, text: &str) {
        let query = query::parse(text, today());
        let day_start = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
        let names = QueryContext { feeds: &self.feeds, day_start: &day_start, today: today() };
        let expected = self.oracle(&query, self.entries.keys());
        let tail = self.oracle(&query, self.unindexed.iter());
        let mut search = index.search(&compile_query(&query, &names)).unwrap();
        let mut before: Vec<EntryId> = Vec::new();
        loop {
            let ids = search.merge_hits(&tail);
            assert!(ids.starts_with(&before), "{text:?}: what is shown moved");
            before = ids;
            if search.is_verified() {
                break;
            }
            search.verify_newest(3, &mut |id, test| self.holds(id, test)).unwrap();
        }
        let ids: Vec<EntryId> = expected.iter().map(|(_, id)| *id).collect();
        assert_eq!(before, ids, "{text:?}");
        assert_eq!(search.hit_count() + tail.len(), ids.len());
        let bounds: Vec<i64> = (-2..40).map(|week| week * 7 * 86_400).collect();
        // Where a day begins later than at midnight UTC, articles of which only the day is known have bounds of their own.
        let later = |seconds: &i64| seconds + 6 * 3600;
        let both =
            HistogramBounds { instants: bounds.iter().map(later).collect(), days: bounds.clone() };
        let within = |range: &[i64]| {
            let in_tail = |at: &i64| tail.iter().any(|(published, _)| published == at);
            let all = expected.iter().filter(|(at, id)| {
                let shift = if self.entries[&id.0].day_only { 0 } else { 6 * 3600 };
                (range[0] + shift..range[1] + shift).contains(at)
            });
            u32::try_from(
                all.filter(|(at, id)| !(in_tail(at) && tail.contains(&(*at, *id)))).count(),
            )
            .unwrap()
        };
        assert_eq!(
            search.histogram(&both).unwrap(),
            bounds.windows(2).map(within).collect::<Vec<_>>(),
            "{text:?} by week"
        );
    }
}

fn article(id: i64, entry: &Entry) -> IndexDocument {
    let Entry { feed, published, day_only, arrived, folded, about, .. } = entry.clone();
    IndexDocument {
        id: EntryId(id),
        feed,
        published,
        day_only,
        arrived,
        text: folded,
        attributes: about,
    }
}

/// What happens to a library.
#[derive(Debug, Clone)]
enum Step {
    Put {
        id: i64,
        feed: i64,
        published: i64,
        title: String,
        author: String,
        body: String,
        tags: String,
    },
    Delete(i64),
    Mark(i64, EntryState),
    Flush,
    Merge(usize, usize),
}

impl Library {
    /// Lets something happen, of which the open `index` hears.
    fn take(&mut self, step: Step, index: &mut IndexReader) {
        match step {
            Step::Put { id, feed, published, title, author, body, tags } => {
                self.put(id, feed, published, [&title, &author, &body, &tags]);
                index.delete_entries([EntryId(id)]);
            }
            Step::Delete(id) => {
                if self.entries.remove(&id).is_some() {
                    self.unindexed.insert(id);
                    index.delete_entries([EntryId(id)]);
                }
            }
            Step::Mark(id, state) => {
                if let Some(entry) = self.entries.get_mut(&id) {
                    entry.state = state;
                    index.update_entry_state(EntryId(id), |known| *known = state);
                }
            }
            Step::Flush => {
                self.flush();
                self.update(index);
            }
            Step::Merge(from, to) => {
                self.merge(from, to);
                self.update(index);
            }
        }
    }
}

fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "the",
        "of",
        "to",
        "in",
        "then",
        "rust",
        "rusty",
        "night",
        "train",
        "Al-Sharaa",
        "it’s",
        "東京",
        "京東",
        "中国人",
        "ไทย",
        "3.11",
        "café",
        "الحكومة",
        "zeppelin",
        "a",
        "и",
        "на",
        "evening",
    ]);
    prop::collection::vec(word, 0..9).prop_map(|words| words.join(" "))
}

fn step() -> impl Strategy<Value = Step> {
    let published = (0_i64..30, prop::sample::select(vec![0_i64, 1, 40_000]))
        .prop_map(|(day, at)| day * 86_400 + at);
    let put = (1_i64..60, 1_i64..4, published, words(), words(), words(), words()).prop_map(
        |(id, feed, published, title, author, body, tags)| Step::Put {
            id,
            feed,
            published,
            title,
            author,
            body,
            tags,
        },
    );
    prop_oneof![
        20 => put,
        2 => (1_i64..60).prop_map(Step::Delete),
        4 => (1_i64..60, any::<bool>(), any::<bool>()).prop_map(|(id, read, starred)| Step::Mark(id, EntryState { read, starred })),
        2 => Just(Step::Flush),
        1 => (0_usize..4, 0_usize..8).prop_map(|(from, count)| Step::Merge(from, from + count)),
    ]
}

const QUERIES: &[&str] = &[
    "",
    "the",
    "the ",
    "t",
    "of the",
    "\"of the\"",
    "\"of th",
    "\"in the ",
    "\"night train\"",
    "\"night tr",
    "!the",
    "!\"of the\" rust",
    "\"the rust the\"",
    "rus",
    "rust ",
    "sharaa",
    "alsharaa",
    "al-sharaa",
    "its",
    "東京",
    "京",
    "中国人",
    "\"東京\"",
    "ไ",
    "3.11",
    "3.1",
    "cafe",
    "الحكومة",
    "title:the",
    "title:\"of the\"",
    "title:\"night t",
    "author:rust",
    "title:東京 ",
    "in:world",
    "in:tech the",
    "evening",
    "!evening",
    "\"evening post\"",
    "is:unread",
    "is:read the",
    "is:star",
    "!is:star \"to the",
    "on:1970-01-05",
    "since:1970-01-20",
    "before:1970-01-03 the",
    "zeppelin",
    "xyzzy",
    "и на",
    "\"и на\"",
    "the or zeppelin",
    "(rust or train) !the",
    "-(\"of the\" or 東京) is:unread",
    "ru* the",
    "\"night tr*\" or re:zepp.lin",
    "re:n.ght",
    "!re:the rust",
    "body:the ",
    "body:\"of the\"",
    "tag:rust",
    "tag:\"night train\"",
    "tag:tech",
    "url:rust",
    "url:post.example/the",
    "url:\"night train\"",
    "feed:kernel",
    "folder:world",
    "lang:de",
    "has:image !has:link",
    "has:link the",
    "is:edited",
    "is:new",
    "!is:new rust",
    "words:>3",
    "words:0",
    "words:2..4 the",
    "age:>1w",
    "between:1970-01-05..1970-01-12",
    "title:(the or \"of th\")",
    "(a or (b or (c or evening",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_index_finds_what_the_oracle_finds(steps in prop::collection::vec(step(), 0..160)) {
        let mut library = Library::new();
        let mut index = library.open();
        for step in steps {
            library.take(step, &mut index);
        }
        for query in QUERIES {
            library.check(&index, query);
        }
        for query in QUERIES.iter().take(12) {
            library.check(&library.open(), query);
        }
    }
}

/// News of a corpus, so many of each of its files: title and text.
fn news(of_each: usize) -> Vec<(String, String)> {
    let lines = files("news-text").into_iter().map(|file| fs::read_to_string(file).unwrap());
    let some = lines.map(|text| {
        let step = text.lines().count() / of_each + 1;
        let rows = text.lines().step_by(step).map(|line| serde_json::from_str(line).unwrap());
        rows.collect::<Vec<serde_json::Value>>()
    });
    let field =
        |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let mut news: Vec<_> =
        some.flatten().map(|row| (field(&row, "title"), field(&row, "text"))).collect();
    // The files one after the other would be the languages one after the other.
    news.sort_by_key(|(title, text)| title.len() * 31 % 97 + text.len() * 17 % 89);
    news
}

/// What happens to a library into which news come: edits, deletions, marks, segments, merges.
fn steps(news: &[(String, String)]) -> impl Iterator<Item = Step> {
    let entries = i64::try_from(news.len()).unwrap() * 3 / 4;
    (0_i64..).zip(news).flat_map(move |(n, (title, text))| {
        let put = Step::Put {
            id: n % entries + 1,
            feed: n % 3 + 1,
            published: n * 7_919 % 30 * 86_400 + n % 2 * 40_000,
            title: title.clone(),
            author: String::new(),
            body: text.clone(),
            tags: String::new(),
        };
        let state = EntryState { read: n % 2 == 0, starred: n % 4 == 0 };
        let others = [
            (n % 11 == 0).then_some(Step::Delete(n / 2)),
            (n % 5 == 0).then_some(Step::Mark(n / 3, state)),
            (n % 60 == 59).then_some(Step::Flush),
            (n % 300 == 299).then_some(Step::Merge(0, 4)),
        ];
        std::iter::once(put).chain(others.into_iter().flatten())
    })
}

/// What somebody may type who looks for an article: words, words side by side, a word of the headline.
fn typed(title: &str, text: &str) -> Vec<String> {
    let clean =
        |word: &str| word.chars().filter(|c| !"\"():!-".contains(*c)).take(24).collect::<String>();
    let words: Vec<String> =
        text.split_whitespace().map(clean).filter(|word| !word.is_empty()).collect();
    let middle = words.len() / 2;
    let side_by_side = words.get(middle..words.len().min(middle + 3)).unwrap_or_default().join(" ");
    let headline = title.split_whitespace().next().map(clean).unwrap_or_default();
    let apart = words.iter().step_by(middle.max(1)).take(2).cloned().collect::<Vec<_>>().join(" ");
    vec![apart, format!("\"{side_by_side}\""), format!("title:{headline} is:unread")]
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn the_index_finds_what_the_oracle_finds_in_real_news() {
    let news = news(150);
    let mut library = Library::new();
    let mut index = library.open();
    let mut questions = 0;
    for (count, step) in steps(&news).enumerate() {
        library.take(step, &mut index);
        if count % 12 == 0 {
            let (title, text) = &news[count / 2 % news.len()];
            for filter in typed(title, text) {
                for end in filter.char_indices().map(|(at, c)| at + c.len_utf8()) {
                    library.check(&index, &filter[..end]);
                    questions += 1;
                }
            }
        }
    }
    assert!(library.listed.len() > 3 && questions > 1_000, "{questions} questions");
}
