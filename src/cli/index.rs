//! `newsreader index`: the files by which articles are found, and how they are.

use std::{fmt::Write, sync::atomic::AtomicBool};

use clap::Subcommand;

use super::{Args, Environment, Exit, library::Library, output};
use crate::{
    index::{Segment, folder_of},
    runtime::Indexer,
    store::{NewSegments, Reader},
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
pub fn run(args: &Args, environment: &Environment, command: IndexCommand) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    let reader = Reader::open(&library.location)?;
    let Some(folder) = library.location.index() else {
        output::note("A library in memory has no index.");
        return Ok(Exit::Done);
    };
    match command {
        IndexCommand::Status => status(&reader, &folder),
        IndexCommand::Verify => verify(&reader, &folder),
        IndexCommand::Rebuild => {
            let store = &mut library.store;
            store.forget_segments()?;
            let mut take = |new: NewSegments| store.take_segments(&new);
            let stop = AtomicBool::new(false);
            Indexer { reader: &reader, folder: &folder, stop: &stop, take: &mut take }.run(1)?;
            status(&reader, &folder)
        }
    }
}

fn status(reader: &Reader, folder: &std::path::Path) -> anyhow::Result<Exit> {
    let mut text = String::new();
    let (mut bytes, mut articles) = (0, 0);
    for known in reader.segments()? {
        let segment = Segment::open(&folder_of(folder, known.number))?;
        let dead: u32 = known.dead.iter().map(|byte| byte.count_ones()).sum();
        writeln!(
            text,
            "segment {}\t{} articles\t{dead} dead\t{} bytes",
            known.number,
            known.articles,
            segment.size()
        )?;
        bytes += segment.size();
        articles += known.articles - dead;
    }
    writeln!(text, "{articles} articles in {bytes} bytes, {} changes to come", reader.count_text_changes()?)?;
    output::write(text.as_bytes())?;
    Ok(Exit::Done)
}

fn verify(reader: &Reader, folder: &std::path::Path) -> anyhow::Result<Exit> {
    let mut exit = Exit::Done;
    for known in reader.segments()? {
        let folder = folder_of(folder, known.number);
        match Segment::verify(&folder) {
            Ok(()) => output::write(format!("ok segment {}\n", known.number).as_bytes())?,
            Err(error) => {
                output::note(&format!("{error}; newsreader index rebuild makes it anew"));
                exit = Exit::Failed;
            }
        }
    }
    Ok(exit)
}
