//! The number of words that a match of a part of a regular expression has room for.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

use crate::text::fold_word_char;

/// Maximum number of characters in a class whose characters are folded one by one.
const MAX_CLASS_CHARS: u32 = 64;

/// Returns the maximum number of words that begin in a match of `hir`; `None` if there is no limit.
pub(super) fn max_words(hir: &Hir) -> Option<u32> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            u32::try_from(text.chars().filter(|c| may_be_word_char(*c)).count()).ok()
        }
        HirKind::Class(class) => Some(u32::from(may_have_word_char(class))),
        HirKind::Repetition(repetition) => match max_words(&repetition.sub)? {
            0 => Some(0),
            words => words.checked_mul(repetition.max?),
        },
        HirKind::Capture(capture) => max_words(&capture.sub),
        HirKind::Concat(hirs) => {
            hirs.iter().try_fold(0_u32, |words, hir| words.checked_add(max_words(hir)?))
        }
        HirKind::Alternation(hirs) => {
            hirs.iter().try_fold(0, |words, hir| Some(max_words(hir)?.max(words)))
        }
    }
}

/// Returns true if a character that an expression which ignores case takes for `c` may be in a word.
pub(super) fn may_be_word_char(c: char) -> bool {
    let is_word_char = |c: char| fold_word_char(c).is_some();
    cases_of_char(c).is_none_or(|cases| cases.into_iter().any(is_word_char))
}

/// Returns true if a class has many characters, or one that may be in a word.
fn may_have_word_char(class: &Class) -> bool {
    chars_of_small_class(class).is_none_or(|chars| chars.into_iter().any(may_be_word_char))
}

/// Returns all characters that an expression which ignores case takes for `c`; `None` if the tables of
/// `regex_syntax` are not there.
pub(super) fn cases_of_char(c: char) -> Option<Vec<char>> {
    let mut cases = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
    cases.try_case_fold_simple().ok()?;
    Some(cases.iter().flat_map(|range| range.start()..=range.end()).collect())
}

/// Returns the characters of a class if they are at most [`MAX_CLASS_CHARS`].
pub(super) fn chars_of_small_class(class: &Class) -> Option<Vec<char>> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) if class.is_ascii() => {
            class.iter().map(|range| (range.start().into(), range.end().into())).collect()
        }
        Class::Bytes(_) => return None,
    };
    let sizes = ranges.iter().map(|(start, end)| u32::from(*end) - u32::from(*start) + 1);
    let is_small = sizes.sum::<u32>() <= MAX_CLASS_CHARS;
    is_small.then(|| ranges.into_iter().flat_map(|(start, end)| start..=end).collect())
}

#[cfg(test)]
mod tests {
    use super::may_be_word_char;
    use crate::{query::regex_pattern::running_words, text::fold};

    #[test]
    fn no_character_makes_two_words() {
        for c in '\0'..=char::MAX {
            let words = running_words(&fold(&format!("a{c}b"))).split_whitespace().count();
            let most = 2 + usize::from(may_be_word_char(c));
            assert!(words <= most, "{c:?} makes {words} words");
        }
    }
}
