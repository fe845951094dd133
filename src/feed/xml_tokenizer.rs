//! The pieces of an XML document, however broken: what the XML reader cannot make sense of becomes text.

use std::borrow::Cow;

use quick_xml::{
    Reader,
    events::{Event, attributes::Attributes},
};

use super::warning::FeedWarnings;
use crate::text::{decode_entities, resolve_entity};

/// Bytes that may be looked at in vain, over a whole document: an end is searched for that is not there. What is that
/// broken is no feed any more, and reading on would take time in proportion to the square of its length.
const MAX_RESCANNED_BYTES: usize = 256 << 20;

/// One piece of a document.
#[derive(Debug)]
pub(super) enum XmlToken<'a> {
    /// A start tag; of an empty element, the end is not told apart.
    StartTag(XmlTag<'a>),
    /// An end tag, with the name in it.
    EndTag(&'a str),
    /// Characters, references resolved.
    Text(Cow<'a, str>),
    /// Characters in which nothing was to be resolved.
    Cdata(&'a str),
}

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct XmlTag<'a> {
    /// From `<` to `>`.
    pub(super) raw: &'a str,
    /// The name, with its prefix.
    pub(super) name: &'a str,
    /// Whether the element ends with its tag.
    pub(super) is_self_closing: bool,
}

impl<'a> XmlTag<'a> {
    /// The tag that `raw` is, from `<` to `>`.
    pub(super) fn parse(raw: &'a str) -> XmlTag<'a> {
        let empty = raw.ends_with("/>");
        let inside = raw.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
        let end = inside.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inside.len());
        XmlTag { raw, name: &inside[..end], is_self_closing: empty }
    }

    /// The attributes, names as written, values with references resolved. Values without quotes are understood.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> + use<'a> {
        let inside = self.raw.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/');
        let mut attributes = Attributes::html(inside, self.name.len());
        attributes.with_checks(false);
        attributes.filter_map(Result::ok).map(move |attribute| {
            let name = attribute.key.into_inner();
            (name, decode_attribute_value(attribute.value))
        })
    }

    /// The value of the attribute `name`, whatever the case of its letters and whatever its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let local = |written: &str| {
            written.rsplit(':').next().is_some_and(|local| local.eq_ignore_ascii_case(name))
        };
        let found = self.attributes().find(|(written, _)| local(written));
        found.map(|(_, value)| value.trim().to_owned()).filter(|value| !value.is_empty())
    }
}

/// Has no width and says nothing but how a text is encoded, which is known here.
const BYTE_ORDER_MARK: char = '\u{feff}';

fn decode_attribute_value(value: Cow<'_, str>) -> Cow<'_, str> {
    if !value.contains('&') {
        return value;
    }
    let mut out = String::with_capacity(value.len());
    decode_entities(&value, &mut out);
    Cow::Owned(out)
}

/// Reads a document piece by piece.
pub(super) struct XmlTokenizer<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    /// Where the present reader began.
    reader_start: usize,
    /// Bytes looked at in vain.
    rescanned_bytes: usize,
}

