//! The app's update function: keys in, state and effects out, without threads or a terminal.

use newsreader::{
    app::{
        ChangeAction, Effect, LayoutClass, Message, MouseAction, Pane, RequestId, SaveStatus,
        StoreWrite, TerminalRequest,
    },
    command::Command,
    model::{
        AppliedChange, Change, EntryId, FeedId, ListWidthClass, OverriddenSetting, ReadingPosition,
        RefreshProgress, SearchResults, SearchSummary, SessionState, SessionUpdate, SortOrder,
        ViewScope,
    },
    settings::KeyPreset,
};
use proptest::prelude::*;

use crate::support::{at, entry, failure, partial_results, settings, stage, stage_with};

fn save(update: SessionUpdate) -> StoreWrite {
    StoreWrite::SaveSession(update)
}

fn opened(id: i64) -> StoreWrite {
    StoreWrite::MarkOpened(EntryId(id))
}

#[test]
fn typing_filters_and_escape_clears_filter() {
    let stage = stage(&["Rust 2.0", "Bridge reopens", "Trust in rust"]).text("rust");
    assert_eq!((stage.app.filter_bar.text(), stage.app.entry_list.len()), ("rust", 2));
    let stage = stage.keys("esc");
    assert_eq!((stage.app.filter_bar.text(), stage.app.entry_list.len()), ("", 3));
    assert_eq!(stage.app.exit_reason, None, "escape never quits");
}

#[test]
fn invalid_term_is_searched_without_it_and_shows_error() {
    let stage = stage(&["Rust 2.0", "Bridge reopens", "Trust in rust"]).text("rust");
    let stage = stage.send(Message::Paste(" on:2026-".to_owned()));
    assert_eq!(stage.app.entry_list.definition().filter, "rust on:2026-");
    assert!(stage.screen().contains("a date is"), "{}", stage.screen());
}

#[test]
fn tab_completes_filter_or_changes_pane() {
    let stage = stage(&["a", "b"]).text("is:un").keys("tab");
    assert_eq!(stage.app.filter_bar.text(), "is:unread");
    assert_eq!(stage.app.entry_list.definition().filter, "is:unread");
    let stage = stage.keys("tab");
    assert_eq!((stage.app.filter_bar.text(), stage.app.ui.focus), ("is:unread", Pane::Article));
    let stage = stage.keys("shift-tab ctrl-u").text("be").keys("tab");
    assert_eq!(stage.app.filter_bar.text(), "before:");
    assert_eq!(
        stage.keys("tab").app.filter_bar.text(),
        "between:",
        "the next Tab gives the next completion"
    );
}

#[test]
fn empty_result_offers_did_you_mean() {
    let stage = stage(&["quantum leap", "b"]).text("quantm");
    assert_eq!(stage.app.entry_list.len(), 0);
    let id = stage.app.entry_list.latest_request().unwrap();
    let earlier = RequestId(id.0 - 1);
    let stage = stage.send(Message::FilterSuggested(earlier, "quant".to_owned()));
    assert!(!stage.screen().contains("look for"), "an earlier filter was meant");
    let stage = stage.send(Message::FilterSuggested(id, "quantum".to_owned()));
    assert!(stage.screen().contains("look for “quantum”"), "{}", stage.screen());
    let stage = stage.keys("enter");
    assert_eq!((stage.app.filter_bar.text(), stage.app.entry_list.len()), ("quantum", 1));
}

#[test]
fn histogram_narrows_filter_to_selected_or_clicked_day() {
    let stage = stage(&["rust"; 40]).text("rust");
    let day = stage.entries[0].published.day_in(&stage.now.zone);
    let narrowed = stage.keys("ctrl-x #");
    assert_eq!(narrowed.app.filter_bar.text(), format!("rust on:{day} "));
    let again = narrowed.keys("ctrl-x #");
    assert_eq!(
        again.app.filter_bar.text(),
        format!("rust on:{day} "),
        "the same day is not added twice"
    );
    let stage = again.keys("esc").text("rust");
    let (area, _) = stage.app.histogram_area(&stage.app.pane_layout()).unwrap();
    let clicked = stage.click(area.right() - 1, area.y);
    assert_eq!(clicked.app.filter_bar.text(), format!("rust on:{day} "));
}

#[test]
fn sort_command_toggles_relevance_order() {
    let stage = stage(&["rust a", "rust b"]).text("rust").keys("ctrl-x B");
    assert_eq!(stage.app.entry_list.definition().order, SortOrder::Relevance);
    assert!(stage.screen().contains("best first"), "{}", stage.screen());
    assert_eq!(stage.keys("ctrl-x B").app.entry_list.definition().order, SortOrder::NewestFirst);
}

