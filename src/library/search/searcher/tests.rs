//! Searches that report partial results, and a snapshot that lags behind.

use std::{cell::Cell, time::Duration};

use chrono::DateTime;

use super::{BacklogLimit, ScopeListing, SearchRequest, SearchResults, Searcher, SortOrder};
use crate::{
    model::{
        Attachments, BodyFormat, Change, EntryBody, EntryId, FeedId, FeedKind, ListDefinition,
        ListGrouping, NewEntry, PublicationDate, StoryId, StoryLink, ViewScope,
    },
    store::{
        EntryUpsert, IngestBatch, LibraryLocation, ManifestUpdate, ReadConnection, StoryRow,
        StoryUpdate, WriteConnection,
    },
};

fn ingest_articles(store: &mut WriteConnection, feed: FeedId, numbers: std::ops::Range<i64>) {
    let upsert = |n: i64| {
        let entry = NewEntry {
            guid: n.to_string(),
            digest: n.unsigned_abs(),
            title: format!("Article {n}"),
            link: None,
            author: None,
            published: PublicationDate::Instant(DateTime::from_timestamp(n, 0).unwrap()),
            tags: Vec::new(),
            body: EntryBody { format: BodyFormat::Plain, text: "The zeppelin rose.".to_owned() },
            attachments: Attachments::default(),
            page_article: None,
        };
        EntryUpsert::new(entry, 0, None)
    };
    let upserts = numbers.map(upsert).collect();
    let batch = IngestBatch { feed, upserts, missing_files: Vec::new() };
    store.ingest_batch(&batch, DateTime::UNIX_EPOCH).unwrap();
}

/// Creates a library in memory with articles of these numbers in one feed.
fn library_of(
    name: &str,
    numbers: std::ops::Range<i64>,
) -> (WriteConnection, ReadConnection, FeedId) {
    let location = LibraryLocation::Memory(name.to_owned());
    let mut store = WriteConnection::open(&location).unwrap();
    let reader = ReadConnection::open(&location).unwrap();
    let feed = store.add_feed(FeedKind::Folder, "file:///none", "Evening Post").unwrap().feed;
    ingest_articles(&mut store, feed, numbers);
    (store, reader, feed)
}

/// Returns a request for the articles of the whole library that match a filter.
fn request_for(filter: &str) -> SearchRequest {
    let filter = filter.to_owned();
    let list = ListDefinition { scope: ViewScope::All, filter, ..ListDefinition::default() };
    SearchRequest { list, ..SearchRequest::default() }
}

#[test]
fn search_reports_partial_results_and_stops_when_stale() {
    let (mut store, reader, feed) = library_of("searcher", 0..100);
    let mut searcher = Searcher::new(&reader, BacklogLimit::WITHOUT_INDEXING);
    let request = request_for("zepp");
    let mut reports: Vec<Vec<EntryId>> = Vec::new();
    let results =
        searcher.search(&request, &|| false, &mut |partial| reports.push(partial.ids.to_vec()));
    let all = results.unwrap().unwrap().ids.to_vec();
    assert_eq!(all.len(), 100);
    assert!(
        reports[0].len() < 100 && all.starts_with(&reports[0]),
        "the newest come first: {reports:?}"
    );
    ingest_articles(&mut store, feed, 100..200);
    assert!(searcher.search(&request, &|| true, &mut drop).unwrap().is_none());
    let results = searcher.search(&request, &|| false, &mut drop);
    assert_eq!(results.unwrap().unwrap().ids.len(), 200);
}

#[test]
fn search_after_index_commit_finds_what_arrived_before_it() {
    let (mut store, reader, feed) = library_of("searcher-commit", 0..3);
    let mut searcher = Searcher::new(&reader, BacklogLimit::WITHOUT_INDEXING);
    let request = request_for("zepp");
    let count_hits = |searcher: &mut Searcher<'_>| {
        searcher.search(&request, &|| false, &mut drop).unwrap().unwrap().ids.len()
    };
    assert!(searcher.prepare(&|| false).unwrap());
    assert!(!searcher.prepare(&|| false).unwrap(), "nothing has changed");

    let commit_index = |store: &mut WriteConnection| {
        store.apply_manifest_update(&ManifestUpdate::default()).unwrap()
    };
    searcher.note_index_commit(commit_index(&mut store));
    assert_eq!(count_hits(&mut searcher), 3);
    assert!(searcher.prepare(&|| false).unwrap(), "the commit was only noted");

    // The change before the commit is not known: the commit must not hide it.
    ingest_articles(&mut store, feed, 3..5);
    searcher.note_index_commit(commit_index(&mut store));
    assert_eq!(count_hits(&mut searcher), 5);
    searcher.note_index_commit(commit_index(&mut store));
    ingest_articles(&mut store, feed, 5..6);
    assert_eq!(count_hits(&mut searcher), 6);
}

