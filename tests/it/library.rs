//! The library: what is stored comes back, what is changed can be taken back, what is not ours is refused.

use std::fs;

use chrono::{DateTime, NaiveDate, Utc};
use newsreader::{
    app::{Listing, Question},
    model::{
        Attached, Body, BodyFormat, Change, EntryId, FeedId, FeedKind, NewEntry, Place, Scope, Stamp, View,
    },
    query,
    runtime::answer,
    store::{Arrival, Batch, Location, Reader, Store, StoreError},
};
use proptest::prelude::*;

fn new_entry(guid: &str, title: &str, body: &str) -> Arrival {
    let day = NaiveDate::from_ymd_opt(2026, 1, 28).unwrap();
    let body = Body { format: BodyFormat::Plain, text: body.to_owned() };
    let entry = NewEntry {
        guid: guid.to_owned(),
        digest: guid.len() as u64,
        title: title.to_owned(),
        link: None,
        author: None,
        published: Stamp::Day(day),
        tags: Vec::new(),
        body,
        attached: Attached::default(),
        article: None,
    };
    Arrival::new(entry, 1, None)
}

fn library(name: &str, entries: &[(&str, &str)]) -> (Store, Reader, FeedId) {
    let location = Location::Memory(format!("test-{name}"));
    let mut store = Store::open(&location).unwrap();
    let (feed, _) = store.add_feed(FeedKind::Folder, "file:///news", "News").unwrap();
    let arrivals = entries.iter().map(|(title, body)| new_entry(title, title, body)).collect();
    store.ingest(&Batch { feed, arrivals, missing: Vec::new() }, chrono::DateTime::UNIX_EPOCH).unwrap();
    (store, Reader::open(&location).unwrap(), feed)
}

fn listed(reader: &Reader, scope: Scope, filter: &str) -> Listing {
    let view = View { scope, filter: filter.to_owned(), ..View::default() };
    answer(reader, &Question { view, rows: 100, ..Question::default() }).unwrap()
}

fn titles(reader: &Reader, scope: Scope, filter: &str) -> Vec<String> {
    listed(reader, scope, filter).rows.into_iter().map(|entry| entry.title).collect()
}

#[test]
fn what_is_stored_is_found_by_its_words() {
    let (_store, reader, _) =
        library("words", &[("Bridge", "It reopens."), ("Rust", "A compiler."), ("Été", "Chaud.")]);
    assert_eq!(titles(&reader, Scope::Unread, ""), ["Été", "Rust", "Bridge"]);
    assert_eq!(titles(&reader, Scope::Unread, "compil"), ["Rust"]);
    assert_eq!(titles(&reader, Scope::Unread, "ete on:2026-01-28"), ["Été"]);
    assert_eq!(titles(&reader, Scope::Unread, "!rust in:news"), ["Été", "Bridge"]);
    let body = reader.body(listed(&reader, Scope::Unread, "bridge").ids[0]).unwrap().unwrap();
    assert_eq!(body.text, "It reopens.");
}

#[test]
fn a_change_can_be_taken_back_and_made_again_also_by_a_later_run() {
    let (mut store, reader, _) = library("undo", &[("a", "one"), ("b", "two")]);
    let now = DateTime::<Utc>::UNIX_EPOCH;
    let ids = listed(&reader, Scope::Everything, "").ids.to_vec();
    store.change(&Change::read(&ids[..1], true), now).unwrap();
    let all = store.change(&Change::read(&ids, true), now).unwrap();
    assert_eq!(all.change, Change::read(&ids[1..], true), "only what was not so before");
    assert_eq!(reader.feeds().unwrap()[0].unread, 0);

    assert_eq!(store.undo().unwrap().unwrap().change, Change::read(&ids[1..], false));
    assert_eq!(reader.feeds().unwrap()[0].unread, 1);
    assert_eq!(store.redo().unwrap().unwrap().change, Change::read(&ids[1..], true));
    assert!(store.redo().unwrap().is_none());
    store.undo().unwrap();
    store.undo().unwrap();
    assert!(store.undo().unwrap().is_none(), "there is nothing more to undo");
    assert_eq!(reader.feeds().unwrap()[0].unread, 2);
}

