//! Transitions: keys in, state and effects out. No threads, no terminal.

use std::collections::BTreeMap;

use newsreader::{
    app::{
        ChangeAction, Effect, ExitReason, LayoutClass, Message, MouseAction, Pane, RefreshProgress,
        RequestId, SaveStatus, SearchResults, SearchSummary, StoreWrite, TerminalRequest,
    },
    model::{AppliedChange, Change, EntryId, ReadingPosition, SortOrder, ViewScope},
    settings::KeyPreset,
};
use proptest::prelude::*;

use crate::support::{at, entry, failure, settings, stage, staged};

fn read(id: i64, read: bool) -> StoreWrite {
    StoreWrite::ApplyChange(Change::Read { ids: vec![id], read })
}

#[test]
fn typing_filters_and_escape_clears() {
    let stage = stage(&["Rust 2.0", "Bridge reopens", "Trust in rust"]).text("rust");
    assert_eq!((stage.app.filter_bar.text(), stage.app.entry_list.len()), ("rust", 2));
    let stage = stage.keys("esc");
    assert_eq!((stage.app.filter_bar.text(), stage.app.entry_list.len()), ("", 3));
    assert_eq!(stage.app.exit_reason, None, "escape never quits");
}

#[test]
fn what_is_not_understood_leaves_the_list_as_it_is() {
    let stage = stage(&["Rust 2.0", "Bridge reopens", "Trust in rust"]).text("rust");
    let stage = stage.send(Message::Paste(" on:2026-".to_owned()));
    assert_eq!(
        (stage.app.entry_list.len(), stage.app.entry_list.view().filter.as_str()),
        (2, "rust")
    );
    assert!(stage.screen().contains("a date is"), "{}", stage.screen());
}

#[test]
fn tab_completes_names_and_values_and_changes_panes_otherwise() {
    let stage = stage(&["a", "b"]).text("is:un").keys("tab");
    assert_eq!(stage.app.filter_bar.text(), "is:unread");
    assert_eq!(stage.app.entry_list.view().filter, "is:unread");
    let stage = stage.keys("tab");
    assert_eq!((stage.app.filter_bar.text(), stage.app.ui.focus), ("is:unread", Pane::Article));
    let stage = stage.keys("shift-tab ctrl-u").text("be").keys("tab");
    assert_eq!(stage.app.filter_bar.text(), "before:");
    assert_eq!(stage.keys("tab").app.filter_bar.text(), "between:", "again is the next");
}

#[test]
fn nothing_found_offers_what_was_probably_meant() {
    let stage = stage(&["quantum leap", "b"]).text("quantm");
    assert_eq!(stage.app.entry_list.len(), 0);
    assert!(stage.screen().contains("look for “quantum”"), "{}", stage.screen());
    let stage = stage.keys("enter");
    assert_eq!((stage.app.filter_bar.text(), stage.app.entry_list.len()), ("quantum", 1));
}

#[test]
fn the_histogram_narrows_to_the_time_of_the_selected_article_or_of_a_click() {
    let stage = stage(&["rust"; 40]).text("rust");
    let day = stage.entries[0].published.day_in(&stage.now.zone);
    let narrowed = stage.keys("ctrl-x #");
    assert_eq!(narrowed.app.filter_bar.text(), format!("rust on:{day} "));
    let again = narrowed.keys("ctrl-x #");
    assert_eq!(
        again.app.filter_bar.text(),
        format!("rust on:{day} "),
        "in place of what it was before"
    );
    let stage = again.keys("esc").text("rust");
    let (area, _) = stage.app.histogram_area(&stage.app.pane_layout()).unwrap();
    let clicked = stage.click(area.right() - 1, area.y);
    assert_eq!(clicked.app.filter_bar.text(), format!("rust on:{day} "));
}

#[test]
fn the_best_may_come_first() {
    let stage = stage(&["rust a", "rust b"]).text("rust").keys("ctrl-x B");
    assert_eq!(stage.app.entry_list.view().order, SortOrder::Relevance);
    assert!(stage.screen().contains("best first"), "{}", stage.screen());
    assert_eq!(stage.keys("ctrl-x B").app.entry_list.view().order, SortOrder::NewestFirst);
}

#[test]
fn a_headline_is_whole_again_in_a_wider_pane() {
    let title = "A headline of so many words that a pane of few columns has to cut it";
    let stage = stage(&[title]).size(40, 15).keys("right");
    assert!(stage.screen().contains("A headline of so many words"), "{}", stage.screen());
    let stage = stage.size(20, 8).size(100, 20);
    for row in ["│  A headline of so many words that a pane of few columns", "│  has to cut it"]
    {
        assert!(stage.screen().contains(row), "{}", stage.screen());
    }
}

