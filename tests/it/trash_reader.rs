//! The trash in the reader: keys, rows and notices.

use newsreader::{
    app::{ChangeAction, Effect, Message, StoreWrite},
    model::{AppliedChange, Change, EntryId, FeedId, JournalSteps, TRASH_DAYS, ViewScope},
};

use crate::support::{now, stage};

fn remove(id: i64) -> Change {
    Change::remove_entries(&[EntryId(id)], now().at)
}

#[test]
fn removed_row_stays_under_the_hand_and_says_when_it_is_dropped() {
    let removed = || stage(&["The bridge", "The harbour"]).keys("ctrl-x delete");
    let stage = removed();
    assert_eq!(stage.effects, [Effect::Write(StoreWrite::ApplyChange(remove(1)))]);
    let row = stage.app.entry_list.selected_entry().unwrap();
    assert!(row.state.removed && row.dropped_at == Some(now().at + chrono::TimeDelta::days(30)));
    assert_eq!(TRASH_DAYS, 30);
    assert!(stage.screen().contains("dropped 23 Dec"), "{}", stage.screen());
    let applied =
        AppliedChange { change: remove(1), title: Some("The bridge".to_owned()), copies: 0 };
    let stage = stage.send(Message::ChangeFinished(ChangeAction::Applied, Some(applied)));
    let screen = stage.screen();
    assert!(screen.contains("Moved “The bridge” to the trash"), "{screen}");
    assert!(screen.contains("undo"), "{screen}");
    assert_eq!(stage.app.entry_list.len(), 2);

    let stage = removed().keys("ctrl-x delete");
    assert!(stage.screen().contains("This article is in the trash already"));
    let stage = stage.keys("ctrl-x insert");
    let restored = Change::restore_entries(&[EntryId(1)]);
    assert_eq!(stage.effects, [Effect::Write(StoreWrite::ApplyChange(restored))]);
    assert_eq!(stage.app.entry_list.selected_entry().unwrap().dropped_at, None);
    let stage = stage.keys("ctrl-x insert");
    assert!(stage.screen().contains("This article is not in the trash"));
}

#[test]
fn undo_of_a_lost_change_says_that_it_is_refused_and_how_to_go_on() {
    let lost = JournalSteps { lost: 1, ..JournalSteps::default() };
    let shown = |action| {
        let stage = stage(&["The bridge"]).size(80, 24);
        stage.send(Message::ChangesStepped(action, lost.clone())).screen()
    };
    let undone = shown(ChangeAction::Undone);
    assert!(undone.contains("Not undone: what was dropped from the trash stays gone"), "{undone}");
    assert!(undone.contains("goes on"), "{undone}");
    let redone = shown(ChangeAction::Redone);
    assert!(redone.contains("Not redone: what was dropped from the trash stays gone"), "{redone}");
}

#[test]
fn delete_removes_the_article_that_is_read() {
    let stage = stage(&["The bridge", "The harbour"]).keys("enter delete");
    assert!(stage.effects.contains(&Effect::Write(StoreWrite::ApplyChange(remove(1)))));
}

#[test]
fn trash_is_a_list_of_all_feeds() {
    let stage = stage(&["The bridge", "The harbour"]).keys("ctrl-x b");
    let definition = stage.app.entry_list.definition();
    assert_eq!((&definition.scope, &*definition.filter), (&ViewScope::All, "is:removed"));
    // The two articles that the library states are not in the trash.
    assert!(!stage.screen().contains(" of 2"), "{}", stage.screen());
}

#[test]
fn clearing_the_filter_of_the_trash_goes_back_to_where_one_came_from() {
    let stage =
        stage(&["The bridge", "The harbour"]).keys("ctrl-x g").text("evening").keys("enter");
    let stage = stage.text("har").keys("ctrl-x b");
    assert_eq!(stage.app.entry_list.definition().filter, "is:removed");
    let back = stage.keys("ctrl-x b esc");
    let definition = back.app.entry_list.definition();
    assert_eq!((&definition.scope, &*definition.filter), (&ViewScope::Feed(FeedId(1)), "har"));
    assert_eq!((back.selected(), back.app.filter_bar.text()), ("The harbour", "har"));
    let cleared = back.keys("esc");
    assert_eq!(cleared.app.entry_list.definition().filter, "", "the trash is not shown");
    let typed = cleared.keys("ctrl-x b backspace").keys("esc");
    assert_eq!(*typed.app.scope(), ViewScope::All, "another filter was typed since");
}
