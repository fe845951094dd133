//! Transitions of the entry list: its place, its width, its order.

use std::sync::Arc;

use newsreader::{
    app::{ChangeAction, Effect, Message, RequestId, SidebarData, StoreWrite},
    command::Command,
    model::{
        AppliedChange, Change, EntryId, FeedId, HiddenCount, HidingRules, JournalSteps,
        RefreshProgress, SearchResults, SessionState, SessionUpdate, SortOrder, TagMark, TagName,
        View, ViewId, ViewScope,
    },
    ui::Theme,
};
use ratatui::style::{Color, Modifier};

use crate::support::{Stage, entry, failure, partial_results, settings, stage, stage_with};

fn numbered_titles(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("Article {number}")).collect()
}

#[test]
fn bar_of_the_selected_article_is_visible_in_every_theme() {
    let stage = stage(&["rust"; 40]).text("rust");
    let (area, _) = stage.app.histogram_area(&stage.app.pane_layout()).unwrap();
    for theme in Theme::names() {
        let bar = stage.cell_style(theme, area.right() - 1, area.y);
        let is_default = bar.fg == Some(Color::Reset);
        assert!(is_default || bar.fg != bar.bg, "{theme}: {bar:?}");
        assert!(!bar.add_modifier.contains(Modifier::REVERSED), "{theme}: {bar:?}");
        let ground = stage.cell_style(theme, area.right() - 1, area.y + 5).bg;
        assert!(is_default || bar.fg != ground, "{theme}: {bar:?} on {ground:?}");
    }
}

#[test]
fn filter_is_saved_and_removed_as_changes_that_can_be_undone() {
    let typed = stage(&["a"]).text("rust").keys("ctrl-x v");
    let [StoreWrite::ApplyChange(saved @ Change::View { before: None, after: Some(view) })] =
        typed.writes()[..]
    else {
        panic!("{:?}", typed.effects)
    };
    assert_eq!((view.name.as_str(), view.query.as_str(), view.position), ("rust", "rust", 6));
    let (stored, applied) = (
        View { id: ViewId(7), ..*view.clone() },
        AppliedChange { change: saved.clone(), title: None, copies: 0 },
    );
    let saved = typed.send(Message::ChangeFinished(ChangeAction::Applied, Some(applied)));
    let screen = saved.screen();
    assert!(screen.contains("Saved the view “rust” · Alt-u to undo"), "{screen}");
    let listed = with_view(saved.keys("ctrl-u"), &stored).keys("ctrl-x f end");
    let listed = listed.send(Message::Command(Command::Unsubscribe));
    assert_eq!(listed.writes(), [&StoreWrite::ApplyChange(Change::remove_view(stored))]);
}

/// Adds a view to the sidebar, in which there are no feeds.
fn with_view(stage: Stage, view: &View) -> Stage {
    let mut data = SidebarData::default();
    data.views.push(view.clone());
    stage.send(Message::SidebarLoaded(Ok(data)))
}

#[test]
fn filter_that_cannot_be_a_view_is_not_saved() {
    let wrong = stage(&["a"]).text("(rust").keys("ctrl-x v");
    assert!(
        wrong.writes().is_empty() && wrong.screen().contains("Not saved: “(rust”"),
        "{}",
        wrong.screen()
    );
    let view = View { id: ViewId(7), ..View::new("Rust", "rust", &View::first_views()) };
    let twice = with_view(stage(&["a"]), &view).text("rust").keys("ctrl-x v");
    let screen = twice.screen();
    assert!(
        twice.writes().is_empty() && screen.contains("the view “Rust” has this query"),
        "{screen}"
    );
}

#[test]
fn row_that_cannot_be_read_is_requested_once() {
    let searching = stage(&["a"]).text("x");
    let request = searching.app.entry_list.latest_request().unwrap();
    let ids = Arc::new(vec![EntryId(1), EntryId(99)]);
    let damaged = SearchResults { ids, ..SearchResults::default() };
    // The answer without the row would lead to the same request again, for ever.
    let listed = searching.send(Message::ResultsLoaded(request, Ok(damaged)));
    assert_eq!(listed.app.entry_list.ids(), [EntryId(1), EntryId(99)]);
    let moved = listed.keys("down up");
    assert!(!moved.effects.iter().any(|effect| matches!(effect, Effect::LoadRows(_))));
}

