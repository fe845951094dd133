//! The journal: who made which change, steps to any point of it, on the screen and as a command.

use chrono::{TimeDelta, Utc};
use newsreader::{
    app::{ChangeAction, Effect, JournalPage, JournalRequest, JournalRow, Message, StoreWrite},
    model::{Actor, AppliedChange, Change, ChangeId, EntryId, JournalSteps, RecordedChange},
    store::{LibraryLocation, ReadConnection, WriteConnection},
};
use proptest::prelude::*;

use crate::{
    library::library_with,
    support::{
        Stage, now,
        program::{home_with_library, run, stderr, stdout},
        stage,
    },
};

fn recorded_changes(reader: &ReadConnection) -> Vec<RecordedChange> {
    let mut changes = Vec::new();
    reader.for_each_recorded_change(None, usize::MAX, &mut |change| changes.push(change)).unwrap();
    changes
}

fn star(id: i64) -> Change {
    Change::set_starred(&[EntryId(id)], true)
}

/// The article ids that are starred.
fn starred(reader: &ReadConnection) -> Vec<i64> {
    let is_starred = |id: &i64| reader.load_entry(EntryId(*id)).unwrap().unwrap().state.starred;
    (1..=3).filter(is_starred).collect()
}

const THREE: [(&str, &str); 3] = [("a", "one"), ("b", "two"), ("c", "three")];

#[test]
fn journal_names_the_actor_of_each_change() {
    let (mut store, reader, _) = library_with("journal-actors", &THREE);
    store.apply_change(&star(1), Utc::now()).unwrap();
    let noise = Actor::Rule("Noise".to_owned());
    store.apply_change_by(&noise, &star(2), Utc::now()).unwrap();
    let actors: Vec<Actor> = recorded_changes(&reader).into_iter().map(|row| row.actor).collect();
    assert_eq!(actors, [noise, Actor::User]);
}

#[test]
fn change_of_a_rule_leaves_what_can_be_redone() {
    let (mut store, reader, _) = library_with("journal-rule", &THREE);
    store.apply_change(&star(1), Utc::now()).unwrap();
    store.undo().unwrap();
    store.apply_change_by(&Actor::Rule("Noise".to_owned()), &star(2), Utc::now()).unwrap();
    assert!(store.redo().unwrap().is_some());
    assert_eq!(starred(&reader), [1, 2]);
    store.undo_last(2).unwrap();
    store.apply_change(&star(3), Utc::now()).unwrap();
    assert!(store.redo().unwrap().is_none(), "the user did something else");
}

#[test]
fn undo_to_a_change_undoes_as_many_as_were_asked_about() {
    let (mut store, reader, _) = library_with("journal-to", &THREE);
    for id in 1..=3 {
        store.apply_change(&star(id), Utc::now()).unwrap();
    }
    let second = recorded_changes(&reader)[1].id;
    assert!(!store.undo_back_to(second, 1).unwrap().has_effect(), "two changes, not one");
    assert!(!store.undo_back_to(second, 3).unwrap().has_effect(), "two changes, not three");
    assert_eq!(starred(&reader), [1, 2, 3]);
    assert_eq!(store.undo_back_to(second, 2).unwrap().count(), 2);
    assert_eq!(starred(&reader), [1]);
    let third = recorded_changes(&reader)[0].id;
    assert!(!store.redo_up_to(third, 1).unwrap().has_effect());
    assert_eq!(store.redo_up_to(third, 2).unwrap().count(), 2);
    assert_eq!(starred(&reader), [1, 2, 3]);
}

