//! `newsreader star`, `unstar`, `mark read`, `mark unread`, `remove`, `trash restore`, `queue add` and
//! `queue remove`: changes the marks of articles.

use anyhow::bail;
use chrono::{DateTime, Utc};
use clap::{Args as ClapArgs, Subcommand};

use super::{
    absent_texts::report_absent_texts,
    change_hooks::run_change_hooks,
    environment::Environment,
    exit_status::{ExitStatus, UsageError},
    global_args::GlobalArgs,
    number::parse_number,
    open_library::OpenLibrary,
    outcome::CommandOutcome,
    query_args::check_filter,
    search::report_missing,
};
use crate::{
    library::{clock::utc_now, search_once},
    model::{
        AppliedChange, Change, EntryId, ListDefinition, SearchRequest, TagMark, TagName, ViewScope,
    },
    store::ReadConnection,
    text::count_noun,
};

/// The articles to mark.
#[derive(Debug, Clone, ClapArgs)]
#[group(required = true, multiple = false)]
pub struct MarkTargets {
    /// Numbers of the articles, as printed by `list`.
    #[arg(value_name = "N", value_parser = parse_number::<i64>)]
    numbers: Vec<i64>,

    /// Instead of numbers: all articles that match, for example 'feed:harbour before:2026-01'.
    #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
    query: Option<String>,
}

/// The articles to mark as they were found in the library, which is open for the change.
pub(super) struct FoundTargets {
    pub(super) library: OpenLibrary,
    pub(super) ids: Vec<EntryId>,
    /// Number of articles among `ids`; an article and its copies are one.
    article_count: usize,
    /// A failure if damaged articles may be missing.
    pub(super) exit: ExitStatus,
}

impl FoundTargets {
    /// Returns the number of articles that a change has changed, and of those that it has left as they
    /// were.
    pub(super) fn count_changed(&self, applied: &AppliedChange) -> (usize, usize) {
        let changed = applied.changed_entry_count();
        (changed, self.article_count.saturating_sub(changed))
    }
}

/// A subcommand of `newsreader mark`.
#[derive(Debug, Clone, Subcommand)]
pub enum MarkCommand {
    /// Mark articles as read (can be undone).
    Read(MarkTargets),
    /// Mark articles as unread (can be undone).
    Unread(MarkTargets),
}

/// A mark, and whether articles get it or lose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The star.
    Starred(bool),
    /// The read mark.
    Read(bool),
    /// The place in the trash.
    Removed(bool),
    /// The place in the queue.
    Queued(bool),
}

impl MarkCommand {
    /// Returns the mark of the subcommand and its articles.
    pub fn mark(&self) -> (Mark, &MarkTargets) {
        match self {
            MarkCommand::Read(targets) => (Mark::Read(true), targets),
            MarkCommand::Unread(targets) => (Mark::Read(false), targets),
        }
    }
}

impl Mark {
    fn change(self, ids: &[EntryId], now: DateTime<Utc>) -> Change {
        match self {
            Mark::Starred(starred) => Change::set_starred(ids, starred),
            Mark::Read(read) => Change::set_read(ids, read),
            Mark::Removed(true) => Change::remove_entries(ids, now),
            Mark::Removed(false) => Change::restore_entries(ids),
            Mark::Queued(true) => Change::set_tag(ids, TagName::queue(), TagMark::On),
            Mark::Queued(false) => Change::set_tag(ids, TagName::queue(), TagMark::Off),
        }
    }

    /// Returns whether articles are taken out of the trash or the queue. One that is not there cannot be,
    /// while a mark that an article has, or lacks, already is as it was to be.
    fn takes_from_a_place(self) -> bool {
        matches!(self, Mark::Removed(false) | Mark::Queued(false))
    }

    /// Returns the words that follow “12 articles”.
    fn participle(self) -> &'static str {
        match self {
            Mark::Starred(true) => "starred",
            Mark::Starred(false) => "unstarred",
            Mark::Read(true) => "marked read",
            Mark::Read(false) => "marked unread",
            Mark::Removed(true) => "moved to the trash",
            Mark::Removed(false) => "restored",
            Mark::Queued(true) => "queued",
            Mark::Queued(false) => "taken off the queue",
        }
    }
}

/// Marks the articles as one change, which can be undone, and prints how many have changed. The exit status
/// is a failure if one that is named is not where it was to be taken from.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    targets: &MarkTargets,
    mark: Mark,
) -> anyhow::Result<ExitStatus> {
    let mut found = targets.find(args, environment)?;
    let now = utc_now();
    let applied = found.library.writer.apply_change(&mark.change(&found.ids, now), now)?;
    let (changed, unchanged) = found.count_changed(&applied);
    let text = describe_marked(mark, changed, unchanged);
    let outcome = CommandOutcome::new([text]).with_changed(changed).with_unchanged(unchanged);
    outcome.print(args)?;
    let hooked = run_change_hooks(args, environment, &found.library.location, &applied);
    let is_short = mark.takes_from_a_place() && targets.are_named() && unchanged > 0;
    Ok(match hooked {
        ExitStatus::Success if is_short => ExitStatus::Failed,
        ExitStatus::Success => found.exit,
        failed => failed,
    })
}