#[test]
fn failed_search_says_so_and_ends() {
    let searching = stage(&["a", "b"]).text("a");
    let request = searching.app.entry_list.latest_request().unwrap();
    let failed = searching.send(Message::ResultsLoaded(request, Err(failure("it is damaged"))));
    let screen = failed.screen();
    assert!(screen.contains("search failed") && !screen.contains("searching"), "{screen}");
    assert!(!failed.text("b").screen().contains("search failed"));
}

#[test]
fn size_of_list_is_stated_before_all_of_it_is_found() {
    let all = stage(&["a", "b", "c"]).keys("ctrl-x g").text("all art").keys("enter");
    let asked = all.send(Message::IndexUpdated);
    let request = asked.app.entry_list.latest_request().unwrap();
    let first = SearchResults { is_partial: true, progress: None, ..partial_results(&[1, 2]) };
    let mut data = asked.app.sidebar.data().clone();
    data.feeds[0].entry_count = 12_345;
    let started = asked
        .send(Message::SidebarLoaded(Ok(data)))
        .send(Message::ResultsLoaded(request, Ok(first)));
    assert_eq!(started.app.entry_list.len(), 2);
    let screen = started.screen();
    assert!(screen.contains("All articles 12,345") && screen.contains("1 of 12,345"), "{screen}");
}

#[test]
fn first_rows_of_a_long_list_come_with_the_number_of_all() {
    let first = SearchResults { progress: None, total: Some(9_000), ..partial_results(&[9, 8]) };
    let head = stage(&["a"]).paste_filter("x", first);
    let request = head.app.entry_list.latest_request().unwrap();
    let screen = head.screen();
    assert!(screen.contains("9,000 of 12,398") && screen.contains("1 of 9,000"), "{screen}");
    assert!(!screen.contains("searching"), "{screen}");
    let all = SearchResults { is_partial: false, progress: None, ..partial_results(&[9, 8, 7]) };
    let whole = head.keys("down").send(Message::ResultsLoaded(request, Ok(all)));
    assert_eq!(whole.app.entry_list.selected_id(), Some(EntryId(8)), "the selection stays");
    assert!(whole.screen().contains("3 of 12,398"), "{}", whole.screen());
}

#[test]
fn list_that_refills_by_itself_marks_nothing_read() {
    let entries = [EntryId(1), EntryId(2)];
    let results = |ids: &[EntryId]| SearchResults {
        ids: ids.to_vec().into(),
        rows: ids.iter().map(|id| entry(id.0, "a")).collect(),
        ..SearchResults::default()
    };
    let answer = |stage: Stage, ids: &[EntryId]| {
        let request = stage.app.entry_list.latest_request().unwrap();
        stage.send(Message::ResultsLoaded(request, Ok(results(ids))))
    };
    // Their feed is unsubscribed from, and subscribed to again.
    let mut stage = stage(&["a", "b"]).size(120, 40).keys("down up");
    let feed = Change::set_unsubscribed(FeedId(1), true);
    let gone = Some(AppliedChange { change: feed, title: None, copies: 0 });
    let _ = stage.app.update(Message::ChangeFinished(ChangeAction::Applied, gone), stage.now);
    let emptied = answer(stage, &[]);
    let refilled = answer(emptied, &entries).wait(3);
    assert!(refilled.writes().is_empty(), "{:?}", refilled.effects);
    assert!(!refilled.keys("down up").wait(3).writes().is_empty());
}

#[test]
fn list_behind_article_keeps_its_place() {
    let titles = numbered_titles(60);
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    for (width, height) in [(80, 24), (60, 20), (40, 15)] {
        let listed = stage(&titles).size(width, height).keys("page-down down down up up");
        let before = (listed.app.entry_list.top_index(), listed.app.entry_list.selected_index());
        assert!(before.1 > before.0, "the selection is within the screen");
        let back = listed.keys("right down left");
        let after = (back.app.entry_list.top_index(), back.app.entry_list.selected_index());
        assert_eq!(before, after, "{width}x{height}");
    }
}

