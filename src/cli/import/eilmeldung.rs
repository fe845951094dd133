//! `newsreader import eilmeldung`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{options::ImportOptions, run_import::run_import};
use crate::{
    cli::{environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs, output},
    imports::read_eilmeldung,
};

/// The arguments of `newsreader import eilmeldung`.
#[derive(Debug, Clone, ClapArgs)]
pub struct EilmeldungArgs {
    /// The database; by default ~/.local/share/eilmeldung/database.sqlite. That of NewsFlash has the same
    /// form.
    #[arg(value_name = "FILE")]
    pub database: Option<PathBuf>,

    #[command(flatten)]
    pub options: ImportOptions,
}

/// Imports eilmeldung's database.
///
/// # Errors
///
/// Fails if it is not found, or cannot be read; nothing is imported then.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    eilmeldung: &EilmeldungArgs,
) -> anyhow::Result<ExitStatus> {
    let data = environment.variable("XDG_DATA_HOME").map(PathBuf::from);
    let in_home = || Some(PathBuf::from(environment.variable("HOME")?).join(".local/share"));
    let default = || Some(data.or_else(in_home)?.join("eilmeldung").join("database.sqlite"));
    let Some(path) = eilmeldung.database.clone().or_else(default) else {
        anyhow::bail!("there is no home folder; name eilmeldung's database");
    };
    let (imported, mut articles) = read_eilmeldung(&path).map_err(output::to_error)?;
    run_import(args, environment, eilmeldung.options, (imported, &mut articles))
}
