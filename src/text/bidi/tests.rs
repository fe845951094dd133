//! The display of lines, as tables. As in UAX #9, capitals stand for Hebrew letters, and `|` for a
//! fence.

use super::*;
use crate::text::width;

/// Returns the order of a line whose first letter decides its direction, as in UAX #9.
fn order_by_first_letter(line: &str) -> Option<LineOrder> {
    BidiParagraph::new(line).map(|paragraph| paragraph.line_order(0..line.len()))
}

/// Replaces capitals with Hebrew letters.
fn to_hebrew(text: &str) -> String {
    let letter = |c: char| char::from_u32(u32::from(c) - u32::from('A') + 0x5d0).unwrap();
    text.chars().map(|c| if c.is_ascii_uppercase() { letter(c) } else { c }).collect()
}

/// Replaces Hebrew letters with capitals and fences with bars.
fn from_hebrew(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{200e}' => '|',
        '\u{5d0}'..='\u{5e9}' => char::from_u32(u32::from(c) - 0x5d0 + u32::from('A')).unwrap(),
        c => c,
    };
    text.chars().map(plain).collect()
}

fn reordered_text(line: &str, writer: BidiMode) -> String {
    let Some(order) = order_by_first_letter(line) else { return line.to_owned() };
    reorder_line(line, &order, writer).iter().map(|glyph| glyph.text.as_ref()).collect()
}

fn assert_reordered(writer: BidiMode, cases: &[(&str, &str)]) {
    for (line, expected) in cases {
        assert_eq!(from_hebrew(&reordered_text(&to_hebrew(line), writer)), *expected, "{line}");
    }
}

#[test]
fn has_rtl_detects_rtl_text() {
    for text in ["שלום", "ab ش", "١٢٣", "\u{202e}", "\u{1e900}", "ﺵ"] {
        assert!(has_rtl(text), "{text}");
    }
    for text in
        ["", "plain", "“It’s” — 5 °C…", "東京の天気", "한국", "हिन्दी", "ไทย", "😀", "\u{feff}", "ﬁ"]
    {
        assert!(!has_rtl(text), "{text}");
    }
}

#[test]
fn has_rtl_covers_every_rtl_bidi_class() {
    use unicode_bidi::{BidiClass::*, bidi_class};
    let turning =
        ('\0'..=char::MAX).filter(|c| matches!(bidi_class(*c), R | AL | AN | RLE | RLO | RLI));
    for c in turning {
        assert!(has_rtl(&c.to_string()), "{c:?}");
    }
}

#[test]
fn paragraph_takes_base_direction_from_first_letter() {
    let cases = [
        ("abc ABC", Some(false)),
        ("ABC abc", Some(true)),
        ("12 - (ABC) abc", Some(true)),
        ("١٢", Some(false)),
        ("abc", None),
        ("", None),
        ("\u{fd3e}", None),
    ];
    for (text, rtl) in cases {
        assert_eq!(
            BidiParagraph::new(&to_hebrew(text)).map(|paragraph| paragraph.is_rtl()),
            rtl,
            "{text}"
        );
    }
}

#[test]
fn line_order_uses_paragraph_direction() {
    let text = to_hebrew("AB cd ef GH");
    let paragraph = BidiParagraph::new(&text).unwrap();
    let cut = text.find("ef").unwrap();
    let lines = [0..cut - 1, cut..text.len(), cut..cut + 2, cut..cut];
    let shown = lines.map(|range| {
        let order = paragraph.line_order(range.clone());
        assert!(order.rtl);
        reorder_line(&text[range], &order, BidiMode::Visual)
            .iter()
            .map(|glyph| from_hebrew(&glyph.text))
            .collect::<String>()
    });
    assert_eq!(shown, ["cd BA", "HG ef", "ef", ""]);
}

#[test]
fn trailing_whitespace_goes_to_line_end() {
    assert_reordered(BidiMode::Visual, &[("ABC de  ", "  de CBA"), ("ab CDE  ", "ab EDC  ")]);
}

#[test]
fn visual_mode_reorders_lines() {
    assert_reordered(
        BidiMode::Visual,
        &[
            ("", ""),
            ("all left (to) right", "all left (to) right"),
            ("he said CAR.", "he said RAC."),
            ("CAR means car.", ".means car RAC"),
            ("CAR (means) <car>", "<car> (means) RAC"),
            ("ab (CD EF) gh", "ab (FE DC) gh"),
            ("AB (cd) [EF]", "[FE] (cd) BA"),
            ("A (b", "b) A"),
            ("AB 12.5% CD", "DC 12.5% BA"),
            ("AB -5 CD", "DC 5- BA"),
            ("AB: 2023-05-17", "2023-05-17 :BA"),
            ("rust 1.89: ABC DEF!", "rust 1.89: FED CBA!"),
            ("«AB» — “CD”", "”DC“ — «BA»"),
            ("ab 😀 AB 東京 CD", "ab 😀 BA 東京 DC"),
            ("AB 😀 東京", "東京 😀 BA"),
        ],
    );
}

#[test]
fn visual_mode_keeps_marks_after_letters() {
    let cases = [
        // shalom, all letters with their points
        (
            "\u{5e9}\u{5c1}\u{5b8}\u{5dc}\u{5d5}\u{5b9}\u{5dd}",
            "\u{5dd}\u{5d5}\u{5b9}\u{5dc}\u{5e9}\u{5c1}\u{5b8}",
        ),
        ("\u{5d1}\u{5bc}\u{5b0} e\u{301}", "e\u{301} \u{5d1}\u{5bc}\u{5b0}"),
        ("e\u{301} \u{5d1}\u{5b0}\u{5d2}\u{5b8}", "e\u{301} \u{5d2}\u{5b8}\u{5d1}\u{5b0}"),
    ];
    for (line, expected) in cases {
        assert_eq!(reordered_text(line, BidiMode::Visual), expected, "{line}");
    }
}

