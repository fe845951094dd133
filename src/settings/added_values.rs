//! Adding values to the user's own files, whose comments and values stay as they are.

use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value, value};

use crate::{
    command::Key,
    model::{ConfigFile, ConfigValue, ImportedSetting},
};

/// The text of a file with added values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddedValues {
    /// The text.
    pub text: String,
    /// For each value, whether it was added; otherwise the file has one of its own.
    pub is_added: Vec<bool>,
}

/// Adds values to the text of a file, each where the file has none.
///
/// # Errors
///
/// Returns why the text cannot be changed, as a part of a sentence: it has a syntax error.
pub fn add_missing_values(text: &str, values: &[&ImportedSetting]) -> Result<AddedValues, String> {
    let mut document: DocumentMut =
        text.parse().map_err(|_| "it has a syntax error, which must be mended first".to_owned())?;
    let is_added = values.iter().map(|setting| add_value(&mut document, setting)).collect();
    Ok(AddedValues { text: document.to_string(), is_added })
}

/// Adds one value. Returns whether there was none.
fn add_value(document: &mut DocumentMut, setting: &ImportedSetting) -> bool {
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for name in &setting.table {
        let item = table.entry(name).or_insert_with(|| Item::Table(Table::new()));
        match item.as_table_like_mut() {
            Some(inner) => table = inner,
            None => return false,
        }
    }
    if has_key(table, setting) {
        return false;
    }
    table.insert(&setting.key, to_item(&setting.value));
    true
}

/// Returns whether a table has a key; of the keymap, in any spelling.
fn has_key(table: &dyn TableLike, setting: &ImportedSetting) -> bool {
    if setting.file != ConfigFile::Keymap {
        return table.contains_key(&setting.key);
    }
    let wanted = parse_keys(&setting.key);
    table.iter().any(|(known, _)| known == setting.key || parse_keys(known) == wanted)
}

fn parse_keys(text: &str) -> Vec<Option<Key>> {
    text.split_whitespace().map(|key| key.parse().ok()).collect()
}

fn to_item(setting: &ConfigValue) -> Item {
    match setting {
        ConfigValue::Text(text) => value(text.as_str()),
        ConfigValue::Number(number) => value(i64::from(*number)),
        ConfigValue::Flag(flag) => value(*flag),
        ConfigValue::Words(words) => value(words.iter().collect::<Array>()),
    }
}

/// Returns a value as files have it.
pub fn format_config_value(setting: &ConfigValue) -> String {
    to_item(setting).as_value().map(Value::to_string).unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NotePlace;

    fn setting(file: ConfigFile, table: &str, key: &str, value: ConfigValue) -> ImportedSetting {
        let table = table.split('.').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        ImportedSetting { file, table, key: key.to_owned(), value, source: NotePlace::default() }
    }

    #[test]
    fn values_are_added_and_those_of_the_user_stay() {
        let text = "# mine\nkeys = \"vim\" # yes\n\n[article]\n# narrow\nmeasure = 50\n";
        let words = ConfigValue::Words(vec!["mpv".to_owned(), "{url}".to_owned()]);
        let settings = [
            setting(ConfigFile::Settings, "", "keys", ConfigValue::Text("type".to_owned())),
            setting(ConfigFile::Settings, "article", "measure", ConfigValue::Number(72)),
            setting(ConfigFile::Settings, "refresh", "at_start", ConfigValue::Flag(false)),
            setting(ConfigFile::Settings, "commands", "mpv", words),
            setting(ConfigFile::Settings, "keys", "x", ConfigValue::Number(1)),
        ];
        let added = add_missing_values(text, &settings.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(added.is_added, [false, false, true, true, false]);
        assert_eq!(
            added.text,
            format!(
                "{text}\n[refresh]\nat_start = false\n\n[commands]\nmpv = [\"mpv\", \"{{url}}\"]\n"
            )
        );
        let again = add_missing_values(&added.text, &settings.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!((again.text, again.is_added), (added.text, vec![false; 5]));
        assert!(add_missing_values("keys = ", &[]).is_err());
    }

    #[test]
    fn keys_are_known_in_any_spelling() {
        let up = ConfigValue::Text("move-up".to_owned());
        let settings = [
            setting(ConfigFile::Keymap, "list", "ctrl-o", up.clone()),
            setting(ConfigFile::Keymap, "list", "g k", up),
        ];
        let text = "[list]\n\"^o\" = \"none\"\n";
        let added = add_missing_values(text, &settings.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(added.is_added, [false, true]);
        assert_eq!(added.text, format!("{text}\"g k\" = \"move-up\"\n"));
    }
}
