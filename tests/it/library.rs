//! The store: entries come back as stored, changes can be undone, and foreign files are refused.

use std::fs;

use chrono::{DateTime, NaiveDate, Utc};
use newsreader::{
    library::search_once,
    model::{
        Attachments, BodyFormat, Change, EntryBody, EntryId, FeedId, FeedKind, KeptEntries,
        ListDefinition, NewEntry, OverriddenSetting, PublicationDate, ReadingPosition,
        SearchRequest, SearchResults, SessionUpdate, View, ViewScope,
    },
    query,
    store::{
        EntryUpsert, IngestBatch, LibraryLocation, ReadConnection, StoreError, WriteConnection,
    },
};
use proptest::prelude::*;

fn entry_upsert(guid: &str, title: &str, body: &str) -> EntryUpsert {
    let day = NaiveDate::from_ymd_opt(2026, 1, 28).unwrap();
    let body = EntryBody { format: BodyFormat::Plain, text: body.to_owned() };
    let entry = NewEntry {
        guid: guid.to_owned(),
        digest: guid.len() as u64,
        title: title.to_owned(),
        link: None,
        author: None,
        published: PublicationDate::Day(day),
        tags: Vec::new(),
        body,
        attachments: Attachments::default(),
        page_article: None,
    };
    EntryUpsert::new(entry, 1, None)
}

pub fn library_with(
    name: &str,
    entries: &[(&str, &str)],
) -> (WriteConnection, ReadConnection, FeedId) {
    let location = LibraryLocation::Memory(format!("test-{name}"));
    let mut store = WriteConnection::open(&location).unwrap();
    let feed = store.add_feed(FeedKind::Folder, "file:///news", "News").unwrap().feed;
    let upserts = entries.iter().map(|(title, body)| entry_upsert(title, title, body)).collect();
    store
        .ingest_batch(
            &IngestBatch { feed, upserts, missing_files: Vec::new() },
            chrono::DateTime::UNIX_EPOCH,
        )
        .unwrap();
    (store, ReadConnection::open(&location).unwrap(), feed)
}

fn search(reader: &ReadConnection, scope: ViewScope, filter: &str) -> SearchResults {
    let list = ListDefinition { scope, filter: filter.to_owned(), ..ListDefinition::default() };
    search_once(reader, &SearchRequest { list, row_count: 100, ..SearchRequest::default() })
        .unwrap()
}

fn titles(reader: &ReadConnection, scope: ViewScope, filter: &str) -> Vec<String> {
    search(reader, scope, filter).rows.into_iter().map(|entry| entry.title).collect()
}

#[test]
fn search_finds_signs_beside_words() {
    let (_store, reader, _) = library_with(
        "signs",
        &[("C++", "A language."), ("C#", "Runs on .NET."), ("Vitamin C", "On the net.")],
    );
    assert_eq!(titles(&reader, ViewScope::Unread, "c++"), ["C++"]);
    assert_eq!(titles(&reader, ViewScope::Unread, "\"C#\""), ["C#"]);
    assert_eq!(titles(&reader, ViewScope::Unread, ".NET"), ["C#"]);
    assert_eq!(titles(&reader, ViewScope::Unread, "c "), ["Vitamin C", "C#", "C++"]);
}

#[test]
fn search_counts_scope_without_filter() {
    let (mut store, reader, feed) =
        library_with("scope_count", &[("Bridge", "It reopens."), ("Rust", "A compiler.")]);
    let other = store.add_feed(FeedKind::Folder, "file:///other", "Other").unwrap().feed;
    let upserts = vec![entry_upsert("zig", "Zig", "Another compiler.")];
    let batch = IngestBatch { feed: other, upserts, missing_files: Vec::new() };
    store.ingest_batch(&batch, chrono::DateTime::UNIX_EPOCH).unwrap();
    let counts = |scope, filter| {
        let results = search(&reader, scope, filter);
        (results.ids.len(), results.scope_count, results.stored_count)
    };
    let of_words = |scope| counts(scope, "compiler");
    assert_eq!(of_words(ViewScope::Feed(feed)), (1, 2, 3));
    assert_eq!(of_words(ViewScope::Starred), (0, 0, 3));
    assert_eq!(
        of_words(ViewScope::Unread),
        (2, 3, 3),
        "a filter widens the list of unread articles"
    );
    let read = search(&reader, ViewScope::Feed(other), "").ids[0];
    store.apply_change(&Change::set_read(&[read], true), DateTime::UNIX_EPOCH).unwrap();
    // Signs alone leave nothing out.
    for filter in ["'", ".", "\u{201c}", "- !", "titel:x"] {
        assert_eq!(counts(ViewScope::Feed(feed), filter), (2, 2, 3), "{filter}");
        assert_eq!(counts(ViewScope::Starred, filter), (0, 0, 3), "{filter}");
        assert_eq!(counts(ViewScope::Unread, filter), (2, 2, 3), "{filter}");
        assert_eq!(counts(ViewScope::All, filter), (3, 3, 3), "{filter}");
    }
}

