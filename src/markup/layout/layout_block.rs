//! The parts of a flow: its blocks, with the prefixes of their lines, and its headings.

use std::borrow::Cow;

use super::{
    line::{LayoutLine, LineSpan},
    styled_text::StyledText,
    table::TableLayout,
};
use crate::{
    markup::{LinkId, SpanRole},
    text::width,
};

/// The unit of wrapping: a paragraph, some lines of code, some rows of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LayoutBlock {
    /// Blank line before the block, with the prefixes that the block shares with the one before it.
    pub(super) blank_line: Option<LayoutLine>,
    /// Prefixes of its lines, outermost first.
    pub(super) prefixes: Vec<LinePrefix>,
    pub(super) content: BlockContent,
    /// Length of the text of all blocks before this one, in bytes.
    pub(super) bytes_before: usize,
    /// Length of the text of this block, in bytes.
    pub(super) bytes: usize,
}

/// The text before the lines of a block that stands for one container, such as a quote bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LinePrefix {
    /// Prefix of the first line.
    pub(super) first: LineSpan,
    /// Prefix of the other lines, of the same width.
    pub(super) rest: LineSpan,
}

/// The content of a layout block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BlockContent {
    Text(StyledText),
    Code(String),
    Table(TableLayout),
    Rule,
    /// A picture, below its label: URL, and width and height in pixels.
    Picture(LinkId, Option<(u32, u32)>),
}

/// A heading of a document and its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionHeading {
    /// Level from 1, the highest, to 6.
    pub level: u8,
    /// Text of the heading.
    pub title: String,
    /// Index of its layout block.
    pub block: u32,
}

impl BlockContent {
    /// Returns the text without styles; the cells of a table stand on one line each.
    pub(super) fn plain_text(&self) -> Cow<'_, str> {
        match self {
            BlockContent::Text(styled) => Cow::Borrowed(&styled.text),
            BlockContent::Code(text) => Cow::Borrowed(text),
            BlockContent::Table(table) => Cow::Owned(table.plain_text()),
            BlockContent::Rule | BlockContent::Picture(..) => Cow::Borrowed(""),
        }
    }
}

impl LinePrefix {
    /// Returns a quote bar before every line.
    pub(super) fn quote_bar() -> LinePrefix {
        let bar = LineSpan::new("▎ ", SpanRole::QuoteBar);
        LinePrefix { first: bar.clone(), rest: bar }
    }

    pub(super) fn indent(cells: usize) -> LinePrefix {
        let spaces = LineSpan::new(" ".repeat(cells), SpanRole::Text);
        LinePrefix { first: spaces.clone(), rest: spaces }
    }

    /// Returns `label` before the first line, right-aligned in `cells` cells with a space after it,
    /// and an indent before the other lines.
    pub(super) fn label(label: &str, cells: usize, role: SpanRole) -> LinePrefix {
        let padding = " ".repeat(cells.saturating_sub(width(label) + 1));
        let first = LineSpan::new(format!("{padding}{label} "), role);
        LinePrefix { first, ..LinePrefix::indent(cells) }
    }
}
