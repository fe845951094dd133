//! Scanning of folders for article files.
//!
//! Start with [`scan_folder`]. The files are listed here; `article_file.rs` reads them.

use std::{
    collections::HashSet,
    fs::{self, DirEntry, Metadata},
    io,
    path::{Path, PathBuf},
};

use super::{
    DocumentError,
    error::{describe_io_error, sanitize_name},
    file_type::FileType,
    mailbox,
    scanned_file::{ArticleFile, FilePart},
};
use crate::text::instant_from_system_time;

/// Maximum number of files in a scan, nested folders included.
pub const MAX_FILES: usize = 1_000_000;

/// Maximum depth of nested folders.
pub const MAX_DEPTH: usize = 32;

/// The result of a folder scan, besides the files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolderScan {
    /// Number of article files.
    pub file_count: usize,
    /// True if some files were left out, because there are more than [`MAX_FILES`].
    pub is_truncated: bool,
    /// Files and folders that could not be read.
    pub warnings: Vec<ScanWarning>,
}

/// A warning about a file or folder that could not be read or was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanWarning {
    /// The path of the file or folder.
    pub path: PathBuf,
    /// One plain sentence for the user.
    pub message: String,
}

/// Finds the article files in the folder `root`, or the single file `root`, and hands each to `visit`,
/// in no particular order. A million files at once would take 200 MB.
///
/// A mailbox counts as one file; `scan_mailbox` finds its mails. In a folder it is known by its name, alone also
/// by its first lines. Hidden files and files of other types are ignored. Symbolic links are followed; each folder is
/// visited once, even if several paths lead to it.
pub fn scan_folder(root: &Path, visit: &mut dyn FnMut(ArticleFile)) -> FolderScan {
    scan_with_limit(root, MAX_FILES, visit)
}

/// As [`scan_folder`], with another maximum number of files.
fn scan_with_limit(
    root: &Path,
    max_files: usize,
    visit: &mut dyn FnMut(ArticleFile),
) -> FolderScan {
    let mut walker = FolderWalker {
        scan: FolderScan::default(),
        visit,
        max_files,
        visited: HashSet::new(),
        pending: Vec::new(),
        pending_links: Vec::new(),
    };
    match root.metadata() {
        Ok(metadata) if metadata.is_dir() => walker.walk_folders(root),
        Ok(metadata) => walker.add_single_file(root, &metadata),
        Err(error) => walker.push_warning(root, &error),
    }
    walker.scan
}

/// A folder that has not been read yet.
struct PendingFolder {
    path: PathBuf,
    relative_path: String,
    depth: usize,
}

/// The state of a folder scan.
struct FolderWalker<'a> {
    scan: FolderScan,
    visit: &'a mut dyn FnMut(ArticleFile),
    /// Maximum number of files.
    max_files: usize,
    /// Canonical paths of the folders that were read.
    visited: HashSet<PathBuf>,
    pending: Vec<PendingFolder>,
    /// Folders behind symbolic links. They are read last, so that a folder that is also reachable
    /// without a link gets the path without one.
    pending_links: Vec<PendingFolder>,
}