#[test]
fn search_everywhere_widens_scope_and_keeps_filter() {
    let feed = ViewScope::Feed(FeedId(1));
    let stage = stage(&["Rust 2.0", "Bridge"]).in_feed_of_many(998).text("rust");
    assert_eq!(*stage.app.scope(), feed, "typing stays in the feed");
    let screen = stage.screen();
    assert!(screen.contains("1 of 2 in Evening Post · Alt-a searches all 1,000"), "{screen}");
    let stage = stage.keys("alt-a");
    let list = stage.app.entry_list.definition();
    assert_eq!((&list.scope, list.filter.as_str()), (&ViewScope::All, "rust"));
    assert!(stage.screen().contains("1 of 1,000 · 3 ms"), "{}", stage.screen());
    let stage = stage.keys("alt-a");
    assert!(stage.screen().contains("already searches all articles"), "{}", stage.screen());
    assert!(stage.keys("esc alt-a").screen().contains("Type a filter first"));
}

#[test]
fn search_everywhere_includes_hidden_read_articles() {
    let stage = stage(&["Rust 2.0", "Bridge"]).keys("ctrl-x h").text("rust");
    assert!(stage.screen().contains("1 of 2 unread · Alt-a searches all 2"), "{}", stage.screen());
    let stage = stage.keys("ctrl-x /");
    assert!(!stage.app.entry_list.definition().unread_only);
}

#[test]
fn enter_on_empty_result_searches_everywhere() {
    let stage = stage(&["Rust 2.0"]).in_feed_of_many(9).text("zig");
    let screen = stage.screen();
    assert!(screen.contains("0 of 1 in Evening Post · → searches all 10"), "{screen}");
    assert_eq!(*stage.keys("enter").app.scope(), ViewScope::All);
}

#[test]
fn slow_search_keeps_old_list_until_first_hits() {
    let stage = stage(&["a", "b"]).paste_filter("re:x", partial_results(&[]));
    let list = &stage.app.entry_list;
    assert!(list.is_outdated() && list.is_outdated_for_long(), "nothing was found yet");
    assert_eq!(list.ids(), [EntryId(1), EntryId(2)]);
    let screen = stage.screen();
    assert!(screen.contains("searching… 3,000 of 12,398 read"), "{screen}");
    assert!(!screen.contains("2 of 2"), "the count of the older filter: {screen}");
    let Some(request) = stage.app.entry_list.latest_request() else { unreachable!("a request") };
    let stage = stage.send(Message::ResultsLoaded(request, Ok(partial_results(&[9]))));
    assert_eq!(stage.app.entry_list.ids(), [EntryId(9)]);
    assert!(!stage.app.entry_list.is_outdated());
    assert!(stage.screen().contains("1+ · searching… 3,000"), "{}", stage.screen());
    let done = SearchResults { is_partial: false, progress: None, ..partial_results(&[9, 8]) };
    let stage = stage.send(Message::ResultsLoaded(request, Ok(done)));
    assert!(stage.screen().contains("2 of 12,398"), "{}", stage.screen());
}

#[test]
fn count_is_hidden_until_newer_filter_is_answered() {
    let mut stage = stage(&["a", "b"]).text("a");
    assert!(stage.screen().contains("1 of 2"), "{}", stage.screen());
    let _ = stage.app.update(Message::Paste("b".to_owned()), stage.now);
    let screen = stage.screen();
    assert!(screen.contains("searching…") && !screen.contains("1 of 2 · 3 ms"), "{screen}");
}

#[test]
fn partial_results_of_same_view_keep_selection() {
    let stage = stage(&["a", "b", "c"]).keys("down down");
    let stage = stage.send(Message::IndexUpdated);
    let Some(request) = stage.app.entry_list.latest_request() else { unreachable!("a request") };
    let stage = stage.send(Message::ResultsLoaded(request, Ok(partial_results(&[1]))));
    assert_eq!(stage.selected(), "c", "the selected article is not found yet");
}

