//! The options that hold for every subcommand.

use std::path::PathBuf;

use clap::Args;

// No doc comment: clap would show it as the description of the program.
#[allow(missing_docs, reason = "a doc comment would end up in the help of the program")]
#[derive(Debug, Clone, Args)]
pub struct GlobalArgs {
    /// Files or folders to read without following them.
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// The folder of the library [default: newsreader in the data folder].
    #[arg(long, value_name = "DIR", global = true)]
    pub library: Option<PathBuf>,

    /// The settings file [default: newsreader/settings.toml in the configuration folder].
    #[arg(long, value_name = "FILE", global = true)]
    pub settings: Option<PathBuf>,

    /// The theme: sixteen, ink, paper, high-contrast, or one of your own.
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,

    /// Keys: type (letters filter) or vim (letters are commands).
    #[arg(long, value_name = "PRESET")]
    pub keys: Option<String>,

    /// One pane, words instead of glyphs, a calm cursor: for screen readers.
    #[arg(long)]
    pub accessible: bool,
}
