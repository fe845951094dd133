//! The figures that the extractor holds, on real pages from the folder in `NEWSREADER_CORPORA`.
//!
//! There, `articles/manifest.jsonl` names pages that lie beside it. Where a row has no text of the article, the truth
//! is the article that Mozilla's Readability makes of the page, in `PAGE.expected.html` beside it, read as ours is; where
//! that is missing, what the reader view that we build on finds in the page as it is, without gate and tidying.

use std::{
    collections::{BTreeMap, HashMap},
    env, fs,
    path::Path,
    time::{Duration, Instant},
};

use dom_smoothie::Readability;
use serde::Deserialize;

use newsreader::{
    extract::{ExtractError, ExtractedArticle, extract_article},
    markup::parse_html,
};

/// The least mean score of a set of pages.
const LEAST: [(&str, f64); 2] = [("mozilla-readability", 0.99), ("scrapinghub-aeb", 0.945)];

/// The longest that one page may take.
const LONGEST: Duration = Duration::from_secs(2);

/// The most memory of the whole process, in KiB.
const MOST_MEMORY: usize = 200 << 10;

#[derive(Deserialize)]
struct Row {
    id: String,
    file: String,
    url: String,
    text: Option<String>,
    title: Option<String>,
    byline: Option<String>,
}

#[derive(Default)]
struct Set {
    pages: f64,
    score: f64,
    titles: (u32, u32),
    authors: (u32, u32),
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn articles_are_found_in_real_pages() {
    let Ok(folder) = env::var("NEWSREADER_CORPORA") else {
        unreachable!("NEWSREADER_CORPORA is not set")
    };
    let folder = Path::new(&folder).join("articles");
    let manifest = fs::read_to_string(folder.join("manifest.jsonl")).unwrap();
    let rows: Vec<Row> = manifest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let pages: Vec<_> = rows.iter().map(|row| (row, folder.join(&row.file))).collect();
    let mut found = Vec::new();
    let mut slowest = (Duration::ZERO, "");
    for (row, file) in &pages {
        let page = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
        let start = Instant::now();
        found.push(extract_article(&page, &row.url, &[]));
        slowest = slowest.max((start.elapsed(), &row.id));
    }
    // Before the truth is worked out, which takes memory of its own.
    let memory = peak_memory();
    let mut sets: BTreeMap<&str, Set> = BTreeMap::new();
    for ((row, file), found) in pages.iter().zip(&found) {
        let article = found.as_ref().unwrap_or_else(|error| unreachable!("{}: {error}", row.id));
        let truth = row.text.clone().unwrap_or_else(|| expected(file, &row.url));
        let set = sets.entry(row.id.split('/').next().unwrap_or_default()).or_default();
        let score = score(&text(&article.html), &truth);
        eprintln!("{score:.3} {}", row.id);
        set.add(score, row, article);
    }
    eprintln!("slowest: {slowest:?}; memory: {memory:?} KiB");
    for (name, least) in LEAST {
        let set = &sets[name];
        eprintln!(
            "{name}: {:.4}, titles {:?}, authors {:?}",
            set.score / set.pages,
            set.titles,
            set.authors
        );
        assert!(set.score / set.pages >= least, "{name}");
        assert!(set.titles.0 * 10 >= set.titles.1 * 9, "{name}");
    }
    assert!(slowest.0 <= LONGEST, "{slowest:?}");
    assert!(memory.is_none_or(|memory| memory <= MOST_MEMORY), "{memory:?}");
}

impl Set {
    fn add(&mut self, score: f64, row: &Row, article: &ExtractedArticle) {
        self.pages += 1.0;
        self.score += score;
        for (right, said, found) in [
            (&mut self.titles, &row.title, &article.title),
            (&mut self.authors, &row.byline, &article.author),
        ] {
            if said.is_some() {
                right.0 += u32::from(said == found);
                right.1 += 1;
            }
        }
    }
}

fn expected(file: &Path, url: &str) -> String {
    if let Ok(article) = fs::read_to_string(file.with_extension("expected.html")) {
        return text(&article);
    }
    let page = String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned();
    let article = Readability::new(page, Some(url), None).unwrap().parse().unwrap();
    text(&article.content)
}

fn text(article: &str) -> String {
    parse_html(article, None).plain_text()
}

/// The F1 score of runs of four words.
fn score(found: &str, truth: &str) -> f64 {
    let (found, truth) = (runs(found), runs(truth));
    let common: u32 =
        found.iter().map(|(run, count)| *count.min(truth.get(run).unwrap_or(&0))).sum();
    let all: u32 = found.values().chain(truth.values()).sum();
    2.0 * f64::from(common) / f64::from(all)
}

fn runs(text: &str) -> HashMap<Vec<&str>, u32> {
    let words =
        text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let mut runs = HashMap::new();
    for run in words.windows(words.len().clamp(1, 4)) {
        *runs.entry(run.to_vec()).or_default() += 1;
    }
    runs
}

/// The most memory that this process ever had, in KiB, where the system tells.
fn peak_memory() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

#[test]
#[ignore = "slow without --release"]
fn no_page_takes_long() {
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
