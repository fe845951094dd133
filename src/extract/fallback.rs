//! Extraction from pages whose tree would be too deep or too large: long paragraphs only.

use super::{ExtractError, ExtractedArticle, PageMetadata, page_title};
use crate::{
    markup::{Block, escape_html, parse_html},
    text::url,
};

/// Minimum length of a paragraph of the article, in characters; shorter ones are menus.
const MIN_PARAGRAPH_CHARS: usize = 100;

/// Minimum length of an article, in characters.
const MIN_ARTICLE_CHARS: usize = 500;

/// Extracts the long paragraphs of `page`, without links and emphasis.
///
/// # Errors
///
/// Returns [`ExtractError::TooDeep`] if the paragraphs are too short for an article.
pub(super) fn extract_paragraphs(page: &str, url: &str) -> Result<ExtractedArticle, ExtractError> {
    let paragraphs: Vec<String> =
        parse_html(page, None).blocks.iter().filter_map(long_paragraph).collect();
    if paragraphs.iter().map(|text| text.chars().count()).sum::<usize>() < MIN_ARTICLE_CHARS {
        return Err(ExtractError::TooDeep);
    }
    let metadata = PageMetadata {
        title: page_title::raw_title(page),
        link: url::resolve(url, None),
        ..PageMetadata::default()
    };
    let html = paragraphs_to_html(paragraphs.iter().map(String::as_str));
    Ok(ExtractedArticle { metadata, html, complete: false })
}

/// Returns the text of a paragraph of at least [`MIN_PARAGRAPH_CHARS`].
fn long_paragraph(block: &Block) -> Option<String> {
    let Block::Paragraph(text) = block else { return None };
    Some(text.plain_text()).filter(|text| text.chars().count() >= MIN_PARAGRAPH_CHARS)
}

/// Converts texts to HTML paragraphs.
pub(super) fn paragraphs_to_html<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(|text| ["<p>", &escape_html(text), "</p>"].concat()).collect()
}
