//! Detection of the article in a page without a rule.
//!
//! Start with [`find_article`].

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

use super::{
    ExtractError, boilerplate, fallback,
    json_ld::JsonLdArticle,
    links,
    text_length::{count_characters, count_linked_characters},
};

/// Minimum length of the text outside links, in characters, of a page with a password field; with
/// less text, the page is a login form.
const MIN_PROSE_BESIDE_PASSWORD: usize = 200;

/// Maximum length of a suspiciously short result, in characters; for such a result, a longer
/// article is searched.
const MAX_SPARSE_CHARS: usize = 1000;

/// Minimum length of a longer article that replaces the result, in characters.
const MIN_FULLER_CHARS: usize = 500;

/// CSS selectors of the elements that a page declares as its article.
const ARTICLE_SELECTORS: [&str; 2] = ["[itemprop~='articleBody']", "article"];

/// Prepares Readability for `page`; `None` if it rejects the page.
pub(super) fn build_readability(page: Document) -> Option<Readability> {
    // Class names are needed to recognise boilerplate; JSON-LD is parsed by `json_ld.rs`.
    let config = Config { keep_classes: true, disable_json_ld: true, ..Config::default() };
    Readability::with_document(page, None, Some(config)).ok()
}

/// A detected article and the length of its text.
pub(super) struct ReadableArticle {
    pub(super) html: String,
    /// The author named in the article.
    pub(super) author: Option<String>,
    characters: usize,
    linked_characters: usize,
}

/// Finds the article of a page: the result of Readability, or a much longer article that the page
/// declares.
///
/// `page` is the HTML from which `readability` was built; `title` and `base` are the title and the
/// base URL of the article.
///
/// # Errors
///
/// Returns [`ExtractError::NoArticle`] if there is nothing to read but links or a login form.
pub(super) fn find_article(
    readability: Readability,
    page: &str,
    json_ld: &JsonLdArticle,
    title: Option<&str>,
    base: Option<&str>,
) -> Result<ReadableArticle, ExtractError> {
    let has_password_field = readability.doc.select_single("input[type='password' i]").exists();
    let clean_up = |root: &NodeRef<'_>| {
        boilerplate::remove_boilerplate(root, title);
        links::clean_attributes(root, base);
    };
    let reader_view = parse_reader_view(readability, &clean_up);
    let characters = reader_view.as_ref().map_or(0, |article| article.characters);
    let article = find_longer_article(page, json_ld, characters, &clean_up)
        .or(reader_view)
        .ok_or(ExtractError::NoArticle)?;
    if article.is_readable(has_password_field) { Ok(article) } else { Err(ExtractError::NoArticle) }
}

impl ReadableArticle {
    /// Creates an article from the content of an element.
    fn from_element(root: &NodeRef<'_>) -> ReadableArticle {
        ReadableArticle {
            html: root.inner_html().to_string(),
            author: None,
            characters: count_characters(root, usize::MAX),
            linked_characters: count_linked_characters(root, usize::MAX),
        }
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

/// Runs Readability and returns its article, as a browser's reader view shows it.
fn parse_reader_view(
    mut readability: Readability,
    clean_up: &impl Fn(&NodeRef<'_>),
) -> Option<ReadableArticle> {
    let author = readability.parse().ok()?.byline;
    let content = readability.doc.select_single("#readability-page-1");
    let root = content.nodes().first()?;
    clean_up(root);
    Some(ReadableArticle { author, ..ReadableArticle::from_element(root) })
}

/// Finds a longer article if the result has at most [`MAX_SPARSE_CHARS`]: the element that the page
/// declares as its article, otherwise the article text in JSON-LD. The article must be more than
/// three times as long as the result, which has `characters`.
fn find_longer_article(
    page: &str,
    json_ld: &JsonLdArticle,
    characters: usize,
    clean_up: &impl Fn(&NodeRef<'_>),
) -> Option<ReadableArticle> {
    if characters > MAX_SPARSE_CHARS {
        return None;
    }
    let min_characters = characters.saturating_mul(3).max(MIN_FULLER_CHARS);
    let is_long = |article: &ReadableArticle| {
        article.characters > min_characters && article.linked_characters * 4 < article.characters
    };
    find_declared_article(page, clean_up)
        .filter(is_long)
        .or_else(|| article_from_json_ld(json_ld).filter(is_long))
}

/// Returns the element that the page declares as its article; `None` unless a selector matches
/// exactly one element.
fn find_declared_article(page: &str, clean_up: &impl Fn(&NodeRef<'_>)) -> Option<ReadableArticle> {
    let document = Document::from(page);
    boilerplate::mark_boilerplate(&document);
    let root =
        ARTICLE_SELECTORS.iter().find_map(|selector| match document.select(selector).nodes() {
            [only] => Some(*only),
            _ => None,
        })?;
    clean_up(&root);
    Some(ReadableArticle::from_element(&root))
}

/// Returns the article text of JSON-LD, with one paragraph per line.
fn article_from_json_ld(json_ld: &JsonLdArticle) -> Option<ReadableArticle> {
    let body = json_ld.body.as_deref()?;
    let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
    Some(ReadableArticle {
        html: fallback::paragraphs_to_html(lines),
        author: None,
        characters: body.chars().filter(|c| !c.is_whitespace()).count(),
        linked_characters: 0,
    })
}
