//! Typesetting of one layout block: its lines at a given width, with their prefixes.
//!
//! Start with [`typeset_block`]. Text is wrapped in `wrap`, tables in `table`; code and pictures
//! are set here.

use hypher::Lang;
use unicode_segmentation::UnicodeSegmentation;

use super::{
    layout_block::{BlockContent, LayoutBlock, LinePrefix},
    line::{LayoutLine, LineSource, LineSpan, ReservedImageRow, SpanRole},
    styled_text::FlowMedium,
    wrap::wrap_text,
};
use crate::markup::LinkId;
use crate::text::{truncate, width};

/// Assumed width of a terminal cell, in picture pixels.
const PIXELS_PER_CELL: u64 = 8;

/// Maximum height of a picture, in rows.
const MAX_PICTURE_ROWS: u16 = 24;

/// Height reserved for a picture of unknown size, in rows.
const DEFAULT_PICTURE_ROWS: u16 = 12;

/// Width below which words are hyphenated, in columns: without hyphenation, a fifth of such narrow
/// lines stays empty.
const HYPHENATED_BELOW_WIDTH: usize = 46;

/// The options of typesetting, besides the width.
#[derive(Debug, Clone, Copy)]
pub(super) struct TypesetOptions {
    /// Hyphenation rules; `None` for no hyphenation.
    pub(super) language: Option<Lang>,
    /// First visible column of code and of wide tables.
    pub(super) horizontal_scroll: u16,
    /// True if rows are reserved for pictures.
    pub(super) shows_images: bool,
    pub(super) medium: FlowMedium,
}

/// Returns the lines of a block, including the blank line before it.
///
/// The prefixes take at most half of the columns, so that the text keeps the other half.
pub(super) fn typeset_block(
    block: &LayoutBlock,
    block_index: u32,
    columns: usize,
    options: TypesetOptions,
) -> Vec<LayoutLine> {
    let prefixes = fitting_prefixes(&block.prefixes, columns / 2);
    let prefix_width: usize = prefixes.iter().map(|prefix| width(&prefix.rest.text)).sum();
    let blank_line = block.blank_line.as_ref().map(|line| typeset_blank_line(line, columns / 2));
    let lines = content_lines(&block.content, columns - prefix_width, options);
    let prefixed_lines = lines.into_iter().enumerate().map(|(index, line)| {
        let prefix_spans =
            prefixes.iter().map(|prefix| if index == 0 { &prefix.first } else { &prefix.rest });
        let prefix_bytes = prefix_spans.clone().map(|span| span.text.len()).sum();
        let source =
            line.source.map(|source| LineSource { block: block_index, prefix_bytes, ..source });
        LayoutLine { spans: prefix_spans.cloned().chain(line.spans).collect(), source, ..line }
    });
    blank_line.into_iter().chain(prefixed_lines).collect()
}

/// Returns the innermost prefixes that fit into `max_width` cells together.
fn fitting_prefixes(prefixes: &[LinePrefix], max_width: usize) -> &[LinePrefix] {
    let mut used = 0;
    let fits = |prefix: &&LinePrefix| {
        used += width(&prefix.rest.text);
        used <= max_width
    };
    let fitting = prefixes.iter().rev().take_while(fits).count();
    &prefixes[prefixes.len() - fitting..]
}

/// Returns a blank line with the quote bars around it and the prefixes before them; without any if
/// they are wider than `max_width` cells.
fn typeset_blank_line(blank_line: &LayoutLine, max_width: usize) -> LayoutLine {
    let last_bar = blank_line.spans.iter().rposition(|span| span.role == SpanRole::QuoteBar);
    let spans = blank_line.spans[..last_bar.map_or(0, |last| last + 1)].to_vec();
    let mut line = LayoutLine { spans, ..LayoutLine::default() };
    if line.width() > max_width {
        line.spans.clear();
    }
    line
}

