//! Failures of archives.

/// The reason why an archive did not do what it was asked for, as a sentence. Nothing is lost: what was to be sent
/// waits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// The address is not one of an archive.
    #[error("the address of the archive {0}")]
    Address(String),
    /// This program was built without the client.
    #[error(
        "this newsreader was built without the archive; released binaries have it, and so has \
         `cargo install newsreader --features archive`"
    )]
    NotBuilt,
    /// The server cannot be reached, or does not answer.
    #[error("the archive at {host} cannot be reached: {reason}")]
    Unreachable {
        /// The host and port.
        host: String,
        /// The reason.
        reason: String,
    },
    /// The server refuses the user or the password.
    #[error("the archive at {host} refuses {user}: {reason}")]
    Refused {
        /// The host and port.
        host: String,
        /// The user.
        user: String,
        /// The reason of the server.
        reason: String,
    },
    /// The database has no archive.
    #[error("the database {0} has no archive; its owner makes one with `newsreader archive init`")]
    Missing(String),
    /// The archive was made by a newer program.
    #[error(
        "the archive has version {found} and this newsreader knows {known}; install a newer newsreader"
    )]
    ReaderTooOld {
        /// The version of the archive's schema.
        found: i32,
        /// The version that this program knows.
        known: i32,
    },
    /// The archive was made by an older program.
    #[error(
        "the archive has version {found} and this newsreader needs {known}; its owner brings it up to date with \
         `newsreader archive init`"
    )]
    ArchiveTooOld {
        /// The version of the archive's schema.
        found: i32,
        /// The version that this program needs.
        known: i32,
    },
    /// The server could not carry out a request.
    #[error("the archive could not {operation}: {reason}")]
    Failed {
        /// The request, as a verb and its object.
        operation: &'static str,
        /// The reason of the server.
        reason: String,
    },
}

impl ArchiveError {
    /// Returns whether the server could not be reached, which may be different at any time.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, ArchiveError::Unreachable { .. })
    }
}
