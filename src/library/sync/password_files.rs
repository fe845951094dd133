//! The files with passwords of accounts, checked: each has its account, and only its owner reads it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::account_password::{password_file, password_folder};
use crate::{
    library::user_files::{is_readable_by_others, open_regular_file},
    model::{Account, PasswordSource},
    store::LibraryLocation,
};

/// Maximum number of files that are looked at.
const MAX_FILES: usize = 1_000;

/// A problem of a file with a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordFileProblem {
    /// Other users can read the file.
    ReadableByOthers(PathBuf),
    /// The file is in the folder of passwords and belongs to no account.
    WithoutAccount(PathBuf),
    /// The account with this name has no file.
    Missing(String),
}

/// Checks the files with passwords that the program keeps, and those that the user named.
pub fn check_password_files(
    location: &LibraryLocation,
    accounts: &[Account],
) -> Vec<PasswordFileProblem> {
    let mut problems = Vec::new();
    let mut known = Vec::new();
    for Account { name, login, .. } in accounts {
        match &login.password {
            PasswordSource::Kept => match password_file(location, name) {
                Some(path) if path.exists() => known.push(path),
                _ => problems.push(PasswordFileProblem::Missing(name.clone())),
            },
            PasswordSource::File(path) => problems.extend(check_readers(Path::new(path))),
            PasswordSource::Variable(_) | PasswordSource::Command(_) => {}
        }
    }
    for path in list_kept_files(location) {
        problems.extend(check_readers(&path));
        if !known.contains(&path) {
            problems.push(PasswordFileProblem::WithoutAccount(path));
        }
    }
    problems
}

fn check_readers(path: &Path) -> Option<PasswordFileProblem> {
    let file = open_regular_file(path).ok().filter(is_readable_by_others)?;
    drop(file);
    Some(PasswordFileProblem::ReadableByOthers(path.to_owned()))
}

/// Lists the files in the folder of passwords, also those that a kill has left half written.
fn list_kept_files(location: &LibraryLocation) -> Vec<PathBuf> {
    let files = password_folder(location).and_then(|folder| fs::read_dir(folder).ok());
    let paths = files.into_iter().flatten().flatten().map(|file| file.path());
    let mut paths: Vec<PathBuf> = paths.take(MAX_FILES).collect();
    paths.sort();
    paths
}
