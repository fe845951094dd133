//! Errors in settings, with their position.

use crate::model::{Failure, FailureKind};

/// An error in a layer of settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{source_name}{}: {problem}", line.map_or_else(String::new, |line| format!(", line {line}")))]
pub struct SettingsError {
    /// The file, or the name of another source, such as the environment.
    pub source_name: String,
    /// The line in a file, counted from 1.
    pub line: Option<usize>,
    /// The problem, as a part of a sentence.
    pub problem: String,
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Failure {
        Failure::new(FailureKind::Settings, error.to_string())
    }
}
