//! Rules that run commands, and snoozed articles that come back, in the running reader.

use std::fs;

use newsreader::{
    app::Message,
    library::{LoadedRules, RuleCommands, RuleLoader},
    model::{Change, EntryId, FeedKind, RefreshProgress, Rule, RuleActions, TagMark, TagName},
    store::{LibraryLocation, WriteConnection},
};

use crate::{support::stage, tags::upsert, workers::RunningApp};

fn rule(name: &str, query: &str, command: &str) -> Rule {
    let actions = RuleActions { run: Some(command.to_owned()), ..RuleActions::default() };
    Rule { name: name.to_owned(), query: query.to_owned(), off: false, actions }
}

#[cfg(unix)]
#[test]
fn commands_of_rules_run_and_one_that_fails_says_which_rule_and_why_once() {
    let folder = tempfile::tempdir().unwrap();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    for (name, title) in [("a", "A ferry"), ("b", "Two ferries"), ("c", "A bridge")] {
        fs::write(
            news.join(format!("{name}.txt")),
            format!(" date 2026-01-28 {title}.\n\nText.\n"),
        )
        .unwrap();
    }
    let output = folder.path().join("{title}.out").display().to_string();
    let script = "cat > \"$1\"".to_owned();
    let keep = ["sh", "-c", &script, "sh", &output].map(str::to_owned).to_vec();
    let commands = RuleCommands::from([
        ("keep".to_owned(), keep.into()),
        ("fail".to_owned(), vec!["false".to_owned()].into()),
    ]);
    let rules = vec![rule("Keep", "bridge", "keep"), rule("Fail", "ferry or ferries", "fail")];
    let loader =
        RuleLoader::new(move || LoadedRules { rules: rules.clone(), ..LoadedRules::default() });
    let location = LibraryLocation::Folder(folder.path().join("library"));
    let mut running = RunningApp::start_with_commands(&location, loader, commands);
    running.subscribe_folder(&news);
    running.run_until(|app| app.notices.failures().next().is_some());
    running.run_until(|app| app.entry_list.len() == 3);
    let failures: Vec<&str> =
        running.app.notices.failures().map(|failure| failure.summary.as_str()).collect();
    let [failure] = failures[..] else { panic!("{failures:?}") };
    assert_eq!(failure, "The rule “Fail”: false failed: exit status: 1 (2 articles)");
    let kept = fs::read_to_string(folder.path().join("A bridge.out")).unwrap();
    assert!(kept.contains("Text."), "{kept}");
}

/// A library in a folder with three articles, of which the second is hidden until `until`.
fn library_with_snoozed(until: i64) -> (tempfile::TempDir, LibraryLocation) {
    let folder = tempfile::tempdir().unwrap();
    let location = LibraryLocation::Folder(folder.path().join("library"));
    let mut store = WriteConnection::open(&location).unwrap();
    let feed = store.add_feed(FeedKind::Saved, "saved:", "Saved").unwrap().feed;
    let upserts = (1..=3).map(|number| upsert(number, "fruit")).collect();
    let batch = newsreader::store::IngestBatch { feed, upserts, missing_files: Vec::new() };
    let start = chrono::DateTime::UNIX_EPOCH;
    store.ingest_batch(&batch, start).unwrap();
    let snooze = Change::set_tag(&[EntryId(2)], TagName::hidden(), TagMark::Until(until));
    store.apply_change(&snooze, start).unwrap();
    (folder, location)
}

#[test]
fn snoozed_article_comes_back_when_its_time_is_over_and_not_before() {
    // The times are far from now on either side, so that no clock matters.
    for (until, listed) in [(60, 3), (i64::from(u32::MAX) * 2, 2)] {
        let (_folder, location) = library_with_snoozed(until);
        let mut running = RunningApp::start(&location, &[]);
        running.run_until(|app| app.entry_list.len() == listed);
        let is_listed = (0..listed).any(|index| {
            let entry = running.app.entry_list.row(index);
            entry.is_some_and(|entry| entry.id == EntryId(2) && !entry.state.read)
        });
        assert_eq!(is_listed, listed == 3);
    }
}

/// The message by which the threads tell of articles that have changed.
fn arrived() -> Message {
    Message::RefreshProgressed(RefreshProgress::ArticlesArrived)
}

#[test]
fn article_that_comes_back_takes_its_place_and_the_selection_stays() {
    let mut stage = stage(&["Monday", "Tuesday", "Wednesday"]);
    let back = stage.entries.remove(1);
    let stage_without = stage.send(arrived()).keys("down");
    assert_eq!(stage_without.selected(), "Wednesday");
    let mut stage = stage_without;
    stage.entries.insert(1, back);
    let stage = stage.send(arrived());
    let screen = stage.screen();
    let rows: Vec<usize> = ["Monday", "Tuesday", "Wednesday"]
        .iter()
        .map(|title| screen.find(title).unwrap())
        .collect();
    assert!(rows.is_sorted(), "{screen}");
    assert_eq!(stage.selected(), "Wednesday", "nothing moves under the hand");
}