#[test]
fn lagging_search_knows_what_was_announced() {
    let (mut store, reader, feed) = library_of("searcher-lag", 0..3);
    let mut searcher = Searcher::new(&reader, BacklogLimit::WITHOUT_INDEXING).lagging();
    // As if no time passed in this test.
    searcher.max_lag = Duration::MAX;
    let list = ListDefinition {
        scope: ViewScope::Unread,
        unread_only: true,
        filter: "zepp".to_owned(),
        ..ListDefinition::default()
    };
    let request = SearchRequest { list, ..SearchRequest::default() };
    let count_hits = |searcher: &mut Searcher<'_>| {
        searcher.search(&request, &|| false, &mut drop).unwrap().unwrap().ids.len()
    };
    assert_eq!(count_hits(&mut searcher), 3);
    ingest_articles(&mut store, feed, 3..5);
    assert_eq!(count_hits(&mut searcher), 3, "nobody has told of the others yet");
    searcher.expire_snapshot();
    assert_eq!(count_hits(&mut searcher), 5);

    // A change of the user's counts at once, also where another one before it is not known.
    let mark_read = |store: &mut WriteConnection, id| {
        let change = Change::set_read(&[EntryId(id)], true);
        let done = store.apply_change(&change, DateTime::UNIX_EPOCH).unwrap();
        (done, store.generation().unwrap())
    };
    let (change, generation) = mark_read(&mut store, 1);
    searcher.apply_change(&change, generation);
    assert_eq!(count_hits(&mut searcher), 4);
    ingest_articles(&mut store, feed, 5..6);
    let (change, generation) = mark_read(&mut store, 2);
    searcher.apply_change(&change, generation);
    assert_eq!(count_hits(&mut searcher), 4, "one more, and one less");
}

/// Stores that articles are in the story of the first of them.
fn put_into_story(store: &mut WriteConnection, reader: &ReadConnection, ids: &[i64]) {
    let row = |id: &i64| StoryRow {
        entry: EntryId(*id),
        feed: FeedId(1),
        story: StoryId(ids[0]),
        published: *id,
        terms: Vec::new(),
    };
    let state = reader.story_state().unwrap();
    let articles = ids.iter().map(row).collect();
    let update = StoryUpdate { articles, state, ..StoryUpdate::default() };
    assert!(store.apply_story_update(&update).unwrap().is_some());
}

#[test]
fn stories_of_the_background_are_loaded_between_searches() {
    let (mut store, reader, _) = library_of("searcher-stories", 0..4);
    let mut searcher = Searcher::new(&reader, BacklogLimit::WITHOUT_INDEXING).lagging();
    let mut request = request_for("zepp");
    request.list.grouping = ListGrouping::Story;
    let count_rows = |searcher: &mut Searcher<'_>| {
        searcher.search(&request, &|| false, &mut drop).unwrap().unwrap().ids.len()
    };
    assert_eq!(count_rows(&mut searcher), 4);
    assert_eq!(searcher.story_reload_time(), None);
    put_into_story(&mut store, &reader, &[1, 2]);
    searcher.note_stories();
    assert_eq!(count_rows(&mut searcher), 4, "no search waits for them");
    assert!(searcher.story_reload_time().is_some());
    while !searcher.reload_stories(&|| false).unwrap() {
        std::thread::yield_now();
    }
    assert_eq!(count_rows(&mut searcher), 3);
    assert_eq!(searcher.story_reload_time(), None);

    // A choice of the user's counts at once.
    let link = Change::link_story(EntryId(3), &[EntryId(1)], StoryLink::Same);
    let done = store.apply_change(&link, DateTime::UNIX_EPOCH).unwrap();
    searcher.apply_change(&done, store.generation().unwrap());
    assert_eq!(count_rows(&mut searcher), 2);
}

