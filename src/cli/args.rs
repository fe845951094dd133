//! The arguments of the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand as ClapSubcommand};

use super::{
    feed::FeedCommand, global_args::GlobalArgs, index::IndexCommand, read::OutputFormat,
    refresh::RefreshArgs, search::SearchArgs,
};

const HELP_EXAMPLES: &str = "\
Examples:
  newsreader                       read what you follow
  newsreader ~/archive             read a folder without following it
  newsreader add ~/archive         follow a folder of articles
  newsreader add lwn.net           follow the feed of a site
  newsreader feed import feeds.opml
  newsreader list is:unread rust   unread articles with a word that begins with “rust”
  newsreader search --histogram month climate
  newsreader read 42               article 42 as plain text

In the reader, type to filter, ? for help, ^Q to quit.";

/// A terminal news reader: everything you follow, one keystroke away.
#[derive(Debug, Clone, Parser)]
#[command(name = "newsreader", version, after_help = HELP_EXAMPLES)]
pub struct CliArgs {
    /// The options of every subcommand.
    #[command(flatten)]
    pub global: GlobalArgs,

    /// What to do instead of reading.
    #[command(subcommand)]
    pub command: Option<Subcommand>,
}

/// What the program does instead of opening the reader.
#[derive(Debug, Clone, ClapSubcommand)]
pub enum Subcommand {
    /// Print articles, the newest first: number, date, source, title.
    List {
        /// A filter, as in the reader: words, "a phrase", !word, is:unread, in:, since: …
        #[arg(value_name = "QUERY", allow_hyphen_values = true)]
        query: Vec<String>,
    },
    /// Search everything stored: articles, how many there are, how they spread over time.
    Search(SearchArgs),
    /// Print one article.
    Read {
        /// Its number, as `list` prints it.
        #[arg(value_name = "N")]
        number: i64,
        /// What it is written as.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: OutputFormat,
    },
    /// Store pages as articles, to be read later: each is fetched, and the article taken out of it.
    Save {
        /// Addresses of pages.
        #[arg(value_name = "URL", required = true)]
        urls: Vec<String>,
    },
    /// Follow folders or files of articles, sites and feeds.
    Add {
        /// Folders, files, or addresses.
        #[arg(value_name = "PATH|URL", required = true)]
        paths: Vec<PathBuf>,
    },
    /// Ask every feed and read every folder again.
    Refresh(RefreshArgs),
    /// The feeds that are followed.
    #[command(subcommand)]
    Feed(Box<FeedCommand>),
    /// The files by which articles are found.
    #[command(subcommand)]
    Index(IndexCommand),
    /// Check the library, the settings and the terminal, and say what is wrong.
    Doctor,
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn cli_args_pass_clap_debug_assert() {
        super::CliArgs::command().debug_assert();
    }
}
