//! Transitions: keys in, state and effects out. No threads, no terminal.

use std::collections::BTreeMap;

use newsreader::{
    app::{
        Effect, Ending, LayoutClass, Listing, Message, MouseKind, Overview, Pane, RefreshEvent, Saving, Step,
        StoreWrite, TerminalRequest, Ticket,
    },
    model::{Change, Done, EntryId, Order, Place, Scope},
    settings::Preset,
};
use proptest::prelude::*;

use crate::support::{at, entry, failure, settings, stage, staged};

fn read(id: i64, read: bool) -> StoreWrite {
    StoreWrite::Change(Change::Read { ids: vec![id], read })
}

#[test]
fn typing_filters_and_escape_clears() {
    let stage = stage(&["Rust 2.0", "Bridge reopens", "Trust in rust"]).text("rust");
    assert_eq!((stage.app.filter.text(), stage.app.entries.len()), ("rust", 2));
    let stage = stage.keys("esc");
    assert_eq!((stage.app.filter.text(), stage.app.entries.len()), ("", 3));
    assert_eq!(stage.app.ending, None, "escape never quits");
}

#[test]
fn what_is_not_understood_leaves_the_list_as_it_is() {
    let stage = stage(&["Rust 2.0", "Bridge reopens", "Trust in rust"]).text("rust");
    let stage = stage.send(Message::Paste(" on:2026-".to_owned()));
    assert_eq!((stage.app.entries.len(), stage.app.entries.view().filter.as_str()), (2, "rust"));
    assert!(stage.screen().contains("a date is"), "{}", stage.screen());
}

#[test]
fn tab_completes_names_and_values_and_changes_panes_otherwise() {
    let stage = stage(&["a", "b"]).text("is:un").keys("tab");
    assert_eq!(stage.app.filter.text(), "is:unread");
    assert_eq!(stage.app.entries.view().filter, "is:unread");
    let stage = stage.keys("tab");
    assert_eq!((stage.app.filter.text(), stage.app.look.focus), ("is:unread", Pane::Article));
    let stage = stage.keys("shift-tab ctrl-u").text("be").keys("tab");
    assert_eq!(stage.app.filter.text(), "before:");
    assert_eq!(stage.keys("tab").app.filter.text(), "between:", "again is the next");
}

#[test]
fn nothing_found_offers_what_was_probably_meant() {
    let stage = stage(&["quantum leap", "b"]).text("quantm");
    assert_eq!(stage.app.entries.len(), 0);
    assert!(stage.screen().contains("look for “quantum”"), "{}", stage.screen());
    let stage = stage.keys("enter");
    assert_eq!((stage.app.filter.text(), stage.app.entries.len()), ("quantum", 1));
}

#[test]
fn the_histogram_narrows_to_the_time_of_the_selected_article_or_of_a_click() {
    let stage = stage(&["rust"; 40]).text("rust");
    let day = stage.entries[0].published.day(&stage.now.zone);
    let narrowed = stage.keys("ctrl-x #");
    assert_eq!(narrowed.app.filter.text(), format!("rust on:{day} "));
    let again = narrowed.keys("ctrl-x #");
    assert_eq!(again.app.filter.text(), format!("rust on:{day} "), "in place of what it was before");
    let stage = again.keys("esc").text("rust");
    let (area, _) = stage.app.histogram_place(&stage.app.panes()).unwrap();
    let clicked = stage.click(area.right() - 1, area.y);
    assert_eq!(clicked.app.filter.text(), format!("rust on:{day} "));
}

#[test]
fn the_best_may_come_first() {
    let stage = stage(&["rust a", "rust b"]).text("rust").keys("ctrl-x B");
    assert_eq!(stage.app.entries.view().order, Order::Best);
    assert!(stage.screen().contains("best first"), "{}", stage.screen());
    assert_eq!(stage.keys("ctrl-x B").app.entries.view().order, Order::Newest);
}

#[test]
fn a_headline_is_whole_again_in_a_wider_pane() {
    let title = "A headline of so many words that a pane of few columns has to cut it";
    let stage = stage(&[title]).size(40, 15).keys("right");
    assert!(stage.screen().contains("A headline of so many words"), "{}", stage.screen());
    let stage = stage.size(20, 8).size(100, 20);
    for row in ["│  A headline of so many words that a pane of few columns", "│  has to cut it"] {
        assert!(stage.screen().contains(row), "{}", stage.screen());
    }
}

#[test]
fn letters_that_command_in_the_article_filter_in_the_list() {
    let stage = stage(&["a"]).text("q s u");
    assert_eq!(stage.app.filter.text(), "q s u");
}

