//! Moving in with files of articles: the JSON of the Google Reader API, in and out, and archives of it.

use std::{fs, path::Path};

use chrono::DateTime;
use newsreader::{
    library::store_import,
    model::{
        ArticleOrigin, BodyFormat, EntryBody, ImportMode, ImportedArticle, ImportedBatch,
        ImportedFeed, ImportedLibrary, ImportedMarks, PublicationDate, TagName,
    },
    store::{LibraryLocation, WriteConnection},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    import_newsboat::{articles, home_with_newsboat},
    support::program::{home_with_library, run, stderr, stdout},
};

/// Runs an import that takes everything; returns its report.
fn import(home: &Path, file: &str) -> Value {
    let output = run(home, &["import", "--json", file]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    serde_json::from_str(&stdout(&output)).unwrap()
}

/// Exports articles; returns those of the JSON, without the ids that the library gives them.
fn export(home: &Path, args: &[&str]) -> Vec<Value> {
    let output = run(home, &[&["export", "--format", "reader-json"], args].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    let mut exported: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let mut items: Vec<Value> = exported["items"].as_array_mut().unwrap().drain(..).collect();
    for item in &mut items {
        item.as_object_mut().unwrap().remove("id");
    }
    items.sort_by_key(|item| item["title"].as_str().unwrap().to_owned());
    items
}

#[test]
fn export_and_import_move_a_library_to_another_one() {
    let (old, new) = (home_with_newsboat(), tempfile::tempdir().unwrap());
    run(old.path(), &["import", "newsboat", "--flag", "s=star"]);
    let file = old.path().join("articles.json");
    let exported = run(old.path(), &["export", "--output", file.to_str().unwrap()]);
    assert!(exported.status.success(), "{}", stderr(&exported));
    let report = import(new.path(), file.to_str().unwrap());
    assert_eq!(report["articles"]["new"], 16);
    assert_eq!(report["feeds"]["new"], 2);
    assert_eq!(articles(new.path(), ""), articles(old.path(), ""));
    assert_eq!(export(new.path(), &[]), export(old.path(), &[]));
    let feeds = stdout(&run(new.path(), &["feed", "list"]));
    assert!(feeds.contains("\tworks\tThe bridges\t"), "{feeds}");
    let again = import(new.path(), file.to_str().unwrap());
    assert_eq!((&again["articles"]["new"], &again["articles"]["known"]), (&json!(0), &json!(16)));
    assert_eq!(export(old.path(), &["is:star"]).len(), 1);
    run(new.path(), &["undo"]);
    assert_eq!(stdout(&run(new.path(), &["feed", "list"])), "");
}

#[test]
fn import_of_foreign_files_takes_labels_folders_and_articles_without_a_feed() {
    let home = tempfile::tempdir().unwrap();
    let item = |number: u32, feed: &str, labels: &[&str]| {
        let labels: Vec<String> =
            labels.iter().map(|label| format!("user/1005/label/{label}")).collect();
        json!({
            "title": format!("Number {number}"), "published": 1_762_941_600 + number,
            "canonical": [{"href": format!("https://post.example/{number}")}],
            "categories": labels, "content": {"content": "<p>Text</p>"},
            "origin": {"streamId": feed, "title": "Post"},
        })
    };
    let feed = "feed/https://post.example/rss";
    let items = [
        item(1, feed, &["Tech", "to read"]),
        item(2, feed, &["Tech"]),
        item(3, "feed/7", &["Tech"]),
    ];
    let file = home.path().join("starred.json");
    fs::write(&file, json!({"items": items}).to_string()).unwrap();
    let report = import(home.path(), file.to_str().unwrap());
    assert_eq!(report["articles"]["new"], 3);
    assert_eq!(report["notes"][0]["kind"], "changed");
    let feeds = stdout(&run(home.path(), &["feed", "list"]));
    assert!(feeds.contains("\tTech\tPost\thttps://post.example/rss"), "{feeds}");
    assert_eq!(articles(home.path(), "number"), ["Number 3 Tech", "Number 2", "Number 1 to-read"]);
    assert_eq!(articles(home.path(), "feed:saved"), ["Number 3 Tech"]);
    assert_eq!(import(home.path(), file.to_str().unwrap())["articles"]["known"], 3);
}

#[test]
fn undone_import_into_a_subscribed_feed_is_new_the_next_time() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, numbers: std::ops::Range<u32>| {
        let item = |number: u32| {
            json!({
                "title": format!("Number {number}"), "published": 1_762_941_600 + number,
                "canonical": [{"href": format!("https://post.example/{number}")}],
                "content": {"content": "<p>Text</p>"},
                "origin": {"streamId": "feed/https://post.example/rss", "title": "Post"},
            })
        };
        let file = home.path().join(name);
        fs::write(&file, json!({"items": numbers.map(item).collect::<Vec<_>>()}).to_string())
            .unwrap();
        file.to_str().unwrap().to_owned()
    };
    let (first, second) = (write("first.json", 0..2), write("second.json", 2..5));
    import(home.path(), &first);
    let counts =
        |report: &Value| (report["articles"]["new"].clone(), report["articles"]["known"].clone());
    assert_eq!(counts(&import(home.path(), &second)), (json!(3), json!(0)));
    assert_eq!(stdout(&run(home.path(), &["undo"])), "Undone: imported 3 articles\n");
    assert_eq!(articles(home.path(), "").len(), 2);
    run(home.path(), &["trash", "restore", "--query", "title:\"number 3\" is:removed"]);
    run(home.path(), &["remove", "--query", "title:\"number 3\""]);
    assert_eq!(counts(&import(home.path(), &second)), (json!(2), json!(1)), "one was removed");
    assert_eq!(articles(home.path(), "").len(), 4);
    assert_eq!(stdout(&run(home.path(), &["undo"])), "Undone: imported 2 articles\n");
    assert_eq!(articles(home.path(), "").len(), 2);
}

#[test]
fn export_and_import_keep_a_day_without_a_time() {
    let (old, new) = (home_with_library(), tempfile::tempdir().unwrap());
    let file = old.path().join("articles.json");
    run(old.path(), &["export", "--output", file.to_str().unwrap()]);
    import(new.path(), file.to_str().unwrap());
    let dates = |home: &Path| {
        let listed: Value = serde_json::from_str(&stdout(&run(home, &["list", "--json"]))).unwrap();
        let articles = listed["articles"].as_array().unwrap();
        articles.iter().map(|article| article["published"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(dates(new.path()), dates(old.path()));
    assert_eq!(dates(new.path())[0], "2026-01-29");
}

#[test]
fn import_refuses_files_that_are_none_and_takes_subscription_lists() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    let path = file.to_str().unwrap();
    for (content, reason) in [
        ("{\"a\": 1}", "it is no list of articles in JSON"),
        ("PK\u{3}\u{4} cut off", "it is not a ZIP archive, or cut off"),
        ("", "empty"),
        ("[[[", "it is no list of articles in JSON"),
        ("some words\nin lines", "it is none of the files that `newsreader import --help` names"),
        ("\u{1}\u{2}a.example/\u{3}", "it is none of the files that"),
    ] {
        fs::write(&file, content).unwrap();
        let output = run(home.path(), &["import", path]);
        assert_eq!((stdout(&output).as_str(), output.status.code()), ("", Some(1)));
        assert!(stderr(&output).contains(reason), "{content}: {}", stderr(&output));
        let output = run(home.path(), &["feed", "import", path]);
        assert_eq!((stdout(&output).as_str(), output.status.code()), ("", Some(1)), "{content}");
    }
    for (name, reason) in [("r.zip", "it is not a ZIP archive"), ("r.json", "in JSON")] {
        let file = home.path().join(name);
        fs::write(&file, "https:// is\nno address\nand neither is this\n").unwrap();
        let output = run(home.path(), &["import", file.to_str().unwrap()]);
        assert_eq!((stdout(&output).as_str(), output.status.code()), ("", Some(1)));
        assert!(stderr(&output).contains(reason), "{name}: {}", stderr(&output));
    }
    assert_eq!(run(home.path(), &["import", "/nowhere/x.json"]).status.code(), Some(1));
    let opml = "<opml version='2.0'><body><outline text='Tech'><outline type='rss' text='Post' \
                xmlUrl='https://post.example/rss'/></outline></body></opml>";
    fs::write(&file, opml).unwrap();
    assert_eq!(import(home.path(), path)["feeds"]["new"], 1);
    assert!(stdout(&run(home.path(), &["feed", "list"])).contains("\tTech\tPost\t"));
}

/// An article to store and to move: the number of its feed, and its fields.
type Article = (u8, String, Option<String>, i64, String, (bool, bool), Vec<String>);

fn article() -> impl Strategy<Value = Article> {
    (
        0_u8..3,
        "[a-zA-Zäß東&<>]{1,12}( [a-z\"]{1,8})?",
        proptest::option::of("[A-Z][a-z]{1,8} Lee"),
        1_000_000_i64..2_000_000_000,
        "<p>[a-zé &]{0,20}</p>(<p>[a-z]{1,8}</p>)?",
        any::<(bool, bool)>(),
        proptest::collection::vec("[a-z]{1,6}", 0..3),
    )
}

/// Stores articles as the import of them would, each with a link and a guid of its own.
fn store(home: &Path, articles: &[Article]) {
    let location = LibraryLocation::Folder(home.join("data/newsreader"));
    let mut writer = WriteConnection::open(&location).unwrap();
    let url = |number: u8| format!("https://feed{number}.example/rss");
    let feeds = (0..3).map(|number| ImportedFeed {
        url: url(number),
        title: Some(format!("Feed {number}")),
        folder: (number > 0).then(|| format!("Folder {number}")),
        ..ImportedFeed::default()
    });
    let imported = ImportedLibrary { feeds: feeds.collect(), ..ImportedLibrary::default() };
    let numbered = articles.iter().enumerate();
    let mut batches = numbered.map(|(at, (feed, title, author, date, html, marks, tags))| {
        let tags = tags.iter().map(|tag| TagName::parse(tag).unwrap());
        Ok(ImportedBatch {
            origin: ArticleOrigin::Feed(url(*feed)),
            articles: vec![ImportedArticle {
                guid: Some(format!("guid-{at}")),
                title: format!("{at} {title}"),
                link: Some(format!("https://feed{feed}.example/{at}")),
                author: author.clone(),
                published: DateTime::from_timestamp(*date, 0).map(PublicationDate::Instant),
                body: EntryBody { format: BodyFormat::Html, text: html.clone() },
                categories: Vec::new(),
                files: Vec::new(),
                marks: ImportedMarks {
                    is_read: marks.0,
                    is_starred: marks.1,
                    is_removed: false,
                    tags: tags.collect(),
                },
            }],
        })
    });
    let moment = (ImportMode::Store, DateTime::from_timestamp(2_000_000_000, 0).unwrap());
    store_import(&mut writer, &location, &imported, &mut batches, moment).unwrap();
}

proptest! {
    // Each case starts the program four times.
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 16, ..ProptestConfig::default() })]

    /// Title, link, author, date, text, marks, tags, feed and folder of every article are the same in the
    /// library that it moves to.
    #[test]
    fn export_then_import_is_the_identity(articles in proptest::collection::vec(article(), 1..12)) {
        let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        store(old.path(), &articles);
        let exported = run(old.path(), &["export"]);
        let file = old.path().join("articles.json");
        fs::write(&file, &exported.stdout).unwrap();
        import(new.path(), file.to_str().unwrap());
        let before = export(old.path(), &[]);
        prop_assert_eq!(before.len(), articles.len());
        prop_assert_eq!(export(new.path(), &[]), before);
    }
}
