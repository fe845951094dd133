//! The trash: removing articles, restoring them, dropping them for good, and what never comes back.

use std::{
    fmt::Write as _,
    fs,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, TimeDelta, Utc};
use newsreader::{
    app::{
        ChangeAction, describe_action, describe_dropped, describe_next_step,
        describe_recorded_change,
    },
    library::Retention,
    model::{
        Actor, AppliedChange, Change, EntryId, FeedId, PasswordExport, RefreshScope, TagMark,
        TagName, TrashSize, ViewScope,
    },
    store::{
        IngestBatch, LibraryLocation, ReadConnection, WaitingMarks, WriteConnection,
        restore_backup, write_backup,
    },
};
use proptest::prelude::*;

use crate::{
    refresh::FeedLibrary,
    support::{
        now,
        program::{home_with_library, run, stderr, stdout},
        server::{Server, TestResponse},
    },
    tags::{TaggedLibrary, ids, tag, upsert},
};

fn day(number: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(number)
}

fn remove(store: &mut WriteConnection, numbers: &[i64], now: DateTime<Utc>) -> AppliedChange {
    store.apply_change(&Change::remove_entries(&ids(numbers), now), now).unwrap()
}

/// Drops everything whose time is over; returns the number of articles.
fn drop_expired(store: &mut WriteConnection, now: DateTime<Utc>) -> usize {
    let mut total = 0;
    loop {
        match store.drop_expired_entries(now).unwrap() {
            0 => return total,
            count => total += count,
        }
    }
}

/// Checks that what the library states twice agrees, and that the index wants nothing else.
fn assert_sound(reader: &ReadConnection) {
    let pairs = [
        reader.count_tags_twice().unwrap(),
        reader.count_unlisted_twice().unwrap(),
        reader.count_dropped_twice().unwrap(),
        (reader.stated_entry_count().unwrap(), reader.count_entries_one_by_one().unwrap()),
    ];
    assert!(pairs.iter().all(|(stated, counted)| stated == counted), "{pairs:?}");
    assert_eq!(reader.check_integrity().unwrap(), Vec::<String>::new());
    assert!(reader.find_damaged_rows().unwrap().is_empty());
}

#[test]
fn removed_article_is_in_the_trash_until_it_is_restored() {
    let mut library = TaggedLibrary::new("restored", 3);
    remove(&mut library.store, &[1, 2], day(0));
    assert_eq!(library.search(""), [3]);
    assert_eq!(library.search("is:removed"), [2, 1]);
    assert_eq!(library.counts().0, 1);
    let again = remove(&mut library.store, &[2, 3], day(5));
    assert_eq!(again.change.entry_ids(), ids(&[3]), "what is in the trash keeps its day");
    let trash = library.reader.list_trash().unwrap();
    let days: Vec<_> =
        trash.iter().map(|entry| (entry.id.0, entry.removed_at(), entry.dropped_at)).collect();
    assert_eq!(days, [(1, day(0), day(30)), (2, day(0), day(30)), (3, day(5), day(35))]);
    assert_eq!(trash[0].title, "Article 1");
    library.store.expire_tags(day(40)).unwrap();
    assert_eq!(library.search("is:removed"), [3, 2, 1], "the end of the time is no restoring");
    library.store.apply_change(&Change::restore_entries(&ids(&[1])), day(6)).unwrap();
    assert_eq!(library.search(""), [1]);
    library.store.undo().unwrap();
    assert_eq!(library.reader.list_trash().unwrap(), trash, "undo gives the day back");
    library.store.undo_last(2).unwrap();
    assert_eq!(library.search(""), [3, 2, 1]);
    assert_eq!(library.reader.measure_trash().unwrap(), TrashSize::default());
}

