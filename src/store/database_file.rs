//! The file of the database before SQLite opens it: checks that it is a whole database, and creates
//! a new one.
//!
//! SQLite takes an empty file for a new database, follows a dangling link and creates its target,
//! and waits at a pipe. Each would show an empty library in place of the user's.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use super::StoreError;

/// First bytes of every SQLite database, see "The Database Header" of the SQLite file format.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Length of the database header.
const HEADER_BYTES: usize = 100;

/// Lengths of the header of the write-ahead log and of the header of each frame in it.
const WAL_HEADER_BYTES: u64 = 32;
const FRAME_HEADER_BYTES: u64 = 24;

/// Returns true if a database file exists at `path`, and false if nothing does.
///
/// # Errors
///
/// Fails if something else than a file is there, or if the file is shorter than its header says.
pub(super) fn check_database_file(path: &Path) -> Result<bool, StoreError> {
    let to_open_error =
        |reason: io::Error| StoreError::Inaccessible { path: path.to_owned(), reason };
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(to_open_error(error)),
        // Without a file, the path is free, or a link that leads nowhere.
        Err(_) if path.symlink_metadata().is_err() => return Ok(false),
        Err(_) => return Err(not_a_file(path, "a link to a file that does not exist")),
    };
    if metadata.is_dir() {
        return Err(not_a_file(path, "a folder"));
    }
    if !metadata.is_file() {
        return Err(not_a_file(path, "a pipe or a device"));
    }
    let mut header = Vec::with_capacity(HEADER_BYTES);
    let file = File::open(path).map_err(to_open_error)?;
    file.take(HEADER_BYTES as u64).read_to_end(&mut header).map_err(to_open_error)?;
    check_size(path, &header)?;
    Ok(true)
}

fn not_a_file(path: &Path, found: &'static str) -> StoreError {
    StoreError::NotAFile { path: path.to_owned(), found }
}

/// Compares the size of the file with its header.
///
/// The order matters: another instance may move pages from its log to the file meanwhile. They are
/// in the file before they leave the log.
fn check_size(path: &Path, header: &[u8]) -> Result<(), StoreError> {
    if !header.starts_with(&MAGIC[..header.len().min(MAGIC.len())]) {
        return Err(StoreError::NotALibrary { path: path.to_owned() });
    }
    let expected = expected_size(header);
    let page_bytes = expected.map_or(u64::MAX, |(page_bytes, _)| page_bytes);
    let logged = logged_pages(path, page_bytes).saturating_mul(page_bytes);
    let found = path.metadata().map_or(0, |metadata| metadata.len());
    let expected = expected.map_or(HEADER_BYTES as u64, |(_, bytes)| bytes);
    if found.saturating_add(logged) < expected {
        return Err(StoreError::CutOff { path: path.to_owned(), found, expected });
    }
    Ok(())
}

/// Returns the size of a page and of the whole database in bytes; `None` if the header is cut off or
/// does not state the size.
fn expected_size(header: &[u8]) -> Option<(u64, u64)> {
    let field = |at: usize| header.get(at..at + 4)?.first_chunk().map(|b| u32::from_be_bytes(*b));
    let page_bytes = match u16::from_be_bytes(*header.get(16..18)?.first_chunk()?) {
        1 => 65_536,
        size => u64::from(size),
    };
    // The page count is valid only if it was written with the last change of the file.
    let (change_counter, page_count, valid_for) = (field(24)?, field(28)?, field(92)?);
    let is_valid = change_counter == valid_for && page_count > 0;
    Some((page_bytes, if is_valid { u64::from(page_count) * page_bytes } else { 0 }))
}

/// Returns the maximum number of pages that the write-ahead log beside the database holds.
fn logged_pages(path: &Path, page_bytes: u64) -> u64 {
    let log_bytes = log_path(path).metadata().map_or(0, |metadata| metadata.len());
    log_bytes.saturating_sub(WAL_HEADER_BYTES) / FRAME_HEADER_BYTES.saturating_add(page_bytes)
}

