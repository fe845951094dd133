//! Reading passwords from where the user keeps them.

use std::{io::Read, path::Path};

use super::user_files::{expand_user_path, is_readable_by_others, open_regular_file};
use crate::model::FetchOptions;

/// Maximum number of bytes that are read of a password file.
const MAX_PASSWORD_BYTES: u64 = 4096;

/// Makes the path in `file:PATH` absolute, as it was meant where the user typed it: the password is also
/// read by commands that run in other folders. Other sources stay as they are.
pub fn make_source_absolute(source: &str) -> String {
    let path = source.strip_prefix("file:").filter(|path| !path.is_empty());
    let expanded = path.and_then(|path| expand_user_path(path).ok());
    match expanded.and_then(|path| std::path::absolute(path).ok()) {
        Some(path) => format!("file:{}", path.display()),
        None => source.to_owned(),
    }
}

/// Reads the password of a feed from its source, or else returns the one that was part of its address;
/// `None` if it has none. `variables` are those of the environment.
///
/// # Errors
///
/// Fails if the source is not one, or cannot be read.
pub(super) fn read_feed_password(
    options: &FetchOptions,
    variables: &[(String, String)],
) -> Result<Option<String>, String> {
    let Some(source) = options.password_source.as_deref() else {
        return Ok(options.stored_password.as_ref().map(|password| password.expose().to_owned()));
    };
    if let Some(name) = source.strip_prefix("env:") {
        return read_variable(name, variables).map(Some);
    }
    let path = source.strip_prefix("file:");
    let path =
        path.ok_or("the source of its password must be written env:NAME or file:PATH".to_owned())?;
    read_password_file(path).map(Some)
}

/// Returns the value of an environment variable.
///
/// # Errors
///
/// Fails if the variable is not set.
pub(super) fn read_variable(name: &str, variables: &[(String, String)]) -> Result<String, String> {
    let variable = variables.iter().find(|(variable, _)| variable == name);
    variable
        .map(|(_, value)| value.clone())
        .ok_or_else(|| format!("the environment variable {name} for its password is not set"))
}

/// Reads a password from a file that other users cannot read.
///
/// # Errors
///
/// Fails if the file cannot be read, or others can read it.
pub(super) fn read_password_file(path: &str) -> Result<String, String> {
    let to_sentence =
        |error: std::io::Error| format!("cannot read its password from {path}: {error}");
    let file = open_regular_file(Path::new(path)).map_err(to_sentence)?;
    if is_readable_by_others(&file) {
        return Err(format!(
            "other users can read its password file {path}; protect it with chmod 600"
        ));
    }
    let mut text = String::new();
    file.take(MAX_PASSWORD_BYTES).read_to_string(&mut text).map_err(to_sentence)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Returns the first line of a text, as programs that keep passwords print them.
pub(super) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim_end_matches('\r').to_owned()
}

#[cfg(test)]
mod tests {
    use super::make_source_absolute;

    #[test]
    fn only_relative_paths_of_files_change() {
        for source in ["env:PW", "command:cat pw", "file:", "hunter2"] {
            assert_eq!(make_source_absolute(source), source);
        }
        let folder = std::env::current_dir().unwrap();
        let absolute = format!("file:{}", folder.join("pw").display());
        assert_eq!(make_source_absolute("file:pw"), absolute);
        assert_eq!(make_source_absolute(&absolute), absolute);
    }
}
