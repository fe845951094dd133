//! Tags of the user's: putting them on and taking them off, lists and counts without hidden articles,
//! the time of a tag running out, limits, and damaged pages.

use chrono::{DateTime, TimeDelta, Utc};
use newsreader::{
    library::{BacklogLimit, Searcher, search_once},
    model::{
        AppliedChange, Attachments, BodyFormat, Change, CopyListing, EntryBody, EntryId, FeedKind,
        KeptEntries, ListDefinition, NewEntry, PublicationDate, SearchRequest, TagCount, TagId,
        TagMark, TagName, ViewScope,
    },
    store::{EntryUpsert, IngestBatch, LibraryLocation, ReadConnection, WriteConnection},
};
use proptest::prelude::*;

/// A library in memory with articles 1, 2 …, oldest first, and a time for its changes.
pub struct TaggedLibrary {
    pub store: WriteConnection,
    pub reader: ReadConnection,
    pub now: DateTime<Utc>,
}

pub fn ids(numbers: &[i64]) -> Vec<EntryId> {
    numbers.iter().copied().map(EntryId).collect()
}

pub fn tag(name: &str) -> TagName {
    TagName::parse(name).unwrap()
}

pub fn upsert(number: i64, category: &str) -> EntryUpsert {
    let at = DateTime::from_timestamp(number * 60, 0).unwrap();
    let entry = NewEntry {
        guid: number.to_string(),
        digest: number.unsigned_abs(),
        title: format!("Article {number}"),
        link: None,
        author: None,
        published: PublicationDate::Instant(at),
        tags: vec![category.to_owned()],
        body: EntryBody { format: BodyFormat::Plain, text: "An apple a day.".to_owned() },
        attachments: Attachments::default(),
        page_article: None,
    };
    EntryUpsert::new(entry, 0, None)
}

impl TaggedLibrary {
    pub fn new(name: &str, article_count: i64) -> TaggedLibrary {
        let location = LibraryLocation::Memory(format!("tags-{name}"));
        let mut store = WriteConnection::open(&location).unwrap();
        let feed = store.add_feed(FeedKind::Folder, "file:///news", "News").unwrap().feed;
        let upserts = (1..=article_count).map(|number| upsert(number, "fruit")).collect();
        let batch = IngestBatch { feed, upserts, missing_files: Vec::new() };
        store.ingest_batch(&batch, DateTime::UNIX_EPOCH).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        TaggedLibrary { store, reader, now: DateTime::UNIX_EPOCH }
    }

    pub fn mark(&mut self, numbers: &[i64], name: &TagName, mark: TagMark) -> AppliedChange {
        let change = Change::set_tag(&ids(numbers), name.clone(), mark);
        self.store.apply_change(&change, self.now).unwrap()
    }

    pub fn list(&self, scope: ViewScope, filter: &str) -> Vec<i64> {
        let list = ListDefinition { scope, filter: filter.to_owned(), ..ListDefinition::default() };
        let request = SearchRequest { list, ..SearchRequest::default() };
        search_once(&self.reader, &request).unwrap().ids.iter().map(|id| id.0).collect()
    }

    pub fn search(&self, filter: &str) -> Vec<i64> {
        self.list(ViewScope::All, filter)
    }

    /// Returns the total, unread and starred counts that the sidebar shows.
    pub fn counts(&self) -> (u64, u64, u64) {
        let feed = self.reader.list_feeds().unwrap().remove(0);
        (feed.entry_count, feed.unread_count, self.reader.count_starred().unwrap())
    }

    pub fn tag_names(&self, number: i64) -> Vec<String> {
        let entry = self.reader.load_entry(EntryId(number)).unwrap().unwrap();
        entry.tags.iter().map(|tag| tag.name.to_string()).collect()
    }
}

#[test]
fn tag_is_found_with_its_articles_and_undone() {
    let mut library = TaggedLibrary::new("found", 4);
    library.mark(&[1, 3], &tag("Urgent"), TagMark::On);
    library.mark(&[3, 4], &tag("urgent"), TagMark::On);
    assert_eq!(library.search("tag:urgent"), [4, 3, 1]);
    assert_eq!(library.search("tag:urg -tag:fruit"), Vec::<i64>::new());
    assert_eq!(library.search("is:tagged"), [4, 3, 1]);
    assert_eq!(library.search("category:urgent"), Vec::<i64>::new());
    assert_eq!(library.search("category:fruit -tag:urgent"), [2]);
    assert_eq!(library.tag_names(4), ["Urgent"], "the first spelling stays");
    let undone = library.store.undo().unwrap().unwrap();
    assert_eq!(undone.change.entry_ids(), ids(&[4]), "article 3 had the tag before");
    assert_eq!(library.search("tag:urgent"), [3, 1]);
    library.store.undo().unwrap();
    assert_eq!(library.search("is:tagged"), Vec::<i64>::new());
    library.store.redo().unwrap();
    assert_eq!(library.search("tag:urgent"), [3, 1]);
}

