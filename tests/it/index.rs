//! The index against an oracle that evaluates queries over all texts: both find the same after any
//! sequence of additions, edits, deletions, marks, merges and reopenings.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use newsreader::{
    index::{
        BitSet, HistogramBounds, IndexDocument, IndexQuery, IndexReader, IndexSearch, QueryContext,
        Segment, SegmentBuilder, SegmentLocation, SegmentMeta, SortKey, compile_listed,
        compile_query, merge_segments,
    },
    model::{EntryId, EntryState, FeedId, TagId, TagName},
    query::{
        self, EntryAttributes, FeedNames, FoldedText, MediaKind, PlainText, Predicate, Query,
        SearchableEntry, SearchableTag,
    },
};
use proptest::prelude::*;

use crate::index_filters::FILTERS;

/// An entry of the model library.
#[derive(Debug, Clone)]
struct ModelEntry {
    id: i64,
    feed: FeedId,
    published: i64,
    day_only: bool,
    arrived: i64,
    folded: FoldedText,
    attributes: EntryAttributes,
    source: PlainText,
    state: EntryState,
    tags: BTreeSet<TagId>,
}

/// A library whose entries are partly in segments and partly not indexed yet.
pub struct ModelLibrary {
    folder: tempfile::TempDir,
    entries: BTreeMap<i64, ModelEntry>,
    unindexed: BTreeSet<i64>,
    pub segments: Vec<SegmentMeta>,
    next: i64,
    feeds: Vec<(FeedId, FeedNames)>,
    tags: Vec<SearchableTag>,
}

/// Number of documents from which a word counts as common.
const COMMON_WORD_MIN_DOCS: u32 = 2;

/// Seconds from the epoch to the day of the searches.
const TODAY_SECONDS: i64 = 20_780 * 86_400;

