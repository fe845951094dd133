//! Lists that are grouped by story, and the stories that filters name.

use newsreader::{
    library::search_once,
    model::{
        Change, EntryId, ListDefinition, ListGrouping, SearchRequest, SearchResults, SortOrder,
        ViewScope,
    },
};

use crate::stories::{FIRE, StoryLibrary, TAKEOVER};

/// A library with three reports about a fire, on three days, and one about a takeover on the second day.
fn library() -> (StoryLibrary, [EntryId; 4]) {
    let mut library = StoryLibrary::new();
    let texts =
        [(("a", 0), FIRE[0]), (("b", 1), FIRE[1]), (("c", 2), FIRE[2]), (("d", 1), TAKEOVER)];
    let ids = texts.map(|(key, text)| library.store_article(key, text));
    let [first, .., other] = ids;
    assert_eq!(library.stories(&ids), [Some(first.0), Some(first.0), Some(first.0), None]);
    assert!(other > first);
    (library, ids)
}

fn search(
    library: &StoryLibrary,
    filter: &str,
    order: SortOrder,
    open: &[EntryId],
) -> SearchResults {
    let list = ListDefinition {
        scope: ViewScope::All,
        filter: filter.to_owned(),
        order,
        grouping: ListGrouping::Story,
        ..ListDefinition::default()
    };
    let request = SearchRequest {
        list,
        open_stories: open.to_vec(),
        row_count: 20,
        ..SearchRequest::default()
    };
    search_once(&library.reader, &request).unwrap()
}

fn newest(library: &StoryLibrary, filter: &str) -> SearchResults {
    search(library, filter, SortOrder::NewestFirst, &[])
}

#[test]
fn list_grouped_by_story_has_one_row_for_each_event() {
    let (library, [first, second, third, other]) = library();
    let found = newest(&library, "");
    assert_eq!(*found.ids, [third, other]);
    let fold = found.stories.unwrap();
    assert_eq!((fold.folded.as_slice(), fold.article_count), ([second, first].as_slice(), 4));
    let story = found.rows[0].story.unwrap();
    assert_eq!((story.story.0, story.other_feeds, story.unread), (first.0, 0, 3));
    assert_eq!(found.rows[1].story, None);
    let oldest = search(&library, "", SortOrder::OldestFirst, &[]);
    assert_eq!(*oldest.ids, [other, third], "an event has the place of its newest article");
}

#[test]
fn filter_of_a_list_grouped_by_story_shows_stories_with_a_hit() {
    let (library, [first, second, third, other]) = library();
    for (filter, ids, article_count) in [
        ("apologises", vec![second], 1),
        ("wasilla", vec![third], 3),
        ("wasilla or oracle", vec![third, other], 4),
        ("wasilla -arson", vec![second], 2),
        ("zeppelin", vec![], 0),
    ] {
        let found = newest(&library, filter);
        assert_eq!(*found.ids, ids, "{filter}");
        assert_eq!(found.stories.unwrap().article_count, article_count, "{filter}");
    }
    let opened = search(&library, "apologises", SortOrder::NewestFirst, &[first]);
    assert_eq!(*opened.ids, [second, third, first], "an open story has all of its articles");
}

#[test]
fn open_story_lists_its_articles_below_the_first() {
    let (mut library, [first, second, third, other]) = library();
    for open in [first, second, third] {
        let found = search(&library, "", SortOrder::NewestFirst, &[open]);
        assert_eq!(*found.ids, [third, second, first, other]);
        let fold = found.stories.unwrap();
        assert!(fold.folded.is_empty());
        assert_eq!(fold.opened, [(first, third), (second, third)].into());
    }
    let closed = search(&library, "", SortOrder::NewestFirst, &[other, EntryId(99)]);
    assert_eq!(*closed.ids, [third, other]);
    // What lists leave out is no row, and is not counted.
    let hidden = Change::remove_entries(&[second], chrono::DateTime::UNIX_EPOCH);
    library.store.apply_change(&hidden, chrono::DateTime::UNIX_EPOCH).unwrap();
    let read = Change::set_read(&[first], true);
    library.store.apply_change(&read, chrono::DateTime::UNIX_EPOCH).unwrap();
    let found = search(&library, "", SortOrder::NewestFirst, &[third]);
    assert_eq!(*found.ids, [third, first, other]);
    assert_eq!(found.rows[0].story.unwrap().unread, 1);
}
