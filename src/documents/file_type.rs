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

impl FileType {
    /// Returns the type of the file `name`, a path with `/`; `None` if it is not an article file.
    pub(super) fn from_name(name: &str) -> Option<FileType> {
        let (folders, file) = name.rsplit_once('/').unwrap_or(("", name));
        let folder = folders.rsplit('/').next().unwrap_or_default();
        let extension = file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some("txt" | "text") => Some(FileType::Text),
            Some("md" | "markdown") => Some(FileType::Markdown),
            Some("html" | "htm" | "xhtml") => Some(FileType::Html),
            Some("eml") => Some(FileType::Mail),
            _ if matches!(folder, "cur" | "new") => Some(FileType::Maildir),
            _ => None,
        }
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
