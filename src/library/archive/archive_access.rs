//! The way to the archive that the settings name.

use crate::{
    archive::{
        Archive, ArchiveAddress, ArchiveError, ArchiveReport, ArchiveRequest, administer_archive,
        open_archive,
    },
    library::sync::{PasswordError, read_password_setting},
    model::StoredPassword,
};

/// The archive that the settings name, with the source of its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveAccess {
    /// The address.
    pub address: String,
    /// The source of the password; empty for none.
    pub password_source: String,
    /// The environment variables, which may hold the password.
    pub variables: Vec<(String, String)>,
    /// Number of the articles that a library takes when it joins: those that were published last.
    pub newest_count: u64,
}

/// The reason why an archive cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveAccessError {
    /// The archive fails.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// There is no password.
    #[error("the archive: {0}")]
    Password(#[from] PasswordError),
}

impl ArchiveAccess {
    /// Connects to the archive.
    ///
    /// # Errors
    ///
    /// Fails if the address or the source of the password is wrong, or the server refuses.
    pub fn open(&self) -> Result<Box<dyn Archive>, ArchiveAccessError> {
        let address = ArchiveAddress::parse(&self.address)?;
        Ok(open_archive(&address, self.read_password()?.as_ref())?)
    }

    /// Carries out a request of the owner of the archive.
    ///
    /// # Errors
    ///
    /// Fails as [`ArchiveAccess::open`], and if the user has not the rights that the request needs.
    pub fn administer(
        &self,
        request: &ArchiveRequest,
    ) -> Result<ArchiveReport, ArchiveAccessError> {
        let address = ArchiveAddress::parse(&self.address)?;
        Ok(administer_archive(&address, self.read_password()?.as_ref(), request)?)
    }

    fn read_password(&self) -> Result<Option<StoredPassword>, PasswordError> {
        let source = &self.password_source;
        if source.is_empty() {
            return Ok(None);
        }
        read_password_setting(source, &self.variables).map(Some)
    }
}
