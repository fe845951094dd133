//! The JSON of each command, against its schema.

use std::{fs, path::Path};

use clap::{Command, CommandFactory};
use newsreader::cli::CliArgs;
use serde_json::{Value, json};

use crate::support::{
    fake_greader::{FakeGreader, PASSWORD},
    json_schema::validate,
    program::{home_with_library, run, stderr, stdout},
};

/// The commands, in an order in which each has something to do, and the schemas of what they print with `--json`.
/// In arguments, `HOME` is the folder of the test, and `SERVER` a server.
const COMMANDS: &[(&str, &[&str])] = &[
    ("search", &["list"]),
    ("search", &["search", "bridge"]),
    ("search", &["similar", "1"]),
    ("search", &["search", "--count", "zeppelin"]),
    ("search", &["search", "--histogram", "day"]),
    ("search", &["count", "bridge"]),
    ("search", &[]),
    ("article", &["read", "1"]),
    ("diff", &["diff", "1"]),
    ("article", &["export", "--format", "json-lines", "bridge"]),
    ("done", &["export", "--output", "HOME/all.zip"]),
    ("done", &["star", "1"]),
    ("done", &["unstar", "1"]),
    ("done", &["mark", "read", "1"]),
    ("done", &["mark", "unread", "1"]),
    ("done", &["undo"]),
    ("done", &["redo"]),
    ("done", &["tag", "--add", "urgent", "1"]),
    ("tag-list", &["tag", "list"]),
    ("done", &["send", "buku", "1"]),
    ("done", &["remove", "2"]),
    ("trash-list", &["trash", "list"]),
    ("done", &["trash", "preview"]),
    ("done", &["trash", "restore", "2"]),
    ("done", &["remove", "2"]),
    ("done", &["trash", "empty", "--yes"]),
    ("refresh", &["refresh"]),
    ("refresh", &["add", "HOME/news"]),
    ("refresh", &["feed", "add", "HOME/feed.xml"]),
    ("feed-list", &["feed", "list"]),
    ("done", &["feed", "edit", "The Tide Table", "--name", "A feed"]),
    ("done", &["feed", "edit", "A feed", "--folder", "Sea"]),
    ("done", &["feed", "rename-folder", "Sea", "Tides"]),
    ("feed-discover", &["feed", "discover", "HOME/feed.xml"]),
    ("done", &["queue", "add", "1"]),
    ("done", &["queue", "move", "1", "--first"]),
    ("queue-list", &["queue", "list"]),
    ("queue-download", &["queue", "download"]),
    ("done", &["queue", "delete", "1"]),
    ("done", &["queue", "remove", "1"]),
    (
        "import",
        &[
            "import",
            "newsboat",
            "--urls",
            "tests/fixtures/newsboat/urls",
            "--config",
            "tests/fixtures/newsboat/config",
        ],
    ),
    ("feed-check", &["feed", "check", "seeds/feeds/rss-2-podcast.xml"]),
    ("feed-check", &["feed", "check", "seeds/feeds/broken-and-cut-off.xml"]),
    ("feed-check", &["feed", "check", "seeds/feeds/json-feed.json"]),
    ("done", &["feed", "import", "HOME/feeds.opml"]),
    ("done", &["feed", "remove", "A feed"]),
    ("done", &["view", "add", "Bridges", "bridge"]),
    ("view-list", &["view", "list"]),
    ("done", &["view", "edit", "Bridges", "--order", "oldest"]),
    ("done", &["view", "remove", "Bridges"]),
    ("done", &["rule", "add", "B", "--query", "bridge", "--tag", "b", "--hide-until", "2d"]),
    ("rule-list", &["rule", "list"]),
    ("search", &["rule", "test", "B"]),
    ("done", &["rule", "run", "B"]),
    ("done", &["rule", "edit", "B", "--star"]),
    ("why", &["why", "1"]),
    ("done", &["rule", "remove", "B"]),
    ("journal", &["journal"]),
    (
        "sync",
        &["account", "add", "--server", "SERVER", "--user", "ann", "--password", PASSWORD_SOURCE],
    ),
    ("account-list", &["account", "list"]),
    ("sync", &["sync"]),
    ("sync", &["account", "sync"]),
    ("done", &["account", "edit", "127.0.0.1", "--name", "Home"]),
    ("done", &["account", "remove", "Home", "--drop-articles"]),
    ("index-status", &["index", "rebuild"]),
    ("index-status", &["index", "status"]),
    ("done", &["index", "verify"]),
    ("story-status", &["story", "rebuild"]),
    ("story-status", &["story", "status"]),
    ("search", &["story", "show", "1"]),
    ("done", &["story", "join", "1", "3"]),
    ("why", &["why", "1"]),
    ("done", &["story", "leave", "1"]),
    ("doctor", &["doctor"]),
    ("done", &["backup", "HOME/news.backup"]),
    ("done", &["restore", "HOME/news.backup"]),
];

