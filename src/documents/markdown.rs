//! Markdown files.

use super::{
    dates, front_matter, headline,
    parsed_file::{ParseWarning, ParsedFile},
};
use crate::{
    markup,
    model::{BodyFormat, EntryBody},
};

/// Reads a Markdown file. Its title is that of the front matter, else its first heading, else its first sentence; a
/// heading that is the title is not shown again above the text.
pub(super) fn parse_markdown(text: &str) -> ParsedFile {
    let (front, text) = front_matter::split_front_matter(text);
    let heading = markup::find_first_heading(text);
    let is_title = |words: &String| front.title.as_ref().is_none_or(|title| title == words);
    let body = match &heading {
        Some((words, range)) if is_title(words) && text[..range.start].trim().is_empty() => {
            &text[range.end..]
        }
        _ => text,
    };
    let mut found = ParsedFile::new(BodyFormat::Markdown, body);
    found.title = front
        .title
        .or_else(|| heading.and_then(|(words, _)| headline::extract_headline(&words)))
        .or_else(|| {
            first_paragraph_text(&found).and_then(|words| headline::extract_headline(&words))
        });
    found.author = front.author;
    found.tags = front.tags;
    found.link = front.link.and_then(|link| crate::text::url::resolve(&link, None));
    found.published = front.date.as_deref().and_then(dates::parse_stamp);
    if let (None, Some(words)) = (found.published, front.date) {
        found.warnings.push(ParseWarning::UnknownDateFormat(words));
    }
    if let Some(mistake) = front.error {
        found.warnings.push(ParseWarning::InvalidFrontMatter(mistake));
    }
    found
}

fn first_paragraph_text(found: &ParsedFile) -> Option<String> {
    let body =
        EntryBody { format: BodyFormat::Markdown, text: markup::first_paragraph(&found.text)? };
    Some(super::render_body(&body).plain_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_markdown_prefers_front_matter_title() {
        let cases = [
            ("---\ntitle: Front\n---\n# Head\nText", "Front", "# Head\nText"),
            ("---\ntitle: Head\n---\n\n# Head\nText", "Head", "Text"),
            ("# Head\n\nText", "Head", "\nText"),
            ("Text first.\n\n# Head", "Head", "Text first.\n\n# Head"),
            ("The *first* sentence. More.", "The first sentence", "The *first* sentence. More."),
        ];
        for (text, title, body) in cases {
            let found = parse_markdown(text);
            assert_eq!(
                (found.title.as_deref(), found.text.as_str()),
                (Some(title), body),
                "{text}"
            );
        }
    }

    #[test]
    fn parse_markdown_warns_of_unknown_date() {
        let found = parse_markdown("---\ndate: someday\nlink: javascript:x\n---\nText");
        assert_eq!((found.published, found.link.as_ref()), (None, None));
        assert_eq!(found.warnings, [ParseWarning::UnknownDateFormat("someday".into())]);
    }
}
