//! The builder of one value of a feed document: collects its characters and decides between plain
//! text and HTML.

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

/// Maximum length of one value in bytes; the rest is dropped. No real article is longer.
const MAX_VALUE_BYTES: usize = 6 << 20;

/// The encoding of the characters of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextConstructType {
    /// Not declared: HTML if it contains markup, as is usual in RSS.
    Unspecified,
    /// Plain text.
    Text,
    /// Escaped HTML.
    Html,
    /// Inline XHTML inside a wrapper `div` that is not part of the value (RFC 4287 §3.1.1.3).
    Xhtml,
    /// Inline markup; all of it is part of the value.
    InlineMarkup,
    /// Base64; `html` is true if the decoded value is declared as HTML.
    Base64 { html: bool },
}

impl TextConstructType {
    /// Reads the type from the attributes of the element (RFC 4287 §3.1.1 and §4.1.3.3; Atom 0.3
    /// §3.1 for `mode`). `is_atom` is true if the document is Atom.
    pub(super) fn from_attributes(
        field: FeedField,
        tag: &XmlTag<'_>,
        namespace: Namespace,
        is_atom: bool,
    ) -> TextConstructType {
        if !field.allows_markup() {
            return TextConstructType::Text;
        }
        if namespace == Namespace::Xhtml {
            return TextConstructType::InlineMarkup;
        }
        let type_attribute = tag.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let mode = tag.attribute("mode").unwrap_or_default().to_ascii_lowercase();
        let essence = type_attribute.split(';').next().unwrap_or_default().trim();
        match (mode.as_str(), essence) {
            ("base64", _) => {
                TextConstructType::Base64 { html: matches!(essence, "html" | "text/html") }
            }
            (_, "xhtml") => TextConstructType::Xhtml,
            (_, "application/xhtml+xml") | ("xml", "html" | "text/html") => {
                TextConstructType::InlineMarkup
            }
            (_, "html" | "text/html") => TextConstructType::Html,
            ("escaped", _) => TextConstructType::Unspecified,
            (_, "text" | "text/plain") if namespace == Namespace::Atom || is_atom => {
                TextConstructType::Text
            }
            (_, "") => {
                if namespace == Namespace::Atom || (is_atom && namespace == Namespace::Plain) {
                    TextConstructType::Text
                } else {
                    TextConstructType::Unspecified
                }
            }
            // RFC 4287 §4.1.3.3: every media type except text and XML is base64.
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

/// A value under construction.
#[derive(Debug)]
pub(super) struct TextConstructBuilder {
    pub(super) field: FeedField,
    construct_type: TextConstructType,
    text: String,
    /// True once the value contains inline markup.
    has_inline_markup: bool,
    /// Number of elements open inside the value.
    open_elements: usize,
    /// True if the outermost open element is the wrapper `div`, which is not part of the value.
    in_wrapper_div: bool,
}

impl TextConstructBuilder {
    /// Creates an empty value that grows in `buffer`. The caller reuses buffers, so that a value
    /// costs one allocation.
    pub(super) fn new(
        field: FeedField,
        construct_type: TextConstructType,
        buffer: String,
    ) -> TextConstructBuilder {
        TextConstructBuilder {
            field,
            construct_type,
            text: buffer,
            has_inline_markup: false,
            open_elements: 0,
            in_wrapper_div: false,
        }
    }

    /// Appends characters; in inline markup they are escaped again.
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

    /// Appends an inline start tag under the name `local`.
    pub(super) fn open_tag(&mut self, tag: &XmlTag<'_>, local: &str) {
        let is_first = self.open_elements == 0 && self.text.trim().is_empty();
        self.open_elements += usize::from(!tag.is_self_closing);
        if is_first
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

    /// Appends an inline end tag.
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

    /// Returns true if an element `name` cannot be inside the value: the end tag of the value is
    /// missing.
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

    /// Returns the characters without white space at both ends.
    pub(super) fn to_trimmed_text(&self) -> String {
        self.text.trim().to_owned()
    }

    /// Returns the value as plain text or HTML.
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

    /// Returns the emptied buffer for the next value.
    pub(super) fn into_buffer(mut self) -> String {
        self.text.clear();
        self.text
    }
}

/// Appends the attributes of a tag without namespace declarations, which HTML does not have.
fn push_without_xmlns(attributes: &str, out: &mut String) {
    let mut rest = attributes;
    while let Some(at) = rest.find(" xmlns") {
        out.push_str(&rest[..at]);
        let declaration = &rest[at + 1..];
        let end = find_quoted_value_end(declaration);
        rest = end.map_or(declaration, |end| &declaration[end..]);
    }
    out.push_str(rest);
}

/// Returns the byte offset after the first quoted value of `attribute`.
fn find_quoted_value_end(attribute: &str) -> Option<usize> {
    let open = attribute.find(['"', '\''])?;
    let quote = char::from(attribute.as_bytes()[open]);
    let value_len = attribute[open + 1..].find(quote)?;
    Some(open + 1 + value_len + 1)
}
