//! Real pages, feeds and news in many scripts, from the folder that `NEWSREADER_CORPORA` names:
//! `NEWSREADER_CORPORA=… cargo test --release -- --ignored`.
//!
//! Its folders `articles` and `feeds` hold files at any depth, `news-text` holds files with one
//! JSON object per line. Tests that need the corpora are ignored by default because they are slow
//! in a debug build, and are skipped when the variable is not set.

use std::{
    fs,
    io::Write as _,
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

/// Maximum time to lay out one document at all widths.
const MAX_LAYOUT_DURATION: Duration = Duration::from_secs(2);

/// Returns a folder of the corpora. Without corpora, says on the terminal that the calling test is
/// skipped and returns `None`.
pub fn corpora_folder(name: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("NEWSREADER_CORPORA") else {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("a test");
        // Not `eprintln!`, whose output is only shown when a test fails.
        let _ = writeln!(std::io::stderr(), "skipped {test}: NEWSREADER_CORPORA is not set");
        return None;
    };
    Some(Path::new(&root).join(name))
}

/// Returns every file in a folder of the corpora, or `None` without corpora.
pub fn corpus_files(folder: &str) -> Option<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![corpora_folder(folder)?];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() { folders.push(entry) } else { files.push(entry) }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "{folder} is empty");
    Some(files)
}

/// Lays a document out and checks that no line is too wide or holds a control character, and that
/// it takes bounded time.
fn check_layout(name: &str, document: Document) {
    let start = Instant::now();
    let flow = Arc::new(Flow::new(document));
    for columns in [1, 25, 40, 68, 120] {
        for line in FlowLayout::new(Arc::clone(&flow), columns)
            .visible_lines(ScrollPosition::default(), u16::MAX)
        {
            let text = line.text();
            assert!(width(&text) <= usize::from(columns), "{name} at {columns}: {text:?}");
            // Zero-width spaces mark where Thai may be broken; they take no cell.
            let visible = text.replace('\u{200b}', "");
            assert!(
                !text.contains(char::is_control) && sanitize::to_line(&visible) == visible,
                "{name}: {text:?}"
            );
        }
    }
    assert!(start.elapsed() < MAX_LAYOUT_DURATION, "{name} took {:?}", start.elapsed());
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn corpus_pages_fit_every_width() {
    let rules: Vec<BoilerplateRule> = BoilerplateRule::ALL.iter().map(|(rule, _)| *rule).collect();
    let Some(files) = corpus_files("articles") else { return };
    for file in files {
        let name = file.display().to_string();
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        check_layout(
            &name,
            parse_html(&text, Some("https://example.org/")).without_boilerplate(&rules, ""),
        );
    }
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn corpus_feed_bodies_fit_every_width() {
    let mut body_count = 0;
    let Some(files) = corpus_files("feeds") else { return };
    for file in files {
        let name = file.display().to_string();
        let Ok(parsed) = feed::parse(&fs::read(&file).unwrap(), ParseHints::default()) else {
            continue;
        };
        for entry in &parsed.entries {
            body_count += 1;
            check_layout(&name, parse_html(&entry.longest_text().to_html(), None));
        }
    }
    assert!(body_count > 1000, "{body_count} bodies");
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn corpus_headlines_of_any_script_keep_rows_aligned() {
    let Some(files) = corpus_files("news-text") else { return };
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for line in text.lines().take(300) {
            let news: serde_json::Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| news[name].as_str().unwrap_or_default().to_owned();
            check_layout(&file.display().to_string(), parse_plain_text(&field("text")));
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

/// Counts articles per language that are detected rightly, wrongly and not at all.
#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn detect_language_is_rarely_wrong_on_corpus_news() {
    let mut counts_by_language: std::collections::BTreeMap<String, [usize; 3]> =
        std::collections::BTreeMap::new();
    let Some(files) = corpus_files("news-text") else { return };
    for file in files {
        for line in fs::read_to_string(&file).unwrap().lines() {
            let news: serde_json::Value = serde_json::from_str(line).unwrap();
            let (expected, text) =
                (news["lang"].as_str().unwrap(), news["text"].as_str().unwrap_or_default());
            let counts = counts_by_language.entry(expected.to_owned()).or_default();
            match detect_language(&fold(text)) {
                Some(detected) if detected == expected => counts[0] += 1,
                Some(_) => counts[1] += 1,
                None => counts[2] += 1,
            }
        }
    }
    for (language, [right, wrong, none]) in counts_by_language {
        eprintln!("{language}: {right} right, {wrong} wrong, {none} not detected");
        assert!(wrong * 50 <= right + none, "{language}: {wrong} of {right} are wrong");
    }
}
