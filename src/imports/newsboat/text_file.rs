//! Reading newsboat's text files.

use std::{fs::File, io::Read as _, path::Path};

use crate::{
    feed,
    model::{Failure, FailureKind, io_error_reason},
};

/// Maximum length of a text file of newsboat.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// Reads a text file of newsboat.
pub(super) fn read_text_file(path: &Path) -> Result<String, Failure> {
    let to_failure = |reason: String| {
        Failure::new(FailureKind::File, format!("Cannot read {}: {reason}", path.display()))
    };
    let mut bytes = Vec::new();
    let is_file = path.metadata().map(|metadata| metadata.is_file());
    if !is_file.map_err(|error| to_failure(io_error_reason(&error)))? {
        return Err(to_failure("it is not a file".to_owned()));
    }
    let file = File::open(path).map_err(|error| to_failure(io_error_reason(&error)))?;
    file.take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| to_failure(io_error_reason(&error)))?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(to_failure("it is larger than 16 MiB".to_owned()));
    }
    Ok(feed::decode_text(&bytes, None).into_owned())
}

/// Returns the name of a file as notes have it.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
