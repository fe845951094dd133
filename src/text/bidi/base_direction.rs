//! The base direction of a text.

use std::cmp::Ordering;

use unicode_bidi::{BidiClass, bidi_class};

use super::has_rtl;

/// Number of letters that decide the direction of a text.
const SAMPLE_LETTERS: usize = 1000;

/// Returns true if `text` reads from right to left as a whole: most of its letters do, or half of
/// them and the first.
///
/// News often begins with the name of a company or person in foreign letters. Rules P2 and P3,
/// which look only at the first letter, would set such a paragraph from left to right. UAX #9 §4.3
/// (HL1) allows a better choice.
pub fn has_rtl_base(text: &str) -> bool {
    if !has_rtl(text) {
        return false;
    }
    let directions = text.chars().filter_map(|c| match bidi_class(c) {
        BidiClass::L => Some(false),
        BidiClass::R | BidiClass::AL => Some(true),
        _ => None,
    });
    let directions: Vec<bool> = directions.take(SAMPLE_LETTERS).collect();
    let rtl = directions.iter().filter(|rtl| **rtl).count();
    match (rtl * 2).cmp(&directions.len()) {
        Ordering::Greater => true,
        Ordering::Less => false,
        Ordering::Equal => directions.first().copied().unwrap_or(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_direction_follows_most_letters() {
        let cases = [
            ("", false),
            ("abc", false),
            ("אבג", true),
            ("אבג abc", true),
            ("abc אבג", false),
            ("12 אבג", true),
            ("«سلام»", true),
            ("IBM אמרה", true),
            ("שלום means peace", false),
        ];
        for (text, rtl) in cases {
            assert_eq!(has_rtl_base(text), rtl, "{text}");
        }
    }
}