/// Returns the lines of the content of a block, without prefixes.
fn content_lines(
    content: &BlockContent,
    max_width: usize,
    options: TypesetOptions,
) -> Vec<LayoutLine> {
    match content {
        BlockContent::Text(styled) => {
            let language = options.language.filter(|_| max_width < HYPHENATED_BELOW_WIDTH);
            wrap_text(styled, max_width, language)
        }
        BlockContent::Code(text) if options.medium == FlowMedium::Text => {
            let whole_line =
                |line| LayoutLine::from_spans(vec![LineSpan::new(line, SpanRole::Code)]);
            text.split('\n').map(whole_line).collect()
        }
        BlockContent::Code(text) => text
            .split('\n')
            .map(|line| code_line(line, options.horizontal_scroll.into(), max_width))
            .collect(),
        BlockContent::Table(table) => table.lines(max_width, options.horizontal_scroll.into()),
        BlockContent::Picture(link, size) if options.shows_images => {
            picture_rows(*link, *size, max_width)
        }
        BlockContent::Picture(..) => Vec::new(),
        BlockContent::Rule => {
            vec![LayoutLine::from_spans(vec![LineSpan::new("─".repeat(max_width), SpanRole::Rule)])]
        }
    }
}

/// Returns the rows that are reserved for a picture, so that the text does not move when the
/// picture arrives.
///
/// Their number follows from the size of the picture; for an unknown size, it is enough for most
/// pictures.
fn picture_rows(link: LinkId, size: Option<(u32, u32)>, max_width: usize) -> Vec<LayoutLine> {
    let max_columns = u16::try_from(max_width).unwrap_or(u16::MAX);
    let (columns, rows) = size.map_or((max_columns, DEFAULT_PICTURE_ROWS), |pixels| {
        picture_size_in_cells(pixels, max_columns)
    });
    let picture_line = |row| LayoutLine {
        picture: Some(ReservedImageRow { link, row, columns, rows }),
        ..LayoutLine::default()
    };
    (0..rows).map(picture_line).collect()
}

/// Returns the columns and rows of a picture of the given width and height in pixels.
///
/// The picture is never enlarged. A cell is taken to be twice as high as it is wide.
fn picture_size_in_cells((width, height): (u32, u32), max_columns: u16) -> (u16, u16) {
    let columns = u64::from(max_columns).min(u64::from(width).div_ceil(PIXELS_PER_CELL));
    let rows = (columns * u64::from(height)).div_ceil(u64::from(width.max(1)) * 2);
    (
        u16::try_from(columns).unwrap_or(1).max(1),
        u16::try_from(rows).unwrap_or(u16::MAX).clamp(1, MAX_PICTURE_ROWS),
    )
}

/// Returns the visible part of a line of code: at most `max_width` cells from column `first_column`
/// on, with the overflow mark `›` at the end if the line goes on.
fn code_line(text: &str, first_column: usize, max_width: usize) -> LayoutLine {
    let scrolled = &text[bytes_before_column(text, first_column)..];
    // `truncate` measures no further than the edge, so a very long line stays cheap.
    let visible = truncate(scrolled, max_width);
    let cut_text = if visible == scrolled { None } else { visible.strip_suffix('…') };
    match cut_text {
        None => LayoutLine::from_spans(vec![LineSpan::new(visible, SpanRole::Code)]),
        Some(start) => {
            let padding = " ".repeat((max_width - 1).saturating_sub(width(start)));
            let code = LineSpan::new(format!("{start}{padding}"), SpanRole::Code);
            LayoutLine::from_spans(vec![code, LineSpan::new("›", SpanRole::OverflowMark)])
        }
    }
}

/// Returns the length in bytes of the first `columns` columns of `text`.
///
/// A wide grapheme that begins before that column counts as a whole.
fn bytes_before_column(text: &str, columns: usize) -> usize {
    let mut column = 0;
    let mut graphemes = text.grapheme_indices(true);
    let first_visible = graphemes.find(|(_, grapheme)| {
        let is_visible = column >= columns;
        column += width(grapheme);
        is_visible
    });
    first_visible.map_or(text.len(), |(start, _)| start)
}
