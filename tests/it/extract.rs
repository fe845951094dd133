//! Quality and speed of the article extractor.
//!
//! The quality is measured on real pages from the folder that `NEWSREADER_CORPORA` names: there,
//! `articles/manifest.jsonl` lists pages that lie beside it. If a row has no text, the expected
//! text is that of `PAGE.expected.html` (the output of Mozilla's Readability), parsed like ours. If
//! that file is missing too, it is the output of `dom_smoothie` on the unprepared page.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
    time::{Duration, Instant},
};

use dom_smoothie::Readability;
use serde::Deserialize;

use newsreader::{
    extract::{ExtractError, ExtractedArticle, extract_article},
    markup::parse_html,
};

use crate::corpora::corpora_folder;

/// Minimum mean score of each set of pages.
const MIN_SCORES: [(&str, f64); 2] = [("mozilla-readability", 0.99), ("scrapinghub-aeb", 0.95)];

/// Maximum time for one page.
const MAX_PAGE_DURATION: Duration = Duration::from_secs(2);

/// Maximum memory of the whole process, in KiB.
const MAX_MEMORY_KIB: usize = 200 << 10;

#[derive(Deserialize)]
struct ManifestRow {
    id: String,
    file: String,
    url: String,
    text: Option<String>,
    title: Option<String>,
    byline: Option<String>,
}

#[derive(Default)]
struct PageSet {
    pages: f64,
    score: f64,
    titles: (u32, u32),
    authors: (u32, u32),
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn extract_article_scores_well_on_corpus_pages() {
    let Some(folder) = corpora_folder("articles") else { return };
    let manifest = fs::read_to_string(folder.join("manifest.jsonl")).unwrap();
    let rows: Vec<ManifestRow> =
        manifest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let pages: Vec<_> = rows.iter().map(|row| (row, folder.join(&row.file))).collect();
    let mut articles = Vec::new();
    let mut slowest = (Duration::ZERO, "");
    for (row, file) in &pages {
        let page = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
        let start = Instant::now();
        articles.push(extract_article(&page, &row.url, &[]));
        slowest = slowest.max((start.elapsed(), &row.id));
    }
    // Measured before the expected texts are computed, which takes memory of its own.
    let memory = peak_memory_kib();
    let mut sets: BTreeMap<&str, PageSet> = BTreeMap::new();
    for ((row, file), article) in pages.iter().zip(&articles) {
        let article = article.as_ref().unwrap_or_else(|error| unreachable!("{}: {error}", row.id));
        let expected = row.text.clone().unwrap_or_else(|| expected_text(file, &row.url));
        let set = sets.entry(row.id.split('/').next().unwrap_or_default()).or_default();
        let score = f1_score(&article_text(&article.html), &expected);
        eprintln!("{score:.3} {}", row.id);
        set.add(score, row, article);
    }
    eprintln!("slowest: {slowest:?}; memory: {memory:?} KiB");
    for (name, min_score) in MIN_SCORES {
        let set = &sets[name];
        eprintln!(
            "{name}: {:.4}, titles {:?}, authors {:?}",
            set.score / set.pages,
            set.titles,
            set.authors
        );
        assert!(set.score / set.pages >= min_score, "{name}");
        // The expected titles have the name of the website where ours has not.
        assert!(set.titles.0 * 4 >= set.titles.1 * 3, "{name}");
    }
    assert!(slowest.0 <= MAX_PAGE_DURATION, "{slowest:?}");
    assert!(memory.is_none_or(|memory| memory <= MAX_MEMORY_KIB), "{memory:?}");
}

impl PageSet {
    fn add(&mut self, score: f64, row: &ManifestRow, article: &ExtractedArticle) {
        self.pages += 1.0;
        self.score += score;
        for ((correct, total), expected, found) in [
            (&mut self.titles, &row.title, &article.metadata.title),
            (&mut self.authors, &row.byline, &article.metadata.author),
        ] {
            if expected.is_some() {
                *correct += u32::from(expected == found);
                *total += 1;
            }
        }
    }
}

/// Returns the text that the extractor should find in `file`.
fn expected_text(file: &Path, url: &str) -> String {
    if let Ok(article) = fs::read_to_string(file.with_extension("expected.html")) {
        return article_text(&article);
    }
    let page = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
    let article = Readability::new(page, Some(url), None).unwrap().parse().unwrap();
    article_text(&article.content)
}

fn article_text(article: &str) -> String {
    parse_html(article, None).plain_text()
}

/// Returns the F1 score of the runs of four words that both texts have.
fn f1_score(found: &str, expected: &str) -> f64 {
    let (found, expected) = (count_word_runs(found), count_word_runs(expected));
    let common: u32 =
        found.iter().map(|(run, count)| *count.min(expected.get(run).unwrap_or(&0))).sum();
    let all: u32 = found.values().chain(expected.values()).sum();
    2.0 * f64::from(common) / f64::from(all)
}

fn count_word_runs(text: &str) -> HashMap<Vec<&str>, u32> {
    let words =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let mut runs = HashMap::new();
    for run in words.windows(words.len().clamp(1, 4)) {
        *runs.entry(run.to_vec()).or_default() += 1;
    }
    runs
}

/// Returns the peak memory of this process in KiB, on systems with `/proc`.
fn peak_memory_kib() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[test]
#[ignore = "slow without --release"]
fn extract_article_is_fast_on_hostile_pages() {
    let text = "The river rose overnight and by the morning the lower road was closed. ";
    let deep = |tag: &str, inner: &str| {
        let marks = inner.matches('<').count().max(1);
        tag.repeat(90) + &inner.repeat(((3 << 20) / inner.len()).min(190_000 / marks))
    };
    let pages = [
        deep("<div>", text),
        deep("<div>", &format!("<p>{text}</p>")),
        deep("<div class=share>", text),
        deep("<div class=author>", &format!("<p>{text}</p>")),
        deep("<div>", "<p><a href=x>y</a> words of some length"),
        deep("<div>", "<img src=x><p>words of some length go by"),
        deep("<div class=caption>words and words", "<p>words of some length go by"),
        deep("<ul><li>", "<li>words of some length that go by here"),
        deep("<table><tr><td>", "<table><tr><td>words of some length</table>"),
        deep("", "<br><br>x"),
        deep("", "<p>Read more</p><p><a href=x>y</a></p>"),
        deep("", "<font><b><i>x"),
    ];
    for page in pages {
        let start = Instant::now();
        let found = extract_article(&page, "https://example.org/", &[]);
        let took = start.elapsed();
        eprintln!(
            "{took:?} {:?} {}",
            found.as_ref().map(|article| article.html.len()),
            &page[..40]
        );
        assert_ne!(found.err(), Some(ExtractError::TooLarge));
        assert!(took < Duration::from_secs(3), "{}", &page[..40]);
    }
}
