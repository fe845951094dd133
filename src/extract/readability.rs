//! Detection of the article in a page without a rule.
//!
//! Start with [`find_article`].

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

use super::{
    ExtractError, boilerplate, boilerplate_text, fallback,
    json_ld::JsonLdArticle,
    links,
    page_prose::{PageProse, WordRunSet},
    page_text::{block_text, count_characters, count_linked_characters},
    walls,
};
use crate::markup::{contains_markup, html_to_text, parse_tree};

/// Minimum length of the text outside links, in characters, of a page with a password field; with
/// less text, the page is a login form.
const MIN_PROSE_BESIDE_PASSWORD: usize = 200;

/// Share of the page's running text that a reader view must have, or else another candidate is
/// searched.
const MIN_PROSE_SHARE: f64 = 0.5;

/// Share of the article text in JSON-LD that a candidate must have to be the whole article.
const MIN_BODY_SHARE: f64 = 0.7;

/// Share of the feed's text that an article should have.
const MIN_SUMMARY_SHARE: f64 = 0.4;

/// Length of a candidate that has more than the article, in percent of the text in JSON-LD, which
/// lacks captions and the like.
const MAX_EXCESS_PERCENT: usize = 150;

/// Minimum length of an article text in JSON-LD, in characters; a shorter one is a teaser.
const MIN_BODY_CHARS: usize = 500;

/// CSS selectors of the elements that a page declares as its article.
const ARTICLE_SELECTORS: [&str; 4] =
    ["[itemprop~='articleBody']", "article", "[role='main']", "main"];

/// Prepares Readability for `page`; `None` if it rejects the page.
pub(super) fn build_readability(page: Document) -> Option<Readability> {
    // Class names are needed to recognise boilerplate; JSON-LD is parsed by `json_ld.rs`.
    let config = Config { keep_classes: true, disable_json_ld: true, ..Config::default() };
    Readability::with_document(page, None, Some(config)).ok()
}

/// Maximum length of a suspiciously short reader view, in characters; a much longer article that
/// the page declares replaces it.
const MAX_SPARSE_CHARS: usize = 1000;

/// Maximum share of links in the text of a declared article, in percent.
const MAX_LINK_PERCENT: usize = 25;

/// A candidate for the article of a page.
pub(super) struct Candidate {
    pub(super) html: String,
    /// The author named in the article.
    pub(super) author: Option<String>,
    /// The candidate has most of the running text of the page.
    pub(super) complete: bool,
    text: String,
    word_runs: WordRunSet,
    characters: usize,
    linked_characters: usize,
    /// Number of characters of the walls that stood between its paragraphs.
    wall_characters: usize,
}

/// A page in which the article is searched.
pub(super) struct PageSource<'a> {
    /// The sanitised HTML.
    pub(super) html: &'a str,
    pub(super) json_ld: &'a JsonLdArticle,
    /// The text of the feed about the article, as plain text; may be blank.
    pub(super) summary: &'a str,
    /// The title of the article.
    pub(super) title: Option<&'a str>,
    /// The base of relative URLs.
    pub(super) base: Option<&'a str>,
}

/// Finds the article of a page: the result of Readability if it has most of the running text, or
/// else an element that the page declares as its article, or the article text in JSON-LD.
///
/// `readability` was built from `page`.
///
/// # Errors
///
/// Returns [`ExtractError::NoArticle`] if there is nothing to read but links or a login form, and
/// [`ExtractError::Wall`] if there is nothing but a wall.
pub(super) fn find_article(
    readability: Readability,
    page: &PageSource<'_>,
) -> Result<Candidate, ExtractError> {
    let has_password_field = readability.doc.select_single("input[type='password' i]").exists();
    let check = Completeness::new(&readability.doc, page);
    let mut candidates: Vec<Candidate> = Vec::new();
    candidates.extend(page.reader_view(readability));
    let is_fine = |found: &Candidate| {
        check.is_complete(found) && !check.has_excess(found) && !check.misses_summary(found)
    };
    if !candidates.iter().any(is_fine) {
        candidates.extend(page.declared_articles());
        candidates.extend(page.json_ld_article());
    }
    let has_wall = candidates.iter().any(Candidate::is_wall);
    candidates.retain(|found| found.is_readable(has_password_field) && !found.is_wall());
    let nothing = if has_wall { ExtractError::Wall } else { ExtractError::NoArticle };
    check.choose(candidates).ok_or(nothing)
}

