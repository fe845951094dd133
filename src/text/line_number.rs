//! Lines of a text, as errors name them.

use memchr::memchr_iter;

/// The ends of the lines of a text, for the numbers of many lines.
#[derive(Debug, Clone)]
pub struct LineNumbers {
    ends: Vec<usize>,
}

impl LineNumbers {
    /// Finds the lines of a text.
    pub fn of(text: &str) -> LineNumbers {
        LineNumbers { ends: memchr_iter(b'\n', text.as_bytes()).collect() }
    }

    /// Returns the number of the line at byte `at`, counted from 1.
    pub fn at(&self, at: usize) -> usize {
        self.ends.partition_point(|end| *end < at) + 1
    }
}

/// Returns the number of the line at byte `at`, counted from 1. [`LineNumbers`] find many.
pub fn line_number(text: &str, at: usize) -> usize {
    LineNumbers::of(text).at(at)
}

#[cfg(test)]
mod tests {
    use super::{LineNumbers, line_number};

    #[test]
    fn line_number_counts_the_ends_before_a_byte() {
        let text = "a\n\nb\r\nc";
        let lines = LineNumbers::of(text);
        for (at, line) in [(0, 1), (1, 1), (2, 2), (3, 3), (5, 3), (6, 4), (7, 4), (9, 4)] {
            assert_eq!((lines.at(at), line_number(text, at)), (line, line), "{at}");
        }
    }
}
