//! Folders: renaming them and unsubscribing from their feeds, in the reader, on the command line and on the
//! servers of accounts.

use newsreader::{
    app::{ChangeAction, Message, Overlay, StoreWrite},
    model::{Change, Feed, FeedId, Subscription, ViewScope, rename_folder, unsubscribe_from},
};

use crate::{
    feed_management::sidebar_data,
    support::{
        Stage,
        fake_greader::{FakeGreader, Quirks},
        program::{run_with, stderr, stdout},
        stage,
    },
    sync::{SyncLibrary, server_with},
    sync_cli::{home_with_account, run},
};

/// Three feeds in a folder, one in a folder within, and two others.
fn feeds() -> Vec<Feed> {
    let mut feeds = sidebar_data().feeds;
    let folders = ["World", "World", "World", "World / Asia", "Worldly", "Tech"];
    for (feed, folder) in feeds.iter_mut().zip(folders) {
        feed.subscription.folder = Some(folder.to_owned());
    }
    feeds
}

/// The sidebar with a row selected.
fn sidebar_at(row: &str) -> Stage {
    let stage = stage(&["a"]).with_feeds(|known| *known = feeds()).keys("left home");
    let mut stage = stage;
    for _ in 0..30 {
        let is_selected = stage.app.sidebar.selected_row().is_some_and(
            |found| matches!(found, newsreader::app::SidebarRow::Folder(name, ..) if name == row),
        );
        if is_selected {
            return stage;
        }
        stage = stage.keys("down");
    }
    panic!("there is no row {row}: {}", stage.screen());
}

fn moves(from_to: &[(i64, &str, &str)]) -> Change {
    let change = |(id, from, to): &(i64, &str, &str)| {
        let feed = feeds().into_iter().find(|feed| feed.id == FeedId(*id)).unwrap();
        assert_eq!(feed.folder(), Some(*from));
        let folder = Some((*to).to_owned());
        let after = Subscription { folder, ..feed.subscription.clone() };
        Change::set_subscription(feed.id, feed.subscription, after)
    };
    Change::Many(from_to.iter().map(change).collect())
}

#[test]
fn a_folder_is_renamed_in_a_form_with_the_folders_within() {
    let form = sidebar_at("World").keys("e");
    assert!(matches!(form.app.overlay, Some(Overlay::FolderForm(_))));
    insta::assert_snapshot!("folder_form_80x24", form.size(80, 24).screen());
    let renamed = sidebar_at("World").keys("e ctrl-u").text("Planet").keys("enter");
    let expected = moves(&[
        (1, "World", "Planet"),
        (2, "World", "Planet"),
        (3, "World", "Planet"),
        (4, "World / Asia", "Planet / Asia"),
    ]);
    assert_eq!(renamed.writes(), [&StoreWrite::ApplyChange(expected)]);
    assert!(renamed.app.overlay.is_none());
}

#[test]
fn the_list_of_a_folder_follows_its_name() {
    let world = sidebar_at("World").keys("enter");
    let finish = |stage: Stage, action, change| {
        let done = newsreader::model::AppliedChange { change, title: None, copies: 0 };
        stage.send(Message::ChangeFinished(action, Some(done)))
    };
    let scope = |stage: &Stage| stage.app.entry_list.definition().scope.clone();
    assert_eq!(scope(&world), ViewScope::Folder("World".to_owned()));
    let all = moves(&[
        (1, "World", "Planet"),
        (2, "World", "Planet"),
        (3, "World", "Planet"),
        (4, "World / Asia", "Planet / Asia"),
    ]);
    let renamed = finish(world, ChangeAction::Applied, all.clone());
    assert_eq!(scope(&renamed), ViewScope::Folder("Planet".to_owned()));
    let undone = finish(renamed, ChangeAction::Undone, all.inverse());
    assert_eq!(scope(&undone), ViewScope::Folder("World".to_owned()));
    let some = moves(&[(1, "World", "Planet"), (2, "World", "Planet")]);
    let undone = undone.with_feeds(|known| *known = feeds());
    let left = finish(undone, ChangeAction::Applied, some);
    assert_eq!(scope(&left), ViewScope::Folder("World".to_owned()), "two feeds are still there");
}

#[test]
fn names_that_no_folder_can_have_are_refused_in_the_form() {
    for (name, mistake) in
        [("", "A folder has a name"), ("World / Inner", "“World” cannot be within itself")]
    {
        let stage = sidebar_at("World").keys("e ctrl-u").text(name).keys("enter");
        assert!(stage.writes().is_empty());
        assert!(stage.screen().contains(mistake), "{}", stage.screen());
    }
    let unchanged = sidebar_at("World").keys("e enter");
    assert!(unchanged.writes().is_empty() && unchanged.app.overlay.is_none());
}

