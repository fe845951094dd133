//! The paragraphs of a page that no parser may see.

use super::{Article, ExtractError};
use crate::{
    markup::{Block, escape, head, html},
    text::address,
};

/// Shorter paragraphs are menus, in characters.
const MIN_PARAGRAPH: usize = 100;

/// Less than this is no article.
const MIN_ARTICLE: usize = 500;

/// The long paragraphs of `page`, without links or emphasis.
pub(super) fn extract(page: &str, url: &str) -> Result<Article, ExtractError> {
    let paragraphs: Vec<String> = html(page, None).blocks.iter().filter_map(long_text).collect();
    if paragraphs.iter().map(|text| text.chars().count()).sum::<usize>() < MIN_ARTICLE {
        return Err(ExtractError::TooDeep);
    }
    Ok(Article {
        title: head(page).title,
        html: written(paragraphs.iter().map(String::as_str)),
        link: address::resolve(url, None),
        ..Article::default()
    })
}

fn long_text(block: &Block) -> Option<String> {
    let Block::Paragraph(text) = block else { return None };
    Some(text.text()).filter(|text| text.chars().count() >= MIN_PARAGRAPH)
}

/// Texts as paragraphs of HTML.
pub(super) fn written<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(|text| ["<p>", &escape(text), "</p>"].concat()).collect()
}
