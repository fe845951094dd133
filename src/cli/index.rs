//! `newsreader index`: manages the search index.

use clap::Subcommand;
use serde::Serialize;

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    json_version::JSON_VERSION, open_library::OpenLibrary, outcome::CommandOutcome, output,
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
        IndexCommand::Status => print_status(args, &reader, &folder),
        IndexCommand::Verify => verify_segments(args, &reader, &folder),
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
            print_status(args, &reader, &folder)?;
            // Another instance may have begun to write the index in the meantime.
            if reader.count_text_changes()? > 0 {
                return Err(IndexingError::InUse.into());
            }
            Ok(ExitStatus::Success)
        }
    }
}

/// A segment of the search index as JSON.
#[derive(Serialize)]
struct SegmentJson {
    number: i64,
    articles: u32,
    deleted: u32,
    bytes: u64,
}

/// The search index as JSON.
#[derive(Serialize)]
struct IndexStatusJson {
    version: u32,
    articles: u32,
    bytes: u64,
    pending: u64,
    segments: Vec<SegmentJson>,
}

/// Prints the segments and the totals: as JSON, or as a line for each segment, its fields separated by
/// tabs, and one with the totals.
fn print_status(
    args: &GlobalArgs,
    reader: &ReadConnection,
    folder: &std::path::Path,
) -> anyhow::Result<ExitStatus> {
    let status = load_status(reader, folder)?;
    let text = if args.json { output::to_json_lines(&status)? } else { format_status(&status) };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

fn load_status(
    reader: &ReadConnection,
    folder: &std::path::Path,
) -> anyhow::Result<IndexStatusJson> {
    let mut segments = Vec::new();
    for record in reader.list_segments()? {
        let bytes =
            Segment::open(&SegmentLocation::new(folder, record.number, record.id))?.disk_size();
        let deleted = record.tombstones.iter().map(|byte| byte.count_ones()).sum();
        let (number, articles) = (record.number, record.doc_count);
        segments.push(SegmentJson { number, articles, deleted, bytes });
    }
    Ok(IndexStatusJson {
        version: JSON_VERSION,
        articles: segments.iter().map(|segment| segment.articles - segment.deleted).sum(),
        bytes: segments.iter().map(|segment| segment.bytes).sum(),
        pending: reader.count_text_changes()?,
        segments,
    })
}

fn format_status(status: &IndexStatusJson) -> String {
    let format_segment = |segment: &SegmentJson| {
        let articles = count_noun(segment.articles, "article");
        let (number, deleted) = (segment.number, segment.deleted);
        let bytes = count_noun(segment.bytes, "byte");
        format!("segment {number}\t{articles}\t{deleted} deleted\t{bytes}\n")
    };
    let segments: String = status.segments.iter().map(format_segment).collect();
    let articles = count_noun(status.articles, "article");
    let (bytes, pending) = (count_noun(status.bytes, "byte"), count_noun(status.pending, "change"));
    format!("{segments}{articles} in {bytes}, {pending} pending\n")
}

/// Verifies the checksums of each segment and prints a line for it.
fn verify_segments(
    args: &GlobalArgs,
    reader: &ReadConnection,
    folder: &std::path::Path,
) -> anyhow::Result<ExitStatus> {
    let (mut done, mut failed) = (Vec::new(), 0);
    let segments = reader.list_segments()?;
    if segments.is_empty() {
        output::write_stderr_line("The search index has no segments yet");
    }
    for record in segments {
        match Segment::verify(&SegmentLocation::new(folder, record.number, record.id)) {
            Ok(()) => done.push(format!("ok segment {}", record.number)),
            Err(error) => {
                output::write_stderr_line(&format!(
                    "{error}; `newsreader index rebuild` rebuilds the search index"
                ));
                failed += 1;
            }
        }
    }
    let whole = done.len();
    CommandOutcome::new(done).with_unchanged(whole).with_failed(failed).print(args)?;
    Ok(if failed == 0 { ExitStatus::Success } else { ExitStatus::Failed })
}
