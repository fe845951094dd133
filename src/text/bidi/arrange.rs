//! A line in the order of its cells, as a kind of terminal wants it.

use std::{borrow::Cow, ops::Range};

use unicode_bidi_mirroring::get_mirrored;
use unicode_segmentation::UnicodeSegmentation;

use super::{
    Order, Run,
    shape::{is_transparent, shaped},
};

/// Keeps terminals that reorder by themselves from joining the runs on both sides of it.
const LEFT_TO_RIGHT_MARK: char = '\u{200e}';

/// How a terminal wants right-to-left text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Writer {
    /// Cell by cell as it is to be seen: for terminals that show what they get.
    #[default]
    Visual,
    /// Runs where they are to be seen, each in logical order: for terminals that reorder within a run.
    Runs,
    /// The same, but words too where they are to be seen: for terminals that reorder within a word.
    Words,
    /// As it is stored.
    Logical,
}

/// One grapheme of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyph<'a> {
    /// The bytes of the line it stands for.
    pub source: Range<usize>,
    /// What is written into its cells.
    pub text: Cow<'a, str>,
}

/// The graphemes of `line` in the order of its cells, for `writer`.
pub fn arrange<'a>(line: &'a str, order: &Order, writer: Writer) -> Vec<Glyph<'a>> {
    let graphemes: Vec<Range<usize>> =
        line.grapheme_indices(true).map(|(at, grapheme)| at..at + grapheme.len()).collect();
    if writer == Writer::Logical {
        return graphemes.into_iter().map(|source| plain(line, source)).collect();
    }
    let mut glyphs = Vec::with_capacity(graphemes.len());
    for run in &order.runs {
        // A grapheme belongs to the run of its first character.
        let from = graphemes.partition_point(|source| source.start < run.range.start);
        let to = graphemes.partition_point(|source| source.start < run.range.end);
        write_run(line, &graphemes[from..to], run, writer, &mut glyphs);
    }
    glyphs
}

fn write_run<'a>(
    line: &'a str,
    graphemes: &[Range<usize>],
    run: &Run,
    writer: Writer,
    glyphs: &mut Vec<Glyph<'a>>,
) {
    let all = graphemes.iter().cloned();
    match writer {
        _ if !run.rtl => glyphs.extend(all.map(|source| plain(line, source))),
        Writer::Visual => glyphs.extend(all.rev().map(|source| seen(line, source))),
        Writer::Runs => {
            mark(glyphs.last_mut());
            glyphs.extend(all.map(|source| plain(line, source)));
            mark(glyphs.last_mut());
        }
        Writer::Words | Writer::Logical => {
            let blank = |source: &Range<usize>| line[source.clone()].trim().is_empty();
            for word in graphemes.chunk_by(|one, next| blank(one) == blank(next)).rev() {
                glyphs.extend(word.iter().cloned().map(|source| plain(line, source)));
            }
        }
    }
}

fn plain(line: &str, source: Range<usize>) -> Glyph<'_> {
    Glyph { text: Cow::Borrowed(&line[source.clone()]), source }
}

fn mark(glyph: Option<&mut Glyph<'_>>) {
    if let Some(glyph) = glyph {
        glyph.text.to_mut().push(LEFT_TO_RIGHT_MARK);
    }
}

/// A grapheme of a right-to-left run as it is seen: brackets mirrored (rule L4), letters joined.
fn seen(line: &str, source: Range<usize>) -> Glyph<'_> {
    let text = &line[source.clone()];
    let mut chars = text.chars();
    let first = chars.next().unwrap_or_default();
    let other = get_mirrored(first).unwrap_or_else(|| {
        let letter = |c: &char| !is_transparent(*c);
        shaped(
            first,
            line[..source.start].chars().rev().find(letter),
            line[source.end..].chars().find(letter),
        )
    });
    if other == first {
        return Glyph { source, text: Cow::Borrowed(text) };
    }
    Glyph { source, text: Cow::Owned(std::iter::once(other).chain(chars).collect()) }
}
