//! The ids of articles, in the one form that every server understands.

use crate::model::RemoteId;

/// The beginning of every long id.
const PREFIX: &str = "tag:google.com,2005:reader/item/";

/// Number of hexadecimal digits of an id that is a number.
const ID_DIGITS: usize = 16;

/// Length of the longest decimal number that is an id: the sign, and nineteen digits.
const MAX_DECIMAL_CHARS: usize = 20;

/// Returns the long form of an id, which servers also write as a decimal number or without the prefix.
///
/// Only the long form is ever sent. Miniflux 2.2 takes a decimal number for a hexadecimal one, and
/// marks another article; BazQux rejects hexadecimal digits without the prefix.
pub fn parse_item_id(text: &str) -> RemoteId {
    let text = text.trim();
    let digits = text.strip_prefix(PREFIX);
    let number = text.parse::<i64>().ok().filter(|_| text.len() <= MAX_DECIMAL_CHARS);
    RemoteId(match (digits, number) {
        (Some(hex), _) if u64::from_str_radix(hex, 16).is_ok() => {
            long_id(&hex.to_ascii_lowercase())
        }
        (Some(_), _) => text.to_owned(),
        // Two's complement for negative numbers.
        (None, Some(number)) => format!("{PREFIX}{:0ID_DIGITS$x}", number.cast_unsigned()),
        // The Old Reader has 24 hexadecimal digits.
        (None, None) => format!("{PREFIX}{text}"),
    })
}

/// Returns the long form of hexadecimal digits.
fn long_id(digits: &str) -> String {
    let mut id = String::with_capacity(PREFIX.len() + ID_DIGITS.max(digits.len()));
    id.push_str(PREFIX);
    (digits.len()..ID_DIGITS).for_each(|_| id.push('0'));
    id.push_str(digits);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn item_ids_have_the_long_form_with_sixteen_digits() {
        for (text, expected) in [
            ("31", "000000000000001f"),
            ("1795420278337008", "000660ecdbe9adf0"),
            ("-1", "ffffffffffffffff"),
            ("-9223372036854775808", "8000000000000000"),
            ("tag:google.com,2005:reader/item/1f", "000000000000001f"),
            ("tag:google.com,2005:reader/item/000000000000001F", "000000000000001f"),
            ("5a1bc0ffee5a1bc0ffee5a1b", "5a1bc0ffee5a1bc0ffee5a1b"),
            ("123456789012345678901234", "123456789012345678901234"),
            ("000000000000000000000031", "000000000000000000000031"),
        ] {
            let id = parse_item_id(text);
            assert_eq!(id.as_str(), format!("{PREFIX}{expected}"), "{text}");
            assert_eq!(parse_item_id(id.as_str()), id, "the long form stays");
        }
    }
}
