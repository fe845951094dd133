//! Tags in raw HTML, found without a parser, and what each element means to a reader.

use crate::markup::{EmbedKind, Emphasis, builder::CellKind};

/// A tag as it stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HtmlTag<'a> {
    /// Whether it ends an element.
    pub(super) closing: bool,
    pub(super) name: &'a str,
    pub(super) attributes: &'a str,
    /// What is in it, raw, of elements that are cut out.
    pub(super) content: &'a str,
    /// Where it begins.
    pub(super) start: usize,
    /// Where the text behind it begins; behind the content of elements that are cut out.
    pub(super) end: usize,
    kind: TagKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TagKind {
    Element,
    /// An element with nothing for a reader, cut out as a whole.
    Removed,
}

impl<'a> HtmlTag<'a> {
    /// The same tag under `name`, which differs in case.
    pub(super) fn with_name(self, name: &'a str) -> HtmlTag<'a> {
        HtmlTag { name, ..self }
    }

    fn declaration(start: usize, end: usize) -> HtmlTag<'a> {
        HtmlTag {
            closing: false,
            name: "",
            attributes: "",
            content: "",
            start,
            end,
            kind: TagKind::Removed,
        }
    }

    /// Whether it is part of what is read, not something cut out.
    pub(super) fn is_element(&self) -> bool {
        self.kind == TagKind::Element
    }
}

/// All tags of `text` in order, comments left out, in time linear in its length.
pub(super) fn tokenize_tags(text: &str) -> impl Iterator<Item = HtmlTag<'_>> {
    let mut at = 0;
    let mut unended: Vec<String> = Vec::new();
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('<')?;
            let rest = &text[start + 1..];
            let inner = rest.strip_prefix('/').unwrap_or(rest);
            if let Some(length) = declaration_length(rest) {
                at = start + 1 + length;
                return Some(HtmlTag::declaration(start, at));
            }
            if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
                at = start + 1;
                continue;
            }
            let tag = read_tag(text, start, &mut unended);
            at = tag.end;
            return Some(tag);
        }
    })
}

fn read_tag<'a>(text: &'a str, start: usize, unended: &mut Vec<String>) -> HtmlTag<'a> {
    let closing = text[start + 1..].starts_with('/');
    let inner = &text[start + 1 + usize::from(closing)..];
    let name_end = inner.find([' ', '\t', '\n', '\r', '\u{c}', '/', '>']).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(name_end);
    let length = attributes_length(rest);
    let end = text.len() - rest.len() + (length + 1).min(rest.len());
    let tag = HtmlTag {
        closing,
        name,
        attributes: &rest[..length],
        content: "",
        start,
        end,
        kind: TagKind::Element,
    };
    match ContentModel::of_element(name) {
        ContentModel::Markup => tag,
        _ if closing => HtmlTag { kind: TagKind::Removed, ..tag },
        content => {
            let inner = &text[end..end + removed_length(&text[end..], name, content, unended)];
            let content = inner.rsplit_once("</").map_or("", |(content, _)| content);
            HtmlTag { kind: TagKind::Removed, content, end: end + inner.len(), ..tag }
        }
    }
}

/// How what is in an element is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ContentModel {
    /// As markup for a reader.
    Markup,
    /// As raw text up to its end tag, or to the end of the text.
    RawText,
    /// As markup for others, in which the element may occur again.
    Foreign,
}

impl ContentModel {
    fn of_element(name: &str) -> ContentModel {
        let is = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
        if is(&["script", "style", "textarea", "xmp", "iframe", "noembed", "noframes"]) {
            ContentModel::RawText
        } else if is(&["svg", "math", "template", "noscript", "select", "title"]) {
            ContentModel::Foreign
        } else {
            ContentModel::Markup
        }
    }
}

/// The length of what is in an element up to and with its end tag. A foreign one without an end takes nothing, and is
/// not searched for again.
fn removed_length(
    rest: &str,
    name: &str,
    content: ContentModel,
    unended: &mut Vec<String>,
) -> usize {
    if unended.iter().any(|other| other.eq_ignore_ascii_case(name)) {
        return 0;
    }
    let mut depth = 1_usize;
    for (at, _) in rest.match_indices('<') {
        let tag = &rest.as_bytes()[at + 1..];
        let (closing, tag) = tag.strip_prefix(b"/").map_or((false, tag), |tag| (true, tag));
        if !has_tag_name(tag, name) {
            continue;
        }
        match (closing, content) {
            (true, _) => depth -= 1,
            (false, ContentModel::Foreign) => depth += 1,
            (false, _) => {}
        }
        if depth == 0 {
            return rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        }
    }
    if content == ContentModel::RawText {
        return rest.len();
    }
    unended.push(name.to_owned());
    0
}

