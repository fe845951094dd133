//! Article file types, determined by file name.

use super::scanned_file::FilePart;

/// A type of article file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileType {
    Text,
    Markdown,
    Html,
    /// A mail in its own `.eml` file.
    Mail,
    /// A mail in a Maildir; its file name changes when it is marked as read.
    Maildir,
    /// A file with many mails.
    Mailbox,
}

/// The types by extension.
const EXTENSIONS: [(&str, FileType); 9] = [
    ("txt", FileType::Text),
    ("text", FileType::Text),
    ("md", FileType::Markdown),
    ("markdown", FileType::Markdown),
    ("html", FileType::Html),
    ("htm", FileType::Html),
    ("xhtml", FileType::Html),
    ("eml", FileType::Mail),
    ("mbox", FileType::Mailbox),
];

impl FileType {
    /// Returns the type of the file `name`, a path with `/`; `None` if it is not an article file.
    pub(super) fn from_name(name: &str) -> Option<FileType> {
        let (folders, file) = name.rsplit_once('/').unwrap_or(("", name));
        let folder = folders.rsplit('/').next().unwrap_or_default();
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
        let known = EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
        let maildir = || matches!(folder, "cur" | "new").then_some(FileType::Maildir);
        // Apple Mail and others name the file itself so.
        let mailbox = || (file == "mbox").then_some(FileType::Mailbox);
        known.map(|(_, file_type)| *file_type).or_else(mailbox).or_else(maildir)
    }

    /// Returns the part of a file of this type that a scan finds.
    pub(super) fn part(self) -> FilePart {
        if self == FileType::Mailbox { FilePart::Mailbox } else { FilePart::Whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_type_follows_name() {
        let cases = [
            ("a.txt", Some(FileType::Text)),
            ("b/A.MD", Some(FileType::Markdown)),
            ("a.b.xhtml", Some(FileType::Html)),
            ("a.eml", Some(FileType::Mail)),
            ("box/cur/1700.host:2,S", Some(FileType::Maildir)),
            ("new/1700.host", Some(FileType::Maildir)),
            ("a/News.mbox", Some(FileType::Mailbox)),
            ("News.mbox/mbox", Some(FileType::Mailbox)),
            ("News.mbox/a", None),
            ("curious/a", None),
            ("txt", None),
            ("a.png", None),
        ];
        for (name, kind) in cases {
            assert_eq!(FileType::from_name(name), kind, "{name}");
        }
    }
}
