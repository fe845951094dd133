//! Lists with groups: headings between the articles, which are no rows.

use chrono::TimeDelta;
use newsreader::{
    app::{ListGroup, StoreWrite},
    model::{
        Change, FeedId, ListGrouping, PublicationDate, SessionState, SessionUpdate, SortOrder,
        View, ViewScope,
    },
    ui::Glyphs,
};
use proptest::prelude::*;

use crate::support::{Stage, now, settings, stage, stage_with};

fn titles(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("Article {number:02}")).collect()
}

/// A list of `count` articles, eight a day, that is grouped by day.
fn grouped(count: usize) -> Stage {
    let titles = titles(count);
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let mut stage = stage(&titles);
    for (entry, number) in stage.entries.iter_mut().zip(0..) {
        let hours = 24 * (number / 8) + number % 8;
        entry.published = PublicationDate::Instant(now().at - TimeDelta::hours(hours));
    }
    group(stage, "by day")
}

fn group(stage: Stage, words: &str) -> Stage {
    stage.keys("ctrl-x G").text(words).keys("enter").wait(9)
}

/// Returns the headings in view.
fn headings(stage: &Stage) -> Vec<ListGroup> {
    stage.app.entry_list.visible_rows().into_iter().filter_map(|row| row.heading).collect()
}

#[test]
fn heading_stands_above_the_first_article_of_a_day() {
    let stage = grouped(20);
    let view = View::first_views().swap_remove(0);
    let after = View { grouping: ListGrouping::Day, ..view.clone() };
    let chosen = StoreWrite::ApplyChange(Change::edit_view(view, after));
    let regrouped = group(grouped(20), "not grouped").keys("ctrl-x G").text("by day").keys("enter");
    assert!(regrouped.writes().contains(&&chosen));
    let today = now().today();
    let days = [today, today - TimeDelta::days(1)].map(ListGroup::Day);
    assert_eq!(headings(&stage)[..2], days);
    let screen = stage.screen();
    let position = |words: &str| screen.find(words).unwrap_or_else(|| panic!("{words}: {screen}"));
    assert!(position("Today") < position("Article 01"));
    assert!(position("Article 08") < position("Yesterday"));
    assert!(position("Yesterday") < position("Article 09"));
}

#[test]
fn selection_and_clicks_skip_headings() {
    let stage = grouped(20).keys("down down down down down down down");
    assert_eq!(stage.selected(), "Article 08");
    let stage = stage.keys("down");
    assert_eq!(stage.selected(), "Article 09");
    let (x, y) = stage.find("Yesterday");
    let heading = stage.click(x, y);
    assert_eq!(heading.selected(), "Article 09", "a heading cannot be selected");
    let (x, y) = heading.find("Article 10");
    assert_eq!(heading.click(x, y).selected(), "Article 10");
}

#[test]
fn page_moves_by_the_rows_in_view_and_the_end_is_full() {
    let stage = grouped(60);
    let in_view = stage.app.entry_list.visible_rows().len();
    let page = stage.keys("page-down");
    assert_eq!(page.app.entry_list.selected_index(), in_view - 1);
    let end = page.keys("end");
    let rows = end.app.entry_list.visible_rows();
    assert_eq!(rows.last().map(|row| row.index), Some(59));
    assert!(rows.len() > in_view / 2, "the last screen is not empty: {rows:?}");
    assert!(rows[0].heading.is_some(), "the group of the first row in view is named");
}

#[test]
fn groups_by_day_need_an_order_by_date() {
    let by_title = grouped(9).keys("ctrl-x S").text("title").keys("enter");
    assert!(by_title.screen().contains("Sorted by title, not grouped"), "{}", by_title.screen());
    assert_eq!(by_title.app.entry_list.definition().grouping, ListGrouping::None);
    let again = by_title.keys("ctrl-x G").text("by day").keys("enter");
    assert!(again.screen().contains("Grouped by day, newest first"), "{}", again.screen());
    assert_eq!(again.app.entry_list.definition().order, SortOrder::NewestFirst);
}

#[test]
fn groups_of_a_feed_are_remembered_in_the_session() {
    let feed = ViewScope::Feed(FeedId(1));
    let session = SessionState { scope: Some(feed.clone()), ..SessionState::default() };
    let chosen = stage_with(&["a", "b"], settings(), session.clone());
    let chosen = chosen.keys("ctrl-x G").text("by feed").keys("enter");
    let update = SessionUpdate::Grouping(feed, ListGrouping::Feed);
    assert!(chosen.writes().contains(&&StoreWrite::SaveSession(update.clone())));
    let mut session = session;
    session.apply(update);
    let next = stage_with(&["a", "b"], settings(), session);
    assert_eq!(headings(&next), [ListGroup::Feed(FeedId(1))]);
    assert!(next.screen().contains("Evening Post"), "{}", next.screen());
}

#[test]
fn grouped_lists_at_common_sizes() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let screen = grouped(30).size(width, height).keys("down down").screen();
        insta::assert_snapshot!(format!("grouped_{width}x{height}"), screen);
    }
    let ascii = grouped(12).screen_with(&Glyphs::ASCII);
    assert!(ascii.is_ascii() && ascii.contains("Yesterday"), "{ascii}");
}

#[test]
fn grouped_list_for_screen_readers_names_the_groups() {
    let mut settings = settings();
    settings.accessible = true;
    let spoken = group(stage_with(&["a", "b"], settings, SessionState::default()), "by day");
    assert!(spoken.screen().contains("Today"), "{}", spoken.screen());
}

fn any_key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["up", "down", "page-up", "page-down", "home", "end", "ctrl-x d"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn selected_article_is_always_in_view(
        keys in prop::collection::vec(any_key(), 1..12),
        (width, height) in (20u16..120, 6u16..40),
    ) {
        let mut stage = grouped(40).size(width, height);
        for key in keys {
            stage = stage.keys(key);
            let list = &stage.app.entry_list;
            let rows = list.visible_rows();
            if stage.app.pane_layout().list.is_some() {
                prop_assert!(rows.iter().any(|row| row.index == list.selected_index()), "{key}: {rows:?}");
            }
            for pair in rows.windows(2) {
                prop_assert!(pair[0].line < pair[1].line && pair[0].index + 1 == pair[1].index);
            }
        }
    }
}
