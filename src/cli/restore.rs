//! `newsreader restore`: puts the library of a backup in place of the present one.

use std::path::Path;

use super::{environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs, output};
use crate::{store::restore_backup, text::count_noun};

/// Restores the library of `file`, and says where the one before it is.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    file: &Path,
) -> anyhow::Result<ExitStatus> {
    let Some(folder) = args.library.clone().or_else(|| environment.data_folder()) else {
        anyhow::bail!("there is no home folder for the library; name a folder with --library DIR");
    };
    let restored = restore_backup(&folder, file)?;
    let articles = count_noun(restored.entry_count, "article");
    let kept = restored.kept.map(|kept| format!("The library before it is {}\n", kept.display()));
    let text = format!("Restored {articles}\n{}", kept.unwrap_or_default());
    output::write_stdout(text.as_bytes())?;
    output::write_stderr_line(
        "A backup has no texts: `newsreader refresh` reads and fetches them again, and passwords \
         and headers have to be entered again if the backup has none",
    );
    Ok(ExitStatus::Success)
}
