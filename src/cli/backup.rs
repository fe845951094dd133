//! `newsreader backup`: writes a backup of the library.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    open_library::OpenLibrary, outcome::CommandOutcome, output, rule_file::RuleFile,
};
use crate::{
    library::{DailyBackup, back_up_daily, back_up_to, clock::local_today, count_without_login},
    model::PasswordExport,
    store::{ReadConnection, RuleFileAccess},
    text::count_noun,
};

/// The arguments of `newsreader backup`.
#[derive(Debug, Clone, ClapArgs)]
pub struct BackupArgs {
    /// File to write, which must not exist; without it, the backup of the day in the library's
    /// folder.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// Include passwords and headers (with FILE only).
    #[arg(long, requires = "file")]
    pub with_passwords: bool,
}

/// Writes a backup and prints its path.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    backup: &BackupArgs,
) -> anyhow::Result<ExitStatus> {
    let library = OpenLibrary::open_readable(args, environment)?;
    let passwords =
        if backup.with_passwords { PasswordExport::Include } else { PasswordExport::LeaveOut };
    let rule_file = RuleFile::find(args, environment);
    let rule_file = rule_file.as_ref().map(|file| file as &dyn RuleFileAccess);
    let path = match &backup.file {
        Some(file) => {
            back_up_to(&library.location, file, passwords, rule_file)?;
            file.clone()
        }
        None => match back_up_daily(&library.location, local_today(), rule_file)? {
            DailyBackup::Written(path) => path,
            DailyBackup::UpToDate => {
                let done = "Today’s backup is written already; name a FILE for another";
                CommandOutcome::notice([done.to_owned()]).with_changed(0).print(args)?;
                return Ok(ExitStatus::Success);
            }
            DailyBackup::Impossible => {
                anyhow::bail!("the library cannot be written; name a FILE for the backup")
            }
        },
    };
    let done = CommandOutcome::new([path.display().to_string()]).with_changed(1);
    done.with_path(&path).print(args)?;
    let feeds = ReadConnection::open(&library.location)?.list_feeds()?;
    let without_login = count_without_login(&feeds, passwords);
    if without_login > 0 {
        let count = count_noun(without_login, "feed");
        output::write_stderr_line(&format!(
            "The backup has no passwords and headers: {count} had some"
        ));
    }
    Ok(ExitStatus::Success)
}
