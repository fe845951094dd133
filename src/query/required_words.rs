//! The words that a text must contain if a regular expression matches it.
//!
//! A regular expression matches the text as it is, the index has folded words. What an expression
//! says about letters side by side holds for the words as well, once both are folded: `caf[eé]s?`
//! can only match where some word contains `cafe`. Of everything else in an expression, such as blanks
//! and signs, only the number of words counts that it has room for, so that the condition holds for
//! every text that matches and for some others.

use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use super::{
    max_words::{cases_of_char, chars_of_small_class, max_words, may_be_word_char},
    regex_pattern::RegexPattern,
    word_pattern::WordPattern,
    word_sequence::{MAX_SEQUENCE_STEPS, SequenceStep, WordSequence},
};
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
    /// Title and body contain the words in this order.
    Sequence(WordSequence),
}

/// Minimum number of bytes that a part of a word must have. Nearly every text has each letter.
const MIN_PART_BYTES: usize = 2;

/// Maximum number of patterns; each is looked for in the whole dictionary.
const MAX_PATTERNS: usize = MAX_SEQUENCE_STEPS;

/// A part of an expression.
enum Part {
    /// Letters side by side, folded.
    Letters(Hir),
    /// Anything else.
    Other {
        /// The condition that it makes.
        condition: Option<RequiredWords>,
        /// Maximum number of words in it; `None` if there is no limit.
        max_words: Option<u32>,
    },
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
            RequiredWords::Sequence(sequence) => {
                let steps = |word: &String| sequence.steps_where(|pattern| pattern.is_match(word));
                sequence.is_in(words.iter().map(steps))
            }
        }
    }

    /// Returns the patterns of the condition.
    fn word_patterns(&self) -> Vec<&WordPattern> {
        match self {
            RequiredWords::All(conditions) | RequiredWords::Any(conditions) => {
                conditions.iter().flat_map(RequiredWords::word_patterns).collect()
            }
            RequiredWords::Word(pattern) => vec![pattern],
            RequiredWords::Sequence(sequence) => sequence.patterns().collect(),
        }
    }
}

/// Returns the pattern of letters side by side; `None` if it would be in nearly every text.
fn pattern_of_letters(letters: &Hir) -> Option<WordPattern> {
    let is_selective = letters.properties().minimum_len() >= Some(MIN_PART_BYTES);
    if is_selective { WordPattern::of_hir(letters) } else { None }
}

fn condition_of(hir: &Hir) -> Option<RequiredWords> {
    let mut parts = Vec::new();
    push_parts(hir, &mut parts);
    let mut builder = ConditionBuilder::default();
    for part in parts {
        builder.push(part);
    }
    builder.finish()
}

/// Makes a condition of the parts of an expression.
#[derive(Default)]
struct ConditionBuilder {
    steps: Vec<SequenceStep>,
    /// The conditions of what stands between the steps.
    between: Vec<RequiredWords>,
    /// The letters side by side that have come last.
    letters: Vec<Hir>,
    /// Maximum number of words after the last step, `None` if there is no limit.
    gap: MaxWords,
}

/// A maximum number of words, at first 0. `None` if there is no limit.
struct MaxWords(Option<u32>);

impl Default for MaxWords {
    fn default() -> MaxWords {
        MaxWords(Some(0))
    }
}

impl MaxWords {
    fn add(&mut self, other: Option<u32>) {
        self.0 = self.0.zip(other).and_then(|(words, more)| words.checked_add(more));
    }
}

impl ConditionBuilder {
    fn push(&mut self, part: Part) {
        match part {
            Part::Letters(hir) => self.letters.push(hir),
            Part::Other { condition, max_words } => {
                self.end_word();
                self.gap.add(max_words);
                self.between.extend(condition);
            }
        }
    }

    /// Makes a step of the letters, or a part of the gap if there would be few texts without them.
    fn end_word(&mut self) {
        let letters = Hir::concat(std::mem::take(&mut self.letters));
        if let Some(pattern) = pattern_of_letters(&letters) {
            self.gap.add(Some(1));
            let max_distance = std::mem::take(&mut self.gap).0;
            self.steps.push(SequenceStep { pattern, max_distance });
        } else if letters.properties().maximum_len() != Some(0) {
            self.gap.add(Some(1));
        }
    }

    fn finish(mut self) -> Option<RequiredWords> {
        self.end_word();
        let steps = match self.steps.len() {
            0 => None,
            1 => self.steps.pop().map(|step| RequiredWords::Word(step.pattern)),
            _ => Some(RequiredWords::Sequence(WordSequence::new(self.steps))),
        };
        let mut conditions: Vec<RequiredWords> = steps.into_iter().chain(self.between).collect();
        keep_affordable(&mut conditions);
        if conditions.len() > 1 { Some(RequiredWords::All(conditions)) } else { conditions.pop() }
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
    let mut push_other =
        |condition| parts.push(Part::Other { condition, max_words: max_words(hir) });
    match hir.kind() {
        HirKind::Concat(hirs) => hirs.iter().for_each(|hir| push_parts(hir, parts)),
        HirKind::Capture(capture) => push_parts(&capture.sub, parts),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => text.chars().for_each(|c| push_char(c, parts)),
            Err(_) => push_other(None),
        },
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            push_other(condition_of(&repetition.sub));
        }
        HirKind::Alternation(hirs) => {
            let any: Option<Vec<RequiredWords>> = hirs.iter().map(condition_of).collect();
            push_other(any.map(RequiredWords::Any));
        }
        _ => push_other(None),
    }
}