/// Returns the path of the write-ahead log of the database at `path`.
pub(super) fn log_path(path: &Path) -> std::path::PathBuf {
    path.with_extension("db-wal")
}

/// Creates the database at `path` by calling `create` with another path in the same folder, so that
/// a kill at any moment leaves a whole database or none. If another instance creates the database
/// meanwhile, that one stays.
pub(super) fn create_database_file(
    path: &Path,
    create: impl FnOnce(&Path) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let unfinished = path.with_extension(format!("{}.part", std::process::id()));
    let remove = || {
        let _ = fs::remove_file(&unfinished);
        let _ = fs::remove_file(unfinished.with_extension("part-wal"));
        let _ = fs::remove_file(unfinished.with_extension("part-shm"));
    };
    remove();
    let created = create(&unfinished).and_then(|()| publish(&unfinished, path));
    remove();
    created
}

/// Gives a complete file its final name, unless a file of that name exists.
fn publish(unfinished: &Path, path: &Path) -> Result<(), StoreError> {
    let published = match fs::hard_link(unfinished, path) {
        // A file system without links: the moment between the look and the rename is short.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists && !path.exists() => {
            fs::rename(unfinished, path)
        }
        _ => Ok(()),
    };
    published.map_err(|reason| StoreError::Inaccessible { path: path.to_owned(), reason })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{LibraryLocation, WriteConnection};

    fn new_library() -> (tempfile::TempDir, LibraryLocation) {
        let folder = tempfile::tempdir().unwrap();
        let location = LibraryLocation::Folder(folder.path().to_owned());
        drop(WriteConnection::open(&location).unwrap());
        (folder, location)
    }

    #[test]
    fn open_creates_whole_database_without_remains() {
        let (folder, location) = new_library();
        let names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["library.db"]);
        let header = fs::read(location.database_path()).unwrap();
        let (_, bytes) = expected_size(&header).unwrap();
        assert_eq!(bytes, header.len() as u64, "the header states the size");
    }

    #[test]
    fn open_refuses_library_that_is_cut_off_anywhere() {
        let (_folder, location) = new_library();
        let path = location.database_path();
        let whole = fs::read(&path).unwrap();
        let lengths = [0, 1, 15, 16, 99, 100, 512, 4096, whole.len() / 2, whole.len() - 1];
        for length in lengths {
            fs::write(&path, &whole[..length]).unwrap();
            let error = WriteConnection::open(&location).unwrap_err();
            assert!(matches!(error, StoreError::CutOff { .. }), "{length}: {error}");
            assert_eq!(fs::read(&path).unwrap().len(), length, "the file is left as it is");
        }
        fs::write(&path, &whole).unwrap();
        assert!(WriteConnection::open(&location).is_ok());
    }

    #[test]
    fn pages_in_the_log_are_not_missing() {
        let (_folder, location) = new_library();
        let path = location.database_path();
        let whole = fs::read(&path).unwrap();
        let (page_bytes, _) = expected_size(&whole).unwrap();
        let page = usize::try_from(page_bytes).unwrap();
        fs::write(&path, &whole[..whole.len() - 2 * page]).unwrap();
        for (frames, is_whole) in [(1, false), (2, true)] {
            let log = vec![0; 32 + frames * (24 + page)];
            fs::write(log_path(&path), log).unwrap();
            assert_eq!(check_database_file(&path).is_ok(), is_whole, "{frames}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn open_refuses_what_is_no_file() {
        let (folder, location) = new_library();
        let path = location.database_path();
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(folder.path().join("unmounted"), &path).unwrap();
        let error = WriteConnection::open(&location).unwrap_err();
        assert!(error.to_string().contains("a link to a file that does not exist"), "{error}");
        assert!(!folder.path().join("unmounted").exists());
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        let error = WriteConnection::open(&location).unwrap_err();
        assert!(error.to_string().contains("is a folder"), "{error}");
    }
}
