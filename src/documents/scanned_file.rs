//! The files that a scan finds, before they are read.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

/// An article file, not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleFile {
    /// The path of the file.
    pub path: PathBuf,
    /// The path within the scanned folder, which identifies the file. Components are separated by
    /// `/`; `%` and bytes that are not UTF-8 are percent-encoded, so that different names stay
    /// different.
    pub relative_path: String,
    /// Size in bytes.
    pub size: u64,
    /// Modification time.
    pub modified: Option<DateTime<Utc>>,
    /// The part of the file that is meant.
    pub part: FilePart,
}

impl ArticleFile {
    /// Returns the path of the mailbox of a mail, within the scanned folder; `None` for a file.
    pub fn mailbox_path(&self) -> Option<&str> {
        let is_mail = matches!(self.part, FilePart::Mail(_));
        self.relative_path.rsplit_once('/').map(|(mailbox, _)| mailbox).filter(|_| is_mail)
    }
}

/// The part of a file that an [`ArticleFile`] names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilePart {
    /// The whole file, which is one article.
    Whole,
    /// A mailbox, whose mails are articles.
    Mailbox,
    /// One mail of a mailbox. Its path begins with that of the mailbox, and its size is its own.
    Mail(MailSpan),
}

/// The place of a mail in a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailSpan {
    /// The offset of its first header, in bytes.
    pub start: u64,
    /// Its length in bytes.
    pub length: u64,
    /// A digest of its content.
    pub digest: u64,
}
