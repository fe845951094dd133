//! `newsreader import newsraft`.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args as ClapArgs;

use super::{options::ImportOptions, run_import::run_import};
use crate::{
    cli::{environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs, output},
    imports::{open_newsraft_database, parse_newsraft_feeds},
    model::ImportedLibrary,
};

/// Maximum length of the list of feeds.
const MAX_LIST_BYTES: u64 = 16 << 20;

/// The arguments of `newsreader import newsraft`.
#[derive(Debug, Clone, ClapArgs)]
pub struct NewsraftArgs {
    /// The list of feeds, in place of ~/.config/newsraft/feeds.
    #[arg(long, value_name = "FILE")]
    pub feeds: Option<PathBuf>,

    /// The database, in place of ~/.local/share/newsraft/newsraft.sqlite3.
    #[arg(long, value_name = "FILE")]
    pub database: Option<PathBuf>,

    #[command(flatten)]
    pub options: ImportOptions,
}

/// Imports newsraft's feeds and articles.
///
/// # Errors
///
/// Fails if the database is not found, or a file cannot be read; nothing is imported then.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    newsraft: &NewsraftArgs,
) -> anyhow::Result<ExitStatus> {
    let in_folder = |variable: &str, default: &str, name: &str| {
        let root = environment.variable(variable).map(PathBuf::from);
        let in_home = || Some(PathBuf::from(environment.variable("HOME")?).join(default));
        Some(root.or_else(in_home)?.join("newsraft").join(name))
    };
    let is_named = newsraft.feeds.is_some() || newsraft.database.is_some();
    let found = in_folder("XDG_CONFIG_HOME", ".config", "feeds").filter(|path| path.is_file());
    let feeds = newsraft.feeds.clone().or(found.filter(|_| !is_named));
    let mut imported =
        feeds.map_or_else(|| Ok(ImportedLibrary::default()), |path| read_list(&path))?;
    let default = || in_folder("XDG_DATA_HOME", ".local/share", "newsraft.sqlite3");
    let database = newsraft.database.clone().or_else(|| default().filter(|_| !is_named));
    let Some(database) = database else {
        return run_import(
            args,
            environment,
            newsraft.options,
            (imported, &mut std::iter::empty()),
        );
    };
    let mut articles =
        open_newsraft_database(&database, &mut imported).map_err(output::to_error)?;
    run_import(args, environment, newsraft.options, (imported, &mut articles))
}

fn read_list(path: &Path) -> anyhow::Result<ImportedLibrary> {
    let context = || format!("cannot read {}", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(context)?;
    file.take(MAX_LIST_BYTES + 1).read_to_end(&mut bytes).with_context(context)?;
    anyhow::ensure!(
        bytes.len() as u64 <= MAX_LIST_BYTES,
        "{} is larger than 16 MiB",
        path.display()
    );
    Ok(parse_newsraft_feeds(&String::from_utf8_lossy(&bytes)))
}
