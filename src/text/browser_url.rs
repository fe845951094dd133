//! URLs that are handed to a browser, a mail program or the terminal.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::url::parse_web_url;

/// The characters of mail addresses that need no percent-encoding (RFC 6068 §2).
const MAIL_ADDRESS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'@').remove(b'.').remove(b'-').remove(b'_').remove(b'~').remove(b'+');

/// The characters of other texts that need none (RFC 3986 §2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_').remove(b'~');

/// Returns `url` as another program may get it: an http or https URL without a user name and password,
/// percent-encoded, or a `mailto:` URL with addresses, a subject and a text only. `None` for all
/// others.
pub fn browser_url(url: &str) -> Option<String> {
    match super::url::split_scheme(url)? {
        (scheme, rest) if scheme.eq_ignore_ascii_case("mailto") => mail_url(rest),
        _ => {
            let mut url = parse_web_url(url)?;
            // Neither setter fails for a URL with a host.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            Some(url.into())
        }
    }
}

/// Builds a `mailto:` URL from what follows its scheme (RFC 6068 §2). Headers other than the subject
/// and the text are left out: some mail programs attach the file that `attach` names, and further
/// recipients are not seen.
fn mail_url(rest: &str) -> Option<String> {
    let rest = rest.split('#').next().unwrap_or_default();
    let (to, headers) = rest.split_once('?').unwrap_or((rest, ""));
    let mut addresses = mail_addresses(to);
    let (mut subject, mut body) = (None, None);
    for (name, value) in headers.split('&').filter_map(|header| header.split_once('=')) {
        match name.to_ascii_lowercase().as_str() {
            "to" => addresses.extend(mail_addresses(value)),
            "subject" => subject = Some(decode_text(value, false)),
            "body" => body = Some(decode_text(value, true)),
            _ => {}
        }
    }
    let mut url = format!("mailto:{}", addresses.join(","));
    let parts = [("subject", subject), ("body", body)];
    let parts = parts.into_iter().filter_map(|(name, text)| Some((name, text?)));
    for (index, (name, text)) in parts.enumerate() {
        let separator = if index == 0 { '?' } else { '&' };
        url.push(separator);
        url.push_str(name);
        url.push('=');
        url.extend(utf8_percent_encode(&text, UNRESERVED));
    }
    (!addresses.is_empty()).then_some(url)
}

/// Returns the addresses in a list that is separated by commas, percent-encoded; leaves out what is
/// none.
fn mail_addresses(list: &str) -> Vec<String> {
    let addresses = list
        .split(',')
        .map(|address| percent_decode_str(address).decode_utf8_lossy().trim().to_owned());
    let is_address = |address: &String| {
        let has_both_parts = address
            .rsplit_once('@')
            .is_some_and(|(user, domain)| !user.is_empty() && !domain.is_empty());
        has_both_parts
            && !address.starts_with('-')
            && !address.contains(|c: char| c.is_control() || c.is_whitespace() || c == ',')
    };
    addresses
        .filter(is_address)
        .map(|address| utf8_percent_encode(&address, MAIL_ADDRESS).to_string())
        .collect()
}

/// Decodes a subject, on one line, or a text. Neither keeps other control characters.
fn decode_text(value: &str, has_lines: bool) -> String {
    let decoded = percent_decode_str(value).decode_utf8_lossy();
    let is_kept = |c: &char| !c.is_control() || has_lines && matches!(c, '\r' | '\n' | '\t');
    decoded.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_url_encodes_web_urls_and_drops_user_info() {
        let cases = [
            ("HTTP://E.X/", Some("http://e.x/")),
            (
                "https://ann:word@e.x:8443/ä b\"?q='|`#ü",
                Some("https://e.x:8443/%C3%A4%20b%22?q=%27|`#%C3%BC"),
            ),
            ("https://例え.jp/\u{202e}", Some("https://xn--r8jz45g.jp/%E2%80%AE")),
            ("https://bank.example\\@evil.example/", Some("https://bank.example/@evil.example/")),
            ("https://", None),
            ("file:///etc/passwd", None),
            ("javascript:alert(1)", None),
            ("-a", None),
            ("", None),
        ];
        for (url, expected) in cases {
            assert_eq!(browser_url(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn browser_url_keeps_addresses_subject_and_body_of_mail() {
        let cases = [
            ("mailto:a@b.c?attach=/etc/passwd", Some("mailto:a@b.c")),
            (
                "MAILTO:a@b.c,d+e@f.g?Attachment=x&cc=x@y.z&bcc=x@y.z&In-Reply-To=1",
                Some("mailto:a@b.c,d+e@f.g"),
            ),
            (
                "mailto:?to=a@b.c&subject=Hi%20you&body=1%0D%0A2%26attach=x",
                Some("mailto:a@b.c?subject=Hi%20you&body=1%0D%0A2%26attach%3Dx"),
            ),
            ("mailto:a@b.c?subject=a%0ABcc:x@y.z&subject=b%00c", Some("mailto:a@b.c?subject=bc")),
            ("mailto:a%3Fattach=x@b.c", Some("mailto:a%3Fattach%3Dx@b.c")),
            ("mailto:-attach@b.c,a b@c,@b,a@,ä@b.c", Some("mailto:%C3%A4@b.c")),
            ("mailto:?subject=x", None),
            ("mailto:nobody", None),
        ];
        for (url, expected) in cases {
            assert_eq!(browser_url(url).as_deref(), expected, "{url}");
        }
    }
}
