//! The article of a web page, without what stands around it.
//!
//! [`dom_smoothie`] finds it, as browsers do for their reader views. Before it stands the gate of [`crate::markup`], so
//! that no page takes more than linear time; behind it goes what such views leave in: boxes for newsletters, links to
//! other articles, dates that a reader shows anyway. A [`ExtractionRule`] of the user says where the article of a site is.

mod boilerplate;
mod class_names;
mod error;
mod fallback;
mod json_ld;
mod links;
mod metadata;
mod readability;
mod rule;
mod text_length;

#[cfg(test)]
mod tests;

use dom_query::Document;

use crate::markup::sanitize_page;
pub use error::ExtractError;
use metadata::PageMetadata;
pub use rule::ExtractionRule;

/// Longer pages are not articles, in bytes.
const MAX_PAGE_BYTES: usize = 8 << 20;

/// The same, of what is left without scripts and styles.
const MAX_GATED_BYTES: usize = 4 << 20;

/// Tags and character references at the most; a tree of more takes too much memory.
const MAX_TAGS_AND_REFERENCES: usize = 200_000;

/// What was found in a page. Words are clean; empty where the page says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExtractedArticle {
    /// Its headline.
    pub title: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// The article, as HTML whose relative links are absolute.
    pub html: String,
    /// When it was published, in the words of the page.
    pub published: Option<String>,
    /// The language it is written in, as a BCP 47 tag.
    pub language: Option<String>,
    /// The name of the site.
    pub site: Option<String>,
    /// Its own http(s) address.
    pub link: Option<String>,
}

/// Takes the article out of the page at `url`, where the rules for its host say or else where it seems to be.
///
/// Takes time and memory in proportion to the page, and refuses pages that are too large.
pub fn extract_article(
    page: &str,
    url: &str,
    rules: &[ExtractionRule],
) -> Result<ExtractedArticle, ExtractError> {
    let is_mark = |byte: &u8| matches!(byte, b'<' | b'&');
    if page.len() > MAX_PAGE_BYTES || page.bytes().filter(is_mark).count() > MAX_TAGS_AND_REFERENCES
    {
        return Err(ExtractError::TooLarge);
    }
    match sanitize_page(page) {
        Some(whole) if whole.len() > MAX_GATED_BYTES => Err(ExtractError::TooLarge),
        Some(whole) => extract_from_gated_page(&whole, &json_ld::parse_json_ld(page), url, rules),
        None => fallback::extract_paragraphs(page, url),
    }
}

fn extract_from_gated_page(
    whole: &str,
    data: &json_ld::JsonLdArticle,
    url: &str,
    rules: &[ExtractionRule],
) -> Result<ExtractedArticle, ExtractError> {
    let reader =
        readability::build_readability(Document::from(whole)).ok_or(ExtractError::NoArticle)?;
    let base = links::find_base_url(&reader.doc, url);
    let metadata = PageMetadata::from_page(&reader, data, base.as_deref());
    let rules: Vec<&ExtractionRule> = rules.iter().filter(|rule| rule.matches_url(url)).collect();
    rule::remove_dropped(&reader.doc, &rules);
    if let Some(html) = rule::select_kept(&reader.doc, &rules, base.as_deref()) {
        return Ok(metadata.into_article(html, None));
    }
    boilerplate::mark_boilerplate(&reader.doc);
    let found =
        readability::find_article(reader, whole, data, metadata.title.as_deref(), base.as_deref())?;
    Ok(metadata.into_article(found.html, found.author.as_deref()))
}
