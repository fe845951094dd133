use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::text::width;

fn written(line: &str, writer: Writer) -> String {
    let order = order(line).expect("there is something right-to-left");
    arrange(line, &order, writer).iter().map(|glyph| glyph.text.as_ref()).collect()
}

#[test]
fn what_is_seen_is_in_visual_order() {
    let cases = [
        ("אבג", "גבא"),
        ("abc אבג def", "abc גבא def"),
        ("אבג abc דהו", "והד abc גבא"),
        ("אבג (דהו)", "(והד) גבא"),
        ("מחיר 12.50 ש", "ש 12.50 ריחמ"),
        ("אבג, abc!", "!abc ,גבא"),
        ("שָׁלוֹם", "םוֹלשָׁ"),
        ("«أب»", "«\u{fe8f}\u{fe83}»"),
        ("سلام", "\u{fee1}\u{fe8e}\u{fee0}\u{feb3}"),
        ("قبل 2026", "2026 \u{fede}\u{fe92}\u{fed7}"),
    ];
    for (line, expected) in cases {
        assert_eq!(written(line, Writer::Visual), expected, "{line}");
    }
}

#[test]
fn terminals_that_reorder_get_runs_or_words() {
    assert_eq!(written("abc אבג דהו def", Writer::Runs), "abc \u{200e}אבג דהו\u{200e} def");
    assert_eq!(written("abc אבג דהו def", Writer::Words), "abc דהו אבג def");
    assert_eq!(written("abc אבג דהו def", Writer::Logical), "abc אבג דהו def");
    assert_eq!(written("אבג abc", Writer::Runs), "abc\u{200e}אבג \u{200e}");
}

#[test]
fn directions_are_told_by_most_letters() {
    for text in ["", "abc", "東京", "Größe — “x”", "Москва", "😀", "123"] {
        assert!(!has_rtl(text) && order(text).is_none(), "{text}");
    }
    for (text, rtl) in [
        ("אבג abc", true),
        ("abc אבג", false),
        ("12 אבג", true),
        ("«سلام»", true),
        ("IBM אמרה", true),
        ("שלום means peace", false),
    ] {
        assert!(has_rtl(text), "{text}");
        assert_eq!((reads_rtl(text), order(text).unwrap().rtl), (rtl, rtl), "{text}");
    }
}

#[test]
fn the_lines_of_a_paragraph_share_its_direction() {
    let text = "אבג דהו abc def";
    let paragraph = Paragraph::new(text, None).unwrap();
    let second = paragraph.line(14..text.len());
    assert_eq!(&text[14..], "abc def");
    assert!(second.rtl);
    assert_eq!(second.runs, [Run { range: 0..7, rtl: false }]);
    assert!(Paragraph::new("abc", Some(true)).unwrap().line(0..3).rtl);
    assert!(paragraph.line(3..3).runs.is_empty());
}

fn mixed() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "a",
        "B ",
        " ",
        "1",
        "23",
        "(",
        ")",
        "[",
        "«",
        "»",
        ".",
        ",",
        "-",
        "ש",
        "לו",
        "ם ",
        "שָׁ",
        "س",
        "لا",
        "م ",
        "َ",
        "ب",
        "پ",
        "گ",
        "٣",
        "東",
        "京 ",
        "😀",
        "e\u{301}",
        "ZWNJ\u{200c}ב",
        "!",
        "%",
        "$",
        "\u{a0}",
    ]);
    prop::collection::vec(part, 1..30).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn every_grapheme_is_written_once_and_takes_its_cells(line in mixed()) {
        let Some(order) = order(&line) else { return Ok(()) };
        for writer in [Writer::Visual, Writer::Runs, Writer::Words, Writer::Logical] {
            let glyphs = arrange(&line, &order, writer);
            let mut sources: Vec<Range<usize>> = glyphs.iter().map(|glyph| glyph.source.clone()).collect();
            sources.sort_by_key(|source| source.start);
            let graphemes: Vec<Range<usize>> =
                line.grapheme_indices(true).map(|(at, text)| at..at + text.len()).collect();
            prop_assert_eq!(sources, graphemes);
            for glyph in &glyphs {
                prop_assert_eq!(width(&glyph.text), width(&line[glyph.source.clone()]), "{:?}", glyph);
            }
        }
    }
}
