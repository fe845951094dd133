//! Commands on several articles, and filters made from one, on a real library.

use std::{fs, path::Path};

use newsreader::{
    app::{App, Notice, Overlay},
    store::LibraryLocation,
};

use crate::workers::RunningApp;

/// Three articles: a German one with tags of 2020, an English one of 2021, and one of the day of the
/// tests.
const ARTICLES: [(&str, &str); 3] = [
    (
        "brücke.md",
        "---\ntitle: Die Brücke\nauthor: Anna \"AW\" Weil\ndate: 2020-01-28\ntags: [c++, neue stadt]\n---\n\
         Die Brücke wurde für ein Jahr geschlossen, und niemand weiß, wie es dazu kam.\n",
    ),
    (
        "train.md",
        "---\ntitle: The night train\nauthor: Ben Ito\ndate: 2021-03-01\ntags: [c]\n---\n\
         The train that everyone remembered and nobody took was back for the summer.\n",
    ),
    ("today.md", "---\ntitle: News of today\ndate: 2026-11-23\n---\nIt is short.\n"),
];

fn start(folder: &Path) -> RunningApp {
    let location = LibraryLocation::Folder(folder.join("library"));
    let mut running = RunningApp::start(&location, &[]);
    let news = folder.join("news");
    fs::create_dir(&news).unwrap();
    for (name, text) in ARTICLES {
        fs::write(news.join(name), text).unwrap();
    }
    running.subscribe_folder(&news);
    running.run_until(|app| app.entry_list.len() == 3 && app.sidebar.data().feeds.len() == 1);
    running
}

fn titles(app: &App) -> Vec<&str> {
    let list = &app.entry_list;
    let title = |index| list.row(index).map_or("", |entry| entry.title.as_str());
    (0..list.len()).map(title).collect()
}

fn labels(app: &App) -> Vec<&str> {
    match &app.overlay {
        Some(Overlay::Picker(picker)) => {
            picker.matching_items().map(|item| item.label.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

fn unread_count(app: &App) -> u64 {
    app.sidebar.data().feeds.iter().map(|feed| feed.unread_count).sum()
}

#[test]
fn older_articles_are_marked_read_and_undone_together() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = start(folder.path());
    running.press_keys("alt-; w e e k enter");
    running.run_until(|app| labels(app).first() == Some(&"Mark 2 articles as read"));
    running.press_keys("enter");
    let is_told = |notice: &Notice| notice.text == "2 articles marked read";
    // The end of the refresh at the start may take the place of the notice before the articles are counted.
    running.run_until(|app| app.notices.current().is_some_and(is_told));
    running.run_until(|app| unread_count(app) == 1);
    running.press_keys("alt-u");
    running.run_until(|app| unread_count(app) == 3);
}

#[test]
fn marked_articles_are_exported_to_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.md");
    let mut running = start(folder.path());
    running.press_keys("alt-i ctrl-x w ctrl-u");
    let typed: Vec<String> = file.to_str().unwrap().chars().map(|c| c.to_string()).collect();
    running.press_keys(&typed.join(" "));
    running.press_keys("enter");
    running.run_until(|app| app.overlay.is_none());
    let notice = &running.app.notices.current().unwrap().text;
    assert!(notice.starts_with("3 articles saved to"), "{notice}");
    let text = fs::read_to_string(&file).unwrap();
    let places = ["# News of today", "\n\n---\n\n# The night train", "\n\n---\n\n# Die Brücke"]
        .map(|title| text.find(title).unwrap_or_else(|| panic!("{title}: {text}")));
    assert!(places.is_sorted(), "in the order of the list: {text}");
}

#[test]
fn each_term_of_an_article_finds_it_and_leaves_it_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = start(folder.path());
    running.press_keys("end");
    running.run_until(|app| titles(app)[2] == "Die Brücke");
    running.press_keys("alt-=");
    running.run_until(|app| labels(app).contains(&"lang:de"));
    let expected = [
        r#"feed:"news""#,
        r#"author:"Anna AW Weil""#,
        "on:2020-01-28",
        r#"tag:"c++""#,
        r#"tag:"neue""#,
        r#"tag:"stadt""#,
        "lang:de",
    ];
    assert_eq!(labels(&running.app), expected);
    running.press_keys("esc");
    for number in 0..expected.len() {
        for (key, is_listed) in [("alt-=", true), ("alt-!", false)] {
            running.press_keys("esc");
            running.run_until(|app| app.entry_list.is_up_to_date() && app.entry_list.len() == 3);
            running.press_keys("end");
            running.run_until(|app| titles(app)[2] == "Die Brücke");
            running.press_keys(key);
            running.run_until(|app| labels(app).len() == expected.len());
            running.press_keys(&"down ".repeat(number));
            running.press_keys("enter");
            running.run_until(|app| app.entry_list.is_up_to_date());
            let filter = running.app.filter_bar.text();
            assert!(filter.contains(expected[number]), "{filter}");
            let listed = titles(&running.app).contains(&"Die Brücke");
            assert_eq!(listed, is_listed, "{filter}: {:?}", titles(&running.app));
        }
    }
}
