//! Markdown files.

use super::{
    dates,
    found::{Found, Oddity},
    front, sentence,
};
use crate::{
    markup,
    model::{Body, BodyFormat},
};

/// Reads a Markdown file. Its title is that of the front matter, else its first heading, else its first sentence; a
/// heading that is the title is not shown again above the text.
pub(super) fn read(text: &str) -> Found {
    let (front, text) = front::split(text);
    let heading = markup::first_heading(text);
    let is_title = |words: &String| front.title.as_ref().is_none_or(|title| title == words);
    let body = match &heading {
        Some((words, range)) if is_title(words) && text[..range.start].trim().is_empty() => {
            &text[range.end..]
        }
        _ => text,
    };
    let mut found = Found::new(BodyFormat::Markdown, body);
    found.title = front
        .title
        .or_else(|| heading.and_then(|(words, _)| sentence::headline(&words)))
        .or_else(|| first_words(&found).and_then(|words| sentence::headline(&words)));
    found.author = front.author;
    found.tags = front.tags;
    found.link = front.link.and_then(|link| crate::text::address::resolve(&link, None));
    found.published = front.date.as_deref().and_then(dates::stamp);
    if let (None, Some(words)) = (found.published, front.date) {
        found.oddities.push(Oddity::UnknownDate(words));
    }
    if let Some(mistake) = front.mistake {
        found.oddities.push(Oddity::BadFront(mistake));
    }
    found
}

fn first_words(found: &Found) -> Option<String> {
    let body = Body { format: BodyFormat::Markdown, text: markup::first_paragraph(&found.text)? };
    Some(super::document(&body).plain_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_come_from_the_best_place() {
        let cases = [
            ("---\ntitle: Front\n---\n# Head\nText", "Front", "# Head\nText"),
            ("---\ntitle: Head\n---\n\n# Head\nText", "Head", "Text"),
            ("# Head\n\nText", "Head", "\nText"),
            ("Text first.\n\n# Head", "Head", "Text first.\n\n# Head"),
            ("The *first* sentence. More.", "The first sentence", "The *first* sentence. More."),
        ];
        for (text, title, body) in cases {
            let found = read(text);
            assert_eq!((found.title.as_deref(), found.text.as_str()), (Some(title), body), "{text}");
        }
    }

    #[test]
    fn wrong_dates_are_told() {
        let found = read("---\ndate: someday\nlink: javascript:x\n---\nText");
        assert_eq!((found.published, found.link.as_ref()), (None, None));
        assert_eq!(found.oddities, [Oddity::UnknownDate("someday".into())]);
    }
}