impl PageSource<'_> {
    /// Removes everything but the article from an element, which becomes a candidate.
    fn clean_up(&self, root: &NodeRef<'_>) -> Candidate {
        boilerplate::remove_boilerplate(root, self.title);
        let wall_characters = walls::remove_wall_paragraphs(root);
        links::clean_attributes(root, self.base);
        boilerplate_text::remove_boilerplate_text(root);
        boilerplate_text::remove_final_link_lists(root, self.base);
        Candidate { wall_characters, ..Candidate::from_element(root) }
    }

    /// Runs Readability and returns its article, as a browser's reader view shows it.
    fn reader_view(&self, mut readability: Readability) -> Option<Candidate> {
        let author = readability.parse().ok()?.byline;
        let content = readability.doc.select_single("#readability-page-1");
        let root = content.nodes().first()?;
        Some(Candidate { author, ..self.clean_up(root) })
    }

    /// Returns the elements that the page declares as its article, each if it is the only one of
    /// its kind and has more text than links.
    fn declared_articles(&self) -> Vec<Candidate> {
        let Some(document) = parse_tree(self.html) else { return Vec::new() };
        walls::remove_walls(&document);
        boilerplate::remove_comments(&document);
        boilerplate::mark_boilerplate(&document);
        let mut declared = Vec::new();
        for selector in ARTICLE_SELECTORS {
            if let [only] = document.select(selector).nodes() {
                declared.push(self.clean_up(only));
            }
        }
        declared
            .retain(|found| found.linked_characters * 100 < found.characters * MAX_LINK_PERCENT);
        declared
    }

    /// Returns the article text in JSON-LD, with one paragraph per line.
    fn json_ld_article(&self) -> Option<Candidate> {
        let body = self.json_ld.body.as_deref()?;
        // Some publishers write it with tags, escaped or not.
        let text = if contains_markup(body) { html_to_text(body) } else { body.into() };
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let html = fallback::paragraphs_to_html(lines);
        let characters = text.chars().filter(|c| !c.is_whitespace()).count();
        (characters >= MIN_BODY_CHARS).then(|| Candidate {
            html,
            author: None,
            complete: false,
            word_runs: WordRunSet::from_text(&text),
            text: text.into_owned(),
            characters,
            linked_characters: 0,
            wall_characters: 0,
        })
    }
}

impl Candidate {
    /// Creates a candidate from the content of an element.
    fn from_element(root: &NodeRef<'_>) -> Candidate {
        let text = block_text(root);
        Candidate {
            html: root.inner_html().to_string(),
            author: None,
            complete: false,
            word_runs: WordRunSet::from_text(&text),
            text,
            characters: count_characters(root, usize::MAX),
            linked_characters: count_linked_characters(root, usize::MAX),
            wall_characters: 0,
        }
    }

    /// Returns whether the candidate is a wall, or was one before its paragraphs were removed.
    fn is_wall(&self) -> bool {
        self.wall_characters > self.characters || walls::is_wall(&self.text)
    }

    /// Returns whether there is text to read: more than links, and more than the text around a
    /// login form.
    fn is_readable(&self, has_password_field: bool) -> bool {
        let prose = self.characters.saturating_sub(self.linked_characters);
        let is_link_list = self.linked_characters > 200 && prose * 3 < self.linked_characters;
        self.characters > 0
            && !is_link_list
            && !(has_password_field && prose < MIN_PROSE_BESIDE_PASSWORD)
    }
}

