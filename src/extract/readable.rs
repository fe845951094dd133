//! The article where nobody says where it is.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

use super::{
    ExtractError, links, noise, shallow,
    size::{characters, linked},
    structured::Data,
};

/// Less text than this beside a field for a password is what stands around a log-in.
const MIN_BESIDE_PASSWORD: usize = 200;

/// Finding more than this is not too little.
const MAX_POOR: usize = 1000;

/// Less than this is not enough to be taken instead.
const MIN_FULLER: usize = 500;

/// What a page itself calls its article.
const CALLED_ARTICLE: [&str; 2] = ["[itemprop~='articleBody']", "article"];

/// What makes a reader view of `page`.
pub(super) fn reader(page: Document) -> Option<Readability> {
    // The classes tell what is noise, and the structured data is read already.
    let config = Config { keep_classes: true, disable_json_ld: true, ..Config::default() };
    Readability::with_document(page, None, Some(config)).ok()
}

/// An article, and how much there is to read in it.
pub(super) struct Found {
    pub(super) html: String,
    /// Who wrote it, as it said itself.
    pub(super) author: Option<String>,
    size: usize,
    linked: usize,
}

/// The article of the page before `reader`, which was made of the text `whole`.
pub(super) fn article(
    reader: Readability,
    whole: &str,
    data: &Data,
    title: Option<&str>,
    base: Option<&str>,
) -> Result<Found, ExtractError> {
    let asks_for_password = reader.doc.select_single("input[type='password' i]").exists();
    let tidy = |root: &NodeRef<'_>| {
        noise::remove(root, title);
        links::finish(root, base);
    };
    let found = seen(reader, &tidy);
    let size = found.as_ref().map_or(0, |found| found.size);
    let found = fuller(whole, data, size, &tidy).or(found).ok_or(ExtractError::Nothing)?;
    if found.is_article(asks_for_password) { Ok(found) } else { Err(ExtractError::Nothing) }
}

impl Found {
    fn of(root: &NodeRef<'_>) -> Found {
        Found {
            html: root.inner_html().to_string(),
            author: None,
            size: characters(root, usize::MAX),
            linked: linked(root, usize::MAX),
        }
    }

    /// Whether there is something to read: not links alone, nor what stands around a log-in.
    fn is_article(&self, asks_for_password: bool) -> bool {
        let prose = self.size.saturating_sub(self.linked);
        let links_only = self.linked > 200 && prose * 3 < self.linked;
        self.size > 0 && !links_only && !(asks_for_password && prose < MIN_BESIDE_PASSWORD)
    }
}

/// What a browser would show in its reader view.
fn seen(mut reader: Readability, tidy: &impl Fn(&NodeRef<'_>)) -> Option<Found> {
    let author = reader.parse().ok()?.byline;
    let content = reader.doc.select_single("#readability-page-1");
    let root = content.nodes().first()?;
    tidy(root);
    Some(Found { author, ..Found::of(root) })
}

/// What the page calls its article, or tells to machines, if too little was found and that is three times as much.
fn fuller(whole: &str, data: &Data, size: usize, tidy: &impl Fn(&NodeRef<'_>)) -> Option<Found> {
    if size > MAX_POOR {
        return None;
    }
    let least = size.saturating_mul(3).max(MIN_FULLER);
    let page = Document::from(whole);
    noise::mark(&page);
    let called = CALLED_ARTICLE.iter().find_map(|selector| match page.select(selector).nodes() {
        [only] => Some(*only),
        _ => None,
    });
    let called = called.map(|root| {
        tidy(&root);
        Found::of(&root)
    });
    called.filter(|found| found.size > least && found.linked * 4 < found.size).or_else(|| {
        let body = data.body.as_deref()?;
        let size = body.chars().filter(|c| !c.is_whitespace()).count();
        let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
        (size > least).then(|| Found { html: shallow::written(lines), author: None, size, linked: 0 })
    })
}
