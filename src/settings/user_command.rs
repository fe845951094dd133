//! The user's commands: programs that get the selected article.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// A command of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserCommand {
    /// The program and its arguments, in which `{url}`, `{title}` and `{file}` are replaced.
    pub argv: Vec<String>,
    /// The program has the terminal while it runs.
    pub terminal: bool,
    /// The program gets the article as JSON, not as text.
    pub json: bool,
}

impl UserCommand {
    /// Returns whether rules may run the command: it needs neither the terminal nor a file.
    pub fn fits_rules(&self) -> bool {
        !self.terminal && !self.has_slot("{file}")
    }

    /// Returns whether an argument has the slot `name`, such as `{url}`.
    pub fn has_slot(&self, name: &str) -> bool {
        self.argv.iter().any(|argument| argument.contains(name))
    }
}

/// The two forms of a command in settings files.
#[derive(Deserialize)]
#[serde(untagged)]
enum UserCommandForm {
    Argv(Vec<String>),
    Table {
        #[serde(default)]
        run: Vec<String>,
        #[serde(default)]
        terminal: bool,
        #[serde(default)]
        json: bool,
    },
}

/// Deserializes the table of commands. Those without a program, whose error is reported, are left
/// out.
pub(super) fn deserialize_commands<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, UserCommand>, D::Error> {
    let forms = BTreeMap::<String, UserCommandForm>::deserialize(deserializer)?;
    let commands = forms.into_iter().map(|(name, form)| {
        let command = match form {
            UserCommandForm::Argv(argv) => UserCommand { argv, terminal: false, json: false },
            UserCommandForm::Table { run, terminal, json } => {
                UserCommand { argv: run, terminal, json }
            }
        };
        (name, command)
    });
    Ok(commands.filter(|(_, command)| !command.argv.is_empty()).collect())
}
