//! Mailbox files: mails one after the other, each after a line `From ADDRESS DATE` (mbox, RFC 4155).
//!
//! Start with [`scan_mailbox`], which lists the mails of a file; `article_file.rs` reads each of them.
//! A file is read line by line, in little memory, whatever its size.

use std::{
    collections::{HashSet, hash_map::RandomState},
    fs::File,
    hash::BuildHasher,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use super::{
    DocumentError,
    error::sanitize_name,
    mail_digest::{MAX_LINE_PIECE, MailDigest},
    scanned_file::{ArticleFile, FilePart, MailSpan},
};

/// Maximum number of mails in a mailbox. More are left out, with a warning.
pub const MAX_MAILS: usize = 1_000_000;

/// Number of bytes at the start of a file that show whether it is a mailbox.
const SNIFFED_BYTES: u64 = 4 << 10;

/// The result of a scan of a mailbox, besides its mails.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailboxScan {
    /// Number of mails, without those that occur again as they are.
    pub mail_count: usize,
    /// The reason why mails were left out, in one plain sentence; `None` if all were listed.
    pub warning: Option<String>,
}

/// Returns true if the file at `path` begins as a mailbox does: with an envelope line and a header.
pub fn is_mailbox_file(path: &Path) -> bool {
    // Opening a named pipe would block until another program writes to it.
    if !path.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return false;
    }
    let mut start = Vec::new();
    let read = File::open(path).and_then(|file| file.take(SNIFFED_BYTES).read_to_end(&mut start));
    let start = start.trim_ascii_start();
    let Some(end) = memchr::memchr(b'\n', start).filter(|_| read.is_ok()) else { return false };
    is_envelope(&start[..end]) && is_header(&start[end + 1..])
}

/// Lists the mails of the mailbox `file`, in their order, and hands each to `visit`.
///
/// The path of a mail is that of the file and, as if the file were a folder, its `Message-ID`, or else
/// a digest. So a mail stays the same article while the file grows, or mails before it are deleted.
/// Left out are mails that a program has marked as deleted and not yet removed, and its own notes.
pub fn scan_mailbox(file: &ArticleFile, visit: &mut dyn FnMut(ArticleFile)) -> MailboxScan {
    scan_with_limit(file, MAX_MAILS, visit)
}

/// As [`scan_mailbox`], with another maximum number of mails.
fn scan_with_limit(
    file: &ArticleFile,
    max_mails: usize,
    visit: &mut dyn FnMut(ArticleFile),
) -> MailboxScan {
    let (hasher, mut seen, mut scan) = (RandomState::new(), HashSet::new(), MailboxScan::default());
    let mut is_truncated = false;
    let mut visit_mail = |mail: FoundMail| {
        let FoundMail { span, digest } = mail;
        let Some(name) = distinct_name(&digest, |name| seen.insert(hasher.hash_one(name))) else {
            return true;
        };
        is_truncated = scan.mail_count == max_mails;
        if is_truncated {
            return false;
        }
        scan.mail_count += 1;
        visit(ArticleFile {
            path: file.path.clone(),
            relative_path: [file.relative_path.as_str(), "/", &name].concat(),
            size: span.length,
            modified: file.modified,
            part: FilePart::Mail(span),
        });
        true
    };
    let name = sanitize_name(&file.relative_path);
    let outcome = File::open(&file.path)
        .and_then(|opened| MailboxReader::new(BufReader::new(opened)).read_mails(&mut visit_mail));
    scan.warning = match outcome {
        Err(error) => Some(DocumentError::from_io(&file.relative_path, &error).to_string()),
        Ok(ReadOutcome::NoMailbox) => {
            Some(format!("{name} is not a mailbox: it does not begin with a line “From …”"))
        }
        Ok(ReadOutcome::Complete) => None,
    };
    if is_truncated {
        scan.warning =
            Some(format!("{name} has more than {max_mails} mails; the rest is left out"));
    }
    scan
}

/// Returns the first of the names of a mail that is new to `insert`; `None` if the same mail has
/// occurred before.
fn distinct_name(digest: &MailDigest, mut insert: impl FnMut(&str) -> bool) -> Option<String> {
    let first = digest.name();
    // Another mail may have the same Message-ID: the copy that came through a mailing list.
    let with_digest = format!("{first}~{:016x}", digest.value());
    let (is_new_name, is_new_mail) = (insert(&first), insert(&with_digest));
    match (is_new_name, is_new_mail) {
        (true, _) => Some(first),
        (false, true) => Some(with_digest),
        (false, false) => None,
    }
}

