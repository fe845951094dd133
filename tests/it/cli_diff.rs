//! `newsreader diff`.

use std::fs;

use serde_json::Value;

use crate::support::program::{home_with_library, run, stderr, stdout};

const FIRST: &str = " date 2026-01-28 The bridge reopens. It was shut for two years.\n\nMore.\n";
const SECOND: &str = " date 2026-01-28 The bridge reopens. It was shut for three years.\n\nMore.\n";
const THIRD: &str =
    " date 2026-01-28 The bridge reopens. It was shut for three years.\n\nMore.\n\nThe end.\n";

/// A home whose article 1 was edited twice.
fn home_with_edits() -> tempfile::TempDir {
    let home = home_with_library();
    for text in [FIRST, SECOND, THIRD] {
        fs::write(home.path().join("news/a.txt"), text).unwrap();
        assert!(run(home.path(), &["refresh"]).status.success());
    }
    home
}

#[test]
fn diff_shows_the_last_edit_or_the_versions_that_were_asked_for() {
    let home = home_with_edits();
    let last = stdout(&run(home.path(), &["diff", "1"]));
    assert!(last.starts_with("version 2 to 3 of 3 · edited 20"), "{last}");
    assert!(last.contains(" · +2 −0 words\nThe bridge reopens"), "{last}");
    assert!(last.ends_with("\n\n··· 2 paragraphs unchanged ···\n\n{+The end.+}\n"), "{last}");
    let both = stdout(&run(home.path(), &["diff", "1", "--versions", "1..3"]));
    assert!(both.contains("It was shut for [-two-]{+three+} years."), "{both}");
    let back = stdout(&run(home.path(), &["diff", "1", "--versions", "3..1"]));
    assert!(back.contains("It was shut for [-three-]{+two+} years."), "{back}");
    assert!(back.contains("[-The end.-]"), "{back}");
}

#[test]
fn diff_since_reading_spans_all_edits() {
    let home = home_with_library();
    run(home.path(), &["mark", "read", "1"]);
    for text in [SECOND, THIRD] {
        fs::write(home.path().join("news/a.txt"), text).unwrap();
        run(home.path(), &["refresh"]);
    }
    assert_eq!(stdout(&run(home.path(), &["count", "is:edited"])), "1\n");
    let since = stdout(&run(home.path(), &["diff", "1"]));
    assert!(since.starts_with("version 1 to 3 of 3"), "{since}");
    run(home.path(), &["mark", "read", "1"]);
    assert_eq!(stdout(&run(home.path(), &["count", "is:edited"])), "0\n");
    assert!(stdout(&run(home.path(), &["diff", "1"])).starts_with("version 2 to 3 of 3"));
    run(home.path(), &["undo"]);
    assert_eq!(stdout(&run(home.path(), &["count", "is:edited"])), "1\n");
}

#[test]
fn diff_of_article_without_edits_says_so() {
    let home = home_with_library();
    let output = run(home.path(), &["diff", "1"]);
    assert!(output.status.success());
    assert!(stdout(&output).starts_with("version 1 of 1 · not edited since it arrived\n"));
    let json: Value =
        serde_json::from_str(&stdout(&run(home.path(), &["diff", "1", "--json"]))).unwrap();
    assert_eq!((&json["from"], &json["to"]), (&Value::from(1), &Value::from(1)));
}

#[test]
fn diff_refuses_articles_and_versions_that_do_not_exist() {
    let home = home_with_library();
    let missing = run(home.path(), &["diff", "99"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("there is no article 99"), "{}", stderr(&missing));
    for (range, reason) in
        [("1..2", "article 1 has 1 version"), ("0..1", "two numbers"), ("x", "two numbers")]
    {
        let wrong = run(home.path(), &["diff", "1", "--versions", range]);
        assert_eq!(wrong.status.code(), Some(2), "{range}");
        assert!(stderr(&wrong).contains(reason), "{range}: {}", stderr(&wrong));
    }
}