#[test]
fn narrower_list_makes_room_for_preview_and_wider_list_takes_it() {
    let listed = stage(&["a", "b"]).size(80, 24);
    assert_eq!(listed.app.pane_layout().article, None);
    let narrower = listed.keys("ctrl-x <");
    let panes = narrower.app.pane_layout();
    assert!(panes.article.is_some() && panes.list.is_some_and(|list| list.width < 50));
    let wider = narrower.keys("ctrl-x > ctrl-x >");
    assert_eq!(wider.app.pane_layout().article, None);
    assert!(wider.keys("ctrl-x <").app.pane_layout().article.is_some());
}

/// Chooses an order by its words in the picker.
fn sort(stage: Stage, words: &str) -> Stage {
    stage.keys("ctrl-x S").text(words).keys("enter")
}

fn order(stage: &Stage) -> SortOrder {
    stage.app.entry_list.definition().order
}

fn show_feed(stage: Stage) -> Stage {
    stage.keys("ctrl-x g").text("evening").keys("enter")
}

#[test]
fn order_is_remembered_for_each_scope_and_shown() {
    let unread = sort(stage(&["a", "b", "c"]).keys("down"), "old");
    assert_eq!(order(&unread), SortOrder::OldestFirst);
    let update = |scope, order| StoreWrite::SaveSession(SessionUpdate::Order(scope, order));
    let view = View::first_views().swap_remove(0);
    let sorted = View { order: SortOrder::OldestFirst, ..view.clone() };
    let chosen = StoreWrite::ApplyChange(Change::edit_view(view, sorted));
    assert!(unread.writes().contains(&&chosen));
    assert_eq!(unread.app.entry_list.selected_index(), 0, "the list begins at its top");
    for (width, height) in [(120, 40), (80, 24), (60, 20), (40, 15)] {
        let screen = stage(&["a"]).size(width, height);
        let screen = sort(screen, "old").wait(9).screen();
        assert!(screen.contains(" · oldest first"), "{screen}");
    }
    let feed = show_feed(unread);
    assert_eq!(order(&feed), SortOrder::NewestFirst);
    let by_title = sort(feed, "title");
    let chosen = update(ViewScope::Feed(FeedId(1)), SortOrder::Title);
    assert!(by_title.writes().contains(&&chosen));
    assert!(by_title.screen().contains("· by title"), "{}", by_title.screen());
    let back = by_title.keys("ctrl-x g").text("unread").keys("enter");
    assert_eq!(order(&back), SortOrder::OldestFirst);
    assert_eq!(order(&show_feed(back)), SortOrder::Title);
}

#[test]
fn order_of_a_view_comes_before_that_of_the_scope() {
    let view = View { id: ViewId(7), ..View::new("Rust", "rust", &View::first_views()) };
    let listed = with_view(stage(&["rust a", "rust b"]), &view);
    let filtered = sort(sort(listed, "oldest").text("rust"), "best");
    let sorted = View { order: SortOrder::Relevance, ..view.clone() };
    let chosen = StoreWrite::ApplyChange(Change::edit_view(view, sorted));
    assert!(filtered.writes().contains(&&chosen));
    assert_eq!(order(&filtered), SortOrder::Relevance);
    let longer = filtered.text(" a");
    assert_eq!(order(&longer), SortOrder::OldestFirst, "another filter has the order of the scope");
    assert_eq!(order(&longer.keys("esc").text("rust")), SortOrder::Relevance);
}

#[test]
fn order_of_a_view_that_changed_elsewhere_sorts_the_list() {
    let view = View { id: ViewId(7), ..View::new("Rust", "rust", &View::first_views()) };
    let filtered = with_view(stage(&["rust a", "rust b"]), &view).text("rust");
    assert_eq!(order(&filtered), SortOrder::NewestFirst);
    let sorted = View { order: SortOrder::Title, ..view };
    assert_eq!(order(&with_view(filtered, &sorted)), SortOrder::Title);
}

