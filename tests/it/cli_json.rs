//! The JSON of each command, against its schema.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::support::{
    fake_greader::{FakeGreader, PASSWORD},
    json_schema::validate,
    program::{home_with_library, run, stdout},
};

/// The commands that print JSON, and their schemas.
const COMMANDS: &[(&str, &[&str])] = &[
    ("search", &["list", "--json"]),
    ("article", &["export", "--format", "json-lines", "bridge"]),
    ("search", &["search", "--json", "bridge"]),
    ("search", &["search", "--json", "--count", "zeppelin"]),
    ("search", &["search", "--json", "--histogram", "day"]),
    ("tag-list", &["tag", "list", "--json"]),
    ("trash-list", &["trash", "list", "--json"]),
    ("queue-list", &["queue", "list", "--json"]),
    ("queue-download", &["queue", "download", "--json"]),
    ("refresh", &["refresh", "--json"]),
    ("sync", &["sync", "--json"]),
    ("account-list", &["account", "list", "--json"]),
    ("feed-list", &["feed", "list", "--json"]),
    ("view-list", &["view", "list", "--json"]),
    ("journal", &["journal", "--json"]),
    ("rule-list", &["rule", "list", "--json"]),
    ("why", &["why", "--json", "1"]),
    (
        "import",
        &[
            "import",
            "newsboat",
            "--json",
            "--urls",
            "tests/fixtures/newsboat/urls",
            "--config",
            "tests/fixtures/newsboat/config",
        ],
    ),
    ("feed-check", &["feed", "check", "--json", "seeds/feeds/rss-2-podcast.xml"]),
    ("feed-check", &["feed", "check", "--json", "seeds/feeds/broken-and-cut-off.xml"]),
    ("feed-check", &["feed", "check", "--json", "seeds/feeds/json-feed.json"]),
];

/// The schemas of commands that never end by themselves, which tests of their own check.
const STREAMS: &[&str] = &["event"];

fn schema(name: &str) -> Value {
    let path = Path::new("assets/schemas").join(name).with_extension("json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn json_of_every_command_matches_its_schema() {
    let home = home_with_library();
    // An article without a date, and a feed with a problem.
    fs::write(home.path().join("news/c.html"), "<title>Undated</title><p>Some words.").unwrap();
    let gone = home.path().join("gone.xml");
    fs::copy("seeds/feeds/rss-2-podcast.xml", &gone).unwrap();
    run(home.path(), &["add", gone.to_str().unwrap()]);
    fs::remove_file(&gone).unwrap();
    run(home.path(), &["tag", "--add", "urgent", "1"]);
    run(home.path(), &["remove", "3"]);
    run(home.path(), &["queue", "add", "1"]);
    run(home.path(), &["tag", "--add", "later", "--until", "2d", "1"]);
    let rule = ["rule", "add", "Bridges", "--query", "bridge", "--tag", "b", "--hide-until", "2d"];
    run(home.path(), &rule);
    run(home.path(), &["rule", "run", "Bridges"]);
    let server = FakeGreader::start();
    let password = format!("command:echo {PASSWORD}");
    let account = ["account", "add", "--server", &server.site(), "--user", "ann"];
    run(home.path(), &[&account[..], &["--password", &password]].concat());
    for (name, args) in COMMANDS {
        let text = stdout(&run(home.path(), args));
        let document: Value = serde_json::from_str(&text).unwrap();
        validate(&schema(name), &document).unwrap_or_else(|error| panic!("{args:?}: {error}"));
        assert!(document.is_array() || document["version"] == 1, "{args:?}");
    }
    let feeds = stdout(&run(home.path(), &["feed", "list", "--json"]));
    let feeds: Value = serde_json::from_str(&feeds).unwrap();
    assert!(feeds.as_array().unwrap().iter().any(|feed| feed["problem"].is_string()), "{feeds}");
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
        "read": false, "starred": true, "tags": ["later"],
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
