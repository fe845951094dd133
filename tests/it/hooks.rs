//! Hooks: the programs that run when something has happened.

use std::{fs, path::Path};

use newsreader::{
    library::{FeedSources, HookCommands},
    store::LibraryLocation,
};
use serde_json::Value;

use crate::{
    support::{
        json_schema::validate,
        program::{home_with_library, run, stderr},
    },
    workers::RunningApp,
};

/// Writes settings with a hook that appends what it reads to a file named after the hook.
fn write_hooks(home: &Path, hooks: &[&str]) {
    let lines: Vec<String> = hooks
        .iter()
        .map(|hook| {
            let file = home.join(hook).display().to_string();
            format!(
                "{hook} = [\"sh\", \"-c\", 'printf \"%s\\\\n\" \"$(cat)\" >> \"$1\"', \"sh\", \"{file}\"]\n"
            )
        })
        .collect();
    write_settings(home, &format!("[hooks]\n{}", lines.concat()));
}

fn write_settings(home: &Path, text: &str) {
    fs::create_dir_all(home.join("config/newsreader")).unwrap();
    fs::write(home.join("config/newsreader/settings.toml"), text).unwrap();
}

/// Returns what a hook has read, one value for each run.
fn read_hook(home: &Path, hook: &str) -> Vec<Value> {
    let text = fs::read_to_string(home.join(hook)).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn hooks_get_new_starred_and_tagged_articles_as_json() {
    let home = home_with_library();
    write_hooks(home.path(), &["new", "star", "tag", "refreshed"]);
    fs::write(home.path().join("news/c.txt"), "date 2026-02-01 A third.\n").unwrap();
    let refreshed = run(home.path(), &["refresh"]);
    assert_eq!(refreshed.status.code(), Some(0), "{}", stderr(&refreshed));
    run(home.path(), &["star", "1", "2"]);
    run(home.path(), &["tag", "--add", "urgent", "1"]);
    run(home.path(), &["tag", "--remove", "urgent", "1"]);
    run(home.path(), &["unstar", "1"]);
    let schema: Value =
        serde_json::from_str(&fs::read_to_string("assets/schemas/article.json").unwrap()).unwrap();
    let titles = |hook: &str| -> Vec<String> {
        let mut titles: Vec<String> = read_hook(home.path(), hook)
            .iter()
            .map(|article| {
                validate(&schema, article).unwrap();
                article["title"].as_str().unwrap().to_owned()
            })
            .collect();
        titles.sort();
        titles
    };
    assert_eq!(titles("new"), ["A third"]);
    assert_eq!(titles("star"), ["Rust turns ten", "The bridge reopens"]);
    assert_eq!(titles("tag"), ["The bridge reopens"]);
    let counts = read_hook(home.path(), "refreshed");
    assert_eq!((&counts[0]["event"], &counts[0]["new"]), (&"refreshed".into(), &1.into()));
}

#[test]
fn hook_that_fails_is_named_and_the_change_stays() {
    let home = home_with_library();
    write_settings(home.path(), "[hooks]\nstar = [\"false\"]\n");
    let starred = run(home.path(), &["star", "1"]);
    assert_eq!(starred.status.code(), Some(1));
    assert_eq!(stderr(&starred), "newsreader: The hook “star”: false failed: exit status: 1\n");
    assert_eq!(run(home.path(), &["count", "is:starred"]).stdout, b"1\n");
}

#[test]
fn hooks_of_the_reader_run_on_their_own_thread() {
    let folder = tempfile::tempdir().unwrap();
    let news = folder.path().join("news");
    fs::create_dir(&news).unwrap();
    fs::write(news.join("a.txt"), " date 2026-01-28 A ferry.\n\nText.\n").unwrap();
    let new = folder.path().join("new").display().to_string();
    let to_file = ["sh", "-c", "cat > \"$1.part\"; mv \"$1.part\" \"$1\"", "sh", &new];
    let hooks = HookCommands {
        new: to_file.map(str::to_owned).to_vec(),
        star: vec!["false".to_owned()],
        ..HookCommands::default()
    };
    let location = LibraryLocation::Folder(folder.path().join("library"));
    let sources = FeedSources { hooks, ..FeedSources::offline() };
    let mut running = RunningApp::start_with_sources(&location, &[], sources);
    running.subscribe_folder(&news);
    running.run_until(|app| app.entry_list.len() == 1);
    running.press_keys("alt-s");
    running.run_until(|app| app.notices.failures().next().is_some());
    let failures: Vec<&str> =
        running.app.notices.failures().map(|failure| failure.summary.as_str()).collect();
    assert_eq!(failures, ["The hook “star”: false failed: exit status: 1"]);
    // The programs run in the order of their events.
    let article: Value = serde_json::from_str(&fs::read_to_string(&new).unwrap()).unwrap();
    assert_eq!(article["title"], "A ferry");
}
