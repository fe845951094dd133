//! The readable body of a mail: all its texts in order, of nested messages and digests too.
//!
//! Start with [`read_body`]. The parts are walked without recursion and up to [`MAX_DEPTH`].

use std::{borrow::Cow, ops::Range};

use super::{
    entity::{EntityHeaders, parse_headers, split_headers, split_multipart},
    heading::MessageHeading,
    mail_text::{decode_mail_text, unflow},
    plain_to_html::{LineEnds, push_plain_as_html},
    transfer_encoding::decode_transfer_encoding,
    uuencode::{decode_uuencoded, name_uuencoded_files},
};
use crate::{documents::attachment_label::format_size, markup::parse_html, model::BodyFormat};

/// Maximum nesting depth of parts; what is nested deeper is read as plain text.
const MAX_DEPTH: usize = 20;

/// Maximum number of parts; the rest is left out, with a warning.
const MAX_PARTS: usize = 2000;

/// Maximum size of the decoded messages and multiparts in a mail together, in bytes: those whose parts
/// are still to be read are kept. RFC 2045 §6.4 forbids to encode them; those beyond are read as plain
/// text.
const MAX_DECODED_BYTES: usize = 32 << 20;

/// Maximum number of lines of a plain text after HTML that is a footer of a mailing list.
const MAX_FOOTER_LINES: usize = 12;

/// Subtypes of text that are not for reading.
const UNREADABLE_SUBTYPES: [&str; 7] =
    ["calendar", "css", "javascript", "vcard", "x-vcard", "directory", "x-amp-html"];

/// Subtypes of signatures, which belong to another part and are no files for a reader.
const SIGNATURE_SUBTYPES: [&str; 3] = ["pgp-signature", "pkcs7-signature", "x-pkcs7-signature"];

/// Beginnings of files that consist of letters but are no text.
const BINARY_STARTS: [&[u8]; 4] = [b"%PDF-", b"%!PS", b"{\\rtf", b"PK\x03\x04"];

/// The body of a mail as one text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MailBody {
    pub(super) format: BodyFormat,
    pub(super) text: String,
    /// Parts were left out, because there are too many.
    pub(super) is_cut: bool,
}

/// Reads the body of the mail `bytes`.
pub(super) fn read_body(bytes: &[u8]) -> MailBody {
    let mut walk = BodyWalk { buffers: vec![Cow::Borrowed(bytes)], ..BodyWalk::default() };
    let whole = 0..bytes.len();
    walk.tasks.push(PartTask { buffer: 0, range: whole, role: PartRole::TopMessage, depth: 0 });
    let mut parts_left = MAX_PARTS;
    while let Some(task) = walk.tasks.pop() {
        if parts_left == 0 {
            return MailBody { is_cut: true, ..walk.join_texts() };
        }
        parts_left -= 1;
        walk.read_part(&task);
    }
    walk.join_texts()
}

/// A text of the mail.
#[derive(Debug)]
enum MailText {
    Heading(MessageHeading),
    Plain(String),
    Html(String),
}

/// The way in which a part is read when its headers do not say so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PartRole {
    /// The mail itself.
    TopMessage,
    /// A message in another one; the heading shows its headers.
    Message,
    /// A part of a multipart.
    Part,
    /// A part of a digest, which is a message unless its headers say otherwise (RFC 2046 §5.1.5).
    DigestPart,
}

/// A part that is still to be read.
#[derive(Debug)]
struct PartTask {
    /// Index of the buffer that has the part.
    buffer: usize,
    range: Range<usize>,
    role: PartRole,
    depth: usize,
}

/// The kind of a part, by its media type and its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PartKind {
    Multipart,
    Message,
    Plain,
    Html,
    Unreadable,
}

/// A part with its headers read and its body decoded.
struct OpenPart<'b> {
    headers: EntityHeaders,
    heading: Option<MessageHeading>,
    body: Cow<'b, [u8]>,
    kind: PartKind,
}