#[test]
fn order_of_earlier_session_is_used() {
    let feed = ViewScope::Feed(FeedId(1));
    let mut session = SessionState { scope: Some(feed.clone()), ..SessionState::default() };
    session.apply(SessionUpdate::Order(feed, SortOrder::Feed));
    let listed = stage_with(&["a", "b"], settings(), session);
    assert_eq!(order(&listed), SortOrder::Feed);
    assert!(listed.screen().contains("· by feed"), "{}", listed.screen());
}

#[test]
fn hidden_read_articles_are_named_in_the_top_line() {
    let hidden = stage(&["a", "b"]).keys("ctrl-x h").wait(9);
    assert!(hidden.screen().contains("Unread 2 · read hidden"), "{}", hidden.screen());
    assert!(hidden.app.entry_list.definition().unread_only);
    let filtered = hidden.text("a").size(120, 40);
    let screen = filtered.screen();
    assert!(screen.contains("1 of 2 unread") && screen.contains("· read hidden"), "{screen}");
    let shown = filtered.keys("esc ctrl-x h").wait(9);
    assert!(!shown.screen().contains("read hidden"), "{}", shown.screen());
}

#[test]
fn facts_about_the_list_are_left_out_whole_where_there_is_no_room() {
    let mut sorted = sort(stage(&["a", "b"]).keys("ctrl-x h").wait(9), "queue").wait(9);
    for (width, end) in
        [(80, "Unread 2 · queue order · read hidden"), (40, "Unread 2 · queue order")]
    {
        sorted = sorted.size(width, 15);
        let screen = sorted.screen();
        let top = screen.lines().next().unwrap().trim_end();
        assert!(top.ends_with(end), "{top}");
    }
}

#[test]
fn article_that_is_marked_unread_stays_unread_in_view() {
    let rested = stage(&["a", "b", "c"]).size(120, 40).keys("down").wait(3);
    assert!(rested.app.entry_list.selected_entry().unwrap().state.read);
    let unread = rested.keys("alt-m").wait(9);
    assert!(!unread.app.entry_list.selected_entry().unwrap().state.read);
    let again = unread.keys("down up").wait(3);
    assert!(again.app.entry_list.selected_entry().unwrap().state.read);
}

#[test]
fn undone_mark_stays_undone_in_view_and_is_listed_again() {
    let read = stage(&["a", "b"]).size(120, 40).keys("down alt-m");
    let id = read.app.entry_list.selected_id().unwrap();
    assert!(read.app.entry_list.selected_entry().unwrap().state.read);
    let done = |read| {
        Some(AppliedChange { change: Change::set_read(&[id], read), title: None, copies: 0 })
    };
    let unread = read
        .send(Message::ChangeFinished(ChangeAction::Applied, done(true)))
        .send(Message::ChangeFinished(ChangeAction::Undone, done(false)));
    assert!(unread.effects.iter().any(|effect| matches!(effect, Effect::Search(..))));
    let rested = unread.wait(9);
    assert!(!rested.app.entry_list.selected_entry().unwrap().state.read);
    assert!(rested.writes().is_empty());
}

#[test]
fn selection_that_moved_while_results_were_awaited_stays() {
    let down = || Message::Key("down".parse().unwrap());
    let again = stage(&["a", "b", "c"]).send_delayed(Message::IndexUpdated, down());
    assert_eq!(again.app.entry_list.selected_index(), 1);
    let rested = stage(&["a", "b", "c"]).keys("down").send(Message::IndexUpdated);
    assert_eq!(rested.app.entry_list.selected_index(), 1);
}

