//! Character references, for HTML that the parser does not see.

/// Adds `text` to `out`, its character references decoded; what is none stays as it is.
pub(super) fn decode_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (c, length) = reference(rest).unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[length..];
    }
    out.push_str(rest);
}

/// The character that the reference at the start of `text` means, and the length of the reference.
fn reference(text: &str) -> Option<(char, usize)> {
    let window = &text.as_bytes()[..text.len().min(12)];
    let end = window.iter().position(|byte| *byte == b';')?;
    let name = &text[1..end];
    let c = match name.strip_prefix('#') {
        Some(number) => numeric(number)?,
        None => named(name)?,
    };
    Some((c, end + 1))
}

fn numeric(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    // HTML reads 128 to 159 as windows-1252.
    match u8::try_from(code) {
        Ok(byte @ 128..=159) => encoding_rs::WINDOWS_1252.decode(&[byte]).0.chars().next(),
        _ => char::from_u32(code),
    }
}

fn named(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "laquo" => '«',
        "raquo" => '»',
        "copy" => '©',
        "euro" => '€',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "egrave" => 'è',
        "agrave" => 'à',
        "ccedil" => 'ç',
        "ntilde" => 'ñ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_it_knows() {
        let cases = [
            ("a &amp; b", "a & b"),
            ("&#233;&#xe9;&eacute;", "ééé"),
            ("&#150;", "–"),
            ("&nope; & &#xd800; &", "&nope; & &#xd800; &"),
            ("&東京;", "&東京;"),
        ];
        for (text, expected) in cases {
            let mut out = String::new();
            decode_into(text, &mut out);
            assert_eq!(out, expected, "{text}");
        }
    }
}
