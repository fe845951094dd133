//! URLs: parsing, resolving, hosts and origins, with the `url` crate (WHATWG URL standard).
//!
//! A URL is stored as text, in the spelling of its author. That text identifies articles and feeds
//! (guids, link keys, digests, the URLs of feeds), so it is never replaced by the serialisation of
//! [`Url`], which lowers hosts, adds slashes and percent-encodes letters. [`Url`] serves to
//! validate a text, to compare origins, and to send a request.
//!
//! Start with [`resolve`], which makes a link absolute and accepts only http, https and mailto.
//! [`same_origin`] decides whether a URL gets the trust or the credentials of another.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use url::ParseError;
pub use url::{Host, Url};

/// Maximum length of a URL in bytes. Longer ones are of no use to a reader and may be an attack.
pub const MAX_URL_BYTES: usize = 8 * 1024;

/// The reason why a text is not the URL of a web page; it continues a sentence that begins with the
/// text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebUrlError {
    /// The text has no scheme.
    #[error("has no https:// or http:// in front")]
    MissingScheme,
    /// The scheme is not one of the web.
    #[error("begins with {0}:, not with https:// or http://")]
    OtherScheme(String),
    /// The host is missing.
    #[error("names no host")]
    MissingHost,
    /// A text typed without a scheme has no host with a dot.
    #[error("is not the address of a site, such as example.org")]
    NotAnAddress,
    /// The host is invalid, as a domain name (IDNA) or as an IP address.
    #[error("has an invalid host name")]
    InvalidHost,
    /// The port is not a number up to 65535.
    #[error("has an invalid port number")]
    InvalidPort,
    /// The URL is longer than [`MAX_URL_BYTES`].
    #[error("is longer than {MAX_URL_BYTES} bytes")]
    TooLong,
}

/// Parses an http or https URL; `None` for any other scheme and for an invalid one.
pub fn parse_web_url(text: &str) -> Option<Url> {
    check_web_url(text).ok()
}

/// Parses an http or https URL.
///
/// # Errors
///
/// Fails for any other scheme and for an invalid URL.
pub fn check_web_url(text: &str) -> Result<Url, WebUrlError> {
    let url = Url::parse(text).map_err(|error| match error {
        ParseError::RelativeUrlWithoutBase | ParseError::RelativeUrlWithCannotBeABaseBase => {
            WebUrlError::MissingScheme
        }
        ParseError::EmptyHost => WebUrlError::MissingHost,
        ParseError::InvalidPort => WebUrlError::InvalidPort,
        ParseError::Overflow => WebUrlError::TooLong,
        _ => WebUrlError::InvalidHost,
    })?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(WebUrlError::OtherScheme(other.to_owned())),
    }
}

/// The bytes that are encoded in a segment of a path: all but unreserved characters (RFC 3986 §2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Returns `text` as one segment of the path of a URL (RFC 3986 §3.3).
pub fn encode_path_segment(text: &str) -> String {
    percent_encode(text.as_bytes(), RESERVED).to_string()
}

/// Returns the user name and the password in `url`, percent-decoded; `None` if it has neither.
pub fn user_info(url: &Url) -> Option<(String, String)> {
    let has_user_info = !url.username().is_empty() || url.password().is_some();
    let password = url.password().unwrap_or_default();
    has_user_info.then(|| (percent_decode(url.username()), percent_decode(password)))
}

/// Encodes a text so that it can be the name of a file: everything but ASCII letters and digits is
/// percent-encoded.
pub fn percent_encode_name(text: &str) -> String {
    percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string()
}

/// Encodes the fields of a form as `application/x-www-form-urlencoded` (WHATWG URL §5.2).
pub fn encode_form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Returns `text` with its percent-encoded bytes decoded.
pub fn percent_decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Returns `url` without the user name and password in front of its host.
pub fn without_user_info(url: &str) -> Cow<'_, str> {
    let Some((user_info, _)) = authority(url).and_then(|authority| authority.rsplit_once('@'))
    else {
        return Cow::Borrowed(url);
    };
    let start = url.find("//").map_or(0, |slashes| slashes + 2);
    Cow::Owned(format!("{}{}", &url[..start], &url[start + user_info.len() + 1..]))
}