fn has_tag_name(tag: &[u8], name: &str) -> bool {
    let ends = |byte: Option<&u8>| {
        byte.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
    };
    tag.len() >= name.len()
        && tag[..name.len()].eq_ignore_ascii_case(name.as_bytes())
        && ends(tag.get(name.len()))
}

/// Up to the `>` that is not within a quoted value.
fn attributes_length(rest: &str) -> usize {
    let (mut quote, mut valued) = (None, false);
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') if valued => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
        valued = byte == b'=' || (valued && byte.is_ascii_whitespace());
    }
    rest.len()
}

/// What of `rest` a comment or declaration takes; the rest of the text if it does not end.
fn declaration_length(rest: &str) -> Option<usize> {
    let (start, mark) = if rest.starts_with("!-->") {
        (0, ">")
    } else if rest.starts_with("!--") {
        ("!--".len(), "-->")
    } else if rest.starts_with(['!', '?']) {
        (0, ">")
    } else {
        return None;
    };
    Some(rest[start..].find(mark).map_or(rest.len(), |end| start + end + mark.len()))
}

/// The attributes of a tag; their values as they stand in the source, without the quotes.
pub(super) fn parse_attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}', '/', '=']);
        let name_end = rest.find([' ', '\t', '\n', '\r', '\u{c}', '/', '=']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_end);
        rest = after;
        let Some(value) = after.trim_start().strip_prefix('=') else {
            return (!name.is_empty()).then_some((name, ""));
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => {
                value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))
            }
        };
        rest = after;
        (!name.is_empty()).then_some((name, value))
    })
}

/// What an element means to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ElementRole {
    /// Nothing: it and what is in it are left out.
    Ignored,
    /// A stretch of text of its own.
    Block,
    /// The same, stressed.
    EmphasizedBlock(Emphasis),
    Heading(u8),
    Caption,
    /// What a term means.
    Definition,
    Quote,
    UnorderedList,
    OrderedList,
    ListItem,
    Table,
    TableRow,
    TableCell(CellKind),
    Preformatted,
    Rule,
    LineBreak,
    Image,
    Link,
    Emphasis(Emphasis),
    /// Words between quotation marks.
    InlineQuote,
    /// How the characters before it are read.
    RubyText,
    /// Something of another site; what is in it is for programs that cannot show it.
    Embed(EmbedKind),
    Superscript,
    Subscript,
    /// Nothing of its own; what is in it counts.
    Inline,
}

/// What the element called `name`, in lower case, means.
pub(super) fn element_role(name: &str) -> ElementRole {
    match name {
        "head" | "title" | "nav" | "input" | "button" | "datalist" | "applet" | "canvas"
        | "map" | "rp" | "progress" | "meter" => ElementRole::Ignored,
        "embed" | "object" => ElementRole::Embed(EmbedKind::Other),
        "video" => ElementRole::Embed(EmbedKind::Video),
        "audio" => ElementRole::Embed(EmbedKind::Audio),
        "p" | "div" | "section" | "article" | "main" | "header" | "footer" | "aside"
        | "address" | "figure" | "form" | "fieldset" | "details" | "center" | "hgroup" | "dl"
        | "body" | "html" | "legend" | "dialog" => ElementRole::Block,
        "dt" | "summary" | "caption" => ElementRole::EmphasizedBlock(Emphasis::STRONG),
        "dd" => ElementRole::Definition,
        "figcaption" => ElementRole::Caption,
        "h1" => ElementRole::Heading(1),
        "h2" => ElementRole::Heading(2),
        "h3" => ElementRole::Heading(3),
        "h4" => ElementRole::Heading(4),
        "h5" => ElementRole::Heading(5),
        "h6" => ElementRole::Heading(6),
        "blockquote" => ElementRole::Quote,
        "ul" | "menu" | "dir" => ElementRole::UnorderedList,
        "ol" => ElementRole::OrderedList,
        "li" => ElementRole::ListItem,
        "table" => ElementRole::Table,
        "tr" => ElementRole::TableRow,
        "td" => ElementRole::TableCell(CellKind::Data),
        "th" => ElementRole::TableCell(CellKind::Header),
        "pre" | "listing" => ElementRole::Preformatted,
        "hr" => ElementRole::Rule,
        "br" => ElementRole::LineBreak,
        "img" => ElementRole::Image,
        "a" => ElementRole::Link,
        "b" | "strong" => ElementRole::Emphasis(Emphasis::STRONG),
        "i" | "em" | "cite" | "var" | "dfn" => ElementRole::Emphasis(Emphasis::EMPHASIZED),
        "code" | "kbd" | "samp" | "tt" => ElementRole::Emphasis(Emphasis::CODE),
        "s" | "strike" | "del" => ElementRole::Emphasis(Emphasis::STRIKETHROUGH),
        "q" => ElementRole::InlineQuote,
        "rt" => ElementRole::RubyText,
        "sup" => ElementRole::Superscript,
        "sub" => ElementRole::Subscript,
        _ => ElementRole::Inline,
    }
}