#[test]
fn opening_marks_read_once() {
    let first = stage(&["a", "b"]).keys("down right");
    assert_eq!(first.app.look.focus, Pane::Article);
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
    assert_eq!(rested.app.wake_in(rested.now.at), None, "nothing is left to wait for");
}

#[test]
fn nothing_is_read_before_the_first_key() {
    let stage = stage(&["a"]);
    assert_eq!(stage.app.wake_in(at(0)), None);
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
    let (selected, offset) =
        (stage.selected().to_owned(), stage.app.entries.position() - stage.app.entries.top());
    stage.entries.insert(0, entry(99, "news"));
    stage.entries.insert(0, entry(98, "more news"));
    let stage = stage.send(Message::Refresh(newsreader::app::RefreshEvent::Arrived));
    assert_eq!(stage.selected(), selected);
    assert_eq!(stage.app.entries.position() - stage.app.entries.top(), offset);
    assert_eq!(stage.app.entries.new_above(), 2);
    let elsewhere = stage.text("old 4").keys("esc");
    assert_eq!(elsewhere.app.entries.new_above(), 0, "another view is no news");
}

#[test]
fn an_answer_to_an_older_question_is_dropped() {
    let stage = stage(&["a", "b"]);
    let late = Listing { ids: vec![EntryId(1)].into(), rows: vec![entry(1, "late")], ..Listing::default() };
    let stage = stage.text("b").send(Message::Listed(Ticket(1), Ok(late)));
    assert_eq!(stage.app.entries.len(), 1);
    assert_eq!(stage.selected(), "b");
}

#[test]
fn what_the_index_has_yet_to_see_is_said_and_then_asked_for_again() {
    let stage = stage(&["a", "b"]).text("a");
    let Some(Effect::List(ticket, _)) = stage.effects.first().cloned() else { unreachable!("a question") };
    let overview = Overview { unindexed: 12_000, ..Overview::default() };
    let none = Listing { stored: 20_000, overview: overview.clone(), ..Listing::default() };
    let stage = stage.send(Message::Listed(ticket, Ok(none)));
    assert!(stage.screen().contains("Nothing matches “a” yet."), "{}", stage.screen());
    assert!(stage.screen().contains("12,000 are not indexed yet."), "{}", stage.screen());
    let part = Listing { ids: vec![EntryId(1)].into(), stored: 20_000, overview, ..Listing::default() };
    let stage = stage.send(Message::Listed(ticket, Ok(part)));
    assert!(stage.screen().contains("1+ of 20,000 · 12,000 not yet indexed"), "{}", stage.screen());
    let stage = stage.send(Message::Indexed);
    assert!(stage.screen().contains("1 of 2 · 3 ms"), "{}", stage.screen());
}

#[test]
fn the_rest_of_an_answer_moves_nothing_though_it_stands_above() {
    let stage = stage(&["a", "b"]).text("a");
    let Some(Effect::List(ticket, _)) = stage.effects.first().cloned() else { unreachable!("a question") };
    let listing = |ids: &[i64], more| Listing {
        ids: ids.iter().map(|id| EntryId(*id)).collect::<Vec<_>>().into(),
        rows: ids.iter().map(|id| entry(*id, &format!("article {id}"))).collect(),
        more,
        ..Listing::default()
    };
    let mut ids: Vec<i64> = (1..=60).rev().collect();
    let stage = stage.send(Message::Listed(ticket, Ok(listing(&ids, true)))).keys("page-down page-down");
    let selected = stage.selected().to_owned();
    let offset = stage.app.entries.position() - stage.app.entries.top();
    ids.splice(0..0, [62, 61]);
    let stage = stage.send(Message::Listed(ticket, Ok(listing(&ids, false))));
    assert_eq!(stage.selected(), selected);
    assert_eq!(stage.app.entries.position() - stage.app.entries.top(), offset);
}

#[test]
fn space_reads_on_page_by_page_then_to_the_next_unread() {
    let long = (0..80).map(|n| format!("Paragraph {n}.")).collect::<Vec<_>>().join("\n\n");
    let mut stage = stage(&["long", "next"]).body(1, &long).keys("space");
    assert_eq!(stage.app.look.focus, Pane::Article);
    let mut pages = 0;
    while stage.selected() == "long" {
        stage = stage.keys("space");
        pages += 1;
        assert!(pages < 40, "space never gets to the end");
    }
    assert!(pages > 4, "{pages} pages");
    assert_eq!(stage.selected(), "next");
    assert_eq!(stage.app.look.focus, Pane::Article);
}