#[test]
fn a_removed_feed_comes_back_with_everything() {
    let (mut store, reader, feed) = library("gone", &[("a", "one")]);
    store.change(&Change::starred(&[EntryId(1)], true), DateTime::<Utc>::UNIX_EPOCH).unwrap();
    store.change(&Change::gone(feed, true), DateTime::<Utc>::UNIX_EPOCH).unwrap();
    assert!(titles(&reader, Scope::Everything, "").is_empty());
    assert!(titles(&reader, Scope::Everything, "one").is_empty());
    store.undo().unwrap();
    assert_eq!(titles(&reader, Scope::Starred, ""), ["a"]);
}

#[test]
fn a_changed_entry_keeps_its_number_and_its_state() {
    let (mut store, reader, feed) = library("changed", &[("a", "one")]);
    store.change(&Change::starred(&[EntryId(1)], true), DateTime::<Utc>::UNIX_EPOCH).unwrap();
    let again = store
        .ingest(
            &Batch { feed, arrivals: vec![new_entry("a", "A", "uno")], missing: Vec::new() },
            chrono::DateTime::UNIX_EPOCH,
        )
        .unwrap();
    assert_eq!((again.new, again.changed), (0, 1));
    let moved = new_entry("sub/a", "A", "uno").known_as(EntryId(1));
    store
        .ingest(&Batch { feed, arrivals: vec![moved], missing: Vec::new() }, chrono::DateTime::UNIX_EPOCH)
        .unwrap();
    let entry = reader.entry(EntryId(1)).unwrap().unwrap();
    assert_eq!((entry.title.as_str(), entry.state.starred), ("A", true));
    assert_eq!(titles(&reader, Scope::Everything, "uno"), ["A"]);
    assert_eq!(reader.known_files(feed).unwrap()[0].guid, "sub/a");
}

#[test]
fn what_the_reader_keeps_is_found_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Folder(folder.path().join("news"));
    let mut store = Store::open(&location).unwrap();
    let (feed, _) = store.add_feed(FeedKind::Folder, "file:///news", "News").unwrap();
    store
        .ingest(
            &Batch { feed, arrivals: vec![new_entry("a", "a", "one")], missing: Vec::new() },
            chrono::DateTime::UNIX_EPOCH,
        )
        .unwrap();
    let place = Place { piece: 7, line: 2 };
    store.set_place(EntryId(1), place).unwrap();
    store.keep("theme", "ink").unwrap();
    store.save_filter("rust !game", DateTime::<Utc>::UNIX_EPOCH).unwrap();
    drop(store);
    drop(Store::open(&location).unwrap());
    let reader = Reader::open(&location).unwrap();
    assert_eq!(reader.place(EntryId(1)).unwrap(), place);
    let kept = reader.start_state().unwrap();
    assert_eq!(kept.values["theme"], "ink");
    assert_eq!(kept.saved_filters, ["rust !game"]);
}

#[test]
fn what_is_not_a_library_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Folder(folder.path().to_owned());
    fs::write(location.database(), "This is a diary, not a database. ".repeat(200)).unwrap();
    let error = Store::open(&location).unwrap_err();
    assert!(matches!(error, StoreError::NotALibrary { .. }), "{error}");
    assert!(fs::read_to_string(location.database()).unwrap().starts_with("This is a diary"));

    fs::remove_file(location.database()).unwrap();
    drop(Store::open(&location).unwrap());
    let db = rusqlite::Connection::open(location.database()).unwrap();
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let error = Store::open(&location).unwrap_err();
    assert!(error.to_string().contains("newer newsreader (format 99, this one knows 5)"), "{error}");

    fs::remove_file(location.database()).unwrap();
    let db = rusqlite::Connection::open(location.database()).unwrap();
    db.execute_batch("CREATE TABLE songs (name TEXT)").unwrap();
    drop(db);
    assert!(matches!(Store::open(&location).unwrap_err(), StoreError::NotALibrary { .. }));
}

