//! Storing what an importer has read, and reporting it.

use super::{
    config_files::plan_config_files, options::ImportOptions, outcome::ImportOutcome,
    report::print_report, rules::add_rules,
};
use crate::{
    cli::{
        config::load_settings, environment::Environment, exit_status::ExitStatus,
        global_args::GlobalArgs, open_library::OpenLibrary, output, queue::download_folder,
    },
    library::{clock::utc_now, connect_episode_files, count_episode_files, store_import},
    model::{Failure, ImportMode, ImportReport, ImportedBatch, ImportedLibrary},
    store::ReadConnection,
};

/// Stores what was read in the library that the arguments name, adds its settings to the user's files, and
/// prints the report.
pub fn run_import(
    args: &GlobalArgs,
    environment: &Environment,
    options: ImportOptions,
    (imported, batches): (
        ImportedLibrary,
        &mut dyn Iterator<Item = Result<ImportedBatch, Failure>>,
    ),
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let mode = if options.dry_run { ImportMode::DryRun } else { ImportMode::Store };
    let location = library.location.clone();
    let moment = (mode, utc_now());
    let mut report = store_import(&mut library.writer, &location, &imported, batches, moment)
        .map_err(output::to_error)?;
    let files = plan_config_files(args, environment, &imported.settings)?;
    add_rules((args, environment), &mut library, (&imported, mode), &mut report)?;
    match mode {
        ImportMode::DryRun => count_episode_files(&mut report),
        ImportMode::Store => {
            // The settings may name the folder of the episodes.
            for file in &files {
                file.write()?;
            }
            connect_episodes(args, environment, &mut library, &mut report)?;
        }
    }
    let outcome = ImportOutcome { report, files, downloads: imported.downloads };
    print_report(args, &outcome, options)
}

/// Connects the downloaded files of the other reader with their articles.
fn connect_episodes(
    args: &GlobalArgs,
    environment: &Environment,
    library: &mut OpenLibrary,
    report: &mut ImportReport,
) -> anyhow::Result<()> {
    if report.episode_files.is_empty() {
        return Ok(());
    }
    let (settings, _) = load_settings(args, environment);
    let folder = download_folder(library, &settings)?;
    let reader = ReadConnection::open(&library.location)?;
    connect_episode_files((&mut library.writer, &reader), &folder, report).map_err(Into::into)
}