#[test]
fn search_finds_stored_entries_by_their_words() {
    let (_store, reader, _) = library_with(
        "words",
        &[("Bridge", "It reopens."), ("Rust", "A compiler."), ("Été", "Chaud.")],
    );
    assert_eq!(titles(&reader, ViewScope::Unread, ""), ["Été", "Rust", "Bridge"]);
    assert_eq!(titles(&reader, ViewScope::Unread, "compil"), ["Rust"]);
    assert_eq!(titles(&reader, ViewScope::Unread, "ete on:2026-01-28"), ["Été"]);
    assert_eq!(titles(&reader, ViewScope::Unread, "!rust in:news"), ["Été", "Bridge"]);
    let body =
        reader.load_body(search(&reader, ViewScope::Unread, "bridge").ids[0]).unwrap().unwrap();
    assert_eq!(body.text, "It reopens.");
}

#[test]
fn mistyped_field_leaves_the_list_as_it_is_without() {
    let (_store, reader, _) = library_with("mistyped", &[("a", "one"), ("b", "two")]);
    assert!(titles(&reader, ViewScope::All, "titel").is_empty());
    for (filter, without) in [("titel:x", ""), ("one titel:x", "one"), ("-titel:x two", "two")] {
        let left = titles(&reader, ViewScope::All, without);
        assert!(!left.is_empty());
        assert_eq!(titles(&reader, ViewScope::All, filter), left, "{filter}");
    }
}

#[test]
fn undo_and_redo_restore_read_states() {
    let (mut store, reader, _) = library_with("undo", &[("a", "one"), ("b", "two")]);
    let now = DateTime::<Utc>::UNIX_EPOCH;
    let ids = search(&reader, ViewScope::All, "").ids.to_vec();
    store.apply_change(&Change::set_read(&ids[..1], true), now).unwrap();
    let all = store.apply_change(&Change::set_read(&ids, true), now).unwrap();
    assert_eq!(all.change, Change::set_read(&ids[1..], true), "only what was not so before");
    assert_eq!(reader.list_feeds().unwrap()[0].unread_count, 0);

    assert_eq!(store.undo().unwrap().unwrap().change, Change::set_read(&ids[1..], false));
    assert_eq!(reader.list_feeds().unwrap()[0].unread_count, 1);
    assert_eq!(store.redo().unwrap().unwrap().change, Change::set_read(&ids[1..], true));
    assert!(store.redo().unwrap().is_none());
    store.undo().unwrap();
    store.undo().unwrap();
    assert!(store.undo().unwrap().is_none(), "there is nothing more to undo");
    assert_eq!(reader.list_feeds().unwrap()[0].unread_count, 2);
}

#[test]
fn undo_of_unsubscribe_restores_articles_and_stars() {
    let (mut store, reader, feed) = library_with("gone", &[("a", "one")]);
    store
        .apply_change(&Change::set_starred(&[EntryId(1)], true), DateTime::<Utc>::UNIX_EPOCH)
        .unwrap();
    store.apply_change(&Change::set_unsubscribed(feed, true), DateTime::<Utc>::UNIX_EPOCH).unwrap();
    assert!(titles(&reader, ViewScope::All, "").is_empty());
    assert!(titles(&reader, ViewScope::All, "one").is_empty());
    store.undo().unwrap();
    assert_eq!(titles(&reader, ViewScope::Starred, ""), ["a"]);
}

#[test]
fn journal_rows_about_saved_filters_are_undone_as_views() {
    let (mut store, reader, _) = library_with("filters", &[("a", "one")]);
    let saved = || user_views(&reader);
    let at = |seconds| DateTime::<Utc>::from_timestamp(seconds, 0).unwrap();
    let change = |text: &str, saved, seconds: Option<i64>| Change::SavedFilter {
        text: text.to_owned(),
        saved,
        at: seconds.map(|seconds| seconds * 1000),
    };
    for (text, second) in [("rust", 1), ("bridge", 2), ("rust", 3)] {
        store.apply_change(&change(text, true, Some(second)), at(second)).unwrap();
    }
    assert_eq!(saved(), ["rust", "bridge"]);
    store.apply_change(&change("rust", false, None), at(4)).unwrap();
    assert_eq!(saved(), ["bridge"]);
    store.undo().unwrap();
    assert_eq!(saved(), ["rust", "bridge"]);
    store.redo().unwrap();
    assert_eq!(saved(), ["bridge"]);
    for left in [vec!["rust", "bridge"], vec!["rust"], vec![]] {
        store.undo().unwrap();
        assert_eq!(saved(), left);
    }
    assert!(store.undo().unwrap().is_none(), "a filter that was saved already is no change");
}

