//! Several files in one archive (ZIP), or in a folder.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::new_file::{NewFile, create_folder};
use crate::model::ExistingFile;

/// Files that are written one after the other.
pub(super) enum FileSet {
    Folder(PathBuf, ExistingFile),
    Archive(Box<ZipWriter<NewFile>>),
}

impl FileSet {
    /// Begins an archive if the name of `path` ends in `.zip`, otherwise a folder.
    pub(super) fn create(path: &Path, existing: ExistingFile) -> io::Result<FileSet> {
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
            return Ok(FileSet::archive(NewFile::create(path, existing)?));
        }
        create_folder(path, existing)?;
        Ok(FileSet::Folder(path.to_owned(), existing))
    }

    /// Begins an archive.
    pub(super) fn archive(file: NewFile) -> FileSet {
        FileSet::Archive(Box::new(ZipWriter::new(file)))
    }

    /// Writes a file by calling `write`.
    pub(super) fn write_file<T>(
        &mut self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
    ) -> io::Result<T> {
        match self {
            FileSet::Folder(folder, existing) => {
                let mut file = NewFile::create(&folder.join(name), *existing)?;
                let written = write(&mut file)?;
                file.finish()?;
                Ok(written)
            }
            FileSet::Archive(archive) => {
                archive.start_file(name, file_options(CompressionMethod::Deflated))?;
                write(archive)
            }
        }
    }

    /// Writes a file of an archive without compression.
    pub(super) fn write_stored(&mut self, name: &str, text: &str) -> io::Result<()> {
        match self {
            FileSet::Archive(archive) => {
                let options = file_options(CompressionMethod::Stored).large_file(false);
                archive.start_file(name, options)?;
                archive.write_all(text.as_bytes())
            }
            FileSet::Folder(..) => self.write_file(name, |out| out.write_all(text.as_bytes())),
        }
    }

    /// Completes the archive.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            FileSet::Folder(..) => Ok(()),
            FileSet::Archive(archive) => archive.finish()?.finish(),
        }
    }
}

/// Returns the options of a file, which may have more than four gigabytes.
fn file_options(method: CompressionMethod) -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(method).large_file(true).unix_permissions(0o644)
}
