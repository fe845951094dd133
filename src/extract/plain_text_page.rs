//! Pages that are plain text, such as manuals and standards.

use super::{
    ExtractError, ExtractedArticle, MAX_SANITIZED_BYTES, PageMetadata, page_text::single_line,
};
use crate::markup::escape_html;

/// Maximum length of a line that was broken by hand, in characters; a text with longer lines has
/// one line per paragraph.
const MAX_LINE_CHARS: usize = 132;

/// Makes an article of a page that is plain text. Its lines stay as they are; its first line is the
/// title.
///
/// # Errors
///
/// Fails if the text is too large or blank.
pub fn article_from_plain_text(text: &str) -> Result<ExtractedArticle, ExtractError> {
    if text.len() > MAX_SANITIZED_BYTES {
        return Err(ExtractError::TooLarge);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let title = text.lines().find_map(single_line).ok_or(ExtractError::NoArticle)?;
    let is_preformatted = text.lines().all(|line| line.chars().count() <= MAX_LINE_CHARS);
    let html = if is_preformatted {
        // A parser drops the first line break in a `<pre>`.
        format!("<pre>\n{}</pre>", escape_html(text))
    } else {
        paragraphs(text)
    };
    let metadata = PageMetadata { title: Some(title), ..PageMetadata::default() };
    Ok(ExtractedArticle { metadata, html, complete: true })
}

/// Returns the paragraphs of a text, which are parted by blank lines, with their line breaks.
fn paragraphs(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let paragraphs = lines.split(|line| line.trim().is_empty()).filter(|lines| !lines.is_empty());
    let to_html = |lines: &[&str]| {
        let escaped: Vec<String> = lines.iter().map(|line| escape_html(line)).collect();
        format!("<p>{}</p>", escaped.join("<br>"))
    };
    paragraphs.map(to_html).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::parse_html;

    fn shown(text: &str) -> String {
        let article = article_from_plain_text(text).unwrap();
        parse_html(&article.html, None).plain_text()
    }

    #[test]
    fn article_from_plain_text_keeps_lines() {
        let manual = "NAME\n     make <target>\n\n     keep    these\n";
        assert_eq!(shown(manual), manual.trim_end());
        let prose = format!("{}\nsecond & last\n\n\nnext", "word ".repeat(40).trim_end());
        assert_eq!(shown(&prose), prose.replace("\n\n\n", "\n\n"));
        let title = article_from_plain_text("\u{feff}\n\nA title\ntext").unwrap().metadata.title;
        assert_eq!(title.as_deref(), Some("A title"));
        assert_eq!(article_from_plain_text(" \n\t").err(), Some(ExtractError::NoArticle));
        let large = "x\n".repeat(MAX_SANITIZED_BYTES / 2 + 1);
        assert_eq!(article_from_plain_text(&large).err(), Some(ExtractError::TooLarge));
    }
}
