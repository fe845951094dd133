//! Raised and lowered text, in the characters that Unicode has for it.

/// `text` raised: digits and signs have characters of their own, `1st` stays as it is.
pub(super) fn to_superscript(text: &str) -> String {
    let bare = strip_brackets(text);
    map_characters(bare, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ").unwrap_or_else(|| text.to_owned())
}

/// `text` lowered, as [`to_superscript`].
pub(super) fn to_subscript(text: &str) -> String {
    map_characters(text, "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₙᵢ").unwrap_or_else(|| text.to_owned())
}

/// `[1]` is what some write for a raised 1.
fn strip_brackets(text: &str) -> &str {
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    inside.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(text)
}

/// `text` in the characters of `to`, which stand for digits and signs; `None` if it has others.
fn map_characters(text: &str, to: &str) -> Option<String> {
    let place = |c: char| "0123456789+-=()ni".find(if c == '−' { '-' } else { c });
    text.chars().map(|c| to.chars().nth(place(c)?)).collect()
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
