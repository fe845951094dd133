//! Descriptions of pictures that are files of an entry and in its text as well.

use super::feed_document::Enclosure;
use crate::{
    markup::{escape_html, parse_attributes, scan_tags},
    text::decode_entities,
};

/// Writes the descriptions of `files` as alternative texts into `html`, at those of the pictures that
/// have none there.
pub(super) fn describe_pictures(html: &mut String, files: &[Enclosure]) {
    if files.iter().all(|file| file.description.is_none()) {
        return;
    }
    let (mut described, mut copied) = (String::new(), 0);
    for tag in scan_tags(html).filter(|tag| !tag.closing && tag.name.eq_ignore_ascii_case("img")) {
        let Some(description) = missing_description(tag.attributes, files) else { continue };
        let name_end = tag.start + 1 + tag.name.len();
        described.push_str(&html[copied..name_end]);
        // The first of two attributes counts (HTML §13.2.5.33).
        let alternative = escape_html(description).replace('"', "&quot;");
        described.extend([" alt=\"", &alternative, "\""]);
        copied = name_end;
    }
    if copied > 0 {
        described.push_str(&html[copied..]);
        *html = described;
    }
}

/// Returns the description of the picture with these attributes, unless they have one.
fn missing_description<'a>(attributes: &str, files: &'a [Enclosure]) -> Option<&'a str> {
    let mut source = String::new();
    for (name, value) in parse_attributes(attributes) {
        if name.eq_ignore_ascii_case("alt") && !value.trim().is_empty() {
            return None;
        }
        if name.eq_ignore_ascii_case("src") && source.is_empty() {
            decode_entities(value.trim(), &mut source);
        }
    }
    files.iter().find(|file| file.href == source)?.description.as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describe_pictures_fills_in_missing_alternative_texts() {
        let files = [Enclosure {
            href: "https://mill.example/a.jpg?x&y".to_owned(),
            description: Some("A \"red\" door".to_owned()),
            ..Enclosure::default()
        }];
        let alternative = "alt=\"A &quot;red&quot; door\"";
        let source = "src='https://mill.example/a.jpg?x&amp;y'";
        for (html, expected) in [
            (format!("a<img {source}>b"), format!("a<img {alternative} {source}>b")),
            (format!("<img alt='' {source}>"), format!("<img {alternative} alt='' {source}>")),
            (format!("<img alt='A door' {source}>"), format!("<img alt='A door' {source}>")),
            ("<img src='b.jpg'>".to_owned(), "<img src='b.jpg'>".to_owned()),
        ] {
            let mut described = html.clone();
            describe_pictures(&mut described, &files);
            assert_eq!(described, expected);
        }
    }
}