#[test]
fn selection_is_held_by_a_key_while_the_top_is_awaited() {
    let session = SessionState { selected: Some(EntryId(2)), ..SessionState::default() };
    let restored = stage_with(&["a", "b", "c"], settings(), session);
    assert_eq!(restored.app.entry_list.selected_index(), 1);
    let arrived = Message::RefreshProgressed(RefreshProgress::ArticlesArrived);
    let star = Message::Key("alt-s".parse().unwrap());
    let held = restored.send_delayed(arrived, star);
    assert_eq!(held.app.entry_list.selected_index(), 1);
}

#[test]
fn restored_selection_stays_in_the_list_when_that_is_requested_again() {
    let session = SessionState { selected: Some(EntryId(2)), ..SessionState::default() };
    let again = stage_with(&["a", "b"], settings(), session).send(Message::IndexUpdated);
    let [Effect::Search(_, request)] = &again.effects[..] else { panic!("{:?}", again.effects) };
    assert!(request.kept.read.contains(&EntryId(2)));
}

#[test]
fn rows_in_view_stay_although_another_program_reads_them() {
    let titles: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let kept = |stage: Stage| match &stage.send(Message::IndexUpdated).effects[..] {
        [Effect::Search(_, request)] => request.kept.read.len(),
        effects => panic!("{effects:?}"),
    };
    let in_view = stage(&titles).app.entry_list.visible_rows().len();
    let kept = kept(stage(&titles));
    assert!((in_view..50).contains(&kept), "{kept} of 100 rows, of which {in_view} are in view");
}

#[test]
fn hidden_rows_stay_in_their_list_and_join_no_other() {
    let hidden = stage(&["a", "b"]).keys("alt-h").send(Message::IndexUpdated);
    let kept = |stage: &Stage| match &stage.effects[..] {
        [Effect::Search(_, request)] => request.kept.unlisted.len(),
        effects => panic!("{effects:?}"),
    };
    assert_eq!(kept(&hidden), 1);
    assert_eq!(kept(&hidden.keys("a")), 0);
}

#[test]
fn restored_selection_has_the_articles_above_it_in_view() {
    let titles = numbered_titles(60);
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let restored = |id| {
        let session = SessionState { selected: Some(EntryId(id)), ..SessionState::default() };
        stage_with(&titles, settings(), session)
    };
    let near = restored(5);
    assert_eq!((near.selected(), near.app.entry_list.top_index()), ("Article 5", 0));
    let far = restored(50);
    assert_eq!(far.selected(), "Article 50");
    assert!(far.screen().contains("Article 48"), "{}", far.screen());
}

#[test]
fn hint_line_says_how_many_articles_the_list_hides() {
    let counted = |stage: Stage, count: HiddenCount| {
        let id = stage.app.entry_list.latest_request().unwrap();
        stage.send(Message::HiddenCounted(id, count))
    };
    let by_rules = |articles, rules| HiddenCount {
        articles,
        rules: Some(HidingRules { count: rules, articles: 9.min(articles) }),
    };
    let last_row = |stage: &Stage| stage.screen().lines().last().unwrap().to_owned();
    for (count, width, expected) in [
        (by_rules(9, 2), 80, "9 hidden by 2 rules · is:hidden"),
        (by_rules(12, 1), 80, "12 hidden, 9 by 1 rule · is:hidden"),
        (by_rules(9, 2), 40, "9 hidden by 2 rules"),
        (HiddenCount { articles: 1_200, rules: None }, 40, "1,200 hidden"),
        (
            HiddenCount { articles: 3, rules: Some(HidingRules::default()) },
            80,
            "3 hidden · is:hidden",
        ),
    ] {
        let stage = counted(stage(&["a", "b"]).size(width, 24), count);
        let row = last_row(&stage);
        assert!(row.ends_with(expected) && row.starts_with(" ↑↓ move"), "{row}");
        let typed = stage.text("b");
        assert!(!last_row(&typed).contains("hidden"), "it is another list: {}", last_row(&typed));
    }
    let late = counted(stage(&["a"]), HiddenCount::default()).text("a");
    let id = RequestId(late.app.entry_list.latest_request().unwrap().0 - 1);
    let late = late.send(Message::HiddenCounted(id, by_rules(9, 2)));
    assert!(!last_row(&late).contains("hidden"), "{}", last_row(&late));
}

