//! Letters for terminals that neither join Arabic letters nor mirror brackets.

use std::{borrow::Cow, ops::Range};

use unicode_bidi_mirroring::get_mirrored;
use unicode_joining_type::{JoiningType, get_joining_type};

use super::presentation_forms::{self, LetterJoining};

/// Heh goal with hamza, which has no forms; those of heh goal with a hamza above look the same.
const HEH_GOAL: char = '\u{6c1}';
const HEH_GOAL_WITH_HAMZA: char = '\u{6c2}';
const HAMZA_ABOVE: &str = "\u{654}";

/// Returns the grapheme at `source` of `line`, mirrored if it is a bracket (rule L4).
pub(super) fn mirror_grapheme(line: &str, source: Range<usize>) -> Cow<'_, str> {
    let text = &line[source];
    let mut rest = text.chars();
    match rest.next().and_then(get_mirrored) {
        None => Cow::Borrowed(text),
        Some(turned) => Cow::Owned(format!("{turned}{}", rest.as_str())),
    }
}

/// Returns the grapheme at `source` of `line`: an Arabic letter in its joined form, a bracket
/// mirrored.
///
/// Joiners are dropped once a letter has its form.
pub(super) fn shape_grapheme(line: &str, source: Range<usize>) -> Cow<'_, str> {
    let text = &line[source.clone()];
    let Some((at, letter, form)) = find_shaped_letter(line, source.clone()) else {
        return mirror_grapheme(line, source);
    };
    if letter.len_utf8() == text.len() && letter != HEH_GOAL_WITH_HAMZA {
        return Cow::Borrowed(form);
    }
    let mut shown = format!("{}{form}", &line[source.start..at]);
    if letter == HEH_GOAL_WITH_HAMZA {
        shown.push_str(HAMZA_ABOVE);
    }
    let marks = &line[at + letter.len_utf8()..source.end];
    shown.push_str(marks.trim_end_matches(['\u{200c}', '\u{200d}']));
    Cow::Owned(shown)
}

/// Finds the letter of a grapheme that has a form: its position and the form. A sign for numbers
/// may stand before it.
fn find_shaped_letter(line: &str, source: Range<usize>) -> Option<(usize, char, &'static str)> {
    let mut letters =
        line[source.clone()].char_indices().map(|(at, letter)| (source.start + at, letter));
    letters.find_map(|(at, letter)| Some((at, letter, presentation_form(line, at, letter)?)))
}

/// Returns the form of the `letter` at `at` that fits the letters around it. Marks between them do
/// not count.
fn presentation_form(line: &str, at: usize, letter: char) -> Option<&'static str> {
    // A fast exit for all other scripts.
    if !('\u{621}'..='\u{6d5}').contains(&letter) {
        return None;
    }
    let (before, after) = (&line[..at], &line[at + letter.len_utf8()..]);
    // Only letters look at their neighbours: from each of a thousand marks that would take a while.
    let joined = LetterJoining {
        with_previous: joins_previous(letter)
            && before.chars().rev().find(|c| is_not_transparent(*c)).is_some_and(joins_next),
        with_next: joins_next(letter)
            && after.chars().find(|c| is_not_transparent(*c)).is_some_and(joins_previous),
    };
    presentation_forms::lookup_form(
        if letter == HEH_GOAL_WITH_HAMZA { HEH_GOAL } else { letter },
        joined,
    )
}

/// Returns true if `c` is not transparent for joining: all characters but marks.
fn is_not_transparent(c: char) -> bool {
    get_joining_type(c) != JoiningType::Transparent
}

fn joins_previous(c: char) -> bool {
    use JoiningType::{DualJoining, JoinCausing, RightJoining};
    matches!(get_joining_type(c), DualJoining | RightJoining | JoinCausing)
}

fn joins_next(c: char) -> bool {
    use JoiningType::{DualJoining, JoinCausing, LeftJoining};
    matches!(get_joining_type(c), DualJoining | LeftJoining | JoinCausing)
}
