//! The reasons why an exchange with the archive ends early.

use super::ArchiveAccessError;
use crate::{archive::ArchiveError, store::StoreError};

/// The reason why an exchange has ended early.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExchangeError {
    /// The archive fails.
    #[error(transparent)]
    Access(#[from] ArchiveAccessError),
    /// The library fails.
    #[error(transparent)]
    Library(#[from] StoreError),
    /// The user has stopped it, or the program ends.
    #[error("it was stopped")]
    Stopped,
}

impl From<ArchiveError> for ExchangeError {
    fn from(error: ArchiveError) -> ExchangeError {
        ExchangeError::Access(error.into())
    }
}
