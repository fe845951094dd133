//! Syncing accounts with a server that speaks the Fever API.

use std::sync::{Arc, atomic::AtomicBool};

use newsreader::{
    library::{RefreshOutput, WorkMarks, refresh_library, store_output},
    model::{Change, EntryId, RefreshProgress, ServerKind},
};

use crate::{
    support::fake_fever::{FakeFever, FeverQuirks},
    sync::{ALL_ACCOUNTS, SyncLibrary},
};

fn server_with(count: i64) -> FakeFever {
    let server = FakeFever::start();
    server.add_items(1..=count);
    server
}

fn library(name: &str, server: &FakeFever) -> SyncLibrary {
    SyncLibrary::with_server(&format!("fever-{name}"), ServerKind::Fever, server.url())
}

#[test]
fn first_sync_brings_feeds_groups_articles_and_marks() {
    let server = server_with(130);
    server.state().items.get_mut(&2).unwrap().read = true;
    server.state().items.get_mut(&3).unwrap().starred = true;
    let mut library = library("first", &server);
    assert_eq!(library.sync().new_entries, 130);
    assert_eq!(library.feed("Evening Post").folder(), Some("News / World"));
    assert_eq!(library.feed("Tech Weekly").folder(), Some("News"));
    let marks: Vec<_> = (1..=3).map(|number| library.marks(number)).collect();
    assert_eq!(marks, [(false, false), (true, false), (false, true)]);
}

#[test]
fn a_sync_without_news_is_four_requests_and_a_login() {
    let server = server_with(130);
    let mut library = library("steady", &server);
    library.sync();
    server.take_calls();
    assert_eq!(library.sync().new_entries, 0);
    let calls = ["groups", "feeds", "unread_item_ids", "saved_item_ids", "items since_id=130"];
    assert_eq!(server.take_calls(), calls);
}

#[test]
fn marks_travel_between_two_libraries() {
    let server = server_with(5);
    let [mut one, mut two] = ["one", "two"].map(|name| library(name, &server));
    one.sync();
    two.sync();
    one.apply(&Change::set_read(&[one.entry(1), one.entry(2)], true));
    two.apply(&Change::set_starred(&[two.entry(3)], true));
    assert_eq!((one.sync().sent_marks, two.sync().sent_marks), (2, 1));
    assert_eq!(server.marks(), (vec![1, 2], vec![3]));
    assert_eq!((one.sync().received_marks, one.marks(3)), (1, (false, true)));
    two.apply(&Change::set_read(&[two.entry(1)], false));
    two.apply(&Change::set_starred(&[two.entry(3)], false));
    two.sync();
    one.sync();
    assert_eq!((one.marks(1), one.marks(3)), ((false, false), (false, false)));
    assert_eq!((one.outbox_len(), two.outbox_len()), (0, 0));
}

#[test]
fn articles_that_were_read_elsewhere_before_they_were_seen_arrive_too() {
    let server = server_with(3);
    let mut library = library("read-elsewhere", &server);
    library.sync();
    server.add_items(4..=6);
    server.state().items.get_mut(&5).unwrap().read = true;
    assert_eq!(library.sync().new_entries, 3);
    assert_eq!((library.marks(5), library.marks(6)), ((true, false), (false, false)));
}

#[test]
fn absence_from_a_list_of_exactly_a_thousand_is_not_read() {
    let server = server_with(1_100);
    let mut library = library("cut", &server);
    library.sync();
    server.state().quirks.max_listed = Some(1_000);
    let summary = library.try_sync();
    assert_eq!(summary.received_marks, 0);
    let problem = "the server's list of unread articles ends after 1000; others are not kept alike";
    assert_eq!(summary.problem.as_deref(), Some(problem));
}

#[test]
fn a_star_that_the_server_has_is_not_sent_again() {
    let server = server_with(2);
    server.state().quirks = FeverQuirks { toggles_saved: true, ..FeverQuirks::default() };
    let mut library = library("toggles", &server);
    library.sync();
    server.state().items.get_mut(&1).unwrap().starred = true;
    library.apply(&Change::set_starred(&[library.entry(1), library.entry(2)], true));
    assert_eq!(library.sync().sent_marks, 1, "the star of the second");
    assert_eq!((server.marks().1, library.outbox_len()), (vec![1, 2], 0));
    library.apply(&Change::set_starred(&[library.entry(1)], false));
    library.library.store.undo().unwrap().unwrap();
    assert_eq!(library.sync().sent_marks, 0);
    assert_eq!(server.marks().1, [1, 2]);
}