/// Returns the names of the views that are not built in.
fn user_views(reader: &ReadConnection) -> Vec<String> {
    let views = reader.list_views().unwrap().into_iter();
    views.filter(|view| view.built_in.is_none()).map(|view| view.name).collect()
}

#[test]
fn changed_entry_keeps_id_and_state() {
    let (mut store, reader, feed) = library_with("changed", &[("a", "one")]);
    store
        .apply_change(&Change::set_starred(&[EntryId(1)], true), DateTime::<Utc>::UNIX_EPOCH)
        .unwrap();
    let again = store
        .ingest_batch(
            &IngestBatch {
                feed,
                upserts: vec![entry_upsert("a", "A", "uno")],
                missing_files: Vec::new(),
            },
            chrono::DateTime::UNIX_EPOCH,
        )
        .unwrap();
    assert_eq!((again.new, again.changed), (0, 1));
    let moved = entry_upsert("sub/a", "A", "uno").with_known_id(EntryId(1));
    store
        .ingest_batch(
            &IngestBatch { feed, upserts: vec![moved], missing_files: Vec::new() },
            chrono::DateTime::UNIX_EPOCH,
        )
        .unwrap();
    let entry = reader.load_entry(EntryId(1)).unwrap().unwrap();
    assert_eq!((entry.title.as_str(), entry.state.starred), ("A", true));
    assert_eq!(titles(&reader, ViewScope::All, "uno"), ["A"]);
    let mut guids = Vec::new();
    reader.for_each_file_fingerprint(feed, &mut |file| guids.push(file.guid.to_owned())).unwrap();
    assert_eq!(guids, ["sub/a"]);
}

#[test]
fn preferences_and_positions_survive_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().join("news"));
    let mut store = WriteConnection::open(&location).unwrap();
    let feed = store.add_feed(FeedKind::Folder, "file:///news", "News").unwrap().feed;
    store
        .ingest_batch(
            &IngestBatch {
                feed,
                upserts: vec![entry_upsert("a", "a", "one")],
                missing_files: Vec::new(),
            },
            chrono::DateTime::UNIX_EPOCH,
        )
        .unwrap();
    let position = ReadingPosition { block: 7, line: 2 };
    store.save_reading_position(EntryId(1), position).unwrap();
    let theme = SessionUpdate::choose(OverriddenSetting::Theme, "ink", "sixteen");
    store.save_session(&theme).unwrap();
    let filter = Change::add_view(View::new("Rust", "rust !game", &View::first_views()));
    store.apply_change(&filter, DateTime::<Utc>::UNIX_EPOCH).unwrap();
    drop(store);
    drop(WriteConnection::open(&location).unwrap());
    let reader = ReadConnection::open(&location).unwrap();
    assert_eq!(reader.load_reading_position(EntryId(1)).unwrap(), position);
    let preferences = reader.load_preferences().unwrap();
    assert_eq!(preferences.session.choice(OverriddenSetting::Theme, "sixteen"), Some("ink"));
    assert_eq!(preferences.views.last().unwrap().query, "rust !game");
}

#[test]
fn open_refuses_file_that_is_not_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().to_owned());
    fs::write(location.database_path(), "This is a diary, not a database. ".repeat(200)).unwrap();
    let error = WriteConnection::open(&location).unwrap_err();
    assert!(matches!(error, StoreError::NotALibrary { .. }), "{error}");
    assert!(fs::read_to_string(location.database_path()).unwrap().starts_with("This is a diary"));
}

#[test]
fn open_refuses_library_of_a_newer_version() {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().to_owned());
    drop(WriteConnection::open(&location).unwrap());
    let db = rusqlite::Connection::open(location.database_path()).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let error = WriteConnection::open(&location).unwrap_err();
    let sentence = error.to_string();
    assert!(sentence.contains("newer newsreader (format 99, this one knows "), "{sentence}");
}

#[test]
fn open_refuses_database_of_another_program() {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().to_owned());
    let db = rusqlite::Connection::open(location.database_path()).unwrap();
    db.execute_batch("CREATE TABLE songs (name TEXT)").unwrap();
    drop(db);
    assert!(matches!(
        WriteConnection::open(&location).unwrap_err(),
        StoreError::NotALibrary { .. }
    ));
}

