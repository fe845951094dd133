//! Splits a filter into its parts.

/// One part of a filter: `!`, `field:` and a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub negated: bool,
    /// The word before the colon; `None` if there is no colon.
    pub field: Option<&'a str>,
    pub value: &'a str,
    /// Whether the value ended (a closing quote, or a blank behind it).
    pub closed: bool,
    /// Where the part begins, in bytes.
    pub start: usize,
    /// The whole part as typed, without the `!`.
    pub raw: &'a str,
}

/// The parts of `text`, in order.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(skip) = text[at..].find(|c: char| !c.is_whitespace()) {
        let part = part(text, at + skip);
        at = part.start + usize::from(part.negated) + part.raw.len();
        parts.push(part);
    }
    parts
}

fn part(text: &str, start: usize) -> Part<'_> {
    let rest = &text[start..];
    let negated = rest.len() > 1 && rest.starts_with('!') && !rest[1..].starts_with(char::is_whitespace);
    let body = if negated { &rest[1..] } else { rest };
    let field = field(body);
    let value = &body[field.map_or(0, |field| field.len() + 1)..];
    let (value, length, closed) = value_of(value);
    let raw = &body[..body.len() - (body.len() - field.map_or(0, |field| field.len() + 1)) + length];
    Part { negated, field, value, closed, start, raw }
}

/// `title` of `title:word`; a field is a run of ASCII letters.
fn field(body: &str) -> Option<&str> {
    let length = body.find(|c: char| !c.is_ascii_alphabetic())?;
    (length > 0 && body[length..].starts_with(':')).then(|| &body[..length])
}

/// The value, how many bytes it takes with its quotes, and whether it has ended.
fn value_of(text: &str) -> (&str, usize, bool) {
    if let Some(quoted) = text.strip_prefix('"') {
        return match quoted.find('"') {
            Some(end) => (&quoted[..end], end + 2, true),
            None => (quoted, text.len(), false),
        };
    }
    match text.find(char::is_whitespace) {
        Some(end) => (&text[..end], end, true),
        None => (text, text.len(), false),
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    fn check(text: &str, expected: &[(&str, Option<&str>, &str, bool)]) {
        let found: Vec<_> = parts(text)
            .iter()
            .map(|part| (if part.negated { "!" } else { "" }, part.field, part.value, part.closed))
            .collect();
        assert_eq!(found, expected, "of {text:?}");
    }

    #[test]
    fn a_filter_falls_into_parts() {
        check("", &[]);
        check("rust  kernel", &[("", None, "rust", true), ("", None, "kernel", false)]);
        check("!sport ", &[("!", None, "sport", true)]);
        check(
            "\"night train\" title:\"a b",
            &[("", None, "night train", true), ("", Some("title"), "a b", false)],
        );
        check("12:30 !", &[("", None, "12:30", true), ("", None, "!", false)]);
        check("!is:read", &[("!", Some("is"), "read", false)]);
    }
}
