//! A command of the user's that is about to run on an article.

use chrono::Local;

use crate::{
    model::Entry,
    settings::UserCommand,
    text::{browser_url, fill_slots, sanitize},
};

/// Returns the slots of an article and their values, for the user's commands and for lists, each on one
/// line. An address is left out unless other programs may get it.
pub fn article_slots(entry: &Entry) -> Vec<(&'static str, String)> {
    let url = entry.link.as_deref().and_then(browser_url);
    let values = entry.slot_values(url, entry.published.day_in(&Local));
    values.into_iter().map(|(slot, value)| (slot, sanitize::to_line(&value).into_owned())).collect()
}

/// A command of the user's with the article that it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramRun {
    /// The name of the command.
    pub name: String,
    command: UserCommand,
    /// The values of the slots, such as `{url}`.
    slots: Vec<(&'static str, String)>,
}

impl ProgramRun {
    /// Creates the run of a command on an article; `None` if the command needs a URL and the article
    /// has none for other programs.
    pub(in crate::app) fn new(
        name: &str,
        command: &UserCommand,
        entry: &Entry,
    ) -> Option<ProgramRun> {
        let url = entry.link.as_deref().and_then(browser_url);
        if command.has_slot("{url}") && url.is_none() {
            return None;
        }
        Some(ProgramRun {
            name: name.to_owned(),
            command: command.clone(),
            slots: article_slots(entry),
        })
    }

    /// Returns whether the program has the terminal while it runs.
    pub fn takes_terminal(&self) -> bool {
        self.command.terminal
    }

    /// Returns whether the program gets the article as JSON, and not as text.
    pub fn reads_json(&self) -> bool {
        self.command.json
    }

    /// Returns whether the program gets the text of the article as its standard input. On the
    /// terminal, a program that gets the article in an argument reads the keyboard.
    pub fn reads_text(&self) -> bool {
        !self.command.terminal
            || self.command.json
            || !self.command.has_slot("{file}")
                && !self.slots.iter().any(|(slot, _)| self.command.has_slot(slot))
    }

    /// Returns whether the program gets a file with the text of the article.
    pub fn needs_file(&self) -> bool {
        self.command.has_slot("{file}")
    }

    /// Returns the program and its arguments; `file` is the path of the file with the text.
    pub fn command_line(&self, file: &str) -> Vec<String> {
        let values = self.slots.iter().map(|(slot, value)| (*slot, value.as_str()));
        let slots: Vec<(&str, &str)> = values.chain([("{file}", file)]).collect();
        fill_slots(&self.command.argv, &slots)
    }
}
