//! Files that get their name once they are complete.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::SystemTime,
};

use crate::{library::user_files::existing_file, model::ExistingFile};

/// A file that is being written beside its place; dropping it before [`NewFile::finish`] deletes it, and
/// what was in its place stays.
pub(super) struct NewFile {
    file: BufWriter<File>,
    partial: PathBuf,
    target: PathBuf,
    existing: ExistingFile,
}

impl NewFile {
    /// Begins a file at `target`.
    ///
    /// # Errors
    ///
    /// Fails if a file is there that is to be kept, or something else, or if it cannot be written.
    pub(super) fn create(target: &Path, existing: ExistingFile) -> io::Result<NewFile> {
        static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);
        let target = existing_file(target, existing)?.unwrap_or_else(|| target.to_owned());
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!(".newsreader-{}-{number}.part", std::process::id());
        let partial = target.with_file_name(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&partial)?;
        Ok(NewFile { file: BufWriter::new(file), partial, target, existing })
    }

    /// Sets the time of the last change of the file.
    pub(super) fn set_modified(&mut self, at: SystemTime) -> io::Result<()> {
        self.file.flush()?;
        self.file.get_ref().set_modified(at)
    }

    /// Gives the file its name.
    ///
    /// # Errors
    ///
    /// Fails if another program has made a file of this name meanwhile.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.file.flush()?;
        if self.existing == ExistingFile::Keep {
            // Unlike renaming, a link never replaces a file. Some file systems have none.
            match fs::hard_link(&self.partial, &self.target) {
                Ok(()) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
                Err(_) if self.target.exists() => {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                Err(_) => {}
            }
        }
        fs::rename(&self.partial, &self.target)
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for NewFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // After the rename there is none.
        let _ = fs::remove_file(&self.partial);
    }
}

/// A stream or file that is written to its end.
pub(super) trait FinishWrite: Write {
    fn finish(self) -> io::Result<()>;
}

impl FinishWrite for NewFile {
    fn finish(self) -> io::Result<()> {
        NewFile::finish(self)
    }
}

impl FinishWrite for &mut dyn Write {
    fn finish(self) -> io::Result<()> {
        self.flush()
    }
}

/// Makes the folder at `path`.
///
/// # Errors
///
/// Fails if a folder with something in it is there and its files are to be kept.
pub(super) fn create_folder(path: &Path, existing: ExistingFile) -> io::Result<()> {
    match fs::read_dir(path) {
        Ok(mut entries) => match (entries.next(), existing) {
            (Some(_), ExistingFile::Keep) => {
                Err(io::Error::new(io::ErrorKind::AlreadyExists, "the folder is not empty"))
            }
            (Some(_), ExistingFile::Replace) | (None, _) => Ok(()),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir(path),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, text: &str, existing: ExistingFile) -> io::Result<()> {
        let mut file = NewFile::create(path, existing)?;
        file.write_all(text.as_bytes())?;
        file.finish()
    }

    #[test]
    fn new_file_replaces_only_when_told_and_leaves_nothing_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write(&path, "one", ExistingFile::Keep).unwrap();
        let error = write(&path, "two", ExistingFile::Keep).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        drop(NewFile::create(&path, ExistingFile::Replace).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        write(&path, "two", ExistingFile::Replace).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        for existing in [ExistingFile::Keep, ExistingFile::Replace] {
            let error = NewFile::create(folder.path(), existing).err().unwrap();
            assert_eq!(error.to_string(), "it is a folder");
        }
    }

    #[test]
    fn new_file_yields_to_one_that_came_meanwhile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let file = NewFile::create(&path, ExistingFile::Keep).unwrap();
        fs::write(&path, "other").unwrap();
        assert_eq!(file.finish().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "other");
    }

    #[test]
    fn folder_with_files_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        create_folder(folder.path(), ExistingFile::Keep).unwrap();
        create_folder(&folder.path().join("new"), ExistingFile::Keep).unwrap();
        assert!(create_folder(folder.path(), ExistingFile::Keep).is_err());
        create_folder(folder.path(), ExistingFile::Replace).unwrap();
    }
}