#[test]
fn hidden_articles_are_listed_and_counted_only_when_named() {
    let mut library = TaggedLibrary::new("hidden", 4);
    let starred = Change::set_starred(&ids(&[1, 2]), true);
    library.store.apply_change(&starred, library.now).unwrap();
    library.mark(&[2, 3], &TagName::hidden(), TagMark::On);
    assert_eq!(library.counts(), (2, 2, 1));
    for (scope, filter, expected) in [
        (ViewScope::Unread, "", &[4, 1][..]),
        (ViewScope::All, "", &[4, 1]),
        (ViewScope::Starred, "", &[1]),
        (ViewScope::All, "apple", &[4, 1]),
        (ViewScope::All, "!is:hidden", &[4, 1]),
        (ViewScope::All, "is:hidden", &[3, 2]),
        (ViewScope::All, "tag:hidden is:star", &[2]),
        (ViewScope::All, "is:hidden or article", &[4, 3, 2, 1]),
        (ViewScope::All, "is:removed", &[]),
    ] {
        assert_eq!(library.list(scope, filter), expected, "{filter}");
    }
    library.store.mark_scope_read(&ViewScope::All, 0, library.now).unwrap();
    assert_eq!(library.counts(), (2, 0, 1));
    assert_eq!(library.search("is:hidden is:unread"), [3, 2], "they keep their read state");
    library.mark(&[2], &TagName::removed(), TagMark::On);
    assert_eq!(library.search("is:hidden"), [3], "the trash is another state");
    assert_eq!(library.search("is:removed or is:hidden"), [3, 2]);
    let both = ids(&[2, 3]);
    library.store.apply_change(&Change::set_read(&both, true), library.now).unwrap();
    library.mark(&[2, 3], &TagName::hidden(), TagMark::Off);
    assert_eq!(library.counts(), (3, 0, 1));
    library.mark(&[2], &TagName::removed(), TagMark::Off);
    assert_eq!(library.counts(), (4, 0, 2));
    assert_eq!(library.reader.count_unlisted_twice().unwrap(), (0, 0));
}

#[test]
fn hidden_row_stays_until_the_list_is_opened_again() {
    let mut library = TaggedLibrary::new("kept", 3);
    library.mark(&[2], &TagName::hidden(), TagMark::On);
    for filter in ["", "apple"] {
        let list = ListDefinition {
            scope: ViewScope::All,
            filter: filter.to_owned(),
            ..ListDefinition::default()
        };
        let request = SearchRequest {
            list,
            kept: KeptEntries {
                unlisted: ids(&[2]).into_iter().collect(),
                ..KeptEntries::default()
            },
            ..SearchRequest::default()
        };
        let listed = search_once(&library.reader, &request).unwrap().ids;
        assert_eq!(*listed, ids(&[3, 2, 1]), "{filter}");
        let kept = KeptEntries { read: request.kept.unlisted, ..KeptEntries::default() };
        let request = SearchRequest { list: request.list, kept, ..SearchRequest::default() };
        let listed = search_once(&library.reader, &request).unwrap().ids;
        assert_eq!(*listed, ids(&[3, 1]), "it only stays though it is read: {filter}");
    }
}

#[test]
fn tag_is_taken_off_when_its_time_is_over() {
    let mut library = TaggedLibrary::new("expiry", 3);
    let end = library.now + TimeDelta::days(2);
    library.mark(&[1, 2], &TagName::hidden(), TagMark::Until(end.timestamp()));
    library.mark(&[2], &TagName::later(), TagMark::On);
    assert!(!library.store.expire_tags(end - TimeDelta::seconds(1)).unwrap());
    assert_eq!(library.search(""), [3]);
    assert!(library.store.expire_tags(end).unwrap());
    assert_eq!(library.search(""), [3, 2, 1]);
    assert_eq!(library.search("is:later"), [2]);
    assert_eq!(library.tag_names(1), Vec::<String>::new());
    assert!(!library.store.expire_tags(end).unwrap());
}

