//! The way to an archive, which a program has or lacks as it was built.

use super::{Archive, ArchiveAddress, ArchiveError, ArchiveReport, ArchiveRequest};
use crate::model::StoredPassword;

/// Connects to an archive.
///
/// # Errors
///
/// Fails if the program was built without the feature `archive`, the server cannot be reached or refuses the user, or the
/// archive is of another version.
pub fn open_archive(
    address: &ArchiveAddress,
    password: Option<&StoredPassword>,
) -> Result<Box<dyn Archive>, ArchiveError> {
    #[cfg(feature = "archive")]
    return Ok(Box::new(super::postgres::PostgresArchive::connect(address, password)?));
    #[cfg(not(feature = "archive"))]
    {
        let _ = (address, password);
        Err(ArchiveError::NotBuilt)
    }
}

/// Carries out a request of the owner of an archive.
///
/// # Errors
///
/// Fails as [`open_archive`], and if the user has not the rights that the request needs.
pub fn administer_archive(
    address: &ArchiveAddress,
    password: Option<&StoredPassword>,
    request: &ArchiveRequest,
) -> Result<ArchiveReport, ArchiveError> {
    #[cfg(feature = "archive")]
    return super::postgres::administer(address, password, request);
    #[cfg(not(feature = "archive"))]
    {
        let _ = (address, password, request);
        Err(ArchiveError::NotBuilt)
    }
}
