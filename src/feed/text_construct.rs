//! The builder of one value of a feed document: collects its characters and decides between plain
//! text and HTML.

use super::{
    elements::FeedField,
    feed_document::TextConstruct,
    namespaces::{ElementName, Namespace},
    title_markup,
    xml_tokenizer::XmlTag,
};
use crate::{
    markup::{contains_markup, escape_html},
    text::{base64, decode_entities, floor_char_boundary},
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
    /// True once the wrapper `div` was opened.
    had_wrapper_div: bool,
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
            had_wrapper_div: false,
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

    /// Appends an inline start tag under the name `local`, so that HTML reads what XML means: an
    /// empty-element tag gets an end tag, unless HTML has none for the element.
    pub(super) fn open_tag(&mut self, tag: &XmlTag<'_>, local: &str) {
        let is_first = self.open_elements == 0 && self.text.trim().is_empty();
        self.open_elements += usize::from(!tag.is_self_closing);
        if is_first
            && !tag.is_self_closing
            && self.construct_type == TextConstructType::Xhtml
            && local.eq_ignore_ascii_case("div")
        {
            self.in_wrapper_div = true;
            self.had_wrapper_div = true;
            return;
        }
        self.has_inline_markup = true;
        if self.construct_type == TextConstructType::Text {
            self.construct_type = TextConstructType::Unspecified;
        }
        let attributes = tag.raw[1 + tag.name.len()..].trim_end_matches('>');
        let needs_end_tag =
            tag.is_self_closing && !is_void_element(local) && !ends_in_unquoted_value(attributes);
        let attributes = if needs_end_tag {
            attributes.trim_end_matches(|c: char| c == '/' || c.is_whitespace())
        } else {
            attributes
        };
        self.text.extend(["<", local]);
        push_without_xmlns(attributes, &mut self.text);
        self.text.push('>');
        if needs_end_tag {
            self.text.extend(["</", local, ">"]);
        }
    }

    /// Appends the inline end tag of the innermost element; `is_written` is false if the document
    /// does not have it.
    pub(super) fn close_tag(&mut self, local: &str, is_written: bool) {
        self.open_elements = self.open_elements.saturating_sub(1);
        if self.open_elements == 0 && self.in_wrapper_div {
            self.in_wrapper_div = false;
            return;
        }
        if is_written && !is_void_element(local) {
            self.text.extend(["</", local, ">"]);
        }
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

    /// Returns the length of the value in bytes.
    pub(super) fn len(&self) -> usize {
        self.text.len()
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
            TextConstructType::Html => TextConstruct::html(text),
            TextConstructType::Xhtml | TextConstructType::InlineMarkup => {
                TextConstruct::html(self.escaped_html().unwrap_or_else(|| text.to_owned()))
            }
            TextConstructType::Unspecified
                if matches!(self.field, FeedField::Title(_)) && !self.has_inline_markup =>
            {
                let escaped = title_markup::escape_subject_tags(text);
                let value = escaped.unwrap_or_else(|| text.to_owned());
                TextConstruct { is_html: contains_markup(&value), value }
            }
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

    /// Returns the HTML of a value that is declared as inline markup and is escaped HTML instead;
    /// `None` if there is an element in it, or no markup at all.
    fn escaped_html(&self) -> Option<String> {
        if self.has_inline_markup || self.had_wrapper_div || !self.text.contains("&lt;") {
            return None;
        }
        let mut html = String::with_capacity(self.text.len());
        decode_entities(self.text.trim(), &mut html);
        Some(html).filter(|html| contains_markup(html))
    }

    /// Returns the emptied buffer for the next value.
    pub(super) fn into_buffer(mut self) -> String {
        self.text.clear();
        self.text
    }
}

/// Returns true for elements that have no end tag in HTML (HTML standard §13.1.2), the obsolete
/// ones included.
fn is_void_element(name: &str) -> bool {
    const VOID_ELEMENTS: [&str; 18] = [
        "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
        "keygen", "link", "meta", "param", "source", "track", "wbr",
    ];
    VOID_ELEMENTS.iter().any(|void| void.eq_ignore_ascii_case(name))
}

/// Returns true if the `/` at the end of `attributes` belongs to a value without quotes, as in
/// `<a href=https://example.org/>`.
fn ends_in_unquoted_value(attributes: &str) -> bool {
    let Some(before) = attributes.strip_suffix('/') else { return false };
    let last_word = before.rsplit(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
    last_word.contains('=') && !last_word.ends_with(['"', '\''])
}

/// Appends the attributes of a tag without namespace declarations, which HTML does not have. One
/// without quotes stays, with all that follows.
fn push_without_xmlns(attributes: &str, out: &mut String) {
    let mut rest = attributes;
    while let Some(at) = rest.find(" xmlns") {
        out.push_str(&rest[..at]);
        let declaration = &rest[at + 1..];
        let Some(end) = find_quoted_value_end(declaration) else {
            // Looking for the quotes of each of many declarations would take quadratic time.
            out.push_str(&rest[at..]);
            return;
        };
        rest = &declaration[end..];
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{
        feed::{self, ParseHints},
        markup::parse_html,
    };

    /// Returns the content of an Atom entry as it is stored.
    fn stored_content(content: &str) -> String {
        let document = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:h='http://www.w3.org/1999/xhtml'>\
             <entry><title>t</title>{content}</entry></feed>"
        );
        let hints = ParseHints { content_type: None, location: None };
        let feed = feed::parse(document.as_bytes(), hints).expect("it is a feed");
        feed.entries[0].longest_text().value.clone()
    }

    fn stored_xhtml(content: &str) -> String {
        stored_content(&format!("<content type='xhtml'>{content}</content>"))
    }

    #[test]
    fn xhtml_keeps_the_meaning_of_xml() {
        let cases = [
            ("<div xmlns='http://www.w3.org/1999/xhtml'>a <b>b</b></div>", "a <b>b</b>"),
            ("<h:div>a<h:p class='x'>b</h:p><h:br/>c</h:div>", "a<p class='x'>b</p><br/>c"),
            ("<z:div xmlns:z='http://www.w3.org/1999/xhtml'><z:i/>a</z:div>", "<i></i>a"),
            ("<html:div><html:b>a</html:b></html:div>", "<b>a</b>"),
            ("<div><a name='x'/>a<i />b<div/>c</div>", "<a name='x'></a>a<i></i>b<div></div>c"),
            (
                "<div><iframe src='/v'/>a<script src='s'/>b<textarea/>c<title/>d</div>",
                "<iframe src='/v'></iframe>a<script src='s'></script>b<textarea></textarea>c<title></title>d",
            ),
            ("<div>a<br></br>b<img src='i'></img>c</div>", "a<br>b<img src='i'>c"),
            ("<div>a &lt;p&gt; b &amp;amp; c</div>", "a &lt;p&gt; b &amp;amp; c"),
            (
                "<div><m:math xmlns:m='M'><m:mi>x</m:mi></m:math></div>",
                "<math><m:mi>x</m:mi></math>",
            ),
            ("<p>no</p><p>wrapper</p>", "<p>no</p><p>wrapper</p>"),
            ("<div><a href=https://example.org/>a</a></div>", "<a href=https://example.org/>a"),
            ("<div><b xmlns='u' id=i xmlns=u>a</b></div>", "<b id=i xmlns=u>a</b>"),
        ];
        for (content, expected) in cases {
            assert_eq!(stored_xhtml(content), expected, "{content}");
        }
    }

    #[test]
    fn xhtml_that_is_escaped_html_is_read_as_html() {
        let cases = [
            ("&lt;p&gt;a &lt;b&gt;b&lt;/b&gt;&lt;/p&gt;", "<p>a <b>b</b></p>"),
            ("<![CDATA[<p>a&nbsp;b</p>]]>", "<p>a&nbsp;b</p>"),
            ("a &lt; b", "a &lt; b"),
            ("<div>&lt;p&gt; opens a paragraph</div>", "&lt;p&gt; opens a paragraph"),
        ];
        for (content, expected) in cases {
            assert_eq!(stored_xhtml(content), expected, "{content}");
        }
        let labelled = "<content type='application/xhtml+xml'>&lt;p&gt;a&lt;/p&gt;</content>";
        assert_eq!(stored_content(labelled), "<p>a</p>");
    }

    /// XHTML in one of its spellings, the HTML that it means, and its words.
    #[derive(Debug, Clone)]
    struct Spelling {
        xhtml: String,
        html: String,
        words: String,
    }

    fn empty_element() -> impl Strategy<Value = Spelling> {
        let names = prop::sample::select(vec![
            "iframe", "script", "style", "video", "textarea", "title", "i", "a", "b", "div", "nav",
            "svg", "select", "button", "object", "br", "hr", "img", "wbr",
        ]);
        (names, 0..4).prop_map(|(name, spelling)| {
            let is_void = super::is_void_element(name);
            let xhtml = match spelling {
                0 => format!("<{name}/>"),
                1 => format!("<h:{name} />"),
                2 => format!("<{name}></{name}>"),
                _ => format!("<h:{name}></h:{name}>"),
            };
            let html = if is_void { format!("<{name}>") } else { format!("<{name}></{name}>") };
            Spelling { xhtml, html, words: String::new() }
        })
    }

    fn spelling() -> impl Strategy<Value = Spelling> {
        let word = "[a-z]{3}".prop_map(|word| Spelling {
            xhtml: format!(" {word} "),
            html: format!(" {word} "),
            words: format!("{word} "),
        });
        prop_oneof![word, empty_element()].prop_recursive(4, 32, 5, |inner| {
            let names = prop::sample::select(vec!["div", "section", "span", "b", "blockquote"]);
            (names, any::<bool>(), prop::collection::vec(inner, 0..5)).prop_map(
                |(name, prefixed, inner)| {
                    let prefix = if prefixed { "h:" } else { "" };
                    let join = |part: fn(&Spelling) -> &str| -> String {
                        inner.iter().map(part).collect()
                    };
                    let (xhtml, html) = (join(|part| &part.xhtml), join(|part| &part.html));
                    Spelling {
                        xhtml: format!("<{prefix}{name}>{xhtml}</{prefix}{name}>"),
                        html: format!("<{name}>{html}</{name}>"),
                        words: join(|part| &part.words),
                    }
                },
            )
        })
    }

    proptest! {
        #[test]
        fn xhtml_is_stored_as_html_of_the_same_tree(parts in prop::collection::vec(spelling(), 1..5)) {
            let join = |part: fn(&Spelling) -> &str| -> String { parts.iter().map(part).collect() };
            // A construct that shows nothing is not stored, so each begins with a word.
            let content = format!("first {}", join(|part| &part.xhtml));
            let stored = stored_xhtml(&format!("<div>{content}</div>"));
            let html = stored.replace(" />", ">").replace("/>", ">");
            let meant = format!("first {}", join(|part| &part.html));
            prop_assert_eq!(html.as_str(), meant.trim());
            let shown = parse_html(&stored, None).plain_text();
            let shown = shown.replace("* * *", "").replace('\u{200b}', "");
            let expected = format!("first {}", join(|part| &part.words));
            let words: Vec<&str> = expected.split_whitespace().collect();
            prop_assert_eq!(shown.split_whitespace().collect::<Vec<_>>(), words);
        }
    }
}
