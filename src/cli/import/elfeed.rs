//! `newsreader import elfeed`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{options::ImportOptions, run_import::run_import};
use crate::{
    cli::{environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs, output},
    imports::read_elfeed,
};

/// The arguments of `newsreader import elfeed`.
#[derive(Debug, Clone, ClapArgs)]
pub struct ElfeedArgs {
    /// The folder of the database (elfeed-db-directory); by default ~/.elfeed.
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,

    #[command(flatten)]
    pub options: ImportOptions,
}

/// Imports elfeed's database.
///
/// # Errors
///
/// Fails if it is not found, or cannot be read; nothing is imported then.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    elfeed: &ElfeedArgs,
) -> anyhow::Result<ExitStatus> {
    let default = || Some(PathBuf::from(environment.variable("HOME")?).join(".elfeed"));
    let Some(folder) = elfeed.folder.clone().or_else(default) else {
        anyhow::bail!("there is no home folder; name the folder of elfeed's database");
    };
    let (imported, mut articles) = read_elfeed(&folder).map_err(output::to_error)?;
    run_import(args, environment, elfeed.options, (imported, &mut articles))
}