#[test]
fn article_is_dropped_after_thirty_days_and_is_gone() {
    const LOST: &str = "1 article that was dropped from the trash stays gone";
    let mut library = TaggedLibrary::new("trash-dropped", 3);
    library.mark(&[1, 2], &tag("urgent"), TagMark::On);
    library.mark(&[1], &TagName::hidden(), TagMark::On);
    remove(&mut library.store, &[1], day(0));
    remove(&mut library.store, &[2], day(1));
    assert_eq!(drop_expired(&mut library.store, day(29)), 0);
    assert_eq!(drop_expired(&mut library.store, day(30)), 1);
    assert_eq!(library.reader.load_entry(EntryId(1)).unwrap(), None);
    assert_eq!(library.reader.load_body(EntryId(1)).unwrap(), None);
    assert_eq!(library.search("is:removed"), [2]);
    assert_eq!(library.search("tag:urgent or is:hidden or is:removed"), [2]);
    assert_eq!(library.list(ViewScope::Unread, ""), [3]);
    assert_eq!(library.counts().0, 1);
    assert_sound(&library.reader);

    // A later change of its marks finds nothing, and undo says so.
    library.mark(&[1], &tag("urgent"), TagMark::On);
    let mut undo = || -> Vec<String> {
        let steps = library.store.undo_last(1).unwrap();
        let describe = |done| describe_action(ChangeAction::Undone, Some(done), now());
        let dropped = (steps.dropped > 0).then(|| describe_dropped(steps.dropped));
        let refused = (steps.lost > 0)
            .then(|| describe_next_step(ChangeAction::Undone, steps.next.as_ref(), now()));
        steps.changes.iter().map(describe).chain(dropped).chain(refused).collect()
    };
    assert_eq!(undo(), ["Undone: moved “Article 2” to the trash"]);
    let next = "The next undo is about: tagged “Article 2” urgent";
    assert_eq!(undo(), [next], "two changes concern the dropped article alone");
    assert_eq!(undo(), ["Undone: tagged “Article 2” urgent", LOST]);
    assert_eq!(undo(), [""; 0]);
    let mut rows = Vec::new();
    let read = library.reader.for_each_recorded_change(None, 9, &mut |row| rows.push(row));
    read.unwrap();
    let states: Vec<_> = rows.iter().map(|row| (row.is_undone, row.is_lost)).collect();
    assert_eq!(states, [(true, false), (false, true), (false, true), (true, false)]);
    assert_eq!(library.search(""), [3, 2]);
    assert_sound(&library.reader);
}

#[test]
fn emptying_the_trash_goes_in_small_steps() {
    let mut library = TaggedLibrary::new("trash-steps", 450);
    let numbers: Vec<i64> = (1..=450).collect();
    remove(&mut library.store, &numbers, day(0));
    let size = library.reader.measure_trash().unwrap();
    assert!(size.articles == 450 && size.bytes > 450, "{size:?}");
    let steps: Vec<usize> =
        (0..4).map(|_| library.store.empty_trash_step(day(0)).unwrap()).collect();
    assert_eq!(steps, [200, 200, 50, 0]);
    let mut rows = Vec::new();
    let mut visit = |row| rows.push(describe_recorded_change(&row, now()));
    library.reader.for_each_recorded_change(None, 1, &mut visit).unwrap();
    assert_eq!(rows[0].sentence, "Emptied the trash: 450 articles dropped for good");
    let steps = library.store.undo_last(9).unwrap();
    assert!(rows[0].is_lost && steps.changes.is_empty() && steps.next.is_none(), "{rows:?}");
    assert_eq!((steps.lost, steps.dropped), (2, 0));
    assert_eq!(library.counts(), (0, 0, 0));
    assert_sound(&library.reader);
}

#[test]
fn dropped_file_does_not_come_back_but_a_saved_page_does() {
    let mut library = TaggedLibrary::new("trash-folder", 2);
    remove(&mut library.store, &[1, 2], day(0));
    while library.store.empty_trash_step(day(0)).unwrap() > 0 {}
    let feed = FeedId(1);
    let batch = |upserts| IngestBatch { feed, upserts, missing_files: Vec::new() };
    let moved = upsert(9, "fruit").with_known_id(EntryId(2));
    let counts = library.store.ingest_batch(&batch(vec![upsert(1, "fruit"), moved]), day(1));
    let counts = counts.unwrap();
    assert_eq!((counts.new, counts.changed), (0, 0));
    assert_eq!(library.search(""), Vec::<i64>::new());
    let saved = upsert(1, "fruit").leaving_trash();
    let counts = library.store.ingest_batch(&batch(vec![saved]), day(2)).unwrap();
    assert_eq!((counts.new, counts.changed), (1, 0));
    assert_eq!(library.search("apple"), [1]);
    assert_eq!(library.counts(), (1, 1, 0));
    assert_sound(&library.reader);
}

