//! Numbers among the arguments.

use std::str::FromStr;

/// Parses a number; the parser of the arguments puts the error after the name of the argument.
///
/// # Errors
///
/// Fails for anything but a number in the range of `T`.
pub fn parse_number<T: FromStr>(text: &str) -> Result<T, &'static str> {
    text.parse().map_err(|_| "it must be a whole number, such as 12")
}
