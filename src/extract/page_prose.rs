//! The running text of a page, to check that an extracted article has most of it.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use dom_query::{Document, NodeId, NodeRef};

use super::{
    boilerplate, class_names,
    page_text::{collapsed_text, count_characters, count_linked_characters},
};

/// Minimum length of a paragraph of running text, in characters without white space; shorter ones
/// may be menus.
const MIN_PARAGRAPH_CHARS: usize = 60;

/// Minimum length of a running text that an article can be compared with, in characters.
const MIN_PROSE_CHARS: usize = 150;

/// Elements around the article, whose paragraphs do not belong to it. The paragraphs of lists are
/// rather those of galleries and of other articles: where they counted, two of 83 pages became
/// articles with all of these.
const OUTSIDE_ELEMENTS: [&str; 7] = ["nav", "footer", "aside", "form", "figure", "header", "li"];

/// Maximum number of levels between a paragraph and an element around the article.
const MAX_LEVELS: usize = 12;

/// Number of words in a row that two texts must share.
const WORDS_IN_A_ROW: usize = 4;

/// Runs of words, by their hashes.
type WordRuns = Vec<u64>;

/// The running text of a page or of an article.
#[derive(Debug, Default)]
pub(super) struct PageProse {
    /// Number of characters and runs of words of each paragraph.
    paragraphs: Vec<(usize, WordRuns)>,
}

impl PageProse {
    /// Collects the paragraphs of a page whose boilerplate is marked: those that are long, have few
    /// links, and are not in an element around the article. On a page without `<p>`, texts in other elements are paragraphs.
    pub(super) fn from_page(page: &Document) -> PageProse {
        let outside = elements_outside(page);
        let collect = |selector: &str| {
            let nodes = page.select(selector);
            let inside = nodes.nodes().iter().filter(|node| !is_in(node, &outside));
            PageProse { paragraphs: inside.filter_map(prose_of).collect() }
        };
        let prose = collect("p");
        if prose.tells_share() { prose } else { collect("p, div, section, article, td") }
    }

    /// Returns whether the text is long enough to compare an article with it.
    pub(super) fn tells_share(&self) -> bool {
        self.characters() >= MIN_PROSE_CHARS
    }

    /// Collects the paragraphs of a plain text, one on each line.
    pub(super) fn from_text(text: &str) -> PageProse {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        PageProse { paragraphs: lines.map(to_paragraph).collect() }
    }

    /// Returns the number of characters.
    pub(super) fn characters(&self) -> usize {
        self.paragraphs.iter().map(|(characters, _)| characters).sum()
    }

    /// Returns the share of this text that is also in an article, from 0 to 1; 1 if there is no
    /// running text.
    #[allow(clippy::cast_precision_loss, reason = "a share needs no more precision")]
    pub(super) fn share_in(&self, article: &WordRunSet) -> f64 {
        let all = self.characters();
        if all == 0 { 1.0 } else { self.characters_in(article) / all as f64 }
    }

    /// Returns the number of characters of this text that are also in an article.
    #[allow(clippy::cast_precision_loss, reason = "a share needs no more precision")]
    pub(super) fn characters_in(&self, article: &WordRunSet) -> f64 {
        let shared = |(characters, runs): &(usize, WordRuns)| {
            let found = runs.iter().filter(|run| article.0.contains(run)).count();
            *characters as f64 * found as f64 / runs.len().max(1) as f64
        };
        self.paragraphs.iter().map(shared).sum()
    }
}

/// The runs of words in an article.
#[derive(Debug, Default)]
pub(super) struct WordRunSet(HashSet<u64>);

impl WordRunSet {
    /// Collects the runs of words in a plain text.
    pub(super) fn from_text(text: &str) -> WordRunSet {
        WordRunSet(word_runs(text).into_iter().collect())
    }
}

/// Returns the paragraph in an element; `None` if it is too short, or rather a list of links.
fn prose_of(node: &NodeRef<'_>) -> Option<(usize, WordRuns)> {
    if !node.has_name("p") {
        let text = node.immediate_text();
        let characters = text.chars().filter(|c| !c.is_whitespace()).count();
        return (characters >= MIN_PARAGRAPH_CHARS).then(|| to_paragraph(&text));
    }
    let characters = count_characters(node, usize::MAX);
    let is_prose = characters >= MIN_PARAGRAPH_CHARS
        && count_linked_characters(node, usize::MAX) * 2 < characters;
    is_prose.then(|| to_paragraph(&collapsed_text(node)))
}

/// Returns the elements around the article, and those with comments of readers.
fn elements_outside(page: &Document) -> HashSet<NodeId> {
    let is_outside = |node: &NodeRef<'_>| {
        OUTSIDE_ELEMENTS.iter().any(|name| node.has_name(name)) || class_names::is_comment(node)
    };
    page.root().descendants_it().filter(is_outside).map(|node| node.id).collect()
}

/// Returns whether an element is marked as boilerplate, or inside one of `outside`.
fn is_in(node: &NodeRef<'_>, outside: &HashSet<NodeId>) -> bool {
    boilerplate::is_marked(node)
        || node.ancestors_it(Some(MAX_LEVELS)).any(|ancestor| outside.contains(&ancestor.id))
}

fn to_paragraph(text: &str) -> (usize, WordRuns) {
    (text.chars().filter(|c| c.is_alphanumeric()).count(), word_runs(text))
}

/// Returns the hashes of [`WORDS_IN_A_ROW`] words in a row, or of all words if there are fewer.
fn word_runs(text: &str) -> WordRuns {
    let lower = text.to_lowercase();
    let words: Vec<&str> = split_words(&lower).collect();
    let hash = |run: &[&str]| {
        let mut hasher = DefaultHasher::new();
        run.hash(&mut hasher);
        hasher.finish()
    };
    words.windows(words.len().clamp(1, WORDS_IN_A_ROW)).map(hash).collect()
}

/// Splits a text into words; in scripts without spaces, into characters.
fn split_words(text: &str) -> impl Iterator<Item = &str> {
    let runs = text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
    runs.flat_map(|run| run.split_inclusive(has_no_spaces))
}

/// Returns whether a character belongs to the scripts of China, Japan and Korea, or their symbols.
fn has_no_spaces(c: char) -> bool {
    c >= '\u{2e80}'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(word: &str) -> String {
        (0..30).map(|n| format!("{word}{n}")).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn share_in_counts_characters_of_prose() {
        let page = Document::from(format!(
            "<p>{}<p>{}<p>short<nav><p>{}</nav><ul><li><p>{}</ul><p><a href=x>{}</a>",
            long("river"),
            long("river").replace("river", "ドナウ川川"),
            long("menu"),
            long("gallery"),
            long("link")
        ));
        let prose = PageProse::from_page(&page);
        assert_eq!(prose.characters(), 2 * (30 * 5 + 50));
        let share = |prose: &PageProse, text: &str| prose.share_in(&WordRunSet::from_text(text));
        assert!((share(&prose, &long("river")) - 0.5).abs() < 0.01);
        assert!((share(&prose, "") - 0.0).abs() < 0.01);
        assert!((share(&PageProse::default(), "") - 1.0).abs() < 0.01);
        let text = "the river rose overnight and the road was closed";
        assert!((share(&PageProse::from_text(text), &format!("News: {text}!")) - 1.0).abs() < 0.01);
    }
}