#[test]
fn unreadable_change_is_listed_and_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().to_owned());
    let mut store = WriteConnection::open(&location).unwrap();
    let feed = newsreader::model::FeedKind::Web;
    let feed = store.add_feed(feed, "https://a.example/", "A").unwrap().feed;
    store.apply_change(&Change::set_unsubscribed(feed, true), Utc::now()).unwrap();
    let db = rusqlite::Connection::open(location.database_path()).unwrap();
    db.execute("INSERT INTO journal (at, change) VALUES (9, '{\"polished\":{\"ids\":[1]}}')", [])
        .unwrap();
    let reader = ReadConnection::open(&location).unwrap();
    let rows = recorded_changes(&reader);
    assert_eq!((rows.len(), &rows[0].change), (2, &None));
    let row = newsreader::app::describe_recorded_change(&rows[0], now());
    assert!(row.sentence.contains("cannot read") && !row.is_readable, "{row:?}");
    let undone = store.undo_last(5).unwrap();
    assert_eq!(undone.count(), 1, "the change before it is undone");
    assert!(!recorded_changes(&reader)[0].is_undone, "the unreadable one stays as it was");
    assert!(store.redo().unwrap().is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    /// Undoing back to any change is the same as undoing one by one, and redoing restores all.
    #[test]
    fn steps_to_any_change_equal_single_steps(
        marks in prop::collection::vec((1..=3_i64, any::<bool>(), any::<bool>()), 1..12),
        at in any::<prop::sample::Index>(),
    ) {
        let states = |reader: &ReadConnection| -> Vec<_> {
            (1..=3).map(|id| reader.load_entry(EntryId(id)).unwrap().unwrap().state).collect()
        };
        let (mut whole, whole_reader, _) = library_with("journal-steps-whole", &THREE);
        let (mut single, single_reader, _) = library_with("journal-steps-single", &THREE);
        for (id, is_star, on) in marks {
            let ids = [EntryId(id)];
            let change = if is_star { Change::set_starred(&ids, on) } else { Change::set_read(&ids, on) };
            whole.apply_change(&change, Utc::now()).unwrap();
            single.apply_change(&change, Utc::now()).unwrap();
        }
        let rows = recorded_changes(&whole_reader);
        prop_assume!(!rows.is_empty());
        let before = states(&whole_reader);
        let index = at.index(rows.len());
        prop_assert_eq!(whole.undo_back_to(rows[index].id, index + 1).unwrap().count(), index + 1);
        for _ in 0..=index {
            single.undo().unwrap();
        }
        prop_assert_eq!(states(&whole_reader), states(&single_reader));
        prop_assert_eq!(whole.redo_up_to(rows[0].id, index + 1).unwrap().count(), index + 1);
        prop_assert_eq!(states(&whole_reader), before);
    }
}

/// A row of the journal that was made `minutes` ago.
fn row(id: i64, minutes: i64, sentence: &str) -> JournalRow {
    JournalRow {
        id: ChangeId(id),
        at: now().at - TimeDelta::minutes(minutes),
        actor: Actor::User,
        sentence: sentence.to_owned(),
        is_readable: true,
        is_undone: false,
        is_lost: false,
        refusal: None,
    }
}

fn sample_rows() -> Vec<JournalRow> {
    let long = "Changed the address of The Journal of Slow Trains to https://trains.example/a/very/long/\
                path/that/does/not/fit/feed.xml, without the login for the old one";
    vec![
        JournalRow { is_undone: true, ..row(9, 1, "Undone: starred “The bridge”") },
        JournalRow { is_undone: true, ..row(8, 2, "Undone: 46 articles marked read") },
        row(7, 12, "Starred “A small compiler for a small language”"),
        JournalRow {
            actor: Actor::Rule("Noise".to_owned()),
            ..row(6, 20, "214 articles marked read")
        },
        JournalRow {
            is_readable: false,
            ..row(5, 60, "A change that this version of newsreader cannot read")
        },
        JournalRow { actor: Actor::Refresh, ..row(4, 2_000, "Moved A to https://a.example/feed") },
        row(3, 9_000, long),
        JournalRow { actor: Actor::Import, ..row(2, 90_000, "Subscribed to 165 feeds") },
    ]
}

/// The request of the journal that waits for its rows.
fn journal_request(stage: &Stage) -> JournalRequest {
    let request = stage.effects.iter().find_map(|effect| match effect {
        Effect::LoadJournal(request) => Some(*request),
        _ => None,
    });
    request.unwrap_or_else(|| panic!("no rows are requested: {:?}", stage.effects))
}

/// The open journal with these rows; all of them, unless there are more.
fn journal_of(rows: Vec<JournalRow>, has_more: bool) -> Stage {
    let open = stage(&["a", "b"]).keys("ctrl-x L");
    let request = journal_request(&open);
    assert_eq!(request, JournalRequest { before: None, limit: 500 });
    open.send(Message::JournalLoaded(request, Ok(JournalPage { rows, has_more })))
}