/// Returns an RSS document of items, each with a guid, a link and a text.
fn document(items: &[(&str, &str, &str)]) -> String {
    let mut text = String::from("<rss version='2.0'><channel><title>Evening Post</title>");
    for (guid, link, words) in items {
        write!(
            text,
            "<item><title>{words}</title><guid isPermaLink='false'>{guid}</guid>
             <link>https://post.example/{link}</link><description>{words} in full</description>
             <pubDate>Mon, 02 Nov 2026 08:00:00 GMT</pubDate></item>"
        )
        .unwrap();
    }
    text + "</channel></rss>"
}

/// A feed on a local server, whose document can be changed.
struct ServedFeed {
    library: FeedLibrary,
    document: Arc<Mutex<String>>,
    feed: FeedId,
    _server: Server,
}

impl ServedFeed {
    fn new(name: &str, items: &[(&str, &str, &str)]) -> ServedFeed {
        let content = Arc::new(Mutex::new(document(items)));
        let shared = Arc::clone(&content);
        let http = Server::start(move |_| TestResponse::ok(shared.lock().unwrap().clone()));
        let mut library = FeedLibrary::new(name);
        let feed = library.subscribe(&http.url("/feed"));
        let mut served = ServedFeed { library, document: content, feed, _server: http };
        served.refresh(items);
        served
    }

    fn refresh(&mut self, items: &[(&str, &str, &str)]) {
        *self.document.lock().unwrap() = document(items);
        let summary = self.library.refresh(RefreshScope::One(self.feed));
        assert!(summary.failures.is_empty(), "{:?}", summary.failures);
    }

    fn numbers(&self) -> Vec<i64> {
        let mut ids = self.library.reader.list_subscribed_entry_ids().unwrap();
        ids.sort_unstable();
        ids.into_iter().map(|id| id.0).collect()
    }
}

#[test]
fn refresh_does_not_bring_back_what_was_dropped() {
    let mut served = ServedFeed::new("trash-dropped", &[("a", "1", "Apples"), ("b", "2", "Pears")]);
    assert_eq!(served.numbers(), [1, 2]);
    remove(&mut served.library.store, &[1, 2], day(0));
    while served.library.store.empty_trash_step(day(0)).unwrap() > 0 {}
    for items in [
        [("a", "1", "Apples"), ("b", "2", "Pears")],
        [("a", "1", "Apples, corrected"), ("b", "2", "Pears")],
        [("new-guid", "1", "Apples, corrected"), ("b", "2", "Pears")],
        [("newer-guid", "1", "Apples, corrected again"), ("b", "2", "Pears")],
        [("newer-guid", "moved", "Apples, corrected again"), ("b", "2", "Pears")],
    ] {
        served.refresh(&items);
        assert_eq!(served.numbers(), Vec::<i64>::new(), "{items:?}");
    }
    served.refresh(&[("c", "3", "Plums"), ("b", "2", "Pears")]);
    assert_eq!(served.numbers().len(), 1, "other articles arrive");
    assert_sound(&served.library.reader);
}

#[test]
fn changed_guid_keeps_star_read_mark_tags_and_the_place_in_the_trash() {
    let mut served = ServedFeed::new("trash-guid", &[("a", "1", "Apples"), ("b", "2", "Pears")]);
    let store = &mut served.library.store;
    for change in [
        Change::set_starred(&ids(&[1]), true),
        Change::set_read(&ids(&[1]), true),
        Change::set_tag(&ids(&[1]), tag("fruit"), TagMark::On),
        Change::remove_entries(&ids(&[2]), day(0)),
    ] {
        store.apply_change(&change, day(0)).unwrap();
    }
    served.refresh(&[("x", "1", "Apples"), ("y", "2", "Pears")]);
    assert_eq!(served.numbers(), [1, 2]);
    let entries = served.library.reader.load_entries(&ids(&[1, 2])).unwrap();
    assert!(entries[0].state.starred && entries[0].state.read);
    assert_eq!(entries[0].tags[0].name, tag("fruit"));
    assert!(entries[1].state.removed);
}

