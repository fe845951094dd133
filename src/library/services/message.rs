//! Mails and notes about articles.

use super::sent_article::SentArticle;
use crate::text::{base64, url::encode_path_segment};

/// Bytes of a title in one encoded word of a header; in base64 it is less than the limit of 75 characters
/// (RFC 2047 §2).
const ENCODED_WORD_BYTES: usize = 42;

/// Maximum number of characters of a text in a draft: many programs take no longer URLs.
const MAX_DRAFT_CHARS: usize = 1_500;

/// Characters in a line of base64 (RFC 2045 §6.8).
const BASE64_LINE: usize = 76;

/// Returns a mail with a text (RFC 5322), without a sender, which `sendmail` adds.
pub(super) fn format_mail(to: &str, subject: &str, text: &str) -> String {
    let one_line = |value: &str| value.replace(['\r', '\n'], " ");
    let encoded = base64::encode(text.as_bytes());
    let mut rest = encoded.as_str();
    let mut body = String::new();
    while !rest.is_empty() {
        // Base64 is ASCII.
        let (line, after) = rest.split_at(rest.len().min(BASE64_LINE));
        body.push_str(line);
        body.push('\n');
        rest = after;
    }
    format!(
        "To: {}\nSubject: {}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
         Content-Transfer-Encoding: base64\n\n{body}",
        one_line(to),
        encode_subject(&one_line(subject))
    )
}

/// Encodes a subject in words of base64; a subject in ASCII stays if a line can have it.
fn encode_subject(subject: &str) -> String {
    if subject.is_ascii() && subject.len() <= BASE64_LINE - "Subject: ".len() {
        return subject.to_owned();
    }
    let (mut words, mut word) = (Vec::new(), String::new());
    for c in subject.chars() {
        if word.len() + c.len_utf8() > ENCODED_WORD_BYTES {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let encode = |word: &String| format!("=?utf-8?B?{}?=", base64::encode(word.as_bytes()));
    words.iter().map(encode).collect::<Vec<_>>().join("\n ")
}

/// Returns a draft of a mail as a URL (RFC 6068): the title, the address of the article, and the beginning
/// of its text. Without `to`, the user chooses who gets it.
pub(super) fn mail_draft_url(to: &str, sent: &SentArticle<'_>, text: &str) -> String {
    let beginning = match text.char_indices().nth(MAX_DRAFT_CHARS) {
        Some((end, _)) => format!("{} …", text[..end].trim_end()),
        None => text.trim_end().to_owned(),
    };
    let link = sent.url.as_deref().map_or_else(String::new, |url| format!("{url}\n\n"));
    // RFC 6068 §5: lines end with CRLF.
    let body = format!("{link}{beginning}").replace('\n', "\r\n");
    let [to, subject, body] = [to.trim(), &sent.title, &body].map(encode_path_segment);
    format!("mailto:{}?subject={subject}&body={body}", to.replace("%40", "@").replace("%2C", ","))
}

/// Returns an item of a list in Markdown.
pub(super) fn format_note(sent: &SentArticle<'_>) -> String {
    let title = sent.title.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    let title = match &sent.url {
        Some(url) => format!("[{title}](<{}>)", url.replace('>', "%3E").replace('<', "%3C")),
        None => title,
    };
    let words = sent.tags.iter().fold(String::new(), |words, tag| words + " #" + tag);
    format!("- {title} – {}, {}{words}\n", sent.source, sent.day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_read_back_by_the_mail_parser() {
        let subject =
            "Die neue Brücke über den Fluß ist fertig, und alle sind gekommen: ein Fest 橋";
        for subject in [subject, "Short", "A\nBcc: x@y.z"] {
            let text = "A line – with more.\n\n".repeat(20);
            let mail = format_mail("ann@example.org", subject, &text);
            assert!(mail.lines().all(|line| line.len() <= 78), "{mail}");
            let read = crate::documents::parse_file("a.eml", mail.as_bytes(), None).unwrap().entry;
            assert_eq!(read.title, subject.replace('\n', " "));
            assert_eq!(read.body.text.trim(), text.trim());
        }
    }

    fn sent() -> SentArticle<'static> {
        SentArticle {
            number: crate::model::EntryId(1),
            url: Some("https://e.org/a_(b)".to_owned()),
            title: "A [new] bridge".to_owned(),
            author: None,
            day: "2026-01-28".to_owned(),
            tags: vec!["later"],
            source: "Post".to_owned(),
        }
    }

    #[test]
    fn draft_is_a_mailto_url_that_no_text_can_leave() {
        let draft = mail_draft_url("ann@example.org", &sent(), "A ferry & a fog?\nBcc: x");
        assert_eq!(
            draft,
            "mailto:ann@example.org?subject=A%20%5Bnew%5D%20bridge&body=https%3A%2F%2Fe.org%2Fa_%28b%29\
             %0D%0A%0D%0AA%20ferry%20%26%20a%20fog%3F%0D%0ABcc%3A%20x"
        );
        assert!(mail_draft_url("", &sent(), "").starts_with("mailto:?subject=A"));
        let long = mail_draft_url("", &SentArticle { url: None, ..sent() }, &"ä ".repeat(2_000));
        assert!(long.ends_with("%C3%A4%20%E2%80%A6"), "{long}");
        assert_eq!(long.matches("%C3%A4").count(), MAX_DRAFT_CHARS / 2);
        let hostile = mail_draft_url("a@b.c?bcc=x@y.z&x", &sent(), "");
        assert!(hostile.starts_with("mailto:a@b.c%3Fbcc%3Dx@y.z%26x?subject="), "{hostile}");
    }

    #[test]
    fn note_is_an_item_with_a_link() {
        let mut sent = sent();
        let note = format_note(&sent);
        assert_eq!(
            note,
            "- [A \\[new\\] bridge](<https://e.org/a_(b)>) – Post, 2026-01-28 #later\n"
        );
        sent.url = None;
        assert!(format_note(&sent).starts_with("- A \\[new\\] bridge – Post"));
    }
}
