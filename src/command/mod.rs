//! What the user can ask for, and the keys that ask for it.
//!
//! One table gives the commands, their names and their words; keymap files, help, palette, menu and README read it.

mod key;
mod keymap;
mod table;

pub use key::{Key, KeyCode, KeyParseError};
pub use keymap::{Keymap, KeymapError, Lookup};
pub use table::{COMMANDS, Command, CommandSpec, Group};

/// A place where a key is looked up; the innermost wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
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

impl Context {
    /// Every context.
    pub const ALL: [Context; 9] = [
        Context::Global,
        Context::List,
        Context::EmptyFilter,
        Context::Article,
        Context::Sidebar,
        Context::Filter,
        Context::Menu,
        Context::Overlay,
        Context::Feeds,
    ];

    /// Its name in keymap files.
    pub fn name(self) -> &'static str {
        match self {
            Context::Global => "global",
            Context::List => "list",
            Context::EmptyFilter => "empty-filter",
            Context::Article => "article",
            Context::Sidebar => "sidebar",
            Context::Filter => "filter",
            Context::Menu => "menu",
            Context::Overlay => "overlay",
            Context::Feeds => "feeds",
        }
    }
}
