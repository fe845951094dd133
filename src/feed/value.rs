//! A value while it is read, and what it is in the end: text or HTML.

use super::{
    events::Tag,
    names::{Name, Space},
    parsed::Rich,
    vocabulary::Field,
};
use crate::{
    markup::{escape, is_markup},
    text::{base64, boundary},
};

/// Bytes of one value; no article is longer, and what is pretends to be one.
const MAX_TEXT: usize = 6 << 20;

/// What the characters of a value are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nobody says: HTML if it looks like it, as RSS wants it.
    Guess,
    /// Text.
    Text,
    /// HTML, escaped.
    Html,
    /// XHTML, in place, in a `div` that is no part of it (RFC 4287 §3.1.1.3).
    Xhtml,
    /// Markup in place, all of it part of the value.
    Inline,
    /// Something in base64; whether it is HTML once decoded.
    Base64 { html: bool },
}

impl Kind {
    /// By the attributes of the element (RFC 4287 §3.1.1 and §4.1.3.3; Atom 0.3 §3.1 for `mode`).
    pub(super) fn of(field: Field, tag: &Tag<'_>, space: Space, atom: bool) -> Kind {
        if !field.takes_markup() {
            return Kind::Text;
        }
        if space == Space::Xhtml {
            return Kind::Inline;
        }
        let kind = tag.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let mode = tag.attribute("mode").unwrap_or_default().to_ascii_lowercase();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        let html = matches!(essence, "html" | "text/html");
        match (mode.as_str(), essence) {
            ("base64", _) => Kind::Base64 { html },
            (_, "xhtml") => Kind::Xhtml,
            (_, "application/xhtml+xml") | ("xml", "html" | "text/html") => Kind::Inline,
            (_, "html" | "text/html") => Kind::Html,
            ("escaped", _) => Kind::Guess,
            (_, "text" | "text/plain") if space == Space::Atom || atom => Kind::Text,
            (_, "") => {
                if space == Space::Atom || (atom && space == Space::Plain) {
                    Kind::Text
                } else {
                    Kind::Guess
                }
            }
            // RFC 4287 §4.1.3.3: any other media type but text and XML is base64.
            (_, essence)
                if essence.contains('/') && !essence.starts_with("text/") && !essence.ends_with("xml") =>
            {
                Kind::Base64 { html: false }
            }
            _ => Kind::Guess,
        }
    }
}

/// A value while it is read.
#[derive(Debug)]
pub(super) struct Collected {
    pub(super) field: Field,
    kind: Kind,
    text: String,
    /// Markup stands in it in place.
    naked: bool,
    /// How many elements are open within it, and whether the outermost is a wrapper that is no part of the value.
    open: usize,
    wrapped: bool,
}

impl Collected {
    /// An empty value, which grows in `buffer`: the same for all values, so that each costs one allocation.
    pub(super) fn new(field: Field, kind: Kind, buffer: String) -> Collected {
        Collected { field, kind, text: buffer, naked: false, open: 0, wrapped: false }
    }

    pub(super) fn push(&mut self, text: &str) {
        if self.text.len() >= MAX_TEXT {
            return;
        }
        let text = &text[..boundary(text, MAX_TEXT - self.text.len())];
        match self.kind {
            Kind::Xhtml | Kind::Inline => self.text.push_str(&escape(text)),
            _ => self.text.push_str(text),
        }
    }

    /// A start tag in place.
    pub(super) fn open(&mut self, tag: &Tag<'_>, local: &str) {
        let first = self.open == 0 && self.text.trim().is_empty();
        self.open += usize::from(!tag.empty);
        if first && !tag.empty && self.kind == Kind::Xhtml && local.eq_ignore_ascii_case("div") {
            self.wrapped = true;
            return;
        }
        self.naked = true;
        if self.kind == Kind::Text {
            self.kind = Kind::Guess;
        }
        self.text.push('<');
        self.text.push_str(local);
        push_without_spaces(&tag.raw[1 + tag.name.len()..], &mut self.text);
    }

    /// The end tag of an element in place.
    pub(super) fn close(&mut self, name: &str) {
        self.open = self.open.saturating_sub(1);
        if self.open == 0 && self.wrapped {
            self.wrapped = false;
            return;
        }
        let local = name.strip_prefix("xhtml:").or_else(|| name.strip_prefix("html:")).unwrap_or(name);
        self.text.push_str("</");
        self.text.push_str(local);
        self.text.push('>');
    }

    /// Whether an element of this name ends the value, which its writer forgot to do.
    pub(super) fn cannot_hold(&self, name: Name) -> bool {
        if matches!(self.kind, Kind::Xhtml | Kind::Inline) {
            return false;
        }
        match name {
            Name::Item | Name::Entry | Name::Guid | Name::PubDate | Name::Published | Name::Updated => true,
            Name::Link
            | Name::Description
            | Name::Encoded
            | Name::Author
            | Name::Category
            | Name::Title
            | Name::Id
            | Name::Creator => !matches!(self.field, Field::Summary(_) | Field::Content),
            _ => false,
        }
    }

    /// The characters.
    pub(super) fn text(&self) -> String {
        self.text.trim().to_owned()
    }

    /// The value as text or HTML.
    pub(super) fn rich(&self) -> Rich {
        let text = self.text.trim();
        match self.kind {
            Kind::Text => Rich::plain(text),
            Kind::Html | Kind::Xhtml | Kind::Inline => Rich::html(text),
            Kind::Guess => Rich { html: self.naked || is_markup(text), value: text.to_owned() },
            Kind::Base64 { html } => {
                let decoded = base64::decode(text).and_then(|bytes| String::from_utf8(bytes).ok());
                let value = decoded.as_deref().unwrap_or(text).trim();
                Rich { html: html || is_markup(value), value: value.to_owned() }
            }
        }
    }

    /// The buffer, for the next value.
    pub(super) fn into_buffer(mut self) -> String {
        self.text.clear();
        self.text
    }
}

/// What follows the name in a tag, without declarations of namespaces: HTML has none.
fn push_without_spaces(rest: &str, out: &mut String) {
    let mut rest = rest;
    while let Some(at) = rest.find(" xmlns") {
        let declared = &rest[at + 1..];
        let value = declared.find(['"', '\'']).map(|open| (open, declared.as_bytes()[open]));
        let close =
            value.and_then(|(open, quote)| Some(open + 2 + declared[open + 1..].find(char::from(quote))?));
        out.push_str(&rest[..at]);
        rest = close.map_or(declared, |close| &declared[close..]);
    }
    out.push_str(rest);
}
