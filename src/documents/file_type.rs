//! Article file types, determined by file name.

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
}

/// The types by extension.
const EXTENSIONS: [(&str, FileType); 8] = [
    ("txt", FileType::Text),
    ("text", FileType::Text),
    ("md", FileType::Markdown),
    ("markdown", FileType::Markdown),
    ("html", FileType::Html),
    ("htm", FileType::Html),
    ("xhtml", FileType::Html),
    ("eml", FileType::Mail),
];

impl FileType {
    /// Returns the type of the file `name`, a path with `/`; `None` if it is not an article file.
    pub(super) fn from_name(name: &str) -> Option<FileType> {
        let (folders, file) = name.rsplit_once('/').unwrap_or(("", name));
        let folder = folders.rsplit('/').next().unwrap_or_default();
        let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
        let known = EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
        let maildir = || matches!(folder, "cur" | "new").then_some(FileType::Maildir);
        known.map(|(_, file_type)| *file_type).or_else(maildir)
    }
}

/// Returns true if the file `name`, a path with `/`, is of a type that articles have.
pub fn is_article_name(name: &str) -> bool {
    FileType::from_name(name).is_some()
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
            ("curious/a", None),
            ("txt", None),
            ("a.png", None),
        ];
        for (name, kind) in cases {
            assert_eq!(FileType::from_name(name), kind, "{name}");
        }
    }
}
