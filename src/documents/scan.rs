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
    error::{reason, shown},
    kind::Kind,
};

/// Files of one folder at the most, those in the folders within it included.
pub const MAX_FILES: usize = 1_000_000;

/// Folders within folders at the most.
pub const MAX_DEPTH: usize = 32;

/// What a scan has found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scan {
    /// The article files, sorted by [`FoundFile::relative`].
    pub files: Vec<FoundFile>,
    /// What could not be looked at.
    pub complaints: Vec<Complaint>,
}

/// An article file, not yet read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its path within the scanned folder, by which it is known: parted by `/`; `%` and bytes that are not UTF-8 are
    /// percent-encoded, so that different names stay different.
    pub relative: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last changed.
    pub modified: Option<DateTime<Utc>>,
}

/// Something that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Which file or folder.
    pub path: PathBuf,
    /// One plain sentence about it.
    pub sentence: String,
}

/// Finds the article files in the folder `root`, or the one that `root` is.
///
/// Hidden files are left out, other files ignored. Links are followed; a folder is visited once, by whatever way.
pub fn scan(root: &Path) -> Scan {
    let mut walk = Walk::default();
    match root.metadata() {
        Ok(metadata) if metadata.is_dir() => walk.folders(root),
        Ok(metadata) => walk.single(root, &metadata),
        Err(error) => walk.complain(root, &error),
    }
    let mut scan = walk.scan;
    scan.files.sort_by(|a, b| a.relative.cmp(&b.relative));
    scan
}

/// A folder yet to be looked at.
struct Folder {
    path: PathBuf,
    relative: String,
    depth: usize,
}

#[derive(Default)]
struct Walk {
    scan: Scan,
    visited: HashSet<PathBuf>,
    folders: Vec<Folder>,
    /// Folders reached by links come last: what is reached without one keeps its own path.
    linked: Vec<Folder>,
}

impl Walk {
    fn single(&mut self, path: &Path, metadata: &Metadata) {
        let name = path.file_name().map(|name| lossless(name.as_encoded_bytes())).unwrap_or_default();
        if Kind::of(&name).is_some() && metadata.is_file() {
            self.found(path.to_owned(), name, metadata);
        } else {
            let sentence = DocumentError::Unsupported(shown(&path.to_string_lossy())).to_string();
            self.scan.complaints.push(Complaint { path: path.to_owned(), sentence });
        }
    }

    fn folders(&mut self, root: &Path) {
        self.folders.push(Folder { path: root.to_owned(), relative: String::new(), depth: 0 });
        while let Some(folder) = self.folders.pop().or_else(|| self.linked.pop()) {
            if self.scan.files.len() >= MAX_FILES {
                let sentence =
                    format!("{} has more than {MAX_FILES} files; the rest is left out", display(root));
                self.scan.complaints.push(Complaint { path: root.to_owned(), sentence });
                return;
            }
            if let Err(error) = self.folder(&folder) {
                self.complain(&folder.path, &error);
            }
        }
    }

    fn folder(&mut self, folder: &Folder) -> io::Result<()> {
        if !self.visited.insert(folder.path.canonicalize()?) {
            return Ok(());
        }
        let mails = Mails::of(&folder.path);
        for entry in fs::read_dir(&folder.path)? {
            let entry = entry?;
            let name = lossless(entry.file_name().as_encoded_bytes());
            if name.starts_with('.') || self.scan.files.len() >= MAX_FILES {
                continue;
            }
            let relative =
                if folder.relative.is_empty() { name } else { format!("{}/{name}", folder.relative) };
            self.entry(&entry, Folder { path: entry.path(), relative, depth: folder.depth + 1 }, mails);
        }
        Ok(())
    }

    fn entry(&mut self, entry: &DirEntry, within: Folder, mails: Mails) {
        let is_article = match Kind::of(&within.relative) {
            Some(Kind::Maildir) => mails == Mails::Here,
            kind => kind.is_some(),
        };
        match within.path.metadata() {
            Ok(metadata) if metadata.is_dir() => self.later(entry, within),
            Ok(metadata) if metadata.is_file() && is_article => {
                self.found(within.path, within.relative, &metadata);
            }
            Err(error) if is_article => self.complain(&within.path, &error),
            _ => {}
        }
    }

