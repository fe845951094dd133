//! The user's settings and keymap, to which an import adds what it found.

use std::path::PathBuf;

use anyhow::Context as _;

use crate::{
    cli::{
        config::{read_optional_file, settings_path},
        environment::Environment,
        global_args::GlobalArgs,
        output,
    },
    library::write_user_file,
    model::{ConfigFile, ExistingFile, ImportedSetting},
    settings::add_missing_values,
};

/// A file of the user's with added values.
pub struct ConfigFilePlan {
    /// The file.
    pub path: PathBuf,
    /// The values in the order in which they were found, and whether each is added.
    pub values: Vec<(ImportedSetting, bool)>,
    /// The text with the added values.
    text: String,
    /// The reason why nothing can be added.
    pub problem: Option<String>,
}

/// Plans the files that change; one without a value is left out.
///
/// # Errors
///
/// Fails if a file cannot be read, or there is no folder for it.
pub fn plan_config_files(
    args: &GlobalArgs,
    environment: &Environment,
    settings: &[ImportedSetting],
) -> anyhow::Result<Vec<ConfigFilePlan>> {
    let mut plans = Vec::new();
    for file in [ConfigFile::Settings, ConfigFile::Keymap, ConfigFile::Theme] {
        let values: Vec<&ImportedSetting> =
            settings.iter().filter(|setting| setting.file == file).collect();
        if !values.is_empty() {
            let path = path_of(args, environment, file)
                .context("there is no home folder for the settings")?;
            plans.push(plan_file(path, &values)?);
        }
    }
    Ok(plans)
}

fn path_of(args: &GlobalArgs, environment: &Environment, file: ConfigFile) -> Option<PathBuf> {
    match file {
        ConfigFile::Settings => settings_path(args, environment),
        ConfigFile::Keymap => Some(environment.config_folder()?.join("keymap.toml")),
        ConfigFile::Theme => Some(environment.config_folder()?.join("themes/newsboat.toml")),
    }
}

fn plan_file(path: PathBuf, values: &[&ImportedSetting]) -> anyhow::Result<ConfigFilePlan> {
    let text = read_optional_file(&path).map_err(output::to_error)?.unwrap_or_default();
    let (text, is_added, problem) = match add_missing_values(&text, values) {
        Ok(added) => (added.text, added.is_added, None),
        Err(problem) => (text, vec![false; values.len()], Some(problem)),
    };
    let values = values.iter().map(|value| (*value).clone()).zip(is_added).collect();
    Ok(ConfigFilePlan { path, values, text, problem })
}

impl ConfigFilePlan {
    /// Writes the file, if something is added.
    ///
    /// # Errors
    ///
    /// Fails if the file or its folder cannot be written.
    pub fn write(&self) -> anyhow::Result<()> {
        if !self.values.iter().any(|(_, is_added)| *is_added) {
            return Ok(());
        }
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot create the folder {}", folder.display()))?;
        }
        let path = self.path.display().to_string();
        write_user_file(&path, &self.text, ExistingFile::Replace).map_err(output::to_error)
    }
}
