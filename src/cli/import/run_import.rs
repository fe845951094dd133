//! Storing what an importer has read, and reporting it.

use super::{
    config_files::plan_config_files, options::ImportOptions, outcome::ImportOutcome,
    report::print_report,
};
use crate::{
    cli::{
        environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        open_library::OpenLibrary, output,
    },
    library::{clock::utc_now, store_import},
    model::{Failure, ImportMode, ImportedBatch, ImportedLibrary},
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
    let report = store_import(&mut library.writer, &location, &imported, batches, moment)
        .map_err(output::to_error)?;
    let files = plan_config_files(args, environment, &imported.settings)?;
    let outcome = ImportOutcome { report, files, downloads: imported.downloads };
    print_report(args, &outcome, options)
}
