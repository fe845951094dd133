//! Old articles that a library releases to a shared archive, which has them as well.

use std::sync::Arc;

use newsreader::model::{Change, KeptEntries, TagMark, TagName};

use crate::{
    archive_exchange::{FEED, MemorySource, Team, articles, change, find, refresh},
    archive_far::{filtered, publish_stories, searcher, storing},
    refresh::FeedLibrary,
};

/// Lets everything in a library have happened long ago.
fn age(library: &FeedLibrary) {
    let db = rusqlite::Connection::open(library.location.database_path()).unwrap();
    db.execute_batch("UPDATE entries SET arrived = 0; UPDATE journal SET at = 0").unwrap();
}

/// A library with 20 stories of the archive and two of the feed, all of which have been there for long and are read, but
/// for one; one is starred, and one to be read later.
fn library_of_long_standing(team: &Team, name: &str) -> FeedLibrary {
    publish_stories(team, 101..=120);
    let mut desk = team.reader(name, "ann");
    desk.subscribe(FEED);
    refresh(&mut desk);
    assert_eq!(articles(&desk).len(), 22);
    let list = filtered("");
    let mut ids = desk.reader.list_entry_ids(&list, 0, &KeptEntries::default(), 1000).unwrap();
    ids.retain(|id| *id != find(&desk, "Old story 103"));
    change(&mut desk, &Change::set_read(&ids, true));
    let (starred, later) = (find(&desk, "Old story 104"), find(&desk, "Old story 105"));
    change(&mut desk, &Change::set_starred(&[starred], true));
    change(&mut desk, &Change::set_tag(&[later], TagName::later(), TagMark::On));
    refresh(&mut desk);
    age(&desk);
    desk
}

#[test]
fn articles_that_have_just_arrived_or_been_marked_are_not_released() {
    let team = Team::new();
    let mut desk = library_of_long_standing(&team, "release-recent");
    let story = find(&desk, "Old story 101");
    change(&mut desk, &Change::set_read(&[story], false));
    change(&mut desk, &Change::set_read(&[story], true));
    keep(&team, &mut desk, 12);
    refresh(&mut desk);
    let kept = articles(&desk);
    assert_eq!(kept.len(), 16, "{kept:?}");
    assert!(kept.contains(&"Old story 101 read".to_owned()), "it was marked just now");
    let mut laptop = team.reader("release-recent-laptop", "ann");
    refresh(&mut laptop);
    let count = articles(&laptop).len();
    keep(&team, &mut laptop, 1);
    refresh(&mut laptop);
    assert_eq!(articles(&laptop).len(), count, "they have arrived just now");
}

/// Has a library keep so many articles from its next refresh on.
fn keep(team: &Team, library: &mut FeedLibrary, count: u64) {
    library.sources.archive = Some(Arc::new(MemorySource(team.archive.connect("ann"), count)));
}

#[test]
fn library_releases_old_articles_that_were_read_and_that_the_archive_has() {
    let team = Team::new();
    let mut desk = library_of_long_standing(&team, "release");
    keep(&team, &mut desk, 12);
    let done = refresh(&mut desk);
    assert_eq!((done.problem, done.sent_marks), (None, 0));
    let kept = articles(&desk);
    assert_eq!(kept.len(), 15, "the newest twelve, and three with marks: {kept:?}");
    for kept_one in ["Old story 103", "Old story 104 read starred", "Old story 105 read later"] {
        assert!(kept.contains(&kept_one.to_owned()), "{kept_one}: {kept:?}");
    }
    let far = searcher(&desk).find(&filtered("bridge")).unwrap().articles;
    let far: Vec<(&str, bool)> =
        far.iter().map(|far| (&*far.entry.title, far.entry.state.read)).collect();
    let released =
        [110, 109, 108, 107, 106, 102, 101].map(|number| (format!("Old story {number}"), true));
    let released: Vec<(&str, bool)> =
        released.iter().map(|(title, read)| (title.as_str(), *read)).collect();
    assert_eq!(far, released, "they are found as rows of the archive");
    assert_eq!(desk.reader.measure_trash().unwrap().articles, 0);
    // Nothing brings them back but the user, and the archive keeps them.
    let done = refresh(&mut desk);
    assert_eq!((done.new_entries, done.changed_entries, done.published_articles), (0, 0, 0));
    assert_eq!((articles(&desk).len(), team.archived().len()), (15, 22));
}

#[test]
fn released_article_that_is_taken_again_is_as_it_was() {
    let team = Team::new();
    let mut desk = library_of_long_standing(&team, "release-take");
    keep(&team, &mut desk, 12);
    refresh(&mut desk);
    let far = searcher(&desk).find(&filtered("title:107 ")).unwrap().articles;
    let mut searcher = searcher(&desk);
    let taken = searcher.take_one(&far[0], &mut storing(&mut desk)).unwrap().unwrap();
    assert_eq!((taken.title.as_str(), taken.state.read), ("Old story 107", true));
    assert_eq!(desk.reader.load_body(taken.id).unwrap().unwrap().text, "A long bridge");
    refresh(&mut desk);
    assert!(articles(&desk).contains(&"Old story 107 read".to_owned()), "it has just been taken");
}

#[test]
fn released_articles_are_back_when_the_library_joins_anew() {
    let team = Team::new();
    let mut desk = library_of_long_standing(&team, "release-anew");
    keep(&team, &mut desk, 12);
    refresh(&mut desk);
    assert_eq!(articles(&desk).len(), 15);
    desk.store.join_archive("postgres://ann@other.example/news").unwrap();
    keep(&team, &mut desk, 1_000);
    refresh(&mut desk);
    assert_eq!(articles(&desk).len(), 22);
    assert!(articles(&desk).contains(&"Old story 107 read".to_owned()));
}

#[test]
fn article_that_the_archive_lacks_is_not_released() {
    let team = Team::new();
    let mut desk = library_of_long_standing(&team, "release-other");
    // Its address is a secret, so that it is not published.
    let private = "http://post.example/feed?token=8fea";
    desk.subscribe(private);
    refresh(&mut desk);
    let ids = desk.reader.list_entry_ids(&filtered(""), 0, &KeptEntries::default(), 1000).unwrap();
    change(&mut desk, &Change::set_read(&ids, true));
    refresh(&mut desk);
    age(&desk);
    keep(&team, &mut desk, 1);
    let before = articles(&desk).len();
    refresh(&mut desk);
    let kept = articles(&desk);
    assert!(kept.len() < before);
    let of_private = kept.iter().filter(|title| title.starts_with("Story")).count();
    assert!(of_private >= 2, "{kept:?}");
}