#[test]
fn a_star_is_shown_at_once_and_written() {
    let stage = stage(&["a"]).keys("alt-s");
    assert!(stage.app.entries.selected().unwrap().state.starred);
    assert_eq!(stage.writes(), [&StoreWrite::Change(Change::Starred { ids: vec![1], starred: true })]);
}

#[test]
fn what_was_undone_is_shown_and_said() {
    let done = Done { change: Change::Starred { ids: vec![1], starred: false }, title: Some("a".to_owned()) };
    let stage = stage(&["a"]).keys("alt-s ctrl-_");
    assert_eq!(stage.writes(), [&StoreWrite::Undo]);
    let stage = stage.send(Message::Changed(Step::Undone, Ok(Some(done))));
    assert!(!stage.app.entries.selected().unwrap().state.starred);
    assert_eq!(stage.app.notices.notice().unwrap().text, "Undone; star taken off: a");
}

#[test]
fn marking_the_list_read_asks_nothing_and_says_how_to_undo() {
    let stage = stage(&["a", "b", "c"]).keys("ctrl-x A");
    assert_eq!(stage.writes(), [&StoreWrite::Change(Change::Read { ids: vec![1, 2, 3], read: true })]);
    let done = Done { change: Change::Read { ids: vec![1, 2, 3], read: true }, title: None };
    let stage = stage.send(Message::Changed(Step::Made, Ok(Some(done))));
    assert_eq!(stage.app.notices.notice().unwrap().text, "3 marked read. u or ^_ undoes.");
}

#[test]
fn the_menu_appears_after_a_pause_and_its_letter_runs_at_once() {
    let pressed = stage(&["a"]).keys("ctrl-x");
    assert!(pressed.app.wake_in(at(0)).is_some());
    let starred = pressed.keys("s");
    assert!(starred.app.overlay.is_none());
    assert!(starred.app.entries.selected().unwrap().state.starred);
    let nonsense = starred.keys("ctrl-x ;");
    assert!(nonsense.app.overlay.is_none());
    assert_eq!(nonsense.app.filter.text(), "", "a letter that means nothing is not typed");
}

#[test]
fn a_paste_is_one_edit_and_cannot_flood_the_bar() {
    let stage = stage(&["a"]).send(Message::Paste("one\ntwo\tthree ".repeat(10_000)));
    assert_eq!(stage.app.filter.text().chars().count(), 256);
    assert!(stage.app.filter.text().starts_with("one two three"));
    assert_eq!(stage.effects.iter().filter(|effect| matches!(effect, Effect::List(..))).count(), 1);
}

#[test]
fn the_filter_of_before_can_be_recalled() {
    let stage = stage(&["rust", "bridge"]).text("rust").keys("esc").text("bridge").keys("esc alt-up");
    assert_eq!(stage.app.filter.text(), "bridge");
    let stage = stage.keys("alt-up");
    assert_eq!(stage.app.filter.text(), "rust");
    assert_eq!(stage.keys("alt-down alt-down").app.filter.text(), "");
}

#[test]
fn vim_keys_make_letters_commands() {
    let stage = stage(&["a", "b", "c"]).keys("ctrl-x k");
    assert_eq!(stage.app.look.preset, Preset::Vim);
    assert_eq!(stage.writes(), [&StoreWrite::Keep("keys", "vim\ntype".to_owned())]);
    let stage = stage.keys("j j");
    assert_eq!(stage.selected(), "c");
    let stage = stage.keys("g g");
    assert_eq!(stage.selected(), "a");
    let stage = stage.keys("/").text("b");
    assert_eq!((stage.app.filter.text(), stage.app.entries.len()), ("b", 1));
    let stage = stage.keys("enter s");
    assert_eq!(stage.app.filter.text(), "b", "enter keeps the filter and gives letters back");
    assert!(stage.app.entries.selected().unwrap().state.starred);
    assert_eq!(stage.keys("q").app.ending, Some(Ending::Asked));
}

#[test]
fn quitting_keeps_where_one_was() {
    let long = (0..80).map(|n| format!("Paragraph {n}.")).collect::<Vec<_>>().join("\n\n");
    let stage = stage(&["a", "b"]).keys("down").body(2, &long).keys("right space ctrl-q");
    assert_eq!(stage.app.ending, Some(Ending::Asked));
    let kept = stage.writes();
    assert!(kept.contains(&&StoreWrite::Keep("selected", "2".to_owned())), "{kept:?}");
    assert!(
        kept.iter()
            .any(|write| matches!(write, StoreWrite::Place(EntryId(2), place) if *place > Place::default()))
    );
    let kept = BTreeMap::from([
        ("selected".to_owned(), "2".to_owned()),
        ("theme".to_owned(), "ink\nsixteen".to_owned()),
    ]);
    let again = staged(&["a", "b"], settings(), kept);
    assert_eq!((again.selected(), again.app.look.theme.as_str()), ("b", "ink"));
    let kept = BTreeMap::from([("theme".to_owned(), "ink\npaper".to_owned())]);
    let changed = staged(&["a"], settings(), kept);
    assert_eq!(changed.app.look.theme, "sixteen", "the setting was changed since, and is taken at its word");
}

