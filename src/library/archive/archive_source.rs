//! The source of the archive for a refresh: the settings, or a stand-in for it in tests.

use super::{ArchiveAccess, ArchiveAccessError};
use crate::archive::Archive;

/// The archive that a refresh exchanges articles and marks with.
pub trait ArchiveSource: Send + Sync {
    /// Returns the address of the archive, by which a library knows it again.
    fn address(&self) -> &str;

    /// Returns the number of the articles that a library takes when it joins, those that were published last, and keeps; 0 if
    /// it keeps all.
    fn newest_count(&self) -> u64;

    /// Connects to the archive; blocks until the server has answered.
    fn connect(&self) -> Result<Box<dyn Archive>, ArchiveAccessError>;
}

impl ArchiveSource for ArchiveAccess {
    fn address(&self) -> &str {
        &self.address
    }

    fn newest_count(&self) -> u64 {
        self.newest_count
    }

    fn connect(&self) -> Result<Box<dyn Archive>, ArchiveAccessError> {
        self.open()
    }
}
