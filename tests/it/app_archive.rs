//! Searches of the shared archive that the app asks for, and the sentences about their answers.

use newsreader::{
    app::{Effect, FarStatus, Message, RequestId},
    model::{EntryId, FarCount, ListDefinition, SearchResults, SessionState},
};

use crate::support::{Stage, entry, failure, settings, stage, stage_with};

fn with_archive() -> Stage {
    let mut settings = settings();
    settings.archive.push_str("postgres://ann@archive.example/news");
    stage_with(&["bridge", "tower"], settings, SessionState::default()).size(120, 40)
}

fn results() -> SearchResults {
    SearchResults {
        ids: vec![EntryId(1)].into(),
        rows: vec![entry(1, "bridge")],
        stored_count: 12_398,
        scope_count: 12_398,
        ..SearchResults::default()
    }
}

fn found(articles: usize, is_lower_bound: bool) -> FarStatus {
    FarStatus::Found(FarCount { articles, is_lower_bound, without_meaning: Vec::new() })
}

/// Returns the search in the archive that the last message has asked for.
fn far_search(stage: &Stage) -> Option<(RequestId, ListDefinition)> {
    stage.effects.iter().find_map(|effect| match effect {
        Effect::SearchArchive(id, list) => Some((*id, list.clone())),
        _ => None,
    })
}

#[test]
fn archive_is_searched_for_a_filter_and_its_articles_are_counted_and_taken() {
    let asked = with_archive().paste_filter("bridge", results());
    let (id, list) = far_search(&asked).unwrap();
    assert_eq!(list.filter, "bridge");
    assert!(!asked.screen().contains("archive"), "{}", asked.screen());
    let searching = asked.send(Message::ArchiveSearched(id, FarStatus::Searching));
    assert!(searching.screen().contains("searching the archive…"), "{}", searching.screen());
    let counted = searching.send(Message::ArchiveSearched(id, found(300, true)));
    let screen = counted.screen();
    assert!(screen.contains("1 of 12,398 · at least 300 in the archive"), "{screen}");
    let narrow = counted.size(40, 15);
    assert!(narrow.screen().contains("1 of 12,398"), "{}", narrow.screen());
    let taking = narrow.size(120, 40).keys("ctrl-x ^");
    assert!(
        taking.effects.contains(&Effect::TakeFromArchive(list.clone())),
        "{:?}",
        taking.effects
    );
    let taken = taking.send(Message::ArchiveTaken(Ok(100)));
    assert!(taken.screen().contains("Took 100 articles from the archive"), "{}", taken.screen());
    assert_eq!(far_search(&taken).map(|(_, list)| list), Some(list), "what is left is counted");
}

#[test]
fn archive_is_asked_once_for_a_list_however_often_articles_arrive() {
    let asked = with_archive().paste_filter("bridge", results());
    let (id, _) = far_search(&asked).unwrap();
    let counted = asked.send(Message::ArchiveSearched(id, found(3, false)));
    let again = counted.send(Message::IndexUpdated);
    assert!(again.screen().contains("· 3 in the archive"), "{}", again.screen());
    let other = again.paste_filter(" tower", SearchResults::default());
    let (newer, _) = far_search(&other).unwrap();
    assert!(newer > id);
    let late = other.send(Message::ArchiveSearched(id, found(9, false)));
    assert!(!late.screen().contains("9 in the archive"), "{}", late.screen());
}

#[test]
fn archive_that_fails_is_named_with_its_reason() {
    let asked = with_archive().paste_filter("bridge", results());
    let (id, _) = far_search(&asked).unwrap();
    let reason = "The archive at db.example cannot be reached: it is down".to_owned();
    let failed = asked.send(Message::ArchiveSearched(id, FarStatus::Failed(reason.clone())));
    assert!(failed.screen().contains("no answer from the archive"), "{}", failed.screen());
    let told = failed.keys("ctrl-x ^");
    assert!(told.screen().contains(&reason), "{}", told.screen());
    let failed = told.send(Message::ArchiveTaken(Err(failure("the archive has gone"))));
    assert!(failed.screen().contains("the archive has gone"), "{}", failed.screen());
}

#[test]
fn parts_of_a_filter_that_the_archive_does_not_know_are_named() {
    let asked = with_archive().paste_filter("bridge is:hidden", results());
    let (id, _) = far_search(&asked).unwrap();
    let without_meaning = vec!["is:hidden"];
    let found = FarCount { articles: 0, is_lower_bound: false, without_meaning };
    let told = asked.send(Message::ArchiveSearched(id, FarStatus::Found(found))).keys("ctrl-x ^");
    assert!(told.screen().contains("The archive does not know is:hidden"), "{}", told.screen());
}

#[test]
fn without_an_archive_or_a_filter_nothing_is_asked() {
    let without = stage(&["bridge"]).paste_filter("bridge", results());
    assert_eq!(far_search(&without), None);
    let told = without.keys("ctrl-x ^");
    assert!(told.screen().contains("settings name no archive"), "{}", told.screen());
    let unfiltered = with_archive().send(Message::IndexUpdated);
    assert_eq!(far_search(&unfiltered), None);
}