#[test]
fn a_click_selects_a_second_one_opens_and_the_wheel_scrolls_what_is_under_it() {
    let titles: Vec<String> = (1..=60).map(|n| format!("entry {n}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let stage = stage(&titles).mouse(MouseKind::Press, 10, 5);
    assert_eq!(stage.selected(), "entry 4");
    let scrolled = stage.mouse(MouseKind::WheelDown, 10, 5);
    assert_eq!(scrolled.app.entries.top(), 3);
    let opened = scrolled.mouse(MouseKind::Press, 10, 2);
    assert_eq!(opened.app.look.focus, Pane::Article);
    let back = opened.mouse(MouseKind::Press, 3, 0);
    assert_eq!(back.app.look.focus, Pane::List);
}

#[test]
fn a_divider_can_be_dragged_and_stays_where_it_was_put() {
    let stage = stage(&["a"]).size(120, 40).mouse(MouseKind::Press, 46, 10);
    assert_eq!(stage.effects[0], Effect::Terminal(TerminalRequest::TrackDrag));
    let stage = stage.mouse(MouseKind::Drag, 60, 10);
    assert_eq!(stage.app.panes().list.unwrap().width, 60);
    assert_eq!(stage.writes(), [&StoreWrite::Keep("width.middle", "500".to_owned())]);
    let stage = stage.mouse(MouseKind::Release, 60, 10).size(80, 24).size(120, 40);
    assert_eq!(stage.app.panes().list.unwrap().width, 60);
}

#[test]
fn failures_are_said_and_listed() {
    let stage = stage(&["a"]).send(Message::Failed(failure("Cannot read x: it is gone")));
    assert_eq!(stage.app.notices.notice().unwrap().text, "Cannot read x: it is gone");
    let stage = stage.wait(9);
    assert!(stage.app.notices.notice().is_none(), "a notice ends by itself");
    let stage = stage.keys("ctrl-x e");
    assert!(stage.screen().contains("Cannot read x"));
}

#[test]
fn changes_that_cannot_be_saved_are_told_of_until_they_are() {
    let stage =
        stage(&["a"]).send(Message::Saving(Saving::Waits("Cannot save: the disk is full".to_owned(), 2)));
    assert!(stage.screen().contains("the disk is full; 2 changes are kept"));
    let stage = stage.send(Message::Saving(Saving::Works));
    assert!(!stage.screen().contains("the disk is full"));
}

#[test]
fn a_scope_is_chosen_in_the_sidebar_and_kept() {
    let stage = stage(&["a"]).keys("left down");
    assert_eq!(stage.app.scope(), &Scope::Starred);
    let stage = stage.keys("enter ctrl-q");
    assert!(stage.writes().contains(&&StoreWrite::Keep("scope", "starred".to_owned())));
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
            let entries = &stage.app.entries;
            prop_assert!(entries.is_empty() || entries.selected().is_some());
            prop_assert!(entries.top() <= entries.position());
            let _ = stage.screen();
        }
    }

    #[test]
    fn focus_selection_and_place_survive_any_resize(sizes in prop::collection::vec((1u16..300, 1u16..100), 1..8)) {
        let long = (0..200).map(|n| format!("Paragraph {n} with a few words in it, so that it wraps.")).collect::<Vec<_>>();
        let before = stage(&["a", "b", "c"]).keys("down").body(2, &long.join("\n\n")).size(120, 40).keys("right space space");
        let piece = before.app.reader.shown().unwrap().place().piece;
        let mut after = before;
        for (width, height) in sizes {
            after = after.size(width, height);
        }
        let after = after.size(120, 40);
        prop_assert_eq!(after.app.look.focus, Pane::Article);
        prop_assert_eq!(after.selected(), "b");
        let now = after.app.reader.shown().unwrap().place().piece;
        prop_assert!(now.abs_diff(piece) <= 100 && LayoutClass::of(after.app.look.size) == LayoutClass::Middle);
    }
}

#[test]
fn a_key_pressed_while_the_first_list_is_renewed_is_not_lost() {
    let arrived = Message::Refresh(RefreshEvent::Arrived);
    let stage = stage(&["a", "b", "c"]).slowly(arrived, Message::Key("down".parse().unwrap()));
    assert_eq!(stage.selected(), "b");
}
