//! Searches of the shared archive that the app asks for, and the sentences about their answers.

use newsreader::{
    app::{Effect, FarStatus, Message, RequestId, StoreWrite},
    command::Command,
    model::{
        Entry, EntryId, FarArticle, FarResults, FeedId, ListDefinition, RefreshProgress,
        SearchResults, SessionState, StoredFarArticle,
    },
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

fn far_article(number: usize) -> FarArticle {
    let row = Entry {
        site: Some("Evening Post".to_owned()),
        ..entry(0, &format!("Old bridge {number}"))
    };
    let feed_url = "https://post.example/feed".to_owned();
    FarArticle { feed_url, guid: number.to_string(), entry: row }
}

fn found(articles: usize, is_lower_bound: bool) -> FarStatus {
    let articles = (1..=articles).map(far_article).collect();
    FarStatus::Found(FarResults { articles, is_lower_bound, without_meaning: Vec::new() })
}

/// A filter with one hit, below which rows of the archive have joined.
fn joined(articles: usize) -> Stage {
    let asked = with_archive().paste_filter("bridge", results());
    let id = asked.app.entry_list.latest_request().unwrap();
    asked.send(Message::ArchiveSearched(id, found(articles, false)))
}

/// Returns the articles that the last message has asked to take.
fn taken_articles(stage: &Stage) -> Vec<String> {
    let title = |effect: &Effect| match effect {
        Effect::TakeFarArticle(article) => Some(article.entry.title.clone()),
        _ => None,
    };
    stage.effects.iter().filter_map(title).collect()
}

/// Answers that an article was taken, as an entry with this id.
fn taken(number: usize, id: i64) -> Message {
    let row = Entry { id: EntryId(id), feed: FeedId(1), ..far_article(number).entry };
    Message::FarArticleTaken(Box::new(far_article(number)), Ok(Some(Box::new(row))))
}

/// Answers the latest search with these entries.
fn answer(stage: Stage, ids: &[i64], selected_index: usize) -> Stage {
    let id = stage.app.entry_list.latest_request().unwrap();
    let rows = ids.iter().map(|id| entry(*id, &format!("bridge {id}"))).collect();
    let ids = ids.iter().copied().map(EntryId).collect::<Vec<_>>().into();
    stage.send(Message::ResultsLoaded(
        id,
        Ok(SearchResults { ids, rows, selected_index, ..results() }),
    ))
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
fn archive_that_gives_up_without_a_hit_says_so() {
    let asked = with_archive().paste_filter("bridge", results());
    let (id, _) = far_search(&asked).unwrap();
    let given_up = asked.send(Message::ArchiveSearched(id, found(0, true)));
    let screen = given_up.screen();
    assert!(screen.contains("archive not searched to its end"), "{screen}");
    let told = given_up.keys("ctrl-x ^");
    assert!(told.screen().contains("a longer filter is quicker"), "{}", told.screen());
}

#[test]
fn parts_of_a_filter_that_the_archive_does_not_know_are_named() {
    let asked = with_archive().paste_filter("bridge is:hidden", results());
    let (id, _) = far_search(&asked).unwrap();
    let without_meaning = vec!["is:hidden"];
    let found = FarResults { articles: Vec::new(), is_lower_bound: false, without_meaning };
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

#[test]
fn rows_of_the_archive_join_below_and_move_nothing() {
    let asked = with_archive().paste_filter("bridge", results());
    let (before, id) = (asked.rows(), asked.app.entry_list.latest_request().unwrap());
    let searching = asked.send(Message::ArchiveSearched(id, FarStatus::Searching));
    assert!(searching.screen().contains("Searching the archive…"), "{}", searching.screen());
    let joined = searching.send(Message::ArchiveSearched(id, found(3, false)));
    assert_eq!(joined.selected(), "bridge");
    let rows = joined.rows();
    let at = |text: &str| rows.iter().position(|row| row.contains(text)).unwrap();
    assert!(at("From the archive") < at("Old bridge 1") && at("Old bridge 1") < at("Old bridge 3"));
    let first = before.iter().position(|row| row.contains("bridge") && row.contains("Feed"));
    assert_eq!(first.map(|row| &before[row]), first.map(|row| &rows[row]));
    assert!(joined.screen().contains("1 of 12,398 · 3 in the archive"), "{}", joined.screen());
    // They belong to their filter.
    let other = joined.paste_filter(" tower", SearchResults::default());
    assert!(!other.screen().contains("Old bridge"), "{}", other.screen());
}

#[test]
fn row_of_the_archive_is_taken_when_it_is_opened_and_stays_in_its_place() {
    let opened = joined(3).keys("down down enter");
    assert_eq!(taken_articles(&opened), ["Old bridge 2"]);
    assert!(opened.screen().contains("Fetching the article from the archive…"));
    let twice = opened.keys("enter");
    assert_eq!(taken_articles(&twice), Vec::<String>::new(), "it is on its way");
    // The library lists it by its date before the answer is here: before the others.
    let shown = answer(twice, &[90, 1], 0).send(taken(2, 90));
    assert_eq!(shown.selected(), "Old bridge 2");
    let writes = shown.writes();
    assert!(writes.contains(&&StoreWrite::MarkOpened(EntryId(90))), "{writes:?}");
    let again = answer(shown, &[90, 1], 1);
    assert_eq!(again.selected(), "bridge 90", "the row of the library, in the same place");
    assert!(again.app.entry_list.selected_index() == 2);
    let rows: Vec<Option<String>> =
        (0..5).map(|index| again.app.entry_list.row(index).map(|row| row.title.clone())).collect();
    let title = |text: &str| Some(text.to_owned());
    assert_eq!(rows, [title("bridge 1"), None, title("bridge 90"), None, None]);
    assert_eq!(again.app.entry_list.ids(), [1, 90].map(EntryId), "acts on the list have it");
    assert!(again.screen().contains("2 in the archive"), "{}", again.screen());
}

#[test]
fn acts_on_a_row_of_the_archive_say_that_it_has_to_be_opened() {
    for command in [
        Command::ToggleStar,
        Command::ToggleRead,
        Command::TagArticle,
        Command::RemoveArticle,
        Command::OpenInBrowser,
        Command::ToggleRowMark,
        Command::ShowWhy,
        Command::FilterBySelected,
    ] {
        let told = joined(3).keys("down").send(Message::Command(command));
        let screen = told.screen();
        let sentence = "Only the archive has this article; open it first · → opens it";
        assert!(screen.contains(sentence), "{command:?}: {screen}");
        assert!(told.writes().is_empty() && told.app.overlay.is_none(), "{command:?}");
    }
    let all = joined(3).keys("down").send(Message::Command(Command::MarkListRead));
    let marked = newsreader::model::Change::set_read(&[EntryId(1)], true);
    assert_eq!(all.writes(), [&StoreWrite::ApplyChange(marked)], "the list is the library's");
}

#[test]
fn selected_row_of_the_archive_stays_selected_when_articles_arrive() {
    let chosen = joined(3).keys("down down");
    let again = answer(chosen.send(Message::IndexUpdated), &[7, 8, 1], 0);
    let far = again.app.entry_list.selected_far_article().map(|far| far.guid.clone());
    assert_eq!(far.as_deref(), Some("2"));
    // Others arrive in parts: nothing moves before all of them are here.
    let partial = SearchResults { is_partial: true, ..results() };
    let again = again.send(Message::IndexUpdated);
    let id = again.app.entry_list.latest_request().unwrap();
    let again = again.send(Message::ResultsLoaded(id, Ok(partial)));
    let far = again.app.entry_list.selected_far_article().map(|far| far.guid.clone());
    assert_eq!(far.as_deref(), Some("2"));
}

#[test]
fn row_of_the_archive_leaves_when_a_refresh_brings_its_article() {
    let chosen = joined(3).keys("down down");
    let again = answer(chosen.send(Message::IndexUpdated), &[7, 8, 1], 0);
    let asked = again.effects.iter().find_map(|effect| match effect {
        Effect::FindStoredFarArticles(articles) => Some(articles.clone()),
        _ => None,
    });
    assert_eq!(asked, Some((1..=3).map(far_article).collect()));
    let stored = |number: usize, id: Option<i64>| StoredFarArticle {
        article: far_article(number),
        id: id.map(EntryId),
    };
    // The first is above the selected one, which stays.
    let without = again.send(Message::FarArticlesStored(vec![stored(1, Some(7))]));
    let far = |stage: &Stage| {
        stage.app.entry_list.selected_far_article().map(|far| far.entry.title.clone())
    };
    assert_eq!(far(&without).as_deref(), Some("Old bridge 2"));
    assert_eq!(without.app.entry_list.row_count(), 5);
    assert!(without.screen().contains("2 in the archive"), "{}", without.screen());
    // The selected one is selected where the library lists it.
    let moved = without.send(Message::FarArticlesStored(vec![stored(2, Some(8))]));
    assert_eq!(
        (moved.app.entry_list.selected_id(), moved.app.entry_list.row_count()),
        (Some(EntryId(8)), 4)
    );
    let gone = moved.send(Message::FarArticlesStored(vec![stored(3, None)]));
    assert_eq!(
        (gone.app.entry_list.selected_id(), gone.app.entry_list.row_count()),
        (Some(EntryId(8)), 3)
    );
}

#[test]
fn article_that_the_archive_has_no_more_leaves_its_row() {
    let opened = joined(2).keys("down down enter");
    let gone = opened.send(Message::FarArticleTaken(Box::new(far_article(2)), Ok(None)));
    assert!(gone.screen().contains("The archive no longer has this article"), "{}", gone.screen());
    assert_eq!(gone.app.entry_list.row_count(), 2);
    let failed = gone.keys("enter");
    assert_eq!(taken_articles(&failed), ["Old bridge 1"]);
    let failed =
        failed.send(Message::FarArticleTaken(Box::new(far_article(1)), Err(failure("it is down"))));
    assert!(failed.screen().contains("it is down"), "{}", failed.screen());
    assert_eq!(taken_articles(&failed.keys("enter")), ["Old bridge 1"], "it is asked again");
}

#[test]
fn rows_of_the_archive_follow_lists_by_date_alone() {
    for (keys, words, joins) in [
        ("ctrl-x G", "by day", true),
        ("ctrl-x G", "by feed", false),
        ("ctrl-x S", "oldest", false),
        ("ctrl-x S", "title", false),
    ] {
        let arranged = joined(3).keys(keys).text(words).keys("enter");
        let id = arranged.app.entry_list.latest_request().unwrap();
        let found = arranged.send(Message::ArchiveSearched(id, found(3, false)));
        let screen = found.screen();
        assert_eq!(screen.contains("Old bridge 1"), joins, "{words}: {screen}");
        assert!(screen.contains("3 in the archive"), "{words}: {screen}");
    }
}

#[test]
fn list_with_nothing_but_rows_of_the_archive_opens_them() {
    let nothing = SearchResults { stored_count: 12_398, ..SearchResults::default() };
    let asked = with_archive().paste_filter("bridge", nothing);
    let id = asked.app.entry_list.latest_request().unwrap();
    let searching = asked.send(Message::ArchiveSearched(id, FarStatus::Searching));
    assert!(searching.screen().contains("Searching the archive…"), "{}", searching.screen());
    let joined = searching.send(Message::ArchiveSearched(id, found(2, false)));
    assert!(joined.screen().contains("Old bridge 1"), "{}", joined.screen());
    let shown = joined.keys("enter");
    assert_eq!(taken_articles(&shown), ["Old bridge 1"]);
    assert_eq!(shown.send(taken(1, 90)).selected(), "Old bridge 1");
}

#[test]
fn screens_with_rows_of_the_archive_match_snapshots() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let stage = joined(3).keys("down").size(width, height);
        insta::assert_snapshot!(format!("archive_rows_{width}x{height}"), stage.screen());
    }
}

#[test]
fn row_of_the_archive_is_opened_where_the_library_had_nothing_of_the_list() {
    let nothing = SearchResults { stored_count: 12_398, ..SearchResults::default() };
    // Articles arrive before the first key: the list is to be shown from its top, and then another one is asked for.
    let mut arrived = with_archive();
    let message = Message::RefreshProgressed(RefreshProgress::ArticlesArrived);
    drop(arrived.app.update(message, arrived.now));
    let asked = arrived.paste_filter("bridge", nothing);
    let id = asked.app.entry_list.latest_request().unwrap();
    let opened = asked.send(Message::ArchiveSearched(id, found(3, false))).keys("down enter");
    assert_eq!(taken_articles(&opened), ["Old bridge 2"]);
    // The library is searched again before the answer is here.
    let shown = answer(opened.send(Message::IndexUpdated), &[], 0).send(taken(2, 90));
    assert_eq!(shown.selected(), "Old bridge 2");
    let writes = shown.writes();
    assert!(writes.contains(&&StoreWrite::MarkOpened(EntryId(90))), "{writes:?}");
}
