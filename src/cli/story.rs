//! `newsreader story`: manages stories, the articles about one event.

use std::path::Path;

use chrono::NaiveDate;
use clap::Subcommand;
use serde::Serialize;

use super::{
    article_rows::{format_entry_line, print_articles_json},
    environment::Environment,
    exit_status::{ExitStatus, UsageError},
    global_args::GlobalArgs,
    json_version::JSON_VERSION,
    number::parse_number,
    open_library::OpenLibrary,
    outcome::CommandOutcome,
    output,
};
use crate::{
    app::{ChangeAction, describe_action},
    library::{
        IndexMaintainer, IndexingError, StoryAccess, StoryFinder, check_index_access,
        clock::{local_now, utc_now},
        local_day_start,
    },
    model::{Change, EntryId, Failure, FailureKind, StoryLink},
    store::{ManifestUpdate, ReadConnection, StoryUpdate, WriteConnection},
    text::count_noun,
};

/// Maximum number of articles whose stories a refresh finds, which takes some seconds. A library of an earlier
/// version has more.
const MAX_AFTER_REFRESH: u64 = 20_000;

/// Number of articles whose stories are stored together.
const STORY_BATCH_SIZE: usize = 256;

/// A subcommand of `newsreader story`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum StoryCommand {
    /// Print the number of stories, of the articles in them, and of those whose story is still to be
    /// found.
    Status,
    /// List the articles of a story, as `list` does, oldest first.
    Show {
        /// Number of one of them, as printed by `list`.
        #[arg(value_name = "N", value_parser = parse_number::<i64>)]
        number: i64,
    },
    /// Put an article into the story of another one, for good (can be undone).
    Join {
        /// Number of the article, as printed by `list`.
        #[arg(value_name = "N", value_parser = parse_number::<i64>)]
        number: i64,
        /// Number of an article of the story.
        #[arg(value_name = "OTHER", value_parser = parse_number::<i64>)]
        other: i64,
    },
    /// Take an article out of its story, for good (can be undone).
    Leave {
        /// Number of the article, as printed by `list`.
        #[arg(value_name = "N", value_parser = parse_number::<i64>)]
        number: i64,
    },
    /// Find the stories of all articles anew.
    ///
    /// The reader finds the story of each new article by itself, and at first those of the last
    /// thirty days.
    Rebuild {
        /// Only those of the articles published since this day, as in 2026-01-28.
        #[arg(long, value_name = "DATE")]
        since: Option<NaiveDate>,
    },
}

/// Runs `command`.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: &StoryCommand,
) -> anyhow::Result<ExitStatus> {
    let mut library = match command {
        StoryCommand::Status | StoryCommand::Show { .. } => {
            OpenLibrary::open_readable(args, environment)?
        }
        StoryCommand::Join { .. } | StoryCommand::Leave { .. } | StoryCommand::Rebuild { .. } => {
            OpenLibrary::open_writable(args, environment)?
        }
    };
    let reader = ReadConnection::open(&library.location)?;
    match *command {
        StoryCommand::Status => print_status(args, &reader),
        StoryCommand::Show { number } => show(args, &reader, EntryId(number)),
        StoryCommand::Join { number, other } => {
            let [entry, other] = [number, other].map(EntryId);
            check_articles(&reader, &[entry, other])?;
            if entry == other {
                return Err(UsageError("an article is in a story with itself".to_owned()).into());
            }
            link(args, &mut library, &Change::link_story(entry, &[other], StoryLink::Same))
        }
        StoryCommand::Leave { number } => {
            let entry = EntryId(number);
            check_articles(&reader, &[entry])?;
            let others = list_others(&reader, entry)?;
            link(args, &mut library, &Change::link_story(entry, &others, StoryLink::Different))
        }
        StoryCommand::Rebuild { since } => rebuild_and_print(args, &mut library, &reader, since),
    }
}

/// Fails if one of the articles does not exist.
fn check_articles(reader: &ReadConnection, entries: &[EntryId]) -> anyhow::Result<()> {
    for entry in entries {
        if reader.load_entry(*entry)?.is_none() {
            anyhow::bail!("there is no article {entry}");
        }
    }
    Ok(())
}

/// Lists the other articles of the story of an article.
fn list_others(reader: &ReadConnection, entry: EntryId) -> anyhow::Result<Vec<EntryId>> {
    let Some(row) = reader.load_story_of(entry)?.into_iter().next() else { return Ok(Vec::new()) };
    let mut others = reader.list_story_members(row.story)?;
    others.retain(|other| *other != entry);
    Ok(others)
}