/// Sends the results of the latest request, which list these articles.
fn results(stage: Stage, ids: &[i64], selected_index: usize) -> Stage {
    let id = stage.app.entry_list.latest_request().unwrap();
    let ids: Vec<EntryId> = ids.iter().copied().map(EntryId).collect();
    let rows = stage.entries.iter().filter(|entry| ids.contains(&entry.id)).cloned().collect();
    let found = SearchResults { ids: ids.into(), rows, selected_index, ..SearchResults::default() };
    stage.send(Message::ResultsLoaded(id, Ok(found)))
}

#[test]
fn selected_article_stays_where_it_is_when_the_same_list_no_longer_has_it() {
    let mut stage = stage(&["one", "two", "three", "four"]).keys("down");
    let _ = stage.app.update(Message::IndexUpdated, stage.now);
    let gone = results(stage, &[1, 3, 4], 1);
    assert_eq!((gone.selected(), gone.app.entry_list.selected_index()), ("two", 1));
    assert_eq!(gone.app.entry_list.ids(), [1, 2, 3, 4].map(EntryId));
    assert_eq!(gone.effects[0], Effect::LoadRows(vec![EntryId(2)]), "it shows what was done to it");
    let mut left = gone.keys("down");
    let _ = left.app.update(Message::IndexUpdated, left.now);
    let left = results(left, &[1, 3, 4], 1);
    assert_eq!((left.selected(), left.app.entry_list.len()), ("three", 3));

    let mut last = left.keys("end");
    let _ = last.app.update(Message::IndexUpdated, last.now);
    let last = results(last, &[1], 0);
    assert_eq!((last.selected(), last.app.entry_list.len()), ("four", 2), "nothing followed it");
}

#[test]
fn article_that_took_the_place_of_another_is_not_read_before_a_key() {
    let mut stage = stage(&["one", "two", "three"]).size(120, 40).keys("down");
    let feed = Change::set_unsubscribed(FeedId(2), true);
    let done = AppliedChange { change: feed, title: Some("LWN".to_owned()), copies: 0 };
    let message = Message::ChangeFinished(ChangeAction::Applied, Some(done));
    let _ = stage.app.update(message, stage.now);
    let moved = results(stage, &[1, 3], 1);
    assert_eq!(moved.selected(), "three", "the feed of the selected one is gone");
    let rested = moved.wait(30);
    assert!(rested.writes().is_empty() && !rested.app.entry_list.row(1).unwrap().state.read);
    let chosen = rested.keys("up down").wait(3);
    assert!(!chosen.writes().is_empty(), "the user has chosen it");
}

#[test]
fn articles_that_an_undo_brings_back_are_not_new() {
    let titles: Vec<String> = (1..=60).map(|n| format!("old {n}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let mut stage = stage(&titles).keys("page-down page-down");
    stage.entries.insert(0, entry(99, "hidden by a rule before"));
    let change = Change::set_tag(&[EntryId(99)], TagName::hidden(), TagMark::On);
    let undone = AppliedChange { change: change.inverse(), title: None, copies: 0 };
    let steps = JournalSteps { changes: vec![undone], ..JournalSteps::default() };
    let stage = stage.send(Message::ChangesStepped(ChangeAction::Undone, steps));
    assert_eq!(stage.app.entry_list.len(), 61);
    assert_eq!(stage.app.entry_list.new_above(), 0);
    assert!(!stage.screen().contains("new · Home"), "{}", stage.screen());
}

#[test]
fn articles_that_another_program_brings_back_are_not_new() {
    let titles: Vec<String> = (1..=60).map(|n| format!("old {n}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let mut stage = stage(&titles);
    let first = stage.entries.remove(20);
    let mut stage = stage.send(Message::IndexUpdated).keys("page-down page-down");
    stage.entries.insert(0, first);
    let stage = stage.send(Message::IndexUpdated);
    assert_eq!(stage.app.entry_list.len(), 60);
    assert_eq!(stage.app.entry_list.new_above(), 0);
}