impl MarkTargets {
    /// Returns whether each article is named by its number: something is asked of each of them, while a
    /// query may find others as well.
    pub(super) fn are_named(&self) -> bool {
        self.query.is_none()
    }

    /// Opens the library for a change, and finds the articles to change.
    pub(super) fn find(
        &self,
        args: &GlobalArgs,
        environment: &Environment,
    ) -> anyhow::Result<FoundTargets> {
        self.check_query()?;
        let mut library = OpenLibrary::open_writable(args, environment)?;
        library.load_initial_articles()?;
        let reader = ReadConnection::open(&library.location)?;
        let (ids, exit) = match &self.query {
            Some(filter) => find_articles(&reader, filter)?,
            None => (find_numbers(&reader, &self.numbers)?, ExitStatus::Success),
        };
        let article_count = reader.load_copies()?.count_articles(&ids);
        Ok(FoundTargets { library, ids, article_count, exit })
    }

    /// Checks the query; an empty one, as of a variable that is not set, would match everything.
    fn check_query(&self) -> Result<(), UsageError> {
        match &self.query {
            Some(filter) if filter.trim().is_empty() => {
                Err(UsageError("the query is empty".to_owned()))
            }
            Some(filter) => check_filter(filter),
            None => Ok(()),
        }
    }
}

/// Returns the articles that match `filter`; the exit status is a failure if articles that are damaged,
/// or have no text, may be missing.
fn find_articles(
    reader: &ReadConnection,
    filter: &str,
) -> anyhow::Result<(Vec<EntryId>, ExitStatus)> {
    let list = ListDefinition {
        scope: ViewScope::All,
        filter: filter.to_owned(),
        ..ListDefinition::default()
    };
    let found = search_once(reader, &SearchRequest { list, ..SearchRequest::default() })?;
    let has_all_texts = report_absent_texts(reader, filter)?;
    let is_whole = report_missing(&found, 0, 0) && has_all_texts;
    Ok((found.ids.to_vec(), if is_whole { ExitStatus::Success } else { ExitStatus::Failed }))
}

/// Returns the articles with these numbers, each once.
///
/// # Errors
///
/// Returns an error that names the numbers without an article.
fn find_numbers(reader: &ReadConnection, numbers: &[i64]) -> anyhow::Result<Vec<EntryId>> {
    let mut ids: Vec<EntryId> = numbers.iter().copied().map(EntryId).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut unknown = Vec::new();
    for id in &ids {
        if reader.load_entry(*id)?.is_none() {
            unknown.push(id.to_string());
        }
    }
    if !unknown.is_empty() {
        bail!("there is no article {}; nothing was changed", unknown.join(", "));
    }
    Ok(ids)
}

/// Describes how many articles have got a mark, and how many had it before.
fn describe_marked(mark: Mark, changed: usize, unchanged: usize) -> String {
    let articles = count_noun(changed, "article");
    let state = match mark {
        Mark::Starred(false) => Some("not starred"),
        Mark::Removed(false) => Some("not in the trash"),
        Mark::Queued(false) => Some("not in it"),
        Mark::Starred(true) | Mark::Read(_) | Mark::Removed(true) | Mark::Queued(true) => None,
    };
    format!("{articles} {}{}", mark.participle(), describe_unchanged(unchanged, state))
}

/// Describes articles that a change has left as they were: they were in `state`, or had been changed so
/// before. Without any, returns nothing.
pub(super) fn describe_unchanged(count: usize, state: Option<&str>) -> String {
    match (count, state) {
        (0, _) => String::new(),
        (1, Some(state)) => format!(", 1 was {state}"),
        (count, Some(state)) => format!(", {count} were {state}"),
        (1, None) => ", 1 already was".to_owned(),
        (count, None) => format!(", {count} already were"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, describe_marked};

    #[test]
    fn describe_marked_counts_changed_and_unchanged_articles() {
        assert_eq!(describe_marked(Mark::Starred(true), 1, 0), "1 article starred");
        assert_eq!(
            describe_marked(Mark::Read(false), 12, 1),
            "12 articles marked unread, 1 already was"
        );
        assert_eq!(
            describe_marked(Mark::Read(true), 0, 3),
            "0 articles marked read, 3 already were"
        );
        assert_eq!(
            describe_marked(Mark::Starred(false), 0, 1),
            "0 articles unstarred, 1 was not starred"
        );
        assert_eq!(
            describe_marked(Mark::Removed(false), 1, 2),
            "1 article restored, 2 were not in the trash"
        );
    }
}