#[test]
fn headline_rewraps_in_wider_pane() {
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
fn command_letters_of_article_filter_in_list() {
    let stage = stage(&["a"]).text("q s u");
    assert_eq!(stage.app.filter_bar.text(), "q s u");
}

#[test]
fn opening_article_marks_read_once() {
    let first = stage(&["a", "b"]).keys("down right");
    assert_eq!(first.app.ui.focus, Pane::Article);
    assert!(first.writes().contains(&&opened(2)));
    let again = first.keys("left right");
    assert!(!again.writes().contains(&&opened(2)));
}

#[test]
fn selected_article_is_marked_read_after_two_seconds() {
    let passed = stage(&["a", "b", "c"]).size(120, 40).keys("down down").wait(1);
    assert_eq!(passed.writes(), Vec::<&StoreWrite>::new());
    let rested = passed.wait(2);
    assert_eq!(rested.writes(), [&opened(3)]);
    assert_eq!(rested.app.time_until_wake(rested.now.at), None, "nothing is left to wait for");
}

#[test]
fn nothing_is_marked_read_before_first_key() {
    let stage = stage(&["a"]);
    assert_eq!(stage.app.time_until_wake(at(0)), None);
    assert_eq!(stage.wait(60).writes(), Vec::<&StoreWrite>::new());
}

#[test]
fn selection_follows_article_when_list_changes() {
    let chosen = stage(&["rust one", "bridge", "rust two", "rust three"]).keys("down down");
    assert_eq!(chosen.selected(), "rust two");
    let filtered = chosen.text("rust");
    assert_eq!(filtered.selected(), "rust two");
    let cleared = filtered.keys("esc");
    assert_eq!(cleared.selected(), "rust two");
    let gone = cleared.keys("up").text("rust");
    assert_eq!(gone.selected(), "rust two", "the next article below is selected");
}

#[test]
fn new_articles_keep_selection_and_scroll_position() {
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
        stage.send(Message::RefreshProgressed(newsreader::model::RefreshProgress::ArticlesArrived));
    assert_eq!(stage.selected(), selected);
    assert_eq!(stage.app.entry_list.selected_index() - stage.app.entry_list.top_index(), offset);
    assert_eq!(stage.app.entry_list.new_above(), 2);
    assert!(stage.screen().contains("2 new · Home"), "{}", stage.screen());
    let stage = stage.keys("ctrl-x f");
    assert!(!stage.screen().contains("Home"), "there the key moves in the sidebar");
    let stage = stage.keys("right");
    let elsewhere = stage.text("old 4").keys("esc");
    assert_eq!(elsewhere.app.entry_list.new_above(), 0, "another view has no new articles");
}

#[test]
fn results_of_older_request_are_dropped() {
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
fn unindexed_count_is_shown_until_index_is_updated() {
    let summary = SearchSummary { unindexed_count: 12_000, ..SearchSummary::default() };
    let none = SearchResults {
        stored_count: 20_000,
        scope_count: 20_000,
        summary: summary.clone(),
        ..SearchResults::default()
    };
    let stage = stage(&["a", "b"]).paste_filter("a", none);
    let request = stage.app.entry_list.latest_request().unwrap();
    assert!(stage.screen().contains("Nothing matches “a” yet."), "{}", stage.screen());
    assert!(stage.screen().contains("12,000 are not indexed yet."), "{}", stage.screen());
    let part = SearchResults {
        ids: vec![EntryId(1)].into(),
        stored_count: 20_000,
        scope_count: 20_000,
        summary,
        ..SearchResults::default()
    };
    let stage = stage.send(Message::ResultsLoaded(request, Ok(part)));
    assert!(stage.screen().contains("1+ of 20,000 · 12,000 not yet indexed"), "{}", stage.screen());
    let stage = stage.send(Message::IndexUpdated);
    assert!(stage.screen().contains("1 of 2 · 3 ms"), "{}", stage.screen());
}

#[test]
fn complete_results_keep_scroll_position_of_partial_ones() {
    let stage = stage(&["a", "b"]).text("a");
    let Some(Effect::Search(request, _)) = stage.effects.first().cloned() else {
        unreachable!("a search request")
    };
    let results = |ids: &[i64], is_partial| SearchResults {
        ids: ids.iter().map(|id| EntryId(*id)).collect::<Vec<_>>().into(),
        rows: ids.iter().map(|id| entry(*id, &format!("article {id}"))).collect(),
        is_partial,
        ..SearchResults::default()
    };
    let mut ids: Vec<i64> = (1..=60).rev().collect();
    let stage = stage
        .send(Message::ResultsLoaded(request, Ok(results(&ids, true))))
        .keys("page-down page-down");
    let selected = stage.selected().to_owned();
    let offset = stage.app.entry_list.selected_index() - stage.app.entry_list.top_index();
    ids.splice(0..0, [62, 61]);
    let stage = stage.send(Message::ResultsLoaded(request, Ok(results(&ids, false))));
    assert_eq!(stage.selected(), selected);
    assert_eq!(stage.app.entry_list.selected_index() - stage.app.entry_list.top_index(), offset);
}

#[test]
fn space_pages_down_then_opens_next_unread() {
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
fn star_key_updates_row_and_writes_change() {
    let stage = stage(&["a"]).keys("alt-s");
    assert!(stage.app.entry_list.selected_entry().unwrap().state.starred);
    assert_eq!(
        stage.writes(),
        [&StoreWrite::ApplyChange(Change::Starred { ids: vec![EntryId(1)], starred: true })]
    );
}

#[test]
fn mark_list_read_applies_at_once_and_offers_undo() {
    let stage = stage(&["a", "b", "c"]).keys("ctrl-x A");
    assert_eq!(
        stage.writes(),
        [&StoreWrite::ApplyChange(Change::Read {
            ids: [1, 2, 3].map(EntryId).to_vec(),
            read: true
        })]
    );
    let applied = AppliedChange {
        change: Change::Read { ids: [1, 2, 3].map(EntryId).to_vec(), read: true },
        title: None,
        copies: 0,
    };
    let stage = stage.send(Message::ChangeFinished(ChangeAction::Applied, Some(applied)));
    let notice = stage.app.notices.current().unwrap();
    assert_eq!(notice.text, "3 articles marked read");
    assert_eq!(notice.actions[0].command, Command::Undo);
    assert!(
        stage.screen().contains("3 articles marked read · Alt-u to undo"),
        "{}",
        stage.screen()
    );
}

#[test]
fn command_menu_opens_after_pause_and_runs_letter_at_once() {
    let pressed = stage(&["a"]).keys("ctrl-x");
    assert!(pressed.app.time_until_wake(at(0)).is_some());
    let starred = pressed.keys("s");
    assert!(starred.app.overlay.is_none());
    assert!(starred.app.entry_list.selected_entry().unwrap().state.starred);
    let nonsense = starred.keys("ctrl-x ,");
    assert!(nonsense.app.overlay.is_none());
    assert_eq!(nonsense.app.filter_bar.text(), "", "a letter that means nothing is not typed");
}

#[test]
fn paste_is_one_edit_of_at_most_256_characters() {
    let stage = stage(&["a"]).send(Message::Paste("one\ntwo\tthree ".repeat(10_000)));
    assert_eq!(stage.app.filter_bar.text().chars().count(), 256);
    assert!(stage.app.filter_bar.text().starts_with("one two three"));
    assert_eq!(
        stage.effects.iter().filter(|effect| matches!(effect, Effect::Search(..))).count(),
        1
    );
}

#[test]
fn filter_history_is_recalled_with_alt_up() {
    let stage =
        stage(&["rust", "bridge"]).text("rust").keys("esc").text("bridge").keys("esc alt-up");
    assert_eq!(stage.app.filter_bar.text(), "bridge");
    let stage = stage.keys("alt-up");
    assert_eq!(stage.app.filter_bar.text(), "rust");
    assert_eq!(stage.keys("alt-down alt-down").app.filter_bar.text(), "");
}

#[test]
fn vim_preset_makes_letters_commands() {
    let stage = stage(&["a", "b", "c"]).keys("ctrl-x k");
    assert_eq!(stage.app.ui.key_preset, KeyPreset::Vim);
    assert_eq!(
        stage.writes(),
        [&save(SessionUpdate::choose(OverriddenSetting::Keys, "vim", "type"))]
    );
    let stage = stage.keys("j j");
    assert_eq!(stage.selected(), "c");
    let stage = stage.keys("g g");
    assert_eq!(stage.selected(), "a");
    let stage = stage.keys("/").text("b");
    assert_eq!((stage.app.filter_bar.text(), stage.app.entry_list.len()), ("b", 1));
    let stage = stage.keys("enter s");
    assert_eq!(stage.app.filter_bar.text(), "b", "enter keeps the filter and gives letters back");
    assert!(stage.app.entry_list.selected_entry().unwrap().state.starred);
    assert!(stage.keys("q").effects.contains(&Effect::FinishWrites));
}

#[test]
fn quitting_saves_selection_position_and_theme() {
    let long = (0..80).map(|n| format!("Paragraph {n}.")).collect::<Vec<_>>().join("\n\n");
    let stage = stage(&["a", "b"]).keys("down").body(2, &long).keys("right space ctrl-q");
    assert!(stage.effects.contains(&Effect::FinishWrites));
    let writes = stage.writes();
    assert!(writes.contains(&&save(SessionUpdate::Selected(EntryId(2)))), "{writes:?}");
    assert!(
        writes.iter()
            .any(|write| matches!(write, StoreWrite::SavePosition(EntryId(2), place) if *place > ReadingPosition::default()))
    );
    let mut session = SessionState { selected: Some(EntryId(2)), ..SessionState::default() };
    session.apply(SessionUpdate::choose(OverriddenSetting::Theme, "ink", "sixteen"));
    let again = stage_with(&["a", "b"], settings(), session);
    assert_eq!((again.selected(), again.app.ui.theme.as_str()), ("b", "ink"));
    let mut session = SessionState::default();
    session.apply(SessionUpdate::choose(OverriddenSetting::Theme, "ink", "paper"));
    let changed = stage_with(&["a"], settings(), session);
    assert_eq!(
        changed.app.ui.theme, "sixteen",
        "a setting that was changed since overrides the stored choice"
    );
}

#[test]
fn click_selects_second_click_opens_wheel_scrolls() {
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
fn dragged_divider_keeps_its_position() {
    let stage = stage(&["a"]).size(120, 40).mouse(MouseAction::Press, 46, 10);
    assert_eq!(stage.effects[0], Effect::Terminal(TerminalRequest::TrackMouseDrag));
    let stage = stage.mouse(MouseAction::Drag, 60, 10);
    assert_eq!(stage.app.pane_layout().list.unwrap().width, 60);
    assert_eq!(stage.writes(), [&save(SessionUpdate::ListShare(ListWidthClass::Medium, 500))]);
    let stage = stage.mouse(MouseAction::Release, 60, 10).size(80, 24).size(120, 40);
    assert_eq!(stage.app.pane_layout().list.unwrap().width, 60);
}

#[test]
fn failure_shows_notice_and_is_listed() {
    let stage = stage(&["a"]).send(Message::OperationFailed(failure("Cannot read x: it is gone")));
    assert_eq!(stage.app.notices.current().unwrap().text, "Cannot read x: it is gone");
    let stage = stage.wait(9);
    assert!(stage.app.notices.current().is_none(), "a notice ends by itself");
    let stage = stage.keys("ctrl-x e");
    assert!(stage.screen().contains("Cannot read x"));
}

#[test]
fn unsaved_changes_banner_stays_until_saved() {
    let stage = stage(&["a"]).send(Message::SaveStatusChanged(SaveStatus::Waiting {
        reason: "Cannot save: the disk is full".to_owned(),
        count: 2,
    }));
    assert!(stage.screen().contains("the disk is full; 2 unsaved changes kept"));
    let stage = stage.send(Message::SaveStatusChanged(SaveStatus::Restored));
    assert!(!stage.screen().contains("the disk is full"));
}

#[test]
fn sidebar_scope_is_selected_and_saved() {
    let stage = stage(&["a"]).keys("left down");
    assert_eq!(stage.app.scope(), &ViewScope::Starred);
    let stage = stage.keys("enter ctrl-q");
    assert!(stage.writes().contains(&&save(SessionUpdate::Scope(ViewScope::Starred))));
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
    fn any_keys_at_any_size_keep_a_row_selected_and_draw(
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
    fn focus_selection_and_position_survive_any_resize(sizes in prop::collection::vec((1u16..300, 1u16..100), 1..8)) {
        let long = (0..200).map(|n| format!("Paragraph {n} with a few words in it, so that it wraps.")).collect::<Vec<_>>();
        let before = stage(&["a", "b", "c"]).keys("down").body(2, &long.join("\n\n")).size(120, 40).keys("right space space");
        let block = before.app.article_pane.view().unwrap().position().block;
        let mut after = before;
        for (width, height) in sizes {
            after = after.size(width, height);
        }
        let after = after.size(120, 40);
        prop_assert_eq!(after.app.ui.focus, Pane::Article);
        prop_assert_eq!(after.selected(), "b");
        let now = after.app.article_pane.view().unwrap().position().block;
        prop_assert!(now.abs_diff(block) <= 100 && LayoutClass::from_size(after.app.ui.size) == LayoutClass::Medium);
    }
}

#[test]
fn key_during_list_reload_is_not_lost() {
    let arrived = Message::RefreshProgressed(RefreshProgress::ArticlesArrived);
    let stage =
        stage(&["a", "b", "c"]).send_delayed(arrived, Message::Key("down".parse().unwrap()));
    assert_eq!(stage.selected(), "b");
}
