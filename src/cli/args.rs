//! The arguments of the command line.

use std::{num::NonZeroUsize, path::PathBuf};

use clap::{Parser, Subcommand as ClapSubcommand};

use super::{
    account::AccountCommand,
    archive::ArchiveCommand,
    backup::BackupArgs,
    count::CountArgs,
    diff::DiffArgs,
    export::ExportArgs,
    feed::FeedCommand,
    global_args::GlobalArgs,
    import::ImportArgs,
    index::IndexCommand,
    journal::JournalArgs,
    list::ListArgs,
    listen::ListenArgs,
    man::ManualPage,
    mark::{MarkCommand, MarkTargets},
    number::parse_number,
    queue::QueueCommand,
    read::OutputFormat,
    refresh::RefreshArgs,
    restore::WaitingArg,
    rule::RuleCommand,
    save::SaveArgs,
    search::SearchArgs,
    send::SendArgs,
    similar_articles::SimilarArgs,
    story::StoryCommand,
    sync::SyncArgs,
    tag::TagArgs,
    trash::TrashCommand,
    view::ViewCommand,
    why::WhyArgs,
};

/// The end of the help: examples, after a line with a heading.
const HELP_EXAMPLES: &str = "\
Examples:
  newsreader                         open the reader
  newsreader ~/archive               read a folder without subscribing to it
  newsreader lwn.net                 look at the feeds of a site, and subscribe if you like
  newsreader add ~/archive           subscribe to a folder of articles
  newsreader add lwn.net             subscribe to the feed of a site
  newsreader feed import feeds.opml  subscribe to the feeds of an OPML file
  newsreader import newsboat         move in from newsboat
  newsreader list is:unread rust     list unread articles with a word that starts with “rust”
  newsreader search --histogram month climate
                                     count the articles about climate in each month
  newsreader read 42                 print article 42
  newsreader mark read --query before:2026
                                     mark what is older than 2026 as read

Exit status:
  0   success; with refresh --exit-code: there are new articles
  1   something failed, and standard error says what; less was done or printed than asked for
  2   an argument or the query is wrong
  3   the reader could not save some changes
  10  refresh --exit-code: there are no new articles

In the reader, type to filter the list; the last row of the screen shows the most important keys.";

/// A terminal news reader for feeds and folders of articles.
#[derive(Debug, Clone, Parser)]
#[command(name = "newsreader", version, after_help = HELP_EXAMPLES)]
pub struct CliArgs {
    /// The arguments that are independent of the subcommand.
    #[command(flatten)]
    pub global: GlobalArgs,

    /// The subcommand; without one, the reader opens.
    #[command(subcommand)]
    pub command: Option<Subcommand>,
}

