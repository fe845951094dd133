//! Sanitising of a text in parts, such as the spans of a paragraph.

use unicode_segmentation::UnicodeSegmentation;

use super::{
    chars::{ZERO_WIDTH_JOINER, is_emoji, is_inert, is_joiner, is_sequence_part, is_stacked_mark},
    check::is_sanitized,
    normalize::normalize,
    scrubber::{LineBreaks, Medium, Scrubber},
};

/// Sanitises the parts of a text, so that they are together what [`to_text_block`] makes of the whole
/// text.
///
/// No part begins within a character as a reader sees it (a grapheme cluster of UAX #29): a combining
/// mark, or another character that continues one, belongs to the part of the character before it. Only
/// at the start of a line, where there is none, a part may begin with a mark.
///
/// [`to_text_block`]: super::to_text_block
pub fn to_text_block_in_parts(parts: &mut [&mut String]) {
    if are_sanitized(parts) {
        return;
    }
    let mut end = 0;
    let part_end = |part: &&mut String| {
        end += part.len();
        end
    };
    let mut ends: Vec<usize> = parts.iter().map(part_end).collect();
    let whole: String = parts.iter().map(|part| part.as_str()).collect();
    let scrubbed = Scrubber::new(LineBreaks::Keep, Medium::Text).scrub_parts(&whole, &mut ends);
    move_to_boundaries(&mut ends, &scrubbed);
    let mut start = 0;
    for (part, end) in parts.iter_mut().zip(ends) {
        **part = normalize(scrubbed[start..end].to_owned());
        start = end;
    }
}

/// Returns true if nothing in the parts changes: a check that most texts pass.
fn are_sanitized(parts: &[&mut String]) -> bool {
    let mut before = None;
    parts.iter().filter(|part| !part.is_empty()).all(|part| {
        let is_after_boundary = before.zip(part.chars().next()).is_none_or(is_certain_boundary);
        before = part.chars().next_back();
        is_after_boundary && is_sanitized(part, LineBreaks::Keep, Medium::Text)
    })
}

/// Returns true if a part may begin between two neighbouring characters of sanitized text, whatever
/// stands before and after them; false if that depends on the text around them.
fn is_certain_boundary((before, after): (char, char)) -> bool {
    if before == '\n' || after == '\n' || is_inert(before) && is_inert(after) {
        return true;
    }
    // An inert character is joined with others by its neighbour alone.
    (is_inert(before) || is_inert(after))
        && !is_stacked_mark(after)
        && are_two_graphemes(before, after)
}

/// Moves each of `ends`, which ascend, to the next place in `text` at which a part may begin.
fn move_to_boundaries(ends: &mut [usize], text: &str) {
    let starts = text.grapheme_indices(true).map(|(start, _)| start);
    let mut boundaries = starts.filter(|at| is_boundary(text, *at)).chain([text.len()]);
    let mut boundary = 0;
    for end in ends {
        while boundary < *end {
            boundary = boundaries.next().unwrap_or(text.len());
        }
        *end = boundary;
    }
}

/// Returns true if a part may begin at the start of the grapheme at byte `at`: the character there is
/// normalised and displayed without regard to those before it.
fn is_boundary(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let Some(first) = text[at..].chars().next() else { return true };
    match before.next() {
        None | Some('\n') => true,
        _ if is_joiner(first) || is_sequence_part(first) || is_stacked_mark(first) => false,
        Some(ZERO_WIDTH_JOINER) if is_emoji(first) => false,
        // The screen leaves the parts of sequences out.
        Some(last) if is_sequence_part(last) || is_joiner(last) => {
            let base = before.find(|c| !is_sequence_part(*c) && !is_joiner(*c));
            base.is_none_or(|base| are_two_graphemes(base, first))
        }
        Some(_) => true,
    }
}

fn are_two_graphemes(before: char, after: char) -> bool {
    String::from_iter([before, after]).graphemes(true).nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::to_text_block, *};

    fn sanitize_parts(parts: &[&str]) -> Vec<String> {
        let mut texts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        let mut borrowed: Vec<&mut String> = texts.iter_mut().collect();
        to_text_block_in_parts(&mut borrowed);
        texts
    }

    #[test]
    fn to_text_block_in_parts_keeps_characters_whole() {
        let cases: [(&[&str], &[&str]); 15] = [
            (&["a", "b"], &["a", "b"]),
            (&["s", "\u{301}taient"], &["ś", "taient"]),
            (&["x", "\u{323}", "\u{301}y"], &["x\u{323}\u{301}", "", "y"]),
            (&["👩", "\u{200d}", "💻!"], &["👩\u{200d}💻", "", "!"]),
            (&["👍", "🏽"], &["👍🏽", ""]),
            (&["❤", "\u{fe0f} 1", "\u{20e3}"], &["❤\u{fe0f}", " 1\u{20e3}", ""]),
            (&["🇫", "🇷🇩", "🇪"], &["🇫🇷", "🇩🇪", ""]),
            (&["\u{1112}", "\u{1161}", "\u{11ab}글"], &["한", "", "글"]),
            (&["\u{1112}\u{fe0f}", "\u{1161}글"], &["\u{1112}\u{fe0f}\u{1161}", "글"]),
            (&["می\u{200c}", "خواهم"], &["می\u{200c}", "خواهم"]),
            (&["हि", "न्दी ", "की"], &["हि", "न्दी ", "की"]),
            (&["a\n", "\u{301}b"], &["a\n", "\u{301}b"]),
            (&["\u{301}", "b"], &["\u{301}", "b"]),
            (&["a\u{ad}", "\u{301}b"], &["á", "b"]),
            (&["a\u{1b}", "[1mb\r", "\nc"], &["a", "b", "\nc"]),
        ];
        for (parts, expected) in cases {
            assert_eq!(sanitize_parts(parts), expected, "{parts:?}");
        }
    }

    #[test]
    fn to_text_block_in_parts_takes_linear_time() {
        let parts = vec!["e\u{301}"; 200_000];
        assert_eq!(sanitize_parts(&parts).concat(), "é".repeat(200_000));
    }

    proptest! {
        #[test]
        fn to_text_block_in_parts_equals_to_text_block_of_whole(
            parts in prop::collection::vec(super::super::hostile_text::hostile_text(), 0..6)
        ) {
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let whole = parts.concat();
            prop_assert_eq!(sanitize_parts(&parts).concat(), to_text_block(&whole));
        }
    }
}
