//! Commands, and the keys that run them.
//!
//! One table holds the commands, their names and their descriptions; keymap files, help, palette,
//! menu and README are made from it or checked against it.

mod commands;
mod key;
mod keymap;
mod spoken_keys;

pub use commands::{COMMANDS, Command, CommandGroup, CommandSpec};
pub use key::{Key, KeyCode, KeyParseError};
pub use keymap::{Keymap, KeymapError, KeymapLookup};
pub use spoken_keys::spell_keys;

/// A context in which keys are looked up; the innermost wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyContext {
    /// Everywhere but in overlays.
    Global,
    /// The entry list.
    List,
    /// The entry list while nothing is typed in the filter bar.
    EmptyFilter,
    /// The entry list while rows are marked.
    MarkedRows,
    /// The article pane.
    Article,
    /// The sidebar.
    Sidebar,
    /// A line of text with the caret in it.
    Filter,
    /// The command menu, open after its key.
    Menu,
    /// Pickers, dialogs and forms.
    Overlay,
    /// The table of feeds.
    Feeds,
    /// The journal.
    Journal,
    /// The table of rules.
    Rules,
    /// The table of accounts.
    Accounts,
}

impl KeyContext {
    /// Every context.
    pub const ALL: [KeyContext; 13] = [
        KeyContext::Global,
        KeyContext::List,
        KeyContext::EmptyFilter,
        KeyContext::MarkedRows,
        KeyContext::Article,
        KeyContext::Sidebar,
        KeyContext::Filter,
        KeyContext::Menu,
        KeyContext::Overlay,
        KeyContext::Feeds,
        KeyContext::Journal,
        KeyContext::Rules,
        KeyContext::Accounts,
    ];

    /// Returns the name of the context in keymap files.
    pub fn name(self) -> &'static str {
        match self {
            KeyContext::Global => "global",
            KeyContext::List => "list",
            KeyContext::EmptyFilter => "empty-filter",
            KeyContext::MarkedRows => "marked-rows",
            KeyContext::Article => "article",
            KeyContext::Sidebar => "sidebar",
            KeyContext::Filter => "filter",
            KeyContext::Menu => "menu",
            KeyContext::Overlay => "overlay",
            KeyContext::Feeds => "feeds",
            KeyContext::Journal => "journal",
            KeyContext::Rules => "rules",
            KeyContext::Accounts => "accounts",
        }
    }
}