#[test]
fn letters_that_command_in_the_article_filter_in_the_list() {
    let stage = stage(&["a"]).text("q s u");
    assert_eq!(stage.app.filter_bar.text(), "q s u");
}

#[test]
fn opening_marks_read_once() {
    let first = stage(&["a", "b"]).keys("down right");
    assert_eq!(first.app.ui.focus, Pane::Article);
    assert!(first.writes().contains(&&read(2, true)));
    let again = first.keys("left right");
    assert!(!again.writes().contains(&&read(2, true)));
}

#[test]
fn an_article_at_rest_for_two_seconds_is_read_and_passing_over_it_is_not() {
    let passed = stage(&["a", "b", "c"]).keys("down down").wait(1);
    assert_eq!(passed.writes(), Vec::<&StoreWrite>::new());
    let rested = passed.wait(2);
    assert_eq!(rested.writes(), [&read(3, true)]);
    assert_eq!(rested.app.time_until_wake(rested.now.at), None, "nothing is left to wait for");
}

#[test]
fn nothing_is_read_before_the_first_key() {
    let stage = stage(&["a"]);
    assert_eq!(stage.app.time_until_wake(at(0)), None);
    assert_eq!(stage.wait(60).writes(), Vec::<&StoreWrite>::new());
}

#[test]
fn the_selection_stays_on_its_article_when_the_list_changes() {
    let chosen = stage(&["rust one", "bridge", "rust two", "rust three"]).keys("down down");
    assert_eq!(chosen.selected(), "rust two");
    let filtered = chosen.text("rust");
    assert_eq!(filtered.selected(), "rust two");
    let cleared = filtered.keys("esc");
    assert_eq!(cleared.selected(), "rust two");
    let gone = cleared.keys("up").text("rust");
    assert_eq!(gone.selected(), "rust two", "the next one below");
}

