//! The settings of podcasts: where episodes are kept, and what plays them.

use serde::{Deserialize, Deserializer, de::Error};

use crate::{
    model::{DOWNLOAD_NAME_SLOTS, PLAYER_SLOTS},
    text::{find_unknown_slot, unknown_name_message},
};

/// Settings of podcasts and films.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of podcast settings")]
pub struct PodcastSettings {
    /// The folder of downloads; empty for one beside the library.
    pub folder: String,
    /// The template of the names of downloaded files.
    #[serde(deserialize_with = "deserialize_name")]
    pub name: String,
    /// Maximum size of a download, in MiB.
    pub max_mb: u32,
    /// The player and its arguments.
    #[serde(deserialize_with = "deserialize_player")]
    pub player: Vec<String>,
    /// The player has the terminal while it runs.
    pub player_terminal: bool,
}

fn deserialize_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let template = String::deserialize(deserializer)?;
    check_slots(&template, &DOWNLOAD_NAME_SLOTS).map_err(D::Error::custom)?;
    if template.trim().is_empty() {
        return Err(D::Error::custom("the name is empty"));
    }
    Ok(template)
}

fn deserialize_player<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let argv = Vec::<String>::deserialize(deserializer)?;
    for argument in argv.iter().skip(1) {
        check_slots(argument, &PLAYER_SLOTS).map_err(D::Error::custom)?;
    }
    Ok(argv)
}

fn check_slots(template: &str, slots: &[&str]) -> Result<(), String> {
    let unknown = find_unknown_slot(template, slots);
    let message = |unknown| unknown_name_message("slot", unknown, slots.iter().copied());
    unknown.map_or(Ok(()), |unknown| Err(message(unknown)))
}
