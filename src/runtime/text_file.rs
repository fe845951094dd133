//! Temporary files with the text of an article.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// Number of names that are tried; others may belong to an earlier process with the same number.
const MAX_NAMES: u64 = 1_000;

/// A file that only its owner can read; dropping it deletes it.
#[derive(Debug)]
pub(super) struct TextFile(PathBuf);

impl TextFile {
    /// Writes `text` into a new file in `folder`.
    pub(super) fn create(folder: &Path, text: &str) -> io::Result<TextFile> {
        static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);
        for _ in 0..MAX_NAMES {
            let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("newsreader-{}-{number}.txt", std::process::id()));
            match create_private_file(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(mut file) => {
                    let created = TextFile(path);
                    file.write_all(text.as_bytes())?;
                    return Ok(created);
                }
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Returns the path of the file.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TextFile {
    fn drop(&mut self) {
        // The program may have moved or deleted it.
        let _ = fs::remove_file(&self.0);
    }
}

/// Creates a file that does not exist; a link in its place is not followed.
fn create_private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_file_is_private_and_deleted_when_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] =
            ["one", "other"].map(|text| TextFile::create(folder.path(), text).unwrap());
        assert_eq!(fs::read_to_string(one.path()).unwrap(), "one");
        assert_eq!(fs::read_to_string(other.path()).unwrap(), "other");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(one.path().metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
        drop((one, other));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
