//! `newsreader queue delete`: deletes downloaded files.

use super::queue_access;
use crate::{
    cli::{
        config::load_reported_settings, environment::Environment, exit_status::ExitStatus,
        global_args::GlobalArgs, mark::MarkTargets, outcome::CommandOutcome, output,
    },
    store::ReadConnection,
    text::count_noun,
};

/// Deletes the files of the articles, whole or not, and prints how many there were.
pub(super) fn run(
    args: &GlobalArgs,
    environment: &Environment,
    targets: &MarkTargets,
) -> anyhow::Result<ExitStatus> {
    let settings = load_reported_settings(args, environment);
    let mut found = targets.find(args, environment)?;
    let folder = queue_access::download_folder(&found.library, &settings)?;
    let reader = ReadConnection::open(&found.library.location)?;
    let (mut deleted, mut exit) = (0, found.exit);
    for id in &found.ids {
        let Some(download) = reader.load_download(*id)? else { continue };
        match folder.delete_file(&download) {
            Ok(()) => {
                found.library.writer.forget_download(*id)?;
                deleted += 1;
            }
            Err(failure) => {
                output::write_stderr_line(&format!("newsreader: {}", failure.summary));
                exit = ExitStatus::Failed;
            }
        }
    }
    let outcome = CommandOutcome::new([format!("{} deleted", count_noun(deleted, "file"))]);
    outcome.with_changed(deleted).print(args)?;
    Ok(exit)
}
