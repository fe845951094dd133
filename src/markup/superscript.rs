//! Superscript and subscript text in Unicode characters.

/// Returns `text` in superscript characters, or unchanged if a character has no superscript form.
///
/// Digits, signs, parentheses, `n` and `i` have one, so `2` becomes `²` and `2nd` stays. `[1]`
/// becomes `¹`.
pub(super) fn to_superscript(text: &str) -> String {
    let bare = strip_brackets(text);
    map_characters(bare, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ").unwrap_or_else(|| text.to_owned())
}

/// Returns `text` in subscript characters, or unchanged if a character has no subscript form.
pub(super) fn to_subscript(text: &str) -> String {
    map_characters(text, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙᵢ").unwrap_or_else(|| text.to_owned())
}

/// Returns the number that superscript digits spell; `None` for any other text.
pub(super) fn parse_superscript(text: &str) -> Option<usize> {
    split_superscript(text).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number)
}

/// Splits the number that superscript digits spell from the start of `text`.
pub(super) fn split_superscript(text: &str) -> Option<(usize, &str)> {
    let digit = |c| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|superscript| superscript == c);
    let (digits, rest) = text.split_at(text.find(|c| digit(c).is_none()).unwrap_or(text.len()));
    let number = digits.chars().map(digit);
    let number = number.reduce(|number, digit| number?.checked_mul(10)?.checked_add(digit?));
    number.flatten().map(|number| (number, rest))
}

/// Returns the digits of a bracketed number such as `[1]`, which some pages write for a
/// superscript. Other text is returned unchanged.
fn strip_brackets(text: &str) -> &str {
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    inside.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(text)
}

/// Maps each character of `text` to the character of `targets` at its index in `SOURCES`; `None` if
/// a character is not in it.
fn map_characters(text: &str, targets: &str) -> Option<String> {
    const SOURCES: &str = "0123456789+-=()ni";
    // U+2212, the minus sign, is mapped like a hyphen.
    let source_index = |c: char| SOURCES.find(if c == '−' { '-' } else { c });
    text.chars().map(|c| targets.chars().nth(source_index(c)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_superscript_maps_digits_and_keeps_words() {
        let cases =
            [("2", "²"), ("-1", "⁻¹"), ("[12]", "¹²"), ("st", "st"), ("2nd", "2nd"), ("", "")];
        for (text, expected) in cases {
            assert_eq!(to_superscript(text), expected, "{text}");
        }
        assert_eq!((to_subscript("2"), to_subscript("max")), ("₂".to_owned(), "max".to_owned()));
    }
}
