//! `newsreader index`: manages the search index.

use std::fmt::Write;

use clap::Subcommand;

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    open_library::OpenLibrary, output,
};
use crate::{
    index::{Segment, SegmentLocation},
    library::{IndexMaintainer, IndexingError, check_index_access},
    store::{ManifestUpdate, ReadConnection},
    text::count_noun,
};

/// A subcommand of `newsreader index`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum IndexCommand {
    /// Print the segments of the search index and the number of pending changes.
    Status,
    /// Read all index files and verify their checksums.
    Verify,
    /// Rebuild the search index from the articles.
    Rebuild,
}

/// Runs `command`.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: IndexCommand,
) -> anyhow::Result<ExitStatus> {
    let mut library = match command {
        IndexCommand::Rebuild => OpenLibrary::open_writable(args, environment)?,
        IndexCommand::Status | IndexCommand::Verify => {
            OpenLibrary::open_readable(args, environment)?
        }
    };
    let reader = ReadConnection::open(&library.location)?;
    let Some(folder) = library.location.index_folder() else {
        anyhow::bail!("a library in memory has no search index");
    };
    match command {
        IndexCommand::Status => print_status(&reader, &folder),
        IndexCommand::Verify => verify_segments(&reader, &folder),
        IndexCommand::Rebuild => {
            // Before the old index is given up.
            check_index_access(&folder)?;
            let writer = &mut library.writer;
            writer.queue_full_reindex()?;
            let mut commit_update =
                |update: ManifestUpdate| writer.apply_manifest_update(&update).map(drop);
            let mut maintainer = IndexMaintainer {
                reader: &reader,
                folder: &folder,
                go_on: &|| true,
                commit: &mut commit_update,
            };
            maintainer.update(1)?;
            print_status(&reader, &folder)?;
            // Another instance may have begun to write the index in the meantime.
            if reader.count_text_changes()? > 0 {
                return Err(IndexingError::InUse.into());
            }
            Ok(ExitStatus::Success)
        }
    }
}

/// Prints a line for each segment, its fields separated by tabs, and a line with the totals.
fn print_status(reader: &ReadConnection, folder: &std::path::Path) -> anyhow::Result<ExitStatus> {
    let mut text = String::new();
    let (mut total_bytes, mut total_articles) = (0, 0);
    for record in reader.list_segments()? {
        let bytes =
            Segment::open(&SegmentLocation::new(folder, record.number, record.id))?.disk_size();
        let deleted: u32 = record.tombstones.iter().map(|byte| byte.count_ones()).sum();
        writeln!(
            text,
            "segment {}\t{}\t{deleted} deleted\t{}",
            record.number,
            count_noun(record.doc_count, "article"),
            count_noun(bytes, "byte"),
        )?;
        total_bytes += bytes;
        total_articles += record.doc_count - deleted;
    }
    writeln!(
        text,
        "{} in {}, {} pending",
        count_noun(total_articles, "article"),
        count_noun(total_bytes, "byte"),
        count_noun(reader.count_text_changes()?, "change"),
    )?;
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// Verifies the checksums of each segment and prints a line for it.
fn verify_segments(
    reader: &ReadConnection,
    folder: &std::path::Path,
) -> anyhow::Result<ExitStatus> {
    let mut exit = ExitStatus::Success;
    let segments = reader.list_segments()?;
    if segments.is_empty() {
        output::write_stderr_line("The search index has no segments yet");
    }
    for record in segments {
        match Segment::verify(&SegmentLocation::new(folder, record.number, record.id)) {
            Ok(()) => output::write_stdout(format!("ok segment {}\n", record.number).as_bytes())?,
            Err(error) => {
                output::write_stderr_line(&format!(
                    "{error}; `newsreader index rebuild` rebuilds the search index"
                ));
                exit = ExitStatus::Failed;
            }
        }
    }
    Ok(exit)
}