#[test]
fn articles_of_unsubscribed_feed_are_dropped_after_thirty_days() {
    let items = [("a", "1", "Apples"), ("b", "2", "Pears"), ("c", "3", "Plums")];
    let mut served = ServedFeed::new("trash-unsubscribed", &items);
    let feed = served.feed;
    let store = &mut served.library.store;
    store.apply_change(&Change::set_starred(&ids(&[1]), true), day(0)).unwrap();
    remove(store, &[2], day(0));
    while store.empty_trash_step(day(0)).unwrap() > 0 {}
    store.apply_change(&Change::set_unsubscribed(feed, true), day(10)).unwrap();
    assert_eq!(drop_expired(store, day(39)), 0);
    store.undo().unwrap();
    assert_eq!(drop_expired(store, day(45)), 0, "the feed is subscribed again");
    store.redo().unwrap();
    assert_eq!(drop_expired(store, day(46)), 0, "its time begins anew");
    assert_eq!(drop_expired(store, day(77)), 1, "starred articles stay");
    assert_sound(&served.library.reader);
    served.library.store.undo().unwrap();
    assert_eq!(served.numbers(), [1]);
    served.refresh(&items);
    assert_eq!(served.numbers(), [1, 3], "what the user removed stays away");
    let entry = served.library.reader.load_entry(EntryId(3)).unwrap().unwrap();
    assert!(entry.title == "Plums" && !entry.state.is_unlisted());
    assert_sound(&served.library.reader);
}

#[test]
fn restored_backup_knows_what_was_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().join("library"));
    let mut store = WriteConnection::open(&location).unwrap();
    let kind = newsreader::model::FeedKind::Folder;
    let feed = store.add_feed(kind, "file:///news", "News").unwrap().feed;
    let upserts = || (1..=2).map(|number| upsert(number, "fruit")).collect();
    let batch = || IngestBatch { feed, upserts: upserts(), missing_files: Vec::new() };
    store.ingest_batch(&batch(), day(0)).unwrap();
    remove(&mut store, &[1], day(0));
    store.empty_trash_step(day(0)).unwrap();
    let backup = folder.path().join("backup");
    write_backup(&location, &backup, PasswordExport::LeaveOut, "").unwrap();
    drop(store);
    restore_backup(&folder.path().join("library"), &backup, WaitingMarks::Refuse).unwrap();
    let mut store = WriteConnection::open(&location).unwrap();
    let reader = ReadConnection::open(&location).unwrap();
    assert_eq!(reader.count_absent_texts().unwrap(), 1);
    store.ingest_batch(&batch(), day(1)).unwrap();
    assert_eq!(reader.load_entries(&ids(&[1, 2])).unwrap().len(), 1);
    assert_sound(&reader);
}

#[test]
fn refresh_removes_what_is_read_and_older_than_the_user_keeps_it() {
    let items =
        [("a", "1", "Apples"), ("b", "2", "Pears"), ("c", "3", "Plums"), ("d", "4", "Figs")];
    let mut served = ServedFeed::new("trash-retention", &items);
    let store = &mut served.library.store;
    for change in [
        Change::set_read(&ids(&[1, 2, 3]), true),
        Change::set_starred(&ids(&[2]), true),
        Change::set_tag(&ids(&[3]), TagName::later(), TagMark::On),
    ] {
        store.apply_change(&change, Utc::now()).unwrap();
    }
    let retention = Retention::from_days(1).unwrap();
    let count = |days| {
        let at = Utc::now() + TimeDelta::days(days);
        retention.count_outdated(&served.library.reader, at).unwrap()
    };
    assert_eq!((count(0), count(2)), (0, 1), "they arrived just now");
    let database = ReadConnection::open(&served.library.location).unwrap();
    let outdated = database.list_outdated_entries(Utc::now() + TimeDelta::days(1), 10).unwrap();
    assert_eq!(outdated, ids(&[1]));
    served.library.sources.retention = Some(retention);
    let summary = served.library.refresh(RefreshScope::All);
    assert!(summary.failures.is_empty() && served.numbers().len() == 4, "{summary:?}");
}

#[test]
fn what_came_back_from_the_trash_is_not_moved_there_again_for_its_age() {
    let mut library = TaggedLibrary::new("restored", 3);
    library.store.apply_change(&Change::set_read(&ids(&[1, 2, 3]), true), day(1)).unwrap();
    let outdated = |library: &TaggedLibrary| {
        let far_away = Utc::now() + TimeDelta::days(40_000);
        library.reader.list_outdated_entries(far_away, 10).unwrap()
    };
    assert_eq!(outdated(&library), ids(&[1, 2, 3]));
    let removal = Change::remove_entries(&ids(&[1]), day(1));
    library.store.apply_change_by(&Actor::Retention, &removal, day(1)).unwrap();
    library.store.undo().unwrap();
    for change in [Change::remove_entries(&ids(&[2]), day(1)), Change::restore_entries(&ids(&[2]))]
    {
        library.store.apply_change(&change, day(1)).unwrap();
    }
    assert_eq!(outdated(&library), ids(&[3]));
}