#[test]
fn listing_of_incomplete_index_is_kept_until_its_content_changes() {
    let (mut store, reader, feed) = library_of("sql-listing", 0..3);
    let mut searcher = Searcher::new(&reader, BacklogLimit::WITHOUT_INDEXING).lagging();
    searcher.max_lag = Duration::MAX;
    searcher.prepare(&|| false).unwrap();
    let mut cache = None;
    let mut list_ids = |searcher: &Searcher<'_>, scope| {
        let list = ListDefinition { scope, ..ListDefinition::default() };
        let request = SearchRequest { list, ..SearchRequest::default() };
        let is_known = ScopeListing::is_current(cache.as_ref(), &searcher.snapshot, &request);
        let ids = ScopeListing::list(&mut cache, &searcher.snapshot, &request).unwrap();
        (ids.into_iter().map(|id| id.0).collect::<Vec<i64>>(), is_known)
    };
    assert_eq!(list_ids(&searcher, ViewScope::All), (vec![3, 2, 1], false));
    assert_eq!(list_ids(&searcher, ViewScope::Unread), (vec![3, 2, 1], true));
    for (change, scope, left) in [
        (Change::set_read(&[EntryId(2)], true), ViewScope::Unread, vec![3, 1]),
        (Change::set_starred(&[EntryId(1)], true), ViewScope::Starred, vec![1]),
        (Change::set_read(&[EntryId(2)], false), ViewScope::Unread, vec![3, 2, 1]),
    ] {
        let done = store.apply_change(&change, DateTime::UNIX_EPOCH).unwrap();
        searcher.apply_change(&done, store.generation().unwrap());
        assert_eq!(list_ids(&searcher, scope), (left, true), "a mark needs no SQL");
    }
    assert_eq!(list_ids(&searcher, ViewScope::Feed(feed)), (vec![3, 2, 1], false));
    ingest_articles(&mut store, feed, 3..5);
    searcher.expire_snapshot();
    searcher.prepare(&|| false).unwrap();
    assert_eq!(list_ids(&searcher, ViewScope::Feed(feed)), (vec![5, 4, 3, 2, 1], false));
}

/// Searches for `request`; returns the reports and the results.
fn search_reporting(
    searcher: &mut Searcher<'_>,
    request: &SearchRequest,
) -> (Vec<SearchResults>, SearchResults) {
    let mut reports = Vec::new();
    let results = searcher.search(request, &|| false, &mut |report| reports.push(report)).unwrap();
    (reports, results.unwrap())
}

#[test]
fn head_of_a_long_list_comes_first_unless_the_selection_is_below_it() {
    let (_store, reader, _) = library_of("searcher-head", 0..1_200);
    let mut searcher = Searcher::new(&reader, BacklogLimit::NONE);
    searcher.prepare(&|| false).unwrap();
    searcher.min_hits_for_head = 1_200;
    let request = SearchRequest { row_count: 10, ..request_for("zepp") };
    let (reports, results) = search_reporting(&mut searcher, &request);
    let [head] = &reports[..] else { panic!("{} reports", reports.len()) };
    assert_eq!((head.ids.len(), head.total, head.is_partial), (1_000, Some(1_200), true));
    assert_eq!((results.ids.len(), results.total, results.is_partial), (1_200, None, false));
    assert!(results.ids.starts_with(&head.ids));
    assert_eq!((results.selected_index, &results.rows), (head.selected_index, &head.rows));
    assert_eq!(results.summary, head.summary, "nothing on the screen changes");

    // The next key has no need of the other ids.
    let has_head = Cell::new(false);
    let found = searcher.search(&request, &|| has_head.get(), &mut |_| has_head.set(true));
    assert_eq!(found.unwrap(), None);

    let with_selected = |id| SearchRequest { selection_candidates: vec![id], ..request.clone() };
    for (candidate, has_head) in
        [(EntryId(1_100), true), (EntryId(100), false), (EntryId(9_999), true)]
    {
        let (reports, results) = search_reporting(&mut searcher, &with_selected(candidate));
        assert_eq!(!reports.is_empty(), has_head, "{candidate:?}");
        assert!(reports.iter().all(|head| head.selected_index == results.selected_index));
    }
    let oldest_first = ListDefinition { order: SortOrder::OldestFirst, ..request.list.clone() };
    let oldest_first = SearchRequest { list: oldest_first, ..request.clone() };
    assert!(search_reporting(&mut searcher, &oldest_first).0.is_empty());
    assert_eq!(searcher.count_hits(&request, &|| false).unwrap(), Some(1_200));
    searcher.min_hits_for_head = 1_201;
    assert!(search_reporting(&mut searcher, &request).0.is_empty());
}

#[test]
fn filter_is_suggested_unless_somebody_waits() {
    let (_store, reader, _) = library_of("searcher-suggestion", 0..3);
    let mut searcher = Searcher::new(&reader, BacklogLimit::NONE);
    searcher.prepare(&|| false).unwrap();
    let mut suggest =
        |filter: &str, is_stale| searcher.suggest_filter(&request_for(filter), &|| is_stale);
    assert_eq!(suggest("is:unread zepelin", false).as_deref(), Some("is:unread zeppelin"));
    assert_eq!(suggest("is:unread zepelin", true), None);
    assert_eq!(suggest("zeppelin", false), None);
    assert_eq!(suggest("quantum", false), None);
}
