//! Regular expressions, `re:`, with a limit to what one may cost.

use regex::{Regex, RegexBuilder};

/// Bytes that a compiled expression may take.
const SIZE: usize = 256 * 1024;

/// A regular expression; upper and lower case are the same.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// `None` if `text` is no expression, or one of more than 256 KiB when it is compiled.
    pub fn new(text: &str) -> Option<Pattern> {
        let built = RegexBuilder::new(text).case_insensitive(true).size_limit(SIZE).build();
        built.ok().map(Pattern)
    }

    /// Whether it is found in `text`, in a time that grows with the text and no faster.
    pub fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The bytes of `text` that it finds.
    pub fn hits(&self, text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
        self.0.find_iter(text).map(|hit| hit.range()).filter(|range| !range.is_empty())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_are_limited() {
        assert!(Pattern::new("colou?r").is_some_and(|pattern| pattern.is_in("Of COLOR")));
        assert!(Pattern::new("a(b").is_none());
        assert!(Pattern::new("(x{1000}){1000}").is_none(), "it would take megabytes");
    }
}
