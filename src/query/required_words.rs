//! The words that a text must contain if a regular expression matches it.
//!
//! A regular expression matches the text as it is, the index has folded words. What an expression
//! says about letters side by side holds for the words as well, once both are folded: `caf[eé]s?`
//! can only match where some word contains `cafe`. Everything else of an expression, such as blanks
//! and signs, is left out, so that the condition holds for every text that matches and for some
//! others.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};

use super::{regex_pattern::RegexPattern, word_pattern::WordPattern};
use crate::text::{WordPlace, fold_word_char};

/// A condition on the folded words of a text.
#[derive(Debug, Clone, PartialEq)]
pub enum RequiredWords {
    /// All of the conditions hold.
    All(Vec<RequiredWords>),
    /// At least one of the conditions holds.
    Any(Vec<RequiredWords>),
    /// Some word contains a match of the pattern.
    Word(WordPattern),
}

/// Minimum number of bytes that a part of a word must have. Nearly every text has each letter.
const MIN_PART_BYTES: usize = 2;

/// Maximum number of patterns; each is looked for in the whole dictionary.
const MAX_PATTERNS: usize = 8;

/// Maximum number of characters in a class whose characters are folded one by one.
const MAX_CLASS_CHARS: u32 = 64;

/// A part of an expression.
enum Part {
    /// Letters side by side, folded.
    Letters(Hir),
    /// Anything else, with the condition that it makes.
    Other(Option<RequiredWords>),
}

impl RequiredWords {
    /// Returns the condition that holds for every text with a match of `pattern`; `None` if there
    /// is none.
    pub fn of_regex(pattern: &RegexPattern) -> Option<RequiredWords> {
        // Letters are parsed with their case, so that they are single letters; folding ignores it.
        let hir = regex_syntax::Parser::new().parse(pattern.as_str()).ok()?;
        condition_of(&hir)
    }

    /// Returns true if the condition holds for a text with these words.
    #[cfg(test)]
    fn holds(&self, words: &[String]) -> bool {
        match self {
            RequiredWords::All(all) => all.iter().all(|condition| condition.holds(words)),
            RequiredWords::Any(any) => any.iter().any(|condition| condition.holds(words)),
            RequiredWords::Word(pattern) => words.iter().any(|word| pattern.is_match(word)),
        }
    }

    /// Returns the patterns of the condition.
    fn word_patterns(&self) -> Vec<&WordPattern> {
        match self {
            RequiredWords::All(conditions) | RequiredWords::Any(conditions) => {
                conditions.iter().flat_map(RequiredWords::word_patterns).collect()
            }
            RequiredWords::Word(pattern) => vec![pattern],
        }
    }
}

/// Returns the pattern of letters side by side; `None` if it would be in nearly every text.
fn pattern_of_letters(letters: Vec<Hir>) -> Option<WordPattern> {
    let hir = Hir::concat(letters);
    let is_selective = hir.properties().minimum_len() >= Some(MIN_PART_BYTES);
    if is_selective { WordPattern::of_hir(&hir) } else { None }
}

fn condition_of(hir: &Hir) -> Option<RequiredWords> {
    let mut parts = Vec::new();
    push_parts(hir, &mut parts);
    let (mut conditions, mut letters) = (Vec::new(), Vec::new());
    for part in parts.into_iter().chain([Part::Other(None)]) {
        match part {
            Part::Letters(hir) => letters.push(hir),
            Part::Other(condition) => {
                let word = pattern_of_letters(std::mem::take(&mut letters));
                conditions.extend(word.map(RequiredWords::Word));
                conditions.extend(condition);
            }
        }
    }
    keep_affordable(&mut conditions);
    match conditions.len() {
        0 => None,
        1 => conditions.pop(),
        _ => Some(RequiredWords::All(conditions)),
    }
}

/// Removes the last conditions if there are more patterns than [`MAX_PATTERNS`].
fn keep_affordable(conditions: &mut Vec<RequiredWords>) {
    let mut left = MAX_PATTERNS;
    conditions.retain(|condition| match left.checked_sub(condition.word_patterns().len()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    });
}

