//! Parsing of mails, from `.eml` files, Maildirs and mailboxes.
//!
//! `mail_parser` reads the headers; the parts are split and decoded here, because real mails name
//! wrong charsets, lose boundaries and nest deeply. Start with [`parse_mail`], then `body`.

mod body;
mod encoded_words;
mod entity;
mod heading;
mod list_headers;
mod mail_text;
mod plain_to_html;
mod transfer_encoding;
mod uuencode;

use std::borrow::Cow;

use self::{
    body::{MailBody, read_body},
    entity::{parse_headers, split_headers},
    heading::MessageHeading,
    list_headers::ListHeaders,
};
use super::{
    headline,
    parsed_file::{ParseWarning, ParsedFile},
};
use crate::{
    markup::{first_paragraph, parse_html},
    model::BodyFormat,
};

/// Parses a mail; `None` if `bytes` have no headers of a mail.
pub(super) fn parse_mail(bytes: &[u8]) -> Option<ParsedFile> {
    let bytes = strip_envelope(bytes);
    let (header_text, _) = split_headers(&bytes);
    let message = parse_headers(&header_text)?;
    let (heading, list) = (MessageHeading::new(&message), ListHeaders::new(&message));
    let MailBody { format, text, is_cut } = read_body(&bytes);
    let mut parsed = ParsedFile::new(format, text);
    parsed.title = heading.subject.or_else(|| headline_of_body(&parsed));
    parsed.author = heading.senders;
    parsed.published = heading.published;
    parsed.message_id = heading.message_id;
    // As categories, so that filters and views find the mails of one list.
    parsed.tags = list.names;
    parsed.unsubscribe = list.unsubscribe;
    parsed.warnings.extend(is_cut.then_some(ParseWarning::TooManyParts));
    Some(parsed)
}

/// Removes what some programs put in front of a mail: a byte order mark, blank lines, and the line
/// with which a mailbox file begins each mail (RFC 4155). Line ends of old Macs are converted.
fn strip_envelope(bytes: &[u8]) -> Cow<'_, [u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let is_envelope = bytes.starts_with(b"From ") || bytes.starts_with(b">From ");
    let line_end = if is_envelope { memchr::memchr(b'\n', bytes) } else { None };
    let mail = line_end.map_or(bytes, |end| &bytes[end + 1..]);
    if mail.contains(&b'\n') || !mail.contains(&b'\r') {
        return Cow::Borrowed(mail);
    }
    Cow::Owned(mail.iter().map(|byte| if *byte == b'\r' { b'\n' } else { *byte }).collect())
}

