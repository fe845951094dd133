//! Moving in from newsboat: its files become feeds, articles with their marks, views, settings and keys.

use std::{fs, path::Path};

use newsreader::{command::Command, imports::parse_newsboat_config, model::ConfigValue};
use serde_json::Value;

use crate::support::program::{run, run_with, stderr, stdout};

const FIXTURE: &str = "tests/fixtures/newsboat";

/// Creates a home folder with the files of newsboat.
pub fn home_with_newsboat() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".newsboat");
    fs::create_dir(&folder).unwrap();
    for name in ["urls", "config", "queue"] {
        fs::copy(Path::new(FIXTURE).join(name), folder.join(name)).unwrap();
    }
    let sql = fs::read_to_string(Path::new(FIXTURE).join("cache.sql")).unwrap();
    let cache = rusqlite::Connection::open(folder.join("cache.db")).unwrap();
    cache.execute_batch(&sql).unwrap();
    home
}

/// Imports with the arguments; returns the report as JSON. Something of the fixture is not taken over, so
/// that the exit status is 1.
fn import(home: &Path, args: &[&str]) -> Value {
    let output = run(home, &[&["import", "newsboat", "--json"], args].concat());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

/// Returns the articles that a query finds: title, read, starred and tags.
pub fn articles(home: &Path, query: &str) -> Vec<String> {
    let found = run(home, &["search", "--json", "--limit", "1000", query]);
    let found: Value = serde_json::from_str(&stdout(&found)).unwrap();
    let describe = |article: &Value| {
        let tags: Vec<&str> =
            article["tags"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let read = if article["read"] == true { " read" } else { "" };
        let star = if article["starred"] == true { " *" } else { "" };
        format!("{}{read}{star} {}", article["title"].as_str().unwrap(), tags.join(","))
            .trim_end()
            .to_owned()
    };
    found["articles"].as_array().unwrap().iter().map(describe).collect()
}

fn journal(home: &Path) -> Vec<String> {
    let listed: Value = serde_json::from_str(&stdout(&run(home, &["journal", "--json"]))).unwrap();
    let changes = listed["changes"].as_array().unwrap().iter();
    changes.map(|row| row["change"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn newsboat_import_takes_feeds_articles_marks_and_views() {
    let home = home_with_newsboat();
    let report = import(home.path(), &["--flag", "s=star"]);
    assert_eq!(report["feeds"]["new"], 3);
    assert_eq!(report["views"]["new"], 1);
    let articles_report = &report["articles"];
    assert_eq!(articles_report["new"], 16);
    assert_eq!(articles_report["deleted"], 1);
    assert_eq!(articles_report["unsubscribed"], 1);
    let accounted: u64 = ["new", "known", "deleted", "same", "unsubscribed", "damaged"]
        .iter()
        .map(|kind| articles_report[kind].as_u64().unwrap())
        .sum();
    let cache = report["sources"].as_array().unwrap().iter().find(|file| file["unit"] == "article");
    assert_eq!(cache.unwrap()["read"].as_u64(), Some(accounted), "each row is accounted for");
    assert_eq!(
        articles(home.path(), "title:report is:read"),
        ["Bridge report 3 read", "Bridge report 2 read * flag-i", "Bridge report 1 read"]
    );
    assert_eq!(articles(home.path(), "is:queued"), ["Bridge report 5 queue"]);
    assert_eq!(articles(home.path(), "author:lee \"report 7\"").len(), 1);
    assert_eq!(articles(home.path(), "\"report 4\"").len(), 0, "it was deleted");
    let feeds = stdout(&run(home.path(), &["feed", "list"]));
    assert!(feeds.contains("\tworks\tThe bridges\t"), "{feeds}");
    assert!(feeds.contains("\tHidden\tFerries\t"), "{feeds}");
    let listed = run(home.path(), &["list", "--view", "Unread bridges"]);
    assert_eq!(stdout(&listed).lines().count(), 8);
}

#[test]
fn newsboat_import_lists_everything_that_is_not_taken() {
    let home = home_with_newsboat();
    let output = run(home.path(), &["import", "newsboat"]);
    let report = stdout(&output);
    for line in [
        "Read urls: 6 lines",
        "Read config: 9 lines",
        "3 new feeds, 0 known already",
        "16 new articles, 1 deleted, 1 of feeds that you are not subscribed to",
        "  urls, line 5: \"exec:~/bin/weather --city Lisbon\" local – an imported list starts no \
         program; write `weather = [\"~/bin/weather\", \"--city\", \"Lisbon\"]` into [programs] of \
         settings.toml, and subscribe with `newsreader feed add exec:weather`",
        "  urls, line 7: By feed: unread_count > \"3\" – `unread_count` is one of feeds, which queries \
         here cannot ask for",
        "  config, line 7: color background default default – the colours of the terminal are used by \
         default",
        "  config, line 9: feedhq-password – it has no counterpart here",
    ] {
        assert!(report.lines().any(|known| known == line), "{line}\n{report}");
    }
    assert!(!report.contains("S3CRET"), "{report}");
    assert_eq!(output.status.code(), Some(1), "not all of it was taken");
}

#[test]
fn newsboat_import_twice_is_once_and_undo_takes_it_back() {
    let home = home_with_newsboat();
    import(home.path(), &[]);
    let (before, changes) = (articles(home.path(), ""), journal(home.path()));
    let again = import(home.path(), &[]);
    assert_eq!(again["feeds"]["new"], 0);
    assert_eq!(again["feeds"]["known"], 3);
    assert_eq!(again["articles"]["new"], 0);
    assert_eq!(again["articles"]["known"], 17, "the deleted one is known as well");
    assert_eq!(again["articles"]["marked"], 0);
    assert_eq!(again["views"]["known"], 1);
    assert_eq!(articles(home.path(), ""), before);
    assert_eq!(journal(home.path()), changes);
    assert_eq!(changes, ["Imported 3 feeds, 1 view and 16 articles"]);
    let undone = run(home.path(), &["undo"]);
    assert!(undone.status.success(), "{}", stderr(&undone));
    assert_eq!(stdout(&run(home.path(), &["feed", "list"])), "");
    assert_eq!(articles(home.path(), "bridge"), [""; 0]);
    assert!(!stdout(&run(home.path(), &["view", "list"])).contains("Unread bridges"));
    assert!(run(home.path(), &["redo"]).status.success());
    assert_eq!(articles(home.path(), ""), before);
}

#[test]
fn newsboat_import_marks_known_articles_and_undo_unmarks_them() {
    let home = home_with_newsboat();
    let cache = rusqlite::Connection::open(home.path().join(".newsboat/cache.db")).unwrap();
    import(home.path(), &[]);
    cache
        .execute_batch("UPDATE rss_item SET unread = 0, flags = 'x' WHERE guid = 'bridge-9'")
        .unwrap();
    cache
        .execute_batch(
            "INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread)
             SELECT 'bridge-20', 'Bridge report 20', '', 'http://127.0.0.1:9/a/20', feedurl, 1773309700,
             '<p>New.</p>', 0 FROM rss_item WHERE guid = 'bridge-9'",
        )
        .unwrap();
    let report = import(home.path(), &[]);
    assert_eq!(report["articles"]["new"], 1);
    assert_eq!(report["articles"]["marked"], 1);
    assert_eq!(articles(home.path(), "\"report 9\""), ["Bridge report 9 read flag-x"]);
    assert_eq!(articles(home.path(), "\"report 20\""), ["Bridge report 20 read"]);
    run(home.path(), &["undo"]);
    assert_eq!(articles(home.path(), "\"report 9\""), ["Bridge report 9"]);
    assert_eq!(articles(home.path(), "\"report 20\"").len(), 0);
    assert_eq!(articles(home.path(), "is:removed").len(), 1, "it can be restored from the trash");
    run(home.path(), &["redo"]);
    assert_eq!(articles(home.path(), "\"report 20\""), ["Bridge report 20 read"]);
}

#[test]
fn newsboat_dry_run_reports_the_same_and_changes_nothing() {
    let home = home_with_newsboat();
    let planned = import(home.path(), &["--dry-run"]);
    assert_eq!(stdout(&run(home.path(), &["feed", "list"])), "");
    assert_eq!(journal(home.path()), [""; 0]);
    assert!(!home.path().join("config/newsreader/settings.toml").exists());
    let mut done = import(home.path(), &[]);
    done["dry_run"] = Value::Bool(true);
    assert_eq!(planned, done);
}

/// Gives four articles of newsboat's cache a sound each, of which two have been downloaded to `folder`, and
/// writes podboat's queue.
fn add_podboat(home: &Path, folder: &Path) {
    let cache = rusqlite::Connection::open(home.join(".newsboat/cache.db")).unwrap();
    fs::create_dir(folder).unwrap();
    let mut queue = "http://127.0.0.1:9/none.mp3 \"/none.mp3\"\n".to_owned();
    for (number, state) in [(5, ""), (6, "downloaded"), (7, "finished"), (8, "missing")] {
        let path = folder.join(format!("{number}.mp3"));
        if matches!(number, 6 | 7) {
            fs::write(&path, "a sound").unwrap();
        }
        let line = format!("http://127.0.0.1:9/{number}.mp3 \"{}\" {state}\n", path.display());
        queue.push_str(&line);
        let sql =
            "UPDATE rss_item SET enclosure_url = ?1, enclosure_type = 'audio/mpeg', enqueued = 0
             WHERE guid = ?2";
        let values = [format!("http://127.0.0.1:9/{number}.mp3"), format!("bridge-{number}")];
        assert_eq!(cache.execute(sql, values).unwrap(), 1);
    }
    fs::write(home.join(".newsboat/queue"), queue).unwrap();
}

#[test]
fn podboat_queue_fills_the_queue_and_its_files_are_connected() {
    let home = home_with_newsboat();
    let home = home.path();
    add_podboat(home, &home.join("sounds"));
    let planned = import(home, &["--dry-run"]);
    let report = import(home, &[]);
    assert_eq!(planned["episodes"], report["episodes"]);
    let counts = serde_json::json!({"queued": 2, "played": 1, "known": 0, "files": 2});
    assert_eq!(report["episodes"], counts);
    let reasons: Vec<&str> = report["notes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|note| note["file"] == "queue")
        .map(|note| note["reason"].as_str().unwrap())
        .collect();
    assert_eq!(
        reasons,
        [
            "no article of your feeds comes with this file",
            "its file was deleted or could not be fetched; it is not queued"
        ]
    );
    let titles = |query: &str| {
        let mut found = articles(home, query);
        found.sort();
        found
    };
    assert_eq!(titles("is:queued"), ["Bridge report 5 queue", "Bridge report 6 queue"]);
    assert_eq!(titles("is:played"), ["Bridge report 7 played"]);
    assert_eq!(titles("is:downloaded").len(), 2);
    // Both readers have the file: deleting it here leaves that of podboat.
    let deleted = run(home, &["queue", "delete", "--query", "is:downloaded"]);
    assert!(deleted.status.success(), "{deleted:?}");
    assert!(home.join("sounds/6.mp3").exists());
    let again = import(home, &[]);
    let counts = serde_json::json!({"queued": 0, "played": 0, "known": 3, "files": 2});
    assert_eq!(again["episodes"], counts);
    let third = import(home, &[]);
    assert_eq!(third["episodes"]["files"], 0, "they are connected already");
    assert!(run(home, &["undo"]).status.success());
    assert_eq!(titles("is:queued"), [""; 0]);
}

#[test]
fn ignored_articles_become_rules_and_colours_a_theme() {
    let home = home_with_newsboat();
    let home = home.path();
    let config = home.join(".newsboat/config");
    let text = fs::read_to_string(&config).unwrap();
    let lines = "ignore-article \"*\" \"title =~ \\\"tide\\\"\"\n\
        ignore-article \"http://127.0.0.1:9/bridges.xml\" \"author = \\\"Bo\\\"\"\n\
        ignore-article \"https://example.org/other\" \"unread = \\\"no\\\"\"\ncolor article white default bold\n";
    fs::write(&config, text + lines).unwrap();
    let planned = import(home, &["--dry-run"]);
    let report = import(home, &[]);
    assert_eq!((&planned["rules"], &planned["notes"]), (&report["rules"], &report["notes"]));
    assert_eq!(report["rules"], serde_json::json!({"new": 2, "known": 0}));
    let rules = stdout(&run(home, &["rule", "list"]));
    assert!(rules.contains("\ttitle:tide*\thide\n"), "{rules}");
    assert!(rules.contains("\tfeed:\"The bridges\" (author:Bo)\thide\n"), "{rules}");
    let notes = report["notes"].as_array().unwrap();
    let of_line = |line: u64| -> Vec<&str> {
        let notes = notes.iter().filter(|note| note["file"] == "config" && note["line"] == line);
        notes.map(|note| note["reason"].as_str().unwrap()).collect()
    };
    assert_eq!(of_line(12), ["you are not subscribed to this feed"]);
    let theme = home.join("config/newsreader/themes/newsboat.toml");
    assert_eq!(fs::read_to_string(theme).unwrap(), "[text]\nfg = \"gray\"\nbold = true\n");
    assert_eq!(import(home, &[])["rules"], serde_json::json!({"new": 0, "known": 2}));
    assert!(run(home, &["undo"]).status.success());
    assert_eq!(stdout(&run(home, &["rule", "list"])), "");
}

#[test]
fn podboat_folder_becomes_the_download_folder() {
    let home = home_with_newsboat();
    let home = home.path();
    let folder = home.join("sounds");
    add_podboat(home, &folder);
    let config = home.join(".newsboat/config");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(
        &config,
        format!("{text}\ndownload-path \"{}\"\nplayer \"mplayer -fs\"\n", folder.display()),
    )
    .unwrap();
    let report = import(home, &[]);
    assert_eq!(report["episodes"]["files"], 2);
    let names: Vec<_> =
        fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "no second name is needed: {names:?}");
    let settings = fs::read_to_string(home.join("config/newsreader/settings.toml")).unwrap();
    assert!(settings.contains("player = [\"mplayer\", \"-fs\", \"{file}\"]"), "{settings}");
    assert_eq!(articles(home, "is:downloaded").len(), 2);
}

#[test]
fn newsboat_settings_and_keys_are_added_beside_those_of_the_user() {
    let home = home_with_newsboat();
    let folder = home.path().join("config/newsreader");
    fs::create_dir_all(&folder).unwrap();
    let mine = "# mine\nbrowser = [\"elinks\"] # stays\n";
    fs::write(folder.join("settings.toml"), mine).unwrap();
    let report = import(home.path(), &[]);
    let settings = fs::read_to_string(folder.join("settings.toml")).unwrap();
    assert!(settings.starts_with(mine), "{settings}");
    for line in ["keys = \"vim\"", "every = 45", "mpv = [\"mpv\", \"{url}\"]"] {
        assert!(settings.lines().any(|known| known == line), "{line}\n{settings}");
    }
    let keymap = fs::read_to_string(folder.join("keymap.toml")).unwrap();
    for line in ["ctrl-n = \"next-unread\"", "\", y\" = \"run:mpv\"", "j = \"move-down\""] {
        assert!(keymap.lines().any(|known| known == line), "{line}\n{keymap}");
    }
    let doctor = run(home.path(), &["doctor"]);
    let problems = stdout(&doctor) + &stderr(&doctor);
    assert!(!problems.contains("keymap.toml, line"), "{problems}");
    let kept = report["settings"].as_array().unwrap().iter().find(|row| row["key"] == "browser");
    assert_eq!(kept.unwrap()["added"], false);
    import(home.path(), &[]);
    assert_eq!(fs::read_to_string(folder.join("settings.toml")).unwrap(), settings);
    assert_eq!(fs::read_to_string(folder.join("keymap.toml")).unwrap(), keymap);
}

#[test]
fn newsboat_import_fails_as_a_whole_without_a_readable_cache() {
    let home = home_with_newsboat();
    fs::write(home.path().join(".newsboat/cache.db"), "not a database at all, but long enough")
        .unwrap();
    let output = run(home.path(), &["import", "newsboat"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot read"), "{}", stderr(&output));
    assert!(stderr(&output).contains("cache.db: file is not a database"), "{}", stderr(&output));
    assert_eq!(stdout(&run(home.path(), &["feed", "list"])), "");
    fs::remove_dir_all(home.path().join(".newsboat")).unwrap();
    let output = run(home.path(), &["import", "newsboat"]);
    assert!(stderr(&output).contains("there are no files of newsboat"), "{}", stderr(&output));
    let wrong = run(home.path(), &["import", "newsboat", "--flag", "star"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn newsboat_operations_become_commands_that_there_are() {
    let operations = "open quit hard-quit reload reload-all mark-feed-read toggle-article-read next-unread \
        next prev next-unread-feed open-in-browser help toggle-show-read-feeds show-urls open-search \
        set-filter clear-filter select-filter select-tag edit-flags delete-article save bookmark enqueue \
        edit-urls sort rev-sort cmdline redraw up down pageup pagedown home end search one nine";
    for operation in operations.split_whitespace() {
        let imported = parse_newsboat_config(&format!("bind-key x {operation} article"));
        let [binding, ..] = &imported.settings[..] else { panic!("{operation} is not known") };
        let ConfigValue::Text(command) = &binding.value else { panic!("{operation}") };
        assert!(Command::from_name(command).is_some(), "{operation}: {command}");
    }
}

/// Files that newsboat has made itself, by `tests/peers/newsboat.sh`. Run with `--ignored` and the variables
/// that the script prints.
#[test]
#[ignore = "needs newsboat: see tests/peers/newsboat.sh"]
fn import_of_files_that_newsboat_made_takes_all_of_them() {
    let Ok(store) = std::env::var("NEWSBOAT_STORE") else {
        eprintln!("skipped: NEWSBOAT_STORE is not set");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let folder = Path::new(&store).join("home");
    let variables = [("HOME", folder.to_str().unwrap())];
    let import = |args: &[&str]| {
        run_with(home.path(), &[&["import", "newsboat", "--json"], args].concat(), &variables)
    };
    let output = import(&["--flag", "s=star"]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(
        (&report["articles"]["new"], &report["articles"]["deleted"]),
        (&16.into(), &1.into())
    );
    assert_eq!(
        articles(home.path(), "title:report is:read"),
        ["Bridge report 3 read", "Bridge report 2 read * flag-i", "Bridge report 1 read"]
    );
    let ferries = articles(home.path(), "title:ferry");
    assert_eq!(ferries.last().map(String::as_str), Some("Ferry & tide 0"));
    assert_eq!(stdout(&run(home.path(), &["list", "--view", "Unread bridges"])).lines().count(), 8);
}
