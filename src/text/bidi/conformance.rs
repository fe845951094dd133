//! The conformance tests that Unicode publishes. Their data is large, so it is read from the folder
//! of corpora.

use std::{env, fs, io::Write as _, path::Path};

use unicode_bidi::Level;
use unicode_segmentation::UnicodeSegmentation;

use super::BidiParagraph;

/// A test case that is wrong since Unicode 17, in which U+2701 is not an emoji, so that nothing
/// joins it.
const OUTDATED_CASE: &str = "÷ 2701 × 200D × 2701 ÷";

/// Reads a file of the corpora; says that the test is skipped if there are none.
#[expect(
    clippy::disallowed_methods,
    reason = "the location of the corpora is known only to whoever runs the test"
)]
fn read_corpus(name: &str) -> Option<String> {
    let Some(folder) = env::var_os("NEWSREADER_CORPORA") else {
        // Not `eprintln!`, whose output is only shown when a test fails.
        let _ = writeln!(std::io::stderr(), "skipped {name}: NEWSREADER_CORPORA is not set");
        return None;
    };
    let path = Path::new(&folder).join("unicode").join(name);
    Some(fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// Returns the lines of a test file without comments.
fn test_cases(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|line| !line.is_empty())
}

fn parse_hex_char(hex: &str) -> char {
    u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).unwrap()
}

/// Checks a line of BidiCharacterTest: base direction, levels and visual order.
fn bidi_case_passes(case: &str) -> bool {
    let fields: Vec<&str> = case.split(';').collect();
    let [text, direction, base, levels, visual] = fields[..] else { panic!("{case}") };
    let text: String = text.split(' ').map(parse_hex_char).collect();
    let direction = direction
        .parse()
        .ok()
        .filter(|direction| *direction < 2)
        .map(|level| Level::new(level).unwrap());
    let paragraph = BidiParagraph::with_base_level(&text, direction);
    // Characters that rule X9 removes have no level.
    let levels: Vec<Option<u8>> = levels.split(' ').map(|level| level.parse().ok()).collect();
    paragraph.is_rtl() == (base == "1")
        && levels_match(&paragraph, &text, &levels)
        && visual_order(&paragraph, &text, &levels) == visual
}

fn levels_match(paragraph: &BidiParagraph, text: &str, expected: &[Option<u8>]) -> bool {
    let levels = paragraph.line_levels(0..text.len());
    let found = text.char_indices().map(|(at, _)| levels[at].number());
    found.zip(expected).all(|(found, expected)| expected.is_none_or(|expected| found == expected))
}

fn visual_order(paragraph: &BidiParagraph, text: &str, levels: &[Option<u8>]) -> String {
    let order = paragraph.line_order(0..text.len());
    let mut visual: Vec<usize> = Vec::new();
    for run in order.runs {
        let characters = text.char_indices().enumerate();
        let part =
            characters.filter(|(_, (at, _))| (run.start..run.end).contains(at)).map(|(nth, _)| nth);
        let part: Vec<usize> = part.filter(|nth| levels[*nth].is_some()).collect();
        if run.rtl { visual.extend(part.iter().rev()) } else { visual.extend(part) }
    }
    visual.iter().map(usize::to_string).collect::<Vec<_>>().join(" ")
}

/// Checks that graphemes end at each `÷` of a line of GraphemeBreakTest.
fn grapheme_case_passes(case: &str) -> bool {
    let graphemes = case.split('÷').map(str::trim).filter(|part| !part.is_empty());
    let graphemes: Vec<String> = graphemes
        .map(|part| part.split('×').map(|hex| parse_hex_char(hex.trim())).collect())
        .collect();
    graphemes.concat().graphemes(true).eq(graphemes.iter().map(String::as_str))
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn bidi_conforms_to_bidi_character_test() {
    let Some(text) = read_corpus("BidiCharacterTest.txt") else { return };
    let wrong: Vec<&str> = test_cases(&text).filter(|case| !bidi_case_passes(case)).collect();
    assert!(
        wrong.is_empty(),
        "{} of {}: {:#?}",
        wrong.len(),
        test_cases(&text).count(),
        &wrong[..wrong.len().min(20)]
    );
    assert!(test_cases(&text).count() > 90_000);
}

#[test]
#[ignore = "needs NEWSREADER_CORPORA"]
fn graphemes_conform_to_grapheme_break_test() {
    let Some(text) = read_corpus("GraphemeBreakTest.txt") else { return };
    let wrong: Vec<&str> = test_cases(&text)
        .filter(|case| *case != OUTDATED_CASE && !grapheme_case_passes(case))
        .collect();
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), test_cases(&text).count());
    assert!(test_cases(&text).count() > 600);
}
