//! `newsreader index`: the files by which articles are found, and how they are.

use std::{fmt::Write, sync::atomic::AtomicBool};

use clap::Subcommand;

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    open_library::OpenLibrary, output,
};
use crate::{
    index::{Segment, segment_folder},
    library::IndexMaintainer,
    store::{ManifestUpdate, ReadConnection},
};

/// What is done about the index.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum IndexCommand {
    /// Print what it is made of, and what it has yet to see.
    Status,
    /// Read all of it and compare its checksums.
    Verify,
    /// Make it anew from the articles.
    Rebuild,
}

/// Does what `command` says.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: IndexCommand,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let Some(folder) = library.location.index_folder() else {
        output::write_stderr_line("A library in memory has no index.");
        return Ok(ExitStatus::Success);
    };
    match command {
        IndexCommand::Status => print_status(&reader, &folder),
        IndexCommand::Verify => verify_segments(&reader, &folder),
        IndexCommand::Rebuild => {
            let store = &mut library.writer;
            store.queue_full_reindex()?;
            let mut take = |new: ManifestUpdate| store.apply_manifest_update(&new);
            let stop = AtomicBool::new(false);
            IndexMaintainer { reader: &reader, folder: &folder, stop: &stop, commit: &mut take }
                .update(1)?;
            print_status(&reader, &folder)
        }
    }
}

fn print_status(reader: &ReadConnection, folder: &std::path::Path) -> anyhow::Result<ExitStatus> {
    let mut text = String::new();
    let (mut bytes, mut articles) = (0, 0);
    for known in reader.list_segments()? {
        let segment = Segment::open(&segment_folder(folder, known.number))?;
        let dead: u32 = known.tombstones.iter().map(|byte| byte.count_ones()).sum();
        writeln!(
            text,
            "segment {}\t{} articles\t{dead} dead\t{} bytes",
            known.number,
            known.doc_count,
            segment.disk_size()
        )?;
        bytes += segment.disk_size();
        articles += known.doc_count - dead;
    }
    writeln!(
        text,
        "{articles} articles in {bytes} bytes, {} changes to come",
        reader.count_text_changes()?
    )?;
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

fn verify_segments(
    reader: &ReadConnection,
    folder: &std::path::Path,
) -> anyhow::Result<ExitStatus> {
    let mut exit = ExitStatus::Success;
    for known in reader.list_segments()? {
        let folder = segment_folder(folder, known.number);
        match Segment::verify(&folder) {
            Ok(()) => output::write_stdout(format!("ok segment {}\n", known.number).as_bytes())?,
            Err(error) => {
                output::write_stderr_line(&format!(
                    "{error}; newsreader index rebuild makes it anew"
                ));
                exit = ExitStatus::Failed;
            }
        }
    }
    Ok(exit)
}
