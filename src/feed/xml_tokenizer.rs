//! A lenient XML tokenizer: tags and text of a document; anything that is not valid XML becomes
//! text.
//!
//! Comments, declarations and the like are left to the reader of `quick_xml`. Tags and the characters
//! between them are read here: that reader keeps the name of each open element, and makes two events of
//! each reference in escaped HTML.

use std::borrow::Cow;

use quick_xml::{
    Reader,
    events::attributes::Attributes,
    parser::{ElementParser, Parser},
};

use super::warning::FeedWarnings;
use crate::text::{decode_entities, resolve_entity};

/// Maximum number of bytes scanned more than once per document.
///
/// After an unclosed construct, the reader has scanned to the end of the document in vain and
/// starts again after the error. With many such errors, parsing would take quadratic time.
const MAX_RESCANNED_BYTES: usize = 256 << 20;

/// One token of a document.
#[derive(Debug)]
pub(super) enum XmlToken<'a> {
    /// A start tag; no end tag follows if it is self-closing.
    StartTag(XmlTag<'a>),
    /// The name in an end tag.
    EndTag(&'a str),
    /// Characters with references resolved.
    Text(Cow<'a, str>),
    /// Characters of a CDATA section.
    Cdata(&'a str),
}

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct XmlTag<'a> {
    /// The tag from `<` to `>`.
    pub(super) raw: &'a str,
    /// The name with its prefix.
    pub(super) name: &'a str,
    /// True if the tag ends with `/>`.
    pub(super) is_self_closing: bool,
}

impl<'a> XmlTag<'a> {
    /// Parses the tag `raw`, from `<` to `>`.
    pub(super) fn parse(raw: &'a str) -> XmlTag<'a> {
        let content = strip_brackets(raw);
        let name_len = content.find(|c: char| c.is_ascii_whitespace()).unwrap_or(content.len());
        XmlTag { raw, name: &content[..name_len], is_self_closing: raw.ends_with("/>") }
    }

    /// Returns the attributes: names as written, values with references resolved. Values may be
    /// unquoted.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> + use<'a> {
        let mut attributes = Attributes::html(strip_brackets(self.raw), self.name.len());
        attributes.with_checks(false);
        attributes.filter_map(Result::ok).map(move |attribute| {
            let name = attribute.key.into_inner();
            (name, decode_attribute_value(attribute.value))
        })
    }

    /// Returns the trimmed value of the first attribute with the local name `name`, ignoring case
    /// and prefix; `None` if it is empty.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.attribute_or_empty(name).filter(|value| !value.is_empty())
    }

    /// Does what [`XmlTag::attribute`] does, but returns an empty value too.
    pub(super) fn attribute_or_empty(&self, name: &str) -> Option<String> {
        let has_name = |qualified: &str| {
            qualified.rsplit(':').next().is_some_and(|local| local.eq_ignore_ascii_case(name))
        };
        let (_, value) = self.attributes().find(|(qualified, _)| has_name(qualified))?;
        Some(value.trim().to_owned())
    }
}

/// Returns the name and the attributes of a tag.
fn strip_brackets(raw: &str) -> &str {
    raw.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/')
}

/// The start of a CDATA section.
const CDATA_START: &str = "<![CDATA[";

fn decode_attribute_value(value: Cow<'_, str>) -> Cow<'_, str> {
    if !value.contains('&') {
        return value;
    }
    let mut out = String::with_capacity(value.len());
    decode_entities(&value, &mut out);
    Cow::Owned(out)
}

/// The tokenizer of one document.
pub(super) struct XmlTokenizer<'a> {
    text: &'a str,
    /// Byte offset of the next token.
    position: usize,
    /// Byte offset of the next `<`, or of the end; at most `position` if it has not been looked for.
    characters_end: usize,
    /// Number of bytes scanned more than once so far.
    rescanned_bytes: usize,
}

impl<'a> XmlTokenizer<'a> {
    /// Creates a tokenizer for `text` that starts at byte `from`.
    pub(super) fn new(text: &'a str, from: usize) -> XmlTokenizer<'a> {
        XmlTokenizer { text, position: from, characters_end: 0, rescanned_bytes: 0 }
    }

    /// Returns the byte offset of the next token.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// Returns the next token; `None` at the end.
    ///
    /// `open_name` is the name of the innermost open element: an unclosed CDATA section ends at its
    /// end tag.
    pub(super) fn next_token(
        &mut self,
        open_name: Option<&str>,
        warnings: &mut FeedWarnings,
    ) -> Option<XmlToken<'a>> {
        loop {
            let at = self.position;
            if self.rescanned_bytes > MAX_RESCANNED_BYTES {
                return self.recover(at, open_name, warnings);
            }
            if let Some(text) = self.read_characters(at, warnings) {
                return Some(text);
            }
            if let Some(text) = self.read_lone_bracket(at, warnings) {
                return Some(text);
            }
            let rest = &self.text[at..];
            if rest.is_empty() {
                return None;
            }
            let Some(raw) = read_markup(rest) else {
                return self.recover(at, open_name, warnings);
            };
            self.position = at + raw.len();
            match raw.as_bytes() {
                [b'<', b'/', ..] => {
                    let name = raw.trim_start_matches(['<', '/']).trim_end_matches('>');
                    return Some(XmlToken::EndTag(name.trim()));
                }
                [b'<', b'!', b'[', ..] => {
                    let content =
                        raw.strip_prefix(CDATA_START).and_then(|raw| raw.strip_suffix("]]>"));
                    return Some(XmlToken::Cdata(content.unwrap_or(raw)));
                }
                // A comment, a declaration or a processing instruction.
                [b'<', b'!' | b'?', ..] => {}
                _ => return Some(self.read_start_tag(at, raw, warnings)),
            }
        }
    }

    /// Returns the next of the characters at `at`: those before a reference, or the meaning of one.
    /// Returns `None` at a `<`, and at the end.
    fn read_characters(&mut self, at: usize, warnings: &mut FeedWarnings) -> Option<XmlToken<'a>> {
        if self.characters_end <= at {
            let rest = &self.text.as_bytes()[at..];
            self.characters_end = at + memchr::memchr(b'<', rest).unwrap_or(rest.len());
        }
        let rest = &self.text[at..self.characters_end];
        if rest.is_empty() {
            return None;
        }
        let (len, is_reference) = match rest.strip_prefix('&') {
            None => (memchr::memchr(b'&', rest.as_bytes()).unwrap_or(rest.len()), false),
            Some(after) => match memchr::memchr2(b';', b'&', after.as_bytes()) {
                Some(end) if after.as_bytes()[end] == b';' => (1 + end + 1, true),
                end => (1 + end.unwrap_or(after.len()), false),
            },
        };
        self.position += len;
        let raw = &rest[..len];
        let text =
            if is_reference { self.resolve_reference(at, raw, warnings) } else { raw.into() };
        Some(XmlToken::Text(text))
    }

    /// Returns the `<` at `at` as text if it starts neither a tag nor another construct. The reader
    /// would look for its `>` in the whole rest of the document.
    fn read_lone_bracket(
        &mut self,
        at: usize,
        warnings: &mut FeedWarnings,
    ) -> Option<XmlToken<'a>> {
        let starts_construct = |c: char| c.is_alphabetic() || matches!(c, '_' | '/' | '!' | '?');
        let after = self.text[at..].strip_prefix('<')?;
        if after.is_empty() || after.starts_with(starts_construct) {
            return None;
        }
        warnings.warn_at(self.text, at, "a < that does not start a tag was read as text");
        self.position = at + 1;
        Some(XmlToken::Text(Cow::Borrowed(&self.text[at..=at])))
    }

    /// Returns the start tag at `at`.
    ///
    /// A tag that contains another `<` is not closed: it ends at its first `>` or before that `<`.
    fn read_start_tag(
        &mut self,
        at: usize,
        raw: &'a str,
        warnings: &mut FeedWarnings,
    ) -> XmlToken<'a> {
        if let Some(offset) = memchr::memchr(b'<', &raw.as_bytes()[1..]) {
            let next_open = offset + 1;
            let first_close = memchr::memchr(b'>', raw.as_bytes());
            let end = first_close.map_or(next_open, |close| next_open.min(close + 1));
            if end == next_open {
                warnings.warn_at(self.text, at, "a tag has no >; it was closed before the next <");
            }
            self.rescanned_bytes += raw.len() - end;
            self.position = at + end;
            return XmlToken::StartTag(XmlTag::parse(&raw[..end]));
        }
        XmlToken::StartTag(XmlTag::parse(raw))
    }

    fn resolve_reference(
        &self,
        at: usize,
        raw: &'a str,
        warnings: &mut FeedWarnings,
    ) -> Cow<'a, str> {
        let name = raw.trim_start_matches('&').trim_end_matches(';');
        if !matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") && !name.starts_with('#') {
            let message = format!("&{name}; is not a predefined XML entity");
            warnings.warn_at(self.text, at, message);
        }
        resolve_entity(name).unwrap_or(Cow::Borrowed(raw))
    }

    /// Continues after invalid XML at `at`.
    fn recover(
        &mut self,
        at: usize,
        open_name: Option<&str>,
        warnings: &mut FeedWarnings,
    ) -> Option<XmlToken<'a>> {
        let rest = &self.text[at..];
        self.rescanned_bytes += rest.len();
        if self.rescanned_bytes > MAX_RESCANNED_BYTES {
            warnings.warn_at(
                self.text,
                at,
                "the document has too many errors; the rest was skipped",
            );
            self.position = self.text.len();
            return None;
        }
        if let Some(content) = rest.strip_prefix(CDATA_START) {
            return Some(self.close_cdata(at, content, open_name, warnings));
        }
        let first = rest.chars().next()?;
        if first == '<' && !rest.contains('>') {
            warnings.warn_at(self.text, at, "the document ends inside a tag");
            self.position = self.text.len();
            return None;
        }
        warnings.warn_at(self.text, at, "invalid XML was read as text");
        let skipped_len = if rest.starts_with("<!") { 2 } else { first.len_utf8() };
        self.position = at + skipped_len;
        Some(XmlToken::Text(Cow::Borrowed(&rest[..skipped_len])))
    }

    /// Ends an unclosed CDATA section at the end tag of its element, or else at the end of the
    /// document.
    fn close_cdata(
        &mut self,
        at: usize,
        content: &'a str,
        open_name: Option<&str>,
        warnings: &mut FeedWarnings,
    ) -> XmlToken<'a> {
        let message = "a CDATA section has no end (]]>); it was closed with its element";
        warnings.warn_at(self.text, at, message);
        let end_tag = open_name.and_then(|name| content.find(&format!("</{name}")));
        let end = end_tag.unwrap_or(content.len());
        self.position = at + CDATA_START.len() + end;
        XmlToken::Cdata(&content[..end])
    }
}

