//! What holds for every line, and what a terminal makes of the lines that it reorders itself.

use proptest::prelude::*;
use unicode_bidi::Level;
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::text::width;

const WRITERS: [Writer; 4] = [Writer::Visual, Writer::Runs, Writer::Words, Writer::Logical];

/// Letters, numbers and signs that keep to themselves.
const PARTS: &[&str] = &[
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

/// Characters that form graphemes with others, or turn text around.
const ODD: &[&str] = &[
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

fn mixed(parts: Vec<&'static str>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(parts), 0..30).prop_map(|parts| parts.concat())
}

fn clean() -> impl Strategy<Value = String> {
    mixed(PARTS.to_vec())
}

fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![mixed([PARTS, ODD].concat()), any::<String>()]
}

/// What is seen of `row` on a terminal that applies the algorithm to each of its rows, from left to right.
fn reordered(row: &str) -> String {
    let order = Paragraph::with_base(row, Some(Level::ltr())).line(0..row.len());
    let mut seen = String::new();
    for run in order.runs {
        let graphemes = row.grapheme_indices(true).filter(|(at, _)| (run.start..run.end).contains(at));
        let mut graphemes: Vec<String> = graphemes.map(|(_, grapheme)| grapheme.to_owned()).collect();
        if run.rtl {
            graphemes.reverse();
            graphemes = graphemes.iter().map(|grapheme| turned(grapheme)).collect();
        }
        seen.extend(graphemes.into_iter().filter(|grapheme| grapheme != "\u{200e}"));
    }
    seen
}

fn turned(grapheme: &str) -> String {
    shape::mirrored(grapheme, 0..grapheme.len()).into_owned()
}

fn written(line: &str, writer: Writer) -> String {
    let Some(order) = order(line) else { return line.to_owned() };
    arrange(line, &order, writer).iter().map(|glyph| glyph.text.as_ref()).collect()
}

/// The line as it ought to be seen; its letters not joined.
fn expected(line: &str) -> String {
    let Some(order) = order(line) else { return line.to_owned() };
    let glyphs = arrange(line, &order, Writer::Visual);
    let source = |glyph: &Glyph<'_>| line[glyph.source.clone()].to_owned();
    let unjoined = glyphs.iter().map(|glyph| {
        let source = source(glyph);
        if turned(&source) == glyph.text { glyph.text.clone().into_owned() } else { source }
    });
    unjoined.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn every_grapheme_has_one_glyph(line in nasty()) {
        let Some(order) = order(&line) else { return Ok(()) };
        for writer in WRITERS {
            let mut glyphs = arrange(&line, &order, writer);
            glyphs.sort_by_key(|glyph| glyph.source.start);
            let sources = glyphs.iter().map(|glyph| &line[glyph.source.clone()]);
            prop_assert!(sources.eq(line.graphemes(true)), "{:?}: {:?}", writer, glyphs);
        }
    }

    #[test]
    fn glyphs_are_as_wide_as_their_sources(line in nasty()) {
        let Some(order) = order(&line) else { return Ok(()) };
        for writer in WRITERS {
            let glyphs = arrange(&line, &order, writer);
            for glyph in &glyphs {
                prop_assert_eq!(width(&glyph.text), width(&line[glyph.source.clone()]), "{:?}", glyph);
            }
            prop_assert_eq!(glyphs.iter().map(|glyph| width(&glyph.text)).sum::<usize>(), width(&line));
        }
    }

    #[test]
    fn text_from_left_to_right_is_left_alone(line in nasty()) {
        let line: String = line.chars().filter(|c| !has_rtl(&c.to_string())).collect();
        prop_assert_eq!(order(&line), None);
        let order = Paragraph::with_base(&line, Some(Level::ltr())).line(0..line.len());
        for writer in WRITERS {
            let glyphs: String = arrange(&line, &order, writer).iter().map(|glyph| glyph.text.as_ref()).collect();
            prop_assert_eq!(&glyphs, &line);
        }
    }

    #[test]
    fn the_lines_of_a_paragraph_are_whole(text in nasty(), cut in 0_usize..40) {
        let Some(paragraph) = Paragraph::new(&text) else { return Ok(()) };
        let cut = text.grapheme_indices(true).map(|(at, _)| at).nth(cut).unwrap_or(text.len());
        for range in [0..cut, cut..text.len()] {
            let mut runs = paragraph.line(range.clone()).runs;
            runs.sort_by_key(|run| run.start);
            prop_assert!(runs.iter().all(|run| run.start < run.end));
            prop_assert!(runs.windows(2).all(|two| two[0].end == two[1].start));
            prop_assert_eq!(runs.first().map_or(0, |run| run.start), 0);
            prop_assert_eq!(runs.last().map_or(0, |run| run.end), range.len());
        }
    }

    #[test]
    fn terminals_that_reorder_show_what_others_are_shown(left in clean(), right in clean()) {
        let row = format!("{}│\u{200e}{}", written(&left, Writer::Runs), written(&right, Writer::Runs));
        prop_assert_eq!(reordered(&row), format!("{}│{}", expected(&left), expected(&right)), "{:?}", row);
    }
}
