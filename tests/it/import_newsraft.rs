//! Moving in from newsraft: its list of feeds and its database.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    import_newsboat::articles,
    support::program::{run, stderr, stdout},
};

#[test]
fn newsraft_import_takes_feeds_sections_articles_and_marks() {
    let home = tempfile::tempdir().unwrap();
    let fixture = Path::new("tests/fixtures/newsraft");
    let (config, data) = (home.path().join("config/newsraft"), home.path().join("data/newsraft"));
    fs::create_dir_all(&config).unwrap();
    fs::create_dir_all(&data).unwrap();
    fs::copy(fixture.join("feeds"), config.join("feeds")).unwrap();
    let database = rusqlite::Connection::open(data.join("newsraft.sqlite3")).unwrap();
    database.execute_batch(&fs::read_to_string(fixture.join("newsraft.sql")).unwrap()).unwrap();
    let output = run(home.path(), &["import", "newsraft", "--json"]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&report["feeds"]["new"], &report["articles"]["new"]), (&2.into(), &4.into()));
    assert_eq!(
        articles(home.path(), "title:report"),
        ["Bridge report 2 read *", "Bridge report 1 read", "Bridge report 0"]
    );
    assert_eq!(articles(home.path(), "author:lee body:bridge has:audio").len(), 3);
    let feeds = stdout(&run(home.path(), &["feed", "list"]));
    assert!(feeds.contains("\tTransport\tThe bridges\t"), "{feeds}");
    assert!(feeds.contains("\tWater\tFerries\t"), "{feeds}");
    let again: Value =
        serde_json::from_str(&stdout(&run(home.path(), &["import", "newsraft", "--json"])))
            .unwrap();
    assert_eq!((&again["articles"]["new"], &again["articles"]["known"]), (&0.into(), &4.into()));
}