/// Returns the tag, section, comment or the like at the `<` with which `rest` begins; `None` if it has no
/// end or is invalid.
fn read_markup(rest: &str) -> Option<&str> {
    let len = match rest.as_bytes().get(1)? {
        b'!' | b'?' => {
            let mut reader = Reader::from_str(rest);
            reader.read_event().ok()?;
            usize::try_from(reader.buffer_position()).ok()?
        }
        _ => ElementParser::default().feed(rest.as_bytes())? + 1,
    };
    rest.get(..len)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the tokens of `text`, one after the other in a short notation.
    fn tokens(text: &str) -> Vec<String> {
        let mut tokenizer = XmlTokenizer::new(text, 0);
        let mut warnings = FeedWarnings::default();
        let to_note = |token: XmlToken<'_>| match token {
            XmlToken::StartTag(tag) => format!("start {}", tag.raw),
            XmlToken::EndTag(name) => format!("end {name}"),
            XmlToken::Text(text) => format!("text {text}"),
            XmlToken::Cdata(text) => format!("cdata {text}"),
        };
        std::iter::from_fn(|| tokenizer.next_token(None, &mut warnings)).map(to_note).collect()
    }

    #[test]
    fn tokenizer_finds_the_ends_of_tags_and_sections() {
        let cases: [(&str, &[&str]); 9] = [
            ("", &[]),
            ("no tag", &["text no tag"]),
            ("a<b>c</b >d", &["text a", "start <b>", "text c", "end b", "text d"]),
            ("<b c='>\"' d=\"'>\"/>e", &["start <b c='>\"' d=\"'>\"/>", "text e"]),
            ("<!-- <a> --><?b >?><a>", &["start <a>"]),
            ("<![CDATA[<a>&amp;]]>]]>", &["cdata <a>&amp;", "text ]]>"]),
            ("&lt;a&amp;&x", &["text <", "text a", "text &", "text &x"]),
            ("1 < 2<a", &["text 1 ", "text <", "text  2"]),
            ("<a <b>c", &["start <a ", "start <b>", "text c"]),
        ];
        for (text, expected) in cases {
            assert_eq!(tokens(text), expected, "{text}");
        }
    }
}
