//! The arguments that are independent of the subcommand.

use std::path::PathBuf;

use clap::Args;

/// The heading of the options that every subcommand accepts.
pub const GLOBAL_OPTIONS: &str = "Global options";

/// The position of the first global option: after the options of every subcommand.
const GLOBAL_ORDER: usize = 900;

// No doc comment: clap would show it as the description of the program.
#[allow(missing_docs, reason = "a doc comment would end up in the help of the program")]
#[derive(Debug, Clone, Default, Args)]
pub struct GlobalArgs {
    /// Files or folders to read, or an address to look at, without subscribing to them.
    #[arg(value_name = "PATH|URL")]
    pub paths: Vec<PathBuf>,

    /// Print JSON, which `assets/schemas` describes.
    #[arg(
        long,
        global = true,
        help_heading = GLOBAL_OPTIONS,
        display_order = GLOBAL_ORDER - 1
    )]
    pub json: bool,

    /// Folder of the library [default: newsreader in the data folder].
    #[arg(
        long,
        value_name = "DIR",
        global = true,
        help_heading = GLOBAL_OPTIONS,
        display_order = GLOBAL_ORDER
    )]
    pub library: Option<PathBuf>,

    /// Settings file [default: newsreader/settings.toml in the configuration folder].
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        help_heading = GLOBAL_OPTIONS,
        display_order = GLOBAL_ORDER + 1
    )]
    pub settings: Option<PathBuf>,

    /// Theme: sixteen, ink, paper, high-contrast, or the name of your own.
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,

    /// Key preset: type (letters filter the list) or vim (letters are commands).
    #[arg(long, value_name = "PRESET")]
    pub keys: Option<String>,

    /// Adapt to screen readers: one pane, words instead of symbols, a steady cursor.
    #[arg(long)]
    pub accessible: bool,
}
