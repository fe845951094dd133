//! Stories in the reader: rows that stand for several articles, and what opens them.

use newsreader::{
    app::{Effect, StoreWrite},
    model::{EntryId, Feed, FeedId, ListGrouping, SearchRequest, StoryId, StorySummary},
    settings::{OnOff, Settings},
};

use crate::support::{Stage, settings, stage_with};

/// A reader whose list is grouped by story: three articles about a ferry, and two others.
fn story_stage(settings: Settings) -> Stage {
    let titles = ["Ferry sinks", "Bridge opens", "Ferry: all saved", "Rain", "Ferry in distress"];
    let mut stage = stage_with(&titles, settings, newsreader::model::SessionState::default());
    for (at, feed) in [(0, 1), (2, 2), (4, 3)] {
        let story = StorySummary { story: StoryId(5), other_feeds: 2, unread: 3 };
        stage.entries[at].story = Some(story);
        stage.entries[at].feed = FeedId(feed);
    }
    let copy = |feed: &Feed, id, name: &str| {
        let mut feed = Feed { id: FeedId(id), ..feed.clone() };
        feed.subscription.name = Some(name.to_owned());
        feed
    };
    let stage = stage.with_feeds(|feeds| {
        feeds.push(copy(&feeds[0], 2, "Evening Post"));
        feeds.push(copy(&feeds[0], 3, "Le Café"));
    });
    stage.keys("ctrl-x G").text("by story").keys("enter")
}

fn grouped() -> Stage {
    story_stage(settings())
}

/// Returns the titles of the rows.
fn rows(stage: &Stage) -> Vec<&str> {
    let list = &stage.app.entry_list;
    (0..list.len()).map(|index| list.row(index).map_or("", |row| row.title.as_str())).collect()
}

const CLOSED: [&str; 3] = ["Ferry sinks", "Bridge opens", "Rain"];
const OPEN: [&str; 5] =
    ["Ferry sinks", "Ferry: all saved", "Ferry in distress", "Bridge opens", "Rain"];

#[test]
fn list_grouped_by_story_counts_articles_and_stories() {
    let stage = grouped();
    assert_eq!(stage.app.entry_list.definition().grouping, ListGrouping::Story);
    assert_eq!(rows(&stage), CLOSED);
    assert_eq!(
        (stage.app.entry_list.found_count(), stage.app.entry_list.story_count()),
        (5, Some(3))
    );
    assert!(stage.screen().contains("in 3 stories"), "{}", stage.screen());
    assert!(stage.screen().contains("+2 sources"), "{}", stage.screen());
}

#[test]
fn enter_opens_a_story_then_its_article_and_left_closes_it() {
    let open = grouped().keys("enter");
    assert_eq!(rows(&open), OPEN);
    assert_eq!((open.selected(), open.app.entry_list.story_count()), ("Ferry sinks", Some(3)));
    let closed = open.keys("down left");
    assert_eq!((rows(&closed), closed.selected()), (CLOSED.to_vec(), "Ferry sinks"));
    let read = closed.keys("right right");
    assert!(read.writes().contains(&&StoreWrite::MarkOpened(EntryId(1))), "{:?}", read.effects);
    // A row without a story is read at once.
    let read = read.keys("left left down enter");
    assert!(read.writes().contains(&&StoreWrite::MarkOpened(EntryId(2))), "{:?}", read.effects);
}

#[test]
fn toggle_story_opens_and_closes_and_says_where_it_does_nothing() {
    let stage = grouped().keys("alt-x");
    assert_eq!(rows(&stage), OPEN);
    let stage = stage.keys("end alt-x");
    assert!(stage.screen().contains("No other article is in this story"), "{}", stage.screen());
    let stage = stage.keys("home down down alt-x");
    assert_eq!((rows(&stage), stage.selected()), (CLOSED.to_vec(), "Ferry sinks"));
    let stage = stage.keys("ctrl-x G").text("not grouped").keys("enter alt-x");
    assert!(stage.screen().contains("The list is not grouped by story"), "{}", stage.screen());
}

#[test]
fn marking_all_read_marks_what_stories_fold() {
    let stage = grouped().keys("ctrl-x A");
    let marked = stage.writes().into_iter().find_map(|write| match write {
        StoreWrite::ApplyChange(change) => Some(change.all_entry_ids()),
        _ => None,
    });
    assert_eq!(marked, Some((1..=5).map(EntryId).collect()));
}

#[test]
fn unread_count_of_a_story_follows_the_marks_of_its_rows() {
    let unread = |stage: &Stage| {
        let row = stage.app.entry_list.row(0).unwrap();
        row.story.unwrap().unread
    };
    let stage = grouped();
    assert_eq!(unread(&stage), 3);
    let stage = stage.keys("alt-m");
    assert_eq!(unread(&stage), 2);
    let stage = stage.keys("enter down alt-m");
    assert_eq!(unread(&stage), 1);
    assert_eq!(unread(&stage.keys("alt-m")), 2);
}

#[test]
fn opened_article_takes_its_story_along_only_if_the_setting_says_so() {
    let mut settings = settings();
    settings.article.read_story = OnOff::On;
    let stage = story_stage(settings).keys("space");
    assert!(
        stage.writes().contains(&&StoreWrite::MarkStoryOpened(EntryId(1))),
        "{:?}",
        stage.effects
    );
}

#[test]
fn story_stays_open_in_the_next_search_of_the_list() {
    let requests = |stage: &Stage| -> Vec<SearchRequest> {
        let searches = stage.effects.iter().filter_map(|effect| match effect {
            Effect::Search(_, request) => Some(request.clone()),
            _ => None,
        });
        searches.collect()
    };
    let stage = grouped().keys("enter").text("f");
    assert_eq!(requests(&stage)[0].open_stories, [EntryId(1)]);
    assert_eq!(rows(&stage), OPEN[..3]);
}

#[test]
fn lists_grouped_by_story_at_common_sizes() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let stage = grouped().size(width, height);
        insta::assert_snapshot!(format!("stories_{width}x{height}"), stage.screen());
        insta::assert_snapshot!(
            format!("open_story_{width}x{height}"),
            stage.keys("enter down").screen()
        );
    }
}

#[test]
fn story_is_spoken_in_words() {
    let mut settings = settings();
    settings.accessible = true;
    let stage = story_stage(settings);
    let spoken = |stage: &Stage| stage.app.spoken_headline().unwrap().text;
    let closed = "Ferry sinks, from Evening Post, story with 2 other sources, 3 unread, closed";
    assert_eq!(spoken(&stage), closed);
    let stage = stage.keys("enter");
    assert!(spoken(&stage).ends_with("3 unread, open"), "{}", spoken(&stage));
    assert!(spoken(&stage.keys("down")).ends_with(", in the story above"));
}
