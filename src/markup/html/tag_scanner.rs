//! The scanner for tags in raw HTML, used wherever tags are looked for without a parser.
//!
//! [`scan_tags`] yields every tag, comment and declaration of a text, in time linear in its length,
//! whatever it is. The text between tags is the caller's.

use memchr::{memchr, memchr_iter, memchr2};

use crate::text::decode_entities;

/// Maximum length of the names that [`opening_tag_names`] finds, in bytes.
const MAX_NAME_BYTES: usize = 16;

/// Characters that end a tag's name or an unquoted value, beside `>` (HTML standard §13.2.5.8).
const BLANKS: [char; 5] = [' ', '\t', '\n', '\r', '\u{c}'];

/// A tag, comment or declaration as it is written in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HtmlTag<'a> {
    /// True for an end tag.
    pub(crate) closing: bool,
    /// The name as it is written; empty for comments and declarations.
    pub(crate) name: &'a str,
    /// The source between the name and `>`.
    pub(crate) attributes: &'a str,
    /// The raw content of an element that was cut out.
    pub(crate) content: &'a str,
    /// The byte at which the tag begins.
    pub(crate) start: usize,
    /// The byte after the tag, or after the content of an element that was cut out.
    pub(crate) end: usize,
    pub(super) kind: TagKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TagKind {
    Element,
    Comment,
    /// `<!doctype html>`, `<?xml …?>`, and whatever else begins like those.
    Declaration,
    /// An element with nothing for a reader, cut out as a whole.
    Removed,
}

impl<'a> HtmlTag<'a> {
    /// Returns the tag with another spelling of its name.
    pub(crate) fn with_name(self, name: &'a str) -> HtmlTag<'a> {
        HtmlTag { name, ..self }
    }

    /// Returns the tag of an element that is cut out up to the byte `end`, with its raw content.
    pub(super) fn removed_with(self, content: &'a str, end: usize) -> HtmlTag<'a> {
        HtmlTag { kind: TagKind::Removed, content, end, ..self }
    }

    /// Returns an end tag for the element that begins with this tag, at the byte `at`.
    pub(super) fn end_tag_at(self, at: usize) -> HtmlTag<'a> {
        HtmlTag { closing: true, attributes: "", start: at, end: at, ..self }
    }

    /// Returns true for the tag of an element that was not cut out.
    pub(crate) fn is_element(&self) -> bool {
        self.kind == TagKind::Element
    }

    /// Returns true for a comment.
    pub(crate) fn is_comment(&self) -> bool {
        self.kind == TagKind::Comment
    }

    /// Returns true for `<plaintext>`, which needs no end: everything after it is text (HTML standard
    /// §13.2.5.5).
    pub(super) fn is_plain_text(&self) -> bool {
        self.name.eq_ignore_ascii_case("plaintext")
    }

    /// Returns the value of the attribute `name`, in any case, with character references decoded;
    /// `None` if it is missing or blank.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let (_, value) = parse_attributes(self.attributes)
            .find(|(written, _)| written.eq_ignore_ascii_case(name))?;
        let mut decoded = String::with_capacity(value.len());
        decode_entities(value.trim(), &mut decoded);
        Some(decoded).filter(|value| !value.is_empty())
    }
}

/// Returns all tags, comments and declarations of `text`, in order.
pub(crate) fn scan_tags(text: &str) -> TagScanner<'_> {
    TagScanner { text, position: 0 }
}

/// An iterator over the tags of a text, made by [`scan_tags`].
#[derive(Debug)]
pub(crate) struct TagScanner<'a> {
    pub(super) text: &'a str,
    position: usize,
}

impl TagScanner<'_> {
    /// Continues at the byte `position`.
    pub(super) fn skip_to(&mut self, position: usize) {
        self.position = position;
    }
}

impl<'a> Iterator for TagScanner<'a> {
    type Item = HtmlTag<'a>;

    fn next(&mut self) -> Option<HtmlTag<'a>> {
        loop {
            let start = self.position + memchr(b'<', &self.text.as_bytes()[self.position..])?;
            match read_tag(self.text, start) {
                Some(tag) => {
                    self.position = tag.end;
                    return Some(tag);
                }
                None => self.position = start + 1,
            }
        }
    }
}

/// Reads the tag, comment or declaration that begins with the `<` at `start`, if there is one.
fn read_tag(text: &str, start: usize) -> Option<HtmlTag<'_>> {
    let rest = &text[start + 1..];
    let (closing, inner) = match rest.strip_prefix('/') {
        Some(inner) => (true, inner),
        None => (false, rest),
    };
    let tag = HtmlTag {
        closing,
        name: "",
        attributes: "",
        content: "",
        start,
        end: start,
        kind: TagKind::Element,
    };
    if inner.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
        let (name, rest) = inner.split_at(name_length(inner.as_bytes()));
        let attributes = &rest[..attributes_length(rest)];
        let end = text.len() - rest.len() + (attributes.len() + 1).min(rest.len());
        return Some(HtmlTag { name, attributes, end, ..tag });
    }
    let (kind, length) = declaration_length(rest)?;
    Some(HtmlTag { kind, end: start + 1 + length, ..tag })
}

fn name_length(text: &[u8]) -> usize {
    let ends_name = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0xc | b'/' | b'>');
    text.iter().position(ends_name).unwrap_or(text.len())
}

