//! Stars, read marks, undo and redo on the command line.

use crate::support::program::{home_with_library, home_with_news, run, stderr, stdout};

#[test]
fn marks_change_by_number_or_query_and_are_undone() {
    let home = home_with_library();
    let told = |args: &[&str]| {
        let output = run(home.path(), args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        stdout(&output)
    };
    assert_eq!(told(&["star", "1", "1"]), "1 article starred\n");
    assert_eq!(told(&["star", "1", "2"]), "1 article starred, 1 already was\n");
    assert_eq!(told(&["search", "--count", "is:star"]), "2\n");
    assert_eq!(told(&["unstar", "--query", "-bridge"]), "1 article unstarred\n");
    assert_eq!(
        told(&["mark", "read", "--query", "feed:news before:2026-02"]),
        "2 articles marked read\n"
    );
    assert_eq!(told(&["mark", "unread", "2"]), "1 article marked unread\n");
    assert_eq!(told(&["mark", "read", "--query", "zeppelin"]), "0 articles marked read\n");
    assert_eq!(told(&["undo"]), "Undone: marked read “Rust turns ten”\n");
    assert_eq!(told(&["undo"]), "Undone: 2 articles marked unread\n");
    assert_eq!(told(&["search", "--count", "is:unread"]), "2\n");
    assert_eq!(told(&["redo"]), "Redone: 2 articles marked read\n");
    assert_eq!(told(&["search", "--count", "is:unread"]), "0\n");
}

#[test]
fn undo_takes_back_a_subscription() {
    let home = home_with_library();
    let told = |command| stdout(&run(home.path(), &[command]));
    assert_eq!(told("undo"), "Undone: unsubscribed from news\n");
    assert_eq!(stdout(&run(home.path(), &["search", "--count", "is:unread"])), "0\n");
    assert_eq!(told("redo"), "Redone: subscribed to news\n");
}

#[test]
fn undo_without_a_change_exits_with_1() {
    let home = home_with_news();
    for (command, sentence) in [("undo", "Nothing to undo\n"), ("redo", "Nothing to redo\n")] {
        let output = run(home.path(), &[command]);
        assert_eq!((stdout(&output).as_str(), output.status.code()), (sentence, Some(1)));
    }
}

#[test]
fn wrong_targets_change_nothing() {
    let home = home_with_library();
    for (args, status, sentence) in [
        (&["star", "1", "98", "99"][..], 1, "there is no article 98, 99; nothing was changed\n"),
        (&["star", "--query", " "], 2, "the query is empty\n"),
        (&["mark", "read", "--query", "(a"], 2, "“(a” at character 1 of the query: "),
        (
            &["mark", "read", "--query", "..."],
            2,
            "“...” at character 1 of the query: there is no word",
        ),
        (&["star"], 2, "required"),
        (&["star", "1", "--query", "a"], 2, "cannot be used with"),
    ] {
        let output = run(home.path(), args);
        assert_eq!(output.status.code(), Some(status), "{args:?}");
        assert!(stderr(&output).contains(sentence), "{}", stderr(&output));
    }
    assert_eq!(stdout(&run(home.path(), &["search", "--count", "is:star"])), "0\n");
    assert_eq!(stdout(&run(home.path(), &["search", "--count", "is:read"])), "0\n");
}
