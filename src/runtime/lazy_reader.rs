//! A connection to the library that is opened when it is first needed.

use std::cell::OnceCell;

use crate::store::{LibraryLocation, ReadConnection, StoreError};

/// A connection of a thread that has nothing to read at the start: opening one takes a millisecond, for which
/// the first frame would wait.
pub(super) struct LazyReader {
    location: LibraryLocation,
    reader: OnceCell<ReadConnection>,
}

impl LazyReader {
    /// Creates a reader of the library at `location`.
    pub(super) fn new(location: LibraryLocation) -> LazyReader {
        LazyReader { location, reader: OnceCell::new() }
    }

    /// Returns the connection.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be opened; the next call tries again.
    pub(super) fn get(&self) -> Result<&ReadConnection, StoreError> {
        if let Some(reader) = self.reader.get() {
            return Ok(reader);
        }
        let reader = ReadConnection::open(&self.location)?;
        Ok(self.reader.get_or_init(|| reader))
    }
}
