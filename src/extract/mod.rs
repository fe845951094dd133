//! Full-text extraction: finds the article of a web page and removes everything around it.
//!
//! Start with [`extract_article`]. [`dom_smoothie`] finds the article with the Readability
//! algorithm, as browsers do for their reader views. Before that, [`crate::markup::sanitize_page`]
//! removes scripts and styles and rejects pages that are nested too deeply, so that no page takes
//! more than linear time. Afterwards, boilerplate that Readability leaves in is removed: newsletter
//! boxes, links to other articles, dates that the program shows anyway. An [`ExtractionRule`] of
//! the user replaces the detection for a site. Pages are fetched by the caller.

mod boilerplate;
mod boilerplate_text;
mod class_names;
mod error;
mod fallback;
mod json_ld;
mod links;
mod meta_tags;
mod metadata;
mod page_authors;
mod page_date;
mod page_prose;
mod page_text;
mod page_title;
mod plain_text_page;
mod readability;
mod rule;
mod walls;

#[cfg(test)]
mod tests;

use dom_query::Document;

use crate::markup::{parse_tree, sanitize_page};
pub use error::ExtractError;
use json_ld::JsonLd;
pub use metadata::{PageMetadata, parse_page_metadata};
pub use plain_text_page::article_from_plain_text;
use readability::PageSource;
pub use rule::ExtractionRule;
pub use walls::names_wall;

/// Maximum size of a page, in bytes: 8 MiB.
const MAX_PAGE_BYTES: usize = 8 << 20;

/// Maximum size of a page without scripts and styles, in bytes: 4 MiB.
const MAX_SANITIZED_BYTES: usize = 4 << 20;

/// Base URL of a page whose URL is unknown: relative links lead nowhere.
const UNKNOWN_BASE_URL: &str = "https://invalid/";

/// Maximum number of tags and character references; the tree of a larger page takes too much
/// memory.
const MAX_TAGS_AND_REFERENCES: usize = 200_000;

/// An article extracted from a web page, with its metadata. Texts contain no control characters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExtractedArticle {
    /// The title, the author, and what else the page states.
    pub metadata: PageMetadata,
    /// The article as HTML with absolute links.
    pub html: String,
    /// The article has most of the running text of the page. If not, it is the best that was found.
    pub complete: bool,
}

/// Extracts the article from a page that was saved, whose URL is unknown unless it states it.
///
/// # Errors
///
/// Fails as [`extract_article`] does.
pub fn extract_saved_page(page: &str) -> Result<ExtractedArticle, ExtractError> {
    extract_article(page, "", &[])
}

/// Extracts the article from the page at `url`: by the user's rules for its host, otherwise by
/// detection.
///
/// Time and memory are linear in the size of the page.
///
/// # Errors
///
/// Fails if the page is too large, nested too deeply, or has no article.
pub fn extract_article(
    page: &str,
    url: &str,
    rules: &[ExtractionRule],
) -> Result<ExtractedArticle, ExtractError> {
    extract_article_with_summary(page, url, rules, "")
}

/// Extracts the article as [`extract_article`] does. Of several candidates, those that have the
/// words of `summary`, the plain text of the feed about the article, are preferred.
///
/// # Errors
///
/// Fails as [`extract_article`] does.
pub fn extract_article_with_summary(
    page: &str,
    url: &str,
    rules: &[ExtractionRule],
    summary: &str,
) -> Result<ExtractedArticle, ExtractError> {
    let starts_tag_or_reference = |byte: &u8| matches!(byte, b'<' | b'&');
    let tags_and_references = || page.bytes().filter(starts_tag_or_reference).count();
    if page.len() > MAX_PAGE_BYTES || tags_and_references() > MAX_TAGS_AND_REFERENCES {
        return Err(ExtractError::TooLarge);
    }
    let Some(sanitized) = sanitize_page(page) else {
        return fallback::extract_paragraphs(page, url);
    };
    if sanitized.len() > MAX_SANITIZED_BYTES {
        return Err(ExtractError::TooLarge);
    }
    let Some(tree) = parse_tree(&sanitized) else {
        return fallback::extract_paragraphs(page, url);
    };
    // The sanitized page has no scripts, so JSON-LD is read from the original.
    let json_ld = JsonLd::parse(page);
    let context = PageContext { json_ld: &json_ld, url, rules, summary };
    extract_from_tree(tree, &sanitized, &context)
}

/// The context of a page: everything known about it besides its HTML.
struct PageContext<'a> {
    json_ld: &'a JsonLd,
    url: &'a str,
    rules: &'a [ExtractionRule],
    summary: &'a str,
}

/// Extracts the article from the tree of the sanitised page `html`.
fn extract_from_tree(
    tree: Document,
    html: &str,
    context: &PageContext<'_>,
) -> Result<ExtractedArticle, ExtractError> {
    let PageContext { json_ld, url, rules, summary } = *context;
    let readability = readability::build_readability(tree).ok_or(ExtractError::NoArticle)?;
    let base_url = links::find_base_url(&readability.doc, url);
    let metadata = PageMetadata::from_page(&readability, json_ld, base_url.as_deref());
    // The URL of a saved page may only be in the page.
    let base_url = base_url.or_else(|| metadata.link.clone());
    let base = Some(base_url.as_deref().unwrap_or(UNKNOWN_BASE_URL));
    let visible_author = metadata.find_missing_author(&readability.doc);
    let site_rules: Vec<&ExtractionRule> =
        rules.iter().filter(|rule| rule.matches_url(url)).collect();
    rule::remove_dropped(&readability.doc, &site_rules);
    if let Some(html) = rule::select_kept(&readability.doc, &site_rules, base) {
        return Ok(ExtractedArticle { metadata, html, complete: true });
    }
    walls::remove_walls(&readability.doc);
    boilerplate::mark_boilerplate(&readability.doc);
    let title = metadata.title.as_deref();
    let source = PageSource { html, json_ld: &json_ld.article, summary, title, base };
    let found = readability::find_article(readability, &source)?;
    let byline = page_authors::join_names(found.author.as_deref().into_iter());
    let metadata = metadata.with_author(byline.or(visible_author));
    Ok(ExtractedArticle { metadata, html: found.html, complete: found.complete })
}
