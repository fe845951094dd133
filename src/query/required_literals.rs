//! The literals that a word must contain if a regular expression matches it.
//!
//! An index of the parts of words can look for literals, so that the expression has to be matched
//! against few words only.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A condition on the bytes of a folded word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequiredLiterals {
    /// All of the conditions hold. Without conditions, nothing is known about the word.
    All(Vec<RequiredLiterals>),
    /// At least one of the conditions holds.
    Any(Vec<RequiredLiterals>),
    /// The word contains these bytes.
    Literal(Vec<u8>),
}

/// Maximum number of strings that a part of an expression is replaced by: `colou?r` is two.
const MAX_STRINGS: usize = 16;

impl RequiredLiterals {
    /// The condition that no word satisfies.
    pub const NONE: RequiredLiterals = RequiredLiterals::Any(Vec::new());

    /// Returns the condition that holds for every text with a match of `hir`.
    pub(super) fn of_hir(hir: &Hir) -> RequiredLiterals {
        let mut collector = LiteralCollector { conditions: Vec::new(), strings: vec![Vec::new()] };
        collector.push(hir);
        collector.end_strings();
        RequiredLiterals::All(collector.conditions)
    }

    /// Returns true if the condition holds for `word`.
    #[cfg(test)]
    pub(crate) fn holds(&self, word: &[u8]) -> bool {
        match self {
            RequiredLiterals::All(all) => all.iter().all(|condition| condition.holds(word)),
            RequiredLiterals::Any(any) => any.iter().any(|condition| condition.holds(word)),
            RequiredLiterals::Literal(literal) => {
                word.windows(literal.len()).any(|part| part == literal)
            }
        }
    }
}

/// Collects the conditions of the parts of an expression, in order.
struct LiteralCollector {
    conditions: Vec<RequiredLiterals>,
    /// All strings that the parts since the last condition match.
    strings: Vec<Vec<u8>>,
}

impl LiteralCollector {
    fn push(&mut self, hir: &Hir) {
        if let Some(strings) = matched_strings(hir) {
            return self.append(&strings);
        }
        match hir.kind() {
            HirKind::Concat(hirs) => hirs.iter().for_each(|hir| self.push(hir)),
            HirKind::Capture(capture) => self.push(&capture.sub),
            HirKind::Repetition(repetition) if repetition.min > 0 => {
                // The first match of the repeated part continues what is before it.
                self.push(&repetition.sub);
                self.end_strings();
            }
            HirKind::Alternation(hirs) => {
                self.end_strings();
                let any = hirs.iter().map(RequiredLiterals::of_hir).collect();
                self.conditions.push(RequiredLiterals::Any(any));
            }
            _ => self.end_strings(),
        }
    }

    /// Continues each string with each of `endings`; begins new strings if they were too many.
    fn append(&mut self, endings: &[Vec<u8>]) {
        if self.strings.len() * endings.len() > MAX_STRINGS {
            self.end_strings();
        }
        self.strings = concat_strings(&self.strings, endings);
    }

    /// Makes a condition of the strings, unless the empty string is among them.
    fn end_strings(&mut self) {
        let mut strings = std::mem::replace(&mut self.strings, vec![Vec::new()]);
        if strings.iter().any(Vec::is_empty) {
            return;
        }
        self.conditions.push(match (strings.len(), strings.pop()) {
            (1, Some(only)) => RequiredLiterals::Literal(only),
            (_, last) => RequiredLiterals::Any(
                strings.into_iter().chain(last).map(RequiredLiterals::Literal).collect(),
            ),
        });
    }
}

/// Returns all strings that `hir` matches if they are at most [`MAX_STRINGS`]. Assertions count as
/// empty.
fn matched_strings(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let strings = match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![Vec::new()],
        HirKind::Literal(literal) => vec![literal.0.to_vec()],
        HirKind::Class(class) => class_strings(class)?,
        HirKind::Repetition(repetition) if (repetition.min, repetition.max) == (0, Some(1)) => {
            let some = matched_strings(&repetition.sub)?;
            [Vec::new()].into_iter().chain(some).collect()
        }
        HirKind::Repetition(_) => return None,
        HirKind::Capture(capture) => matched_strings(&capture.sub)?,
        HirKind::Concat(hirs) => hirs.iter().try_fold(vec![Vec::new()], |starts, hir| {
            let endings = matched_strings(hir)?;
            let is_small = starts.len() * endings.len() <= MAX_STRINGS;
            is_small.then(|| concat_strings(&starts, &endings))
        })?,
        HirKind::Alternation(hirs) => hirs.iter().try_fold(Vec::new(), |mut strings, hir| {
            strings.extend(matched_strings(hir)?);
            (strings.len() <= MAX_STRINGS).then_some(strings)
        })?,
    };
    (strings.len() <= MAX_STRINGS).then_some(strings)
}

/// Returns the characters of a class if they are at most [`MAX_STRINGS`].
fn class_strings(class: &Class) -> Option<Vec<Vec<u8>>> {
    let strings: Vec<Vec<u8>> = match class {
        Class::Unicode(class) => {
            let chars = class.iter().flat_map(|range| range.start()..=range.end());
            chars.take(MAX_STRINGS + 1).map(|c| c.to_string().into_bytes()).collect()
        }
        Class::Bytes(class) => {
            let bytes = class.iter().flat_map(|range| range.start()..=range.end());
            bytes.take(MAX_STRINGS + 1).map(|byte| vec![byte]).collect()
        }
    };
    (strings.len() <= MAX_STRINGS).then_some(strings)
}

/// Returns each of `starts` followed by each of `endings`.
fn concat_strings(starts: &[Vec<u8>], endings: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let with_endings =
        |start: &Vec<u8>| endings.iter().map(|end| [&start[..], end].concat()).collect::<Vec<_>>();
    starts.iter().flat_map(with_endings).collect()
}

#[cfg(test)]
mod tests {
    use super::RequiredLiterals;

    /// Returns the condition in a short notation.
    fn describe(condition: &RequiredLiterals) -> String {
        let join = |all: &[RequiredLiterals], sign: &str| {
            all.iter().map(describe).collect::<Vec<_>>().join(sign)
        };
        match condition {
            RequiredLiterals::All(all) => join(all, " & "),
            RequiredLiterals::Any(any) => format!("({})", join(any, " | ")),
            RequiredLiterals::Literal(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    #[test]
    fn required_literals_are_as_long_as_possible() {
        let required = |pattern: &str| {
            describe(&RequiredLiterals::of_hir(&regex_syntax::parse(pattern).unwrap()))
        };
        assert_eq!(required("appl"), "appl");
        assert_eq!(required("colou?r"), "(color | colour)");
        assert_eq!(required("gr[ae]y"), "(gray | grey)");
        assert_eq!(required("(night|day)s"), "(nights | days)");
        assert_eq!(required("colo+r"), "colo & r");
        assert_eq!(required("ab{2}c"), "ab & c");
        assert_eq!(required("(ab+|cd)e"), "(ab | cd) & e");
        assert_eq!(required("ab[a-z]cd"), "ab & cd");
        assert_eq!(required("(ab)*cd?"), "(c | cd)");
        assert_eq!(required("[abcd][abcd][abcd]x").matches('|').count(), 15 + 3);
        assert_eq!(required("a?"), "", "nothing is known");
        assert_eq!(required("[a&&b]"), "()", "nothing matches");
    }
}
