//! Stories in the reader: rows that stand for several articles, and what opens them.

use std::sync::Arc;

use newsreader::{
    app::{DiffSubject, Effect, LoadedDiff, Message, StoreWrite, StoryReading},
    library::{DiffMarks, StoryTexts, additions_document, combined_document},
    markup::Flow,
    model::{
        Change, EntryId, Feed, FeedId, ListGrouping, SearchRequest, StoryId, StoryLink,
        StorySummary,
    },
    settings::{OnOff, Settings},
};

use crate::{
    story_texts::library_of_two_sources,
    support::{Stage, now, settings, stage_with},
};

/// Titles of three articles about a ferry, and two others.
const TITLES: [&str; 5] =
    ["Ferry sinks", "Bridge opens", "Ferry: all saved", "Rain", "Ferry in distress"];

/// A reader whose list is grouped by story: three articles about a ferry, and two others.
fn story_stage(settings: Settings) -> Stage {
    stage_of_titles(&TITLES, settings)
}

/// A reader whose list is grouped by story, with the stories of [`TITLES`] under other titles.
fn stage_of_titles(titles: &[&str], settings: Settings) -> Stage {
    let mut stage = stage_with(titles, settings, newsreader::model::SessionState::default());
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
    assert!(stage.screen().contains("+2, 3 unread"), "{}", stage.screen());
}

#[test]
fn row_of_a_story_names_its_unread_articles_beside_a_headline_of_any_length() {
    let long = "A ferry with four hundred passengers sinks in a storm off the coast of Brittany, \
        and all of them are saved by fishing boats that were on their way home";
    for title in ["Ferry sinks", long] {
        let mut titles = TITLES;
        titles[0] = title;
        let screen =
            |width, height| stage_of_titles(&titles, settings()).size(width, height).screen();
        for width in [80, 120, 160, 240] {
            let screen = screen(width, 40);
            assert!(screen.contains(", 3 unread"), "{width}\n{screen}");
        }
        // A narrow list has no room for the number beside a long headline.
        let screen = screen(40, 15);
        let end = if title == long { " +2  " } else { " +2, 3 unread " };
        assert!(screen.contains(end), "{screen}");
    }
}

#[test]
fn hints_say_what_opening_does_also_in_a_filtered_list() {
    let foot = |stage: &Stage| stage.screen().lines().last().unwrap().to_owned();
    for filter in ["", "f"] {
        let closed = grouped().keys("down up").text(filter);
        assert!(foot(&closed).contains("→ open story"), "{}", foot(&closed));
        let open = closed.keys("enter");
        assert!(foot(&open).contains("→ read"), "{}", foot(&open));
        assert!(foot(&open).contains("← close story"), "{}", foot(&open));
        let closed = open.keys("left");
        assert!(foot(&closed).contains("→ open story"), "{}", foot(&closed));
    }
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

/// What the articles of a story say, as the reader loads it.
fn loaded_reading(reading: StoryReading) -> LoadedDiff {
    let (library, [first, ..]) = library_of_two_sources();
    let texts = StoryTexts::load(&library.reader, first, &[]).unwrap();
    let document = match reading {
        StoryReading::Additions => additions_document(&texts, now()),
        StoryReading::Combined => combined_document(texts, DiffMarks::Styles, now()),
    };
    LoadedDiff {
        flow: Arc::new(Flow::new(document.document)),
        change_count: document.change_count,
        subject: DiffSubject::Story(reading),
    }
}

fn show(stage: Stage, reading: StoryReading) -> Stage {
    let loaded = Some(Box::new(loaded_reading(reading)));
    stage.send(Message::StoryReadingLoaded(EntryId(1), Ok(loaded)))
}

#[test]
fn what_others_add_is_shown_in_place_of_the_article() {
    let stage = grouped().body(1, "The ferry sank.").keys("space ctrl-y");
    let load = Effect::LoadStoryReading(EntryId(1), StoryReading::Additions);
    assert_eq!(stage.effects, [load]);
    let shown = show(stage, StoryReading::Additions);
    assert!(shown.screen().contains("Investigators in Wasilla"), "{}", shown.screen());
    let stepped = shown.keys("]");
    assert!(stepped.screen().contains("Addition 1 of 1"), "{}", stepped.screen());
    let combined = stepped.keys("\\");
    let load = Effect::LoadStoryReading(EntryId(1), StoryReading::Combined);
    assert_eq!(combined.effects, [load]);
    let combined = show(combined, StoryReading::Combined);
    assert!(combined.screen().contains("Post: "), "{}", combined.screen());
    let article = combined.keys("\\");
    assert!(article.screen().contains("The ferry sank."), "{}", article.screen());
    let article = show(article, StoryReading::Additions).keys("esc");
    assert!(article.screen().contains("The ferry sank."), "{}", article.screen());
}

#[test]
fn article_without_other_sources_says_so() {
    let stage = grouped().keys("down space ctrl-y");
    let stage = stage.send(Message::StoryReadingLoaded(EntryId(2), Ok(None)));
    assert!(stage.screen().contains("No other article is in this story"), "{}", stage.screen());
}

#[test]
fn story_readings_at_common_sizes() {
    for (reading, name) in
        [(StoryReading::Additions, "additions"), (StoryReading::Combined, "combined")]
    {
        for (width, height) in [(120, 40), (80, 24), (40, 15)] {
            let stage = show(grouped().keys("space").size(width, height), reading);
            insta::assert_snapshot!(format!("{name}_{width}x{height}"), stage.screen());
        }
    }
}

#[test]
fn show_story_lists_its_articles_until_the_filter_is_cleared() {
    let stage = grouped().keys("space ctrl-t");
    assert_eq!(stage.app.filter_bar.text(), "story:1");
    let stage = stage.keys("esc");
    assert_eq!(stage.app.filter_bar.text(), "");
    assert_eq!(stage.app.entry_list.definition().grouping, ListGrouping::Story);
}

#[test]
fn marked_articles_join_the_story_of_the_selected_one() {
    let none = grouped().keys("ctrl-x 1");
    assert!(none.screen().contains("Mark the articles of the story"), "{}", none.screen());
    let link = |id| Change::link_story(EntryId(id), &[EntryId(4)], StoryLink::Same);
    let one = grouped().keys("down alt-v ctrl-x 1");
    assert_eq!(one.writes(), [&StoreWrite::ApplyChange(link(2))]);
    let two = grouped().keys("alt-v alt-v ctrl-x 1");
    let change = Change::Many(vec![link(1), link(2)]);
    assert_eq!(two.writes(), [&StoreWrite::ApplyChange(change)]);
}

#[test]
fn article_leaves_its_story() {
    assert_eq!(grouped().keys("ctrl-x 2").writes(), [&StoreWrite::LeaveStory(EntryId(1))]);
}