/// A subcommand: something to do instead of opening the reader.
#[derive(Debug, Clone, ClapSubcommand)]
pub enum Subcommand {
    /// List articles, newest first, each on a line: number, date, feed, title.
    List(ListArgs),
    /// Search all articles; print them, their number, or their distribution over time.
    Search(SearchArgs),
    /// List the articles that are like another one, the most similar first.
    Similar(SimilarArgs),
    /// Print the number of articles that match a query, once or at every change.
    Count(CountArgs),
    /// Print what happens in the library as JSON Lines, as it happens, whichever program does it.
    Listen(ListenArgs),
    /// Print an article.
    Read {
        /// Number of the article, as printed by `list`.
        #[arg(value_name = "N", value_parser = parse_number::<i64>)]
        number: i64,
        /// Output format: text, markdown or html.
        #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
        format: OutputFormat,
    },
    /// Show what the publisher has changed in an article since it arrived.
    Diff(DiffArgs),
    /// Write articles, or everything, into files that other programs can read.
    Export(ExportArgs),
    /// Star articles (can be undone).
    Star(MarkTargets),
    /// Unstar articles (can be undone).
    Unstar(MarkTargets),
    /// Mark articles as read or unread.
    #[command(subcommand)]
    Mark(MarkCommand),
    /// Send articles to a service: a server that keeps pages, Zotero, mail, buku, or a note.
    Send(SendArgs),
    /// Put tags on articles, or take them off (can be undone); list the tags.
    Tag(TagArgs),
    /// Manage the queue of podcasts and films: list, add, remove, move, download, play, delete.
    #[command(subcommand)]
    Queue(QueueCommand),
    /// Move articles to the trash, from which they are dropped after thirty days (can be undone).
    Remove(MarkTargets),
    /// Manage the trash: list, preview, restore, empty.
    #[command(subcommand)]
    Trash(TrashCommand),
    /// Undo the last change, even if it was made in the reader.
    Undo {
        /// Number of changes to undo, the last one first.
        #[arg(value_name = "N", default_value = "1", value_parser = parse_number::<NonZeroUsize>)]
        count: NonZeroUsize,
    },
    /// Redo the change that was undone last.
    Redo,
    /// Print the changes that were made, the newest first: number, time, by whom, and what.
    Journal(JournalArgs),
    /// Save web pages as articles to read later, or fetch the texts of imported ones.
    Save(SaveArgs),
    /// Subscribe to sites, to feeds, and to folders or files of articles.
    Add {
        /// Folders, files, or URLs of sites or feeds.
        #[arg(value_name = "PATH|URL", required = true)]
        paths: Vec<PathBuf>,
    },
    /// Refresh all feeds and folders, and sync the accounts, now.
    Refresh(RefreshArgs),
    /// Sync the accounts now: send read marks and stars, and receive those of other machines.
    Sync(SyncArgs),
    /// Manage accounts on sync servers: add, list, edit, sync, remove.
    #[command(subcommand)]
    Account(Box<AccountCommand>),
    /// Manage the shared archive of a team: init, status, users, grant, prune, verify.
    #[command(subcommand)]
    Archive(ArchiveCommand),
    /// Move in from another reader, with its articles and marks.
    Import(Box<ImportArgs>),
    /// Manage feeds: add, list, edit, remove, import, export, discover, check.
    #[command(subcommand)]
    Feed(Box<FeedCommand>),
    /// Manage views: add, list, edit, remove.
    #[command(subcommand)]
    View(Box<ViewCommand>),
    /// Manage rules, which act on articles by themselves: add, list, test, run, remove.
    #[command(subcommand)]
    Rule(Box<RuleCommand>),
    /// Say why an article is as it is: its tags, the rules that acted on it, and your own acts.
    Why(WhyArgs),
    /// Manage the search index: status, verify, rebuild.
    #[command(subcommand)]
    Index(IndexCommand),
    /// Manage stories, the articles about one event: status, show, join, leave, rebuild.
    #[command(subcommand)]
    Story(StoryCommand),
    /// Write a backup of everything but the texts of articles; the reader does so once a day.
    ///
    /// It contains the rules as well.
    Backup(BackupArgs),
    /// Put the library of a backup in place of the present one, which is kept; the texts of the
    /// articles are read and fetched again.
    Restore {
        /// The backup.
        #[arg(value_name = "FILE")]
        file: PathBuf,

        /// Send or drop marks that waited for servers when the backup was made: they may be older than
        /// what you did since on other machines. Without it, you are asked.
        #[arg(long, value_enum, value_name = "CHOICE")]
        waiting: Option<WaitingArg>,
    },
    /// Check the library, the settings and the terminal, and list the problems.
    Doctor {
        /// Save what can be read of a library with damaged pages into a new one, and make damaged
        /// articles and feeds readable again. The damaged library is kept. The exit status is 0 if
        /// nothing is missing, otherwise 1.
        #[arg(long)]
        repair: bool,
    },
    /// Print a completion script for your shell.
    Completions {
        /// Your shell.
        shell: clap_complete::Shell,
    },
    /// Print a manual page: this one, or one that explains a task.
    Man {
        /// The page.
        #[arg(value_enum, default_value = "newsreader")]
        page: ManualPage,
    },
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::CliArgs;
    use crate::cli::global_args::GLOBAL_OPTIONS;

    #[test]
    fn cli_args_pass_clap_debug_assert() {
        CliArgs::command().debug_assert();
    }

    #[test]
    fn help_of_every_subcommand_ends_with_global_options() {
        let mut root = CliArgs::command();
        root.build();
        assert_global_options_come_last(&mut root);
    }

    fn assert_global_options_come_last(command: &mut Command) {
        let help = command.render_long_help().to_string();
        let name = command.get_name().to_owned();
        // clap's own `help` subcommand takes no options.
        if name == "help" {
            return;
        }
        let options_at = help.find("\nOptions:\n").unwrap_or_else(|| panic!("{name}: {help}"));
        let (_, global) = help.split_once(&format!("\n{GLOBAL_OPTIONS}:\n")).unwrap();
        assert!(options_at < help.len() - global.len(), "{name}: {help}");
        let flags: Vec<&str> = global
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("--")?.split([' ', '=']).next())
            .collect();
        assert_eq!(flags, ["json", "library", "settings"], "{name}: {help}");
        for subcommand in command.get_subcommands_mut() {
            assert_global_options_come_last(subcommand);
        }
    }
}
