//! `newsreader feed import` and `newsreader feed export`: subscription lists.

use std::{fs, io::Read};

use anyhow::Context as _;

use crate::{
    cli::{
        damaged_feeds::report_damaged_feeds, environment::Environment, exit_status::ExitStatus,
        global_args::GlobalArgs, open_library::OpenLibrary, outcome::CommandOutcome, output,
    },
    library::{
        clock::utc_now, count_without_login, export_opml, feeds_from_outlines, is_exported,
        parse_subscriptions, store_subscriptions, subscribe_all,
    },
    model::{Actor, FeedKind, PasswordExport},
    opml::{self, OpmlDocument},
    store::ReadConnection,
    text::count_noun,
};

/// Subscribes to the feeds of subscription lists (OPML, or the `urls` file of newsboat).
pub fn run_import(
    args: &GlobalArgs,
    environment: &Environment,
    files: &[String],
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let (mut exit, mut total) = (ExitStatus::Success, ImportedList::default());
    for file in files {
        let imported = import_list(&mut library, file);
        match imported.with_context(|| format!("cannot import {file}")) {
            Ok(imported) => {
                if !imported.is_complete {
                    exit = ExitStatus::Failed;
                }
                if !args.json {
                    imported.outcome().print(args)?;
                }
                total.add(&imported);
            }
            Err(error) => {
                output::write_stderr_line(&format!("newsreader: {error:#}"));
                exit = ExitStatus::Failed;
            }
        }
    }
    if args.json {
        total.outcome().print(args)?;
    }
    Ok(exit)
}

/// The numbers of feeds in lists that were imported.
#[derive(Debug, Clone, Copy, Default)]
struct ImportedList {
    new: usize,
    known: usize,
    rejected: usize,
    /// The whole list was imported.
    is_complete: bool,
}

impl ImportedList {
    fn add(&mut self, other: &ImportedList) {
        self.new += other.new;
        self.known += other.known;
        self.rejected += other.rejected;
    }

    fn outcome(self) -> CommandOutcome {
        let ImportedList { new, known, rejected, .. } = self;
        let done = format!("{new} new, {known} already subscribed, {rejected} rejected");
        CommandOutcome::new([done]).with_changed(new).with_unchanged(known).with_failed(rejected)
    }
}

/// Subscribes to the feeds of one list.
fn import_list(library: &mut OpenLibrary, file: &str) -> anyhow::Result<ImportedList> {
    let list = read_list(file)?;
    for rejected in &list.rejected {
        output::write_stderr_line(&format!(
            "{file}, line {}: {} {}",
            rejected.line, rejected.url, rejected.reason
        ));
    }
    for warning in &list.warnings {
        output::write_stderr_line(&format!("{file}, {warning}"));
    }
    let rejected = list.rejected.len();
    let is_complete = rejected == 0 && !list.is_incomplete;
    let feeds = feeds_from_outlines(list.outlines);
    if feeds.is_empty() && is_complete {
        output::write_stderr_line(&format!("{file} has no feeds in it"));
    }
    let by_import = (&Actor::Import, utc_now());
    let (_, new) = store_subscriptions(&mut library.writer, by_import, |writer| {
        let new = subscribe_all(writer, &feeds)?;
        let count = new.len();
        Ok((new, count))
    })?;
    let known = feeds.len() - new;
    Ok(ImportedList { new, known, rejected, is_complete })
}

/// Reads a subscription list from a file, or from standard input for `-`.
fn read_list(file: &str) -> anyhow::Result<OpmlDocument> {
    let mut bytes = Vec::new();
    let limit = opml::MAX_BYTES as u64 + 1;
    if file == "-" {
        std::io::stdin().take(limit).read_to_end(&mut bytes)?;
    } else {
        fs::File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(parse_subscriptions(&bytes)?)
}

/// Prints the feeds as OPML, and says on standard error how many logins are not in the list. Without
/// feeds, prints nothing and fails.
pub fn run_export(
    args: &GlobalArgs,
    environment: &Environment,
    passwords: PasswordExport,
) -> anyhow::Result<ExitStatus> {
    let library = OpenLibrary::open_readable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let feeds = reader.list_feeds()?;
    // An empty list may be about to replace a backup, of a library that is on another disk.
    if !feeds.iter().any(is_exported) {
        anyhow::bail!("there are no feeds to export");
    }
    output::write_stdout(export_opml(&feeds, passwords).as_bytes())?;
    let synced = feeds.iter().filter(|feed| feed.kind == FeedKind::Synced).count();
    if synced > 0 {
        let feeds = count_noun(synced, "feed");
        output::write_stderr_line(&format!(
            "The list has no feeds of accounts: their servers have {feeds}"
        ));
    }
    let without_login = count_without_login(&feeds, passwords);
    if without_login > 0 {
        let count = count_noun(without_login, "feed");
        output::write_stderr_line(&format!(
            "The list has no passwords and headers: {count} had some"
        ));
    }
    Ok(report_damaged_feeds(reader.count_damaged_feeds()?))
}
