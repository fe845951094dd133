//! Lines of an article, as a reading pane shows them. Roles, not colours; glyphs that a theme may replace.

use std::sync::Arc;

use crate::markup::{Emphasis, LinkId, LinkTarget};
use crate::text::{self, bidi::LineOrder};

/// One line, no wider than the layout it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LayoutLine {
    /// Its parts, from left to right.
    pub spans: Vec<LineSpan>,
    /// The part of the article it shows, if it shows running text.
    pub source: Option<LineSource>,
    /// The row of a picture that it shows.
    pub picture: Option<PictureRow>,
    /// The order of its cells, if some of it is read from right to left; speaks of the bytes behind the marks.
    pub visual_order: Option<Arc<LineOrder>>,
}

/// A row of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureRow {
    /// Where the picture is.
    pub link: LinkId,
    /// Which row, from 0.
    pub row: u16,
    /// The cells that are kept for all of it.
    pub columns: u16,
    /// Their rows.
    pub rows: u16,
}

/// What part of an article a line of running text shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineSource {
    /// The index of its piece.
    pub block: u32,
    /// Where it begins in the text of the piece, in bytes.
    pub start: usize,
    /// Bytes of marks at the beginning of the line, which are not part of the text.
    pub prefix_bytes: usize,
}

/// A part of a line that looks the same throughout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSpan {
    /// What is printed.
    pub text: String,
    /// What it is.
    pub role: SpanRole,
    /// How it is stressed.
    pub emphasis: Emphasis,
    /// Where it leads.
    pub link: Option<LinkTarget>,
}

/// What a part of a line is; themes give each a look.
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
    /// Code, in a block or within text.
    Code,
    /// Stands where a line of code goes on beyond the edge: `›`.
    OverflowMark,
    /// A bullet or number before an item.
    ListMarker,
    /// Text that leads somewhere.
    Link,
    /// The number of a link: `[1]`.
    LinkNumber,
    /// What stands for a picture, or for something embedded.
    Image,
    /// The words below a picture or a table.
    Caption,
    /// A line between parts.
    Rule,
    /// The name of a column.
    TableHeader,
    /// A cell of a table.
    TableCell,
}

impl LineSpan {
    /// A part without stress or link.
    pub fn new(text: impl Into<String>, role: SpanRole) -> LineSpan {
        LineSpan { text: text.into(), role, emphasis: Emphasis::NONE, link: None }
    }
}

impl LayoutLine {
    /// A line of these parts that is no running text.
    pub(super) fn from_spans(spans: Vec<LineSpan>) -> LayoutLine {
        LayoutLine { spans, ..LayoutLine::default() }
    }

    /// What is printed, without its looks.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// The cells it takes.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| text::width(&span.text)).sum()
    }
}
