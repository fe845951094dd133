//! Parsing of mails, from `.eml` files and Maildirs.

use chrono::DateTime;
use mail_parser::{Address, Message, MessageParser, PartType};

use super::{headline, parsed_file::ParsedFile};
use crate::{
    markup::first_paragraph,
    model::{BodyFormat, PublicationDate},
    text::sanitize,
};

/// Parses a mail; `None` if `bytes` are not a mail.
pub(super) fn parse_mail(bytes: &[u8]) -> Option<ParsedFile> {
    let message = MessageParser::default().parse(bytes)?;
    let (format, text) = select_body(&message);
    let mut parsed = ParsedFile::new(format, text);
    parsed.title = message.subject().map(collapse_whitespace).filter(|subject| !subject.is_empty());
    if parsed.title.is_none() && format == BodyFormat::Plain {
        parsed.title =
            first_paragraph(&parsed.text).and_then(|words| headline::extract_headline(&words));
    }
    parsed.author = message.from().and_then(sender_name);
    parsed.published = message.date().filter(|date| date.is_valid()).and_then(|date| {
        DateTime::from_timestamp(date.to_timestamp(), 0).map(PublicationDate::Instant)
    });
    parsed.message_id = message.message_id().map(collapse_whitespace);
    Some(parsed)
}

/// Returns the HTML part of a mail, otherwise its plain text part.
fn select_body(message: &Message<'_>) -> (BodyFormat, String) {
    let html_part = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(text) => Some(text.to_string()),
        _ => None,
    });
    let find_plain_part = || {
        message.text_bodies().find_map(|part| match &part.body {
            PartType::Text(text) => Some(text.to_string()),
            _ => None,
        })
    };
    match html_part {
        Some(text) => (BodyFormat::Html, text),
        None => (BodyFormat::Plain, find_plain_part().unwrap_or_default()),
    }
}

/// Returns the name of the first sender, otherwise the mail address.
fn sender_name(from: &Address<'_>) -> Option<String> {
    let first = from.first()?;
    let name =
        first.name.as_ref().filter(|name| !name.trim().is_empty()).or(first.address.as_ref())?;
    Some(collapse_whitespace(name))
}

/// Removes control characters and joins the words with single spaces.
fn collapse_whitespace(text: &str) -> String {
    sanitize::strip_controls(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
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
    fn parse_mail_reads_plain_text() {
        let parsed =
            parse_mail(b"From: desk@example.org\n\nFirst words. More.\n").expect("it is a mail");
        assert_eq!(
            (parsed.title.as_deref(), parsed.author.as_deref()),
            (Some("First words"), Some("desk@example.org"))
        );
        assert_eq!(parsed.format, BodyFormat::Plain);
    }
}
