//! The digest of a mail in a mailbox, and the name by which the mail is known there.

use crate::text::stable_digest;

/// Headers in which programs keep their own notes about a mail: the mail is the same without them.
const NOTE_HEADERS: [&str; 11] = [
    "status",
    "x-status",
    "x-keywords",
    "x-uid",
    "x-imapbase",
    "x-mozilla-status",
    "x-mozilla-status2",
    "x-mozilla-keys",
    "x-evolution",
    "content-length",
    "lines",
];

/// Number of bytes of a line that are added together: a file may be one line.
pub(super) const MAX_LINE_PIECE: usize = 64 << 10;

/// The bit of `X-Mozilla-Status` that marks a mail as deleted.
const MOZILLA_EXPUNGED: u32 = 0x0008;

/// Maximum length of a `Message-ID` that names a mail, in bytes; a digest stands for a longer one.
const MAX_NAME_BYTES: usize = 200;

/// The digest of a mail, to which its lines are added one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MailDigest {
    value: u64,
    /// Number of blank lines since the last line: those at the end are no part of the mail.
    blank_lines: u64,
    in_headers: bool,
    /// The value of `Message-ID` stands on the next line.
    awaits_id: bool,
    message_id: Option<Vec<u8>>,
    is_left_out: bool,
}

impl Default for MailDigest {
    fn default() -> MailDigest {
        MailDigest {
            value: 0,
            blank_lines: 0,
            in_headers: true,
            awaits_id: false,
            message_id: None,
            is_left_out: false,
        }
    }
}

impl MailDigest {
    /// Returns the digest of a whole mail.
    pub(super) fn of_mail(mail: &[u8]) -> MailDigest {
        let mut digest = MailDigest::default();
        for line in mail.split_inclusive(|byte| *byte == b'\n') {
            for (at, piece) in line.chunks(MAX_LINE_PIECE).enumerate() {
                if at == 0 && piece.trim_ascii().is_empty() {
                    digest.add_blank_line();
                } else {
                    digest.add_line(piece);
                }
            }
        }
        digest
    }

    /// Adds a blank line, of which the first ends the headers.
    pub(super) fn add_blank_line(&mut self) {
        self.in_headers = false;
        self.blank_lines += 1;
    }

    /// Adds a line that is not blank, or a piece of one.
    pub(super) fn add_line(&mut self, line: &[u8]) {
        if self.in_headers && self.add_header(line) {
            return;
        }
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let before = [self.value, self.blank_lines].map(u64::to_le_bytes).concat();
        self.value = stable_digest(&[&before, line]);
        self.blank_lines = 0;
    }

    /// Looks at a header; returns true if it is a note of a program.
    fn add_header(&mut self, line: &[u8]) -> bool {
        if std::mem::take(&mut self.awaits_id)
            && line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t'))
        {
            self.message_id = Some(bare_id(line));
            return false;
        }
        let Some(colon) = memchr::memchr(b':', line) else { return false };
        let name = String::from_utf8_lossy(&line[..colon]).trim().to_ascii_lowercase();
        let value = line[colon + 1..].trim_ascii();
        match name.as_str() {
            "message-id" if self.message_id.is_none() => {
                self.awaits_id = value.is_empty();
                self.message_id = (!value.is_empty()).then(|| bare_id(value));
            }
            "x-imap" => self.is_left_out = true,
            "x-mozilla-status" => {
                let bits = str::from_utf8(value).ok().and_then(|v| u32::from_str_radix(v, 16).ok());
                self.is_left_out |= bits.is_some_and(|bits| bits & MOZILLA_EXPUNGED != 0);
            }
            _ => {}
        }
        NOTE_HEADERS.contains(&name.as_str())
    }

    /// Returns the digest of the lines so far.
    pub(super) fn value(&self) -> u64 {
        self.value
    }

    /// Returns true for a mail that was deleted, and for the note about a mailbox that a program keeps
    /// in it as a mail.
    pub(super) fn is_left_out(&self) -> bool {
        self.is_left_out
    }

    /// Returns the name of the mail: its `Message-ID` with `/`, `%` and bytes that are not printable
    /// ASCII percent-encoded, or `~` and a digest.
    pub(super) fn name(&self) -> String {
        match self.message_id.as_deref() {
            None | Some([]) => format!("~{:016x}", self.value),
            Some(id) if id.len() > MAX_NAME_BYTES => format!("~{:016x}", stable_digest(&[id])),
            Some(id) => encode_id(id),
        }
    }
}

/// Returns a `Message-ID` without its angle brackets.
fn bare_id(value: &[u8]) -> Vec<u8> {
    let value = value.trim_ascii();
    let inner = value.strip_prefix(b"<").unwrap_or(value);
    let end = memchr::memchr(b'>', inner).unwrap_or(inner.len());
    inner[..end].trim_ascii().to_owned()
}

fn encode_id(id: &[u8]) -> String {
    let encode = |byte: &u8| match byte {
        b'/' | b'%' => format!("%{byte:02X}"),
        byte if byte.is_ascii_graphic() => char::from(*byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    id.iter().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_digest_ignores_notes_of_programs_and_line_ends() {
        let value = |mail: &str| MailDigest::of_mail(mail.as_bytes()).value();
        let plain = value("Subject: a\n\nStatus: words\n\nmore");
        for same in [
            "Subject: a\r\n\r\nStatus: words\r\n\r\nmore\r\n\r\n",
            "Status: RO\nSubject: a\nX-Mozilla-Status: 0001\nLines: 3\n\nStatus: words\n\nmore\n",
        ] {
            assert_eq!(value(same), plain, "{same:?}");
        }
        for other in [
            "Subject: b\n\nStatus: words\n\nmore",
            "Subject: a\n\nStatus: other\n\nmore",
            "Subject: a\n\nStatus: words\nmore",
        ] {
            assert_ne!(value(other), plain, "{other:?}");
        }
    }

    #[test]
    fn mail_digest_names_a_mail_by_its_id() {
        let name = |mail: &str| MailDigest::of_mail(mail.as_bytes()).name();
        let cases = [
            ("Message-ID: <a@b.c>\n\nx", "a@b.c"),
            ("MESSAGE-ID:<a@b.c> (comment)\n\nx", "a@b.c"),
            ("Message-Id:\n\t<a@b.c>\nMessage-ID: <other>\n\nx", "a@b.c"),
            ("Message-ID: a@b.c\n\nx", "a@b.c"),
            ("Message-ID: <é/ b>\n\nx", "%C3%A9%2F%20b"),
        ];
        for (mail, expected) in cases {
            assert_eq!(name(mail), expected, "{mail:?}");
        }
        for unnamed in
            ["Message-ID: <>\n\nx", "Message-ID:\nSubject: a\n\nx", "S: a\n\nMessage-ID: <a>"]
        {
            assert!(name(unnamed).starts_with('~'), "{unnamed:?}");
        }
    }
}