impl FolderWalker<'_> {
    /// Adds the file `path`, which the user named directly.
    fn add_single_file(&mut self, path: &Path, metadata: &Metadata) {
        let name =
            path.file_name().map(|name| encode_name(name.as_encoded_bytes())).unwrap_or_default();
        let part = if mailbox::is_mailbox_file(path) && !is_single_mail(&name) {
            Some(FilePart::Mailbox)
        } else {
            FileType::from_name(&name).map(FileType::part)
        };
        if let Some(part) = part.filter(|_| metadata.is_file()) {
            self.push_file((path.to_owned(), name), part, metadata);
        } else {
            let message = DocumentError::Unsupported(display_path(path)).to_string();
            self.scan.warnings.push(ScanWarning { path: path.to_owned(), message });
        }
    }

    /// Reads `root` and the folders in it, up to [`MAX_FILES`] files.
    fn walk_folders(&mut self, root: &Path) {
        self.pending.push(PendingFolder {
            path: root.to_owned(),
            relative_path: String::new(),
            depth: 0,
        });
        while let Some(folder) = self.pending.pop().or_else(|| self.pending_links.pop()) {
            if let Err(error) = self.read_folder(&folder) {
                self.push_warning(&folder.path, &error);
            }
            if self.scan.is_truncated {
                let message = format!(
                    "{} has more than {} files; the rest is left out",
                    display_path(root),
                    self.max_files
                );
                self.scan.warnings.push(ScanWarning { path: root.to_owned(), message });
                return;
            }
        }
    }

    /// Reads one folder: adds its article files and queues its folders.
    fn read_folder(&mut self, folder: &PendingFolder) -> io::Result<()> {
        if !self.visited.insert(folder.path.canonicalize()?) {
            return Ok(());
        }
        let folder_kind = FolderKind::of_folder(&folder.path);
        for entry in fs::read_dir(&folder.path)? {
            let entry = entry?;
            let name = encode_name(entry.file_name().as_encoded_bytes());
            if self.scan.is_truncated {
                return Ok(());
            }
            if name.starts_with('.') {
                continue;
            }
            let relative_path = if folder.relative_path.is_empty() {
                name
            } else {
                [folder.relative_path.as_str(), "/", &name].concat()
            };
            let child =
                PendingFolder { path: entry.path(), relative_path, depth: folder.depth + 1 };
            self.visit_entry(&entry, child, folder_kind);
        }
        Ok(())
    }

    /// Adds a file or queues a folder. `child` describes the directory entry `entry` of a folder of
    /// the given kind.
    fn visit_entry(&mut self, entry: &DirEntry, child: PendingFolder, folder_kind: FolderKind) {
        let file_type = FileType::from_name(&child.relative_path).filter(|file_type| {
            *file_type != FileType::Maildir || folder_kind == FolderKind::Maildir
        });
        let is_article = file_type.is_some();
        let Some(metadata) = entry_metadata(entry, &child.path, is_article) else { return };
        match metadata {
            Ok(metadata) if metadata.is_dir() => self.queue_folder(entry, child),
            Ok(metadata) => {
                if let Some(file_type) = file_type.filter(|_| metadata.is_file()) {
                    let names = (child.path, child.relative_path);
                    self.push_file(names, file_type.part(), &metadata);
                }
            }
            Err(error) if is_article => self.push_warning(&child.path, &error),
            Err(_) => {}
        }
    }

    /// Queues a folder, unless it is nested too deeply.
    fn queue_folder(&mut self, entry: &DirEntry, folder: PendingFolder) {
        if folder.depth > MAX_DEPTH {
            let message = format!(
                "{} is left out: more than {MAX_DEPTH} nested folders",
                display_path(&folder.path)
            );
            self.scan.warnings.push(ScanWarning { path: folder.path, message });
        } else if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
            self.pending_links.push(folder);
        } else {
            self.pending.push(folder);
        }
    }

    /// Adds a file, or notes that there are too many.
    fn push_file(
        &mut self,
        (path, relative_path): (PathBuf, String),
        part: FilePart,
        metadata: &Metadata,
    ) {
        if self.scan.file_count >= self.max_files {
            self.scan.is_truncated = true;
            return;
        }
        self.scan.file_count += 1;
        let modified = metadata.modified().ok().and_then(instant_from_system_time);
        let size = metadata.len();
        (self.visit)(ArticleFile { path, relative_path, size, modified, part });
    }

    fn push_warning(&mut self, path: &Path, error: &io::Error) {
        let message =
            format!("{} cannot be read: {}", display_path(path), describe_io_error(error));
        self.scan.warnings.push(ScanWarning { path: path.to_owned(), message });
    }
}

/// Returns the metadata behind an entry of a folder; `None` for a file that is no article. Only links
/// are looked up by their path, which is slower.
fn entry_metadata(entry: &DirEntry, path: &Path, is_article: bool) -> Option<io::Result<Metadata>> {
    match entry.file_type() {
        Ok(kind) if kind.is_symlink() => Some(path.metadata()),
        Ok(kind) if !kind.is_dir() && !is_article => None,
        Ok(_) => Some(entry.metadata()),
        Err(error) => Some(Err(error)),
    }
}

/// The kind of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FolderKind {
    /// `cur` or `new` of a Maildir: its files are mails, whatever their names.
    Maildir,
    /// Any other folder.
    Ordinary,
}