impl<'b> OpenPart<'b> {
    fn new(bytes: &'b [u8], role: PartRole) -> OpenPart<'b> {
        let (header_text, body) = split_headers(bytes);
        let message = parse_headers(&header_text);
        // A text where headers should be: what is no message, and what lacks the blank line.
        let body = if message.is_none() && body.is_empty() { bytes } else { body };
        let headers = EntityHeaders::new(message.as_ref());
        let heading = message.as_ref().map(MessageHeading::new);
        let body = decode_body(body, &headers.transfer_encoding);
        let kind = kind_of_part(&headers, role, &body);
        OpenPart { headers, heading, body, kind }
    }

    fn text(&self) -> String {
        let is_html = self.kind == PartKind::Html;
        let text = decode_mail_text(&self.body, self.headers.charset.as_deref(), is_html);
        match self.kind {
            PartKind::Plain => {
                let text = name_uuencoded_files(&text, |name, size| {
                    format!("\n{}\n", attachment_label(name, size))
                });
                let headers = &self.headers;
                if headers.is_flowed { unflow(&text, headers.deletes_space) } else { text }
            }
            _ => text,
        }
    }

    /// Returns the line that names the file that the part is, such as "Attachment: map.pdf, 12 KB";
    /// `None` if it is no file of its own.
    fn attachment_line(&self, role: PartRole) -> Option<String> {
        let file = &self.headers.file;
        let media_type = self.headers.media_type.as_deref().unwrap_or_default();
        let is_signature =
            media_type.split_once('/').is_some_and(|(_, kind)| SIGNATURE_SUBTYPES.contains(&kind));
        let is_file = match self.kind {
            PartKind::Multipart | PartKind::Message => false,
            PartKind::Plain | PartKind::Html => file.is_attachment,
            PartKind::Unreadable => file.is_attachment || !file.has_content_id,
        };
        // A mail that is nothing but a file shows at least its kind.
        let is_mail = role == PartRole::TopMessage && self.kind == PartKind::Unreadable;
        let kind = Some(media_type).filter(|_| is_mail);
        let name = file.name.as_deref().or(kind).filter(|_| is_file && !is_signature)?;
        Some(attachment_label(name, self.body.len()))
    }

    /// Returns true if the part, or a part of it, has words.
    fn has_words(&self) -> bool {
        match self.kind {
            PartKind::Html => !parse_html(&self.text(), None).plain_text().trim().is_empty(),
            PartKind::Unreadable => false,
            _ => !self.body.trim_ascii().is_empty(),
        }
    }

    /// Returns the rank of the part among alternatives: HTML, then other texts, then nothing.
    fn alternative_rank(&self) -> u8 {
        let has_html = || {
            let start = b"text/html";
            self.body.windows(start.len()).any(|window| window.eq_ignore_ascii_case(start))
        };
        match self.kind {
            _ if !self.has_words() => 0,
            PartKind::Html => 2,
            PartKind::Multipart | PartKind::Message if has_html() => 2,
            _ => 1,
        }
    }
}

/// Returns the line that names an attached file of `size` bytes.
fn attachment_label(name: &str, size: usize) -> String {
    let size = format_size(u64::try_from(size).unwrap_or(u64::MAX));
    let size = size.map(|size| format!(", {size}")).unwrap_or_default();
    format!("Attachment: {name}{size}")
}

fn decode_body<'b>(body: &'b [u8], encoding: &str) -> Cow<'b, [u8]> {
    let is_uuencoded = ["x-uuencode", "x-uue", "uuencode"]
        .iter()
        .any(|name| encoding.trim().eq_ignore_ascii_case(name));
    let decoded = if is_uuencoded { decode_uuencoded(body) } else { None };
    decoded.map_or_else(|| decode_transfer_encoding(body, encoding), Cow::Owned)
}

