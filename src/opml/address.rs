//! Which addresses a list may bring in. A list comes from elsewhere: nothing in it may run a program.

const RUNS: &str = "runs a program, which an imported list may not do";
const CODE: &str =
    "is not the address of a feed but carries its own content, which an imported list may not do";
const SEARCH: &str = "is a search over other feeds, not a feed";
const BARE: &str = "has no http:// or https:// in front";
const HOST: &str = "names no host";

/// `raw` as the address of a feed, or the reason why it is none.
pub(super) fn accept(raw: &str) -> Result<String, String> {
    let address = tidy(raw);
    if address.is_empty() {
        return Err("has no address".into());
    }
    if address.starts_with('|') {
        return Err(RUNS.into());
    }
    let Some((scheme, rest)) = split(&address) else {
        return Err(BARE.into());
    };
    match scheme.as_str() {
        "feed" => of_feed(rest),
        "http" | "https" => web(&scheme, rest),
        "file" if rest.trim_matches('/').is_empty() => Err("names no file".into()),
        "file" => Ok(format!("file:{rest}")),
        "exec" | "filter" => Err(RUNS.into()),
        "javascript" | "vbscript" | "data" | "blob" => Err(CODE.into()),
        "query" => Err(SEARCH.into()),
        other => Err(format!("begins with {other}:, which is not read here")),
    }
}

/// `raw` when it is the address of a web page.
pub(super) fn site(raw: &str) -> Option<String> {
    let address = tidy(raw);
    let (scheme, rest) = split(&address)?;
    matches!(scheme.as_str(), "http" | "https").then(|| web(&scheme, rest).ok()).flatten()
}

/// Without the blanks around it, and without the line ends and tabs that no address has (WHATWG URL, 4.4).
fn tidy(raw: &str) -> String {
    raw.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// The scheme in small letters, and what follows its colon.
fn split(address: &str) -> Option<(String, &str)> {
    let (scheme, rest) = address.split_once(':')?;
    let begins = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let fits = scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    // In "localhost:8080/feed" and "example.org:80" the colon stands before a port.
    let port = rest.starts_with(|c: char| c.is_ascii_digit());
    (begins && fits && !port).then(|| (scheme.to_ascii_lowercase(), rest))
}

fn web(scheme: &str, rest: &str) -> Result<String, String> {
    let host = rest.strip_prefix("//").unwrap_or_default();
    let named = !host.is_empty() && !host.starts_with(['/', '?', '#', ' ']);
    if named { Ok(format!("{scheme}:{rest}")) } else { Err(HOST.into()) }
}

/// `feed://host/path` and `feed:https://host/path`.
fn of_feed(rest: &str) -> Result<String, String> {
    let within = rest.strip_prefix("//").unwrap_or(rest).trim_start();
    match split(within) {
        Some((scheme, rest)) if matches!(scheme.as_str(), "http" | "https") => web(&scheme, rest),
        _ => web("http", rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_feeds_are_taken() {
        for (raw, address) in [
            ("http://example.org/feed", "http://example.org/feed"),
            (" \n HTTPS://Example.org/a b?c=d&e#f \t", "https://Example.org/a b?c=d&e#f"),
            ("https://example.org/\n  feed", "https://example.org/  feed"),
            ("feed://example.org/x", "http://example.org/x"),
            ("feed:https://example.org/x", "https://example.org/x"),
            ("feed://https://example.org/x", "https://example.org/x"),
            ("feed://example.org:8080/x", "http://example.org:8080/x"),
            ("file:///home/ann/feed.xml", "file:///home/ann/feed.xml"),
            ("http://[::1]:80/", "http://[::1]:80/"),
        ] {
            assert_eq!(accept(raw), Ok(address.into()), "{raw}");
        }
    }

    #[test]
    fn programs_and_everything_else_are_refused() {
        for (raw, reason) in [
            ("|~/bin/feed", RUNS),
            (" exec:ls", RUNS),
            ("Filter:cat:http://example.org/", RUNS),
            ("javascript:alert(1)", CODE),
            ("java\nscript:alert(1)", CODE),
            ("data:text/xml,<rss/>", CODE),
            ("query:News:tags # \"news\"", SEARCH),
            ("", "has no address"),
            ("example.org/feed", BARE),
            ("localhost:8080/feed", BARE),
            ("//example.org/feed", BARE),
            ("http:example.org", HOST),
            ("https://", HOST),
            ("feed:", HOST),
            ("feed:exec:ls", HOST),
            ("file://", "names no file"),
            ("hhttps://example.org/", "begins with hhttps:, which is not read here"),
        ] {
            assert_eq!(accept(raw), Err(reason.into()), "{raw}");
        }
    }

    #[test]
    fn sites_are_web_pages() {
        assert_eq!(site(" https://example.org "), Some("https://example.org".into()));
        assert_eq!(site("javascript:alert(1)"), None);
        assert_eq!(site("file:///etc/passwd"), None);
        assert_eq!(site(""), None);
    }
}
