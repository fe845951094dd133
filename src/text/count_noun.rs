//! Counts with their nouns, in sentences of the interface.

use std::fmt::Display;

/// Formats a count with its noun: `1 feed`, `2 feeds`. The plural of `noun` must end in `s`.
pub fn count_noun<N: Copy + Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::count_noun;

    #[test]
    fn count_noun_uses_singular_only_for_one() {
        assert_eq!(count_noun(0_u64, "feed"), "0 feeds");
        assert_eq!(count_noun(1_usize, "feed"), "1 feed");
        assert_eq!(count_noun(12_u32, "article"), "12 articles");
    }
}