fn kind_of_part(headers: &EntityHeaders, role: PartRole, body: &[u8]) -> PartKind {
    let by_content = || {
        let start = &body[..body.len().min(512)];
        let start = start.trim_ascii_start().to_ascii_lowercase();
        let is_html =
            [b"<!doctype html".as_slice(), b"<html"].iter().any(|tag| start.starts_with(tag));
        if is_html { PartKind::Html } else { PartKind::Plain }
    };
    let Some(media_type) = headers.media_type.as_deref() else {
        return if role == PartRole::DigestPart { PartKind::Message } else { by_content() };
    };
    match media_type.split_once('/').unwrap_or((media_type, "")) {
        ("multipart", _) => PartKind::Multipart,
        ("message", "rfc822" | "global" | "news" | "partial") => PartKind::Message,
        ("message", _) => PartKind::Plain,
        ("text", subtype) if UNREADABLE_SUBTYPES.contains(&subtype) => PartKind::Unreadable,
        ("text", "html") if !body.contains(&b'<') => PartKind::Plain,
        ("text", "html" | "enriched" | "richtext") | ("application", "xhtml+xml") => PartKind::Html,
        ("text", _) => by_content(),
        ("image" | "audio" | "video" | "font" | "model", _) => PartKind::Unreadable,
        // The only part of a mail is its text, whatever its type.
        ("application", _) if role != PartRole::TopMessage || is_binary(body) => {
            PartKind::Unreadable
        }
        _ if body.contains(&0) => PartKind::Unreadable,
        (_, subtype) if subtype.contains("html") || media_type.contains("html") => PartKind::Html,
        _ => by_content(),
    }
}

/// Returns true for the content of a file that is no text.
fn is_binary(body: &[u8]) -> bool {
    let start = &body[..body.len().min(512)];
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t'..=b'\r' | 0x1b);
    BINARY_STARTS.iter().any(|binary| start.starts_with(binary)) || start.iter().any(is_control)
}

/// The state of the walk over the parts of a mail.
#[derive(Default)]
struct BodyWalk<'a> {
    /// The mail, and decoded parts that have parts themselves.
    buffers: Vec<Cow<'a, [u8]>>,
    /// Size of the decoded messages and multiparts so far.
    decoded_bytes: usize,
    /// The parts to read; the next one is the last.
    tasks: Vec<PartTask>,
    texts: Vec<MailText>,
}