#[test]
fn undo_gives_each_article_its_earlier_time_back() {
    let mut library = TaggedLibrary::new("times", 3);
    library.mark(&[1], &tag("soon"), TagMark::On);
    library.mark(&[2], &tag("soon"), TagMark::Until(86_400));
    let applied = library.mark(&[1, 2, 3], &tag("soon"), TagMark::Until(172_800));
    assert_eq!(applied.changed_entry_count(), 3);
    let ends = |library: &TaggedLibrary| -> Vec<Option<Option<i64>>> {
        let entries = library.reader.load_entries(&ids(&[1, 2, 3])).unwrap();
        entries.iter().map(|entry| entry.tags.first().map(|tag| tag.until)).collect()
    };
    assert_eq!(ends(&library), [Some(Some(172_800)); 3]);
    library.store.undo().unwrap();
    assert_eq!(ends(&library), [Some(None), Some(Some(86_400)), None]);
}

#[test]
fn searcher_follows_tags_that_are_changed_while_it_is_open() {
    let mut library = TaggedLibrary::new("searcher", 5);
    let location = LibraryLocation::Memory("tags-searcher".to_owned());
    let reader = ReadConnection::open(&location).unwrap();
    let mut searcher = Searcher::new(&reader, BacklogLimit::NONE);
    let mut find = |filter: &str, applied: Option<(AppliedChange, i64)>| -> Vec<i64> {
        if let Some((change, generation)) = applied {
            searcher.apply_change(&change, generation);
        }
        let list = ListDefinition {
            scope: ViewScope::All,
            filter: filter.to_owned(),
            ..ListDefinition::default()
        };
        let request = SearchRequest { list, ..SearchRequest::default() };
        let results = searcher.search(&request, &|| false, &mut drop).unwrap().unwrap();
        results.ids.iter().map(|id| id.0).collect()
    };
    assert_eq!(find("tag:urgent", None), Vec::<i64>::new());
    for (numbers, name, mark, filter, expected) in [
        (&[1, 2][..], "urgent", TagMark::On, "tag:urgent", &[2, 1][..]),
        (&[3], "urgent", TagMark::On, "tag:urgent", &[3, 2, 1]),
        (&[2], "urgent", TagMark::Off, "tag:urgent", &[3, 1]),
        (&[1], "hidden", TagMark::On, "tag:urgent", &[3]),
        (&[4], "later", TagMark::On, "is:later", &[4]),
        (&[2, 4], "Queue", TagMark::On, "is:queued", &[4, 2]),
        (&[2], "played", TagMark::On, "is:queued is:played", &[2]),
        (&[2], "queue", TagMark::Off, "is:queued", &[4]),
        (&[5], "downloaded", TagMark::On, "is:downloaded", &[]),
    ] {
        let applied = library.mark(numbers, &tag(name), mark);
        let generation = library.store.generation().unwrap();
        assert_eq!(find(filter, Some((applied, generation))), expected, "{name} {numbers:?}");
    }
}

#[test]
fn tags_of_the_user_are_counted_before_those_of_publishers() {
    let mut library = TaggedLibrary::new("counted", 4);
    library.mark(&[1, 2, 3], &tag("Urgent"), TagMark::On);
    library.mark(&[3], &TagName::hidden(), TagMark::On);
    library.mark(&[4], &TagName::later(), TagMark::On);
    library.mark(&[4], &tag("gone"), TagMark::On);
    library.mark(&[4], &tag("gone"), TagMark::Off);
    let mut searcher = Searcher::new(&library.reader, BacklogLimit::NONE);
    let counts = searcher.count_tags(CopyListing::Show, &|| false).unwrap().unwrap();
    let own: Vec<(&str, usize)> = counts
        .iter()
        .filter(|counted| counted.color.is_some())
        .map(|counted| (counted.tag.as_str(), counted.entry_count))
        .collect();
    assert_eq!(own, [("Urgent", 2)]);
    assert_eq!(library.search(&TagCount::filter("Urgent")), [2, 1], "the list has as many");
}

