//! Descriptions of pictures that are files of an entry and in its text as well.

use std::collections::HashMap;

use super::{budget::ParseBudget, feed_document::Enclosure};
use crate::{
    markup::{escape_html, parse_attributes, scan_tags},
    text::decode_entities,
};

/// The descriptions of the files of an entry by their URLs; empty if no file has one.
pub(super) struct PictureDescriptions<'a>(HashMap<&'a str, Option<&'a str>>);

impl<'a> PictureDescriptions<'a> {
    /// Collects the descriptions of `files`. Of those with one URL, the first counts.
    pub(super) fn of_files(files: &'a [Enclosure]) -> PictureDescriptions<'a> {
        if files.iter().all(|file| file.description.is_none()) {
            return PictureDescriptions(HashMap::new());
        }
        let last_first = files.iter().rev();
        let described = last_first.map(|file| (&*file.href, file.description.as_deref()));
        PictureDescriptions(described.collect())
    }

    /// Writes the descriptions as alternative texts into `html`, at those of the pictures that have
    /// none there, unless that exceeds the budget.
    pub(super) fn write_into(&self, html: &mut String, budget: &ParseBudget) {
        if self.0.is_empty() {
            return;
        }
        let (mut described, mut copied) = (String::new(), 0);
        for tag in
            scan_tags(html).filter(|tag| !tag.closing && tag.name.eq_ignore_ascii_case("img"))
        {
            let Some(description) = self.missing_at(tag.attributes) else { continue };
            budget.charge_insertion(description.len());
            if budget.is_exceeded() {
                return;
            }
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
    fn missing_at(&self, attributes: &str) -> Option<&'a str> {
        let mut source = String::new();
        for (name, value) in parse_attributes(attributes) {
            if name.eq_ignore_ascii_case("alt") && !value.trim().is_empty() {
                return None;
            }
            if name.eq_ignore_ascii_case("src") && source.is_empty() {
                decode_entities(value.trim(), &mut source);
            }
        }
        self.0.get(source.as_str()).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picture_descriptions_fill_in_missing_alternative_texts() {
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
            PictureDescriptions::of_files(&files)
                .write_into(&mut described, &ParseBudget::default());
            assert_eq!(described, expected);
        }
    }
}
