//! What kind of article a file is, by its name.

/// A kind of article file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Markdown,
    Html,
    /// A mail in a file of its own.
    Mail,
    /// A mail in a Maildir, whose name changes when it is read.
    Maildir,
}

impl Kind {
    /// The kind of the file called `name`, which may have folders before it.
    pub(super) fn of(name: &str) -> Option<Kind> {
        let (folders, file) = name.rsplit_once('/').unwrap_or(("", name));
        let folder = folders.rsplit('/').next().unwrap_or_default();
        let extension = file.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some("txt" | "text") => Some(Kind::Text),
            Some("md" | "markdown") => Some(Kind::Markdown),
            Some("html" | "htm" | "xhtml") => Some(Kind::Html),
            Some("eml") => Some(Kind::Mail),
            _ if matches!(folder, "cur" | "new") => Some(Kind::Maildir),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_kind() {
        let cases = [
            ("a.txt", Some(Kind::Text)),
            ("b/A.MD", Some(Kind::Markdown)),
            ("a.b.xhtml", Some(Kind::Html)),
            ("a.eml", Some(Kind::Mail)),
            ("box/cur/1700.host:2,S", Some(Kind::Maildir)),
            ("new/1700.host", Some(Kind::Maildir)),
            ("curious/a", None),
            ("txt", None),
            ("a.png", None),
        ];
        for (name, kind) in cases {
            assert_eq!(Kind::of(name), kind, "{name}");
        }
    }
}
