//! Paths that the user typed, and files written to them.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::model::{Failure, FailureKind};

/// Returns `path` with a leading `~/` replaced by the home folder.
pub(super) fn expand_home(path: &str) -> PathBuf {
    let in_home =
        path.strip_prefix("~/").and_then(|rest| Some(etcetera::home_dir().ok()?.join(rest)));
    in_home.unwrap_or_else(|| Path::new(path).to_owned())
}

/// Returns the absolute form of a path that the user typed.
///
/// # Errors
/// Fails if nothing exists at the path.
pub fn resolve_user_path(path: &str) -> Result<PathBuf, Failure> {
    let typed = expand_home(path);
    typed.canonicalize().map_err(|error| {
        Failure::new(FailureKind::File, format!("Cannot follow {}: {error}", typed.display()))
    })
}

/// Writes `text` to a new file at `path`.
///
/// # Errors
/// Fails if the file exists; its content is left alone.
pub fn write_new_file(path: &str, text: &str) -> Result<(), Failure> {
    let failed = |error: io::Error| {
        let reason = match error.kind() {
            io::ErrorKind::AlreadyExists => "there is a file of that name".to_owned(),
            _ => error.to_string(),
        };
        Failure::new(FailureKind::File, format!("Cannot write {path}: {reason}"))
    };
    let mut file = fs::File::create_new(expand_home(path)).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}
