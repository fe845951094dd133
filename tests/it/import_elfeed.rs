//! Moving in from elfeed: the index of its database, as Emacs prints it.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    import_newsboat::articles,
    support::program::{run, stderr, stdout},
};

/// Copies the database that elfeed 3.4.1 in Emacs 28 has made.
fn home_with_elfeed() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let (from, to) = (Path::new("tests/fixtures/elfeed"), home.path().join(".elfeed"));
    let text = "8a5314e644042c5181e3d9d75e6af6f2bfc9cc4a";
    fs::create_dir_all(to.join("data/8a")).unwrap();
    fs::copy(from.join("index"), to.join("index")).unwrap();
    fs::copy(from.join(text), to.join("data/8a").join(text)).unwrap();
    home
}

#[test]
fn elfeed_import_takes_feeds_articles_and_tags() {
    let home = home_with_elfeed();
    let output = run(home.path(), &["import", "elfeed", "--json"]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&report["feeds"]["new"], &report["articles"]["new"]), (&1.into(), &3.into()));
    assert_eq!(
        articles(home.path(), "article"),
        ["Article 2", "Article 1 * emacs", "Article 0 read"]
    );
    let feeds = stdout(&run(home.path(), &["feed", "list"]));
    assert!(feeds.contains("Post \"daily\"\thttps://post.example/feed"), "{feeds}");
    assert_eq!(articles(home.path(), "body:text author:lee"), ["Article 0 read"]);
    let again = run(home.path(), &["import", "elfeed", "--json"]);
    let again: Value = serde_json::from_str(&stdout(&again)).unwrap();
    assert_eq!((&again["articles"]["new"], &again["articles"]["known"]), (&0.into(), &3.into()));
}

#[test]
fn elfeed_import_refuses_what_is_no_index() {
    let home = tempfile::tempdir().unwrap();
    let missing = run(home.path(), &["import", "elfeed"]);
    assert!(stderr(&missing).contains("cannot read"), "{}", stderr(&missing));
    fs::write(home.path().join("index"), "(:version 4 :feeds").unwrap();
    let damaged = run(home.path(), &["import", "elfeed", home.path().to_str().unwrap()]);
    assert_eq!(damaged.status.code(), Some(1));
    assert!(stderr(&damaged).contains("index: it is cut off"), "{}", stderr(&damaged));
}
