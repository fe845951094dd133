//! Properties of every line, and a model of terminals that reorder text themselves.

use proptest::prelude::*;
use unicode_bidi::Level;
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::text::width;

const BIDI_MODES: [BidiMode; 4] =
    [BidiMode::Visual, BidiMode::Runs, BidiMode::Words, BidiMode::Logical];

/// Letters, numbers and signs that do not combine with others.
const SIMPLE_PARTS: &[&str] = &[
    "a",
    "b",
    "Z",
    "é",
    "e\u{301}",
    "1",
    "2",
    "90",
    "1.5",
    "5%",
    "$",
    "א",
    "ב",
    "ם",
    "ש\u{5c1}\u{5b8}",
    "ا",
    "ل",
    "م",
    "ه",
    "ی",
    "گ",
    "ے",
    "ۂ",
    "ە",
    "ێ",
    "ب\u{651}\u{64e}",
    "ـ",
    "ی\u{200c}",
    "٣",
    "٤",
    "۵",
    " ",
    " ",
    " ",
    "  ",
    "(",
    ")",
    "[",
    "]",
    "<",
    "«",
    "»",
    "“",
    ".",
    ",",
    ":",
    "-",
    "!",
    "؟",
    "،",
    "/",
    "…",
    "│",
    "東",
    "京",
    "カ",
    "😀",
];

/// Characters that form graphemes with others or change the direction.
const HOSTILE_PARTS: &[&str] = &[
    "\u{301}",
    "\u{64e}",
    "\u{5b8}",
    "\u{200c}",
    "\u{200d}",
    "\u{600}",
    "\u{6dd}",
    "🇫",
    "🇷",
    "👩",
    "\u{1f3fd}",
    "\u{fe0f}",
    "\u{200e}",
    "\u{200f}",
    "\u{202b}",
    "\u{202e}",
    "\u{202c}",
    "\u{2067}",
    "\u{2069}",
    "\u{1112}",
    "\u{1161}",
    "\u{93f}",
    "क",
    "\t",
    "\u{85}",
    "\u{1e900}",
    "\u{10d30}",
    "≤",
    "\u{338}",
];

fn concatenated_parts(parts: Vec<&'static str>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(parts), 0..30).prop_map(|parts| parts.concat())
}

fn simple_text() -> impl Strategy<Value = String> {
    concatenated_parts(SIMPLE_PARTS.to_vec())
}

fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![concatenated_parts([SIMPLE_PARTS, HOSTILE_PARTS].concat()), any::<String>()]
}

/// Returns `row` as a terminal shows it that applies the algorithm to each of its rows, from left
/// to right.
fn displayed_by_reordering_terminal(row: &str) -> String {
    let order = BidiParagraph::with_base_level(row, Some(Level::ltr())).line_order(0..row.len());
    let mut seen = String::new();
    for run in order.runs {
        let graphemes =
            row.grapheme_indices(true).filter(|(at, _)| (run.start..run.end).contains(at));
        let mut graphemes: Vec<String> =
            graphemes.map(|(_, grapheme)| grapheme.to_owned()).collect();
        if run.rtl {
            graphemes.reverse();
            graphemes = graphemes.iter().map(|grapheme| mirror(grapheme)).collect();
        }
        seen.extend(graphemes.into_iter().filter(|grapheme| grapheme != "\u{200e}"));
    }
    seen
}

fn mirror(grapheme: &str) -> String {
    shaping::mirror_grapheme(grapheme, 0..grapheme.len()).into_owned()
}

fn reordered_text(line: &str, writer: BidiMode) -> String {
    let Some(order) = line_order(line) else { return line.to_owned() };
    reorder_line(line, &order, writer).iter().map(|glyph| glyph.text.as_ref()).collect()
}

/// Returns the line as it should be seen, without joined letters.
fn expected_display(line: &str) -> String {
    let Some(order) = line_order(line) else { return line.to_owned() };
    let glyphs = reorder_line(line, &order, BidiMode::Visual);
    let source = |glyph: &VisualGrapheme<'_>| line[glyph.source.clone()].to_owned();
    let unjoined = glyphs.iter().map(|glyph| {
        let source = source(glyph);
        if mirror(&source) == glyph.text { glyph.text.clone().into_owned() } else { source }
    });
    unjoined.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn reorder_line_keeps_every_grapheme(line in hostile_text()) {
        let Some(order) = line_order(&line) else { return Ok(()) };
        for writer in BIDI_MODES {
            let mut glyphs = reorder_line(&line, &order, writer);
            glyphs.sort_by_key(|glyph| glyph.source.start);
            let sources = glyphs.iter().map(|glyph| &line[glyph.source.clone()]);
            prop_assert!(sources.eq(line.graphemes(true)), "{:?}: {:?}", writer, glyphs);
        }
    }

    #[test]
    fn reorder_line_keeps_width(line in hostile_text()) {
        let Some(order) = line_order(&line) else { return Ok(()) };
        for writer in BIDI_MODES {
            let glyphs = reorder_line(&line, &order, writer);
            for glyph in &glyphs {
                prop_assert_eq!(width(&glyph.text), width(&line[glyph.source.clone()]), "{:?}", glyph);
            }
            prop_assert_eq!(glyphs.iter().map(|glyph| width(&glyph.text)).sum::<usize>(), width(&line));
        }
    }

    #[test]
    fn reorder_line_keeps_ltr_text(line in hostile_text()) {
        let line: String = line.chars().filter(|c| !has_rtl(&c.to_string())).collect();
        prop_assert_eq!(line_order(&line), None);
        let order = BidiParagraph::with_base_level(&line, Some(Level::ltr())).line_order(0..line.len());
        for writer in BIDI_MODES {
            let glyphs: String = reorder_line(&line, &order, writer).iter().map(|glyph| glyph.text.as_ref()).collect();
            prop_assert_eq!(&glyphs, &line);
        }
    }

    #[test]
    fn line_order_runs_cover_the_line(text in hostile_text(), cut in 0_usize..40) {
        let Some(paragraph) = BidiParagraph::new(&text) else { return Ok(()) };
        let cut = text.grapheme_indices(true).map(|(at, _)| at).nth(cut).unwrap_or(text.len());
        for range in [0..cut, cut..text.len()] {
            let mut runs = paragraph.line_order(range.clone()).runs;
            runs.sort_by_key(|run| run.start);
            prop_assert!(runs.iter().all(|run| run.start < run.end));
            prop_assert!(runs.windows(2).all(|two| two[0].end == two[1].start));
            prop_assert_eq!(runs.first().map_or(0, |run| run.start), 0);
            prop_assert_eq!(runs.last().map_or(0, |run| run.end), range.len());
        }
    }

    #[test]
    fn runs_mode_displays_like_visual_mode(left in simple_text(), right in simple_text()) {
        let row = format!("{}│\u{200e}{}", reordered_text(&left, BidiMode::Runs), reordered_text(&right, BidiMode::Runs));
        prop_assert_eq!(displayed_by_reordering_terminal(&row), format!("{}│{}", expected_display(&left), expected_display(&right)), "{:?}", row);
    }
}