#[test]
fn a_server_that_makes_nothing_unread_has_its_way_and_that_is_said_once() {
    let server = server_with(2);
    server.state().quirks.ignores_unread = true;
    let mut library = library("unread", &server);
    library.sync();
    let both = [library.entry(1), library.entry(2)];
    library.apply(&Change::set_read(&both, true));
    library.sync();
    library.apply(&Change::set_read(&both[..1], false));
    let summary = library.try_sync();
    let problem = "the server does not make articles unread again; 1 article is read as before";
    assert_eq!(summary.problem.as_deref(), Some(problem));
    assert_eq!((library.marks(1), library.outbox_len()), ((true, false), 0));
    server.take_calls();
    assert_eq!(library.sync().problem, None);
    assert!(!server.take_calls().iter().any(|call| call.starts_with("mark")), "no loop");
}

#[test]
fn feeds_and_groups_are_never_marked_as_a_whole() {
    let server = server_with(3);
    let mut library = library("seen", &server);
    library.sync();
    server.add_items(4..=6);
    let scope = newsreader::model::ViewScope::All;
    library.library.store.mark_scope_read(&scope, 0, chrono::Utc::now()).unwrap();
    server.take_calls();
    library.sync();
    let marks: Vec<String> =
        server.take_calls().into_iter().filter(|call| call.starts_with("mark")).collect();
    assert_eq!(marks, ["mark item read 1", "mark item read 2", "mark item read 3"]);
    assert_eq!(server.marks().0, [1, 2, 3]);
}

#[test]
fn one_sync_sends_a_thousand_marks_and_the_rest_waits_for_the_next() {
    let server = server_with(1_100);
    let mut library = library("many", &server);
    library.sync();
    let ids: Vec<EntryId> = (1..=1_100).map(EntryId).collect();
    library.apply(&Change::set_read(&ids, true));
    let summary = library.try_sync();
    assert_eq!((summary.sent_marks, summary.waiting_marks), (1_000, 100));
    let problem = "100 marks wait for the next sync, because the server takes them one at a time";
    assert_eq!(summary.problem.as_deref(), Some(problem));
    let summary = library.sync();
    assert_eq!((summary.sent_marks, summary.waiting_marks), (100, 0));
    assert_eq!(server.marks().0.len(), 1_100);
}

#[test]
fn marks_that_are_sent_one_at_a_time_are_counted_meanwhile() {
    let server = server_with(120);
    let mut library = library("progress", &server);
    library.sync();
    library.apply(&Change::set_read(&(1..=120).map(EntryId).collect::<Vec<_>>(), true));
    let (location, sources) = (library.library.location.clone(), library.library.sources.clone());
    let mut counts = Vec::new();
    let mut take = |output| {
        match output {
            RefreshOutput::Write(write) => {
                store_output(&mut library.library.store, &write, chrono::Utc::now()).unwrap();
            }
            RefreshOutput::Progress(RefreshProgress::MarksSent { done, total, .. }) => {
                counts.push((done, total));
            }
            RefreshOutput::Progress(_) => {}
        }
        true
    };
    let (marks, stop) = (WorkMarks::new(&location), Arc::new(AtomicBool::new(false)));
    let summary = refresh_library(&location, &sources, &marks, ALL_ACCOUNTS, &stop, &mut take);
    assert_eq!(counts, [(50, 120), (100, 120)]);
    assert_eq!((summary.syncs[0].sent_marks, summary.syncs[0].waiting_marks), (120, 0));
}

#[test]
fn a_mark_that_is_refused_keeps_no_other_from_being_sent() {
    let server = server_with(3);
    let mut library = library("refused", &server);
    library.sync();
    server.state().quirks.refuses = vec![2];
    let all = [1, 2, 3].map(|number| library.entry(number));
    library.apply(&Change::set_read(&all, true));
    let summary = library.try_sync();
    assert_eq!((summary.sent_marks, summary.waiting_marks), (2, 1));
    assert!(summary.problem.unwrap().contains("could not mark an article (status 500)"));
    assert_eq!((server.marks().0, library.marks(2)), (vec![1, 3], (true, false)));
}

#[test]
fn a_server_that_refuses_the_key_changes_nothing_here() {
    let server = server_with(3);
    let mut library = library("locked-out", &server);
    library.sync();
    server.state().quirks.answers = Some(r#"{"api_version":3,"auth":0}"#);
    let summary = library.try_sync();
    assert!(summary.has_failed && summary.problem.unwrap().contains("does not accept"));
    assert_eq!((library.marks(1), library.feeds().len()), ((false, false), 2));
}
