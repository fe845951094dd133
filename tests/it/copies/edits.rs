//! Entries that become copies, or stop being copies, because their URL is edited.

use newsreader::{
    model::{Actor, Change, ChangeId, EntryId, TagMark, TagName},
    store::EntryUpsert,
};

use super::{BRIDGE, CopyLibrary, ids, upsert};

#[test]
fn edited_url_makes_a_copy_or_none() {
    let mut library = CopyLibrary::new("edited");
    library.arrive(1, BRIDGE);
    library.arrive_as(2, upsert("a", "https://press.example/draft", "One."));
    assert_eq!(library.all(), [1, 2]);
    library.arrive_as(2, upsert("a", BRIDGE, "One."));
    assert_eq!(library.all(), [1]);
    library.arrive_as(2, upsert("a", "https://press.example/other", "One."));
    assert_eq!(library.all(), [1, 2]);
    library.check_counts();
}

#[test]
fn entry_whose_url_is_edited_shares_the_marks_of_its_copies() {
    let mut library = CopyLibrary::new("edited-marks");
    let [urgent, quiet] = ["urgent", "quiet"].map(|name| TagName::parse(name).unwrap());
    library.arrive_as(2, upsert("a", "https://press.example/draft", "One."));
    library.apply(&Change::set_tag(&ids(&[1]), quiet, TagMark::On));
    library.arrive(1, BRIDGE);
    library.apply(&Change::set_tag(&ids(&[2]), urgent, TagMark::On));
    library.apply(&Change::set_starred(&ids(&[2]), true));
    library.apply(&Change::set_read(&ids(&[2]), true));
    library.arrive_as(2, upsert("a", BRIDGE, "One."));
    assert_eq!(library.search("is:read is:star tag:urgent tag:quiet"), [1]);
    assert_eq!(library.search("is:copy is:read is:star tag:urgent tag:quiet"), [2]);
    library.check_counts();
}

/// A library in which the starred article 1 becomes a copy of the read article 2.
fn library_with_a_joined_copy(name: &str) -> CopyLibrary {
    let mut library = CopyLibrary::new(name);
    library.arrive_as(2, upsert("a", "https://press.example/draft", "One."));
    library.apply(&Change::set_starred(&ids(&[1]), true));
    library.arrive(1, BRIDGE);
    library.apply(&Change::set_read(&ids(&[2]), true));
    library.arrive_as(2, upsert("a", BRIDGE, "One."));
    library
}

/// Whether the articles 1 and 2 are read and starred.
fn marks(library: &CopyLibrary) -> [(bool, bool); 2] {
    [1, 2].map(|id| {
        let state = library.reader.load_entry(EntryId(id)).unwrap().unwrap().state;
        (state.read, state.starred)
    })
}

pub(super) fn actors(library: &CopyLibrary) -> Vec<Actor> {
    let mut actors = Vec::new();
    library.reader.for_each_recorded_change(None, 9, &mut |row| actors.push(row.actor)).unwrap();
    actors
}

#[test]
fn marks_that_an_edited_entry_and_its_copy_share_are_in_the_journal() {
    let mut library = library_with_a_joined_copy("edited-journal");
    assert_eq!(marks(&library), [(true, true), (true, true)]);
    assert_eq!(actors(&library), [Actor::Copy, Actor::User, Actor::User]);
    let all = library.store.undo_back_to(ChangeId(1), 3).unwrap();
    assert_eq!((all.count(), marks(&library)), (3, [(false, false), (false, false)]));
    library.check_counts();
}

#[test]
fn undo_of_a_mark_reaches_the_copy_that_has_taken_it_over() {
    let mut library = library_with_a_joined_copy("edited-undo");
    library.store.undo().unwrap();
    assert_eq!(marks(&library), [(false, true), (false, true)], "read was the last act");
    library.store.undo().unwrap();
    assert_eq!(marks(&library), [(false, false), (false, false)]);
    library.store.redo().unwrap();
    assert_eq!(marks(&library), [(false, true), (false, true)]);
    library.check_counts();
}

#[test]
fn edit_that_shares_no_marks_is_not_in_the_journal() {
    let mut library = CopyLibrary::new("edited-quiet");
    library.arrive_as(2, upsert("a", "https://press.example/draft", "One."));
    library.arrive(1, BRIDGE);
    library.arrive_as(2, upsert("a", BRIDGE, "One."));
    assert_eq!(actors(&library), []);
}

#[test]
fn entry_that_loses_its_url_is_no_copy_any_more() {
    let mut library = CopyLibrary::new("edited-none");
    library.arrive(1, BRIDGE);
    library.arrive_as(2, upsert("a", BRIDGE, "One."));
    assert_eq!(library.all(), [1]);
    let mut entry = upsert("a", BRIDGE, "One.").entry().clone();
    entry.link = None;
    library.arrive_as(2, EntryUpsert::new(entry, 0, None));
    assert_eq!((library.all(), library.search("is:copy")), (vec![1, 2], vec![]));
    assert!(library.reader.load_copies().unwrap().is_empty());
    library.check_counts();
}
