//! Parsing of Markdown files.

use super::{
    dates, front_matter, headline,
    parsed_file::{ParseWarning, ParsedFile},
};
use crate::{
    markup,
    model::{BodyFormat, EntryBody},
};

/// Parses a Markdown file.
///
/// The title is the first of these that exists: the title in the front matter, the first heading,
/// the first sentence. A heading at the start that repeats the title is removed from the body.
pub(super) fn parse_markdown(text: &str) -> ParsedFile {
    let (front, rest) = front_matter::split_front_matter(text);
    let heading = markup::find_first_heading(rest);
    let is_title = |words: &String| front.title.as_ref().is_none_or(|title| title == words);
    let body = match &heading {
        Some((words, range)) if is_title(words) && rest[..range.start].trim().is_empty() => {
            &rest[range.end..]
        }
        _ => rest,
    };
    let mut parsed = ParsedFile::new(BodyFormat::Markdown, body);
    parsed.title = front
        .title
        .or_else(|| heading.and_then(|(words, _)| headline::extract_headline(&words)))
        .or_else(|| {
            first_paragraph_text(&parsed).and_then(|words| headline::extract_headline(&words))
        });
    parsed.author = front.author;
    parsed.tags = front.tags;
    for category in front.categories {
        if !parsed.tags.contains(&category) {
            parsed.tags.push(category);
        }
    }
    parsed.link = front.link.and_then(|link| crate::text::url::resolve(&link, None));
    parsed.published = front.date.as_deref().and_then(dates::parse_stamp);
    if let (None, Some(words)) = (parsed.published, front.date) {
        parsed.warnings.push(ParseWarning::UnknownDateFormat(words));
    }
    if let Some(reason) = front.error {
        parsed.warnings.push(ParseWarning::InvalidFrontMatter(reason));
    }
    parsed
}

/// Returns the first paragraph as plain text.
fn first_paragraph_text(parsed: &ParsedFile) -> Option<String> {
    let body =
        EntryBody { format: BodyFormat::Markdown, text: markup::first_paragraph(&parsed.text)? };
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
            let parsed = parse_markdown(text);
            assert_eq!(
                (parsed.title.as_deref(), parsed.text.as_str()),
                (Some(title), body),
                "{text}"
            );
        }
    }

    #[test]
    fn parse_markdown_warns_of_unknown_date() {
        let parsed = parse_markdown("---\ndate: someday\nlink: javascript:x\n---\nText");
        assert_eq!((parsed.published, parsed.link.as_ref()), (None, None));
        assert_eq!(parsed.warnings, [ParseWarning::UnknownDateFormat("someday".into())]);
    }
}
