//! Real pages, feeds and news of all scripts, from the folder that `NEWSREADER_CORPORA` names:
//! `NEWSREADER_CORPORA=… cargo test --release corpora -- --ignored`. There, `articles` and `feeds` hold files at any
//! depth, and `news-text` files of one JSON object a line.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use newsreader::{
    feed::{self, ParseHints},
    markup::{
        BoilerplateRule, Document, Flow, FlowLayout, ScrollPosition, parse_html, parse_plain_text,
    },
    text::{detect_language, fold, sanitize, width},
};

use crate::support::stage;

/// The longest that one document may take, at all widths.
const LONGEST: Duration = Duration::from_secs(2);

/// Every file in a folder of the corpora.
pub fn files(folder: &str) -> Vec<PathBuf> {
    let root = std::env::var_os("NEWSREADER_CORPORA").expect("NEWSREADER_CORPORA names a folder");
    let mut found = Vec::new();
    let mut folders = vec![Path::new(&root).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() { folders.push(entry) } else { found.push(entry) }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

/// No line is too wide, none holds a control character, and all of it takes bounded time.
fn check(name: &str, document: Document) {
    let began = Instant::now();
    let flow = Arc::new(Flow::new(document));
    for columns in [1, 25, 40, 68, 120] {
        for line in FlowLayout::new(Arc::clone(&flow), columns)
            .visible_lines(ScrollPosition::default(), u16::MAX)
        {
            let text = line.text();
            assert!(width(&text) <= usize::from(columns), "{name} at {columns}: {text:?}");
            // Zero-width spaces are where Thai may be broken; no cell shows them.
            let shown = text.replace('\u{200b}', "");
            assert!(
                !text.contains(char::is_control) && sanitize::to_line(&shown) == shown,
                "{name}: {text:?}"
            );
        }
    }
    assert!(began.elapsed() < LONGEST, "{name} took {:?}", began.elapsed());
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn every_page_becomes_lines() {
    let rules: Vec<BoilerplateRule> = BoilerplateRule::ALL.iter().map(|(rule, _)| *rule).collect();
    for file in files("articles") {
        let name = file.display().to_string();
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        check(
            &name,
            parse_html(&text, Some("https://example.org/")).without_boilerplate(&rules, ""),
        );
    }
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn every_body_of_every_feed_becomes_lines() {
    let mut bodies = 0;
    for file in files("feeds") {
        let name = file.display().to_string();
        let Ok(parsed) = feed::parse(&fs::read(&file).unwrap(), ParseHints::default()) else {
            continue;
        };
        for entry in &parsed.entries {
            bodies += 1;
            check(&name, parse_html(&entry.longest_text().to_html(), None));
        }
    }
    assert!(bodies > 1000, "{bodies} bodies");
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn no_script_pushes_a_divider_out_of_its_place() {
    for file in files("news-text") {
        let text = fs::read_to_string(&file).unwrap();
        for line in text.lines().take(300) {
            let news: serde_json::Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| news[name].as_str().unwrap_or_default().to_owned();
            check(&file.display().to_string(), parse_plain_text(&field("text")));
            let title = sanitize::to_line(&field("title")).into_owned();
            let stage = stage(&[if title.is_empty() { "–" } else { &title }])
                .body(1, &field("text"))
                .size(120, 40);
            for (y, row) in stage.rows().iter().enumerate() {
                assert_eq!(width(row), 120, "row {y} of {title}: {row:?}");
            }
        }
    }
}

/// Of each language, how many articles are taken for one of it, and for one of another.
#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn languages_of_news_are_told() {
    let mut told: std::collections::BTreeMap<String, [usize; 3]> =
        std::collections::BTreeMap::new();
    for file in files("news-text") {
        for line in fs::read_to_string(&file).unwrap().lines() {
            let news: serde_json::Value = serde_json::from_str(line).unwrap();
            let (expected, text) =
                (news["lang"].as_str().unwrap(), news["text"].as_str().unwrap_or_default());
            let counts = told.entry(expected.to_owned()).or_default();
            match detect_language(&fold(text)) {
                Some(found) if found == expected => counts[0] += 1,
                Some(_) => counts[1] += 1,
                None => counts[2] += 1,
            }
        }
    }
    for (language, [right, wrong, none]) in told {
        eprintln!("{language}: {right} right, {wrong} wrong, {none} not told");
        assert!(wrong * 50 <= right + none, "{language}: {wrong} of {right} are wrong");
    }
}
