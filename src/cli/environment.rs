//! The environment of the process; nothing else in the program reads it.

use std::path::PathBuf;

use etcetera::{BaseStrategy, choose_base_strategy};

/// The environment variables and the user's folders.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: Vec<(String, String)>,
    data_root: Option<PathBuf>,
    state_root: Option<PathBuf>,
    config_root: Option<PathBuf>,
}

impl Environment {
    /// Reads the environment of the process; ignores variables that are not UTF-8.
    pub fn from_process() -> Environment {
        let variables = std::env::vars_os();
        let to_utf8 = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        let folders = choose_base_strategy().ok();
        Environment {
            variables: variables.filter_map(to_utf8).collect(),
            data_root: folders.as_ref().map(BaseStrategy::data_dir),
            state_root: folders
                .as_ref()
                .map(|folders| folders.state_dir().unwrap_or_else(|| folders.data_dir())),
            config_root: folders.as_ref().map(BaseStrategy::config_dir),
        }
    }

    /// Returns the value of a variable; `None` if it is not set or empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        let found = self.variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Returns the names and values of all variables.
    pub fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    /// Returns the folder of the default library; `None` without a home folder.
    pub fn data_folder(&self) -> Option<PathBuf> {
        self.data_root.as_ref().map(|folder| folder.join("newsreader"))
    }

    /// Returns the folder of the libraries of folders that are read without subscribing to them;
    /// `None` without a home folder.
    pub fn opened_folders_root(&self) -> Option<PathBuf> {
        self.state_root.as_ref().map(|folder| folder.join("newsreader").join("folders"))
    }

    /// Returns the folder of settings, keymap and themes; `None` without a home folder.
    pub fn config_folder(&self) -> Option<PathBuf> {
        self.config_root.as_ref().map(|folder| folder.join("newsreader"))
    }
}
