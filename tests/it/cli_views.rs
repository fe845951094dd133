//! Views on the command line.

use std::path::Path;

use crate::support::program::{home_with_library, run, stderr, stdout};

/// Runs a subcommand of `newsreader view`; returns its output, its messages and its exit status.
fn view(home: &Path, args: &[&str]) -> (String, String, Option<i32>) {
    let output = run(home, &[&["view"], args].concat());
    (stdout(&output), stderr(&output), output.status.code())
}

/// Returns the lines of the views of the user.
fn listed(home: &Path) -> String {
    let (lines, _, status) = view(home, &["list"]);
    assert_eq!(status, Some(0));
    lines.split_inclusive('\n').skip(6).collect()
}

#[test]
fn view_is_added_listed_edited_removed_and_restored() {
    let home = home_with_library();
    let home = home.path();
    let built_in = "Unread\tis:unread\tnewest\tnone\t\nStarred\tis:star\tnewest\tnone\t\n\
                    Today\tsince:today\tnewest\tnone\t\n\
                    Later\tis:later\tnewest\tnone\t\nQueue\tis:queued\tqueue\tnone\t\nAll articles\t\tnewest\tnone\t\n";
    assert_eq!(view(home, &["list"]).0, built_in);
    let added = view(
        home,
        &["add", "Bridges", "bridge", "or", "ten", "--group", "day", "--order", "oldest"],
    );
    assert_eq!((added.1.as_str(), added.2), ("Saved the view “Bridges”\n", Some(0)));
    assert_eq!(listed(home), "Bridges\tbridge or ten\toldest\tday\t\n");
    let list = |args: &[&str]| stdout(&run(home, &[&["list", "--view", "bridges"], args].concat()));
    let numbers: Vec<String> = list(&[]).lines().map(|line| line[..1].to_owned()).collect();
    assert_eq!(numbers, ["1", "2"], "the view has its own order");
    assert!(list(&["turns"]).starts_with('2'), "a query narrows the view");
    assert_eq!(stdout(&run(home, &["count", "--view", "Bridges"])), "2\n");
    assert_eq!(stdout(&run(home, &["count", "--view", "starred"])), "0\n");
    let renamed = view(home, &["edit", "Bridges", "--name", "Works", "--query", "-ten"]);
    assert_eq!(renamed.1, "Renamed the view “Bridges” to “Works”\n");
    assert_eq!(stdout(&run(home, &["count", "--view", "Works"])), "1\n");
    assert_eq!(view(home, &["remove", "Works"]).1, "Removed the view “Works”\n");
    assert_eq!(listed(home), "");
    run(home, &["undo"]);
    assert_eq!(listed(home), "Works\t-ten\toldest\tday\t\n");
    assert_eq!(view(home, &["edit", "Works", "--position", "1"]).2, Some(0));
    assert!(view(home, &["list"]).0.starts_with("Works"));
}

#[test]
fn wrong_views_exit_with_2_and_say_why() {
    let home = home_with_library();
    let home = home.path();
    view(home, &["add", "Bridges", "bridge"]);
    for (args, sentence) in [
        (
            &["add", "Wrong", "(bridge"][..],
            "“(bridge” at character 1 of the query: the parenthesis is not closed",
        ),
        (&["add", "Bridges", "ten"], "another view has this name"),
        (&["add", "Again", "bridge"], "the view “Bridges” has this query"),
        (&["add", "Empty"], "a view needs a query"),
        (
            &["add", "Days", "ten", "--group", "day", "--order", "title"],
            "--group day needs --order newest",
        ),
        (
            &["edit", "Unread", "--query", "ten"],
            "the view “Unread” is built in and keeps its query",
        ),
        (&["edit", "Bridges"], "nothing to change"),
        (&["edit", "Bridges", "--query", "(ten"], "the parenthesis is not closed"),
        (
            &["edit", "Bridges", "--order", "backwards"],
            "the orders are newest, oldest, feed, title, best, queue",
        ),
        (&["remove", "Today"], "the view “Today” is built in; hide it"),
    ] {
        let (_, message, status) = view(home, args);
        assert!(message.contains(sentence), "{args:?}: {message}");
        assert_eq!(status, Some(2), "{args:?}");
    }
    let (_, message, status) = view(home, &["remove", "Bridge"]);
    assert!(message.contains("no view is called “Bridge”; did you mean “Bridges”?"), "{message}");
    assert_eq!(status, Some(2));
    assert_eq!(listed(home), "Bridges\tbridge\tnewest\tnone\t\n");
}

#[test]
fn unknown_name_exits_with_2_and_the_nearest_name() {
    let home = home_with_library();
    let home = home.path();
    view(home, &["add", "Bridges", "bridge"]);
    run(home, &["feed", "edit", "news", "--folder", "Papers"]);
    run(home, &["tag", "--add", "urgent", "1"]);
    let feed = "no feed is called “neews”; did you mean “news”?";
    for (args, sentence) in [
        (&["list", "--view", "bridgs"][..], "no view is called “bridgs”; did you mean “Bridges”?"),
        (
            &["count", "--view", "x"],
            "no view is called “x”; `newsreader view list` shows all views",
        ),
        (&["view", "edit", "Tody", "--hidden", "yes"], "did you mean “Today”?"),
        (&["feed", "edit", "neews", "--name", "A"], feed),
        (&["feed", "remove", "news", "neews"], feed),
        (&["refresh", "--feed", "neews"], feed),
        (
            &["feed", "remove", "--folder", "paper"],
            "no folder is called “paper”; did you mean “Papers”?",
        ),
        (&["feed", "rename-folder", "Papes", "A"], "did you mean “Papers”?"),
        (&["sync", "home"], "no account is called “home”; `newsreader account list` shows"),
        (&["account", "remove", "home", "--keep-articles"], "no account is called “home”"),
        (&["tag", "--remove", "urgnt", "1"], "no tag is called “urgnt”; did you mean “urgent”?"),
        (&["rule", "remove", "Noise"], "no rule is called “Noise”; `newsreader rule list` shows"),
    ] {
        let output = run(home, args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {output:?}");
        assert!(stderr(&output).contains(sentence), "{args:?}: {}", stderr(&output));
    }
    let feeds = stdout(&run(home, &["feed", "list"]));
    assert!(feeds.contains("news"), "nothing is left if one name is wrong: {feeds}");
}
