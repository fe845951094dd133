//! Locks that keep two instances from doing the same work at once.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
};

/// The lock on a file. It is released when this is dropped, and by the system when the process ends.
///
/// Closing the file would not do: a child process has a copy of it from its start until it runs its program, and
/// keeps the lock until then.
#[derive(Debug)]
pub(super) struct FileLock(File);

impl FileLock {
    /// Takes the lock on the file at `path`, which is made if it is missing; `None` if another one holds it.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be written, or if its file system has no locks.
    pub(super) fn try_take(path: &Path) -> io::Result<Option<FileLock>> {
        let file = File::create(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(FileLock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // What cannot be unlocked is unlocked by closing it.
        let _ = self.0.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_free_once_it_is_dropped_although_a_copy_of_its_file_is_open() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("lock");
        let lock = FileLock::try_take(&path).unwrap().expect("nobody holds it");
        assert!(FileLock::try_take(&path).unwrap().is_none());
        let inherited = lock.0.try_clone().unwrap();
        drop(lock);
        assert!(FileLock::try_take(&path).unwrap().is_some());
        drop(inherited);
    }
}