fn day_of(seconds: i64) -> NaiveDate {
    DateTime::<Utc>::from_timestamp(seconds, 0).unwrap().date_naive()
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

impl ModelLibrary {
    pub fn new() -> ModelLibrary {
        let feeds = [("Evening Post", "World"), ("The Kernel", "Tech"), ("東京", "World")];
        let feeds = feeds.iter().zip(1..).map(|((title, folder), id)| {
            (FeedId(id), FeedNames::new(title, Some(folder), &[(*folder).to_lowercase()]))
        });
        ModelLibrary {
            folder: tempfile::tempdir().unwrap(),
            entries: BTreeMap::new(),
            unindexed: BTreeSet::new(),
            segments: Vec::new(),
            next: 1,
            feeds: feeds.collect(),
            tags: [
                (TagId::LATER, "later"),
                (TagId::QUEUE, "queue"),
                (TagId::PLAYED, "played"),
                (TagId(4), "rust"),
                (TagId(5), "C++"),
                (TagId(6), "night-bus"),
            ]
            .map(|(id, name)| SearchableTag::new(id, &TagName::parse(name).unwrap()))
            .into_iter()
            .chain([SearchableTag::new(TagId::UNSEEN_EDIT, &TagName::unseen_edit())])
            .collect(),
        }
    }

    fn put_entry(&mut self, id: i64, feed: i64, published: i64, parts: [&str; 4]) {
        let [title, author, body, tags] = parts;
        let url = format!("https://post.example/{title}");
        let folded = FoldedText::new(title, author, body, tags, &url);
        // Attributes that some entries have and others do not, independent of their words.
        let attributes = EntryAttributes {
            language: [None, Some("en"), Some("de")][body.len() % 3],
            media: if body.len() % 2 == 0 {
                vec![MediaKind::Image, MediaKind::Link]
            } else {
                Vec::new()
            },
            edited: id % 5 == 0,
        };
        let arrived = published + if id % 3 == 0 { TODAY_SECONDS } else { 0 };
        let source = PlainText {
            title: title.to_owned(),
            author: author.to_owned(),
            body: body.to_owned(),
            tags: tags.to_owned(),
        };
        let state = self.entries.get(&id).map(|entry| entry.state).unwrap_or_default();
        let tags = self.entries.get(&id).map(|entry| entry.tags.clone()).unwrap_or_default();
        let day_only = published % 86_400 == 0;
        let entry = ModelEntry {
            id,
            feed: FeedId(feed),
            published,
            day_only,
            arrived,
            folded,
            attributes,
            source,
            state,
            tags,
        };
        self.entries.insert(id, entry);
        self.unindexed.insert(id);
    }

    /// Writes all unindexed entries into a new segment.
    fn flush(&mut self) {
        let mut batch: Vec<(i64, &ModelEntry)> =
            self.unindexed.iter().filter_map(|id| Some((*id, self.entries.get(id)?))).collect();
        batch.sort_by_key(|(id, entry)| (entry.published, *id));
        // Of some segments, the terms do not fit into one hash table.
        let mut builder = match self.next % 3 {
            0 => SegmentBuilder::with_max_terms(7),
            _ => SegmentBuilder::default(),
        };
        for (id, entry) in batch {
            builder.add_document(&index_document(id, entry));
        }
        self.delete_replaced();
        if !builder.is_empty() {
            builder
                .write_segment(
                    &SegmentLocation::new(self.folder.path(), self.next, Some(self.next)),
                    COMMON_WORD_MIN_DOCS,
                    &mut || true,
                )
                .unwrap();
            self.segments.push(SegmentMeta {
                number: self.next,
                id: Some(self.next),
                deleted: Vec::new(),
            });
            self.next += 1;
        }
        self.unindexed.clear();
    }

    /// Deletes entries that were changed or removed from the segments that hold them.
    fn delete_replaced(&mut self) {
        for meta in &mut self.segments {
            let segment =
                Segment::open(&SegmentLocation::new(self.folder.path(), meta.number, meta.id))
                    .unwrap();
            let mut deleted = BitSet::from_bytes(segment.max_doc(), &meta.deleted);
            for (id, at) in segment.entry_ids().iter().zip(0..) {
                deleted.set_to(at, deleted.get(at) || self.unindexed.contains(id));
            }
            meta.deleted = deleted.to_bytes();
        }
    }

    fn merge(&mut self, from: usize, to: usize) {
        let (from, to) = (from.min(self.segments.len()), to.min(self.segments.len()));
        if from >= to {
            return;
        }
        let merged: Vec<SegmentMeta> = self.segments.drain(from..to).collect();
        let open: Vec<(Segment, BitSet)> = merged
            .iter()
            .map(|meta| {
                let segment =
                    Segment::open(&SegmentLocation::new(self.folder.path(), meta.number, meta.id))
                        .unwrap();
                let deleted = BitSet::from_bytes(segment.max_doc(), &meta.deleted);
                (segment, deleted)
            })
            .collect();
        let inputs: Vec<(&Segment, &BitSet)> =
            open.iter().map(|(segment, deleted)| (segment, deleted)).collect();
        assert!(
            merge_segments(
                &inputs,
                &SegmentLocation::new(self.folder.path(), self.next, Some(self.next)),
                COMMON_WORD_MIN_DOCS,
                &mut || true
            )
            .unwrap()
        );
        self.segments.push(SegmentMeta {
            number: self.next,
            id: Some(self.next),
            deleted: Vec::new(),
        });
        self.next += 1;
    }

    pub fn open(&self) -> IndexReader {
        let mut index = IndexReader::default();
        self.update(&mut index);
        index
    }

    fn update(&self, index: &mut IndexReader) {
        let state = |id: i64| self.entries.get(&id).map(|entry| entry.state).unwrap_or_default();
        let tags = self
            .entries
            .iter()
            .flat_map(|(id, entry)| entry.tags.iter().map(move |tag| (*tag, EntryId(*id))));
        assert_eq!(index.reload(self.folder.path(), &self.segments, &state, tags), []);
        index.delete_entries(self.unindexed.iter().map(|id| EntryId(*id)));
    }

    fn with_searchable<T>(
        &self,
        entry: &ModelEntry,
        evaluate: impl FnOnce(&SearchableEntry<'_>) -> T,
    ) -> T {
        let (_, feed) = self.feeds.iter().find(|(id, _)| *id == entry.feed).unwrap();
        let tags: Vec<&SearchableTag> =
            self.tags.iter().filter(|tag| entry.tags.contains(&tag.id)).collect();
        evaluate(&SearchableEntry {
            text: &entry.folded,
            attributes: &entry.attributes,
            feed,
            state: entry.state,
            tags: &tags,
            published_day: day_of(entry.published),
            is_new: day_of(entry.arrived) >= today(),
            plain_text: &|| entry.source.clone(),
            is_in_story: &|number| self.story_articles(number).contains(&EntryId(entry.id)),
        })
    }

    /// Returns the articles of the story of one: every seventh.
    fn story_articles(&self, number: EntryId) -> Vec<EntryId> {
        let ids = self.entries.keys().filter(|id| (*id - number.0) % 7 == 0);
        ids.map(|id| EntryId(*id)).collect()
    }

    fn matches(&self, query: &Query, entry: &ModelEntry) -> bool {
        query.lists(entry.state) && self.with_searchable(entry, |entry| query.matches(entry))
    }

    /// Decides what the index leaves open, which is about the text of an entry alone.
    fn predicate_holds(&self, id: EntryId, predicate: &Predicate) -> bool {
        let Some(entry) = self.entries.get(&id.0) else { return false };
        let untagged = ModelEntry { tags: BTreeSet::new(), ..entry.clone() };
        self.with_searchable(&untagged, |entry| predicate.matches(entry))
    }

    /// Returns the hits of the oracle among `ids`, newest first.
    fn oracle_hits<'a>(&self, query: &Query, ids: impl Iterator<Item = &'a i64>) -> Vec<SortKey> {
        let entries = ids.filter_map(|id| Some((*id, self.entries.get(id)?)));
        let hits = entries.filter(|(_, entry)| self.matches(query, entry));
        let mut keys: Vec<SortKey> =
            hits.map(|(id, entry)| (entry.published, EntryId(id))).collect();
        keys.sort_by(|one, other| other.cmp(one));
        keys
    }

    pub fn check_search(&self, index: &IndexReader, text: &str) {
        let query = query::parse(text, today());
        let day_start = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
        let context = QueryContext {
            feeds: &self.feeds,
            tags: &self.tags,
            day_start: &day_start,
            today: today(),
            story_articles: &|number| self.story_articles(number),
        };
        let expected = self.oracle_hits(&query, self.entries.keys());
        let unindexed_hits = self.oracle_hits(&query, self.unindexed.iter());
        let condition =
            IndexQuery::All(vec![compile_query(&query, &context), compile_listed(&query)]);
        let mut search = index.search(&condition).unwrap();
        let mut before: Vec<EntryId> = Vec::new();
        loop {
            let ids = search.merge_hits(&unindexed_hits);
            assert!(ids.starts_with(&before), "{text:?}: hits that were shown have moved");
            before = ids;
            if search.is_verified() {
                break;
            }
            verify_newest(&mut search, &mut |id, test| self.predicate_holds(id, test));
        }
        let ids: Vec<EntryId> = expected.iter().map(|(_, id)| *id).collect();
        assert_eq!(before, ids, "{text:?}");
        for limit in [1, ids.len() / 2, ids.len() + 1] {
            let newest = search.merge_newest_hits(limit, &unindexed_hits);
            assert_eq!(newest, ids[..limit.min(ids.len())], "{text:?}");
        }
        assert_eq!(search.hit_count() + unindexed_hits.len(), ids.len());
        let bounds: Vec<i64> = (-2..40).map(|week| week * 7 * 86_400).collect();
        // In a time zone where the day begins later than midnight UTC, entries that have only a day
        // need bounds of their own.
        let shift_bound = |seconds: &i64| seconds + 6 * 3600;
        let histogram_bounds = HistogramBounds {
            instants: bounds.iter().map(shift_bound).collect(),
            days: bounds.clone(),
        };
        let count_within = |range: &[i64]| {
            let is_unindexed =
                |at: &i64| unindexed_hits.iter().any(|(published, _)| published == at);
            let all = expected.iter().filter(|(at, id)| {
                let shift = if self.entries[&id.0].day_only { 0 } else { 6 * 3600 };
                (range[0] + shift..range[1] + shift).contains(at)
            });
            u32::try_from(
                all.filter(|(at, id)| !(is_unindexed(at) && unindexed_hits.contains(&(*at, *id))))
                    .count(),
            )
            .unwrap()
        };
        assert_eq!(
            search.histogram(&histogram_bounds).unwrap(),
            bounds.windows(2).map(count_within).collect::<Vec<_>>(),
            "{text:?} by week"
        );
    }
}

/// Decides the three newest candidates of each segment: by the stored texts where they are enough, by
/// `post_filter` otherwise.
fn verify_newest(
    search: &mut IndexSearch<'_>,
    post_filter: &mut dyn FnMut(EntryId, &Predicate) -> bool,
) {
    let candidates = search.candidates(3);
    let by_texts = search.verify_candidates(&candidates, &mut |_, _| None).unwrap();
    search.apply_verdicts(&candidates, &by_texts);
    let decided = candidates.into_iter().zip(by_texts);
    let open: Vec<_> =
        decided.filter(|(_, verdict)| verdict.is_none()).map(|(candidate, _)| candidate).collect();
    let mut decide = |id, test: &Predicate| Some(post_filter(id, test));
    let verdicts = search.verify_candidates(&open, &mut decide).unwrap();
    search.apply_verdicts(&open, &verdicts);
}

fn index_document(id: i64, entry: &ModelEntry) -> IndexDocument {
    let ModelEntry { feed, published, day_only, arrived, folded, attributes, .. } = entry.clone();
    IndexDocument { id: EntryId(id), feed, published, day_only, arrived, text: folded, attributes }
}

/// A change of the model library.
#[derive(Debug, Clone)]
pub enum LibraryStep {
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
    Tag(i64, TagId, bool),
    Flush,
    Merge(usize, usize),
}

impl ModelLibrary {
    /// Applies a step to the library and to the open `index`.
    pub fn apply_step(&mut self, step: LibraryStep, index: &mut IndexReader) {
        match step {
            LibraryStep::Put { id, feed, published, title, author, body, tags } => {
                self.put_entry(id, feed, published, [&title, &author, &body, &tags]);
                index.delete_entries([EntryId(id)]);
            }
            LibraryStep::Delete(id) => {
                if self.entries.remove(&id).is_some() {
                    self.unindexed.insert(id);
                    index.delete_entries([EntryId(id)]);
                }
            }
            LibraryStep::Mark(id, state) => {
                if let Some(entry) = self.entries.get_mut(&id) {
                    entry.state = state;
                    index.update_entry_state(EntryId(id), |known| *known = state);
                }
            }
            LibraryStep::Tag(id, tag, is_set) => {
                if let Some(entry) = self.entries.get_mut(&id) {
                    entry.tags.remove(&tag);
                    entry.tags.extend(is_set.then_some(tag));
                    index.update_entry_tag(EntryId(id), tag, is_set);
                }
            }
            LibraryStep::Flush => {
                self.flush();
                self.update(index);
            }
            LibraryStep::Merge(from, to) => {
                self.merge(from, to);
                self.update(index);
            }
        }
    }
}

fn any_words() -> impl Strategy<Value = String> {
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
        "C++",
        "c",
        "C#",
        ".NET",
        "net",
        "ſun",
        "soft\u{ad}ware",
        "e\u{301}te\u{301}",
        "Straße",
    ]);
    prop::collection::vec(word, 0..9).prop_map(|words| words.join(" "))
}

