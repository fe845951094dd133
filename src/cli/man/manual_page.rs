//! The manual pages that `newsreader man` prints.

use clap::ValueEnum;

/// A manual page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ManualPage {
    /// newsreader(1): all commands and options.
    Newsreader,
    /// newsreader-moving-in(7): moving in from another reader.
    MovingIn,
    /// newsreader-archive(7): the archive of a team on PostgreSQL.
    Archive,
    /// newsreader-scripting(7): commands, JSON, hooks and exports for scripts.
    Scripting,
}
