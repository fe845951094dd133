//! The article where nobody says where it is.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

use super::{
    ExtractError, boilerplate, fallback,
    json_ld::JsonLdArticle,
    links,
    text_length::{count_characters, count_linked_characters},
};

/// Less text than this beside a field for a password is what stands around a log-in.
const MIN_PROSE_BESIDE_PASSWORD: usize = 200;

/// Finding more than this is not too little.
const MAX_SPARSE_CHARS: usize = 1000;

/// Less than this is not enough to be taken instead.
const MIN_FULLER_CHARS: usize = 500;

/// What a page itself calls its article.
const ARTICLE_SELECTORS: [&str; 2] = ["[itemprop~='articleBody']", "article"];

/// What makes a reader view of `page`.
pub(super) fn build_readability(page: Document) -> Option<Readability> {
    // The classes tell what is noise, and the structured data is read already.
    let config = Config { keep_classes: true, disable_json_ld: true, ..Config::default() };
    Readability::with_document(page, None, Some(config)).ok()
}

/// An article, and how much there is to read in it.
pub(super) struct ReadableArticle {
    pub(super) html: String,
    /// Who wrote it, as it said itself.
    pub(super) author: Option<String>,
    characters: usize,
    linked_characters: usize,
}

/// The article of the page before `reader`, which was made of the text `whole`.
pub(super) fn find_article(
    reader: Readability,
    whole: &str,
    data: &JsonLdArticle,
    title: Option<&str>,
    base: Option<&str>,
) -> Result<ReadableArticle, ExtractError> {
    let asks_for_password = reader.doc.select_single("input[type='password' i]").exists();
    let tidy = |root: &NodeRef<'_>| {
        boilerplate::remove_boilerplate(root, title);
        links::clean_attributes(root, base);
    };
    let found = parse_reader_view(reader, &tidy);
    let size = found.as_ref().map_or(0, |found| found.characters);
    let found =
        find_fuller_article(whole, data, size, &tidy).or(found).ok_or(ExtractError::NoArticle)?;
    if found.is_article(asks_for_password) { Ok(found) } else { Err(ExtractError::NoArticle) }
}

impl ReadableArticle {
    fn from_element(root: &NodeRef<'_>) -> ReadableArticle {
        ReadableArticle {
            html: root.inner_html().to_string(),
            author: None,
            characters: count_characters(root, usize::MAX),
            linked_characters: count_linked_characters(root, usize::MAX),
        }
    }

    /// Whether there is something to read: not links alone, nor what stands around a log-in.
    fn is_article(&self, asks_for_password: bool) -> bool {
        let prose = self.characters.saturating_sub(self.linked_characters);
        let links_only = self.linked_characters > 200 && prose * 3 < self.linked_characters;
        self.characters > 0
            && !links_only
            && !(asks_for_password && prose < MIN_PROSE_BESIDE_PASSWORD)
    }
}

/// What a browser would show in its reader view.
fn parse_reader_view(
    mut reader: Readability,
    tidy: &impl Fn(&NodeRef<'_>),
) -> Option<ReadableArticle> {
    let author = reader.parse().ok()?.byline;
    let content = reader.doc.select_single("#readability-page-1");
    let root = content.nodes().first()?;
    tidy(root);
    Some(ReadableArticle { author, ..ReadableArticle::from_element(root) })
}

/// What the page calls its article, or tells to machines, if too little was found and that is three times as much.
fn find_fuller_article(
    whole: &str,
    data: &JsonLdArticle,
    size: usize,
    tidy: &impl Fn(&NodeRef<'_>),
) -> Option<ReadableArticle> {
    if size > MAX_SPARSE_CHARS {
        return None;
    }
    let least = size.saturating_mul(3).max(MIN_FULLER_CHARS);
    let page = Document::from(whole);
    boilerplate::mark_boilerplate(&page);
    let called =
        ARTICLE_SELECTORS.iter().find_map(|selector| match page.select(selector).nodes() {
            [only] => Some(*only),
            _ => None,
        });
    let called = called.map(|root| {
        tidy(&root);
        ReadableArticle::from_element(&root)
    });
    called
        .filter(|found| found.characters > least && found.linked_characters * 4 < found.characters)
        .or_else(|| {
            let body = data.body.as_deref()?;
            let size = body.chars().filter(|c| !c.is_whitespace()).count();
            let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
            (size > least).then(|| ReadableArticle {
                html: fallback::paragraphs_to_html(lines),
                author: None,
                characters: size,
                linked_characters: 0,
            })
        })
}
