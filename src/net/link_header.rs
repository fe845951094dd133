//! The `Link` header of a response (RFC 8288).

/// Maximum number of links taken from one header.
const MAX_LINKS: usize = 64;

/// A link in a header, from the document of the response to another one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HeaderLink {
    /// The target, as it is written: it may be relative.
    pub target: String,
    /// The relation types, separated by blanks.
    pub rel: String,
    /// The media type of the target; empty if it is not given.
    pub media_type: String,
}

/// Parses the value of a `Link` header (RFC 8288 §3). Skips what is not a link, and links whose
/// context is another document (§3.2).
pub(super) fn parse_link_header(value: &str) -> impl Iterator<Item = HeaderLink> {
    let mut rest = value;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find('<')?;
            let (target, after) = rest[start + 1..].split_once('>')?;
            let mut link = HeaderLink { target: target.trim().to_owned(), ..Default::default() };
            let is_elsewhere;
            (is_elsewhere, rest) = read_parameters(after, &mut link);
            if !is_elsewhere {
                return Some(link);
            }
        }
    })
    .take(MAX_LINKS)
}

/// Reads the parameters after a target into `link`. Returns true if the link has a context of its
/// own, and the text after the comma that ends the link.
fn read_parameters<'a>(text: &'a str, link: &mut HeaderLink) -> (bool, &'a str) {
    let (mut rest, mut has_anchor) = (text, false);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';');
        if let Some(after) = rest.strip_prefix(',') {
            return (has_anchor, after);
        }
        if rest.is_empty() {
            return (has_anchor, rest);
        }
        let (name, after) = split_at_any(rest, &['=', ';', ',']);
        let (value, after) = match after.strip_prefix('=') {
            Some(after) => read_value(after.trim_start()),
            None => (String::new(), after),
        };
        rest = after;
        match name.trim().to_ascii_lowercase().as_str() {
            // Only the first one counts (§3.3).
            "rel" if link.rel.is_empty() => link.rel = value,
            "type" if link.media_type.is_empty() => link.media_type = value,
            "anchor" => has_anchor |= !value.is_empty(),
            _ => {}
        }
    }
}

/// Reads a token or a quoted string (RFC 9110 §5.6.4), and returns the text after it.
fn read_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (token, rest) = split_at_any(text, &[';', ',']);
        return (token.trim().to_owned(), rest);
    };
    let (mut value, mut is_escaped) = (String::new(), false);
    for (at, c) in quoted.char_indices() {
        match c {
            _ if is_escaped => value.push(c),
            '"' => return (value, &quoted[at + 1..]),
            '\\' => {}
            _ => value.push(c),
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    (value, "")
}

fn split_at_any<'a>(text: &'a str, ends: &[char]) -> (&'a str, &'a str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Vec<(String, String, String)> {
        parse_link_header(value).map(|link| (link.target, link.rel, link.media_type)).collect()
    }

    fn link(target: &str, rel: &str, media_type: &str) -> (String, String, String) {
        (target.to_owned(), rel.to_owned(), media_type.to_owned())
    }

    #[test]
    fn parse_link_header_reads_several_links() {
        let feed = link("/feed", "alternate", "application/rss+xml");
        let cases = [
            ("</feed>; rel=\"alternate\"; type=\"application/rss+xml\"", vec![feed.clone()]),
            (
                "<a,b;c>; rel=next, </feed> ;REL = alternate ; type=application/rss+xml",
                vec![link("a,b;c", "next", ""), feed.clone()],
            ),
            (
                r#"</feed>; title="a \"b\", <c>; rel=no"; rel="alternate"; rel=x; type="application/rss+xml""#,
                vec![feed],
            ),
            ("</a>; rel=\"alternate feed\"", vec![link("/a", "alternate feed", "")]),
            ("</a>; anchor=\"/b\"; rel=alternate, </c>", vec![link("/c", "", "")]),
            ("</a>;;, ,</b>; rel", vec![link("/a", "", ""), link("/b", "", "")]),
            ("rubbish, <never closed", vec![]),
            ("</a>; rel=\"never closed", vec![link("/a", "never closed", "")]),
            ("", vec![]),
        ];
        for (value, expected) in cases {
            assert_eq!(parse(value), expected, "{value}");
        }
    }

    #[test]
    fn parse_link_header_limits_number_of_links() {
        assert_eq!(parse(&"</a>,".repeat(MAX_LINKS)).len(), MAX_LINKS);
        assert_eq!(parse(&"</a>,".repeat(MAX_LINKS + 1)).len(), MAX_LINKS);
    }
}
