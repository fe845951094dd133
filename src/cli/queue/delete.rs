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

/// Deletes the files of the articles, whole or not, and prints how many there were. The exit status is a
/// failure if an article that is named has none.
pub(super) fn run(
    args: &GlobalArgs,
    environment: &Environment,
    targets: &MarkTargets,
) -> anyhow::Result<ExitStatus> {
    let settings = load_reported_settings(args, environment);
    let mut found = targets.find(args, environment)?;
    let folder = queue_access::download_folder(&found.library, &settings)?;
    let reader = ReadConnection::open(&found.library.location)?;
    let (mut deleted, mut absent, mut exit) = (0, 0, found.exit);
    for id in &found.ids {
        let Some(download) = reader.load_download(*id)? else {
            absent += 1;
            continue;
        };
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
    if absent > 0 && targets.are_named() {
        exit = ExitStatus::Failed;
    }
    let rest = match absent {
        0 => String::new(),
        1 => ", 1 article had none".to_owned(),
        count => format!(", {} had none", count_noun(count, "article")),
    };
    let done = format!("{} deleted{rest}", count_noun(deleted, "file"));
    CommandOutcome::new([done]).with_changed(deleted).with_unchanged(absent).print(args)?;
    Ok(exit)
}
