//! The lines that a layout produces: spans with roles instead of colours, links, and the source of
//! the text.
//!
//! A theme maps each [`SpanRole`] to a style and may replace glyphs such as the quote bar.

use std::sync::Arc;

use crate::markup::{Emphasis, LinkId, LinkTarget};
use crate::text::{self, bidi::LineOrder};

/// A line of a layout, no wider than the layout itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LayoutLine {
    /// Spans in logical order, which is left to right unless `visual_order` is set.
    pub spans: Vec<LineSpan>,
    /// Origin of the text, if the line is running text.
    pub source: Option<LineSource>,
    /// Row of a picture, if the line is reserved for one.
    pub picture: Option<ReservedImageRow>,
    /// Visual order of the text, if some of it is right-to-left. Its byte offsets begin after the
    /// line prefix.
    pub visual_order: Option<Arc<LineOrder>>,
}

/// A row of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReservedImageRow {
    /// URL of the picture.
    pub link: LinkId,
    /// Row of the picture, counted from zero.
    pub row: u16,
    /// Width reserved for the whole picture, in cells.
    pub columns: u16,
    /// Height reserved for the whole picture, in rows.
    pub rows: u16,
}

/// The origin of a line of running text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineSource {
    /// Index of the layout block.
    pub block: u32,
    /// Start of the line in the text of the block, in bytes.
    pub start: usize,
    /// Length of the line prefix, such as a quote bar, in bytes. The prefix is not part of the
    /// text.
    pub prefix_bytes: usize,
}

/// A part of a line with the same role, emphasis and link throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSpan {
    /// Text of the span.
    pub text: String,
    /// Role of the span.
    pub role: SpanRole,
    /// Emphasis of the span.
    pub emphasis: Emphasis,
    /// Link target of the span.
    pub link: Option<LinkTarget>,
}

/// The role of a span, which a theme maps to a style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum SpanRole {
    /// Running text.
    #[default]
    Text,
    /// A heading.
    Heading,
    /// Quoted text.
    Quote,
    /// The bar before quoted text: `▎ `.
    QuoteBar,
    /// Code, in a code block or inline.
    Code,
    /// The mark of a line of code or of a table that goes on beyond the edge: `›`.
    OverflowMark,
    /// A bullet or number before a list item.
    ListMarker,
    /// The text of a link.
    Link,
    /// The number of a link: `[1]`.
    LinkNumber,
    /// The label of an image or of embedded content.
    Image,
    /// A caption of an image or a table.
    Caption,
    /// A thematic break.
    Rule,
    /// A table header.
    TableHeader,
    /// A table cell.
    TableCell,
}

impl LineSpan {
    /// Returns a span without emphasis or link.
    pub fn new(text: impl Into<String>, role: SpanRole) -> LineSpan {
        LineSpan { text: text.into(), role, emphasis: Emphasis::NONE, link: None }
    }
}

impl LayoutLine {
    /// Returns a line without a text source, such as a line of code.
    pub(super) fn from_spans(spans: Vec<LineSpan>) -> LayoutLine {
        LayoutLine { spans, ..LayoutLine::default() }
    }

    /// Returns the text of the line without styles.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Returns the width of the line in cells.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| text::width(&span.text)).sum()
    }
}