/// Appends the parts of `hir`, in order.
fn push_parts(hir: &Hir, parts: &mut Vec<Part>) {
    if let Some(letters) = fold_letters(hir) {
        return parts.push(Part::Letters(letters));
    }
    match hir.kind() {
        HirKind::Concat(hirs) => hirs.iter().for_each(|hir| push_parts(hir, parts)),
        HirKind::Capture(capture) => push_parts(&capture.sub, parts),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => text.chars().for_each(|c| push_char(c, parts)),
            Err(_) => parts.push(Part::Other(None)),
        },
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            parts.push(Part::Other(condition_of(&repetition.sub)));
        }
        HirKind::Alternation(hirs) => {
            let any: Option<Vec<RequiredWords>> = hirs.iter().map(condition_of).collect();
            parts.push(Part::Other(any.map(RequiredWords::Any)));
        }
        _ => parts.push(Part::Other(None)),
    }
}

/// Appends a character of a literal. A character that is a word by itself stands between two others.
fn push_char(c: char, parts: &mut Vec<Part>) {
    match fold_in_any_case(c) {
        Some((folded, WordPlace::Letter)) => parts.push(Part::Letters(folded)),
        Some((folded, WordPlace::Standalone)) => {
            let word = Part::Letters(folded);
            parts.extend([Part::Other(None), word, Part::Other(None)]);
        }
        None => parts.push(Part::Other(None)),
    }
}

/// Returns the folded form of an expression that matches nothing but letters side by side.
/// Assertions count as such: without them, the expression matches more.
fn fold_letters(hir: &Hir) -> Option<Hir> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(Hir::empty()),
        HirKind::Literal(found) => {
            let text = std::str::from_utf8(&found.0).ok()?;
            let letters: Option<Vec<Hir>> = text.chars().map(fold_letter).collect();
            letters.map(Hir::concat)
        }
        HirKind::Class(class) => fold_class(class),
        HirKind::Repetition(repetition) => {
            let sub = Box::new(fold_letters(&repetition.sub)?);
            Some(Hir::repetition(Repetition { sub, ..repetition.clone() }))
        }
        HirKind::Capture(capture) => fold_letters(&capture.sub),
        HirKind::Concat(hirs) => {
            hirs.iter().map(fold_letters).collect::<Option<_>>().map(Hir::concat)
        }
        HirKind::Alternation(hirs) => {
            hirs.iter().map(fold_letters).collect::<Option<_>>().map(Hir::alternation)
        }
    }
}

/// Returns the folded form of a class of a few letters.
fn fold_class(class: &Class) -> Option<Hir> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) if class.is_ascii() => {
            class.iter().map(|range| (range.start().into(), range.end().into())).collect()
        }
        Class::Bytes(_) => return None,
    };
    let sizes = ranges.iter().map(|(start, end)| u32::from(*end) - u32::from(*start) + 1);
    if sizes.sum::<u32>() > MAX_CLASS_CHARS {
        return None;
    }
    let chars = ranges.into_iter().flat_map(|(start, end)| start..=end);
    chars.map(fold_letter).collect::<Option<_>>().map(Hir::alternation)
}

fn fold_letter(c: char) -> Option<Hir> {
    fold_in_any_case(c).filter(|(_, place)| *place == WordPlace::Letter).map(|(folded, _)| folded)
}

