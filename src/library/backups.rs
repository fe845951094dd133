//! The daily backups: when one is due, their names, and how many are kept.

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;

use super::user_files::existing_file;
use crate::{
    model::{ExistingFile, PasswordExport},
    store::{
        LibraryLocation, ReadConnection, RuleFileAccess, StoreError, create_private_folder,
        write_backup,
    },
};

/// Number of daily backups that are kept.
const KEPT_BACKUPS: usize = 7;

/// The parts of the name of a daily backup around its day.
const NAME_PARTS: (&str, &str) = ("library-", ".db.zst");

/// The outcome of [`back_up_daily`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DailyBackup {
    /// A backup was written to this file.
    Written(PathBuf),
    /// There is a backup of this day already, or nothing to back up.
    UpToDate,
    /// The library cannot be written, or is not kept, and so has no backups.
    Impossible,
}

/// Writes the backup of `today`, with the file of rules, unless there is one, and removes all but the
/// newest seven. Logins are left out.
///
/// # Errors
///
/// Fails if the library cannot be read or the backup cannot be written; the earlier ones stay. If only the
/// file of rules cannot be read, the backup is written without it.
pub fn back_up_daily(
    location: &LibraryLocation,
    today: NaiveDate,
    rule_file: Option<&dyn RuleFileAccess>,
) -> Result<DailyBackup, StoreError> {
    let Some(folder) = location.backup_folder() else { return Ok(DailyBackup::Impossible) };
    if newest_backup(&folder).is_some_and(|(day, _)| day >= today) {
        return Ok(DailyBackup::UpToDate);
    }
    // An empty library must not push the backups of a full one out.
    if ReadConnection::open(location)?.is_new_library()? {
        return Ok(DailyBackup::UpToDate);
    }
    create_private_folder(&folder)
        .map_err(|reason| StoreError::WriteBackup { path: folder.clone(), reason })?;
    let path = folder.join(format!("{}{today}{}", NAME_PARTS.0, NAME_PARTS.1));
    write_with_rules(location, &path, PasswordExport::LeaveOut, rule_file)?;
    remove_old_backups(&folder);
    Ok(DailyBackup::Written(path))
}

/// Writes a backup to a file of the user's, which must not exist.
///
/// # Errors
///
/// Fails if the file exists, the library cannot be read, or the backup cannot be written. If only the file
/// of rules cannot be read, the backup is written without it.
pub fn back_up_to(
    location: &LibraryLocation,
    path: &Path,
    passwords: PasswordExport,
    rule_file: Option<&dyn RuleFileAccess>,
) -> Result<(), StoreError> {
    existing_file(path, ExistingFile::Keep)
        .map_err(|reason| StoreError::WriteBackup { path: path.to_owned(), reason })?;
    write_with_rules(location, path, passwords, rule_file)
}

/// Writes a backup with the file of rules, or without it if it cannot be read, and then fails.
fn write_with_rules(
    location: &LibraryLocation,
    path: &Path,
    passwords: PasswordExport,
    rule_file: Option<&dyn RuleFileAccess>,
) -> Result<(), StoreError> {
    let rules = rule_file.map_or(Ok(String::new()), RuleFileAccess::read_text);
    write_backup(location, path, passwords, rules.as_deref().unwrap_or_default())?;
    rules.map(drop).map_err(|problem| StoreError::RuleFile {
        operation: "back up the rules",
        problem: format!("{problem}; everything else is in {}", path.display()),
    })
}

/// Returns the newest of the daily backups, with its day.
pub fn newest_backup(folder: &Path) -> Option<(NaiveDate, PathBuf)> {
    list_backups(folder).pop()
}

/// Lists the daily backups, the oldest first. Other files in the folder are not touched.
fn list_backups(folder: &Path) -> Vec<(NaiveDate, PathBuf)> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut backups: Vec<_> =
        files.filter_map(|file| Some((day_of(&file)?, file.path()))).collect();
    backups.sort_unstable();
    backups
}

/// Returns the day in the name of a daily backup; `None` for other files.
fn day_of(file: &fs::DirEntry) -> Option<NaiveDate> {
    let name = file.file_name();
    name.to_str()?.strip_prefix(NAME_PARTS.0)?.strip_suffix(NAME_PARTS.1)?.parse().ok()
}

/// Removes all but the newest backups. What cannot be removed is tried again on the next day.
fn remove_old_backups(folder: &Path) {
    let backups = list_backups(folder);
    for (_, path) in backups.iter().rev().skip(KEPT_BACKUPS) {
        let _ = fs::remove_file(path);
    }
}
