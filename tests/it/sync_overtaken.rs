//! Undo of acts whose articles and feeds were changed on the server since: what others did stays.

use newsreader::model::{Change, JournalSteps, Subscription};

use crate::{
    support::fake_greader::FakeGreader,
    sync::{SyncLibrary, server_with},
};

fn synced(name: &str, articles: i64) -> (SyncLibrary, FakeGreader) {
    let server = server_with(articles);
    let mut library = SyncLibrary::new(name, &server);
    library.sync();
    (library, server)
}

impl SyncLibrary {
    fn mark_all_read(&mut self, count: i64) {
        let all: Vec<_> = (1..=count).map(|number| self.entry(number)).collect();
        self.apply(&Change::set_read(&all, true));
    }

    fn step_back(&mut self) -> JournalSteps {
        self.library.store.undo_last(1).unwrap()
    }

    fn edit_feed(&mut self, title: &str, edit: impl FnOnce(&mut Subscription)) {
        let feed = self.feed(title);
        let mut after = feed.subscription.clone();
        edit(&mut after);
        self.apply(&Change::set_subscription(feed.id, feed.subscription, after));
    }
}

#[test]
fn undo_of_a_bulk_act_leaves_what_others_had_read_on_the_server() {
    let (mut library, server) = synced("overtaken-known", 5);
    library.mark_all_read(5);
    for number in [2, 4] {
        server.state().items.get_mut(&number).unwrap().read = true;
    }
    library.sync();
    let steps = library.step_back();
    assert_eq!((steps.changes.len(), steps.changed_since), (1, 2));
    library.sync();
    assert_eq!(server.marks().0, [2, 4]);
    let read: Vec<bool> = (1..=5).map(|number| library.marks(number).0).collect();
    assert_eq!(read, [false, true, false, true, false]);
    // Redo does the whole act again.
    library.library.store.redo_next().unwrap();
    library.sync();
    assert_eq!(server.marks().0, [1, 2, 3, 4, 5]);
}

#[test]
fn undo_leaves_what_a_sync_has_marked_since() {
    let (mut library, server) = synced("overtaken-marks", 3);
    library.mark_all_read(3);
    library.sync();
    for is_read in [false, true] {
        server.state().items.get_mut(&1).unwrap().read = is_read;
        library.sync();
    }
    assert_eq!(library.step_back().changed_since, 1);
    library.sync();
    assert_eq!(server.marks().0, [1]);
}

#[test]
fn undo_of_an_act_that_others_did_as_well_is_refused_with_a_reason() {
    let (mut library, server) = synced("overtaken-whole", 2);
    library.apply(&Change::set_starred(&[library.entry(2)], true));
    library.sync();
    library.apply(&Change::set_starred(&[library.entry(1)], true));
    server.state().items.get_mut(&1).unwrap().starred = true;
    library.sync();
    let steps = library.step_back();
    assert_eq!(steps.overtaken, ["the article was marked on the server since"]);
    assert!(steps.changes.is_empty());
    // The next undo goes on with the act before.
    let steps = library.step_back();
    assert_eq!((steps.changes.len(), steps.passed_over), (1, 1));
    library.sync();
    assert_eq!(server.marks().1, [1]);
}

#[test]
fn marks_that_may_have_come_from_here_are_taken_back() {
    let (mut library, server) = synced("overtaken-own", 2);
    library.mark_all_read(2);
    library.library.store.begin_sending(library.account).unwrap();
    server.state().items.get_mut(&1).unwrap().read = true;
    library.sync();
    assert_eq!(library.step_back().changed_since, 0);
    library.sync();
    assert_eq!(server.marks().0, [0_i64; 0]);
}

#[test]
fn undo_of_a_rename_keeps_a_newer_name_of_the_server() {
    let (mut library, server) = synced("overtaken-name", 1);
    library.edit_feed("Evening Post", |feed| feed.name = Some("Post".to_owned()));
    library.sync();
    "Morning Post".clone_into(&mut server.state().feeds[0].title);
    library.sync();
    let steps = library.step_back();
    assert_eq!(steps.overtaken, ["the feed was renamed since, and is called “Morning Post” now"]);
    library.sync();
    assert_eq!(server.state().feeds[0].title, "Morning Post");
    assert_eq!(library.feed("Morning Post").display_name(), "Morning Post");
}

#[test]
fn undo_of_a_move_keeps_a_newer_folder_of_the_server() {
    let (mut library, server) = synced("overtaken-folder", 1);
    library.edit_feed("Evening Post", |feed| feed.folder = Some("News / Local".to_owned()));
    library.sync();
    server.state().feeds[0].folder = Some("City".to_owned());
    library.sync();
    let steps = library.step_back();
    assert_eq!(steps.overtaken, ["“Evening Post” was moved since, and is in “News / City” now"]);
    library.sync();
    assert_eq!(server.state().feeds[0].folder.as_deref(), Some("City"));
}

#[test]
fn undo_of_several_moves_leaves_the_feed_that_was_moved_since() {
    let (mut library, server) = synced("overtaken-folders", 1);
    let moves = library.feeds().into_iter().map(|feed| {
        let folder = Some("News / All".to_owned());
        let after = Subscription { folder, ..feed.subscription.clone() };
        Change::set_subscription(feed.id, feed.subscription, after)
    });
    let moves = Change::Many(moves.collect());
    library.apply(&moves);
    library.sync();
    server.state().feeds[0].folder = Some("City".to_owned());
    library.sync();
    let steps = library.step_back();
    assert_eq!((steps.changes.len(), steps.changed_since), (1, 1));
    library.sync();
    let folders: Vec<_> = server.state().feeds.iter().map(|feed| feed.folder.clone()).collect();
    assert_eq!(folders, [Some("City".to_owned()), None]);
}
