//! Arabic letters in the forms they have beside their neighbours, for terminals that draw each letter as it stands
//! alone.

use ar_reshaper::{form::Forms, letters::letters_db::LETTERS_ARABIC};

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';
const TATWEEL: char = '\u{640}';

/// The letter `c` between what is before and behind it in logical order; itself, if it is none that joins.
///
/// Neighbours are letters: marks between them count for nothing. Lam and alef stay two letters, as terminals give them
/// two cells.
pub(super) fn shaped(c: char, before: Option<char>, after: Option<char>) -> char {
    let Some(forms) = forms(c) else { return c };
    let joins_before = before.is_some_and(joins_onwards) && forms.end != '\0';
    let joins_after = after.is_some_and(joins_backwards) && forms.initial != '\0';
    let form = match (joins_before, joins_after) {
        (true, true) if forms.medial != '\0' => forms.medial,
        (true, _) => forms.end,
        (false, true) => forms.initial,
        (false, false) => forms.isolated,
    };
    if form == '\0' { c } else { form }
}

/// Whether neighbours are looked for beyond `c`: it is a mark.
pub(super) fn is_transparent(c: char) -> bool {
    matches!(c, '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}' | '\u{6e7}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{8d3}'..='\u{8ff}')
}

/// Whether the letter after `c` may be joined to it.
fn joins_onwards(c: char) -> bool {
    match c {
        TATWEEL | ZERO_WIDTH_JOINER => true,
        ZERO_WIDTH_NON_JOINER => false,
        c => forms(c).is_some_and(|forms| forms.initial != '\0'),
    }
}

/// Whether `c` may be joined to the letter before it.
fn joins_backwards(c: char) -> bool {
    match c {
        TATWEEL | ZERO_WIDTH_JOINER => true,
        ZERO_WIDTH_NON_JOINER => false,
        c => forms(c).is_some_and(|forms| forms.end != '\0'),
    }
}

fn forms(c: char) -> Option<&'static Forms> {
    if !matches!(c, '\u{621}'..='\u{6d5}') || c == TATWEEL {
        return None;
    }
    LETTERS_ARABIC.iter().find(|(letter, _)| *letter == c).map(|(_, forms)| forms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> String {
        let letters: Vec<char> = text.chars().collect();
        let letter = |(index, c): (usize, &char)| {
            let before = letters[..index].iter().rev().find(|c| !is_transparent(**c)).copied();
            let after = letters[index + 1..].iter().find(|c| !is_transparent(**c)).copied();
            shaped(*c, before, after)
        };
        letters.iter().enumerate().map(letter).collect()
    }

    #[test]
    fn letters_take_the_form_of_their_place() {
        let cases = [
            ("سلام", "\u{feb3}\u{fee0}\u{fe8e}\u{fee1}"),
            ("ب", "\u{fe8f}"),
            ("دار", "\u{fea9}\u{fe8d}\u{fead}"),
            ("بَبٌ", "\u{fe91}\u{64e}\u{fe90}\u{64c}"),
            ("پدر", "\u{fb58}\u{feaa}\u{fead}"),
            ("بـ", "\u{fe91}\u{640}"),
            ("ب\u{200c}ب", "\u{fe8f}\u{200c}\u{fe8f}"),
            ("ا ب", "\u{fe8d} \u{fe8f}"),
            ("شيء", "\u{feb7}\u{fef2}\u{fe80}"),
            ("abc שלום 123", "abc שלום 123"),
        ];
        for (text, expected) in cases {
            assert_eq!(word(text), expected, "{text}");
        }
    }
}