#[test]
fn memory_copy_does_not_change_the_original() {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().to_owned());
    let mut store = WriteConnection::open(&location).unwrap();
    let feed = store.add_feed(FeedKind::Folder, "file:///news", "News").unwrap().feed;
    store
        .ingest_batch(
            &IngestBatch {
                feed,
                upserts: vec![entry_upsert("a", "a", "one")],
                missing_files: Vec::new(),
            },
            chrono::DateTime::UNIX_EPOCH,
        )
        .unwrap();
    drop(store);
    let (mut copy, in_memory) = WriteConnection::open_memory_copy(&location, "test-copy").unwrap();
    copy.apply_change(&Change::set_read(&[EntryId(1)], true), DateTime::<Utc>::UNIX_EPOCH).unwrap();
    assert_eq!(titles(&ReadConnection::open(&in_memory).unwrap(), ViewScope::All, "one"), ["a"]);
    let stored = ReadConnection::open(&location).unwrap();
    assert!(!stored.load_entry(EntryId(1)).unwrap().unwrap().state.read, "the copy is a copy");
}

#[test]
fn two_connections_see_each_others_changes() {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().to_owned());
    let mut one = WriteConnection::open(&location).unwrap();
    let mut other = WriteConnection::open(&location).unwrap();
    let feed = one.add_feed(FeedKind::Folder, "file:///news", "News").unwrap().feed;
    one.ingest_batch(
        &IngestBatch {
            feed,
            upserts: vec![entry_upsert("a", "a", "one")],
            missing_files: Vec::new(),
        },
        chrono::DateTime::UNIX_EPOCH,
    )
    .unwrap();
    other
        .apply_change(&Change::set_read(&[EntryId(1)], true), DateTime::<Utc>::UNIX_EPOCH)
        .unwrap();
    let reader = ReadConnection::open(&location).unwrap();
    assert!(reader.load_entry(EntryId(1)).unwrap().unwrap().state.read);
    assert_eq!(reader.generation().unwrap(), 2);
    assert_eq!(one.undo().unwrap().unwrap().change, Change::set_read(&[EntryId(1)], false));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A search finds the entries that the query matches when evaluated over every stored text, in
    /// order.
    #[test]
    fn search_matches_query_evaluated_over_all_texts(
        texts in prop::collection::vec(("[a-cé東京]{1,3}( [a-cé東京]{1,3}){0,2}", "[a-c]{1,3}( [a-cé’-]{1,4}){0,6}"), 1..12),
        typed in "!?(title:)?[a-cé東京]{1,3}( [a-c]{1,2})?",
        read in prop::collection::vec(any::<bool>(), 12),
    ) {
        let location = LibraryLocation::Memory("test-oracle".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let feed = store.add_feed(FeedKind::Folder, "file:///x", "x").unwrap().feed;
        let upserts = texts.iter().enumerate();
        let upserts = upserts.map(|(n, (title, body))| entry_upsert(&n.to_string(), title, body)).collect();
        store.ingest_batch(&IngestBatch { feed, upserts, missing_files: Vec::new() }, chrono::DateTime::UNIX_EPOCH).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let all = reader.list_entry_ids(&ListDefinition { scope: ViewScope::All, ..ListDefinition::default() }, 0, &KeptEntries::default(), 1000).unwrap();
        let marked: Vec<EntryId> = all.iter().zip(&read).filter(|(_, read)| **read).map(|(id, _)| *id).collect();
        store.apply_change(&Change::set_read(&marked, true), DateTime::<Utc>::UNIX_EPOCH).unwrap();

        let day = NaiveDate::from_ymd_opt(2026, 1, 28).unwrap();
        let feed_names = query::FeedNames::new("x", None, &[]);
        let query = query::parse(&typed, day);
        let mut expected: Vec<EntryId> = Vec::new();
        for id in &all {
            let (title, body) = &texts[texts.len() - 1 - all.iter().position(|other| other == id).unwrap()];
            let folded = query::FoldedText::new(title, "", body, "", "");
            let attributes = query::EntryAttributes::default();
            let state = newsreader::model::EntryState { read: marked.contains(id), ..Default::default() };
            let source = || query::PlainText { title: title.clone(), body: body.clone(), ..Default::default() };
            let entry = query::SearchableEntry { text: &folded, attributes: &attributes, feed: &feed_names, state, tags: &[], published_day: day, is_new: false, plain_text: &source, is_in_story: &|_| false };
            if query.matches(&entry) {
                expected.push(*id);
            }
        }
        prop_assert_eq!(search(&reader, ViewScope::All, &typed).ids.to_vec(), expected);
    }
}
