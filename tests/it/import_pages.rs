//! Moving in with lists of pages to read later: saved pages whose texts are fetched afterwards.

use std::fs;

use crate::{
    import_newsboat::articles,
    support::program::{run, stderr, stdout},
};

#[test]
fn import_of_page_lists_makes_saved_pages_with_tags_and_state() {
    let home = tempfile::tempdir().unwrap();
    for (name, content) in [
        (
            "pocket.csv",
            "title,url,time_added,tags,status\nBridges,https://a.example/,1772359200,water,archive\n",
        ),
        (
            "omnivore.json",
            r#"[{"title":"Ferries","url":"https://b.example/","labels":["water"],"savedAt":"2026-03-02T10:00:00Z"}]"#,
        ),
        (
            "bookmarks.html",
            "<!DOCTYPE NETSCAPE-Bookmark-file-1><DL><p><DT><H3>Tide</H3><DL><p>\
             <DT><A HREF=\"https://c.example/\" ADD_DATE=\"1772532000\">Tides</A></DL></DL>",
        ),
    ] {
        let file = home.path().join(name);
        fs::write(&file, content).unwrap();
        for known in [false, true] {
            let output = run(home.path(), &["import", file.to_str().unwrap()]);
            assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
            let expected = if known { "0 new articles, 1 known already" } else { "1 new article" };
            let lines = stdout(&output);
            assert!(lines.lines().any(|line| line == expected), "{lines}");
        }
    }
    assert_eq!(articles(home.path(), ""), ["Tides Tide", "Ferries water", "Bridges read water"]);
    assert_eq!(articles(home.path(), "feed:saved").len(), 3);
    let journal = stdout(&run(home.path(), &["journal", "--limit", "1"]));
    assert!(journal.ends_with("\timport\tImported 1 article\n"), "{journal}");
    assert_eq!(stdout(&run(home.path(), &["undo"])), "Undone: imported 1 article\n");
    assert_eq!(articles(home.path(), "feed:saved").len(), 2);
    assert_eq!(stdout(&run(home.path(), &["redo"])), "Redone: imported 1 article\n");
    assert_eq!(articles(home.path(), "feed:saved").len(), 3);
}

#[test]
fn missing_texts_are_fetched_from_the_public_internet_only_and_failures_are_listed() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("list.csv");
    fs::write(&file, "url,title\nhttp://127.0.0.1:9/a,Inside\n").unwrap();
    run(home.path(), &["import", file.to_str().unwrap()]);
    let nothing = run(home.path(), &["save", "--missing", "--limit", "0"]);
    assert_eq!(stdout(&nothing), "0 texts fetched, 0 failed, 1 missing\n");
    let output = run(home.path(), &["save", "--missing"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), "0 texts fetched, 1 failed, 1 missing\n");
    assert!(stderr(&output).contains("Inside: No full text from 127.0.0.1"), "{}", stderr(&output));
    assert_eq!(run(home.path(), &["save"]).status.code(), Some(2));
}
