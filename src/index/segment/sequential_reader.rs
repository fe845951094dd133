//! Reading a file in order, in large blocks.

use crate::index::{IndexError, checked_file::CheckedFile};

/// Number of bytes that are read ahead when a file is read in order.
pub(super) const READ_AHEAD_BYTES: usize = 256 * 1024;

/// A reader for a file that is read roughly in order; reads ahead in large blocks.
pub(in crate::index) struct SequentialReader<'f> {
    pub(super) file: &'f CheckedFile,
    offset: u64,
    buffer: Vec<u8>,
}

impl<'f> SequentialReader<'f> {
    pub(super) fn new(file: &'f CheckedFile) -> SequentialReader<'f> {
        SequentialReader { file, offset: 0, buffer: Vec::new() }
    }

    /// Returns the `len` bytes at `offset`. Does not read ahead beyond `limit`.
    pub(in crate::index) fn read(
        &mut self,
        offset: u64,
        len: usize,
        limit: u64,
    ) -> Result<&[u8], IndexError> {
        let in_buffer = offset.checked_sub(self.offset).and_then(|skip| usize::try_from(skip).ok());
        let skip = match in_buffer {
            Some(skip) if skip.saturating_add(len) <= self.buffer.len() => skip,
            _ => {
                let available = self.file.len().min(limit).saturating_sub(offset);
                let read_len = usize::try_from(available)
                    .unwrap_or(READ_AHEAD_BYTES)
                    .min(READ_AHEAD_BYTES)
                    .max(len);
                self.file.read_range(offset, read_len, &mut self.buffer)?;
                self.offset = offset;
                0
            }
        };
        Ok(&self.buffer[skip..skip + len])
    }
}