    fn later(&mut self, entry: &DirEntry, folder: Folder) {
        if folder.depth > MAX_DEPTH {
            let sentence = format!("{} is left out: it is too deep within folders", display(&folder.path));
            self.scan.complaints.push(Complaint { path: folder.path, sentence });
        } else if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
            self.linked.push(folder);
        } else {
            self.folders.push(folder);
        }
    }

    fn found(&mut self, path: PathBuf, relative: String, metadata: &Metadata) {
        let modified = metadata.modified().ok().map(DateTime::from);
        self.scan.files.push(FoundFile { path, relative, size: metadata.len(), modified });
    }

    fn complain(&mut self, path: &Path, error: &io::Error) {
        let sentence = format!("{} cannot be read: {}", display(path), reason(error));
        self.scan.complaints.push(Complaint { path: path.to_owned(), sentence });
    }
}

/// Whether the files of a folder are mails, whatever they are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mails {
    Here,
    NotHere,
}

impl Mails {
    /// They are in `cur` and `new` of a Maildir, which has a `tmp` beside them.
    fn of(folder: &Path) -> Mails {
        let named = folder.file_name().is_some_and(|name| name == "cur" || name == "new");
        let beside = |name: &str| folder.parent().is_some_and(|parent| parent.join(name).is_dir());
        if named && ["cur", "new", "tmp"].into_iter().all(beside) { Mails::Here } else { Mails::NotHere }
    }
}

fn display(path: &Path) -> String {
    shown(&path.to_string_lossy())
}

/// A file name as text from which the name can be told again.
fn lossless(name: &[u8]) -> String {
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

    fn folder(files: &[&str]) -> TempDir {
        let folder = TempDir::new().expect("a folder can be made");
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().expect("it is within the folder"))
                .expect("a folder can be made");
            fs::write(path, "text").expect("a file can be written");
        }
        folder
    }

    fn names(scan: &Scan) -> Vec<&str> {
        scan.files.iter().map(|file| file.relative.as_str()).collect()
    }

    #[test]
    fn finds_article_files_only() {
        let folder = folder(&[
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
        let scan = scan(folder.path());
        assert_eq!(names(&scan), ["100%25.txt", "a/c.md", "b.txt", "box/cur/1:2,S", "box/new/2"]);
        assert_eq!(scan.complaints, []);
        assert!(scan.files[0].size == 4 && scan.files[0].modified.is_some());
    }

    #[test]
    fn a_single_file_is_named_if_it_is_none() {
        let folder = folder(&["a.txt", "a.png"]);
        assert_eq!(names(&scan(&folder.path().join("a.txt"))), ["a.txt"]);
        for name in ["a.png", "gone.txt"] {
            let scan = scan(&folder.path().join(name));
            assert!(scan.files.is_empty() && scan.complaints[0].sentence.contains(name));
        }
    }

    #[test]
    fn names_stay_different() {
        assert_eq!(lossless(b"a\xff%FF"), "a%FF%25FF");
        assert_eq!(lossless("東京".as_bytes()), "東京");
    }

    #[test]
    fn deep_folders_are_told() {
        let deep = "d/".repeat(MAX_DEPTH + 1) + "a.txt";
        let scan = scan(folder(&[&deep]).path());
        assert!(scan.files.is_empty() && scan.complaints[0].sentence.contains("too deep"));
    }

    #[cfg(unix)]
    #[test]
    fn links_neither_loop_nor_double() {
        use std::os::unix::fs::symlink;

        let folder = folder(&["z/a.txt"]);
        let path = folder.path();
        symlink(path, path.join("z/up")).expect("a link can be made");
        symlink(path.join("z"), path.join("a")).expect("a link can be made");
        symlink(path.join("z/a.txt"), path.join("b.txt")).expect("a link can be made");
        symlink(path.join("nowhere"), path.join("c.txt")).expect("a link can be made");
        let scan = scan(path);
        assert_eq!(names(&scan), ["b.txt", "z/a.txt"]);
        assert!(scan.complaints.len() == 1 && scan.complaints[0].path.ends_with("c.txt"));
    }
}
