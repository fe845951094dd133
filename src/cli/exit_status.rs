//! The exit status of the program.

use std::process::ExitCode;

/// The exit status, as the caller of the program sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Everything succeeded: 0.
    Success,
    /// Something failed: 1. The output says what.
    Failed,
    /// The arguments are wrong: 2, as for an unknown option.
    WrongUsage,
    /// Changes could not be saved: 3.
    UnsavedChanges,
    /// A refresh with `--exit-code` has brought no new articles: 10.
    NothingNew,
}

/// An error in the arguments that the parser of the arguments cannot see.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UsageError(pub String);

impl ExitStatus {
    /// Returns the exit status of a program that ends with `error`.
    pub fn of_error(error: &anyhow::Error) -> ExitStatus {
        if error.is::<UsageError>() { ExitStatus::WrongUsage } else { ExitStatus::Failed }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(exit: ExitStatus) -> ExitCode {
        match exit {
            ExitStatus::Success => ExitCode::SUCCESS,
            ExitStatus::Failed => ExitCode::from(1),
            ExitStatus::WrongUsage => ExitCode::from(2),
            ExitStatus::UnsavedChanges => ExitCode::from(3),
            ExitStatus::NothingNew => ExitCode::from(10),
        }
    }
}
