//! Paths that the user typed, and new files at such paths.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    model::{ExistingFile, Failure, FailureKind, io_error_reason},
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
    check_is_file(&path.metadata()?)?;
    fs::File::open(path)
}

/// Checks that a path is that of a file.
///
/// # Errors
///
/// Fails because it is something else; the error says what.
fn check_is_file(metadata: &fs::Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is a pipe or a device, not a file"));
    }
    Ok(())
}

/// Returns what has to be written for a file at `target`: the file that a symbolic link leads to, not
/// the link; `None` if there is none yet.
///
/// # Errors
///
/// Fails if something is there that cannot be replaced, or a file that is to be kept.
pub(super) fn existing_file(target: &Path, existing: ExistingFile) -> io::Result<Option<PathBuf>> {
    let Ok(metadata) = target.metadata() else {
        if target.is_symlink() {
            return Err(io::Error::other("it is a link to a file that does not exist"));
        }
        return Ok(None);
    };
    check_is_file(&metadata)?;
    match existing {
        ExistingFile::Keep => Err(io::ErrorKind::AlreadyExists.into()),
        ExistingFile::Replace => target.canonicalize().map(Some),
    }
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
        let sentence = format!("Cannot read {}: {}", path.display(), io_error_reason(&error));
        Failure::new(FailureKind::File, sentence)
    })
}

/// Writes `text` to the file at `path`.
///
/// # Errors
///
/// Fails if the file exists and is to be kept, with [`FailureKind::FileExists`]; its content is left
/// unchanged, as it is if the new one cannot be written.
pub fn write_user_file(path: &str, text: &str, existing: ExistingFile) -> Result<(), Failure> {
    let to_failure = |error: io::Error| {
        let kind = match error.kind() {
            io::ErrorKind::AlreadyExists => FailureKind::FileExists,
            _ => FailureKind::File,
        };
        Failure::new(kind, format!("Cannot write {path}: {}", io_error_reason(&error)))
    };
    let target = expand_user_path(path)
        .map_err(|reason| Failure::new(FailureKind::File, format!("“{path}” {reason}")))?;
    match existing_file(&target, existing).map_err(to_failure)? {
        Some(found) => replace_file(&found, text.as_bytes()),
        None => create_file(&target, text.as_bytes()),
    }
    .map_err(to_failure)
}

fn create_file(target: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::File::create_new(target)?.write_all(bytes)
}

/// Replaces a file in one step: its old content stays if the new one cannot be written.
fn replace_file(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let metadata = target.metadata()?;
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let partial = target.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = create_file(&partial, bytes)
        .and_then(|()| fs::set_permissions(&partial, metadata.permissions()))
        .and_then(|()| fs::rename(&partial, target));
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn write_user_file_replaces_only_when_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("feeds.opml");
        let path = file.to_str().unwrap();
        let write = |text, existing| write_user_file(path, text, existing);
        write("one", ExistingFile::Replace).unwrap();
        let failure = write("two", ExistingFile::Keep).unwrap_err();
        assert_eq!(failure.kind, FailureKind::FileExists);
        assert_eq!(
            failure.summary,
            format!("Cannot write {path}: a file of that name exists already")
        );
        assert_eq!(fs::read_to_string(&file).unwrap(), "one");
        write("two", ExistingFile::Replace).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left over");
        let missing = format!("{path}/nowhere/x.opml");
        assert!(write_user_file(&missing, "", ExistingFile::Keep).is_err());
    }

    #[test]
    fn write_user_file_offers_no_overwriting_of_what_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let dangling = folder.path().join("link.opml");
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path().join("none"), &dangling).unwrap();
        for (path, reason) in [
            (path, "it is a folder"),
            #[cfg(unix)]
            ("/dev/null", "it is a pipe or a device, not a file"),
            #[cfg(unix)]
            (dangling.to_str().unwrap(), "it is a link to a file that does not exist"),
        ] {
            for existing in [ExistingFile::Keep, ExistingFile::Replace] {
                let failure = write_user_file(path, "", existing).unwrap_err();
                assert_eq!(failure.kind, FailureKind::File, "{path}");
                assert_eq!(failure.summary, format!("Cannot write {path}: {reason}"));
            }
        }
    }
}
