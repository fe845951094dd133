//! Regular expressions, `re:`, with a limit to what one may cost.

use regex::{Regex, RegexBuilder};

/// Bytes that a compiled expression may take.
const MAX_COMPILED_BYTES: usize = 256 * 1024;

/// A regular expression; upper and lower case are the same.
#[derive(Debug, Clone)]
pub struct RegexPattern(Regex);

impl RegexPattern {
    /// `None` if `text` is no expression, or one of more than 256 KiB when it is compiled.
    pub fn new(text: &str) -> Option<RegexPattern> {
        let built =
            RegexBuilder::new(text).case_insensitive(true).size_limit(MAX_COMPILED_BYTES).build();
        built.ok().map(RegexPattern)
    }

    /// Whether it is found in `text`, in a time that grows with the text and no faster.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The bytes of `text` that it finds.
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
    }
}
