//! Which article files a folder has.

use std::{
    collections::HashSet,
    fs::{self, DirEntry, Metadata},
    io,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};

use super::{
    DocumentError,
    error::{describe_io_error, sanitize_name},
    file_type::FileType,
};

/// Files of one folder at the most, those in the folders within it included.
pub const MAX_FILES: usize = 1_000_000;

/// Folders within folders at the most.
pub const MAX_DEPTH: usize = 32;

/// What a scan has found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolderScan {
    /// The article files, sorted by [`ArticleFile::relative_path`].
    pub files: Vec<ArticleFile>,
    /// What could not be looked at.
    pub warnings: Vec<ScanWarning>,
}

/// An article file, not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its path within the scanned folder, by which it is known: parted by `/`; `%` and bytes that are not UTF-8 are
    /// percent-encoded, so that different names stay different.
    pub relative_path: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last changed.
    pub modified: Option<DateTime<Utc>>,
}

/// Something that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanWarning {
    /// Which file or folder.
    pub path: PathBuf,
    /// One plain sentence about it.
    pub message: String,
}

/// Finds the article files in the folder `root`, or the one that `root` is.
///
/// Hidden files are left out, other files ignored. Links are followed; a folder is visited once, by whatever way.
pub fn scan_folder(root: &Path) -> FolderScan {
    let mut walk = FolderWalker::default();
    match root.metadata() {
        Ok(metadata) if metadata.is_dir() => walk.walk_folders(root),
        Ok(metadata) => walk.add_single_file(root, &metadata),
        Err(error) => walk.push_warning(root, &error),
    }
    let mut scan = walk.scan;
    scan.files.sort_by(|a, b| a.relative_path.cmp(&b.relative_path));
    scan
}

/// A folder yet to be looked at.
struct PendingFolder {
    path: PathBuf,
    relative_path: String,
    depth: usize,
}

#[derive(Default)]
struct FolderWalker {
    scan: FolderScan,
    visited: HashSet<PathBuf>,
    pending: Vec<PendingFolder>,
    /// Folders reached by links come last: what is reached without one keeps its own path.
    pending_links: Vec<PendingFolder>,
}

impl FolderWalker {
    fn add_single_file(&mut self, path: &Path, metadata: &Metadata) {
        let name =
            path.file_name().map(|name| encode_name(name.as_encoded_bytes())).unwrap_or_default();
        if FileType::from_name(&name).is_some() && metadata.is_file() {
            self.push_file(path.to_owned(), name, metadata);
        } else {
            let sentence =
                DocumentError::Unsupported(sanitize_name(&path.to_string_lossy())).to_string();
            self.scan.warnings.push(ScanWarning { path: path.to_owned(), message: sentence });
        }
    }

    fn walk_folders(&mut self, root: &Path) {
        self.pending.push(PendingFolder {
            path: root.to_owned(),
            relative_path: String::new(),
            depth: 0,
        });
        while let Some(folder) = self.pending.pop().or_else(|| self.pending_links.pop()) {
            if self.scan.files.len() >= MAX_FILES {
                let sentence = format!(
                    "{} has more than {MAX_FILES} files; the rest is left out",
                    display_path(root)
                );
                self.scan.warnings.push(ScanWarning { path: root.to_owned(), message: sentence });
                return;
            }
            if let Err(error) = self.read_folder(&folder) {
                self.push_warning(&folder.path, &error);
            }
        }
    }

    fn read_folder(&mut self, folder: &PendingFolder) -> io::Result<()> {
        if !self.visited.insert(folder.path.canonicalize()?) {
            return Ok(());
        }
        let mails = FolderKind::of_folder(&folder.path);
        for entry in fs::read_dir(&folder.path)? {
            let entry = entry?;
            let name = encode_name(entry.file_name().as_encoded_bytes());
            if name.starts_with('.') || self.scan.files.len() >= MAX_FILES {
                continue;
            }
            let relative = if folder.relative_path.is_empty() {
                name
            } else {
                format!("{}/{name}", folder.relative_path)
            };
            self.visit_entry(
                &entry,
                PendingFolder {
                    path: entry.path(),
                    relative_path: relative,
                    depth: folder.depth + 1,
                },
                mails,
            );
        }
        Ok(())
    }

    fn visit_entry(&mut self, entry: &DirEntry, within: PendingFolder, mails: FolderKind) {
        let is_article = match FileType::from_name(&within.relative_path) {
            Some(FileType::Maildir) => mails == FolderKind::Maildir,
            kind => kind.is_some(),
        };
        match within.path.metadata() {
            Ok(metadata) if metadata.is_dir() => self.queue_folder(entry, within),
            Ok(metadata) if metadata.is_file() && is_article => {
                self.push_file(within.path, within.relative_path, &metadata);
            }
            Err(error) if is_article => self.push_warning(&within.path, &error),
            _ => {}
        }
    }

