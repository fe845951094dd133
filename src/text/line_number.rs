//! Lines of a text, as errors name them.

/// Returns the number of the line at byte `at`, counted from 1.
pub fn line_number(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}