#[test]
fn journal_screens() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let screen =
            journal_of(sample_rows(), false).size(width, height).keys("down down").screen();
        insta::assert_snapshot!(format!("journal_{width}x{height}"), screen);
    }
    let asking = journal_of(sample_rows(), false).keys("down down down enter").screen();
    insta::assert_snapshot!("journal_question_80x24", asking);
}

#[test]
fn enter_asks_with_the_count_and_undoes_on_the_second_press() {
    let asking = journal_of(sample_rows(), false).keys("down down down enter");
    assert!(asking.screen().contains("Undo 2 changes, back to 09:10?"), "{}", asking.screen());
    assert!(asking.writes().is_empty(), "nothing is done yet");
    let undo = StoreWrite::UndoBackTo { change: ChangeId(6), count: 2 };
    assert_eq!(asking.keys("enter").writes(), [&undo]);
}

#[test]
fn question_of_the_journal_names_its_keys_on_small_screens() {
    let asking = journal_of(sample_rows(), false).size(40, 15).keys("down down down enter");
    let rows = asking.rows();
    assert!(rows[14].contains("Undo 2 changes") && rows[14].contains("Esc"), "{}", rows[14]);
}

#[test]
fn question_of_the_journal_is_withdrawn_by_any_other_key_and_by_changes() {
    let asking = || journal_of(sample_rows(), false).keys("down down down enter");
    let is_asked = |stage: &Stage| stage.screen().contains("Undo 2 changes");
    assert!(is_asked(&asking()));
    let cancelled = asking().keys("esc");
    assert!(!is_asked(&cancelled) && cancelled.app.overlay.is_some());
    assert!(!is_asked(&asking().keys("down")));
    let changed = AppliedChange { change: star(1), title: None, copies: 0 };
    let changed = asking().send(Message::ChangeFinished(ChangeAction::Applied, Some(changed)));
    assert!(!is_asked(&changed));
    assert_eq!(journal_request(&changed).before, None, "the rows are loaded anew");
    let notified = asking().send(Message::Notified("3 new articles".to_owned()));
    assert!(is_asked(&notified), "a notice does not hide what Enter would do");
}

#[test]
fn undone_rows_are_redone_up_to_the_selected_one() {
    let asking = journal_of(sample_rows(), false).keys("enter");
    assert!(asking.screen().contains("Redo 2 changes, up to 09:29?"), "{}", asking.screen());
    let redo = StoreWrite::RedoUpTo { change: ChangeId(9), count: 2 };
    assert_eq!(asking.keys("enter").writes(), [&redo]);
}

#[test]
fn unreadable_row_is_neither_asked_about_nor_counted() {
    let at_unreadable = journal_of(sample_rows(), false).keys("down down down down enter");
    assert!(at_unreadable.screen().contains("cannot undo it"), "{}", at_unreadable.screen());
    let beyond = at_unreadable.keys("down enter");
    assert!(beyond.screen().contains("Undo 3 changes"), "{}", beyond.screen());
}

#[test]
fn older_rows_are_loaded_before_they_come_into_view() {
    let rows = |from: i64| (0..500).map(move |n| row(from - n, n, "Starred “a”")).collect();
    let first = journal_of(rows(2_000), true);
    assert!(!first.effects.iter().any(|effect| matches!(effect, Effect::LoadJournal(_))));
    let at_end = first.keys("end");
    let request = journal_request(&at_end);
    assert_eq!(request, JournalRequest { before: Some(ChangeId(1_501)), limit: 500 });
    let page = JournalPage { rows: rows(1_500), has_more: false };
    let all = at_end.send(Message::JournalLoaded(request, Ok(page))).keys("end enter");
    assert!(all.screen().contains("Undo 1,000 changes"), "{}", all.screen());
}