    fn queue_folder(&mut self, entry: &DirEntry, folder: PendingFolder) {
        if folder.depth > MAX_DEPTH {
            let sentence = format!(
                "{} is left out: it is too deep within folders",
                display_path(&folder.path)
            );
            self.scan.warnings.push(ScanWarning { path: folder.path, message: sentence });
        } else if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
            self.pending_links.push(folder);
        } else {
            self.pending.push(folder);
        }
    }

    fn push_file(&mut self, path: PathBuf, relative: String, metadata: &Metadata) {
        let modified = metadata.modified().ok().map(DateTime::from);
        self.scan.files.push(ArticleFile {
            path,
            relative_path: relative,
            size: metadata.len(),
            modified,
        });
    }

    fn push_warning(&mut self, path: &Path, error: &io::Error) {
        let sentence =
            format!("{} cannot be read: {}", display_path(path), describe_io_error(error));
        self.scan.warnings.push(ScanWarning { path: path.to_owned(), message: sentence });
    }
}

/// Whether the files of a folder are mails, whatever they are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FolderKind {
    Maildir,
    Ordinary,
}

impl FolderKind {
    /// They are in `cur` and `new` of a Maildir, which has a `tmp` beside them.
    fn of_folder(folder: &Path) -> FolderKind {
        let named = folder.file_name().is_some_and(|name| name == "cur" || name == "new");
        let beside = |name: &str| folder.parent().is_some_and(|parent| parent.join(name).is_dir());
        if named && ["cur", "new", "tmp"].into_iter().all(beside) {
            FolderKind::Maildir
        } else {
            FolderKind::Ordinary
        }
    }
}

fn display_path(path: &Path) -> String {
    sanitize_name(&path.to_string_lossy())
}

/// A file name as text from which the name can be told again.
fn encode_name(name: &[u8]) -> String {
    let mut text = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        text.push_str(&chunk.valid().replace('%', "%25"));
        text.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
    }
    text
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn folder_with_files(files: &[&str]) -> TempDir {
        let folder = TempDir::new().expect("a folder can be made");
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("it is within the folder"))
                .expect("a folder can be made");
            fs::write(path, "text").expect("a file can be written");
        }
        folder
    }

    fn relative_paths(scan: &FolderScan) -> Vec<&str> {
        scan.files.iter().map(|file| file.relative_path.as_str()).collect()
    }

    #[test]
    fn scan_folder_finds_article_files_only() {
        let folder = folder_with_files(&[
            "b.txt",
            "a/c.md",
            "a/d.png",
            ".hidden.txt",
            ".git/x.txt",
            "box/cur/1:2,S",
            "box/new/2",
            "box/tmp/3",
            "new/README",
            "100%.txt",
        ]);
        let scan = scan_folder(folder.path());
        assert_eq!(
            relative_paths(&scan),
            ["100%25.txt", "a/c.md", "b.txt", "box/cur/1:2,S", "box/new/2"]
        );
        assert_eq!(scan.warnings, []);
        assert!(scan.files[0].size == 4 && scan.files[0].modified.is_some());
    }

    #[test]
    fn scan_folder_warns_of_unsupported_single_file() {
        let folder = folder_with_files(&["a.txt", "a.png"]);
        assert_eq!(relative_paths(&scan_folder(&folder.path().join("a.txt"))), ["a.txt"]);
        for name in ["a.png", "gone.txt"] {
            let scan = scan_folder(&folder.path().join(name));
            assert!(scan.files.is_empty() && scan.warnings[0].message.contains(name));
        }
    }

    #[test]
    fn encode_name_is_injective() {
        assert_eq!(encode_name(b"a\xff%FF"), "a%FF%25FF");
        assert_eq!(encode_name("東京".as_bytes()), "東京");
    }

    #[test]
    fn scan_folder_warns_of_deep_folders() {
        let deep = "d/".repeat(MAX_DEPTH + 1) + "a.txt";
        let scan = scan_folder(folder_with_files(&[&deep]).path());
        assert!(scan.files.is_empty() && scan.warnings[0].message.contains("too deep"));
    }

    #[cfg(unix)]
    #[test]
    fn scan_folder_follows_links_once() {
        use std::os::unix::fs::symlink;

        let folder = folder_with_files(&["z/a.txt"]);
        let path = folder.path();
        symlink(path, path.join("z/up")).expect("a link can be made");
        symlink(path.join("z"), path.join("a")).expect("a link can be made");
        symlink(path.join("z/a.txt"), path.join("b.txt")).expect("a link can be made");
        symlink(path.join("nowhere"), path.join("c.txt")).expect("a link can be made");
        let scan = scan_folder(path);
        assert_eq!(relative_paths(&scan), ["b.txt", "z/a.txt"]);
        assert!(scan.warnings.len() == 1 && scan.warnings[0].path.ends_with("c.txt"));
    }
}
