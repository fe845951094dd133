//! The headers by which a mail says that it comes from a mailing list (RFC 2919, RFC 2369).

use mail_parser::{HeaderName, Message};

use super::heading::collapse_whitespace;
use crate::text::{browser_url, url};

/// Maximum length of the address at which one unsubscribes, in bytes.
const MAX_ADDRESS_BYTES: usize = 4 << 10;

/// Maximum length of the name of a list, in characters.
const MAX_NAME_CHARS: usize = 200;

/// The mailing list of a mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ListHeaders {
    /// The name of the list, if it has one, and its id: `News of the week`, `week.example.org`.
    pub(super) names: Vec<String>,
    /// The address at which one unsubscribes, with the scheme `https` or else `mailto`.
    pub(super) unsubscribe: Option<String>,
}

impl ListHeaders {
    pub(super) fn new(message: &Message<'_>) -> ListHeaders {
        let list = message.list_id().as_address().and_then(|list| list.first());
        let parts = list.map(|list| [list.name.as_deref(), list.address.as_deref()]);
        let clean = |text: &str| {
            let text = collapse_whitespace(text);
            text.trim_matches(['"', '<', '>']).chars().take(MAX_NAME_CHARS).collect::<String>()
        };
        let mut names: Vec<String> = parts
            .into_iter()
            .flatten()
            .flatten()
            .map(clean)
            .filter(|name| !name.is_empty())
            .collect();
        names.dedup();
        let raw = message.header_raw(HeaderName::ListUnsubscribe);
        ListHeaders { names, unsubscribe: raw.and_then(find_unsubscribe_address) }
    }
}

/// Returns the first `https` address in the value of `List-Unsubscribe`, or else the first `mailto`
/// address. Each stands in angle brackets, and may be folded (RFC 2369 §2).
fn find_unsubscribe_address(header: &str) -> Option<String> {
    let bracketed = header.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
    let addresses: Vec<String> = bracketed
        .map(|(address, _)| address.split_whitespace().collect::<String>())
        .filter(|address| address.len() <= MAX_ADDRESS_BYTES)
        .collect();
    let with_scheme = |wanted: &str| {
        let has_scheme = |address: &&String| {
            url::split_scheme(address)
                .is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case(wanted))
        };
        addresses.iter().filter(has_scheme).find_map(|address| browser_url(address))
    };
    with_scheme("https").or_else(|| with_scheme("mailto"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::mail::entity::{parse_headers, split_headers};

    fn list_headers(headers: &str) -> ListHeaders {
        let (text, _) = split_headers(headers.as_bytes());
        ListHeaders::new(&parse_headers(&text).expect("they are headers"))
    }

    #[test]
    fn list_headers_name_the_list() {
        let cases: [(&str, &[&str]); 7] = [
            (
                "List-Id: News of the week <week.example.org>",
                &["News of the week", "week.example.org"],
            ),
            ("List-ID: \"Week, the\"\n <week.example.org>", &["Week, the", "week.example.org"]),
            ("list-id: <week.example.org>", &["week.example.org"]),
            ("List-Id: week.example.org", &["week.example.org"]),
            ("List-Id: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= <g.example.org>", &["Grüße", "g.example.org"]),
            ("List-Id: <>", &[]),
            ("Subject: List-Id", &[]),
        ];
        for (headers, names) in cases {
            assert_eq!(list_headers(headers).names, names, "{headers}");
        }
    }

    #[test]
    fn list_headers_choose_a_safe_address_to_unsubscribe() {
        let (https, mail) = ("https://example.org/u?id=1", "mailto:leave@example.org?subject=out");
        let cases = [
            (format!("<{mail}>, <{https}>"), Some(https)),
            (format!("<{mail}>"), Some(mail)),
            (format!("<http://example.org/u>, <{mail}>"), Some(mail)),
            ("<https://example.org/\n u?id=1>".to_owned(), Some(https)),
            (format!("(comment) <{https}> <https://example.org/other>"), Some(https)),
            ("<javascript:alert(1)>, <file:///etc/passwd>".to_owned(), None),
            (format!("<https://example.org/{}>", "x".repeat(MAX_ADDRESS_BYTES)), None),
            (https.to_owned(), None),
        ];
        for (value, address) in cases {
            let found = list_headers(&format!("List-Unsubscribe: {value}\nSubject: a"));
            assert_eq!(found.unsubscribe.as_deref(), address, "{value}");
        }
    }
}