impl BodyWalk<'_> {
    fn read_part(&mut self, task: &PartTask) {
        // The buffer is taken out while its parts are looked at, and put back.
        let buffer = std::mem::take(&mut self.buffers[task.buffer]);
        self.read_open_part(task, OpenPart::new(&buffer[task.range.clone()], task.role));
        self.buffers[task.buffer] = buffer;
    }

    fn read_open_part(&mut self, task: &PartTask, part: OpenPart<'_>) {
        if task.role == PartRole::Message {
            self.texts.extend(part.heading.clone().map(MailText::Heading));
        }
        self.texts.extend(part.attachment_line(task.role).map(MailText::Plain));
        match part.kind {
            _ if task.depth == MAX_DEPTH => self.push_text(MailText::Plain(part.text())),
            PartKind::Multipart | PartKind::Message => self.push_children(task, part),
            PartKind::Plain => self.push_text(MailText::Plain(part.text())),
            PartKind::Html => self.push_text(MailText::Html(part.text())),
            PartKind::Unreadable => {}
        }
    }

    fn push_text(&mut self, text: MailText) {
        let (MailText::Plain(content) | MailText::Html(content)) = &text else { return };
        if !content.trim().is_empty() {
            self.texts.push(text);
        }
    }

    /// Schedules the parts of a multipart, or the message in a part.
    fn push_children(&mut self, task: &PartTask, part: OpenPart<'_>) {
        if let Cow::Owned(body) = &part.body {
            self.decoded_bytes += body.len();
            if self.decoded_bytes > MAX_DECODED_BYTES {
                return self.push_text(MailText::Plain(part.text()));
            }
        }
        let media_type = part.headers.media_type.as_deref().unwrap_or_default();
        let (children, role) = if part.kind == PartKind::Message {
            (std::iter::once(0..part.body.len()).collect(), PartRole::Message)
        } else {
            let children =
                split_multipart(&part.body, part.headers.boundary.as_deref(), MAX_PARTS + 1);
            let Some(children) = children else {
                return self.push_text(MailText::Plain(part.text()));
            };
            let is_digest = media_type == "multipart/digest";
            (children, if is_digest { PartRole::DigestPart } else { PartRole::Part })
        };
        let children = match media_type {
            "multipart/alternative" => choose_alternative(children, &part.body, role),
            _ => children,
        };
        let (buffer, start) = match part.body {
            // A body that is not encoded ends where its part ends.
            Cow::Borrowed(body) => (task.buffer, task.range.end - body.len()),
            Cow::Owned(body) => {
                self.buffers.push(Cow::Owned(body));
                (self.buffers.len() - 1, 0)
            }
        };
        self.tasks.extend(children.into_iter().rev().map(|child| {
            let range = start + child.start..start + child.end;
            PartTask { buffer, range, role, depth: task.depth + 1 }
        }));
    }

    /// Joins the texts: plain if all are plain, otherwise as HTML.
    fn join_texts(self) -> MailBody {
        let is_plain = self.texts.iter().all(|text| matches!(text, MailText::Plain(_)));
        let is_single = self.texts.len() == 1;
        let format = if is_plain { BodyFormat::Plain } else { BodyFormat::Html };
        let mut follows_html = false;
        let separator = if is_plain { "\n\n" } else { "\n" };
        let mut joined = String::new();
        for (index, text) in self.texts.into_iter().enumerate() {
            joined.push_str(if index > 0 { separator } else { "" });
            match text {
                MailText::Plain(text) if is_plain => joined.push_str(&text),
                MailText::Html(text) if is_single => joined = text,
                // A section ends what a part leaves open.
                MailText::Html(text) => {
                    follows_html = true;
                    joined.extend(["<section>", &text, "</section>"]);
                }
                MailText::Plain(text) => {
                    let is_footer = follows_html && text.trim().lines().count() <= MAX_FOOTER_LINES;
                    let lines = if is_footer { LineEnds::Kept } else { LineEnds::Wrapped };
                    joined.push_str("<section>");
                    push_plain_as_html(&mut joined, &text, lines);
                    joined.push_str("</section>");
                }
                MailText::Heading(heading) => joined.push_str(&heading.to_html()),
            }
        }
        MailBody { format, text: joined, is_cut: false }
    }
}

