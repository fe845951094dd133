//! Removal of passwords from text that leaves the program.

use std::borrow::Cow;

/// Returns `text` without the user names and passwords in its URLs. For messages and reports, in which
/// a URL stands between other words.
pub fn redact_user_info(text: &str) -> Cow<'_, str> {
    let mut redacted = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("://").map(|at| at + "://".len()) {
        let (before, after) = rest.split_at(start);
        let authority = &after[..after.find(ends_authority).unwrap_or(after.len())];
        redacted.push_str(before);
        rest = &after[authority.rfind('@').map_or(0, |at| at + 1)..];
    }
    if redacted.len() + rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    redacted.push_str(rest);
    Cow::Owned(redacted)
}

fn ends_authority(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '/' | '?' | '#' | '\\' | '"' | '<' | '>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redact_user_info_removes_only_the_part_before_the_host() {
        let cases = [
            ("no feed at http://ann:p@w@host/a@b (404)", "no feed at http://host/a@b (404)"),
            ("“https://ann@host” and http://b:c@d:80", "“https://host” and http://d:80"),
            (
                "{\"url\":\"http://ann:pw@host\",\"mail\":\"a@b\"}",
                "{\"url\":\"http://host\",\"mail\":\"a@b\"}",
            ),
            ("https://host/@ann, mail ann@host", "https://host/@ann, mail ann@host"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(redact_user_info(text), expected);
        }
        assert!(matches!(redact_user_info("https://host/"), Cow::Borrowed(_)));
    }
}
