//! The rules of a backup that is restored: into their file, or beside it.

use std::path::{Path, PathBuf};

use super::{environment::Environment, global_args::GlobalArgs, output, rule_file::RuleFile};
use crate::{library::write_user_file, model::ExistingFile, store::RuleFileAccess};

/// Puts the rules of a backup back, unless their file was edited since: then they are put into a file
/// beside it. Returns a sentence that says so; `None` if the backup has no rules, or the file has the same ones.
///
/// # Errors
///
/// Fails if neither file can be written.
pub(super) fn put_rules_back(
    args: &GlobalArgs,
    environment: &Environment,
    text: &str,
) -> anyhow::Result<Option<String>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let file = RuleFile::require(args, environment)?;
    let path = file.path();
    match file.read() {
        Ok(present) if present == text => Ok(None),
        Ok(present) if present.trim().is_empty() => {
            file.write_text(text).map_err(anyhow::Error::msg)?;
            Ok(Some(format!("The rules of the backup are in {}", path.display())))
        }
        _ => {
            let beside = free_name_beside(path);
            let written = write_user_file(&beside.display().to_string(), text, ExistingFile::Keep);
            written.map_err(output::to_error)?;
            Ok(Some(format!(
                "{} was edited since the backup, and stays as it is; the rules of the backup are in {}",
                path.display(),
                beside.display()
            )))
        }
    }
}

/// Returns the first free name: `rules.restored.toml`, then with a number.
fn free_name_beside(path: &Path) -> PathBuf {
    let numbered = (2_u32..).map(|number| format!("rules.restored-{number}.toml"));
    let names = std::iter::once("rules.restored.toml".to_owned()).chain(numbered);
    let mut paths = names.map(|name| path.with_file_name(name));
    paths
        .find(|path| path.symlink_metadata().is_err())
        .expect("a folder has fewer files than there are numbers")
}