/// Returns the best of several forms of one text: the last with the highest rank (RFC 2046 §5.1.4).
fn choose_alternative(
    children: Vec<Range<usize>>,
    body: &[u8],
    role: PartRole,
) -> Vec<Range<usize>> {
    let rank = |child: &Range<usize>| OpenPart::new(&body[child.clone()], role).alternative_rank();
    children.into_iter().max_by_key(rank).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mail: &str) -> MailBody {
        read_body(mail.as_bytes())
    }

    fn plain(mail: &str) -> String {
        let body = read(mail);
        assert_eq!(body.format, BodyFormat::Plain, "{body:?}");
        body.text
    }

    fn html(mail: &str) -> String {
        let body = read(mail);
        assert_eq!(body.format, BodyFormat::Html, "{body:?}");
        parse_html(&body.text, None).plain_text()
    }

    #[test]
    fn read_body_reads_encoded_messages_up_to_their_limit() {
        let nested = |length: usize| {
            let headers =
                "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n";
            format!("{}Subject: s\n\n{}", headers.repeat(4), "x".repeat(length))
        };
        let quarter = MAX_DECODED_BYTES / 4;
        let within = read(&nested(quarter - 1000)).text;
        assert!(within.contains("<h2>s</h2>") && !within.contains("Subject: s"));
        let beyond = read(&nested(quarter + 1000)).text;
        assert!(beyond.contains("Subject: s") && !beyond.contains("<h2>s</h2>"));
        assert_eq!(beyond.matches("<h2>").count(), 3, "the others are read");
    }

    const MIXED: &str = "Content-Type: multipart/mixed; boundary=b\n\n";

    #[test]
    fn read_body_joins_all_text_parts_in_order() {
        let picture =
            "--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n";
        let text = |words: &str| format!("--b\nContent-Type: text/plain\n\n{words}\n");
        let mail = [MIXED, "Preamble\n", &text("One."), picture, &text("Two."), "--b--\nEpilogue"];
        assert_eq!(plain(&mail.concat()), "One.\n\nTwo.");
        let markup = "--b\nContent-Type: text/html\n\n<div><p>Three &amp; four</p>\n";
        let mail = [MIXED, &text("1 < 2"), markup, &text("Last."), "--b--"];
        assert_eq!(
            html(&mail.concat()).split_whitespace().collect::<Vec<_>>().join(" "),
            "1 < 2 Three & four Last."
        );
    }

    #[test]
    fn read_body_names_attached_files() {
        let file = |headers: &str, content: &str| format!("--b\n{headers}\n\n{content}\n");
        let parts = [
            file("Content-Type: text/plain", "See the map."),
            file(
                "Content-Type: application/pdf; name=map.pdf\nContent-Disposition: attachment\n\
                 Content-Transfer-Encoding: base64",
                &"AAAA".repeat(1024),
            ),
            file(
                "Content-Type: image/png\nContent-Disposition: inline; filename*=utf-8''B%C3%BCro.png",
                "x",
            ),
            file("Content-Type: image/png; name=logo.png\nContent-ID: <1@example.org>", "x"),
            file("Content-Type: application/pgp-signature; name=signature.asc", "x"),
            file(
                "Content-Type: text/plain\nContent-Disposition: attachment; filename=notes.txt",
                "Some notes.",
            ),
            file(
                "Content-Type: text/calendar; name=\"=?utf-8?Q?T=C3=A4g?=.ics\"",
                "BEGIN:VCALENDAR",
            ),
        ];
        assert_eq!(
            plain(&format!("{MIXED}{}--b--", parts.concat())),
            "See the map.\n\nAttachment: map.pdf, 3 KB\n\nAttachment: Büro.png\n\n\
             Attachment: notes.txt\n\nSome notes.\n\nAttachment: Täg.ics"
        );
        let only = "Content-Type: application/pdf; name=only.pdf\n\n%PDF-1.7";
        assert_eq!(plain(only), "Attachment: only.pdf");
        assert_eq!(plain("Content-Type: image/png\n\n\u{1}x"), "Attachment: image/png");
        let zipped = "Content-Type: application/octet-stream; name=a.zip\n\nPK\u{3}\u{4}x";
        assert_eq!(plain(zipped), "Attachment: a.zip");
    }

    #[test]
    fn read_body_names_uuencoded_files() {
        let data = "M".to_owned() + &"8".repeat(60) + "\n";
        let file = format!("begin 644 plan.txt\n{}`\nend\n", data.repeat(30));
        let mail = format!("Subject: s\n\nSee the plan.\n\n{file}\nBest, Ann");
        let body = plain(&mail);
        let lines: Vec<&str> = body.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, ["See the plan.", "Attachment: plan.txt, 1 KB", "Best, Ann"]);
        let part = format!(
            "{MIXED}--b\n\nSee.\n--b\nContent-Type: application/pdf; name=a.pdf\n\
             Content-Transfer-Encoding: x-uuencode\n\n{file}--b--"
        );
        assert_eq!(plain(&part), "See.\n\nAttachment: a.pdf, 1 KB");
    }

    #[test]
    fn read_body_keeps_the_lines_of_a_footer_after_html() {
        let footer = "______________________________________________________________\n\
             News mailing list with a name that is long enough to be a line\nnews@example.org";
        let mail = format!(
            "{MIXED}--b\nContent-Type: text/html\n\n<p>Hello</p>\n--b\nContent-Type: text/plain\n\n{footer}\n--b--"
        );
        assert!(html(&mail).contains(footer), "{}", html(&mail));
    }

    #[test]
    fn read_body_chooses_one_of_several_alternatives() {
        let alternative = |plain: &str, html: &str| {
            format!(
                "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n{plain}\n--b\n\
                 Content-Type: text/html\n\n{html}\n--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--b--"
            )
        };
        assert_eq!(html(&alternative("Plain", "<p>Rich</p>")), "Rich");
        assert_eq!(plain(&alternative("Plain", "<img src=x>")), "Plain");
        let related = "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nPlain\n--b\n\
             Content-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>Rich</p>\n--c--\n--b--";
        assert_eq!(html(related), "Rich");
    }

    #[test]
    fn read_body_reads_messages_inside_messages() {
        let digest = "Content-Type: multipart/digest; boundary=d\n\n--d\n\nFrom: a@e.org\nSubject: One\n\n\
             First.\n--d\nContent-Type: message/rfc822\n\nSubject: Two\nFrom: Bo <b@e.org>\n\nSecond.\n--d--";
        let words = html(digest);
        for word in ["One", "a@e.org", "First.", "Two", "Bo", "Second."] {
            assert!(words.contains(word), "{word}: {words}");
        }
        let forwarded = format!(
            "{MIXED}--b\n\nSee below.\n--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{}\n--b--",
            crate::text::base64::encode(b"Subject: Inner\nContent-Type: text/html\n\n<p>Deep</p>")
        );
        let words = html(&forwarded);
        assert!(words.contains("See below.") && words.contains("Inner") && words.contains("Deep"));
    }

    #[test]
    fn read_body_survives_wrong_content_types() {
        for content_type in [
            "text",
            "plain",
            "text/",
            "/",
            "text/plain; charset=",
            "foo/bar",
            "html/text; x=\"",
            ";;",
            "text/plain; charset=\"utf-8",
            "application/octet-stream",
            "multipart/mixed",
            "multipart/mixed; boundary=",
            "multipart/mixed; boundary=none",
            "text/x-unknown",
            "message/partial",
        ] {
            let body = read(&format!("Content-Type: {content_type}\n\nThe words, and more words."));
            assert!(body.text.contains("The words, and more words."), "{content_type}: {body:?}");
        }
        let no_message = format!(
            "{MIXED}--b\nContent-Type: message/rfc822\n\nno message, sorry!\n--b\nno headers\n--b--"
        );
        assert_eq!(plain(&no_message), "no message, sorry!\n\nno headers");
        let unnamed = "Content-Type: multipart/mixed\n\n--x1\n\nOne\n--x1\n\nTwo\n--x1--";
        assert_eq!(plain(unnamed), "One\n\nTwo");
        assert_eq!(html("Content-Type: text/plain\n\n<!DOCTYPE html><p>Rich"), "Rich");
        assert_eq!(plain("Content-Type: text/html\n\nOne\nTwo"), "One\nTwo");
        let flowed = "Content-Type: text/plain; format=flowed\n\nOne \ntwo\nthree";
        assert_eq!(plain(flowed), "One two\nthree");
    }

    #[test]
    fn read_body_bounds_depth_and_parts() {
        let nested = |depth: usize| {
            "Content-Type: message/rfc822\n\n".repeat(depth) + "Subject: x\n\nInside."
        };
        for depth in [1, MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, 50_000] {
            assert!(read(&nested(depth)).text.contains("Inside."), "{depth}");
        }
        let multiparts: String = (0..5000)
            .map(|at| format!("Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n"))
            .collect::<Vec<_>>()
            .concat();
        assert!(read(&(multiparts + "\nInside.")).text.contains("Inside."));
        let parts = |count: usize| MIXED.to_owned() + &"--b\n\nx\n".repeat(count);
        assert!(!read(&parts(MAX_PARTS - 1)).is_cut);
        assert!(read(&parts(MAX_PARTS)).is_cut);
    }
}