#[test]
fn new_articles_move_nothing_on_the_screen() {
    let titles: Vec<String> = (1..=60).map(|n| format!("old {n}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let mut stage = stage(&titles).keys("page-down page-down");
    let (selected, offset) = (
        stage.selected().to_owned(),
        stage.app.entry_list.selected_index() - stage.app.entry_list.top_index(),
    );
    stage.entries.insert(0, entry(99, "news"));
    stage.entries.insert(0, entry(98, "more news"));
    let stage =
        stage.send(Message::RefreshProgressed(newsreader::app::RefreshProgress::ArticlesArrived));
    assert_eq!(stage.selected(), selected);
    assert_eq!(stage.app.entry_list.selected_index() - stage.app.entry_list.top_index(), offset);
    assert_eq!(stage.app.entry_list.new_above(), 2);
    let elsewhere = stage.text("old 4").keys("esc");
    assert_eq!(elsewhere.app.entry_list.new_above(), 0, "another view is no news");
}

#[test]
fn an_answer_to_an_older_question_is_dropped() {
    let stage = stage(&["a", "b"]);
    let late = SearchResults {
        ids: vec![EntryId(1)].into(),
        rows: vec![entry(1, "late")],
        ..SearchResults::default()
    };
    let stage = stage.text("b").send(Message::ResultsLoaded(RequestId(1), Ok(late)));
    assert_eq!(stage.app.entry_list.len(), 1);
    assert_eq!(stage.selected(), "b");
}

#[test]
fn what_the_index_has_yet_to_see_is_said_and_then_asked_for_again() {
    let stage = stage(&["a", "b"]).text("a");
    let Some(Effect::Search(ticket, _)) = stage.effects.first().cloned() else {
        unreachable!("a question")
    };
    let overview = SearchSummary { unindexed_count: 12_000, ..SearchSummary::default() };
    let none = SearchResults {
        stored_count: 20_000,
        summary: overview.clone(),
        ..SearchResults::default()
    };
    let stage = stage.send(Message::ResultsLoaded(ticket, Ok(none)));
    assert!(stage.screen().contains("Nothing matches “a” yet."), "{}", stage.screen());
    assert!(stage.screen().contains("12,000 are not indexed yet."), "{}", stage.screen());
    let part = SearchResults {
        ids: vec![EntryId(1)].into(),
        stored_count: 20_000,
        summary: overview,
        ..SearchResults::default()
    };
    let stage = stage.send(Message::ResultsLoaded(ticket, Ok(part)));
    assert!(stage.screen().contains("1+ of 20,000 · 12,000 not yet indexed"), "{}", stage.screen());
    let stage = stage.send(Message::IndexUpdated);
    assert!(stage.screen().contains("1 of 2 · 3 ms"), "{}", stage.screen());
}

#[test]
fn the_rest_of_an_answer_moves_nothing_though_it_stands_above() {
    let stage = stage(&["a", "b"]).text("a");
    let Some(Effect::Search(ticket, _)) = stage.effects.first().cloned() else {
        unreachable!("a question")
    };
    let listing = |ids: &[i64], more| SearchResults {
        ids: ids.iter().map(|id| EntryId(*id)).collect::<Vec<_>>().into(),
        rows: ids.iter().map(|id| entry(*id, &format!("article {id}"))).collect(),
        is_partial: more,
        ..SearchResults::default()
    };
    let mut ids: Vec<i64> = (1..=60).rev().collect();
    let stage = stage
        .send(Message::ResultsLoaded(ticket, Ok(listing(&ids, true))))
        .keys("page-down page-down");
    let selected = stage.selected().to_owned();
    let offset = stage.app.entry_list.selected_index() - stage.app.entry_list.top_index();
    ids.splice(0..0, [62, 61]);
    let stage = stage.send(Message::ResultsLoaded(ticket, Ok(listing(&ids, false))));
    assert_eq!(stage.selected(), selected);
    assert_eq!(stage.app.entry_list.selected_index() - stage.app.entry_list.top_index(), offset);
}

#[test]
fn space_reads_on_page_by_page_then_to_the_next_unread() {
    let long = (0..80).map(|n| format!("Paragraph {n}.")).collect::<Vec<_>>().join("\n\n");
    let mut stage = stage(&["long", "next"]).body(1, &long).keys("space");
    assert_eq!(stage.app.ui.focus, Pane::Article);
    let mut pages = 0;
    while stage.selected() == "long" {
        stage = stage.keys("space");
        pages += 1;
        assert!(pages < 40, "space never gets to the end");
    }
    assert!(pages > 4, "{pages} pages");
    assert_eq!(stage.selected(), "next");
    assert_eq!(stage.app.ui.focus, Pane::Article);
}

#[test]
fn a_star_is_shown_at_once_and_written() {
    let stage = stage(&["a"]).keys("alt-s");
    assert!(stage.app.entry_list.selected_entry().unwrap().state.starred);
    assert_eq!(
        stage.writes(),
        [&StoreWrite::ApplyChange(Change::Starred { ids: vec![1], starred: true })]
    );
}

#[test]
fn what_was_undone_is_shown_and_said() {
    let done = AppliedChange {
        change: Change::Starred { ids: vec![1], starred: false },
        title: Some("a".to_owned()),
    };
    let stage = stage(&["a"]).keys("alt-s ctrl-_");
    assert_eq!(stage.writes(), [&StoreWrite::Undo]);
    let stage = stage.send(Message::ChangeFinished(ChangeAction::Undone, Ok(Some(done))));
    assert!(!stage.app.entry_list.selected_entry().unwrap().state.starred);
    assert_eq!(stage.app.notices.current().unwrap().text, "Undone; star taken off: a");
}

#[test]
fn marking_the_list_read_asks_nothing_and_says_how_to_undo() {
    let stage = stage(&["a", "b", "c"]).keys("ctrl-x A");
    assert_eq!(
        stage.writes(),
        [&StoreWrite::ApplyChange(Change::Read { ids: vec![1, 2, 3], read: true })]
    );
    let done =
        AppliedChange { change: Change::Read { ids: vec![1, 2, 3], read: true }, title: None };
    let stage = stage.send(Message::ChangeFinished(ChangeAction::Applied, Ok(Some(done))));
    assert_eq!(stage.app.notices.current().unwrap().text, "3 marked read. u or ^_ undoes.");
}

#[test]
fn the_menu_appears_after_a_pause_and_its_letter_runs_at_once() {
    let pressed = stage(&["a"]).keys("ctrl-x");
    assert!(pressed.app.time_until_wake(at(0)).is_some());
    let starred = pressed.keys("s");
    assert!(starred.app.overlay.is_none());
    assert!(starred.app.entry_list.selected_entry().unwrap().state.starred);
    let nonsense = starred.keys("ctrl-x ;");
    assert!(nonsense.app.overlay.is_none());
    assert_eq!(nonsense.app.filter_bar.text(), "", "a letter that means nothing is not typed");
}

#[test]
fn a_paste_is_one_edit_and_cannot_flood_the_bar() {
    let stage = stage(&["a"]).send(Message::Paste("one\ntwo\tthree ".repeat(10_000)));
    assert_eq!(stage.app.filter_bar.text().chars().count(), 256);
    assert!(stage.app.filter_bar.text().starts_with("one two three"));
    assert_eq!(
        stage.effects.iter().filter(|effect| matches!(effect, Effect::Search(..))).count(),
        1
    );
}

#[test]
fn the_filter_of_before_can_be_recalled() {
    let stage =
        stage(&["rust", "bridge"]).text("rust").keys("esc").text("bridge").keys("esc alt-up");
    assert_eq!(stage.app.filter_bar.text(), "bridge");
    let stage = stage.keys("alt-up");
    assert_eq!(stage.app.filter_bar.text(), "rust");
    assert_eq!(stage.keys("alt-down alt-down").app.filter_bar.text(), "");
}

#[test]
fn vim_keys_make_letters_commands() {
    let stage = stage(&["a", "b", "c"]).keys("ctrl-x k");
    assert_eq!(stage.app.ui.key_preset, KeyPreset::Vim);
    assert_eq!(stage.writes(), [&StoreWrite::SetPreference("keys", "vim\ntype".to_owned())]);
    let stage = stage.keys("j j");
    assert_eq!(stage.selected(), "c");
    let stage = stage.keys("g g");
    assert_eq!(stage.selected(), "a");
    let stage = stage.keys("/").text("b");
    assert_eq!((stage.app.filter_bar.text(), stage.app.entry_list.len()), ("b", 1));
    let stage = stage.keys("enter s");
    assert_eq!(stage.app.filter_bar.text(), "b", "enter keeps the filter and gives letters back");
    assert!(stage.app.entry_list.selected_entry().unwrap().state.starred);
    assert_eq!(stage.keys("q").app.exit_reason, Some(ExitReason::Quit));
}

#[test]
fn quitting_keeps_where_one_was() {
    let long = (0..80).map(|n| format!("Paragraph {n}.")).collect::<Vec<_>>().join("\n\n");
    let stage = stage(&["a", "b"]).keys("down").body(2, &long).keys("right space ctrl-q");
    assert_eq!(stage.app.exit_reason, Some(ExitReason::Quit));
    let kept = stage.writes();
    assert!(kept.contains(&&StoreWrite::SetPreference("selected", "2".to_owned())), "{kept:?}");
    assert!(
        kept.iter()
            .any(|write| matches!(write, StoreWrite::SavePosition(EntryId(2), place) if *place > ReadingPosition::default()))
    );
    let kept = BTreeMap::from([
        ("selected".to_owned(), "2".to_owned()),
        ("theme".to_owned(), "ink\nsixteen".to_owned()),
    ]);
    let again = staged(&["a", "b"], settings(), kept);
    assert_eq!((again.selected(), again.app.ui.theme.as_str()), ("b", "ink"));
    let kept = BTreeMap::from([("theme".to_owned(), "ink\npaper".to_owned())]);
    let changed = staged(&["a"], settings(), kept);
    assert_eq!(
        changed.app.ui.theme, "sixteen",
        "the setting was changed since, and is taken at its word"
    );
}

#[test]
fn a_click_selects_a_second_one_opens_and_the_wheel_scrolls_what_is_under_it() {
    let titles: Vec<String> = (1..=60).map(|n| format!("entry {n}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let stage = stage(&titles).mouse(MouseAction::Press, 10, 5);
    assert_eq!(stage.selected(), "entry 4");
    let scrolled = stage.mouse(MouseAction::WheelDown, 10, 5);
    assert_eq!(scrolled.app.entry_list.top_index(), 3);
    let opened = scrolled.mouse(MouseAction::Press, 10, 2);
    assert_eq!(opened.app.ui.focus, Pane::Article);
    let back = opened.mouse(MouseAction::Press, 3, 0);
    assert_eq!(back.app.ui.focus, Pane::List);
}

#[test]
fn a_divider_can_be_dragged_and_stays_where_it_was_put() {
    let stage = stage(&["a"]).size(120, 40).mouse(MouseAction::Press, 46, 10);
    assert_eq!(stage.effects[0], Effect::Terminal(TerminalRequest::TrackMouseDrag));
    let stage = stage.mouse(MouseAction::Drag, 60, 10);
    assert_eq!(stage.app.pane_layout().list.unwrap().width, 60);
    assert_eq!(stage.writes(), [&StoreWrite::SetPreference("width.middle", "500".to_owned())]);
    let stage = stage.mouse(MouseAction::Release, 60, 10).size(80, 24).size(120, 40);
    assert_eq!(stage.app.pane_layout().list.unwrap().width, 60);
}

#[test]
fn failures_are_said_and_listed() {
    let stage = stage(&["a"]).send(Message::OperationFailed(failure("Cannot read x: it is gone")));
    assert_eq!(stage.app.notices.current().unwrap().text, "Cannot read x: it is gone");
    let stage = stage.wait(9);
    assert!(stage.app.notices.current().is_none(), "a notice ends by itself");
    let stage = stage.keys("ctrl-x e");
    assert!(stage.screen().contains("Cannot read x"));
}

#[test]
fn changes_that_cannot_be_saved_are_told_of_until_they_are() {
    let stage = stage(&["a"]).send(Message::SaveStatusChanged(SaveStatus::Waiting(
        "Cannot save: the disk is full".to_owned(),
        2,
    )));
    assert!(stage.screen().contains("the disk is full; 2 changes are kept"));
    let stage = stage.send(Message::SaveStatusChanged(SaveStatus::Restored));
    assert!(!stage.screen().contains("the disk is full"));
}

#[test]
fn a_scope_is_chosen_in_the_sidebar_and_kept() {
    let stage = stage(&["a"]).keys("left down");
    assert_eq!(stage.app.scope(), &ViewScope::Starred);
    let stage = stage.keys("enter ctrl-q");
    assert!(stage.writes().contains(&&StoreWrite::SetPreference("scope", "starred".to_owned())));
}

fn any_key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "up",
        "down",
        "left",
        "right",
        "enter",
        "esc",
        "space",
        "tab",
        "shift-tab",
        "page-down",
        "page-up",
        "home",
        "end",
        "a",
        "s",
        "m",
        "u",
        "n",
        "p",
        "N",
        "A",
        "z",
        "d",
        "t",
        "g",
        "?",
        ":",
        "/",
        "x",
        "l",
        "1",
        "f",
        "0",
        "k",
        "j",
        "ctrl-x",
        "ctrl-w",
        "ctrl-u",
        "backspace",
        "alt-up",
        "alt-down",
        "alt-s",
        "ctrl-_",
        "f1",
        "ctrl-l",
        "v",
        "e",
    ])
}

proptest! {
    #[test]
    fn whatever_is_pressed_at_whatever_size_a_row_stays_selected_and_the_screen_can_be_drawn(
        keys in prop::collection::vec((any_key(), 0u16..200, 0u16..60), 1..40)
    ) {
        let titles: Vec<String> = (1..=40).map(|n| format!("Entry {n} 東京 سلام 👩‍👩‍👧")).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let mut stage = stage(&titles);
        for (index, (key, width, height)) in keys.into_iter().enumerate() {
            stage = stage.keys(key);
            if index % 5 == 4 {
                stage = stage.size(width, height);
            }
            let entries = &stage.app.entry_list;
            prop_assert!(entries.is_empty() || entries.selected_entry().is_some());
            prop_assert!(entries.top_index() <= entries.selected_index());
            let _ = stage.screen();
        }
    }

    #[test]
    fn focus_selection_and_place_survive_any_resize(sizes in prop::collection::vec((1u16..300, 1u16..100), 1..8)) {
        let long = (0..200).map(|n| format!("Paragraph {n} with a few words in it, so that it wraps.")).collect::<Vec<_>>();
        let before = stage(&["a", "b", "c"]).keys("down").body(2, &long.join("\n\n")).size(120, 40).keys("right space space");
        let piece = before.app.article_pane.view().unwrap().position().block;
        let mut after = before;
        for (width, height) in sizes {
            after = after.size(width, height);
        }
        let after = after.size(120, 40);
        prop_assert_eq!(after.app.ui.focus, Pane::Article);
        prop_assert_eq!(after.selected(), "b");
        let now = after.app.article_pane.view().unwrap().position().block;
        prop_assert!(now.abs_diff(piece) <= 100 && LayoutClass::from_size(after.app.ui.size) == LayoutClass::Medium);
    }
}

#[test]
fn a_key_pressed_while_the_first_list_is_renewed_is_not_lost() {
    let arrived = Message::RefreshProgressed(RefreshProgress::ArticlesArrived);
    let stage = stage(&["a", "b", "c"]).slowly(arrived, Message::Key("down".parse().unwrap()));
    assert_eq!(stage.selected(), "b");
}