/// Makes a choice of the user's, and prints what it has done.
fn link(
    args: &GlobalArgs,
    library: &mut OpenLibrary,
    change: &Change,
) -> anyhow::Result<ExitStatus> {
    let applied = library.writer.apply_change(change, utc_now())?;
    let mut has_effect = false;
    applied.change.for_each(&mut |part| {
        has_effect |= matches!(part, Change::StoryLinked { others, .. } if !others.is_empty());
    });
    let done = has_effect.then_some(&applied);
    let sentence = describe_action(ChangeAction::Applied, done, local_now());
    CommandOutcome::new([sentence]).with_changed(usize::from(has_effect)).print(args)?;
    Ok(if has_effect { ExitStatus::Success } else { ExitStatus::Failed })
}

/// Prints the articles of the story of an article.
fn show(args: &GlobalArgs, reader: &ReadConnection, entry: EntryId) -> anyhow::Result<ExitStatus> {
    check_articles(reader, &[entry])?;
    let members = match reader.load_story_of(entry)?.first() {
        Some(row) => reader.list_story_members(row.story)?,
        None => vec![entry],
    };
    if args.json {
        print_articles_json(reader, &members)?;
        return Ok(ExitStatus::Success);
    }
    let feeds = reader.list_feeds()?;
    let rows = reader.load_entries(&members)?;
    let lines: String = rows.iter().map(|entry| format_entry_line(entry, &feeds)).collect();
    output::write_stdout(lines.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// Finds stories anew, and prints how many there are.
fn rebuild_and_print(
    args: &GlobalArgs,
    library: &mut OpenLibrary,
    reader: &ReadConnection,
    since: Option<NaiveDate>,
) -> anyhow::Result<ExitStatus> {
    rebuild(library, reader, since.map(local_day_start))?;
    print_status(args, reader)?;
    // Another instance may have begun to find stories in the meantime.
    if reader.count_story_queue()? > 0 {
        return Err(IndexingError::InUse.into());
    }
    Ok(ExitStatus::Success)
}

/// Finds the stories of the articles published since `since`, in seconds since 1970, or of all. The index
/// is updated before, because it knows how rare words are.
fn rebuild(
    library: &mut OpenLibrary,
    reader: &ReadConnection,
    since: Option<i64>,
) -> anyhow::Result<()> {
    let Some(folder) = library.location.index_folder() else {
        anyhow::bail!("a library in memory has no stories");
    };
    // Before the stories are given up.
    check_index_access(&folder)?;
    let writer = &mut library.writer;
    let mut commit_index = |update: ManifestUpdate| writer.apply_manifest_update(&update).map(drop);
    let mut maintainer =
        IndexMaintainer { reader, folder: &folder, go_on: &|| true, commit: &mut commit_index };
    maintainer.update(1)?;
    writer.queue_stories(since)?;
    Ok(find_stories(writer, reader, &folder)?)
}

/// Finds the stories of the articles that a refresh has brought. Returns why it did not, or not all. Another
/// instance that maintains the index finds them instead.
pub fn find_after_refresh(library: &mut OpenLibrary) -> Option<Failure> {
    find_queued(library).unwrap_or_else(|error| Some(error.into()))
}

/// Finds the stories of the articles in the queue, unless there are too many.
fn find_queued(library: &mut OpenLibrary) -> Result<Option<Failure>, IndexingError> {
    let Some(folder) = library.location.index_folder() else { return Ok(None) };
    let reader = ReadConnection::open(&library.location)?;
    let queued = reader.count_story_queue()?;
    if queued > MAX_AFTER_REFRESH {
        let articles = count_noun(queued, "article");
        let sentence = format!(
            "The stories of {articles} are still to be found: open the reader, or run `newsreader story rebuild`"
        );
        return Ok(Some(Failure::new(FailureKind::Library, sentence)));
    }
    find_stories(&mut library.writer, &reader, &folder).map(|()| None)
}

/// Finds the stories of all articles in the queue.
fn find_stories(
    writer: &mut WriteConnection,
    reader: &ReadConnection,
    folder: &Path,
) -> Result<(), IndexingError> {
    let mut commit = |update: StoryUpdate| writer.apply_story_update(&update);
    let batch_size = STORY_BATCH_SIZE;
    let mut access =
        StoryAccess { reader, folder, go_on: &|| true, batch_size, commit: &mut commit };
    StoryFinder::default().update(&mut access)
}

/// The stories as JSON.
#[derive(Serialize)]
struct StoryStatusJson {
    version: u32,
    stories: u64,
    articles: u64,
    pending: u64,
}

/// Prints the numbers of stories and articles: as JSON, or as a line.
fn print_status(args: &GlobalArgs, reader: &ReadConnection) -> anyhow::Result<ExitStatus> {
    let (articles, stories) = reader.count_stories()?;
    let pending = reader.count_story_queue()?;
    let text = if args.json {
        let status = StoryStatusJson { version: JSON_VERSION, stories, articles, pending };
        output::to_json_lines(&status)?
    } else {
        let articles = count_noun(articles, "article");
        let stories =
            if stories == 1 { "1 story".to_owned() } else { format!("{stories} stories") };
        format!("{articles} in {stories}, {pending} pending\n")
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}
