//! Setting a piece: its lines at a width, with the marks of what it is in.

use hypher::Lang;
use unicode_segmentation::UnicodeSegmentation;

use super::{
    flow::{BlockContent, LayoutBlock, LinePrefix},
    line::{LayoutLine, LineSource, LineSpan, PictureRow, SpanRole},
    wrap::wrap_text,
};
use crate::markup::LinkId;
use crate::text::{truncate, width};

/// Pixels of a picture that a cell is wide.
const PIXELS_PER_CELL: u64 = 8;

/// Rows of a picture at the most.
const MAX_PICTURE_ROWS: u16 = 24;

/// Rows that are kept for a picture of unknown size.
const DEFAULT_PICTURE_ROWS: u16 = 12;

/// In fewer columns words are hyphenated: there lines fall short by a fifth without.
const HYPHENATED_BELOW_WIDTH: usize = 46;

/// How pieces are set, besides their width.
#[derive(Debug, Clone, Copy)]
pub(super) struct TypesetOptions {
    /// How words are parted.
    pub(super) language: Option<Lang>,
    /// Columns of code and of wide tables that are scrolled away.
    pub(super) horizontal_scroll: u16,
    /// Whether there is room for pictures.
    pub(super) shows_pictures: bool,
}

/// The lines of a piece, the blank line before it included.
pub(super) fn typeset_block(
    piece: &LayoutBlock,
    number: u32,
    columns: usize,
    setting: TypesetOptions,
) -> Vec<LayoutLine> {
    let marks = fitting_prefixes(&piece.prefixes, columns / 2);
    let room = columns - marks.iter().map(|mark| width(&mark.rest.text)).sum::<usize>();
    let gap = piece.blank_line.as_ref().map(|gap| gap_line(gap, columns / 2));
    let lines = content_lines(&piece.content, room, setting);
    let prefixed = lines.into_iter().enumerate().map(|(index, line)| {
        let prefix = marks.iter().map(|mark| if index == 0 { &mark.first } else { &mark.rest });
        let bytes = prefix.clone().map(|mark| mark.text.len()).sum();
        let source =
            line.source.map(|source| LineSource { block: number, prefix_bytes: bytes, ..source });
        LayoutLine { spans: prefix.cloned().chain(line.spans).collect(), source, ..line }
    });
    gap.into_iter().chain(prefixed).collect()
}

/// The innermost of `marks` that take no more than `room` cells.
fn fitting_prefixes(marks: &[LinePrefix], room: usize) -> &[LinePrefix] {
    let mut used = 0;
    let fits = |mark: &&LinePrefix| {
        used += width(&mark.rest.text);
        used <= room
    };
    &marks[marks.len() - marks.iter().rev().take_while(fits).count()..]
}

/// A blank line shows the bars of the quotes it is in, and nothing where these have no room.
fn gap_line(gap: &LayoutLine, room: usize) -> LayoutLine {
    let bars = gap
        .spans
        .iter()
        .rposition(|span| span.role == SpanRole::QuoteBar)
        .map_or(0, |last| last + 1);
    let mut line = LayoutLine { spans: gap.spans[..bars].to_vec(), ..LayoutLine::default() };
    if line.width() > room {
        line.spans.clear();
    }
    line
}

fn content_lines(content: &BlockContent, room: usize, setting: TypesetOptions) -> Vec<LayoutLine> {
    match content {
        BlockContent::Text(styled) => {
            wrap_text(styled, room, setting.language.filter(|_| room < HYPHENATED_BELOW_WIDTH))
        }
        BlockContent::Code(text) => text
            .split('\n')
            .map(|line| code_line(line, setting.horizontal_scroll.into(), room))
            .collect(),
        BlockContent::Table(table) => table.lines(room, setting.horizontal_scroll.into()),
        BlockContent::Picture(link, size) if setting.shows_pictures => {
            picture_rows(*link, *size, room)
        }
        BlockContent::Picture(..) => Vec::new(),
        BlockContent::Rule => {
            vec![LayoutLine::from_spans(vec![LineSpan::new("─".repeat(room), SpanRole::Rule)])]
        }
    }
}

/// The rows that are kept for a picture, by its size or, where nobody tells it, as many as most need: nothing moves when
/// it comes.
fn picture_rows(link: LinkId, size: Option<(u32, u32)>, room: usize) -> Vec<LayoutLine> {
    let columns = u16::try_from(room).unwrap_or(u16::MAX);
    let natural = |(width, height): (u32, u32)| {
        let columns = u64::from(columns).min(u64::from(width).div_ceil(PIXELS_PER_CELL));
        let rows = (columns * u64::from(height)).div_ceil(u64::from(width.max(1)) * 2);
        (
            u16::try_from(columns).unwrap_or(1).max(1),
            u16::try_from(rows).unwrap_or(u16::MAX).clamp(1, MAX_PICTURE_ROWS),
        )
    };
    let (columns, rows) = size.map_or((columns, DEFAULT_PICTURE_ROWS), natural);
    let row = |row| LayoutLine {
        picture: Some(PictureRow { link, row, columns, rows }),
        ..LayoutLine::default()
    };
    (0..rows).map(row).collect()
}

/// A line of code without its first `sideways` columns, cut at the edge.
fn code_line(text: &str, sideways: usize, room: usize) -> LayoutLine {
    let text = &text[bytes_before_column(text, sideways)..];
    // `cut` looks no further than the edge.
    let shown = truncate(text, room);
    match (shown.len() < text.len() || shown != text).then(|| shown.strip_suffix('…')).flatten() {
        None => LayoutLine::from_spans(vec![LineSpan::new(shown, SpanRole::Code)]),
        Some(start) => {
            let pad = " ".repeat((room - 1).saturating_sub(width(start)));
            let code = LineSpan::new(format!("{start}{pad}"), SpanRole::Code);
            LayoutLine::from_spans(vec![code, LineSpan::new("›", SpanRole::OverflowMark)])
        }
    }
}

/// The bytes that the first `columns` columns of `text` are.
fn bytes_before_column(text: &str, columns: usize) -> usize {
    let mut used = 0;
    let mut graphemes = text.grapheme_indices(true);
    graphemes
        .find(|(_, grapheme)| {
            let before = used;
            used += width(grapheme);
            before >= columns
        })
        .map_or(if used > columns || columns > 0 { text.len() } else { 0 }, |(at, _)| at)
}