impl FolderKind {
    /// Returns the kind of `folder`. A Maildir has the folders `cur`, `new` and `tmp` next to each
    /// other.
    fn of_folder(folder: &Path) -> FolderKind {
        let is_named = folder.file_name().is_some_and(|name| name == "cur" || name == "new");
        let has_sibling =
            |name: &str| folder.parent().is_some_and(|parent| parent.join(name).is_dir());
        if is_named && ["cur", "new", "tmp"].into_iter().all(has_sibling) {
            FolderKind::Maildir
        } else {
            FolderKind::Ordinary
        }
    }
}

/// Returns true for the file of a single mail, which may begin as a mailbox does.
fn is_single_mail(name: &str) -> bool {
    matches!(FileType::from_name(name), Some(FileType::Mail | FileType::Maildir))
}

/// Returns true if `path` is a file of articles: by its name, or because it is a mailbox.
pub fn is_article_file(path: &Path) -> bool {
    FileType::from_name(&path.to_string_lossy()).is_some() || mailbox::is_mailbox_file(path)
}

/// Returns a path without control characters, for use in a message.
fn display_path(path: &Path) -> String {
    sanitize_name(&path.to_string_lossy())
}

/// Encodes a file name as text: `%` and bytes that are not UTF-8 are percent-encoded. Different
/// names give different texts.
fn encode_name(name: &[u8]) -> String {
    if let Some(plain) = str::from_utf8(name).ok().filter(|name| !name.contains('%')) {
        return plain.to_owned();
    }
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

    /// Scans a folder; returns its files as well, sorted by their paths.
    fn scan(root: &Path, max_files: usize) -> (Vec<ArticleFile>, FolderScan) {
        let mut files = Vec::new();
        let scan = scan_with_limit(root, max_files, &mut |file| files.push(file));
        files.sort_by(|a, b| a.relative_path.cmp(&b.relative_path));
        (files, scan)
    }

    fn relative_paths(files: &[ArticleFile]) -> Vec<&str> {
        files.iter().map(|file| file.relative_path.as_str()).collect()
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
        let (files, scan) = scan(folder.path(), MAX_FILES);
        assert_eq!(
            relative_paths(&files),
            ["100%25.txt", "a/c.md", "b.txt", "box/cur/1:2,S", "box/new/2"]
        );
        assert_eq!(scan.warnings, []);
        assert!(files[0].size == 4 && files[0].modified.is_some());
    }

    #[test]
    fn scan_folder_warns_of_unsupported_single_file() {
        let folder = folder_with_files(&["a.txt", "a.png"]);
        let (files, _) = scan(&folder.path().join("a.txt"), MAX_FILES);
        assert_eq!(relative_paths(&files), ["a.txt"]);
        for name in ["a.png", "gone.txt"] {
            let (files, scan) = scan(&folder.path().join(name), MAX_FILES);
            assert!(files.is_empty() && scan.warnings[0].message.contains(name));
        }
    }

    #[test]
    fn scan_folder_warns_of_files_beyond_its_limit() {
        let folder = folder_with_files(&["a.txt", "b.txt", "c/d.txt", "e.png"]);
        for (limit, warning_count) in [(4, 0), (3, 0), (2, 1), (1, 1)] {
            let (files, scan) = scan(folder.path(), limit);
            assert_eq!((files.len(), scan.file_count), (limit.min(3), limit.min(3)));
            assert_eq!(scan.is_truncated, warning_count == 1);
            assert_eq!(scan.warnings.len(), warning_count, "{limit}: {:?}", scan.warnings);
        }
        let (_, scan) = scan(folder.path(), 2);
        assert!(scan.warnings[0].message.ends_with("has more than 2 files; the rest is left out"));
    }

    #[test]
    fn encode_name_is_injective() {
        assert_eq!(encode_name(b"a\xff%FF"), "a%FF%25FF");
        assert_eq!(encode_name("東京".as_bytes()), "東京");
    }

    #[test]
    fn scan_folder_warns_of_deep_folders() {
        let deep = "d/".repeat(MAX_DEPTH + 1) + "a.txt";
        let (files, scan) = scan(folder_with_files(&[&deep]).path(), MAX_FILES);
        assert!(files.is_empty() && scan.warnings[0].message.contains("nested folders"));
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
        let (files, scan) = scan(path, MAX_FILES);
        assert_eq!(relative_paths(&files), ["b.txt", "z/a.txt"]);
        assert!(scan.warnings.len() == 1 && scan.warnings[0].path.ends_with("c.txt"));
    }
}
