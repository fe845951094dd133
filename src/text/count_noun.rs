//! Counts with their nouns, in sentences of the interface.

use std::fmt::Display;

/// Formats a count with its noun: `1 feed`, `2 feeds`, `1,800 feeds`. The plural of `noun` must end
/// in `s`.
pub fn count_noun<N: Copy + Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{} {noun}{plural}", group_digits(&count.to_string()))
}

/// Formats a number with separated thousands: `12,430`.
pub fn group_thousands(number: u64) -> String {
    group_digits(&number.to_string())
}

fn group_digits(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{count_noun, group_thousands};

    #[test]
    fn count_noun_uses_singular_only_for_one() {
        assert_eq!(count_noun(0_u64, "feed"), "0 feeds");
        assert_eq!(count_noun(1_usize, "feed"), "1 feed");
        assert_eq!(count_noun(12_u32, "article"), "12 articles");
        assert_eq!(count_noun(9_395_u32, "article"), "9,395 articles");
    }

    #[test]
    fn group_thousands_inserts_commas() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (12_430, "12,430"), (1_234_567, "1,234,567")]
        {
            assert_eq!(group_thousands(number), text);
        }
    }
}