#[test]
fn what_cannot_be_written_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Folder(folder.path().to_owned());
    let mut store = Store::open(&location).unwrap();
    let (feed, _) = store.add_feed(FeedKind::Folder, "file:///news", "News").unwrap();
    store
        .ingest(
            &Batch { feed, arrivals: vec![new_entry("a", "a", "one")], missing: Vec::new() },
            chrono::DateTime::UNIX_EPOCH,
        )
        .unwrap();
    drop(store);
    let (mut copy, in_memory) = Store::open_copy(&location, "test-copy").unwrap();
    copy.change(&Change::read(&[EntryId(1)], true), DateTime::<Utc>::UNIX_EPOCH).unwrap();
    assert_eq!(titles(&Reader::open(&in_memory).unwrap(), Scope::Everything, "one"), ["a"]);
    let stored = Reader::open(&location).unwrap();
    assert!(!stored.entry(EntryId(1)).unwrap().unwrap().state.read, "the copy is a copy");
}

#[test]
fn two_instances_see_each_others_changes() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Folder(folder.path().to_owned());
    let mut one = Store::open(&location).unwrap();
    let mut other = Store::open(&location).unwrap();
    let (feed, _) = one.add_feed(FeedKind::Folder, "file:///news", "News").unwrap();
    one.ingest(
        &Batch { feed, arrivals: vec![new_entry("a", "a", "one")], missing: Vec::new() },
        chrono::DateTime::UNIX_EPOCH,
    )
    .unwrap();
    other.change(&Change::read(&[EntryId(1)], true), DateTime::<Utc>::UNIX_EPOCH).unwrap();
    let reader = Reader::open(&location).unwrap();
    assert!(reader.entry(EntryId(1)).unwrap().unwrap().state.read);
    assert_eq!(reader.generation().unwrap(), 2);
    assert_eq!(one.undo().unwrap().unwrap().change, Change::read(&[EntryId(1)], false));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// The answer of the program is what evaluating the query over every stored text gives, in order.
    #[test]
    fn a_list_is_what_the_query_says(
        texts in prop::collection::vec(("[a-cé東京]{1,3}( [a-cé東京]{1,3}){0,2}", "[a-c]{1,3}( [a-cé’-]{1,4}){0,6}"), 1..12),
        typed in "!?(title:)?[a-cé東京]{1,3}( [a-c]{1,2})?",
        read in prop::collection::vec(any::<bool>(), 12),
    ) {
        let location = Location::Memory("test-oracle".to_owned());
        let mut store = Store::open(&location).unwrap();
        let (feed, _) = store.add_feed(FeedKind::Folder, "file:///x", "x").unwrap();
        let arrivals = texts.iter().enumerate();
        let arrivals = arrivals.map(|(n, (title, body))| new_entry(&n.to_string(), title, body)).collect();
        store.ingest(&Batch { feed, arrivals, missing: Vec::new() }, chrono::DateTime::UNIX_EPOCH).unwrap();
        let reader = Reader::open(&location).unwrap();
        let all = reader.ids(&View { scope: Scope::Everything, ..View::default() }, 0, &[], 1000).unwrap();
        let marked: Vec<EntryId> = all.iter().zip(&read).filter(|(_, read)| **read).map(|(id, _)| *id).collect();
        store.change(&Change::read(&marked, true), DateTime::<Utc>::UNIX_EPOCH).unwrap();

        let day = NaiveDate::from_ymd_opt(2026, 1, 28).unwrap();
        let facts = query::FeedFacts::new("x", None, &[]);
        let asked = query::parse(&typed, day);
        let mut expected: Vec<EntryId> = Vec::new();
        for id in &all {
            let (title, body) = &texts[texts.len() - 1 - all.iter().position(|other| other == id).unwrap()];
            let folded = query::Folded::new(title, "", body, "", "");
            let about = query::About::default();
            let state = newsreader::model::EntryState { read: marked.contains(id), starred: false };
            let source = || format!("{title}\n{body}");
            let entry = query::EntryFacts { folded: &folded, about: &about, feed: &facts, state, day, new: false, source: &source };
            if asked.matches(&entry) {
                expected.push(*id);
            }
        }
        prop_assert_eq!(listed(&reader, Scope::Everything, &typed).ids.to_vec(), expected);
    }
}
