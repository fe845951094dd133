//! The base address of a server's API, from any address of the server that the user has at hand.

use crate::remote::ServerAddress;

/// The script of FreshRSS that answers the API.
pub(super) const FRESHRSS_SCRIPT: &str = "/api/greader.php";

/// Ends of addresses that users copy: calls of the API, other APIs, and pages.
const KNOWN_ENDS: [&str; 9] = [
    "/accounts/ClientLogin",
    "/reader/api/0",
    "/reader",
    "/api/fever.php",
    "/fever",
    "/index.php",
    "/api",
    "/i",
    "/unread",
];

/// Returns the base addresses at which the API of the server that the user typed may be, the likeliest
/// first: the address itself and that of the script of FreshRSS, below it and at the root.
pub fn candidate_addresses(typed: &ServerAddress) -> Vec<String> {
    let path = without_known_ends(typed.path());
    let mut paths = Vec::new();
    if typed.path().contains(FRESHRSS_SCRIPT) {
        paths.push(format!("{path}{FRESHRSS_SCRIPT}"));
    }
    for base in [path.as_str(), ""] {
        paths.extend([base.to_owned(), format!("{base}{FRESHRSS_SCRIPT}")]);
    }
    typed.urls_of(&paths)
}

/// Returns the path without the ends that are no part of the base.
fn without_known_ends(path: &str) -> String {
    let mut path = path.split(FRESHRSS_SCRIPT).next().unwrap_or_default();
    loop {
        path = path.trim_end_matches('/');
        match KNOWN_ENDS.iter().find_map(|end| path.strip_suffix(end)) {
            Some(base) => path = base,
            None => return path.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::ServerAddressError;

    fn candidate_addresses(typed: &str) -> Result<Vec<String>, ServerAddressError> {
        ServerAddress::parse(typed).map(|typed| super::candidate_addresses(&typed))
    }

    #[test]
    fn every_form_of_an_address_leads_to_the_api() {
        let miniflux = "https://news.example";
        for typed in [
            "news.example",
            "https://news.example/",
            " https://news.example/unread ",
            "https://news.example/reader/api/0/",
            "https://news.example/accounts/ClientLogin",
            "https://news.example/fever/",
            "https://news.example/feed/17/entries",
        ] {
            let candidates = candidate_addresses(typed).unwrap();
            assert!(candidates.contains(&miniflux.to_owned()), "{typed}: {candidates:?}");
        }
        let freshrss = "https://news.example/rss/p/api/greader.php";
        for typed in [
            "news.example/rss/p",
            "https://news.example/rss/p/i/?a=normal&get=c_2",
            "https://news.example/rss/p/api/greader.php",
            "https://news.example/rss/p/api/greader.php/reader/api/0/token",
            "https://news.example/rss/p/api/fever.php",
            "https://news.example/rss/p/api/",
        ] {
            let candidates = candidate_addresses(typed).unwrap();
            assert!(candidates.contains(&freshrss.to_owned()), "{typed}: {candidates:?}");
            assert!(candidates.len() <= 5, "{candidates:?}");
        }
    }

    #[test]
    fn the_script_comes_first_where_the_address_names_it() {
        let candidates = candidate_addresses("https://a.example/api/greader.php").unwrap();
        assert_eq!(candidates, ["https://a.example/api/greader.php", "https://a.example"]);
    }

    #[test]
    fn passwords_are_not_sent_in_the_clear_unless_the_user_typed_http() {
        let schemes = |typed: &str| {
            let candidates = candidate_addresses(typed).unwrap();
            candidates.iter().filter(|base| base.starts_with("http://")).count()
        };
        assert_eq!(schemes("news.example"), 0);
        assert_eq!(schemes("http://news.example"), 2);
        assert_eq!(schemes("localhost:8080"), 2);
        assert_eq!(schemes("192.168.1.4/rss"), 4);
    }

    #[test]
    fn addresses_with_passwords_and_other_schemes_are_refused() {
        let has_user_info = Err(ServerAddressError::HasUserInfo);
        assert_eq!(candidate_addresses("https://ann:S3CRET@news.example"), has_user_info);
        assert_eq!(candidate_addresses("ann:S3CRET@news.example"), has_user_info);
        for typed in ["ftp://news.example", "https://", "", "two words"] {
            let error = candidate_addresses(typed).unwrap_err();
            assert!(error.to_string().starts_with("the address "), "{typed}: {error}");
        }
    }
}
