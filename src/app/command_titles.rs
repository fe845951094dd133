//! The titles of commands that switch something: each names what the command would do now.

use std::collections::BTreeMap;

use crate::command::{Command, Keymap};

/// The titles of commands that differ from those in the table of commands.
#[derive(Debug, Clone, Default)]
pub struct CommandTitles {
    /// `None` for a command that would do nothing, and is left out.
    titles: BTreeMap<Command, Option<&'static str>>,
}

impl CommandTitles {
    /// Returns the title of a command; `None` for one that would do nothing.
    pub fn find(&self, command: Command, keymap: &Keymap) -> Option<String> {
        match self.titles.get(&command) {
            Some(title) => title.map(str::to_owned),
            None => Some(keymap.title(command).to_owned()),
        }
    }

    /// Sets the title of a command that switches between two things.
    pub(in crate::app) fn set(
        &mut self,
        command: Command,
        is_on: bool,
        [to_off, to_on]: [&'static str; 2],
    ) {
        self.titles.insert(command, Some(if is_on { to_off } else { to_on }));
    }

    /// Leaves out a command that would do nothing.
    pub(in crate::app) fn leave_out(&mut self, command: Command) {
        self.titles.insert(command, None);
    }
}