/// A mail that was found in a mailbox.
struct FoundMail {
    span: MailSpan,
    digest: MailDigest,
}

/// The outcome of reading a mailbox to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReadOutcome {
    Complete,
    /// The file begins with something else than a mail.
    NoMailbox,
}

/// A reader that splits a mailbox into mails.
struct MailboxReader<R> {
    input: R,
    /// The number of bytes that were read.
    position: u64,
    /// The mail that is being read.
    open: Option<OpenMail>,
    /// A line that is an envelope if a header follows it.
    candidate: Option<Vec<u8>>,
    /// The last line was blank, or there was none.
    after_blank: bool,
}

/// A mail whose end is not known yet.
struct OpenMail {
    start: u64,
    /// The end of the last line that is not blank.
    end: u64,
    digest: MailDigest,
}

impl<R: BufRead> MailboxReader<R> {
    fn new(input: R) -> MailboxReader<R> {
        MailboxReader { input, position: 0, open: None, candidate: None, after_blank: true }
    }

    /// Hands each mail to `visit`, until it returns false.
    fn read_mails(mut self, visit: &mut dyn FnMut(FoundMail) -> bool) -> io::Result<ReadOutcome> {
        let mut piece = Vec::new();
        let mut starts_line = true;
        loop {
            piece.clear();
            let read =
                self.input.by_ref().take(MAX_LINE_PIECE as u64).read_until(b'\n', &mut piece)?;
            if read == 0 {
                break;
            }
            if starts_line && !self.begin_line(&piece, visit) {
                return Ok(ReadOutcome::Complete);
            }
            if self.candidate.is_none() && !self.add_piece(&piece, starts_line) {
                return Ok(ReadOutcome::NoMailbox);
            }
            self.position += read as u64;
            starts_line = piece.ends_with(b"\n");
        }
        self.drop_candidate();
        if let Some(mail) = self.open.take() {
            mail.finish(visit);
        }
        Ok(ReadOutcome::Complete)
    }

    /// Decides at the start of a line whether the line before it, or this one, begins a mail. Returns
    /// false if no more mails are wanted.
    fn begin_line(&mut self, line: &[u8], visit: &mut dyn FnMut(FoundMail) -> bool) -> bool {
        if self.candidate.is_some() && is_header(line) {
            self.candidate = None;
            let new = OpenMail::new(self.position);
            if self.open.replace(new).is_some_and(|mail| !mail.finish(visit)) {
                return false;
            }
        }
        self.drop_candidate();
        if self.after_blank && is_envelope(line) {
            self.candidate = Some(line.to_owned());
            self.after_blank = false;
        }
        true
    }

    /// Adds the candidate, which was none, to the mail in which it stands.
    fn drop_candidate(&mut self) {
        if let (Some(line), Some(mail)) = (self.candidate.take(), &mut self.open) {
            mail.digest.add_line(&line);
            mail.end = self.position;
        }
    }

    /// Adds a piece of a line to the open mail. Returns false if there is none.
    fn add_piece(&mut self, piece: &[u8], starts_line: bool) -> bool {
        let is_blank = starts_line && piece.trim_ascii().is_empty();
        self.after_blank = is_blank;
        let end = self.position + piece.len() as u64;
        match &mut self.open {
            Some(mail) if is_blank => mail.digest.add_blank_line(),
            Some(mail) => {
                mail.digest.add_line(piece);
                mail.end = end;
            }
            None => return is_blank,
        }
        true
    }
}

impl OpenMail {
    fn new(start: u64) -> OpenMail {
        OpenMail { start, end: start, digest: MailDigest::default() }
    }

    /// Hands the mail to `visit`; returns whether more are wanted.
    fn finish(self, visit: &mut dyn FnMut(FoundMail) -> bool) -> bool {
        let OpenMail { start, end, digest } = self;
        if digest.is_left_out() {
            return true;
        }
        let span = MailSpan { start, length: end - start, digest: digest.value() };
        visit(FoundMail { span, digest })
    }
}

/// Returns true for a line `From ADDRESS DATE`: a sentence may begin with the word, but seldom has a
/// time such as `10:30` (RFC 4155 wants that of `asctime`).
fn is_envelope(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    rest.windows(4).any(|window| {
        matches!(window, [a, b':', b, c] if [a, b, c].iter().all(|byte| byte.is_ascii_digit()))
    })
}

