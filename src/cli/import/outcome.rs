//! Everything that an import has done.

use super::config_files::ConfigFilePlan;
use crate::model::{ImportReport, ImportedDownload, ImportedSetting};

/// Everything that an import has done, or would do.
pub struct ImportOutcome {
    /// The report.
    pub report: ImportReport,
    /// The user's files with what is added to them.
    pub files: Vec<ConfigFilePlan>,
    /// The downloads of the other reader.
    pub downloads: Vec<ImportedDownload>,
}

impl ImportOutcome {
    /// Returns whether everything that has a counterpart here was taken.
    pub fn is_complete(&self) -> bool {
        self.report.is_complete() && self.files.iter().all(|file| file.problem.is_none())
    }
}

/// Returns the key of a setting with its tables: `[article] measure`.
pub fn setting_name(setting: &ImportedSetting) -> String {
    if setting.table.is_empty() {
        setting.key.clone()
    } else {
        format!("[{}] {}", setting.table.join("."), setting.key)
    }
}
