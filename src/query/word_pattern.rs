//! Regular expressions that are matched against folded words.

use regex::Regex;
use regex_syntax::hir::Hir;

use super::{required_literals::RequiredLiterals, word_expression::fold_word_expression};

/// Maximum size of a compiled expression in bytes.
pub(super) const MAX_COMPILED_BYTES: usize = 256 * 1024;

/// A regular expression for a part of a folded word.
#[derive(Debug, Clone)]
pub struct WordPattern {
    regex: Regex,
    literals: RequiredLiterals,
}

impl WordPattern {
    /// Compiles an expression of folded letters. Returns `None` if it takes more than 256 KiB when
    /// compiled.
    pub(super) fn of_hir(hir: &Hir) -> Option<WordPattern> {
        let mut builder = regex::RegexBuilder::new(&hir.to_string());
        let regex = builder.size_limit(MAX_COMPILED_BYTES).build().ok()?;
        Some(WordPattern { regex, literals: RequiredLiterals::of_hir(hir) })
    }

    /// Compiles an expression as it was typed. Returns `None` if the folded words do not decide it.
    pub(super) fn of_expression(expression: &str) -> Option<WordPattern> {
        WordPattern::of_hir(&fold_word_expression(expression)?)
    }

    /// Returns true if the folded word, or one of several with blanks between them, contains a match.
    pub fn is_match(&self, folded_word: &str) -> bool {
        self.regex.is_match(folded_word)
    }

    /// Iterates over the byte ranges of the matches in a folded word.
    pub(super) fn find_ranges(
        &self,
        folded_word: &str,
    ) -> impl Iterator<Item = std::ops::Range<usize>> {
        self.regex.find_iter(folded_word).map(|hit| hit.range())
    }

    /// Returns the condition that holds for every folded word with a match.
    pub fn literals(&self) -> &RequiredLiterals {
        &self.literals
    }

    /// Returns the compiled expression as text.
    #[cfg(test)]
    pub(super) fn as_str(&self) -> &str {
        self.regex.as_str()
    }
}

impl PartialEq for WordPattern {
    fn eq(&self, other: &WordPattern) -> bool {
        self.regex.as_str() == other.regex.as_str()
    }
}
