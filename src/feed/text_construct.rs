//! A value while it is read, and what it is in the end: text or HTML.

use super::{
    elements::FeedField,
    feed_document::TextConstruct,
    namespaces::{ElementName, Namespace},
    xml_tokenizer::XmlTag,
};
use crate::{
    markup::{contains_markup, escape_html},
    text::{base64, floor_char_boundary},
};

/// Bytes of one value; no article is longer, and what is pretends to be one.
const MAX_VALUE_BYTES: usize = 6 << 20;

/// What the characters of a value are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextConstructType {
    /// Nobody says: HTML if it looks like it, as RSS wants it.
    Unspecified,
    /// Text.
    Text,
    /// HTML, escaped.
    Html,
    /// XHTML, in place, in a `div` that is no part of it (RFC 4287 §3.1.1.3).
    Xhtml,
    /// Markup in place, all of it part of the value.
    InlineMarkup,
    /// Something in base64; whether it is HTML once decoded.
    Base64 { html: bool },
}

impl TextConstructType {
    /// By the attributes of the element (RFC 4287 §3.1.1 and §4.1.3.3; Atom 0.3 §3.1 for `mode`).
    pub(super) fn from_attributes(
        field: FeedField,
        tag: &XmlTag<'_>,
        space: Namespace,
        atom: bool,
    ) -> TextConstructType {
        if !field.allows_markup() {
            return TextConstructType::Text;
        }
        if space == Namespace::Xhtml {
            return TextConstructType::InlineMarkup;
        }
        let kind = tag.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let mode = tag.attribute("mode").unwrap_or_default().to_ascii_lowercase();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        let html = matches!(essence, "html" | "text/html");
        match (mode.as_str(), essence) {
            ("base64", _) => TextConstructType::Base64 { html },
            (_, "xhtml") => TextConstructType::Xhtml,
            (_, "application/xhtml+xml") | ("xml", "html" | "text/html") => {
                TextConstructType::InlineMarkup
            }
            (_, "html" | "text/html") => TextConstructType::Html,
            ("escaped", _) => TextConstructType::Unspecified,
            (_, "text" | "text/plain") if space == Namespace::Atom || atom => {
                TextConstructType::Text
            }
            (_, "") => {
                if space == Namespace::Atom || (atom && space == Namespace::Plain) {
                    TextConstructType::Text
                } else {
                    TextConstructType::Unspecified
                }
            }
            // RFC 4287 §4.1.3.3: any other media type but text and XML is base64.
            (_, essence)
                if essence.contains('/')
                    && !essence.starts_with("text/")
                    && !essence.ends_with("xml") =>
            {
                TextConstructType::Base64 { html: false }
            }
            _ => TextConstructType::Unspecified,
        }
    }
}

/// A value while it is read.
#[derive(Debug)]
pub(super) struct TextConstructBuilder {
    pub(super) field: FeedField,
    construct_type: TextConstructType,
    text: String,
    /// Markup stands in it in place.
    has_inline_markup: bool,
    /// How many elements are open within it, and whether the outermost is a wrapper that is no part of the value.
    open_elements: usize,
    in_wrapper_div: bool,
}

impl TextConstructBuilder {
    /// An empty value, which grows in `buffer`: the same for all values, so that each costs one allocation.
    pub(super) fn new(
        field: FeedField,
        kind: TextConstructType,
        buffer: String,
    ) -> TextConstructBuilder {
        TextConstructBuilder {
            field,
            construct_type: kind,
            text: buffer,
            has_inline_markup: false,
            open_elements: 0,
            in_wrapper_div: false,
        }
    }

    pub(super) fn push_text(&mut self, text: &str) {
        if self.text.len() >= MAX_VALUE_BYTES {
            return;
        }
        let text = &text[..floor_char_boundary(text, MAX_VALUE_BYTES - self.text.len())];
        match self.construct_type {
            TextConstructType::Xhtml | TextConstructType::InlineMarkup => {
                self.text.push_str(&escape_html(text));
            }
            _ => self.text.push_str(text),
        }
    }

    /// A start tag in place.
    pub(super) fn open_tag(&mut self, tag: &XmlTag<'_>, local: &str) {
        let first = self.open_elements == 0 && self.text.trim().is_empty();
        self.open_elements += usize::from(!tag.is_self_closing);
        if first
            && !tag.is_self_closing
            && self.construct_type == TextConstructType::Xhtml
            && local.eq_ignore_ascii_case("div")
        {
            self.in_wrapper_div = true;
            return;
        }
        self.has_inline_markup = true;
        if self.construct_type == TextConstructType::Text {
            self.construct_type = TextConstructType::Unspecified;
        }
        self.text.push('<');
        self.text.push_str(local);
        push_without_xmlns(&tag.raw[1 + tag.name.len()..], &mut self.text);
    }

    /// The end tag of an element in place.
    pub(super) fn close_tag(&mut self, name: &str) {
        self.open_elements = self.open_elements.saturating_sub(1);
        if self.open_elements == 0 && self.in_wrapper_div {
            self.in_wrapper_div = false;
            return;
        }
        let local =
            name.strip_prefix("xhtml:").or_else(|| name.strip_prefix("html:")).unwrap_or(name);
        self.text.push_str("</");
        self.text.push_str(local);
        self.text.push('>');
    }

    /// Whether an element of this name ends the value, which its writer forgot to do.
    pub(super) fn is_ended_by(&self, name: ElementName) -> bool {
        if matches!(self.construct_type, TextConstructType::Xhtml | TextConstructType::InlineMarkup)
        {
            return false;
        }
        match name {
            ElementName::Item
            | ElementName::Entry
            | ElementName::Guid
            | ElementName::PubDate
            | ElementName::Published
            | ElementName::Updated => true,
            ElementName::Link
            | ElementName::Description
            | ElementName::Encoded
            | ElementName::Author
            | ElementName::Category
            | ElementName::Title
            | ElementName::Id
            | ElementName::Creator => {
                !matches!(self.field, FeedField::Summary(_) | FeedField::Content)
            }
            _ => false,
        }
    }

    /// The characters.
    pub(super) fn to_trimmed_text(&self) -> String {
        self.text.trim().to_owned()
    }

    /// The value as text or HTML.
    pub(super) fn to_text_construct(&self) -> TextConstruct {
        let text = self.text.trim();
        match self.construct_type {
            TextConstructType::Text => TextConstruct::plain(text),
            TextConstructType::Html
            | TextConstructType::Xhtml
            | TextConstructType::InlineMarkup => TextConstruct::html(text),
            TextConstructType::Unspecified => TextConstruct {
                is_html: self.has_inline_markup || contains_markup(text),
                value: text.to_owned(),
            },
            TextConstructType::Base64 { html } => {
                let decoded = base64::decode(text).and_then(|bytes| String::from_utf8(bytes).ok());
                let value = decoded.as_deref().unwrap_or(text).trim();
                TextConstruct { is_html: html || contains_markup(value), value: value.to_owned() }
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
fn push_without_xmlns(rest: &str, out: &mut String) {
    let mut rest = rest;
    while let Some(at) = rest.find(" xmlns") {
        let declared = &rest[at + 1..];
        let value = declared.find(['"', '\'']).map(|open| (open, declared.as_bytes()[open]));
        let close = value.and_then(|(open, quote)| {
            Some(open + 2 + declared[open + 1..].find(char::from(quote))?)
        });
        out.push_str(&rest[..at]);
        rest = close.map_or(declared, |close| &declared[close..]);
    }
    out.push_str(rest);
}