/// The text that the article of a page should have.
struct Completeness {
    /// The running text of the page.
    prose: PageProse,
    /// The article text in JSON-LD, if it is more than a teaser.
    body: Option<PageProse>,
    /// The text of the feed, if it is more than a few words.
    summary: Option<PageProse>,
}

impl Completeness {
    fn new(document: &Document, page: &PageSource<'_>) -> Completeness {
        let summary = Some(PageProse::from_text(page.summary)).filter(PageProse::tells_share);
        let body =
            page.json_ld.body.as_deref().map(|body| PageProse::from_text(&html_to_text(body)));
        let body = body.filter(|body| body.characters() >= MIN_BODY_CHARS);
        Completeness { prose: PageProse::from_page(document), body, summary }
    }

    /// Returns the share of the article that a candidate has, from 0 to 1: of the text in JSON-LD
    /// if there is one, or else of the running text of the page. `None` if there is too little of
    /// both to tell.
    fn share(&self, candidate: &Candidate) -> Option<f64> {
        let whole = self.body.as_ref().unwrap_or(&self.prose);
        whole.tells_share().then(|| whole.share_in(&candidate.word_runs))
    }

    fn is_complete(&self, candidate: &Candidate) -> bool {
        let least = if self.body.is_some() { MIN_BODY_SHARE } else { MIN_PROSE_SHARE };
        self.share(candidate)
            .map_or(candidate.characters > MAX_SPARSE_CHARS, |share| share >= least)
    }

    /// Returns the first candidate that is complete and no more, or else the first complete one, or
    /// else the one with the largest share. Where nothing tells the share, a candidate must be three times as long to replace an earlier one.
    fn choose(&self, candidates: Vec<Candidate>) -> Option<Candidate> {
        let mut best: Option<Candidate> = None;
        for mut candidate in candidates {
            candidate.complete = self.is_complete(&candidate);
            let is_better = best.as_ref().is_none_or(|best| self.is_better(&candidate, best));
            if is_better {
                best = Some(candidate);
            }
        }
        best
    }

    fn is_better(&self, candidate: &Candidate, best: &Candidate) -> bool {
        if self.misses_summary(best) != self.misses_summary(candidate) {
            return self.misses_summary(best);
        }
        let is_longer = candidate.characters > MIN_BODY_CHARS.max(best.characters * 3);
        if best.complete {
            return candidate.complete && self.has_excess(best) && !self.has_excess(candidate);
        }
        let shares = self.share(candidate).zip(self.share(best));
        shares.map_or(is_longer, |(share, best)| share > best && self.is_mostly_prose(candidate))
    }

    /// Returns whether most of a candidate is running text of the page. Otherwise it is rather the
    /// whole page.
    #[allow(clippy::cast_precision_loss, reason = "a share needs no more precision")]
    fn is_mostly_prose(&self, candidate: &Candidate) -> bool {
        let whole = self.body.as_ref().unwrap_or(&self.prose);
        let prose = whole.characters_in(&candidate.word_runs);
        prose >= candidate.characters as f64 * MIN_PROSE_SHARE
    }

    /// Returns whether a candidate has next to nothing of the text of the feed. That is also true of
    /// the right article if the feed has a standfirst, so it only decides between candidates.
    fn misses_summary(&self, candidate: &Candidate) -> bool {
        let share = self.summary.as_ref().map(|summary| summary.share_in(&candidate.word_runs));
        share.is_some_and(|share| share < MIN_SUMMARY_SHARE)
    }

    /// Returns whether a candidate has much more text than the article in JSON-LD.
    fn has_excess(&self, candidate: &Candidate) -> bool {
        let body = self.body.as_ref().map_or(usize::MAX, PageProse::characters);
        candidate.characters > body.saturating_mul(MAX_EXCESS_PERCENT) / 100
    }
}
