//! The meaning of HTML elements to a reader.

use crate::markup::{EmbedKind, Emphasis, open_table::SectionKind, table_cell::CellKind};

/// The meaning of an element to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ElementRole {
    /// Left out with everything in it.
    Ignored,
    /// A block of text.
    Block,
    /// A block of emphasized text.
    EmphasizedBlock(Emphasis),
    TableCaption,
    Heading(u8),
    Caption,
    /// The definition of a term.
    Definition,
    Quote,
    UnorderedList,
    OrderedList,
    ListItem,
    Table,
    /// A group of rows.
    TableSection(SectionKind),
    TableRow,
    TableCell(CellKind),
    Preformatted,
    Rule,
    LineBreak,
    /// A place to break within a word.
    BreakOpportunity,
    /// A form control, of which only check boxes mean something.
    Input,
    Image,
    Link,
    /// A part of an image that is a link.
    ImageArea,
    /// A value that pages show as a bar.
    Gauge,
    Emphasis(Emphasis),
    /// Text between quotation marks.
    InlineQuote,
    /// A short form, which may have an expansion.
    Abbreviation,
    /// The reading of the characters before it.
    RubyText,
    /// Content of another site; the element's own content is for programs that cannot show that.
    Embed(EmbedKind),
    Superscript,
    Subscript,
    /// No meaning of its own; its content is part of the line.
    Inline,
}

impl ElementRole {
    /// Returns true for elements that do not separate words.
    pub(super) fn is_within_line(self) -> bool {
        matches!(
            self,
            ElementRole::Emphasis(_)
                | ElementRole::Link
                | ElementRole::Gauge
                | ElementRole::Inline
                | ElementRole::InlineQuote
                | ElementRole::Abbreviation
                | ElementRole::BreakOpportunity
                | ElementRole::Superscript
                | ElementRole::Subscript
                | ElementRole::RubyText
        )
    }

    /// Returns true for elements that stand between paragraphs, wherever they are.
    pub(super) fn is_block(self) -> bool {
        matches!(
            self,
            ElementRole::Block
                | ElementRole::EmphasizedBlock(_)
                | ElementRole::TableCaption
                | ElementRole::Heading(_)
                | ElementRole::Caption
                | ElementRole::Definition
                | ElementRole::Quote
                | ElementRole::UnorderedList
                | ElementRole::OrderedList
                | ElementRole::Table
                | ElementRole::Preformatted
                | ElementRole::Rule
        )
    }
}

/// Returns the emphasis of the text in the element `name`, which is in lower case; `None` if it has
/// none of its own.
pub(in crate::markup) fn emphasis_of_element(name: &str) -> Option<Emphasis> {
    match element_role(name) {
        ElementRole::Emphasis(style) => Some(style),
        _ => None,
    }
}

/// Returns the role of the element `name`, which is in lower case.
pub(super) fn element_role(name: &str) -> ElementRole {
    match name {
        "head" | "title" => ElementRole::Ignored,
        "input" => ElementRole::Input,
        "embed" | "object" => ElementRole::Embed(EmbedKind::Other),
        "video" => ElementRole::Embed(EmbedKind::Video),
        "audio" => ElementRole::Embed(EmbedKind::Audio),
        "p" | "div" | "nav" | "section" | "article" | "main" | "header" | "footer" | "aside"
        | "address" | "figure" | "form" | "fieldset" | "details" | "center" | "hgroup" | "dl"
        | "body" | "html" | "legend" | "dialog" => ElementRole::Block,
        "caption" => ElementRole::TableCaption,
        "dt" | "summary" => ElementRole::EmphasizedBlock(Emphasis::STRONG),
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
        "thead" => ElementRole::TableSection(SectionKind::Head),
        "tbody" => ElementRole::TableSection(SectionKind::Body),
        "tfoot" => ElementRole::TableSection(SectionKind::Footer),
        "tr" => ElementRole::TableRow,
        "td" => ElementRole::TableCell(CellKind::Data),
        "th" => ElementRole::TableCell(CellKind::Header),
        "pre" | "listing" => ElementRole::Preformatted,
        "hr" => ElementRole::Rule,
        "br" => ElementRole::LineBreak,
        "wbr" => ElementRole::BreakOpportunity,
        "img" | "image" | "amp-img" => ElementRole::Image,
        "a" => ElementRole::Link,
        "area" => ElementRole::ImageArea,
        "meter" | "progress" => ElementRole::Gauge,
        "b" | "strong" => ElementRole::Emphasis(Emphasis::STRONG),
        "i" | "em" | "cite" | "var" | "dfn" => ElementRole::Emphasis(Emphasis::EMPHASIZED),
        "code" | "kbd" | "samp" | "tt" => ElementRole::Emphasis(Emphasis::CODE),
        "s" | "strike" | "del" => ElementRole::Emphasis(Emphasis::STRIKETHROUGH),
        "ins" => ElementRole::Emphasis(Emphasis::INSERTED),
        "q" => ElementRole::InlineQuote,
        "abbr" | "acronym" => ElementRole::Abbreviation,
        "rt" | "rtc" => ElementRole::RubyText,
        "sup" => ElementRole::Superscript,
        "sub" => ElementRole::Subscript,
        _ => ElementRole::Inline,
    }
}
