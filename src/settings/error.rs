//! A mistake in a setting, and where it is.

use crate::model::{Failure, FailureKind};

/// What is wrong in a layer of settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{source_name}{}: {problem}", line.map_or_else(String::new, |line| format!(", line {line}")))]
pub struct SettingsError {
    /// The file, or where else the layer comes from.
    pub source_name: String,
    /// The line, where there are lines.
    pub line: Option<usize>,
    /// What is wrong, in words.
    pub problem: String,
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Failure {
        Failure::new(FailureKind::Settings, error.to_string())
    }
}