#[test]
fn journal_that_changed_meanwhile_is_said_to_have() {
    let refused = journal_of(sample_rows(), false)
        .send(Message::ChangesStepped(ChangeAction::Undone, JournalSteps::default()));
    assert!(refused.screen().contains("has changed since you looked"), "{}", refused.screen());
    let change = AppliedChange { change: star(1), title: None, copies: 0 };
    let changes = vec![change.clone(), change];
    let done = JournalSteps { changes, ..JournalSteps::default() };
    let undone =
        journal_of(sample_rows(), false).send(Message::ChangesStepped(ChangeAction::Undone, done));
    assert!(undone.screen().contains("Undone: 2 changes"), "{}", undone.screen());
}

#[test]
fn journal_without_rows_says_so() {
    let empty = journal_of(Vec::new(), false).keys("enter");
    assert!(empty.screen().contains("Nothing has been changed yet."));
    let open = stage(&["a"]).keys("ctrl-x L");
    assert!(open.screen().contains("Loading"), "{}", open.screen());
}

#[test]
fn journal_command_lists_and_undo_takes_a_number() {
    let home = home_with_library();
    let command = |args: &[&str]| run(home.path(), args);
    command(&["star", "1"]);
    command(&["star", "2"]);
    let listed = stdout(&command(&["journal", "--limit", "2"]));
    let fields: Vec<Vec<&str>> = listed.lines().map(|line| line.split('\t').collect()).collect();
    let told: Vec<_> = fields.iter().map(|row| (row[2], row[3])).collect();
    assert_eq!(
        told,
        [("you", "Starred “Rust turns ten”"), ("you", "Starred “The bridge reopens”")]
    );
    assert_eq!(stdout(&command(&["journal"])).lines().count(), 3, "the subscription, too");
    let undone = command(&["undo", "2"]);
    assert_eq!(
        stdout(&undone),
        "Undone: starred “Rust turns ten”\nUndone: starred “The bridge reopens”\n"
    );
    assert!(undone.status.success());
    assert!(stdout(&command(&["journal", "--limit", "1"])).contains("\tUndone: starred"));
    let fewer = command(&["undo", "7"]);
    assert_eq!((stdout(&fewer).lines().count(), fewer.status.code()), (1, Some(1)));
    assert_eq!(
        stderr(&fewer),
        "newsreader: only 1 change could be undone, not 7: the journal has no more\n"
    );
    assert_eq!(command(&["undo", "0"]).status.code(), Some(2), "nothing cannot be undone");
}

#[test]
fn undo_takes_back_what_was_meant_before_the_read_marks_of_opened_articles() {
    let (mut store, reader, _) = library_with("journal-opening", &THREE);
    let open = |store: &mut WriteConnection, id: i64| {
        let read = Change::set_read(&[EntryId(id)], true);
        store.apply_change_by(&Actor::Opening, &read, Utc::now()).unwrap();
    };
    let is_read = |id: i64| reader.load_entry(EntryId(id)).unwrap().unwrap().state.read;
    open(&mut store, 1);
    store.apply_change(&star(1), Utc::now()).unwrap();
    open(&mut store, 2);
    store.undo().unwrap();
    assert_eq!((starred(&reader), is_read(2)), (vec![], true), "the star was meant");
    open(&mut store, 3);
    store.redo().unwrap();
    assert_eq!(starred(&reader), [1], "opening articles leaves what can be redone");
    store.undo().unwrap();
    store.undo().unwrap();
    assert_eq!([1, 2, 3].map(is_read), [true, true, false], "nothing else is left");
    let rows = recorded_changes(&reader);
    let all = store.undo_back_to(rows[3].id, 2).unwrap();
    assert_eq!((all.count(), is_read(1), is_read(2)), (2, false, false), "the journal knows them");
}

#[test]
fn opening_an_article_is_told_from_marking_it() {
    let opened = stage(&["a", "b"]).keys("right");
    assert_eq!(opened.writes(), [&StoreWrite::MarkOpened(EntryId(1))]);
    let next = opened.keys("n");
    assert_eq!(next.writes(), [&StoreWrite::MarkOpened(EntryId(2))]);
    let marked = next.keys("m");
    let unread = Change::set_read(&[EntryId(2)], false);
    assert_eq!(marked.writes(), [&StoreWrite::ApplyChange(unread)]);
    let rested = stage(&["a", "b"]).size(120, 40).keys("down").wait(3);
    assert_eq!(rested.writes(), [&StoreWrite::MarkOpened(EntryId(2))]);
}
