//! Articles like another one: on the command line and in the reader.

use std::fs;

use newsreader::{
    app::{Effect, Message},
    model::{EntryId, SortOrder},
};

use crate::support::{
    program::{home_with_library, run, stderr, stdout},
    stage,
};

/// Stores an article in the folder of the library.
fn write_article(home: &std::path::Path, name: &str, text: &str) {
    fs::write(home.join("news").join(name), format!(" date 2026-01-20 {text}\n")).unwrap();
}

#[test]
fn similar_lists_articles_with_the_most_telling_words_first() {
    let home = home_with_library();
    let home = home.path();
    write_article(home, "c.txt", "Another bridge reopens. The bridge was shut for years as well.");
    write_article(home, "d.txt", "A recipe for soup. It takes years to learn.");
    write_article(home, "e.txt", "Bridge closed. The old bridge stays shut.");
    assert!(run(home, &["refresh"]).status.success());
    let listed = stdout(&run(home, &["similar", "1"]));
    let titles: Vec<&str> = listed.lines().filter_map(|line| line.split('\t').nth(3)).collect();
    assert_eq!(titles.first(), Some(&"Another bridge reopens"), "{listed}");
    assert!(titles.contains(&"Bridge closed"), "{listed}");
    assert!(!titles.contains(&"The bridge reopens"), "{listed}");
    assert_eq!(stdout(&run(home, &["similar", "1", "--limit", "1"])).lines().count(), 1);
    let narrowed = stdout(&run(home, &["similar", "1", "--query", "title:closed"]));
    assert_eq!(narrowed.lines().count(), 1, "{narrowed}");
}

#[test]
fn similar_refuses_wrong_numbers_and_queries() {
    let home = home_with_library();
    let missing = run(home.path(), &["similar", "99"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(stderr(&missing).contains("there is no article 99"));
    let wrong = run(home.path(), &["similar", "1", "--query", "(a"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn similar_articles_are_a_ranked_list_that_leads_back() {
    let asked = stage(&["The bridge", "The ferry"]).keys("right '");
    assert_eq!(asked.effects, [Effect::FindSimilar(EntryId(1))]);
    let filter = "(\"bridge\") -url:\"https://example.org/1\"".to_owned();
    let listed = asked.send(Message::SimilarFound(EntryId(1), Ok(Some(filter.clone()))));
    let list = listed.app.entry_list.definition();
    assert_eq!((&list.filter, list.order), (&filter, SortOrder::Relevance));
    let back = listed.keys("esc");
    let list = back.app.entry_list.definition();
    assert_eq!((list.filter.as_str(), list.order), ("", SortOrder::NewestFirst));
}

#[test]
fn article_without_similar_ones_says_so() {
    let stage = stage(&["The bridge"]).keys("right '");
    let told = stage.send(Message::SimilarFound(EntryId(1), Ok(None)));
    assert!(told.screen().contains("No other article has the words"), "{}", told.screen());
}
