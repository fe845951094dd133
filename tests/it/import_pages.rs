//! Moving in with lists of pages to read later: saved pages whose texts are fetched afterwards.

use std::{fs, path::Path};

use crate::{
    full_text::PAGE,
    import_newsboat::articles,
    support::{
        program::{run, stderr, stdout},
        server::{Server, TestResponse},
    },
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

/// Writes a list of pages; returns its path.
fn write_list(home: &Path, name: &str, pages: &[&str]) -> String {
    let rows = pages.iter().map(|page| format!("https://{page}.example/,{page}\n"));
    let file = home.join(name);
    fs::write(&file, format!("url,title\n{}", rows.collect::<String>())).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn undone_import_of_pages_stays_away_until_it_is_imported_again() {
    let home = tempfile::tempdir().unwrap();
    let told = |args: &[&str]| {
        let output = run(home.path(), args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        stdout(&output)
    };
    let (few, many) = (
        write_list(home.path(), "few.csv", &["ferry"]),
        write_list(home.path(), "many.csv", &["bridge", "tide"]),
    );
    assert!(told(&["import", &few]).ends_with("\n1 new article\n"));
    assert_eq!(told(&["undo"]), "Undone: imported 1 article\n");
    assert_eq!(told(&["count"]), "0\n");
    assert!(told(&["import", &many]).ends_with("\n2 new articles\n"));
    assert_eq!(articles(home.path(), ""), ["bridge", "tide"], "not the one that was undone");
    assert_eq!(told(&["undo"]), "Undone: imported 2 articles\n");
    let server = Server::start(|_| TestResponse::ok(PAGE));
    told(&["save", &server.url("/page")]);
    assert_eq!(articles(home.path(), ""), ["The bridge reopens"]);
    assert!(told(&["import", &many]).ends_with("\n2 new articles\n"), "as if they were new");
    assert_eq!(told(&["count"]), "3\n");
    assert!(told(&["import", &many]).ends_with("\n0 new articles, 2 known already\n"));
    assert_eq!(told(&["undo"]), "Undone: imported 2 articles\n");
    assert_eq!(told(&["redo"]), "Redone: imported 2 articles\n");
    assert_eq!(told(&["count"]), "3\n");
    told(&["remove", "--query", "tide"]);
    assert!(told(&["import", &many]).ends_with("\n0 new articles, 2 known already\n"));
    assert_eq!(told(&["count"]), "2\n", "what the user has removed stays in the trash");
}

#[test]
fn import_of_pages_hides_the_samples_each_time() {
    let home = tempfile::tempdir().unwrap();
    let told = |args: &[&str]| stdout(&run(home.path(), args));
    let samples = told(&["count"]);
    let list = write_list(home.path(), "list.csv", &["bridge", "tide"]);
    for _ in 0..2 {
        told(&["import", &list]);
        assert_eq!(told(&["count"]), "2\n");
        assert_eq!(told(&["undo"]), "Undone: imported 2 articles\n");
        assert_eq!(told(&["count"]), samples);
    }
}

#[test]
fn pages_of_an_unsubscribed_feed_come_back_into_the_trash_only() {
    let home = tempfile::tempdir().unwrap();
    let told = |args: &[&str]| {
        let output = run(home.path(), args);
        assert!(output.status.success(), "{args:?}: {output:?}");
        stdout(&output)
    };
    let list = write_list(home.path(), "list.csv", &["bridge", "tide"]);
    told(&["import", &list]);
    told(&["feed", "remove", "Saved"]);
    let server = Server::start(|_| TestResponse::ok(PAGE));
    told(&["save", &server.url("/page")]);
    assert_eq!(articles(home.path(), ""), ["The bridge reopens"]);
    assert_eq!(told(&["trash", "list"]).lines().count(), 2);
    assert_eq!(told(&["undo"]), "Undone: moved 2 articles to the trash\n");
    assert_eq!(told(&["count"]), "3\n");
    told(&["feed", "remove", "Saved"]);
    let other = write_list(home.path(), "other.csv", &["tide", "ferry"]);
    assert!(told(&["import", &other]).ends_with("\n2 new articles\n"));
    assert_eq!(articles(home.path(), ""), ["ferry", "tide"]);
}
