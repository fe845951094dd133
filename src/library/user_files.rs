//! Paths that the user typed, and new files at such paths.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::model::{Failure, FailureKind};

/// Returns `path` with a leading `~/` replaced by the home folder.
pub(super) fn expand_home(path: &str) -> PathBuf {
    let expanded =
        path.strip_prefix("~/").and_then(|rest| Some(etcetera::home_dir().ok()?.join(rest)));
    expanded.unwrap_or_else(|| Path::new(path).to_owned())
}

/// Returns the absolute form of a path that the user typed.
///
/// # Errors
///
/// Fails if nothing exists at the path.
pub fn resolve_user_path(path: &str) -> Result<PathBuf, Failure> {
    let expanded = expand_home(path);
    expanded.canonicalize().map_err(|error| {
        let sentence = format!("Cannot subscribe to {}: {error}", expanded.display());
        Failure::new(FailureKind::File, sentence)
    })
}

/// Writes `text` to a new file at `path`.
///
/// # Errors
///
/// Fails if the file exists; its content is left unchanged.
pub fn write_new_file(path: &str, text: &str) -> Result<(), Failure> {
    let to_failure = |error: io::Error| {
        let reason = match error.kind() {
            io::ErrorKind::AlreadyExists => "a file of that name exists already".to_owned(),
            _ => error.to_string(),
        };
        Failure::new(FailureKind::File, format!("Cannot write {path}: {reason}"))
    };
    let mut file = fs::File::create_new(expand_home(path)).map_err(to_failure)?;
    file.write_all(text.as_bytes()).map_err(to_failure)
}