/// The commands that print no JSON, and why the table of commands lacks them.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "archive init",
        "needs PostgreSQL, as all of this group; tests/it/archive_cli.rs compares them",
    ),
    ("archive status", "as `archive init`"),
    ("archive users", "as `archive init`"),
    ("archive grant", "as `archive init`"),
    ("archive prune", "as `archive init`"),
    ("archive verify", "as `archive init`"),
    ("listen", "prints events, as tests/it/cli_listen.rs checks"),
    ("save", "needs a server on the web; it prints what `star` prints"),
    ("queue play", "needs a player; it prints what `star` prints"),
    ("import newsraft", "prints what `import newsboat` prints"),
    ("import eilmeldung", "prints what `import newsboat` prints"),
    ("import elfeed", "prints what `import newsboat` prints"),
    ("feed export", "prints OPML"),
    ("completions", "prints a script"),
    ("man", "prints a manual page"),
];

/// The exceptions that refuse `--json`.
const REFUSING: &[&str] = &["feed export", "completions", "man"];

/// The source of the password of the fake server.
const PASSWORD_SOURCE: &str = "command:echo secret";

/// The schemas of commands that never end by themselves, or need a server, which tests of their own check.
const STREAMS: &[&str] =
    &["event", "archive-status", "archive-users", "archive-prune", "archive-verify"];

fn schema(name: &str) -> Value {
    let path = Path::new("assets/schemas").join(name).with_extension("json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn json_of_every_command_matches_its_schema() {
    let home = home_with_library();
    // An article without a date, and feeds.
    fs::write(home.path().join("news/c.html"), "<title>Undated</title><p>Some words.").unwrap();
    fs::copy("seeds/feeds/rss-2-podcast.xml", home.path().join("feed.xml")).unwrap();
    let outline = "<opml><body><outline xmlUrl='https://a.example/feed'/></body></opml>";
    fs::write(home.path().join("feeds.opml"), outline).unwrap();
    run(home.path(), &["refresh"]);
    let server = FakeGreader::start();
    let password = PASSWORD_SOURCE.replace("secret", PASSWORD);
    let folder = home.path().to_str().unwrap();
    for (name, args) in COMMANDS {
        let args: Vec<String> = args
            .iter()
            .map(|arg| match *arg {
                PASSWORD_SOURCE => password.clone(),
                arg => arg.replace("HOME", folder).replace("SERVER", &server.site()),
            })
            .chain(["--json".to_owned()])
            .collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let output = run(home.path(), &args);
        let text = stdout(&output);
        let document: Value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{args:?}: {error}: {text}{}", stderr(&output)));
        validate(&schema(name), &document).unwrap_or_else(|error| panic!("{args:?}: {error}"));
        assert!(document.is_array() || document["version"] == 1, "{args:?}");
    }
}

#[test]
fn feed_list_names_problems() {
    let home = home_with_library();
    let gone = home.path().join("gone.xml");
    fs::copy("seeds/feeds/rss-2-podcast.xml", &gone).unwrap();
    run(home.path(), &["add", gone.to_str().unwrap()]);
    fs::remove_file(&gone).unwrap();
    run(home.path(), &["refresh"]);
    let feeds = stdout(&run(home.path(), &["feed", "list", "--json"]));
    let feeds: Value = serde_json::from_str(&feeds).unwrap();
    assert!(feeds.as_array().unwrap().iter().any(|feed| feed["problem"].is_string()), "{feeds}");
}

#[test]
fn every_command_prints_json_or_is_an_exception() {
    let mut missing = Vec::new();
    collect_missing(&CliArgs::command(), "", &mut missing);
    assert_eq!(missing, Vec::<String>::new());
    for name in REFUSING {
        let mut args: Vec<&str> = name.split(' ').chain(["--json"]).collect();
        args.extend((*name == "completions").then_some("bash"));
        let home = tempfile::tempdir().unwrap();
        assert_eq!(run(home.path(), &args).status.code(), Some(2), "{args:?}");
    }
}

/// Collects the names of commands that are neither in the table nor an exception.
fn collect_missing(command: &Command, parent: &str, missing: &mut Vec<String>) {
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        let name = format!("{parent} {}", inner.get_name()).trim().to_owned();
        let words: Vec<&str> = name.split(' ').collect();
        let is_tested = COMMANDS.iter().any(|(_, args)| args.starts_with(&words));
        let is_group = inner.is_subcommand_required_set();
        if !is_group && !is_tested && !EXCEPTIONS.iter().any(|(known, _)| *known == name) {
            missing.push(name.clone());
        }
        collect_missing(inner, &name, missing);
    }
}