/// Returns `url` with this user name and password, percent-encoded, in front of its host.
pub fn with_user_info(url: &str, user: &str, password: &str) -> String {
    let plain = without_user_info(url);
    let encode = |text: &str| percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string();
    match plain.split_once("//") {
        Some((scheme, rest)) => format!("{scheme}//{}:{}@{rest}", encode(user), encode(password)),
        None => plain.into_owned(),
    }
}

/// The reason why a `file:` URL names no file of this computer; it continues a sentence that begins
/// with the URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileUrlError {
    /// The host is another one.
    #[error("is a file on another computer ({0})")]
    OtherHost(String),
    /// The path is missing or relative.
    #[error("names no file")]
    MissingPath,
}

/// Returns the path of a `file:` URL as it is written, of which `rest` is the text after the scheme
/// and its colon: `///path`, `//localhost/path` or `/path` (RFC 8089 §2).
///
/// # Errors
///
/// Fails if the URL names another computer, or no absolute path.
pub fn local_file_path(rest: &str) -> Result<&str, FileUrlError> {
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    if !host.is_empty() && !host.eq_ignore_ascii_case("localhost") && host != "127.0.0.1" {
        return Err(FileUrlError::OtherHost(host.to_owned()));
    }
    let names_file = path.starts_with('/') && !path.trim_matches('/').is_empty();
    names_file.then_some(path).ok_or(FileUrlError::MissingPath)
}

/// Returns the absolute URL of `href` in a page at `base`; `None` if it is not a link that may be
/// followed: its scheme is not http, https or mailto, its host is invalid, or it is relative and
/// there is no base.
pub fn resolve(href: &str, base: Option<&str>) -> Option<String> {
    resolve_as_written(href, base).filter(|url| !is_web_url(url) || has_valid_host(url))
}

/// Does what [`resolve`] does, but takes any host: for feeds, in which even a link that cannot be
/// followed identifies an article.
///
/// Relative references are resolved as in RFC 3986 §5.2, on the text: [`Url::join`] would also
/// percent-encode and lower what the publisher wrote.
pub fn resolve_as_written(href: &str, base: Option<&str>) -> Option<String> {
    let href = strip_blanks(href);
    if href.is_empty() || href.len() > MAX_URL_BYTES || href.starts_with('#') {
        return None;
    }
    let absolute = match split_scheme(&href) {
        Some(_) => href,
        None => Cow::Owned(join_relative(&href, base.filter(|base| is_web_url(base))?)?),
    };
    let url = percent_encode_invisible(absolute);
    may_be_followed(&url).then(|| url.into_owned())
}

/// Returns true if `href` needs a base to be resolved. A reference to a place in the same page does
/// not count.
pub fn is_relative(href: &str) -> bool {
    // RFC 3986 §4.2: the first segment of a relative path has no colon.
    let first_segment = href.split(['/', '?', '#']).next().unwrap_or_default();
    !href.is_empty() && !href.starts_with('#') && !first_segment.contains(':')
}

/// Splits an absolute URL into its scheme and the text after the colon.
pub fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    is_scheme.then_some((scheme, rest))
}

/// Returns the part of the path of `url` behind the last `/`.
pub fn last_segment(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

/// Returns the extension of the file at `url` in lower case, without the point; empty if it has none.
pub fn file_extension(url: &str) -> String {
    last_segment(url).rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase()
}

/// Returns the host of a URL as it is written, without user and port, or the domain of a mail
/// address; empty if there is none.
///
/// The result is for display and grouping. Use [`same_origin`] for decisions about trust.
pub fn host(url: &str) -> &str {
    let Some(authority) = authority(url) else {
        let domain = url.rsplit_once('@').map_or("", |(_, domain)| domain);
        return domain.split('?').next().unwrap_or_default();
    };
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match host.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
        Some((v6, _)) => v6,
        None => host.split(':').next().unwrap_or_default(),
    }
}

