//! JSON text without characters that a terminal obeys.

use std::fmt::Write;

use super::sanitize;

/// Escapes the characters of JSON text that mean something to a terminal (RFC 8259 §7), so that a program
/// reads exactly what is stored. Outside of strings there are none of them.
pub fn escape_deceptive_json(json: String) -> String {
    if !json.contains(sanitize::is_deceptive) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if sanitize::is_deceptive(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(escaped, "\\u{unit:04x}").expect("writing to a String cannot fail");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}
