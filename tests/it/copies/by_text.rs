//! Copies by text: a teaser and its full text, or one report in several feeds, whatever their addresses are.

use newsreader::{
    library::{StoryAccess, StoryFinder},
    model::{Actor, Change, EntryId, StoryLink},
    store::StoryUpdate,
};

use super::{CopyLibrary, edits::actors, ids, upsert};
use crate::stories::{FIRE, TAKEOVER};

const TEASER_URL: &str = "https://one.example/teaser";
const REPORT_URL: &str = "https://two.example/report";
const TAKEOVER_URL: &str = "https://two.example/takeover";

/// Finds the stories of the articles that have arrived, and with them the copies.
fn find_copies(library: &mut CopyLibrary) {
    let folder = tempfile::tempdir().unwrap();
    let CopyLibrary { store, reader, .. } = library;
    let mut commit = |update: StoryUpdate| store.apply_story_update(&update);
    let mut access = StoryAccess {
        reader,
        folder: folder.path(),
        go_on: &|| true,
        batch_size: 64,
        commit: &mut commit,
    };
    StoryFinder::default().update(&mut access).unwrap();
}

/// The full text of the report of which [`FIRE`] has the teaser.
fn full_text() -> String {
    format!(
        "{} The choir was to sing there on Sunday, and a zeppelin was to be christened.",
        FIRE[0]
    )
}

/// A library in which the feed 1 has a teaser, and the feed 2 the full text and another article. The teaser is
/// starred.
fn library_with_teaser(name: &str) -> CopyLibrary {
    let mut library = CopyLibrary::new(name);
    library.arrive_as(1, upsert("a", TEASER_URL, FIRE[0]));
    library.apply(&Change::set_starred(&ids(&[1]), true));
    library.arrive_as(2, upsert("b", REPORT_URL, &full_text()));
    library.arrive_as(2, upsert("c", TAKEOVER_URL, TAKEOVER));
    find_copies(&mut library);
    library
}

/// Says that the articles 1 and 2 are about different events.
fn part(library: &mut CopyLibrary) {
    library.apply(&Change::link_story(EntryId(2), &ids(&[1]), StoryLink::Different));
}

#[test]
fn teaser_and_full_text_are_one_row_with_one_star() {
    let mut library = library_with_teaser("text-row");
    assert_eq!((library.all(), library.search("is:copy")), (vec![1, 3], vec![2]));
    assert_eq!(library.search("zeppelin"), [2], "only the full text has the word");
    assert_eq!(library.search("is:copy is:star"), [2]);
    assert_eq!(actors(&library), [Actor::Copy, Actor::User]);
    library.apply(&Change::set_read(&ids(&[1]), true));
    assert!(library.is_read(2));
    library.check_counts();
    library.store.undo().unwrap();
    library.store.undo().unwrap();
    assert_eq!(library.search("is:star"), [0; 0], "undo of the star reaches the copy");
    library.check_counts();
}

#[test]
fn article_with_the_address_of_a_copy_joins_it() {
    let mut library = library_with_teaser("text-address");
    library.arrive_as(3, upsert("d", REPORT_URL, "A notice about the fire."));
    assert_eq!((library.all(), library.search("is:copy")), (vec![1, 3], vec![2, 4]));
    assert_eq!(library.search("is:copy is:star"), [2, 4]);
    library.check_counts();
}

#[test]
fn copies_by_address_become_copies_by_text_together() {
    let mut library = CopyLibrary::new("text-together");
    library.arrive_as(1, upsert("a", TEASER_URL, FIRE[0]));
    library.arrive_as(2, upsert("b", REPORT_URL, "A notice about the fire."));
    library.arrive_as(3, upsert("c", REPORT_URL, &full_text()));
    find_copies(&mut library);
    assert_eq!((library.all(), library.search("is:copy")), (vec![1], vec![2, 3]));
    library.check_counts();
}

#[test]
fn what_one_feed_brings_twice_is_two_articles() {
    let mut library = CopyLibrary::new("text-twice");
    library.arrive_as(1, upsert("a", TEASER_URL, FIRE[0]));
    library.arrive_as(1, upsert("b", REPORT_URL, &full_text()));
    find_copies(&mut library);
    assert_eq!(library.all(), [1, 2]);
    library.arrive_as(2, upsert("c", "https://three.example/", &full_text()));
    find_copies(&mut library);
    assert_eq!(library.all(), [1, 2]);
    library.check_counts();
}

#[test]
fn articles_that_the_user_parts_stay_apart_until_undo() {
    let mut library = library_with_teaser("text-parted");
    part(&mut library);
    assert_eq!(library.all(), [1, 2, 3]);
    library.check_counts();
    library.store.queue_stories(None).unwrap();
    find_copies(&mut library);
    assert_eq!(library.all(), [1, 2, 3], "a rebuild keeps the choice");
    library.store.undo().unwrap();
    find_copies(&mut library);
    assert_eq!(library.all(), [1, 3]);
    library.check_counts();
}

#[test]
fn parted_copies_of_several_feeds_stay_copies_of_each_other() {
    let mut library = library_with_teaser("text-parted-three");
    library.arrive_as(3, upsert("d", "https://three.example/", &full_text()));
    find_copies(&mut library);
    assert_eq!(library.search("is:copy"), [2, 4]);
    library.apply(&Change::link_story(EntryId(1), &ids(&[2, 4]), StoryLink::Different));
    assert_eq!((library.all(), library.search("is:copy")), (vec![1, 2, 3], vec![4]));
    library.check_counts();
}

#[test]
fn edited_address_keeps_a_copy_by_text() {
    let mut library = library_with_teaser("text-moved");
    library.arrive_as(2, upsert("b", "https://two.example/moved", &full_text()));
    find_copies(&mut library);
    assert_eq!((library.all(), library.search("is:copy")), (vec![1, 3], vec![2]));
    library.check_counts();
}

#[test]
fn article_without_an_address_can_be_a_copy_by_text() {
    let mut library = CopyLibrary::new("text-no-address");
    for (feed, guid) in [(1, "a"), (2, "b")] {
        let mut entry = upsert(guid, TEASER_URL, FIRE[0]).entry().clone();
        entry.link = None;
        library.arrive_as(feed, newsreader::store::EntryUpsert::new(entry, 0, None));
    }
    find_copies(&mut library);
    assert_eq!((library.all(), library.search("is:copy")), (vec![1], vec![2]));
    part(&mut library);
    assert_eq!(library.all(), [1, 2]);
    library.check_counts();
}
