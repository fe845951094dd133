//! The environment of the process: read here, once, and handed down.

use std::path::PathBuf;

use etcetera::{BaseStrategy, choose_base_strategy};

/// What the program may know of its surroundings.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: Vec<(String, String)>,
    data_root: Option<PathBuf>,
    config_root: Option<PathBuf>,
}

impl Environment {
    /// That of the process; variables that are not UTF-8 are not ours.
    pub fn from_process() -> Environment {
        let variables = std::env::vars_os();
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        let folders = choose_base_strategy().ok();
        Environment {
            variables: variables.filter_map(text).collect(),
            data_root: folders.as_ref().map(BaseStrategy::data_dir),
            config_root: folders.as_ref().map(BaseStrategy::config_dir),
        }
    }

    /// A variable, if it is set to something.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let found = self.variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// All variables.
    pub fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    /// Where libraries are, if there is such a place.
    pub fn data_folder(&self) -> Option<PathBuf> {
        self.data_root.as_ref().map(|folder| folder.join("newsreader"))
    }

    /// Where settings, keys and themes are, if there is such a place.
    pub fn config_folder(&self) -> Option<PathBuf> {
        self.config_root.as_ref().map(|folder| folder.join("newsreader"))
    }
}