/// Returns the length of the attributes at the start of `rest`: up to the `>` that is not within a
/// quoted value. A quote that is never closed ends with its tag.
pub(super) fn attributes_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let Some(first_end) = memchr(b'>', bytes) else { return bytes.len() };
    // Most tags have no quotes: they end at the first `>`.
    if memchr2(b'"', b'\'', &bytes[..first_end]).is_none() {
        return first_end;
    }
    let (mut at, mut after_equals) = (0, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return at,
            b'"' | b'\'' if after_equals => match memchr(*byte, &bytes[at + 1..]) {
                Some(length) => at += length + 1,
                None => return memchr(b'>', &bytes[at..]).map_or(bytes.len(), |end| at + end),
            },
            _ => {}
        }
        after_equals = *byte == b'=' || (after_equals && byte.is_ascii_whitespace());
        at += 1;
    }
    bytes.len()
}

/// Returns the length of the comment or declaration at the start of `rest`, which follows a `<`;
/// without an end, it takes the rest of the text.
fn declaration_length(rest: &str) -> Option<(TagKind, usize)> {
    if let Some(comment) = rest.strip_prefix("!--") {
        return Some((TagKind::Comment, "!--".len() + comment_length(comment)));
    }
    let is_declaration = rest.starts_with(['!', '?']);
    let length = || memchr(b'>', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
    is_declaration.then(|| (TagKind::Declaration, length()))
}

/// Returns the length of a comment after its `<!--`: it ends at `-->` and `--!>`, and `>` and `->`
/// end it at once (HTML standard §13.2.5.43 to §13.2.5.52).
fn comment_length(comment: &str) -> usize {
    let ends_comment = |before: &[u8]| {
        matches!(before, b"" | b"-") || before.ends_with(b"--") || before.ends_with(b"--!")
    };
    let bytes = comment.as_bytes();
    let end = memchr_iter(b'>', bytes).find(|at| ends_comment(&bytes[..*at]));
    end.map_or(bytes.len(), |end| end + 1)
}

/// Returns the attributes of a tag, their values as they stand in the source, without the quotes.
pub(crate) fn parse_attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c| BLANKS.contains(&c) || matches!(c, '/' | '='));
        let name_end =
            rest.find(|c| BLANKS.contains(&c) || matches!(c, '/' | '=')).unwrap_or(rest.len());
        let (name, after_name) = rest.split_at(name_end);
        rest = after_name;
        let Some(value) = after_name.trim_start().strip_prefix('=') else {
            return (!name.is_empty()).then_some((name, ""));
        };
        let (value, after_value) = split_value(value.trim_start());
        rest = after_value;
        (!name.is_empty()).then_some((name, value))
    })
}

/// Splits the value of an attribute from what follows it.
fn split_value(text: &str) -> (&str, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split_once(quote).unwrap_or((&text[1..], "")),
        _ => text.split_at(text.find(|c: char| c.is_ascii_whitespace()).unwrap_or(text.len())),
    }
}

/// Returns the names of the start tags in `html`, in order, as they are written.
///
/// Does not look for the ends of tags and comments, so that it costs little more than finding each
/// `<`. Names longer than 16 bytes are cut.
pub fn opening_tag_names(html: &str) -> impl Iterator<Item = &str> {
    memchr_iter(b'<', html.as_bytes()).filter_map(|at| {
        let rest = &html.as_bytes()[at + 1..];
        let is_name = rest.first().is_some_and(u8::is_ascii_alphabetic);
        let length = name_length(&rest[..rest.len().min(MAX_NAME_BYTES)]);
        html.get(at + 1..at + 1 + length).filter(|_| is_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Vec<&str> {
        scan_tags(text).map(|tag| &text[tag.start..tag.end]).collect()
    }

    #[test]
    fn scan_tags_finds_tags_comments_and_declarations() {
        let cases: [(&str, &[&str]); 11] = [
            ("a<b>c</B >d", &["<b>", "</B >"]),
            ("a < b, 3<4, </>, <>", &[]),
            ("<a title=\"x > y\" href='>'>z", &["<a title=\"x > y\" href='>'>"]),
            ("<a 5\">b", &["<a 5\">"]),
            ("<a title=\"b>c<i>", &["<a title=\"b>", "<i>"]),
            ("<!-- <p> -->a<!-->b<!doctype html>", &["<!-- <p> -->", "<!-->", "<!doctype html>"]),
            ("<!--a--!>b<!--->c<!---->d<!--->-->e", &["<!--a--!>", "<!--->", "<!---->", "<!--->"]),
            (
                "<!-- -- > --! > - -> <p>--->x<!--!>-->y",
                &["<!-- -- > --! > - -> <p>--->", "<!--!>-->"],
            ),
            ("<?x?><!-- open <p>", &["<?x?>", "<!-- open <p>"]),
            ("<script>'<b>'</script>", &["<script>", "<b>", "</script>"]),
            ("a<never closed", &["<never closed"]),
        ];
        for (text, expected) in cases {
            assert_eq!(scan(text), expected, "{text}");
        }
    }

    #[test]
    fn parse_attributes_reads_quoted_and_unquoted_values() {
        let attributes: Vec<_> =
            parse_attributes(" a b=1 c = \"x y\" d='\"' e=/f/ G=\"open").collect();
        let expected =
            [("a", ""), ("b", "1"), ("c", "x y"), ("d", "\""), ("e", "/f/"), ("G", "open")];
        assert_eq!(attributes, expected);
    }

    #[test]
    fn attribute_ignores_case_and_decodes_references() {
        let tag = scan_tags("<a HREF=' /x?a&amp;b ' title=''>").next().expect("a tag");
        assert_eq!(tag.attribute("href").as_deref(), Some("/x?a&b"));
        assert_eq!(tag.attribute("title"), None);
    }

    #[test]
    fn opening_tag_names_finds_names_in_order() {
        let names: Vec<&str> =
            opening_tag_names("<p>a < b <abbr>é</abbr> <IMG src=x><audio/><").collect();
        assert_eq!(names, ["p", "abbr", "IMG", "audio"]);
    }
}
