//! Transitions while changes wait to be saved, and at the end of the program.

use newsreader::{
    app::{ChangeAction, Effect, ExitReason, Message, SaveStatus, StoreWrite},
    model::{AppliedChange, Change, EntryId, FeedId},
};

use crate::support::{Stage, failure, stage};

#[test]
fn quitting_waits_for_writes_until_second_quit() {
    let quitting = || stage(&["a"]).keys("ctrl-q");
    assert_eq!(quitting().app.exit_reason, None);
    let saved = quitting().send(Message::WritesFinished);
    assert_eq!(saved.app.exit_reason, Some(ExitReason::Quit));
    let reason = "Cannot save: another program is using the library".to_owned();
    let status = SaveStatus::Waiting { reason, count: 1 };
    let waiting = quitting().size(60, 20).send(Message::SaveStatusChanged(status));
    let screen = waiting.screen();
    assert!(screen.contains("Quits once 1 change is saved"), "{screen}");
    assert!(screen.contains("^Q to quit at once"), "{screen}");
    assert_eq!(waiting.app.exit_reason, None);
    let ended = waiting.keys("ctrl-q");
    assert_eq!(ended.app.exit_reason, Some(ExitReason::Quit));
    assert_eq!(ended.effects, [Effect::AbandonWrites]);
}

/// Returns the number of unread articles that the sidebar shows.
fn unread_count(stage: &Stage) -> u64 {
    stage.app.sidebar.unread_count()
}

fn mark_saved(id: i64) -> Message {
    let change = Change::set_read(&[EntryId(id)], true);
    Message::ChangeFinished(
        ChangeAction::Applied,
        Some(AppliedChange { change, title: None, copies: 0 }),
    )
}

#[test]
fn undo_updates_row_and_shows_notice() {
    let starred = |starred| {
        let change = Change::set_starred(&[EntryId(1)], starred);
        Some(AppliedChange { change, title: Some("a".to_owned()), copies: 0 })
    };
    let undoing = stage(&["a"]).keys("alt-s ctrl-_");
    assert_eq!(undoing.writes(), [&StoreWrite::Undo]);
    let undone = undoing
        .send(Message::ChangeFinished(ChangeAction::Applied, starred(true)))
        .send(Message::ChangeFinished(ChangeAction::Undone, starred(false)));
    assert!(!undone.app.entry_list.selected_entry().unwrap().state.starred);
    assert_eq!(undone.app.notices.current().unwrap().text, "Undone: starred “a”");
}

#[test]
fn counts_show_marks_that_wait_to_be_saved() {
    let listed = stage(&["a", "b", "c"]);
    assert_eq!(unread_count(&listed), 3);
    let marked = listed.keys("alt-m");
    assert_eq!(unread_count(&marked), 2);
    // The library still states three.
    let stated = Message::SidebarLoaded(Ok(stage(&["a", "b", "c"]).app.sidebar.data().clone()));
    let reloaded = marked.send(stated.clone());
    assert_eq!(unread_count(&reloaded), 2);
    // Once the mark is saved, the counts are those of the library.
    assert_eq!(unread_count(&reloaded.send(mark_saved(1)).send(stated)), 3);
}

#[test]
fn marks_that_wait_to_be_saved_stay_over_older_rows_and_changes() {
    let is_starred = |stage: &Stage| stage.app.entry_list.selected_entry().unwrap().state.starred;
    let star = || Message::Key("alt-s".parse().unwrap());
    let older_rows = stage(&["a", "b"]).send_delayed(Message::IndexUpdated, star());
    assert!(is_starred(&older_rows), "the rows were requested before the star");
    let twice = stage(&["a", "b"]).keys("alt-s alt-s");
    let change = Change::set_starred(&[EntryId(1)], true);
    let applied = AppliedChange { change, title: None, copies: 0 };
    let saved = twice.send(Message::ChangeFinished(ChangeAction::Applied, Some(applied)));
    assert!(!is_starred(&saved), "only the first of two changes is saved");
}

#[test]
fn counts_of_a_failed_change_are_loaded_again() {
    let marked = stage(&["a", "b", "c"]).keys("alt-m");
    let write = StoreWrite::ApplyChange(Change::set_read(&[EntryId(1)], true));
    let failed = marked.send(Message::ChangeFailed(write, failure("no")));
    assert!(failed.effects.contains(&Effect::LoadSidebar), "{:?}", failed.effects);
    assert_eq!(unread_count(&failed), 3);
}

#[test]
fn answers_to_other_writes_leave_marks_that_wait() {
    let stated = || Message::SidebarLoaded(Ok(stage(&["a", "b", "c"]).app.sidebar.data().clone()));
    let scope = stage(&["a", "b", "c"]).size(120, 40).keys("ctrl-x f A");
    assert!(matches!(scope.writes()[..], [StoreWrite::MarkScopeRead { .. }]));
    let marked = scope.keys("right alt-m");
    // The library has marked no article of the scope, and then read the sidebar.
    let none = AppliedChange { change: Change::set_read(&[], true), title: None, copies: 0 };
    let answered = marked.send(Message::ChangeFinished(ChangeAction::Applied, Some(none)));
    assert_eq!(unread_count(&answered.send(stated())), 2, "the mark waits still");
    let unsubscribe = StoreWrite::ApplyChange(Change::set_unsubscribed(FeedId(1), true));
    let failed = stage(&["a", "b", "c"])
        .keys("alt-m")
        .send(Message::ChangeFailed(unsubscribe, failure("no")))
        .send(stated());
    assert_eq!(unread_count(&failed), 2, "another change failed");
}
