//! `newsreader restore`: puts the library of a backup in place of the present one.

use std::path::Path;

use clap::ValueEnum;

use super::{
    environment::Environment,
    exit_status::{ExitStatus, UsageError},
    global_args::GlobalArgs,
    outcome::CommandOutcome,
    output,
    prompt::{ask_line, can_ask},
    restored_rules::put_rules_back,
};
use crate::{
    store::{RestoredLibrary, StoreError, WaitingMarks, restore_backup},
    text::count_noun,
};

/// The choice of what becomes of marks that waited for servers when the backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WaitingArg {
    /// Send them at the next sync, where they count more than what is on the servers.
    Send,
    /// Drop them: what is on the servers counts.
    Drop,
}

impl WaitingArg {
    fn to_choice(self) -> WaitingMarks {
        match self {
            WaitingArg::Send => WaitingMarks::Send,
            WaitingArg::Drop => WaitingMarks::Drop,
        }
    }
}

/// Restores the library of `file`, and says where the one before it is.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    file: &Path,
    waiting: Option<WaitingArg>,
) -> anyhow::Result<ExitStatus> {
    let Some(folder) = args.library.clone().or_else(|| environment.data_folder()) else {
        anyhow::bail!("there is no home folder for the library; name a folder with --library DIR");
    };
    let restored = restore(&folder, file, waiting)?;
    let articles = count_noun(restored.entry_count, "article");
    let kept = restored.kept.map(|kept| format!("The library before it is {}", kept.display()));
    let rules = put_rules_back(args, environment, &restored.rules)?;
    let done = [format!("Restored {articles}")].into_iter().chain(kept).chain(rules);
    let count = usize::try_from(restored.entry_count).unwrap_or(usize::MAX);
    CommandOutcome::new(done).with_changed(count).print(args)?;
    output::write_stderr_line(
        "A backup has no texts: `newsreader refresh` reads and fetches them again, and passwords \
         and headers have to be entered again if the backup has none",
    );
    Ok(ExitStatus::Success)
}

/// Restores the library, and asks what becomes of marks that wait, if there are any.
fn restore(
    folder: &Path,
    file: &Path,
    waiting: Option<WaitingArg>,
) -> anyhow::Result<RestoredLibrary> {
    let choice = waiting.map_or(WaitingMarks::Refuse, WaitingArg::to_choice);
    let (restored, choice) = match restore_backup(folder, file, choice) {
        Err(StoreError::MarksWait { count }) => {
            let choice = ask_waiting(count)?;
            (restore_backup(folder, file, choice)?, choice)
        }
        restored => (restored?, choice),
    };
    if restored.waiting_marks > 0 {
        let marks = count_noun(restored.waiting_marks, "mark");
        output::write_stderr_line(&match choice {
            WaitingMarks::Drop => format!("Dropped {marks} that waited for servers"),
            _ => format!("{marks} of the backup will be sent at the next sync"),
        });
    }
    Ok(restored)
}

/// Asks what becomes of marks that wait. They may be older than what was done since.
fn ask_waiting(count: usize) -> anyhow::Result<WaitingMarks> {
    let marks = count_noun(count, "mark");
    if !can_ask() {
        let sentence = format!(
            "the backup has {marks} that servers were not told of, which may be older than what you did \
             since on other machines: give --waiting send or --waiting drop; nothing is changed"
        );
        return Err(UsageError(sentence).into());
    }
    output::write_stderr_line(&format!(
        "The backup has {marks} that servers were not told of, which may be older than what you did \
         since on other machines"
    ));
    match ask_line("Send them, or drop them (send/drop)", "--waiting")?.trim() {
        "send" | "s" => Ok(WaitingMarks::Send),
        "drop" | "d" => Ok(WaitingMarks::Drop),
        _ => anyhow::bail!("the answer is neither “send” nor “drop”; nothing is changed"),
    }
}