#[test]
fn visual_mode_shapes_arabic_letters() {
    let cases = [
        // salam: lam and alef take a cell each.
        ("\u{633}\u{644}\u{627}\u{645}", "\u{fee1}\u{fe8e}\u{fee0}\u{feb3}"),
        // la, alone.
        ("\u{644}\u{627}", "\u{fe8e}\u{fedf}"),
        // A mark is passed over, and stays after its letter: bismi.
        (
            "\u{628}\u{650}\u{633}\u{652}\u{645}\u{650}",
            "\u{fee2}\u{650}\u{feb4}\u{652}\u{fe91}\u{650}",
        ),
        // Many marks: Allah with shadda and dagger alef.
        (
            "\u{627}\u{644}\u{644}\u{651}\u{670}\u{647}",
            "\u{feea}\u{fee0}\u{651}\u{670}\u{fedf}\u{fe8d}",
        ),
        // Letters that never join the next one; hamza joins none.
        ("\u{62f}\u{627}\u{631}", "\u{fead}\u{fe8d}\u{fea9}"),
        ("\u{628}\u{621}\u{628}", "\u{fe8f}\u{fe80}\u{fe8f}"),
        // Tatweel joins both sides.
        ("\u{645}\u{640}\u{62f}", "\u{feaa}\u{640}\u{fee3}"),
        // Words do not join, nor does Latin.
        ("\u{647} \u{647}", "\u{fee9} \u{fee9}"),
        ("\u{647}a", "a\u{fee9}"),
        // Persian: mikhaham, with a joiner that keeps apart; peh, gaf and jeh.
        (
            "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}",
            "\u{fee2}\u{feeb}\u{fe8d}\u{feee}\u{fea7}\u{fbfd}\u{fee3}",
        ),
        ("\u{67e}\u{6af}\u{698}", "\u{fb8b}\u{fb95}\u{fb58}"),
        // The joiner that joins: heh as an abbreviation.
        ("\u{647}\u{200d}", "\u{feeb}"),
        // Urdu: hai, larkon with noon ghunna, tteh; heh goal with hamza.
        ("\u{6c1}\u{6d2}", "\u{fbaf}\u{fba8}"),
        ("\u{644}\u{691}\u{6a9}\u{648}\u{6ba}", "\u{fb9e}\u{feee}\u{fb90}\u{fb8d}\u{fedf}"),
        ("\u{679}\u{679}\u{679}", "\u{fb67}\u{fb69}\u{fb68}"),
        ("\u{628}\u{6c2}", "\u{fba7}\u{654}\u{fe91}"),
        // Kurdish: ae never joins the next letter. Small v has no form; its neighbours join it all
        // the same.
        ("\u{628}\u{6d5}\u{628}", "\u{fe8f}\u{feea}\u{fe91}"),
        ("\u{628}\u{6ce}\u{628}", "\u{fe90}\u{6ce}\u{fe91}"),
        // What already is a form stays.
        ("\u{fe8d}\u{628}", "\u{fe8f}\u{fe8d}"),
        // A sign that spans a number.
        ("\u{600}\u{661}\u{662}", "\u{600}\u{661}\u{662}"),
    ];
    for (line, expected) in cases {
        assert_eq!(reordered_text(line, BidiMode::Visual), expected, "{}", line.escape_unicode());
        assert_eq!(
            width(&reordered_text(line, BidiMode::Visual)),
            width(line),
            "{}",
            line.escape_unicode()
        );
    }
}

#[test]
fn runs_mode_fences_runs() {
    assert_reordered(
        BidiMode::Runs,
        &[
            ("he said CAR.", "he said |CAR|."),
            ("CAR means car.", ".|means car| |CAR|"),
            ("CAR", "CAR|"),
            ("ab (CD EF) gh", "ab (|CD EF|) gh"),
            ("AB (cd) [EF]", "[|EF|] (|cd|) |AB|"),
            ("AB (CD) EF", "EF| (|CD|) |AB|"),
            ("AB, CD! 5", "5| !|AB, CD|"),
            ("AB CD", "AB CD|"),
            ("a٣[٣)a]", "a٣|[٣|)a]"),
        ],
    );
}

#[test]
fn runs_and_words_modes_leave_arabic_unshaped() {
    let title = "\u{62e}\u{628}\u{631} (Rust)";
    assert_eq!(
        from_hebrew(&reordered_text(title, BidiMode::Runs)),
        "(|Rust|) |\u{62e}\u{628}\u{631}|"
    );
    assert_eq!(reordered_text(title, BidiMode::Words), "(Rust) \u{62e}\u{628}\u{631}");
}

#[test]
fn words_mode_reorders_words() {
    assert_reordered(
        BidiMode::Words,
        &[
            ("he said CAR.", "he said CAR."),
            ("ABC DE fgh", "fgh DE ABC"),
            ("ab (CD EF) gh", "ab (EF CD) gh"),
            ("AB, CD - EF 5", "5 EF - CD AB,"),
            ("AB (5", "5) AB"),
        ],
    );
}

#[test]
fn logical_mode_keeps_lines() {
    assert_reordered(BidiMode::Logical, &[("CAR (means) car.", "CAR (means) car.")]);
}

#[test]
fn reorder_line_ignores_order_of_another_line() {
    let order = line_order(&to_hebrew("AB")).unwrap();
    for writer in [BidiMode::Visual, BidiMode::Runs, BidiMode::Words] {
        let line = to_hebrew("ABC");
        let glyphs: String =
            reorder_line(&line, &order, writer).iter().map(|glyph| glyph.text.as_ref()).collect();
        assert_eq!(glyphs, line);
    }
}