/// Returns the first words of a mail without a subject.
fn headline_of_body(parsed: &ParsedFile) -> Option<String> {
    let words = match parsed.format {
        BodyFormat::Plain => first_paragraph(&parsed.text),
        _ => first_paragraph(&parse_html(&parsed.text, None).plain_text()),
    };
    words.and_then(|words| headline::extract_headline(&words))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALTERNATIVE: &str = "From: =?utf-8?Q?Ann_W=C3=A9il?= <ann@example.org>\r\n\
        Subject: =?utf-8?B?TmFjaHR6w7xnZQ==?=\r\n\
        Date: Wed, 28 Jan 2026 10:30:00 +0100\r\n\
        Message-ID: <1@example.org>\r\n\
        MIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nZ=C3=BCge\r\n\
        --b\r\nContent-Type: text/html\r\n\r\n<p>Trains</p>\r\n--b--\r\n";

    #[test]
    fn parse_mail_reads_multipart_alternative() {
        let parsed = parse_mail(ALTERNATIVE.as_bytes()).expect("it is a mail");
        assert_eq!(parsed.title.as_deref(), Some("Nachtzüge"));
        assert_eq!(parsed.author.as_deref(), Some("Ann Wéil"));
        assert_eq!(parsed.message_id.as_deref(), Some("1@example.org"));
        assert_eq!(
            parsed.published.map(|at| at.instant().to_rfc3339()).as_deref(),
            Some("2026-01-28T09:30:00+00:00")
        );
        assert_eq!((parsed.format, parsed.text.trim()), (BodyFormat::Html, "<p>Trains</p>"));
    }

    #[test]
    fn parse_mail_names_all_senders() {
        let cases = [
            ("ann@example.org (Ann Weil)", "Ann Weil"),
            ("Ann Weil <ann@example.org>, \"Bo, Jr.\" <bo@example.org>", "Ann Weil, Bo, Jr."),
            ("Ann (at work) <ann@example.org>", "Ann (at work)"),
            ("<ann@example.org>", "ann@example.org"),
            ("ann@example.org, ann@example.org", "ann@example.org"),
            ("Desk: ann@example.org, Bo <bo@example.org>;", "ann@example.org, Bo"),
            ("Änn <ann@example.org>", "Änn"),
        ];
        for (from, author) in cases {
            let parsed = parse_mail(format!("From: {from}\n\nWords.").as_bytes());
            let found = parsed.expect("it is a mail").author;
            assert_eq!(found.as_deref(), Some(author), "{from}");
        }
        let latin_1 = parse_mail(b"From: J\xfcrgen <j@example.org>\nSubject: Gr\xfc\xdfe\n\n");
        let latin_1 = latin_1.expect("it is a mail");
        assert_eq!(
            (latin_1.author.as_deref(), latin_1.title.as_deref()),
            (Some("Jürgen"), Some("Grüße"))
        );
    }

    #[test]
    fn parse_mail_accepts_subject_only_and_mailbox_lines() {
        for mail in [
            "Subject: Only this",
            "Subject: Only this\n",
            "From ann@example.org Wed Jan 28 10:30:00 2026\nSubject: Only this\n\n",
            "\u{feff}\r\n\r\nSubject: Only\r\n this\r\n\r\n",
            "Subject: Only this\r\r",
        ] {
            let parsed = parse_mail(mail.as_bytes()).expect("it is a mail");
            assert_eq!(
                (parsed.title.as_deref(), parsed.text.trim()),
                (Some("Only this"), ""),
                "{mail:?}"
            );
        }
    }

    #[test]
    fn parse_mail_reads_plain_text() {
        let parsed =
            parse_mail(b"From: desk@example.org\n\nFirst words. More.\n").expect("it is a mail");
        assert_eq!(
            (parsed.title.as_deref(), parsed.author.as_deref()),
            (Some("First words"), Some("desk@example.org"))
        );
        assert_eq!(parsed.format, BodyFormat::Plain);
    }

    #[test]
    fn parse_mail_survives_deep_nesting() {
        let message = "Content-Type: message/rfc822\n\nSubject: inner\n";
        let multipart = "Content-Type: multipart/mixed; boundary=b\n\n--b\n";
        for nested in [message, multipart] {
            let mail = format!("Subject: outer\n{}\nwords", nested.repeat(30_000));
            let parsed = parse_mail(mail.as_bytes()).expect("it is a mail");
            assert_eq!(parsed.title.as_deref(), Some("outer"));
            // Parts with one boundary are no deep nesting but too many parts, which is said.
            assert!(parsed.text.contains("words") || !parsed.warnings.is_empty(), "{nested}");
        }
        for header in ["From", "Content-Type", "Content-Transfer-Encoding", "Date", "Message-ID"] {
            for open in ["(", "<", "\"", ";a=", "=?utf-8?Q?", ",a@b"] {
                let mail = format!("{header}: {}\nSubject: outer\n\nwords", open.repeat(60_000));
                let parsed = parse_mail(mail.as_bytes()).expect("it is a mail");
                assert!(parsed.text.contains("words"), "{header}: {open}");
            }
        }
    }

    proptest! {
        #[test]
        fn parse_mail_accepts_any_parts(fragments in proptest::collection::vec(0..FRAGMENTS.len(), 0..40)) {
            let mail: String = fragments.into_iter().map(|index| FRAGMENTS[index]).collect();
            let _ = parse_mail(mail.as_bytes());
        }

        #[test]
        fn parse_mail_keeps_the_words_of_every_text_part(words in proptest::collection::vec("[a-z]{8}", 1..6)) {
            let parts: Vec<String> =
                words.iter().map(|word| format!("--b\nContent-Type: text/plain\n\n{word}\n")).collect();
            let mail = format!("Subject: s\nContent-Type: multipart/mixed; boundary=b\n\n{}--b--\n", parts.concat());
            let parsed = parse_mail(mail.as_bytes()).expect("it is a mail");
            prop_assert_eq!(parsed.text, words.join("\n\n"));
        }
    }

    const FRAGMENTS: [&str; 16] = [
        "\n",
        "\r\n",
        "--b\n",
        "--b--\n",
        "--c\r\n",
        "Subject: one\n",
        "From: a (b <c@d.e>\n",
        "words ",
        "<p>",
        "Content-Type: multipart/mixed; boundary=b\n",
        "Content-Type: multipart/alternative; boundary=c\n",
        "Content-Type: message/rfc822\n",
        "Content-Type: text/html; charset=utf-16\n",
        "Content-Type: multipart/digest\n",
        "Content-Transfer-Encoding: base64\n",
        "Content-Transfer-Encoding: quoted-printable\n",
    ];
}