/// A change of the marks of some articles.
fn any_change() -> impl Strategy<Value = Change> {
    let numbers = prop::collection::vec(1_i64..9, 1..5);
    (numbers, 0..5, any::<bool>(), 0_i64..30).prop_map(|(numbers, kind, is_on, at)| {
        let ids = ids(&numbers);
        match (kind, is_on) {
            (0 | 1, true) => Change::remove_entries(&ids, day(at)),
            (0 | 1, false) => Change::restore_entries(&ids),
            (2, starred) => Change::set_starred(&ids, starred),
            (3, read) => Change::set_read(&ids, read),
            (_, true) => Change::set_tag(&ids, tag("urgent"), TagMark::On),
            (_, false) => Change::set_tag(&ids, tag("urgent"), TagMark::Off),
        }
    })
}

/// Returns everything that the user sees of the articles and of the trash.
fn visible_state(library: &TaggedLibrary) -> String {
    let entries = library.reader.load_entries(&ids(&[1, 2, 3, 4, 5, 6, 7, 8])).unwrap();
    let found = ["", "is:removed", "tag:urgent", "is:star"].map(|filter| library.search(filter));
    let trash = library.reader.list_trash().unwrap();
    format!("{entries:?} {found:?} {trash:?} {:?}", library.counts())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn undoing_every_change_is_the_first_state(changes in prop::collection::vec(any_change(), 1..12)) {
        let mut library = TaggedLibrary::new("trash-property", 8);
        let first = visible_state(&library);
        for change in changes {
            library.store.apply_change(&change, library.now).unwrap();
        }
        let last = visible_state(&library);
        let undone = library.store.undo_last(usize::MAX).unwrap().count();
        prop_assert_eq!(visible_state(&library), first);
        for _ in 0..undone {
            library.store.redo().unwrap();
        }
        prop_assert_eq!(visible_state(&library), last);
    }
}

