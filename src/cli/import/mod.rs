//! `newsreader import`: moves in from another reader.

mod config_files;
mod eilmeldung;
mod elfeed;
mod files;
mod newsboat;
mod newsraft;
mod options;
mod outcome;
mod report;
mod report_json;
mod rules;
mod run_import;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use eilmeldung::EilmeldungArgs;
use elfeed::ElfeedArgs;
use newsboat::NewsboatArgs;
use newsraft::NewsraftArgs;
use options::ImportOptions;

use super::{environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs};

/// The arguments of `newsreader import`.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ImportArgs {
    /// Files of articles as FreshRSS, Inoreader, Google Takeout and `newsreader export` write them (JSON),
    /// lists of pages of Pocket, Instapaper, Raindrop and others, or of a browser (CSV, JSON, HTML), ZIP
    /// archives of such files, or subscription lists (OPML).
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    #[command(flatten)]
    pub options: ImportOptions,

    /// The reader to move in from.
    #[command(subcommand)]
    pub command: Option<ImportCommand>,
}

/// A reader to move in from.
#[derive(Debug, Clone, Subcommand)]
pub enum ImportCommand {
    /// Import the feeds, articles, marks, searches, settings and keys of newsboat.
    ///
    /// The files are looked for where newsboat has them. What the library and your settings have stays
    /// as it is; importing twice changes nothing; undo takes the import back, except for settings and
    /// keys. Everything that is not taken over is listed with the reason.
    Newsboat(NewsboatArgs),
    /// Import the feeds, articles and marks of newsraft.
    Newsraft(NewsraftArgs),
    /// Import the feeds, articles, stars and tags of eilmeldung, or of NewsFlash.
    Eilmeldung(EilmeldungArgs),
    /// Import the feeds, articles and tags of elfeed, the reader in Emacs.
    Elfeed(ElfeedArgs),
}

/// Runs the import that the arguments name.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    import: &ImportArgs,
) -> anyhow::Result<ExitStatus> {
    match &import.command {
        None => files::run_files(args, environment, &import.files, import.options),
        Some(ImportCommand::Newsboat(newsboat)) => newsboat::run(args, environment, newsboat),
        Some(ImportCommand::Newsraft(newsraft)) => newsraft::run(args, environment, newsraft),
        Some(ImportCommand::Eilmeldung(eilmeldung)) => {
            eilmeldung::run(args, environment, eilmeldung)
        }
        Some(ImportCommand::Elfeed(elfeed)) => elfeed::run(args, environment, elfeed),
    }
}
