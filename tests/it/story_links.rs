//! The user's choices about stories: an article is put into one, or taken out.

use newsreader::{
    model::{Change, EntryId, JournalSteps, StoryLink},
    store::{LibraryLocation, restore_backup, write_backup},
};
use serde_json::Value;

use crate::{
    stories::{FIRE, StoryLibrary, TAKEOVER, home_with_stories},
    support::program::{run, stderr, stdout},
};

/// A library with a story of three articles, and one beside it.
fn library_with_story() -> (StoryLibrary, [EntryId; 4]) {
    let mut library = StoryLibrary::new();
    let texts = [FIRE[0], FIRE[1], FIRE[2], TAKEOVER];
    let keys = [("a", 0), ("b", 0), ("c", 0), ("d", 0)];
    let mut ids = [EntryId(0); 4];
    for ((id, key), text) in ids.iter_mut().zip(keys).zip(texts) {
        *id = library.store_article(key, text);
    }
    assert_eq!(library.stories(&ids), [Some(ids[0].0), Some(ids[0].0), Some(ids[0].0), None]);
    (library, ids)
}

fn leave_story(library: &mut StoryLibrary, entry: EntryId, others: &[EntryId]) {
    let change = Change::link_story(entry, others, StoryLink::Different);
    library.store.apply_change(&change, chrono::DateTime::UNIX_EPOCH).unwrap();
}

fn undo(library: &mut StoryLibrary) -> JournalSteps {
    library.store.undo_last(1).unwrap()
}

#[test]
fn article_that_was_taken_out_stays_out_until_undo() {
    let (mut library, ids) = library_with_story();
    let [first, second, third, _] = ids;
    leave_story(&mut library, first, &[second, third]);
    let apart = [None, Some(second.0), Some(second.0), None];
    assert_eq!(library.stories(&ids), apart);
    library.store.queue_stories(None).unwrap();
    library.find_stories();
    assert_eq!(library.stories(&ids), apart, "a rebuild keeps the choice");
    assert_eq!(undo(&mut library).changes.len(), 1);
    assert_eq!(library.stories(&ids), [Some(second.0), Some(second.0), Some(second.0), None]);
    assert_eq!(library.reader.load_story_links().unwrap(), []);
    library.store.redo_next().unwrap();
    assert_eq!(library.stories(&ids)[0], None);
}

#[test]
fn article_that_was_put_in_stays_in_until_undo() {
    let (mut library, ids) = library_with_story();
    let [first, .., other] = ids;
    let change = Change::link_story(other, &[first], StoryLink::Same);
    let applied = library.store.apply_change(&change, chrono::DateTime::UNIX_EPOCH).unwrap();
    assert!(applied.title.is_some());
    assert_eq!(library.stories(&ids), [Some(first.0); 4]);
    library.store.queue_stories(None).unwrap();
    library.find_stories();
    assert_eq!(library.stories(&ids), [Some(first.0); 4], "a rebuild keeps the choice");
    undo(&mut library);
    assert_eq!(library.stories(&ids)[3], None);
    assert_eq!(library.stories(&ids)[..3], [Some(first.0); 3]);
}

#[test]
fn article_of_an_archive_can_be_put_into_a_story() {
    let (mut library, [first, ..]) = library_with_story();
    let archived = library.store_article(("old", -100), TAKEOVER);
    let change = Change::link_story(archived, &[first], StoryLink::Same);
    library.store.apply_change(&change, chrono::DateTime::UNIX_EPOCH).unwrap();
    assert_eq!(library.stories(&[archived]), [Some(first.0)]);
    library.store.queue_stories(None).unwrap();
    library.find_stories();
    assert_eq!(library.stories(&[archived, first]), [Some(first.0); 2]);
}

#[test]
fn choices_about_stories_are_part_of_backups() {
    let (mut library, [first, second, third, _]) = library_with_story();
    leave_story(&mut library, first, &[second, third]);
    let location = LibraryLocation::Folder(library.folder.path().to_owned());
    let links = library.reader.load_story_links().unwrap();
    assert_eq!(links.len(), 2);
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("news.backup");
    let passwords = newsreader::model::PasswordExport::LeaveOut;
    write_backup(&location, &file, passwords, "").unwrap();
    let waiting = newsreader::store::WaitingMarks::Send;
    restore_backup(&home.path().join("restored"), &file, waiting).unwrap();
    let restored = LibraryLocation::Folder(home.path().join("restored"));
    let reader = newsreader::store::ReadConnection::open(&restored).unwrap();
    assert_eq!(reader.load_story_links().unwrap(), links);
    assert_eq!(reader.count_stories().unwrap(), (0, 0), "stories are found anew");
}

#[test]
fn story_commands_change_and_explain_stories() {
    let home = home_with_stories();
    run(home.path(), &["story", "rebuild"]);
    let number = |title: &str| {
        let found = run(home.path(), &["list", &format!("title:{title}")]);
        stdout(&found).split('\t').next().unwrap().to_owned()
    };
    let [fire, arson, takeover] = ["destroys", "arson", "buys"].map(number);
    let why = stdout(&run(home.path(), &["why", &fire]));
    assert!(why.contains("story\twith 3 others"), "{why}");
    assert!(why.contains("palin") && why.contains("wasilla"), "{why}");
    let left = run(home.path(), &["story", "leave", &arson]);
    assert_eq!(stdout(&left), "Took “Arson suspected” out of its story\n", "{}", stderr(&left));
    assert_eq!(stdout(&run(home.path(), &["story", "show", &fire])).lines().count(), 3);
    let joined = run(home.path(), &["story", "join", &takeover, &fire]);
    assert_eq!(stdout(&joined), "Put “Oracle buys PeopleSoft” into a story\n");
    let shown = run(home.path(), &["story", "show", &fire, "--json"]);
    let shown: Value = serde_json::from_str(&stdout(&shown)).unwrap();
    assert_eq!(shown["count"], 4);
    let again = run(home.path(), &["story", "join", &takeover, &fire]);
    assert_eq!((stdout(&again).as_str(), again.status.code()), ("Nothing to change\n", Some(1)));
    let undone = stdout(&run(home.path(), &["undo"]));
    assert_eq!(undone, "Undone: put “Oracle buys PeopleSoft” into a story\n");
    assert_eq!(run(home.path(), &["story", "join", &fire, &fire]).status.code(), Some(2));
    assert_eq!(run(home.path(), &["story", "leave", "999"]).status.code(), Some(1));
}
