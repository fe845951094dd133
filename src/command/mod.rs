//! What the user can ask for, and the keys that ask for it.
//!
//! One table gives the commands, their names and their words; keymap files, help, palette, menu and README read it.

mod commands;
mod key;
mod keymap;

pub use commands::{COMMANDS, Command, CommandGroup, CommandSpec};
pub use key::{Key, KeyCode, KeyParseError};
pub use keymap::{Keymap, KeymapError, KeymapLookup};

/// A place where a key is looked up; the innermost wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyContext {
    /// Everywhere but in overlays.
    Global,
    /// The entry list.
    List,
    /// The entry list while nothing is typed in the filter bar.
    EmptyFilter,
    /// The reader.
    Article,
    /// The sidebar.
    Sidebar,
    /// A line of text that has the caret.
    Filter,
    /// After the leader `^X`.
    Menu,
    /// A list to pick from.
    Overlay,
    /// The table of feeds.
    Feeds,
}

impl KeyContext {
    /// Every context.
    pub const ALL: [KeyContext; 9] = [
        KeyContext::Global,
        KeyContext::List,
        KeyContext::EmptyFilter,
        KeyContext::Article,
        KeyContext::Sidebar,
        KeyContext::Filter,
        KeyContext::Menu,
        KeyContext::Overlay,
        KeyContext::Feeds,
    ];

    /// Its name in keymap files.
    pub fn name(self) -> &'static str {
        match self {
            KeyContext::Global => "global",
            KeyContext::List => "list",
            KeyContext::EmptyFilter => "empty-filter",
            KeyContext::Article => "article",
            KeyContext::Sidebar => "sidebar",
            KeyContext::Filter => "filter",
            KeyContext::Menu => "menu",
            KeyContext::Overlay => "overlay",
            KeyContext::Feeds => "feeds",
        }
    }
}
