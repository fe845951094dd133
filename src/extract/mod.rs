//! The article of a web page, without what stands around it.
//!
//! [`dom_smoothie`] finds it, as browsers do for their reader views. Before it stands the gate of [`crate::markup`], so
//! that no page takes more than linear time; behind it goes what such views leave in: boxes for newsletters, links to
//! other articles, dates that a reader shows anyway. A [`Rule`] of the user says where the article of a site is.

mod error;
mod links;
mod metadata;
mod names;
mod noise;
mod readable;
mod rule;
mod shallow;
mod size;
mod structured;

#[cfg(test)]
mod tests;

use dom_query::Document;

use crate::markup::gated;
pub use error::ExtractError;
use metadata::Metadata;
pub use rule::Rule;

/// Longer pages are not articles, in bytes.
const MAX_BYTES: usize = 8 << 20;

/// The same, of what is left without scripts and styles.
const MAX_GATED: usize = 4 << 20;

/// Tags and character references at the most; a tree of more takes too much memory.
const MAX_MARKS: usize = 200_000;

/// What was found in a page. Words are clean; empty where the page says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Article {
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
pub fn extract(page: &str, url: &str, rules: &[Rule]) -> Result<Article, ExtractError> {
    let is_mark = |byte: &u8| matches!(byte, b'<' | b'&');
    if page.len() > MAX_BYTES || page.bytes().filter(is_mark).count() > MAX_MARKS {
        return Err(ExtractError::TooLarge);
    }
    match gated(page) {
        Some(whole) if whole.len() > MAX_GATED => Err(ExtractError::TooLarge),
        Some(whole) => extract_gated(&whole, &structured::read(page), url, rules),
        None => shallow::extract(page, url),
    }
}

fn extract_gated(
    whole: &str,
    data: &structured::Data,
    url: &str,
    rules: &[Rule],
) -> Result<Article, ExtractError> {
    let reader = readable::reader(Document::from(whole)).ok_or(ExtractError::Nothing)?;
    let base = links::base(&reader.doc, url);
    let metadata = Metadata::read(&reader, data, base.as_deref());
    let rules: Vec<&Rule> = rules.iter().filter(|rule| rule.is_for(url)).collect();
    rule::drop_from(&reader.doc, &rules);
    if let Some(html) = rule::kept(&reader.doc, &rules, base.as_deref()) {
        return Ok(metadata.with(html, None));
    }
    noise::mark(&reader.doc);
    let found = readable::article(reader, whole, data, metadata.title.as_deref(), base.as_deref())?;
    Ok(metadata.with(found.html, found.author.as_deref()))
}
