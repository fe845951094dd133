//! Queries on the command line: words with hyphens, limits, and mistakes.

use crate::support::program::{home_with_library, run, stderr, stdout};

#[test]
fn query_may_begin_with_a_hyphen() {
    let home = home_with_library();
    let rust = "2\t2026-01-29\tnews\tRust turns ten\n";
    for args in [
        &["search", "-bridge"][..],
        &["list", "-bridge"],
        &["search", "--", "-bridge"],
        &["search", "-bridge", "ten", "--limit", "5"],
        &["search", "--limit", "5", "ten", "-bridge"],
        &["list", "-hurricane", "-bridge"],
        &["list", "turns", "ten"],
        &["list", "--limit", "1"],
    ] {
        let listed = run(home.path(), args);
        assert_eq!((stdout(&listed).as_str(), listed.status.code()), (rust, Some(0)), "{args:?}");
    }
    assert_eq!(stdout(&run(home.path(), &["search", "-bridge", "--count"])), "1\n");
    assert_eq!(stdout(&run(home.path(), &["count", "-bridge"])), "1\n");
    let json = stdout(&run(home.path(), &["list", "--json", "--limit", "1"]));
    let parsed: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&parsed["count"], &parsed["articles"][0]["id"]), (&2.into(), &2.into()));
    assert_eq!(parsed["articles"].as_array().map(Vec::len), Some(1));
}

#[test]
fn mistake_in_query_is_named_with_its_place_and_exits_with_2() {
    let home = home_with_library();
    for (query, sentence) in [
        (
            &["(bridge"][..],
            "“(bridge” at character 1 of the query: the parenthesis is not closed\n",
        ),
        (&["police("], "“(” at character 7 of the query: the parenthesis is not closed\n"),
        (&["rust", "on:2026-"], "“on:2026-” at character 6 of the query: a date is "),
        (
            &["titel:bridge"],
            "“titel:” at character 1 of the query: there is no such field (did you mean “title:”?); ",
        ),
        (&["\"two years"], "“\"two years” at character 1 of the query: the quotation mark is "),
        (&["bridge", "or"], "“or” at character 8 of the query: a word must follow\n"),
    ] {
        for command in ["list", "search", "count"] {
            let output = run(home.path(), &[&[command], query].concat());
            assert_eq!(output.status.code(), Some(2), "{command} {query:?}");
            assert!(
                stderr(&output).starts_with(&format!("newsreader: {sentence}")),
                "{}",
                stderr(&output)
            );
            assert_eq!((stdout(&output).as_str(), stderr(&output).lines().count()), ("", 1));
        }
    }
    let unknown = run(home.path(), &["search", "bridge", "--jsom"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr(&unknown).contains("'--json'"), "{}", stderr(&unknown));
    let rule = run(home.path(), &["rule", "add", "A", "--query", "x(", "--star"]);
    assert_eq!(rule.status.code(), Some(2), "{rule:?}");
    let paired = run(home.path(), &["list", "bridge(reopens)"]);
    assert_eq!((stdout(&paired).lines().count(), paired.status.code()), (1, Some(0)));
    let quoted = run(home.path(), &["list", "\"titel:bridge\""]);
    assert_eq!((stdout(&quoted).as_str(), quoted.status.code()), ("", Some(0)));
}
