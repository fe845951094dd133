//! The URL at which a server answers the Fever API, from any address of the server that the user has at
//! hand.

use crate::remote::ServerAddress;

/// The script of FreshRSS that answers the API.
pub(super) const FRESHRSS_SCRIPT: &str = "/api/fever.php";

/// Ends of addresses that users copy: calls of the API, other APIs, and pages.
const KNOWN_ENDS: [&str; 7] =
    ["/api/greader.php", "/reader/api/0", "/reader", "/index.php", "/api", "/i", "/unread"];

/// Returns the URLs at which the API of the server that the user typed may be, the likeliest first: the
/// address itself if it names Fever (coldsweat: `/fever`, CommaFeed: `/rest/fever/user/<id>`), then that
/// of Miniflux, with a slash at its end, that of coldsweat without one, and the script of FreshRSS, below
/// the address and at the root.
pub fn candidate_endpoints(typed: &ServerAddress) -> Vec<String> {
    let path = typed.path();
    let mut paths = Vec::new();
    if path.contains("fever") {
        paths.push(path.to_owned());
    }
    for base in [without_known_ends(path), ""] {
        paths.push(format!("{base}/fever/"));
        paths.push(format!("{base}/fever"));
        paths.push(format!("{base}{FRESHRSS_SCRIPT}"));
    }
    typed.urls_of(&paths)
}

/// Returns the path without what follows the base.
fn without_known_ends(path: &str) -> &str {
    let mut path = path.split(FRESHRSS_SCRIPT).next().unwrap_or_default();
    path = path.strip_suffix("/fever").or_else(|| path.strip_suffix("/fever/")).unwrap_or(path);
    loop {
        path = path.trim_end_matches('/');
        match KNOWN_ENDS.iter().find_map(|end| path.strip_suffix(end)) {
            Some(base) => path = base,
            None => return path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(typed: &str) -> Vec<String> {
        candidate_endpoints(&ServerAddress::parse(typed).unwrap())
    }

    #[test]
    fn every_form_of_an_address_leads_to_the_api() {
        for (typed, endpoint) in [
            ("news.example", "https://news.example/fever/"),
            ("https://news.example/unread", "https://news.example/fever/"),
            ("https://news.example/fever", "https://news.example/fever"),
            ("https://news.example/fever/?api", "https://news.example/fever/"),
            ("news.example/rss/p/i/?a=normal", "https://news.example/rss/p/api/fever.php"),
            ("news.example/rss/p/api/greader.php", "https://news.example/rss/p/api/fever.php"),
            ("news.example/rss/p/api/fever.php?api", "https://news.example/rss/p/api/fever.php"),
            ("news.example/rest/fever/user/7", "https://news.example/rest/fever/user/7"),
        ] {
            let candidates = candidates(typed);
            assert!(candidates.contains(&endpoint.to_owned()), "{typed}: {candidates:?}");
            assert!(candidates.len() <= 7, "{candidates:?}");
        }
        assert_eq!(candidates("news.example/fever")[0], "https://news.example/fever");
    }

    #[test]
    fn private_hosts_without_a_scheme_are_tried_in_the_clear_as_well() {
        let plain =
            |typed: &str| candidates(typed).iter().filter(|url| url.starts_with("http://")).count();
        assert_eq!((plain("news.example"), plain("localhost:8080")), (0, 3));
    }
}