fn any_state() -> impl Strategy<Value = EntryState> {
    let rarely = || prop::bool::weighted(0.2);
    (any::<bool>(), any::<bool>(), rarely(), rarely(), rarely()).prop_map(
        |(read, starred, hidden, removed, copy)| EntryState {
            read,
            starred,
            hidden,
            removed,
            copy,
        },
    )
}

fn any_step() -> impl Strategy<Value = LibraryStep> {
    let published = (0_i64..30, prop::sample::select(vec![0_i64, 1, 40_000]))
        .prop_map(|(day, at)| day * 86_400 + at);
    let put = (1_i64..60, 1_i64..4, published, any_words(), any_words(), any_words(), any_words())
        .prop_map(|(id, feed, published, title, author, body, tags)| LibraryStep::Put {
            id,
            feed,
            published,
            title,
            author,
            body,
            tags,
        });
    prop_oneof![
        20 => put,
        2 => (1_i64..60).prop_map(LibraryStep::Delete),
        4 => (1_i64..60, any_state()).prop_map(|(id, state)| LibraryStep::Mark(id, state)),
        4 => (1_i64..60, prop::sample::select(vec![-4, 2, 4, 5, 6]), any::<bool>())
            .prop_map(|(id, tag, is_set)| LibraryStep::Tag(id, TagId(tag), is_set)),
        2 => Just(LibraryStep::Flush),
        1 => (0_usize..4, 0_usize..8).prop_map(|(from, count)| LibraryStep::Merge(from, from + count)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn search_matches_oracle_after_any_steps(steps in prop::collection::vec(any_step(), 0..160)) {
        let mut library = ModelLibrary::new();
        let mut index = library.open();
        for step in steps {
            library.apply_step(step, &mut index);
        }
        for query in FILTERS {
            library.check_search(&index, query);
        }
        for query in FILTERS.iter().take(12) {
            library.check_search(&library.open(), query);
        }
    }
}

#[test]
fn regex_reads_only_texts_that_words_leave_open() {
    let mut library = ModelLibrary::new();
    for id in 0..100 {
        let body = match id % 10 {
            0 => "The colour of the sky",
            1 => "Discolored by the sun",
            2 => "A night bus",
            3 => "By train at night",
            _ => "Nothing to see",
        };
        library.put_entry(id + 1, 1, id * 86_400, ["News", "", body, ""]);
    }
    library.put_entry(101, 1, 0, ["News", "", &format!("{}colours", "x".repeat(300)), ""]);
    library.flush();
    let index = library.open();
    let read_count = |text: &str| {
        library.check_search(&index, text);
        let query = query::parse(text, today());
        let context = QueryContext {
            feeds: &library.feeds,
            tags: &library.tags,
            day_start: &|_| 0,
            today: today(),
            story_articles: &|number| library.story_articles(number),
        };
        let mut search = index.search(&compile_query(&query, &context)).unwrap();
        let mut read_count = 0;
        while !search.is_verified() {
            let mut read_and_test = |id, test: &Predicate| {
                read_count += 1;
                library.predicate_holds(id, test)
            };
            verify_newest(&mut search, &mut read_and_test);
        }
        (search.hit_count(), read_count)
    };
    assert_eq!(read_count("re:colou?r"), (21, 1), "a word whose end is unknown");
    assert_eq!(read_count("re:.*sky$"), (10, 11));
    assert_eq!(read_count("re:\"night (bus|train)\""), (10, 11), "the words are elsewhere");
    assert_eq!(read_count("!re:night"), (81, 1));
    assert_eq!(read_count("!re:night."), (91, 21), "only candidates decide whether they match");
    assert_eq!(read_count("re:zeppelin"), (0, 1));
    assert_eq!(read_count("re:."), (101, 101), "nothing is known about the words");
}
