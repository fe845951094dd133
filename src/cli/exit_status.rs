//! The exit status of the program.

use std::process::ExitCode;

/// The exit status, as the caller of the program sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Everything succeeded: 0.
    Success,
    /// Something failed: 1. The output says what.
    Failed,
    /// Changes could not be saved: 3.
    UnsavedChanges,
}

impl From<ExitStatus> for ExitCode {
    fn from(exit: ExitStatus) -> ExitCode {
        match exit {
            ExitStatus::Success => ExitCode::SUCCESS,
            ExitStatus::Failed => ExitCode::from(1),
            ExitStatus::UnsavedChanges => ExitCode::from(3),
        }
    }
}
