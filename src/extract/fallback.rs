//! The paragraphs of a page that no parser may see.

use super::{ExtractError, ExtractedArticle};
use crate::{
    markup::{Block, escape_html, parse_html, parse_html_metadata},
    text::url,
};

/// Shorter paragraphs are menus, in characters.
const MIN_PARAGRAPH_CHARS: usize = 100;

/// Less than this is no article.
const MIN_ARTICLE_CHARS: usize = 500;

/// The long paragraphs of `page`, without links or emphasis.
pub(super) fn extract_paragraphs(page: &str, url: &str) -> Result<ExtractedArticle, ExtractError> {
    let paragraphs: Vec<String> =
        parse_html(page, None).blocks.iter().filter_map(long_paragraph).collect();
    if paragraphs.iter().map(|text| text.chars().count()).sum::<usize>() < MIN_ARTICLE_CHARS {
        return Err(ExtractError::TooDeep);
    }
    Ok(ExtractedArticle {
        title: parse_html_metadata(page).title,
        html: paragraphs_to_html(paragraphs.iter().map(String::as_str)),
        link: url::resolve(url, None),
        ..ExtractedArticle::default()
    })
}

fn long_paragraph(block: &Block) -> Option<String> {
    let Block::Paragraph(text) = block else { return None };
    Some(text.plain_text()).filter(|text| text.chars().count() >= MIN_PARAGRAPH_CHARS)
}

/// Texts as paragraphs of HTML.
pub(super) fn paragraphs_to_html<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(|text| ["<p>", &escape_html(text), "</p>"].concat()).collect()
}
