//! Weights: rules give them to articles, and lists are sorted by them.

use std::{fs, path::Path};

use serde_json::Value;

use crate::support::program::{home_with_library, run, stderr, stdout};

/// Runs a command that succeeds, and returns what it prints.
fn told(home: &Path, args: &[&str]) -> String {
    let output = run(home, args);
    assert!(output.status.success(), "{args:?}: {}", stderr(&output));
    stdout(&output)
}

/// A home with the rules "Bridges", which takes three from the weight of articles, and "Ferries", which adds five.
fn home_with_rules() -> tempfile::TempDir {
    let home = home_with_library();
    for (name, query, weight) in [("Bridges", "bridge", "-3"), ("Ferries", "ferry", "+5")] {
        told(home.path(), &["rule", "add", name, "--query", query, "--weight", weight]);
    }
    home
}

/// Stores articles of one day, which the rules see as they arrive, and returns the file names of all articles
/// from that day on in the order of a list by weight.
fn files_by_weight(home: &Path, articles: &[(&str, &str)]) -> Vec<String> {
    for (name, text) in articles {
        let text = format!(" date 2026-02-01 {text}\n");
        fs::write(home.join("news").join(name), text).unwrap();
    }
    told(home, &["refresh"]);
    let sorted = ["search", "--sort", "weight", "--json", "since:2026-02-01"];
    let found: Value = serde_json::from_str(&told(home, &sorted)).unwrap();
    let file = |article: &Value| article["file"].as_str().unwrap().to_owned();
    found["articles"].as_array().unwrap().iter().map(file).collect()
}

const ARTICLES: [(&str, &str); 4] = [
    ("u.txt", "The bridge is closed."),
    ("v.txt", "The ferry replaces the bridge."),
    ("w.txt", "A tunnel is dug."),
    ("x.txt", "The ferry sails."),
];

#[test]
fn list_by_weight_has_the_heaviest_articles_first() {
    let home = home_with_rules();
    let list = files_by_weight(home.path(), &ARTICLES);
    assert_eq!(list, ["x.txt", "v.txt", "w.txt", "u.txt"]);
    told(home.path(), &["view", "add", "Weighed", "since:2026-02-01", "--order", "weight"]);
    let view = told(home.path(), &["list", "--view", "Weighed"]);
    let titles: Vec<&str> =
        view.lines().map(|line| line.rsplit('\t').next().unwrap_or_default()).collect();
    assert_eq!(
        titles,
        [
            "The ferry sails",
            "The ferry replaces the bridge",
            "A tunnel is dug",
            "The bridge is closed"
        ]
    );
}

#[test]
fn why_names_the_weight_of_each_rule_and_undo_takes_it_back() {
    let home = home_with_rules();
    files_by_weight(home.path(), &ARTICLES);
    let found = told(home.path(), &["search", "replaces"]);
    let id = found.split('\t').next().unwrap();
    let why = told(home.path(), &["why", id]);
    assert!(why.contains("\nweight\t+2\tFerries +5 · Bridges -3\n"), "{why}");
    let json: Value = serde_json::from_str(&told(home.path(), &["why", id, "--json"])).unwrap();
    let weights = serde_json::json!([
        { "rule": "Ferries", "weight": 5 },
        { "rule": "Bridges", "weight": -3 }
    ]);
    assert_eq!(json["weights"], weights);
    let undone = told(home.path(), &["undo"]);
    assert_eq!(undone, "Undone: gave 2 articles a weight of +5\n");
    let why = told(home.path(), &["why", id]);
    assert!(why.contains("\nweight\t-3\tBridges -3\n"), "{why}");
    told(home.path(), &["redo"]);
    assert!(told(home.path(), &["why", id]).contains("\nweight\t+2\t"));
}

#[test]
fn rule_that_is_edited_replaces_its_weight_where_it_is_run() {
    let home = home_with_rules();
    files_by_weight(home.path(), &ARTICLES);
    told(home.path(), &["rule", "edit", "Bridges", "--weight", "7"]);
    assert!(told(home.path(), &["rule", "list"]).contains("Bridges\tbridge\tweight +7\n"));
    told(home.path(), &["rule", "run", "Bridges"]);
    let list = files_by_weight(home.path(), &[]);
    assert_eq!(list, ["v.txt", "u.txt", "x.txt", "w.txt"]);
    told(home.path(), &["undo"]);
    assert_eq!(files_by_weight(home.path(), &[]), ["x.txt", "v.txt", "w.txt", "u.txt"]);
    let refused = run(home.path(), &["rule", "edit", "Bridges", "--weight", "1001"]);
    assert_eq!(refused.status.code(), Some(2));
    let refused = run(home.path(), &["rule", "edit", "Bridges", "--weight", "0"]);
    assert!(!refused.status.success(), "the rule would do nothing");
}