#[test]
fn library_has_at_most_1000_tags_and_forgets_unused_ones() {
    let mut library = TaggedLibrary::new("limit", 20);
    for number in 0..993 {
        library.mark(&[number % 17 + 1], &tag(&format!("tag{number}")), TagMark::On);
    }
    let one_more = Change::set_tag(&ids(&[1]), tag("more"), TagMark::On);
    let error = library.store.apply_change(&one_more, library.now).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the library could not save the change: the library has 1000 tags already; take one off \
         all its articles first"
    );
    library.mark(&[1], &tag("tag0"), TagMark::Off);
    library.store.apply_change(&one_more, library.now).unwrap();
    assert_eq!(library.search("tag:more"), [1]);
    let names = library.reader.list_tags().unwrap();
    assert!(names.iter().all(|tag| tag.name.as_str() != "tag0"));
    let many: Vec<Change> = (0..65)
        .map(|number| Change::set_tag(&ids(&[20]), tag(&format!("tag{}", number + 1)), TagMark::On))
        .collect();
    let error = library.store.apply_change(&Change::Many(many), library.now).unwrap_err();
    assert!(error.to_string().ends_with("article 20 would have more than 64 tags"), "{error}");
    assert_eq!(library.tag_names(20), Vec::<String>::new(), "nothing was changed");
}

#[test]
fn tags_of_damaged_pages_are_read_from_the_articles() {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().to_owned());
    let mut store = WriteConnection::open(&location).unwrap();
    let feed = store.add_feed(FeedKind::Folder, "file:///news", "News").unwrap().feed;
    let upserts = (1..=3).map(|number| upsert(number, "")).collect();
    let batch = IngestBatch { feed, upserts, missing_files: Vec::new() };
    store.ingest_batch(&batch, DateTime::UNIX_EPOCH).unwrap();
    let change = Change::set_tag(&ids(&[1, 3]), tag("urgent"), TagMark::On);
    store.apply_change(&change, DateTime::UNIX_EPOCH).unwrap();
    let reader = ReadConnection::open(&location).unwrap();
    let urgent = reader.list_tags().unwrap().pop().unwrap().id;
    let database = rusqlite::Connection::open(folder.path().join("library.db")).unwrap();
    for damage in [
        "UPDATE tag_pages SET bits = zeroblob(512)",
        "UPDATE tag_pages SET bits = x'ff'",
        "UPDATE tag_pages SET page = 1 << 60",
        "DELETE FROM tag_pages",
    ] {
        database.execute_batch(damage).unwrap();
        let bitmaps = reader.load_tag_bitmaps().unwrap();
        let tagged: Vec<(TagId, EntryId)> = bitmaps.iter().collect();
        assert_eq!(tagged, [(urgent, EntryId(1)), (urgent, EntryId(3))], "{damage}");
    }
    assert_eq!(reader.count_tags_twice().unwrap(), (2, 2));
    database.execute_batch("DELETE FROM entry_tags WHERE entry = 1").unwrap();
    assert_eq!(reader.count_tags_twice().unwrap(), (2, 1), "doctor names what is missing");
}

fn any_mark() -> impl Strategy<Value = (Vec<i64>, &'static str, TagMark)> {
    let mark = prop_oneof![
        Just(TagMark::On),
        Just(TagMark::Off),
        (1_i64..4).prop_map(|day| TagMark::Until(day * 86_400)),
    ];
    let name = prop::sample::select(vec!["hidden", "later", "queue", "urgent", "Urgent", "c++"]);
    (prop::collection::vec(1_i64..9, 1..5), name, mark)
}

/// Returns everything that tags decide: the tags of each article, the lists and the counts.
fn visible_state(library: &TaggedLibrary) -> String {
    let entries = library.reader.load_entries(&ids(&[1, 2, 3, 4, 5, 6, 7, 8])).unwrap();
    let tags: Vec<_> = entries.iter().map(|entry| (entry.state, entry.tags.clone())).collect();
    let found = ["", "is:hidden", "tag:urgent", "tag:c++", "is:later", "is:queued", "is:tagged"]
        .map(|filter| library.search(filter));
    format!("{tags:?} {found:?} {:?}", library.counts())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn undoing_all_changes_of_tags_restores_every_state(marks in prop::collection::vec(any_mark(), 1..12)) {
        let mut library = TaggedLibrary::new("property", 8);
        let mut states = vec![visible_state(&library)];
        for (numbers, name, mark) in marks {
            let applied = library.mark(&numbers, &tag(name), mark);
            if applied.changed_entry_count() > 0 {
                states.push(visible_state(&library));
            }
        }
        prop_assert_eq!(library.reader.count_unlisted_twice().unwrap().0, library.search("is:hidden").len() as u64);
        for after in (1..states.len()).rev() {
            library.store.undo().unwrap();
            prop_assert_eq!(visible_state(&library), states[after - 1].clone());
        }
        for state in &states[1..] {
            library.store.redo().unwrap();
            prop_assert_eq!(visible_state(&library), state.clone());
        }
    }
}