/// Returns the folded forms of all characters that an expression which ignores case takes for `c`:
/// mostly one. Returns `None` if one of them may be outside a word.
fn fold_in_any_case(c: char) -> Option<(Hir, WordPlace)> {
    let mut cases = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
    cases.try_case_fold_simple().ok()?;
    let cases = cases.iter().flat_map(|range| range.start()..=range.end());
    let mut folded: Vec<(String, WordPlace)> = cases.map(fold_word_char).collect::<Option<_>>()?;
    folded.sort();
    folded.dedup();
    let place = folded.first()?.1;
    let forms = folded.iter().map(|(form, _)| Hir::literal(form.as_bytes())).collect();
    let is_certain = folded.iter().all(|(_, other)| *other == place);
    is_certain.then(|| (Hir::alternation(forms), place))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::RequiredWords;
    use crate::{query::RegexPattern, text::fold};

    /// Returns the condition in a short notation.
    fn describe(condition: &RequiredWords) -> String {
        let join = |all: &[RequiredWords], sign: &str| {
            all.iter().map(describe).collect::<Vec<_>>().join(sign)
        };
        match condition {
            RequiredWords::All(all) => join(all, " & "),
            RequiredWords::Any(any) => format!("({})", join(any, " | ")),
            RequiredWords::Word(pattern) => {
                pattern.as_str().replace("(?:", "(").replace("(?-u:", "(")
            }
        }
    }

    #[test]
    fn required_words_are_letters_side_by_side() {
        let required = |pattern| {
            let regex = RegexPattern::new(pattern).unwrap();
            RequiredWords::of_regex(&regex).map_or("none".to_owned(), |found| describe(&found))
        };
        assert_eq!(required("appl"), "(appl)");
        assert_eq!(required("COLOU?R"), "((colo)u?r)");
        assert_eq!(required("night train"), "(night) & (train)");
        assert_eq!(required("night (train|big bus)"), "(night) & ((train) | (big) & (bus))");
        assert_eq!(required(r"\bcaf[eé]\b"), "(cafe)");
        assert_eq!(required("Straße"), "(strasse)");
        assert_eq!(
            required("новая"),
            "(н[о\u{1c82}][в\u{1c80}](ая))",
            "some letters have old forms, which case folding maps to them"
        );
        assert_eq!(required("東京"), "東 & 京");
        assert_eq!(required("x.y z"), "none", "single letters are in every text");
        assert_eq!(required("ab|."), "none");
        assert_eq!(required("(night )?train"), "(train)");
        assert_eq!(required(r"\d+"), "none");
        assert_eq!(required("ιδ"), "δ", "a mark counts as an iota if case is ignored");
        assert_eq!(required(&"(ab )".repeat(20)).matches("ab").count(), super::MAX_PATTERNS);
    }

    proptest! {
        #[test]
        fn required_words_hold_for_every_match(
            parts in prop::collection::vec(
                (
                    prop::sample::select(vec![
                        "a", "k", "s", "ab", "[a-c]", "[^a]", ".", " ", "é", "[eé]", "ß", "ss", "ι", "σ", "東", "京",
                        "3", "1.1", r"\.", r"\b", r"\w", r"\d", "'", "-", "(a|b c)", "(k|s)", "|", "(?-i:K)", "İ",
                    ]),
                    prop::sample::select(vec!["", "", "", "?", "+", "*", "{2}"]),
                ),
                1..6,
            ),
            text in "[abkscABKS3.1 'é\u{301}eßẞſ\u{212a}ισςΣ\u{345}東京İı\u{ad}\u{200d}’-]{0,12}",
        ) {
            let pattern: String = parts
                .iter()
                .map(|(atom, count)| {
                    if *atom == "|" { "|".to_owned() } else { format!("(?:{atom}){count}") }
                })
                .collect();
            let regex = RegexPattern::new(&pattern).unwrap();
            if let (true, Some(condition)) = (regex.is_match(&text), RequiredWords::of_regex(&regex)) {
                let words: Vec<String> = fold(&text).split_whitespace().map(str::to_owned).collect();
                prop_assert!(condition.holds(&words), "{pattern:?} {text:?} {words:?}");
                for word_pattern in condition.word_patterns() {
                    for word in words.iter().filter(|word| word_pattern.is_match(word)) {
                        let literals = word_pattern.literals();
                        prop_assert!(literals.holds(word.as_bytes()), "{word_pattern:?} {word:?}");
                    }
                }
            }
        }
    }
}