/// Returns true if both are http(s) URLs with the same scheme, host and port, however written.
pub fn same_origin(one: &str, other: &str) -> bool {
    match (parse_web_url(one), parse_web_url(other)) {
        (Some(one), Some(other)) => one.origin() == other.origin(),
        _ => false,
    }
}

/// Returns the scheme, host and port of an http(s) URL as one text, which is a URL as well.
pub fn origin(url: &str) -> Option<String> {
    parse_web_url(url).map(|url| url.origin().ascii_serialization())
}

/// Removes the blanks around a URL, and the tabs and line ends within (WHATWG URL §4.4).
fn strip_blanks(href: &str) -> Cow<'_, str> {
    let href = href.trim();
    if href.contains(['\t', '\n', '\r']) {
        Cow::Owned(href.replace(['\t', '\n', '\r'], ""))
    } else {
        Cow::Borrowed(href)
    }
}

/// Returns the text between `//` and the path. A backslash ends it too, as in every browser.
fn authority(url: &str) -> Option<&str> {
    let (_, rest) = split_scheme(url)?;
    rest.strip_prefix("//")?.split(['/', '?', '#', '\\']).next()
}

fn is_web_url(url: &str) -> bool {
    let is_web = split_scheme(url).is_some_and(|(scheme, _)| {
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    });
    is_web && !host(url).is_empty()
}

fn is_mail_url(url: &str) -> bool {
    let is_mail =
        split_scheme(url).is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("mailto"));
    is_mail && !host(url).is_empty()
}

fn may_be_followed(url: &str) -> bool {
    url.len() <= MAX_URL_BYTES && (is_web_url(url) || is_mail_url(url))
}

/// Returns true if the host of an http(s) URL is valid. Only unusual hosts are parsed; the part
/// after the host cannot make a URL invalid.
fn has_valid_host(url: &str) -> bool {
    authority(url).is_some_and(is_plain_host) || parse_web_url(url).is_some()
}

/// Returns true for a host of ASCII letters, digits, dots and hyphens that is not an IP address and
/// has no label in Punycode. Such a host is valid without a check against the tables of IDNA.
fn is_plain_host(authority: &str) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic();
    authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
        && authority.as_bytes().first().is_some_and(is_letter)
        && authority.as_bytes().last().is_some_and(is_letter)
        && !authority.contains("--")
}

/// Percent-encodes invisible characters: blanks, controls, bidi controls.
fn percent_encode_invisible(url: Cow<'_, str>) -> Cow<'_, str> {
    if url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return url;
    }
    let mut out = String::with_capacity(url.len() + 16);
    for c in url.chars() {
        if c.is_ascii_graphic() || (c.is_alphanumeric() && !c.is_ascii()) {
            out.push(c);
        } else {
            let mut bytes = [0; 4];
            out.extend(percent_encode(c.encode_utf8(&mut bytes).as_bytes(), NON_ALPHANUMERIC));
        }
    }
    Cow::Owned(out)
}

/// Resolves a relative reference against an http(s) URL (RFC 3986 §5.2.2).
fn join_relative(href: &str, base: &str) -> Option<String> {
    let (scheme, rest) = base.split_once("://")?;
    if let Some(authority) = href.strip_prefix("//") {
        return Some(format!("{scheme}://{authority}"));
    }
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, base_path) = rest.split_once('/').unwrap_or((rest, ""));
    let (reference, tail) = href.split_at(href.find(['?', '#']).unwrap_or(href.len()));
    let path = merge_paths(base_path, reference);
    Some(format!("{scheme}://{authority}/{}{tail}", remove_dot_segments(&path)))
}

