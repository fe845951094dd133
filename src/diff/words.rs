//! The words that differ between two versions of a block.

use super::{
    align::{WorkBudget, align_equal},
    text_diff::{DiffSpan, DiffSpanKind},
};
use crate::text::split_word_units;

/// Maximum length of a word that two changes share between them, in characters: `a`, `of`, `the`.
/// Where whole phrases were replaced, it is there by chance.
const MAX_CHANCE_WORD_CHARS: usize = 3;

/// A word or a sign, with the white space before it.
#[derive(Clone, Copy)]
struct SpacedUnit<'t> {
    space: &'t str,
    unit: &'t str,
}

/// A change, and the text up to the next one, which both versions have.
#[derive(Default)]
struct ChangedStretch {
    deleted: String,
    inserted: String,
    kept: String,
}

impl ChangedStretch {
    fn is_change(&self) -> bool {
        !self.deleted.is_empty() || !self.inserted.is_empty()
    }

    fn replaces_words(&self) -> bool {
        word_count(&self.deleted).max(word_count(&self.inserted)) >= 2
    }
}

/// Returns the spans of a block that `old` became `new` in. Both texts are in them to the last blank.
pub(super) fn diff_words(old: &str, new: &str, budget: &mut WorkBudget) -> Vec<DiffSpan> {
    let mut stretches = list_stretches(old, new, budget);
    merge_over_chance_words(&mut stretches);
    place_blanks(&mut stretches);
    let mut spans = Vec::new();
    for ChangedStretch { deleted, inserted, kept } in stretches {
        push_span(&mut spans, DiffSpanKind::Deleted, deleted);
        push_span(&mut spans, DiffSpanKind::Inserted, inserted);
        push_span(&mut spans, DiffSpanKind::Kept, kept);
    }
    spans
}

fn push_span(spans: &mut Vec<DiffSpan>, kind: DiffSpanKind, text: String) {
    match spans.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.kind == kind => last.text.push_str(&text),
        _ => spans.push(DiffSpan { kind, text }),
    }
}

fn list_stretches(old: &str, new: &str, budget: &mut WorkBudget) -> Vec<ChangedStretch> {
    let (old, new) = (split_spaced(old), split_spaced(new));
    let words = |units: &[SpacedUnit<'_>]| -> Vec<String> {
        units.iter().map(|unit| unit.unit.to_owned()).collect()
    };
    let pairs = align_equal(&words(&old), &words(&new), budget);
    let (mut old_at, mut new_at) = (0, 0);
    let mut stretches: Vec<ChangedStretch> = vec![ChangedStretch::default()];
    for (old_end, new_end) in pairs {
        let mut deleted = join_units(&old[old_at..old_end]);
        let mut inserted = join_units(&new[new_at..new_end]);
        let (old_unit, new_unit) = (old[old_end], new[new_end]);
        let mut kept = new_unit.unit.to_owned();
        if old_unit.space == new_unit.space {
            kept.insert_str(0, new_unit.space);
        } else {
            deleted.push_str(old_unit.space);
            inserted.push_str(new_unit.space);
        }
        if deleted.is_empty() && inserted.is_empty() {
            let last = stretches.last_mut().expect("the list begins with a stretch");
            last.kept.push_str(&kept);
        } else {
            stretches.push(ChangedStretch { deleted, inserted, kept });
        }
        (old_at, new_at) = (old_end + 1, new_end + 1);
    }
    stretches
}

/// Splits a text into its words. The last one is empty: the end of the text with the blanks before
/// it, which is the same in all texts.
fn split_spaced(text: &str) -> Vec<SpacedUnit<'_>> {
    let mut units = Vec::new();
    let mut end = 0;
    for unit in split_word_units(text) {
        let start = unit.as_ptr() as usize - text.as_ptr() as usize;
        units.push(SpacedUnit { space: &text[end..start], unit });
        end = start + unit.len();
    }
    units.push(SpacedUnit { space: &text[end..], unit: "" });
    units
}

fn join_units(units: &[SpacedUnit<'_>]) -> String {
    units.iter().flat_map(|unit| [unit.space, unit.unit]).collect()
}

fn word_count(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// Makes one change of two that have nothing between them but a sign or a short word, if both replace
/// several words.
fn merge_over_chance_words(stretches: &mut Vec<ChangedStretch>) {
    let mut merged: Vec<ChangedStretch> = Vec::with_capacity(stretches.len());
    for next in stretches.drain(..) {
        match merged.last_mut() {
            Some(last)
                if last.is_change()
                    && last.replaces_words()
                    && next.replaces_words()
                    && is_chance(&last.kept) =>
            {
                last.deleted.push_str(&last.kept);
                last.deleted.push_str(&next.deleted);
                last.inserted.push_str(&last.kept);
                last.inserted.push_str(&next.inserted);
                last.kept = next.kept;
            }
            _ => merged.push(next),
        }
    }
    *stretches = merged;
}

/// Returns true for a text of a sign or a short word.
fn is_chance(kept: &str) -> bool {
    let mut words = kept.split_whitespace();
    let is_short = |word: &str| word.chars().count() <= MAX_CHANCE_WORD_CHARS;
    words.next().is_none_or(is_short) && words.next().is_none()
}

/// Moves blanks at the ends of changes out of them, where both versions have them: `a [-b -]c` is
/// marked, and not `a[- b-] c`.
fn place_blanks(stretches: &mut [ChangedStretch]) {
    for at in 1..stretches.len() {
        let (before, rest) = stretches.split_at_mut(at);
        let (before, stretch) = (&mut before[at - 1].kept, &mut rest[0]);
        let ChangedStretch { deleted, inserted, kept } = stretch;
        if deleted.is_empty() || inserted.is_empty() {
            let changed = if deleted.is_empty() { inserted } else { deleted };
            rotate_blanks(before, changed, kept);
        } else {
            let blanks = common_blanks(deleted, inserted);
            before.push_str(&deleted[..blanks]);
            deleted.drain(..blanks);
            inserted.drain(..blanks);
        }
    }
}

/// Moves the blanks at the beginning of a change to its end, where the text after it begins with the
/// same ones.
fn rotate_blanks(before: &mut String, changed: &mut String, after: &mut String) {
    let blanks = common_blanks(changed, after);
    before.push_str(&changed[..blanks]);
    let moved: String = changed.drain(..blanks).collect();
    changed.push_str(&moved);
    after.drain(..blanks);
}

/// Returns the length of the white space with which both texts begin, in bytes.
fn common_blanks(one: &str, other: &str) -> usize {
    let both = one.chars().zip(other.chars());
    both.take_while(|(one, other)| one == other && one.is_whitespace())
        .map(|(one, _)| one.len_utf8())
        .sum()
}
