//! Addresses that may be followed: http, https and mail. Everything else is text.

/// Longer addresses are no use to a reader and may be an attack, in bytes.
pub const MAX_URL_BYTES: usize = 8 * 1024;

/// The address that `href` means in a page at `base`; `None` where a reader must not be led.
///
/// Relative addresses are resolved as RFC 3986 section 5.2 says; without a base there is nothing to resolve.
pub fn resolve(href: &str, base: Option<&str>) -> Option<String> {
    let href: String = href.trim().chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    if href.is_empty() || href.len() > MAX_URL_BYTES || href.starts_with('#') {
        return None;
    }
    let absolute = match parse_scheme(&href) {
        Some(_) => href,
        None => join_relative(&href, base.filter(|base| is_http(base))?)?,
    };
    Some(percent_encode_invisible(&absolute)).filter(|url| is_allowed(url))
}

/// The host of an http(s) address, without user and port; the domain of a mail address.
pub fn host(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("://") else {
        return url
            .rsplit_once('@')
            .map_or("", |(_, domain)| domain.split('?').next().unwrap_or_default());
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
        Some((v6, _)) => v6,
        None => host.split(':').next().unwrap_or_default(),
    }
}

fn parse_scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    named.then_some(scheme)
}

fn is_http(url: &str) -> bool {
    let web = parse_scheme(url)
        .is_some_and(|s| s.eq_ignore_ascii_case("http") || s.eq_ignore_ascii_case("https"));
    web && !host(url).is_empty()
}

fn is_allowed(url: &str) -> bool {
    let mail = parse_scheme(url).is_some_and(|s| s.eq_ignore_ascii_case("mailto"));
    url.len() <= MAX_URL_BYTES && (is_http(url) || (mail && !host(url).is_empty()))
}

/// `url` with everything that is not plainly visible percent-encoded: blanks, controls, bidi controls.
fn percent_encode_invisible(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        if c.is_ascii_graphic() || (c.is_alphanumeric() && !c.is_ascii()) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            out.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    out
}

fn join_relative(href: &str, base: &str) -> Option<String> {
    let (scheme, rest) = base.split_once("://")?;
    if let Some(authority) = href.strip_prefix("//") {
        return Some(format!("{scheme}://{authority}"));
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (target, tail) = href.split_at(href.find(['?', '#']).unwrap_or(href.len()));
    let path = match (target.strip_prefix('/'), path.rsplit_once('/')) {
        (Some(absolute), _) => absolute.to_owned(),
        (None, _) if target.is_empty() => path.to_owned(),
        (None, Some((folder, _))) => format!("{folder}/{target}"),
        (None, None) => target.to_owned(),
    };
    Some(format!("{scheme}://{authority}/{}{tail}", remove_dot_segments(&path)))
}

/// Removes `.` and `..` from a path (RFC 3986 section 5.2.4).
fn remove_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    kept.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolve_accepts_only_http_and_mailto() {
        let base = Some("https://example.org/news/today?x=1#top");
        let cases = [
            ("https://example.com/a", Some("https://example.com/a")),
            (" HTTP://Example.com ", Some("HTTP://Example.com")),
            ("mailto:desk@example.org", Some("mailto:desk@example.org")),
            ("tomorrow", Some("https://example.org/news/tomorrow")),
            ("../a/./b/..", Some("https://example.org/a/")),
            ("/root?q=1", Some("https://example.org/root?q=1")),
            ("?page=2", Some("https://example.org/news/today?page=2")),
            ("//cdn.example.org/x", Some("https://cdn.example.org/x")),
            ("a b\u{202e}", Some("https://example.org/news/a%20b%E2%80%AE")),
            ("#note", None),
            ("", None),
            ("javascript:alert(1)", None),
            ("java\nscript:alert(1)", None),
            ("JaVaScRiPt:alert(1)", None),
            ("data:text/html,x", None),
            ("vbscript:x", None),
            ("file:///etc/passwd", None),
            ("https://", None),
            ("http:///path", None),
        ];
        for (href, expected) in cases {
            assert_eq!(resolve(href, base).as_deref(), expected, "{href}");
        }
        assert_eq!(resolve("relative", None), None);
        assert_eq!(resolve("relative", Some("file:///home/")), None);
    }

    #[test]
    fn host_ignores_user_info_and_port() {
        let cases = [
            ("https://example.org/a@b", "example.org"),
            ("https://example.org:8080", "example.org"),
            ("https://bank.example@evil.example/", "evil.example"),
            ("https://evil.example\\@bank.example/", "evil.example"),
            ("http://[::1]:80/", "::1"),
            ("mailto:a@example.org?subject=x", "example.org"),
        ];
        for (url, expected) in cases {
            assert_eq!(host(url), expected, "{url}");
        }
    }
}