#[test]
fn trash_is_listed_restored_and_emptied_on_the_command_line() {
    let home = home_with_library();
    let told = |args: &[&str]| {
        let output = run(home.path(), args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        stdout(&output)
    };
    assert_eq!(told(&["trash", "empty"]), "The trash is empty\n");
    assert_eq!(told(&["remove", "1", "2"]), "2 articles moved to the trash\n");
    assert_eq!(told(&["remove", "1"]), "0 articles moved to the trash, 1 already was\n");
    assert_eq!(told(&["search", "--count", "is:removed"]), "2\n");
    assert_eq!(told(&["trash", "list"]).lines().count(), 2);
    assert_eq!(told(&["trash", "restore", "2"]), "1 article restored\n");
    let absent = run(home.path(), &["trash", "restore", "2"]);
    assert_eq!(stdout(&absent), "0 articles restored, 1 was not in the trash\n");
    assert_eq!(absent.status.code(), Some(1));
    assert!(told(&["doctor"]).contains("trash: 1 article"));
    let refused = run(home.path(), &["trash", "empty"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("drops 1 article for good; --yes"), "{refused:?}");
    assert_eq!(told(&["trash", "empty", "--yes"]), "1 article dropped for good\n");
    let gone = run(home.path(), &["read", "1"]);
    assert!(!gone.status.success() && stderr(&gone).contains('1'), "{gone:?}");
    assert!(!run(home.path(), &["trash", "restore", "1"]).status.success());
    fs::write(home.path().join("news/c.txt"), "Another one").unwrap();
    told(&["refresh"]);
    assert_eq!(told(&["search", "--count"]), "2\n", "the file of the dropped article stays away");
    told(&["index", "rebuild"]);
    assert!(told(&["doctor"]).contains("\nok search index: 2 articles"), "{}", told(&["doctor"]));
}

#[test]
fn undo_after_emptying_the_trash_is_refused_and_takes_nothing_else_back() {
    let home = home_with_library();
    for args in [&["star", "1"][..], &["remove", "2"], &["trash", "empty", "--yes"]] {
        assert!(run(home.path(), args).status.success(), "{args:?}");
    }
    let refused = run(home.path(), &["undo"]);
    assert_eq!((stdout(&refused).as_str(), refused.status.code()), ("", Some(1)));
    assert_eq!(
        stderr(&refused),
        "Cannot undo the change: what was dropped from the trash cannot be brought back\n\
         The next undo is about: starred “The bridge reopens”\n"
    );
    assert_eq!(stdout(&run(home.path(), &["count", "is:starred"])), "1\n");
    let journal = stdout(&run(home.path(), &["journal", "--limit", "1"]));
    assert!(journal.ends_with("Emptied the trash: 1 article dropped for good\n"), "{journal}");
    let undone = run(home.path(), &["undo"]);
    let sentence = "Undone: starred “The bridge reopens”\n";
    assert_eq!((stdout(&undone).as_str(), undone.status.code()), (sentence, Some(0)));
    assert_eq!(stdout(&run(home.path(), &["redo"])), sentence.replace("Undone", "Redone"));
    // Asked for all of them at once, it says so and does what can be done.
    let several = run(home.path(), &["undo", "2"]);
    assert_eq!(
        stdout(&several),
        "Undone: starred “The bridge reopens”\nUndone: subscribed to news\n"
    );
}

#[test]
fn several_steps_back_refuse_lost_changes_and_undo_the_others() {
    let home = home_with_library();
    for args in [&["star", "1"][..], &["remove", "2"], &["trash", "empty", "--yes"]] {
        assert!(run(home.path(), args).status.success(), "{args:?}");
    }
    let several = run(home.path(), &["undo", "3"]);
    assert_eq!(stdout(&several), "Undone: starred “The bridge reopens”\n");
    assert_eq!(several.status.code(), Some(1));
    assert!(stderr(&several).contains("cannot be brought back"), "{}", stderr(&several));
}

#[test]
fn trash_is_the_same_as_a_list_as_a_search_and_as_a_number() {
    let mut library = TaggedLibrary::new("trash-one-list", 3);
    remove(&mut library.store, &[1, 2], day(0));
    let states = |library: &TaggedLibrary| {
        let listed: Vec<i64> =
            library.reader.list_trash().unwrap().iter().map(|removed| removed.id.0).collect();
        let mut found = library.search("is:removed");
        found.sort_unstable();
        (listed, found, library.reader.measure_trash().unwrap().articles)
    };
    assert_eq!(states(&library), (vec![1, 2], vec![1, 2], 2));
    let hidden = Change::set_tag(&ids(&[2, 3]), tag("hidden"), TagMark::On);
    library.store.apply_change(&hidden, day(1)).unwrap();
    assert_eq!(states(&library), (vec![1, 2], vec![1, 2], 2), "hidden or not");
    assert_eq!(library.search("is:hidden"), [3]);
    library.store.undo().unwrap();
    let unsubscribed = Change::set_unsubscribed(FeedId(1), true);
    library.store.apply_change(&unsubscribed, day(1)).unwrap();
    assert_eq!(states(&library), (vec![], vec![], 0), "they went with their feed");
    assert_eq!(library.store.empty_trash_step(day(1)).unwrap(), 0);
    library.store.undo().unwrap();
    assert_eq!(states(&library), (vec![1, 2], vec![1, 2], 2));
}

#[test]
fn preview_counts_for_each_form_of_the_setting_and_for_none_that_is_wrong() {
    let home = home_with_library();
    assert!(run(home.path(), &["mark", "read", "1", "2"]).status.success());
    let settings = home.path().join("settings.toml");
    let preview = |keep: &str| {
        fs::write(&settings, format!("[library]\nkeep = {keep}\n")).unwrap();
        run(home.path(), &["--settings", settings.to_str().unwrap(), "trash", "preview"])
    };
    for (keep, days) in [("\"9m\"", 273), ("\"1y\"", 365), ("\"2 weeks\"", 14), ("30", 30)] {
        let found = preview(keep);
        assert!(stdout(&found).contains(&format!("older than {days} days")), "{}", stdout(&found));
        assert_eq!(found.status.code(), Some(0), "{keep}");
    }
    for keep in ["\"9x\"", "\"12h\"", "-1"] {
        let found = preview(keep);
        assert_eq!(found.status.code(), Some(1), "{keep}");
        assert_eq!(stdout(&found), "", "{keep}");
        assert!(stderr(&found).contains("`library.keep` is"), "{}", stderr(&found));
        assert!(stderr(&found).contains("nothing was counted"), "{}", stderr(&found));
    }
}
