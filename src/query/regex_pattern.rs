//! Regular expressions of `re:` with a limit on their memory.

use regex::{Regex, RegexBuilder};

/// Maximum size of a compiled expression in bytes.
pub(super) const MAX_COMPILED_BYTES: usize = 256 * 1024;

/// A compiled regular expression that ignores case.
#[derive(Debug, Clone)]
pub struct RegexPattern(Regex);

impl RegexPattern {
    /// Compiles `text`. Returns `None` if it is not a valid expression or takes more than 256 KiB
    /// when compiled.
    pub fn new(text: &str) -> Option<RegexPattern> {
        let regex =
            RegexBuilder::new(text).case_insensitive(true).size_limit(MAX_COMPILED_BYTES).build();
        regex.ok().map(RegexPattern)
    }

    /// Returns true if `text` contains a match. The time is linear in the length of the text.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// Returns the expression as it was typed.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Iterates over the byte ranges of all matches that are not empty.
    pub fn find_ranges(&self, text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
        self.0.find_iter(text).map(|hit| hit.range()).filter(|range| !range.is_empty())
    }
}

impl PartialEq for RegexPattern {
    fn eq(&self, other: &RegexPattern) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::RegexPattern;

    #[test]
    fn regex_pattern_rejects_invalid_and_huge() {
        assert!(RegexPattern::new("colou?r").is_some_and(|pattern| pattern.is_match("Of COLOR")));
        assert!(RegexPattern::new("a(b").is_none());
        assert!(RegexPattern::new("(x{1000}){1000}").is_none(), "it would take megabytes");
        for nested in ["(", "[", "(?:a|", "a{2"] {
            assert!(RegexPattern::new(&nested.repeat(50_000)).is_none(), "{nested}");
        }
        let balanced = ["(".repeat(50_000), ")".repeat(50_000)].concat();
        assert!(RegexPattern::new(&balanced).is_none());
    }
}
