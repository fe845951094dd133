//! Paths that the user typed, and new files at such paths.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    model::{Failure, FailureKind},
    refresh::file_url_to_path,
    text::url,
};

/// Returns the path that the user means: of a `file:` URL, or `path` with a leading `~/` replaced
/// by the home folder.
///
/// # Errors
///
/// Fails for a `file:` URL of another computer, and for one without a path; the reason continues a
/// sentence that begins with the URL.
pub(super) fn expand_user_path(path: &str) -> Result<PathBuf, String> {
    let scheme_and_rest = url::split_scheme(path);
    if let Some((_, rest)) = scheme_and_rest.filter(|(name, _)| name.eq_ignore_ascii_case("file")) {
        let path = url::local_file_path(rest).map_err(|reason| reason.to_string())?;
        // A file name with a `%` that begins no escape stands for itself.
        return Ok(file_url_to_path(&format!("file://{path}")).unwrap_or_else(|| path.into()));
    }
    let expanded =
        path.strip_prefix("~/").and_then(|rest| Some(etcetera::home_dir().ok()?.join(rest)));
    Ok(expanded.unwrap_or_else(|| Path::new(path).to_owned()))
}

/// Opens a file for reading, unless it is a pipe or a device, at which a refresh would wait for ever.
///
/// # Errors
///
/// Fails with the error of the system, or because the path is something else than a file.
pub fn open_regular_file(path: &Path) -> io::Result<fs::File> {
    let metadata = path.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is a pipe or a device, not a file"));
    }
    fs::File::open(path)
}

/// Returns true if the permissions of a file allow anything to its group or to others.
#[cfg(unix)]
pub fn is_readable_by_others(file: &fs::File) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

/// Returns false: this system has no such permissions.
#[cfg(not(unix))]
pub fn is_readable_by_others(_: &fs::File) -> bool {
    false
}

/// Returns the absolute form of a path that the user typed.
///
/// # Errors
///
/// Fails if nothing exists at the path.
pub fn resolve_user_path(path: &str) -> Result<PathBuf, Failure> {
    let to_failure = |reason| Failure::new(FailureKind::File, format!("“{path}” {reason}"));
    resolve_path(&expand_user_path(path).map_err(to_failure)?)
}

/// Returns the absolute form of a path.
///
/// # Errors
///
/// Fails if nothing exists at the path.
pub(super) fn resolve_path(path: &Path) -> Result<PathBuf, Failure> {
    path.canonicalize().map_err(|error| {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
            _ => error.to_string(),
        };
        let sentence = format!("Cannot read {}: {reason}", path.display());
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
    let target = expand_user_path(path)
        .map_err(|reason| Failure::new(FailureKind::File, format!("“{path}” {reason}")))?;
    let mut file = fs::File::create_new(target).map_err(to_failure)?;
    file.write_all(text.as_bytes()).map_err(to_failure)
}
