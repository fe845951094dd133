//! A command of the user's that is about to run on an article.

use crate::{
    model::Entry,
    settings::UserCommand,
    text::{browser_url, fill_slots, sanitize},
};

/// A command of the user's with the article that it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramRun {
    /// The name of the command.
    pub name: String,
    command: UserCommand,
    url: String,
    title: String,
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
            url: url.unwrap_or_default(),
            title: sanitize::to_line(&entry.title).into_owned(),
        })
    }

    /// Returns whether the program has the terminal while it runs.
    pub fn takes_terminal(&self) -> bool {
        self.command.terminal
    }

    /// Returns whether the program gets the text of the article as its standard input. On the
    /// terminal, a program that gets the article in an argument reads the keyboard.
    pub fn reads_text(&self) -> bool {
        !self.command.terminal
            || !["{url}", "{title}", "{file}"].iter().any(|slot| self.command.has_slot(slot))
    }

    /// Returns whether the program gets a file with the text of the article.
    pub fn needs_file(&self) -> bool {
        self.command.has_slot("{file}")
    }

    /// Returns the program and its arguments; `file` is the path of the file with the text.
    pub fn command_line(&self, file: &str) -> Vec<String> {
        let slots = [("{url}", self.url.as_str()), ("{title}", &self.title), ("{file}", file)];
        fill_slots(&self.command.argv, &slots)
    }
}