#[test]
fn unsubscribing_from_a_folder_asks_with_the_count() {
    let asked = sidebar_at("World").keys("x");
    let question = "Unsubscribe from 4 feeds in “World”? Articles stay 30 days";
    assert!(asked.screen().contains(question), "{}", asked.screen());
    assert!(asked.keys("esc").writes().is_empty());
    let all = feeds();
    let inside: Vec<&Feed> = all.iter().take(4).collect();
    let done = sidebar_at("World").keys("x enter");
    assert_eq!(done.writes(), [&StoreWrite::ApplyChange(unsubscribe_from(&inside))]);
}

#[test]
fn the_notice_of_a_renamed_folder_names_both() {
    let change = moves(&[(1, "World", "Planet"), (2, "World", "Planet")]);
    let done = newsreader::model::AppliedChange { change, title: None, copies: 0 };
    let message = Message::ChangeFinished(ChangeAction::Applied, Some(done));
    let screen = stage(&["a"]).send(message).screen();
    assert!(screen.contains("Moved 2 feeds from World to Planet"), "{screen}");
}

fn synced(name: &str) -> (SyncLibrary, FakeGreader) {
    let server = server_with(1);
    server.state().feeds[1].folder = Some("World".to_owned());
    let mut library = SyncLibrary::new(name, &server);
    library.sync();
    (library, server)
}

fn folders_on(server: &FakeGreader) -> Vec<Option<String>> {
    server.state().feeds.iter().map(|feed| feed.folder.clone()).collect()
}

#[test]
fn a_folder_of_an_account_is_renamed_there_and_undo_takes_it_back() {
    let (mut library, server) = synced("folders-rename");
    library.apply(&rename_folder(&library.feeds(), "News / World", "News / Planet").unwrap());
    server.state().calls.clear();
    library.sync();
    assert_eq!(folders_on(&server), [Some("Planet".to_owned()), Some("Planet".to_owned())]);
    assert!(server.state().calls.contains(&"rename-tag".to_owned()));
    library.library.store.undo().unwrap().unwrap();
    library.sync();
    assert_eq!(folders_on(&server), [Some("World".to_owned()), Some("World".to_owned())]);
}

#[test]
fn unsubscribing_from_a_folder_of_an_account_is_one_step_of_undo() {
    let (mut library, server) = synced("folders-leave");
    let feeds = library.feeds();
    library.apply(&unsubscribe_from(&feeds.iter().collect::<Vec<_>>()));
    library.sync();
    assert!(folders_on(&server).is_empty() && library.feeds().is_empty());
    library.library.store.undo().unwrap().unwrap();
    library.sync();
    assert_eq!((server.state().feeds.len(), library.feeds().len()), (2, 2));
}

#[test]
fn a_server_that_keeps_every_feed_in_a_folder_is_named() {
    let (mut library, server) = synced("folders-none");
    server.state().quirks = Quirks { default_folder: Some("All"), ..Quirks::default() };
    let feed = library.feed("Evening Post");
    let after = Subscription { folder: None, ..feed.subscription.clone() };
    library.apply(&Change::set_subscription(feed.id, feed.subscription, after));
    let problem = library.try_sync().problem.unwrap();
    let sentence = "the server has a folder for every feed: “Evening Post” is in “";
    assert!(problem.starts_with(sentence), "{problem}");
    assert_eq!(library.try_sync().problem, None, "it is said once");
}

#[test]
fn folders_are_renamed_and_left_on_the_command_line() {
    let (home, server) = home_with_account();
    let home = home.path();
    let rename = |folder: &str, name: &str| run(home, &["feed", "rename-folder", folder, name]);
    let (status, _, told) = rename("News / World", "News / Planet");
    assert_eq!(status, Some(0), "{told}");
    let sentence =
        "Moved 1 feed from News / World to News / Planet (the server of News is told at the next";
    assert!(told.starts_with(sentence), "{told}");
    assert_eq!(run(home, &["sync"]).0, Some(0));
    assert_eq!(folders_on(&server)[0].as_deref(), Some("Planet"));
    let (status, _, told) = rename("News / World", "Other");
    let unknown = "no folder is called “News / World”; `newsreader feed list` shows the folders";
    assert_eq!((status, told.contains(unknown)), (Some(2), true), "{told}");
    let leave = |folder: &str| run_with(home, &["feed", "remove", "--folder", folder], &[]);
    assert_eq!(leave("Nowhere").status.code(), Some(2));
    let left = leave("News");
    assert!(stderr(&left).starts_with("Unsubscribed from 2 feeds in News"), "{}", stderr(&left));
    assert!(stdout(&run_with(home, &["undo"], &[])).contains("Undone: unsubscribed from 2 feeds"));
}