#[test]
fn every_schema_describes_a_command() {
    for file in fs::read_dir("assets/schemas").unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let is_known = COMMANDS.iter().any(|(known, _)| *known == name) || STREAMS.contains(&name);
        assert!(is_known, "{name}");
        assert_eq!(
            schema(name)["$schema"],
            json!("https://json-schema.org/draft/2020-12/schema"),
            "{name}"
        );
    }
}

#[test]
fn validator_rejects_what_the_schema_does_not_allow() {
    let article = json!({
        "id": 1, "published": null, "feed": "a", "title": "b", "author": null, "link": null,
        "read": false, "starred": true, "tags": ["later"], "categories": [], "story": null, "copies": [],
    });
    let with_article = |change: fn(&mut Value)| {
        let mut article = article.clone();
        change(&mut article);
        json!({"version": 1, "count": 1, "articles": [article]})
    };
    let schema = schema("search");
    assert_eq!(validate(&schema, &with_article(|_| {})), Ok(()));
    for (document, reason) in [
        (json!([]), "document: [] is not of type \"object\""),
        (json!({"version": 2, "count": 0}), "document.version: not 1"),
        (json!({"version": 1}), "document: count is missing"),
        (json!({"version": 1, "count": -1}), "document.count: -1 is less than 0"),
        (json!({"version": 1, "count": 1, "b": 2}), "document: b is not in the schema"),
        (
            with_article(|article| article["title"] = json!(3)),
            "document.articles[0].title: 3 is not of type \"string\"",
        ),
    ] {
        assert_eq!(validate(&schema, &document), Err(reason.to_owned()));
    }
    let unknown = validate(&json!({"pattern": "a"}), &json!("a"));
    assert_eq!(unknown, Err("document: the keyword pattern is unknown".to_owned()));
}

#[test]
fn refresh_exit_code_tells_news_from_none() {
    let home = home_with_library();
    let status = |args: &[&str]| run(home.path(), args).status.code();
    assert_eq!(status(&["refresh"]), Some(0));
    assert_eq!(status(&["refresh", "--exit-code"]), Some(10));
    fs::write(home.path().join("news/c.txt"), "date 2026-02-01 A third.\n").unwrap();
    let refreshed = run(home.path(), &["refresh", "--exit-code", "--json"]);
    assert_eq!(refreshed.status.code(), Some(0));
    let counts: Value = serde_json::from_str(&stdout(&refreshed)).unwrap();
    assert_eq!((&counts["new"], &counts["failed"]), (&json!(1), &json!(0)));
    fs::write(home.path().join("news/d.txt"), "date 2026-02-02 A fourth.\n").unwrap();
    assert_eq!(status(&["refresh"]), Some(0));
    fs::remove_dir_all(home.path().join("news")).unwrap();
    assert_eq!(status(&["refresh", "--exit-code"]), Some(1));
}
