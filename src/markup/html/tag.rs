//! Tags in raw HTML, found without a parser, and what each element means to a reader.

use crate::markup::{Embedded, Emphasis, build::CellKind};

/// A tag as it stands in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TagText<'a> {
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
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Element,
    /// An element with nothing for a reader, cut out as a whole.
    CutOut,
}

impl<'a> TagText<'a> {
    /// The same tag under `name`, which differs in case.
    pub(super) fn called(self, name: &'a str) -> TagText<'a> {
        TagText { name, ..self }
    }

    fn declaration(start: usize, end: usize) -> TagText<'a> {
        TagText { closing: false, name: "", attributes: "", content: "", start, end, kind: Kind::CutOut }
    }

    /// Whether it is part of what is read, not something cut out.
    pub(super) fn is_element(&self) -> bool {
        self.kind == Kind::Element
    }
}

/// All tags of `text` in order, comments left out, in time linear in its length.
pub(super) fn tags(text: &str) -> impl Iterator<Item = TagText<'_>> {
    let mut at = 0;
    let mut unended: Vec<String> = Vec::new();
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('<')?;
            let rest = &text[start + 1..];
            let inner = rest.strip_prefix('/').unwrap_or(rest);
            if let Some(length) = declaration_length(rest) {
                at = start + 1 + length;
                return Some(TagText::declaration(start, at));
            }
            if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
                at = start + 1;
                continue;
            }
            let tag = read(text, start, &mut unended);
            at = tag.end;
            return Some(tag);
        }
    })
}

fn read<'a>(text: &'a str, start: usize, unended: &mut Vec<String>) -> TagText<'a> {
    let closing = text[start + 1..].starts_with('/');
    let inner = &text[start + 1 + usize::from(closing)..];
    let name_end = inner.find([' ', '\t', '\n', '\r', '\u{c}', '/', '>']).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(name_end);
    let length = attributes_length(rest);
    let end = text.len() - rest.len() + (length + 1).min(rest.len());
    let tag =
        TagText { closing, name, attributes: &rest[..length], content: "", start, end, kind: Kind::Element };
    match Content::of(name) {
        Content::Markup => tag,
        _ if closing => TagText { kind: Kind::CutOut, ..tag },
        content => {
            let inner = &text[end..end + cut_out(&text[end..], name, content, unended)];
            let content = inner.rsplit_once("</").map_or("", |(content, _)| content);
            TagText { kind: Kind::CutOut, content, end: end + inner.len(), ..tag }
        }
    }
}

/// How what is in an element is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// As markup for a reader.
    Markup,
    /// As raw text up to its end tag, or to the end of the text.
    Raw,
    /// As markup for others, in which the element may occur again.
    Foreign,
}

impl Content {
    fn of(name: &str) -> Content {
        let is = |names: &[&str]| names.iter().any(|other| name.eq_ignore_ascii_case(other));
        if is(&["script", "style", "textarea", "xmp", "iframe", "noembed", "noframes"]) {
            Content::Raw
        } else if is(&["svg", "math", "template", "noscript", "select", "title"]) {
            Content::Foreign
        } else {
            Content::Markup
        }
    }
}

/// The length of what is in an element up to and with its end tag. A foreign one without an end takes nothing, and is
/// not searched for again.
fn cut_out(rest: &str, name: &str, content: Content, unended: &mut Vec<String>) -> usize {
    if unended.iter().any(|other| other.eq_ignore_ascii_case(name)) {
        return 0;
    }
    let mut depth = 1_usize;
    for (at, _) in rest.match_indices('<') {
        let tag = &rest.as_bytes()[at + 1..];
        let (closing, tag) = tag.strip_prefix(b"/").map_or((false, tag), |tag| (true, tag));
        if !is_called(tag, name) {
            continue;
        }
        match (closing, content) {
            (true, _) => depth -= 1,
            (false, Content::Foreign) => depth += 1,
            (false, _) => {}
        }
        if depth == 0 {
            return rest[at..].find('>').map_or(rest.len(), |end| at + end + 1);
        }
    }
    if content == Content::Raw {
        return rest.len();
    }
    unended.push(name.to_owned());
    0
}

fn is_called(tag: &[u8], name: &str) -> bool {
    let ends =
        |byte: Option<&u8>| byte.is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'));
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
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
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
            _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        rest = after;
        (!name.is_empty()).then_some((name, value))
    })
}

/// What an element means to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing: it and what is in it are left out.
    Nothing,
    /// A stretch of text of its own.
    Block,
    /// The same, stressed.
    StressedBlock(Emphasis),
    Heading(u8),
    Caption,
    /// What a term means.
    Definition,
    Quote,
    Bullets,
    Numbers,
    Item,
    Table,
    Row,
    Cell(CellKind),
    Verbatim,
    Rule,
    Break,
    Image,
    Link,
    Stress(Emphasis),
    /// Words between quotation marks.
    Quotation,
    /// How the characters before it are read.
    Reading,
    /// Something of another site; what is in it is for programs that cannot show it.
    Embed(Embedded),
    Raised,
    Lowered,
    /// Nothing of its own; what is in it counts.
    Inline,
}

/// What the element called `name`, in lower case, means.
pub(super) fn meaning(name: &str) -> Meaning {
    match name {
        "head" | "title" | "nav" | "input" | "button" | "datalist" | "applet" | "canvas" | "map" | "rp"
        | "progress" | "meter" => Meaning::Nothing,
        "embed" | "object" => Meaning::Embed(Embedded::Page),
        "video" => Meaning::Embed(Embedded::Video),
        "audio" => Meaning::Embed(Embedded::Audio),
        "p" | "div" | "section" | "article" | "main" | "header" | "footer" | "aside" | "address"
        | "figure" | "form" | "fieldset" | "details" | "center" | "hgroup" | "dl" | "body" | "html"
        | "legend" | "dialog" => Meaning::Block,
        "dt" | "summary" | "caption" => Meaning::StressedBlock(Emphasis::STRONG),
        "dd" => Meaning::Definition,
        "figcaption" => Meaning::Caption,
        "h1" => Meaning::Heading(1),
        "h2" => Meaning::Heading(2),
        "h3" => Meaning::Heading(3),
        "h4" => Meaning::Heading(4),
        "h5" => Meaning::Heading(5),
        "h6" => Meaning::Heading(6),
        "blockquote" => Meaning::Quote,
        "ul" | "menu" | "dir" => Meaning::Bullets,
        "ol" => Meaning::Numbers,
        "li" => Meaning::Item,
        "table" => Meaning::Table,
        "tr" => Meaning::Row,
        "td" => Meaning::Cell(CellKind::Data),
        "th" => Meaning::Cell(CellKind::Head),
        "pre" | "listing" => Meaning::Verbatim,
        "hr" => Meaning::Rule,
        "br" => Meaning::Break,
        "img" => Meaning::Image,
        "a" => Meaning::Link,
        "b" | "strong" => Meaning::Stress(Emphasis::STRONG),
        "i" | "em" | "cite" | "var" | "dfn" => Meaning::Stress(Emphasis::STRESSED),
        "code" | "kbd" | "samp" | "tt" => Meaning::Stress(Emphasis::CODE),
        "s" | "strike" | "del" => Meaning::Stress(Emphasis::STRUCK),
        "q" => Meaning::Quotation,
        "rt" => Meaning::Reading,
        "sup" => Meaning::Raised,
        "sub" => Meaning::Lowered,
        _ => Meaning::Inline,
    }
}
