//! The passwords of accounts: where they come from, and the files in which the program keeps them.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{
    library::{
        password_source::{first_line, read_password_file, read_variable},
        program_output::read_program_output,
    },
    model::{Account, PasswordSource, StoredPassword, io_error_reason},
    store::{LibraryLocation, create_private_folder},
    text::url::percent_encode_name,
};

/// Maximum number of bytes that a command may print.
const MAX_OUTPUT_BYTES: u64 = 64 << 10;

/// The reason why there is no password; a sentence that never holds one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PasswordError(String);

/// Reads the password of an account. `variables` are those of the environment.
///
/// # Errors
///
/// Fails if its source has none.
pub fn read_account_password(
    location: &LibraryLocation,
    name: &str,
    source: &PasswordSource,
    variables: &[(String, String)],
) -> Result<StoredPassword, PasswordError> {
    let password = match source {
        PasswordSource::Kept => read_kept_password(location, name),
        source => read_source(source, variables),
    };
    let is_present = |password: &String| !password.is_empty();
    let password = password.map_err(PasswordError)?;
    Some(password).filter(is_present).map(StoredPassword::new).ok_or_else(|| {
        PasswordError(match source {
            PasswordSource::Kept => "the file with its password is empty".to_owned(),
            source => format!("{source} gives an empty password"),
        })
    })
}

/// Reads a password from a source outside of the program.
fn read_source(source: &PasswordSource, variables: &[(String, String)]) -> Result<String, String> {
    match source {
        PasswordSource::Kept => Err("its password is not kept".to_owned()),
        PasswordSource::Variable(name) => read_variable(name, variables),
        PasswordSource::Command(command) => run_command(command),
        PasswordSource::File(path) => read_password_file(path),
    }
}

/// Reads a password from a source that the user has written into a setting. `variables` are those of the
/// environment.
///
/// # Errors
///
/// Fails if the source is not one, or has no password.
pub fn read_password_setting(
    source: &str,
    variables: &[(String, String)],
) -> Result<StoredPassword, PasswordError> {
    let source = PasswordSource::parse(source).ok_or_else(|| {
        PasswordError(
            "the source of its password is env:NAME, command:COMMAND or file:PATH".to_owned(),
        )
    })?;
    let password = read_source(&source, variables).map_err(PasswordError)?;
    if password.is_empty() {
        return Err(PasswordError(format!("{source} gives an empty password")));
    }
    Ok(StoredPassword::new(password))
}

/// Returns the first line that a command prints. A shell runs it, as the user typed it.
fn run_command(command: &str) -> Result<String, String> {
    let shell = if cfg!(windows) { ["cmd", "/C", command] } else { ["sh", "-c", command] };
    let output = read_program_output(&shell.map(str::to_owned), MAX_OUTPUT_BYTES)
        .map_err(|_| format!("the command for its password failed: {command}"))?;
    Ok(first_line(&String::from_utf8_lossy(&output)))
}

/// Returns the folder in which passwords are kept.
pub(super) fn password_folder(location: &LibraryLocation) -> Option<PathBuf> {
    let LibraryLocation::Folder(folder) = location else { return None };
    Some(folder.join("accounts"))
}

/// Returns the file in which the password of an account is kept, named after the account.
pub(super) fn password_file(location: &LibraryLocation, name: &str) -> Option<PathBuf> {
    let name = percent_encode_name(&name.trim().to_lowercase());
    Some(password_folder(location)?.join(format!("{name}.password")))
}

fn read_kept_password(location: &LibraryLocation, name: &str) -> Result<String, String> {
    let advice = format!("give it again with `newsreader account edit {name} --ask-password`");
    let file = password_file(location, name).filter(|file| file.exists());
    let file = file.ok_or_else(|| format!("its password is not on this computer; {advice}"))?;
    read_password_file(&file.to_string_lossy())
}

/// Keeps the password of an account in a file beside the library that only its owner can read.
///
/// # Errors
///
/// Fails if the file cannot be written, or the library is not in a folder.
pub fn keep_password(
    location: &LibraryLocation,
    name: &str,
    password: &StoredPassword,
) -> Result<(), PasswordError> {
    let file = password_file(location, name).ok_or_else(|| {
        PasswordError("this library is not kept, and so no password is".to_owned())
    })?;
    write_private_file(&file, password.expose()).map_err(|error| {
        let (path, reason) = (file.display(), io_error_reason(&error));
        PasswordError(format!("the password could not be kept in {path}: {reason}"))
    })
}

/// Writes a file that was never readable by others, in place of another one.
fn write_private_file(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        create_private_folder(folder)?;
    }
    let partial = file.with_extension(format!("{}.part", std::process::id()));
    let written = create_private_file(&partial)
        .and_then(|mut created| created.write_all(text.as_bytes()))
        .and_then(|()| fs::rename(&partial, file));
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written
}

fn create_private_file(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Gives the file with the password of an account the account's new name.
///
/// # Errors
///
/// Fails if the file cannot be renamed.
pub fn move_password(
    location: &LibraryLocation,
    account: &Account,
    name: &str,
) -> Result<(), PasswordError> {
    let files = password_file(location, &account.name).zip(password_file(location, name));
    match files {
        Some((before, after)) if before != after && before.exists() => fs::rename(&before, &after)
            .map_err(|error| {
                let reason = io_error_reason(&error);
                PasswordError(format!("cannot rename {}: {reason}", before.display()))
            }),
        _ => Ok(()),
    }
}

/// Deletes the file with the password of an account, if there is one.
///
/// # Errors
///
/// Fails if the file cannot be deleted.
pub fn forget_password(location: &LibraryLocation, name: &str) -> Result<(), PasswordError> {
    let Some(file) = password_file(location, name).filter(|file| file.exists()) else {
        return Ok(());
    };
    fs::remove_file(&file).map_err(|error| {
        let reason = io_error_reason(&error);
        PasswordError(format!("cannot delete {}: {reason}", file.display()))
    })
}