/// Appends a character of a literal. A character that is a word by itself stands between two others.
fn push_char(c: char, parts: &mut Vec<Part>) {
    let without_words = || Part::Other { condition: None, max_words: Some(0) };
    match fold_in_any_case(c) {
        Some((folded, WordPlace::Letter)) => parts.push(Part::Letters(folded)),
        Some((folded, WordPlace::Standalone)) => {
            parts.extend([without_words(), Part::Letters(folded), without_words()]);
        }
        None => {
            let max_words = Some(u32::from(may_be_word_char(c)));
            parts.push(Part::Other { condition: None, max_words });
        }
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
    let letters = chars_of_small_class(class)?.into_iter().map(fold_letter);
    letters.collect::<Option<_>>().map(Hir::alternation)
}

fn fold_letter(c: char) -> Option<Hir> {
    fold_in_any_case(c).filter(|(_, place)| *place == WordPlace::Letter).map(|(folded, _)| folded)
}

/// Returns the folded forms of all characters that an expression which ignores case takes for `c`:
/// mostly one. Returns `None` if one of them may be outside a word.
fn fold_in_any_case(c: char) -> Option<(Hir, WordPlace)> {
    let cases = cases_of_char(c)?.into_iter();
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

    use std::fmt::Write;

    use super::RequiredWords;
    use crate::{
        query::{RegexPattern, regex_pattern::running_words},
        text::fold,
    };

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
            RequiredWords::Sequence(sequence) => {
                let mut text = String::new();
                for (index, step) in sequence.steps().iter().enumerate() {
                    let distance =
                        step.max_distance.map_or("..".to_owned(), |max| format!("..{max}"));
                    if index > 0 {
                        write!(text, " {distance} ").unwrap();
                    }
                    text += &describe(&RequiredWords::Word(step.pattern.clone()));
                }
                text
            }
        }
    }

    fn required(pattern: &str) -> String {
        let regex = RegexPattern::new(pattern).unwrap();
        RequiredWords::of_regex(&regex).map_or("none".to_owned(), |found| describe(&found))
    }

    #[test]
    fn required_words_are_letters_side_by_side() {
        assert_eq!(required("appl"), "(appl)");
        assert_eq!(required("COLOU?R"), "((colo)u?r)");
        assert_eq!(required("night (train|big bus)"), "(night) & ((train) | (big) ..1 (bus))");
        assert_eq!(required(r"\bcaf[eé]\b"), "(cafe)");
        assert_eq!(required("Straße"), "(strasse)");
        assert_eq!(
            required("новая"),
            "(н[о\u{1c82}][в\u{1c80}](ая))",
            "some letters have old forms, which case folding maps to them"
        );
        assert_eq!(required("東京"), "東 ..1 京");
        assert_eq!(required("x.y z"), "none", "single letters are in every text");
        assert_eq!(required("ab|."), "none");
        assert_eq!(required("(night )?train"), "(train)");
        assert_eq!(required(r"\d+"), "none");
        assert_eq!(required("ιδ"), "δ", "a mark counts as an iota if case is ignored");
        assert_eq!(required(&"(ab )".repeat(20)).matches("ab").count(), super::MAX_PATTERNS);
    }

    #[test]
    fn required_words_come_as_close_as_the_expression_says() {
        assert_eq!(required("night train"), "(night) ..1 (train)");
        assert_eq!(required(r"night[\s,]+train"), "(night) ..1 (train)", "no word fits in");
        assert_eq!(required("night a train"), "(night) ..2 (train)");
        assert_eq!(
            required("night (big |old )?train"),
            "(night) ..4 (train)",
            "letters count as words"
        );
        assert_eq!(required("night.{0,20}train"), "(night) ..21 (train)");
        assert_eq!(required("night.*train"), "(night) .. (train)");
        assert_eq!(required("night東train"), "(night) ..1 東 ..1 (train)");
        assert_eq!(required("night(東|the)+train"), "(night) .. (train) & (東 | (the))");
        assert_eq!(required("night [a-z]+ train"), "(night) ..2 (train)", "letters make one word");
        assert_eq!(required("ab cd*ef.?gh"), "(ab) ..1 (cd*(ef)) ..2 (gh)");
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
            text in "[abkscABKS3.1  'é\u{301}eßẞſ\u{212a}ισςΣ\u{345}東京İı\u{ad}\u{200d}’-]{0,16}",
        ) {
            let pattern: String = parts
                .iter()
                .map(|(atom, count)| {
                    if *atom == "|" { "|".to_owned() } else { format!("(?:{atom}){count}") }
                })
                .collect();
            let regex = RegexPattern::new(&pattern).unwrap();
            if let (true, Some(condition)) = (regex.is_match(&text), RequiredWords::of_regex(&regex)) {
                let folded = fold(&text);
                let words: Vec<String> =
                    running_words(&folded).split_whitespace().map(str::to_owned).collect();
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