/// Returns true if a line begins with the name of a header and a colon (RFC 5322 §2.2).
fn is_header(line: &[u8]) -> bool {
    let name = line.iter().take_while(|byte| byte.is_ascii_graphic() && **byte != b':').count();
    name > 0 && line.get(name) == Some(&b':')
}

/// Removes the `>` with which a mailbox protects lines that begin with `From ` (mboxrd): one of those
/// in front of it.
pub(super) fn unquote_from_lines(mail: Vec<u8>) -> Vec<u8> {
    if memchr::memmem::find(&mail, b">From ").is_none() {
        return mail;
    }
    let mut plain = Vec::with_capacity(mail.len());
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        let depth = line.iter().take_while(|byte| **byte == b'>').count();
        let is_quoted = depth > 0 && line[depth..].starts_with(b"From ");
        plain.extend_from_slice(&line[usize::from(is_quoted)..]);
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIRST: &str = "From ann@example.org Wed Jan 28 10:30:00 2026\n\
        Subject: One\nMessage-ID: <1@example.org>\n\nWords.\n\n";
    const SECOND: &str = "From - Thu Jan 29 10:30:00 2026\r\n\
        Subject: Two\r\nmessage-id:\r\n <2@example.org>\r\n\r\nMore.\r\n\r\n";

    /// Scans a mailbox; returns the name and the content of each mail, and the warning.
    fn scan_up_to(content: &[u8], max_mails: usize) -> (Vec<(String, Vec<u8>)>, Option<String>) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.mbox");
        std::fs::write(&path, content).expect("the folder can be written");
        let file = ArticleFile {
            path,
            relative_path: "a.mbox".to_owned(),
            size: content.len() as u64,
            modified: None,
            part: FilePart::Mailbox,
        };
        let mut mails = Vec::new();
        let scan = scan_with_limit(&file, max_mails, &mut |mail| {
            let FilePart::Mail(span) = mail.part else { panic!("it is a mail") };
            let start = usize::try_from(span.start).expect("a short file");
            let end = start + usize::try_from(span.length).expect("a short file");
            let name = mail.relative_path.strip_prefix("a.mbox/").expect("it is in the file");
            mails.push((name.to_owned(), content[start..end].to_owned()));
        });
        assert_eq!(scan.mail_count, mails.len());
        (mails, scan.warning)
    }

    fn names(content: &str) -> Vec<String> {
        let (mails, warning) = scan_up_to(content.as_bytes(), 9);
        assert_eq!(warning, None, "{content:?}");
        mails.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn scan_mailbox_splits_at_envelopes() {
        let both = [FIRST, SECOND].concat();
        assert_eq!(names(&both), ["1@example.org", "2@example.org"]);
        let (mails, _) = scan_up_to(both.as_bytes(), 9);
        assert_eq!(mails[0].1, b"Subject: One\nMessage-ID: <1@example.org>\n\nWords.\n");
        assert!(mails[1].1.starts_with(b"Subject: Two") && mails[1].1.ends_with(b"More.\r\n"));
        assert_eq!(names(&["\n\n", FIRST].concat()), ["1@example.org"]);
        assert!(names("").is_empty() && names("\n").is_empty());
    }

    #[test]
    fn scan_mailbox_keeps_sentences_that_begin_with_from() {
        for body in [
            "From Monday on, the bridge is open.\nNote: until 10:30.",
            "From 10:30 on, the bridge is open.\nNobody knows for how long.",
            "No blank line before:\nFrom a@b.c Wed Jan 28 10:30:00 2026\nSubject: not a mail",
            ">From a@b.c Wed Jan 28 10:30:00 2026\nSubject: quoted",
            "From a@b.c Wed Jan 28 10:30:00 2026",
        ] {
            let content = format!("{FIRST}{body}\n\n{SECOND}");
            let (mails, _) = scan_up_to(content.as_bytes(), 9);
            assert_eq!(mails.len(), 2, "{body}");
            assert!(mails[0].1.ends_with(format!("{body}\n").as_bytes()), "{body}");
        }
    }

    #[test]
    fn scan_mailbox_names_mails_without_and_with_the_same_id() {
        let mail = |headers: &str, body: &str| {
            format!("From a@b.c Wed Jan 28 10:30:00 2026\n{headers}\n\n{body}\n\n")
        };
        let id = "Message-ID: <x/y%z@b.c>";
        let content = [
            mail(id, "direct"),
            mail(id, "through the list"),
            mail(id, "direct"),
            mail("Subject: none", "words"),
            mail(&format!("Message-ID: {}", "long".repeat(99)), "words"),
        ]
        .concat();
        let names = names(&content);
        assert_eq!(names.len(), 4, "{names:?}");
        assert_eq!(names[0], "x%2Fy%25z@b.c");
        assert!(names[1].starts_with("x%2Fy%25z@b.c~") && names[1].len() == names[0].len() + 17);
        assert!(names[2].starts_with('~') && names[3].starts_with('~'), "{names:?}");
    }

    #[test]
    fn scan_mailbox_leaves_out_deleted_mails_and_internal_notes() {
        let mail = |header: &str| FIRST.replace("Subject: One", header);
        assert!(names(&mail("X-Mozilla-Status: 0009")).is_empty());
        assert!(names(&mail("X-IMAP: 1700000000 0000000001")).is_empty());
        assert_eq!(names(&mail("X-Mozilla-Status: 0001")), ["1@example.org"]);
        let in_body = FIRST.replace("Words.", "X-IMAP: 1");
        assert_eq!(names(&in_body), ["1@example.org"]);
    }

    #[test]
    fn scan_mailbox_says_what_it_leaves_out() {
        let both = [FIRST, SECOND].concat();
        for (limit, warning) in
            [(2, None), (1, Some("a.mbox has more than 1 mails; the rest is left out"))]
        {
            let (mails, found) = scan_up_to(both.as_bytes(), limit);
            assert_eq!((mails.len(), found.as_deref()), (limit, warning));
        }
        let (mails, warning) = scan_up_to(b"Dear diary,\n\nFrom now on\n", 9);
        assert!(mails.is_empty());
        assert_eq!(
            warning.as_deref(),
            Some("a.mbox is not a mailbox: it does not begin with a line “From …”")
        );
    }

    #[test]
    fn scan_mailbox_reads_lines_of_any_length() {
        let long = "x".repeat(300_000);
        let content = format!("{}{long}\n\n{SECOND}", FIRST.trim_end());
        let (mails, _) = scan_up_to(content.as_bytes(), 9);
        assert_eq!(mails.len(), 2);
        assert!(mails[0].1.len() > 300_000);
    }

    #[test]
    fn unquote_from_lines_removes_one_mark() {
        let quoted = b"> From x\n>From y\r\n>>From z\n>Fromage\ntext >From\n".to_vec();
        let plain = unquote_from_lines(quoted);
        assert_eq!(plain, b"> From x\nFrom y\r\n>From z\n>Fromage\ntext >From\n");
    }

    proptest! {
        /// Mails that are written as `mboxrd` says come out as they were.
        #[test]
        fn scan_mailbox_inverts_mboxrd(bodies in prop::collection::vec("(From a 1:23 b|>From c|d: e|\n){0,8}", 0..6)) {
            let mut content = String::new();
            let mut expected = Vec::new();
            for (at, body) in bodies.iter().enumerate() {
                let mail = format!("Subject: s\nMessage-ID: <{at}>\n\n{body}");
                let quote = |line: &str| {
                    let is_from = line.trim_start_matches('>').starts_with("From ");
                    format!("{}{line}\n", if is_from { ">" } else { "" })
                };
                let quoted: String = mail.lines().map(quote).collect();
                let envelope = "From a@b.c Wed Jan 28 10:30:00 2026\n";
                content.extend([envelope, &quoted, "\n"]);
                expected.push(mail.trim_end().to_owned());
            }
            let (mails, warning) = scan_up_to(content.as_bytes(), 9);
            let found: Vec<String> = mails
                .into_iter()
                .map(|(_, mail)| String::from_utf8(unquote_from_lines(mail)).expect("ASCII"))
                .map(|mail| mail.trim_end().to_owned())
                .collect();
            prop_assert_eq!((found, warning), (expected, None));
        }

        /// Every mail that is found lies in the file, whatever the file is.
        #[test]
        fn scan_mailbox_accepts_any_text(text in "(From a 1:23\n|S: b\n|\n|\r\n|x|>|From |Message-ID: <a>\n){0,40}") {
            let _ = scan_up_to(text.as_bytes(), 3);
        }
    }
}