/// Merges a relative path with that of the base, which has no slash in front (RFC 3986 §5.2.3).
fn merge_paths<'a>(base_path: &'a str, reference: &'a str) -> Cow<'a, str> {
    if reference.is_empty() {
        return Cow::Borrowed(base_path);
    }
    match (reference.strip_prefix('/'), base_path.rsplit_once('/')) {
        (Some(absolute), _) => Cow::Borrowed(absolute),
        (None, Some((folder, _))) => Cow::Owned(format!("{folder}/{reference}")),
        (None, None) => Cow::Borrowed(reference),
    }
}

/// Removes `.` and `..` from a path (RFC 3986 §5.2.4).
fn remove_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        if !matches!(segment, "." | "..") {
            kept.push(segment);
            continue;
        }
        if segment == ".." {
            kept.pop();
        }
        let is_last = segments.peek().is_none();
        if is_last {
            kept.push("");
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

    #[test]
    fn host_never_names_another_host_than_the_parser() {
        assert_eq!(host("http:evil.example://bank.example/"), "");
        assert_eq!(resolve("http:evil.example://bank.example/", None), None);
        for url in [
            "https://evil.example\\@bank.example/",
            "https://a@b@evil.example:80/",
            "https://evil.example#@bank.example",
            "https://evil.example?@bank.example",
        ] {
            let parsed = parse_web_url(url).expect("a URL");
            assert_eq!(parsed.host_str(), Some(host(url)), "{url}");
        }
    }

    #[test]
    fn resolve_rejects_invalid_hosts() {
        for href in [
            "http://exa mple.org/",
            "http://[::1/",
            "http://1.2.3.4.5/",
            "http://example.org:99999/",
            "http://a%00b.org/",
            "http://xn--a/",
        ] {
            assert_eq!(resolve(href, None), None, "{href}");
            assert!(resolve_as_written(href, None).is_some(), "{href}");
        }
    }

    #[test]
    fn resolve_keeps_the_spelling_of_the_publisher() {
        let base = Some("https://Example.org:443/Über/index.html");
        let cases = [
            ("https://Bücher.example/ä?q=ö", "https://Bücher.example/ä?q=ö"),
            ("HTTPS://EXAMPLE.org", "HTTPS://EXAMPLE.org"),
            ("https://example.org/a|b\"c", "https://example.org/a|b\"c"),
            ("https://example.org/%7Ea/../b", "https://example.org/%7Ea/../b"),
            ("straße?a=ß", "https://Example.org:443/Über/straße?a=ß"),
            ("/%C3%BC", "https://Example.org:443/%C3%BC"),
            ("//例え.jp", "https://例え.jp"),
            ("a b", "https://Example.org:443/Über/a%20b"),
        ];
        for (href, expected) in cases {
            assert_eq!(resolve(href, base).as_deref(), Some(expected), "{href}");
            assert_eq!(resolve_as_written(href, base).as_deref(), Some(expected), "{href}");
        }
    }

    #[test]
    fn resolve_rejects_very_long_urls() {
        let long = format!("https://example.org/{}", "a".repeat(MAX_URL_BYTES));
        assert_eq!(resolve(&long, None), None);
        assert_eq!(resolve(&long[20..], Some("https://example.org/")), None);
        assert_eq!(resolve(&long[..MAX_URL_BYTES], None).map(|url| url.len()), Some(MAX_URL_BYTES));
    }

    #[test]
    fn same_origin_compares_parsed_origins() {
        let equal = [
            ("https://example.org", "HTTPS://EXAMPLE.org:443/a?b#c"),
            ("http://user:password@example.org/", "http://example.org:80"),
            ("https://bücher.example/", "https://xn--bcher-kva.example/a"),
            ("http://0x7f.1/", "http://127.0.0.1/"),
            ("http://[::1]/", "http://[0:0:0:0:0:0:0:1]:80/"),
            ("https://example.org\\@bank.example/", "https://example.org/"),
        ];
        for (one, other) in equal {
            assert!(same_origin(one, other), "{one} {other}");
        }
        let different = [
            ("https://example.org/", "http://example.org/"),
            ("https://example.org/", "https://example.org:8443/"),
            ("https://example.org/", "https://example.org.evil.example/"),
            ("https://example.org/", "https://example.org@evil.example/"),
            ("file:///a", "file:///a"),
            ("", ""),
        ];
        for (one, other) in different {
            assert!(!same_origin(one, other), "{one} {other}");
        }
    }

    #[test]
    fn check_web_url_names_the_reason() {
        let cases = [
            ("example.org", WebUrlError::MissingScheme),
            ("gopher://example.org/", WebUrlError::OtherScheme("gopher".to_owned())),
            ("https://", WebUrlError::MissingHost),
            ("https://exa mple.org/", WebUrlError::InvalidHost),
            ("https://xn--a/", WebUrlError::InvalidHost),
            ("https://1.2.3.4.5/", WebUrlError::InvalidHost),
            ("https://example.org:99999/", WebUrlError::InvalidPort),
        ];
        for (text, expected) in cases {
            assert_eq!(check_web_url(text), Err(expected), "{text}");
        }
        for url in ["https://Bücher.example/ä b", "http://例え。テスト/", "HTTP://a|b@[::1]:80"]
        {
            assert!(check_web_url(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn local_file_path_accepts_only_files_of_this_computer() {
        for rest in ["///a%20b/c", "//localhost/a%20b/c", "//LOCALHOST/a%20b/c", "/a%20b/c"] {
            assert_eq!(local_file_path(rest), Ok("/a%20b/c"), "{rest}");
        }
        for rest in ["", "//", "///", "a/b", "//localhost"] {
            assert_eq!(local_file_path(rest), Err(FileUrlError::MissingPath), "{rest}");
        }
        let other = FileUrlError::OtherHost("server".to_owned());
        assert_eq!(local_file_path("//server/share"), Err(other));
    }

    #[test]
    fn user_info_is_decoded_and_removed() {
        let decoded = |url: &str| user_info(&parse_web_url(url).expect("a URL"));
        let pair = |user: &str, password: &str| Some((user.to_owned(), password.to_owned()));
        let cases = [
            (
                "http://me%40example.org:p%3Aw@host/a",
                "http://host/a",
                pair("me@example.org", "p:w"),
            ),
            ("http://ann@host:80?a@b", "http://host:80?a@b", pair("ann", "")),
            ("http://:word@host/", "http://host/", pair("", "word")),
            ("https://Änn:p@w@host/", "https://host/", pair("Änn", "p@w")),
            ("https://host/a@b", "https://host/a@b", None),
        ];
        for (url, without, expected) in cases {
            assert_eq!(decoded(url), expected, "{url}");
            assert_eq!(without_user_info(url), without, "{url}");
        }
    }

    #[test]
    fn with_user_info_is_the_inverse_of_user_info() {
        let url = with_user_info("https://host/a", "me@example.org", "p:w/ä");
        assert_eq!(url, "https://me%40example%2Eorg:p%3Aw%2F%C3%A4@host/a");
        let pair = ("me@example.org".to_owned(), "p:w/ä".to_owned());
        assert_eq!(user_info(&parse_web_url(&url).expect("a URL")), Some(pair));
        assert_eq!(without_user_info(&url), "https://host/a");
    }

    #[test]
    fn is_relative_needs_a_base() {
        for href in ["a", "/a:b", "//host/a", "?a", "./a:b"] {
            assert!(is_relative(href), "{href}");
        }
        for href in ["", "#a", "https://example.org", "mailto:a@b.org", "1:2"] {
            assert!(!is_relative(href), "{href}");
        }
    }
}