impl<'a> XmlTokenizer<'a> {
    /// Reads `text` from byte `from` on.
    pub(super) fn new(text: &'a str, from: usize) -> XmlTokenizer<'a> {
        let mut events = XmlTokenizer {
            text,
            reader: lenient_reader(""),
            reader_start: from,
            rescanned_bytes: 0,
        };
        events.restart_at(from);
        events
    }

    /// Bytes read so far.
    pub(super) fn position(&self) -> usize {
        let read = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        self.reader_start.saturating_add(read).min(self.text.len())
    }

    /// The next piece; `None` at the end. `open` is the name of the innermost open element, for repairs.
    pub(super) fn next_token(
        &mut self,
        open: Option<&str>,
        complaints: &mut FeedWarnings,
    ) -> Option<XmlToken<'a>> {
        loop {
            let at = self.position();
            if self.rescanned_bytes > MAX_RESCANNED_BYTES {
                return self.recover(at, open, complaints);
            }
            let event = self.reader.read_event();
            let raw = &self.text[at..self.position()];
            match event {
                Ok(Event::Start(_) | Event::Empty(_)) => {
                    return Some(self.read_start_tag(at, raw, complaints));
                }
                Ok(Event::End(_)) => {
                    return Some(XmlToken::EndTag(
                        raw.trim_start_matches("</").trim_end_matches('>').trim(),
                    ));
                }
                Ok(Event::Text(_)) => return Some(XmlToken::Text(Cow::Borrowed(raw))),
                Ok(Event::CData(_)) => {
                    let inside =
                        raw.strip_prefix("<![CDATA[").and_then(|raw| raw.strip_suffix("]]>"));
                    return Some(XmlToken::Cdata(inside.unwrap_or(raw)));
                }
                Ok(Event::GeneralRef(_)) => {
                    return Some(XmlToken::Text(self.resolve_reference(at, raw, complaints)));
                }
                Ok(Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_)) => {}
                Ok(Event::Eof) => return None,
                Err(_) => return self.recover(at, open, complaints),
            }
        }
    }

    /// A start tag, unless it is text that only begins like one; one with another `<` in it was never closed.
    fn read_start_tag(
        &mut self,
        at: usize,
        raw: &'a str,
        complaints: &mut FeedWarnings,
    ) -> XmlToken<'a> {
        if !raw[1..].starts_with(|c: char| c.is_alphabetic() || c == '_') {
            complaints.warn_at(self.text, at, "a < that begins no tag; it was read as text");
            self.restart_at(at + 1);
            return XmlToken::Text(Cow::Borrowed(&raw[..1]));
        }
        if let Some(next) = memchr::memchr(b'<', &raw.as_bytes()[1..]) {
            let (first, next) = (memchr::memchr(b'>', raw.as_bytes()), next + 1);
            let end = first.map_or(next, |first| next.min(first + 1));
            if end == next {
                complaints.warn_at(
                    self.text,
                    at,
                    "a tag without its >; it was read as if it had one",
                );
            }
            self.rescanned_bytes += raw.len() - end;
            self.restart_at(at + end);
            return XmlToken::StartTag(XmlTag::parse(&raw[..end]));
        }
        XmlToken::StartTag(XmlTag::parse(raw))
    }

    fn resolve_reference(
        &self,
        at: usize,
        raw: &'a str,
        complaints: &mut FeedWarnings,
    ) -> Cow<'a, str> {
        let name = raw.trim_start_matches('&').trim_end_matches(';');
        if !matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") && !name.starts_with('#') {
            complaints.warn_at(self.text, at, format!("XML does not know &{name};"));
        }
        resolve_entity(name).unwrap_or(Cow::Borrowed(raw))
    }

    /// Goes on after something that cannot be read.
    fn recover(
        &mut self,
        at: usize,
        open: Option<&str>,
        complaints: &mut FeedWarnings,
    ) -> Option<XmlToken<'a>> {
        let rest = &self.text[at..];
        self.rescanned_bytes += rest.len();
        if self.rescanned_bytes > MAX_RESCANNED_BYTES {
            complaints.warn_at(
                self.text,
                at,
                "the document is broken in too many places; the rest was left out",
            );
            self.restart_at(self.text.len());
            return None;
        }
        if let Some(inside) = rest.strip_prefix("<![CDATA[") {
            complaints.warn_at(
                self.text,
                at,
                "a CDATA section is never closed; it was ended with its element",
            );
            let end =
                open.and_then(|name| inside.find(&format!("</{name}"))).unwrap_or(inside.len());
            self.restart_at(at + "<![CDATA[".len() + end);
            return Some(XmlToken::Cdata(&inside[..end]));
        }
        let first = rest.chars().next()?;
        let step = if rest.starts_with("<!") { 2 } else { first.len_utf8() };
        let cut = rest.starts_with('<') && !rest.contains('>');
        if cut {
            complaints.warn_at(self.text, at, "the document ends in the middle of a tag");
            self.restart_at(self.text.len());
            return None;
        }
        complaints.warn_at(self.text, at, "something that is not XML; it was read as text");
        self.restart_at(at + step.min(rest.len()));
        Some(XmlToken::Text(Cow::Borrowed(&rest[..step.min(rest.len())])))
    }

    fn restart_at(&mut self, at: usize) {
        // The parser would take a byte order mark at its beginning for one, and not count it.
        let rest = self.text[at..].trim_start_matches(BYTE_ORDER_MARK);
        self.reader_start = self.text.len() - rest.len();
        self.reader = lenient_reader(rest);
    }
}

fn lenient_reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}
