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
    assert_eq!(told(&["unstar", "2"]), "0 articles unstarred, 1 was not starred\n");
    assert_eq!(told(&["mark", "unread", "2"]), "1 article marked unread\n");
    assert_eq!(told(&["mark", "read", "--query", "zeppelin"]), "0 articles marked read\n");
    assert_eq!(told(&["undo"]), "Undone: marked unread “Rust turns ten”\n");
    assert_eq!(told(&["undo"]), "Undone: 2 articles marked read\n");
    assert_eq!(told(&["search", "--count", "is:unread"]), "2\n");
    assert_eq!(told(&["redo"]), "Redone: 2 articles marked read\n");
    assert_eq!(told(&["search", "--count", "is:unread"]), "0\n");
}

#[test]
fn bulk_marks_count_an_article_and_its_copies_once() {
    let home = tempfile::tempdir().unwrap();
    for name in ["alpha", "beta"] {
        let file = home.path().join(format!("{name}.xml"));
        let item = "<item><title>Ferry</title><link>https://press.example/ferry</link></item>";
        let feed = format!("<rss><channel><title>{name}</title>{item}</channel></rss>");
        std::fs::write(&file, feed).unwrap();
        let added = run(home.path(), &["feed", "add", file.to_str().unwrap()]);
        assert!(added.status.success(), "{added:?}");
    }
    let told = |args: &[&str]| {
        let output = run(home.path(), args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        stdout(&output)
    };
    let query = |words: &[&'static str]| [words, &["--query", "title:ferry"]].concat();
    assert_eq!(told(&query(&["star"])), "1 article starred\n");
    assert_eq!(told(&query(&["star"])), "0 articles starred, 1 already was\n");
    assert_eq!(told(&["mark", "read", "1", "2"]), "1 article marked read\n");
    assert_eq!(told(&query(&["tag", "--add", "urgent"])), "1 article tagged\n");
    assert_eq!(told(&query(&["remove"])), "1 article moved to the trash\n");
    let restore = ["trash", "restore", "--query", "title:ferry is:removed"];
    assert_eq!(told(&restore), "1 article restored\n");
    let absent = run(home.path(), &["trash", "restore", "1", "2"]);
    assert_eq!(stdout(&absent), "0 articles restored, 1 was not in the trash\n");
    assert_eq!(absent.status.code(), Some(1));
}

#[test]
fn tags_change_by_number_or_query_and_are_undone() {
    let home = home_with_library();
    let told = |args: &[&str]| {
        let output = run(home.path(), args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        stdout(&output)
    };
    assert_eq!(told(&["tag", "--add", "Urgent", "1"]), "1 article tagged\n");
    let both = ["tag", "--add", "urgent", "--add", "work", "--query", "is:unread"];
    assert_eq!(told(&both), "2 articles tagged\n");
    assert_eq!(told(&["tag", "--add", "work", "1", "2"]), "0 articles tagged, 2 already were\n");
    assert_eq!(
        told(&["tag", "--remove", "later", "1"]),
        "0 articles untagged, 1 was without this tag\n"
    );
    let several = ["tag", "--remove", "later", "--remove", "hidden", "1", "2"];
    assert_eq!(told(&several), "0 articles untagged, 2 were without these tags\n");
    assert_eq!(told(&["tag", "list"]), "Urgent\t2\nwork\t2\n");
    assert_eq!(told(&["search", "--count", "tag:urgent"]), "2\n");
    assert_eq!(told(&["tag", "--remove", "work", "--add", "later", "2"]), "1 article changed\n");
    assert_eq!(told(&["tag", "list"]), "later\t1\nUrgent\t2\nwork\t1\n");
    assert_eq!(
        told(&["undo"]),
        "Undone: kept “Rust turns ten” for later and took the tag work off it\n"
    );
    assert_eq!(told(&["tag", "--add", "hidden", "--until", "2d", "1"]), "1 article tagged\n");
    assert_eq!(told(&["search", "--count"]), "1\n");
    assert_eq!(told(&["search", "--count", "is:hidden tag:urgent"]), "1\n");
    assert_eq!(told(&["tag", "list"]), "hidden\t1\nUrgent\t1\nwork\t1\n");
    assert!(told(&["undo"]).starts_with("Undone: snoozed “The bridge reopens” until "));
    for (args, sentence) in [
        (&["tag", "1"][..], "name a tag with --add or --remove"),
        (&["tag", "--add", "two words", "1"], "“two words” is no tag: a tag is one word"),
        (&["tag", "--add", "a", "--remove", "A", "1"], "the tag a is named twice"),
        (&["tag", "--add", "a", "--until", "yesterday", "1"], "“yesterday”: a time to come is"),
        (&["tag", "--add", "a"], "required"),
        (&["tag", "--remove", "a", "--until", "2d", "1"], "required"),
    ] {
        let output = run(home.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(sentence), "{}", stderr(&output));
    }
}

#[test]
fn undo_takes_back_a_subscription() {
    let home = home_with_library();
    let told = |command| stdout(&run(home.path(), &[command]));
    assert_eq!(told("undo"), "Undone: subscribed to news\n");
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
