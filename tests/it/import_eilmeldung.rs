//! Moving in from eilmeldung: its database becomes feeds with folders, and articles with stars and tags.

use std::fs;

use serde_json::Value;

use crate::{
    import_newsboat::articles,
    support::program::{run, stderr, stdout},
};

/// The tables of eilmeldung 1.10 that are read, with two feeds.
const DATABASE: &str = "
CREATE TABLE feeds (feed_id TEXT PRIMARY KEY NOT NULL, label VARCHAR NOT NULL, website TEXT, feed_url TEXT);
CREATE TABLE categories (category_id TEXT PRIMARY KEY NOT NULL, label TEXT NOT NULL);
CREATE TABLE category_mapping (parent_id TEXT NOT NULL, category_id TEXT NOT NULL, sort_index INTEGER);
CREATE TABLE feed_mapping (feed_id TEXT NOT NULL, category_id TEXT NOT NULL, sort_index INTEGER);
CREATE TABLE tags (tag_id TEXT PRIMARY KEY NOT NULL, label TEXT NOT NULL, color TEXT);
CREATE TABLE taggings (article_id TEXT NOT NULL, tag_id TEXT NOT NULL);
CREATE TABLE articles (article_id TEXT PRIMARY KEY NOT NULL, title TEXT, author TEXT, feed_id TEXT NOT NULL, url TEXT,
    date TEXT NOT NULL, html TEXT, summary TEXT, unread INTEGER NOT NULL, marked INTEGER NOT NULL);
INSERT INTO feeds VALUES ('f1', 'Post', NULL, 'https://post.example/rss'), ('f2', 'Odd', NULL, NULL);
INSERT INTO categories VALUES ('c1', 'News'), ('c2', 'Local');
INSERT INTO category_mapping VALUES ('c1', 'c2', 0), ('NewsFlash.Toplevel', 'c1', 0);
INSERT INTO feed_mapping VALUES ('f1', 'c2', 0);
INSERT INTO tags VALUES ('t1', 'to read', NULL);
INSERT INTO taggings VALUES ('a1', 't1');
INSERT INTO articles VALUES
    ('a1', 'Bridge opens', 'Ann Lee', 'f1', 'https://post.example/1', '2026-03-01 10:00:00+00:00', '<p>Text.</p>', NULL, 0, 1),
    ('a2', 'Ferry stops', NULL, 'f1', 'https://post.example/2', '2026-03-02 10:00:00+00:00', NULL, 'Short.', 1, 0),
    ('a3', 'Kept page', NULL, 'f2', 'https://odd.example/3', '2026-03-03 10:00:00+00:00', NULL, NULL, 1, 0);
";

#[test]
fn eilmeldung_import_takes_feeds_folders_articles_and_tags() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("data/eilmeldung");
    fs::create_dir_all(&folder).unwrap();
    let database = rusqlite::Connection::open(folder.join("database.sqlite")).unwrap();
    database.execute_batch(DATABASE).unwrap();
    let output = run(home.path(), &["import", "eilmeldung", "--json"]);
    assert_eq!(output.status.code(), Some(1), "a feed has no address: {}", stderr(&output));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&report["feeds"]["new"], &report["articles"]["new"]), (&1.into(), &3.into()));
    assert_eq!(
        articles(home.path(), ""),
        ["Kept page", "Ferry stops", "Bridge opens read * to-read"]
    );
    assert_eq!(articles(home.path(), "feed:saved"), ["Kept page"]);
    let feeds = stdout(&run(home.path(), &["feed", "list"]));
    assert!(feeds.contains("\tNews / Local\tPost\thttps://post.example/rss"), "{feeds}");
    let again: Value =
        serde_json::from_str(&stdout(&run(home.path(), &["import", "eilmeldung", "--json"])))
            .unwrap();
    assert_eq!((&again["articles"]["new"], &again["articles"]["known"]), (&0.into(), &3.into()));
}

#[test]
fn import_refuses_a_database_whose_tables_are_views() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("database.sqlite");
    let database = rusqlite::Connection::open(&file).unwrap();
    database.execute_batch("CREATE VIEW feeds AS SELECT 1; CREATE TABLE articles (a);").unwrap();
    let output = run(home.path(), &["import", "eilmeldung", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("has no table `feeds`"), "{}", stderr(&output));
}
