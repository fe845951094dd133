//! Setting a piece: its lines at a width, with the marks of what it is in.

use hypher::Lang;
use unicode_segmentation::UnicodeSegmentation;

use super::{
    LinkId,
    flow::{Content, Mark, Piece},
    line::{Line, LineSpan, PictureRow, Role, Source},
    wrap::wrap,
};
use crate::text::{cut, width};

/// Pixels of a picture that a cell is wide.
const PIXELS: u64 = 8;

/// Rows of a picture at the most.
const TALLEST: u16 = 24;

/// Rows that are kept for a picture of unknown size.
const UNKNOWN: u16 = 12;

/// In fewer columns words are hyphenated: there lines fall short by a fifth without.
const NARROW: usize = 46;

/// How pieces are set, besides their width.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    /// How words are parted.
    pub(super) language: Option<Lang>,
    /// Columns of code and of wide tables that are scrolled away.
    pub(super) sideways: u16,
    /// Whether there is room for pictures.
    pub(super) pictures: bool,
}

/// The lines of a piece, the blank line before it included.
pub(super) fn piece_lines(piece: &Piece, number: u32, columns: usize, setting: Setting) -> Vec<Line> {
    let marks = fitting(&piece.marks, columns / 2);
    let room = columns - marks.iter().map(|mark| width(&mark.rest.text)).sum::<usize>();
    let gap = piece.gap.as_ref().map(|gap| gap_line(gap, columns / 2));
    let lines = content_lines(&piece.content, room, setting);
    let prefixed = lines.into_iter().enumerate().map(|(index, line)| {
        let prefix = marks.iter().map(|mark| if index == 0 { &mark.first } else { &mark.rest });
        let bytes = prefix.clone().map(|mark| mark.text.len()).sum();
        let source = line.source.map(|source| Source { piece: number, marks: bytes, ..source });
        Line { spans: prefix.cloned().chain(line.spans).collect(), source, ..line }
    });
    gap.into_iter().chain(prefixed).collect()
}

/// The innermost of `marks` that take no more than `room` cells.
fn fitting(marks: &[Mark], room: usize) -> &[Mark] {
    let mut used = 0;
    let fits = |mark: &&Mark| {
        used += width(&mark.rest.text);
        used <= room
    };
    &marks[marks.len() - marks.iter().rev().take_while(fits).count()..]
}

/// A blank line shows the bars of the quotes it is in, and nothing where these have no room.
fn gap_line(gap: &Line, room: usize) -> Line {
    let bars = gap.spans.iter().rposition(|span| span.role == Role::QuoteMark).map_or(0, |last| last + 1);
    let mut line = Line { spans: gap.spans[..bars].to_vec(), ..Line::default() };
    if line.width() > room {
        line.spans.clear();
    }
    line
}

fn content_lines(content: &Content, room: usize, setting: Setting) -> Vec<Line> {
    match content {
        Content::Text(styled) => wrap(styled, room, setting.language.filter(|_| room < NARROW)),
        Content::Code(text) => {
            text.split('\n').map(|line| code_line(line, setting.sideways.into(), room)).collect()
        }
        Content::Table(table) => table.lines(room, setting.sideways.into()),
        Content::Picture(link, size) if setting.pictures => picture_rows(*link, *size, room),
        Content::Picture(..) => Vec::new(),
        Content::Rule => vec![Line::of(vec![LineSpan::new("─".repeat(room), Role::Rule)])],
    }
}

/// The rows that are kept for a picture, by its size or, where nobody tells it, as many as most need: nothing moves when
/// it comes.
fn picture_rows(link: LinkId, size: Option<(u32, u32)>, room: usize) -> Vec<Line> {
    let columns = u16::try_from(room).unwrap_or(u16::MAX);
    let natural = |(width, height): (u32, u32)| {
        let columns = u64::from(columns).min(u64::from(width).div_ceil(PIXELS));
        let rows = (columns * u64::from(height)).div_ceil(u64::from(width.max(1)) * 2);
        (
            u16::try_from(columns).unwrap_or(1).max(1),
            u16::try_from(rows).unwrap_or(u16::MAX).clamp(1, TALLEST),
        )
    };
    let (columns, rows) = size.map_or((columns, UNKNOWN), natural);
    let row = |row| Line { picture: Some(PictureRow { link, row, columns, rows }), ..Line::default() };
    (0..rows).map(row).collect()
}

/// A line of code without its first `sideways` columns, cut at the edge.
fn code_line(text: &str, sideways: usize, room: usize) -> Line {
    let text = &text[skipped(text, sideways)..];
    // `cut` looks no further than the edge.
    let shown = cut(text, room);
    match (shown.len() < text.len() || shown != text).then(|| shown.strip_suffix('…')).flatten() {
        None => Line::of(vec![LineSpan::new(shown, Role::Code)]),
        Some(start) => {
            let pad = " ".repeat((room - 1).saturating_sub(width(start)));
            let code = LineSpan::new(format!("{start}{pad}"), Role::Code);
            Line::of(vec![code, LineSpan::new("›", Role::More)])
        }
    }
}

/// The bytes that the first `columns` columns of `text` are.
fn skipped(text: &str, columns: usize) -> usize {
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
