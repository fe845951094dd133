//! `newsreader import FILE`: articles in JSON, and subscription lists.

use std::{fs::File, io::Read as _, path::Path};

use anyhow::Context as _;

use super::{options::ImportOptions, run_import::run_import};
use crate::{
    cli::{environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs, output},
    feed::decode_text,
    imports::{parse_page_list, read_item_files},
    library::parse_subscriptions,
    model::{ImportSource, ImportedBatch, ImportedFeed, ImportedLibrary, NoteKind, NotePlace},
    opml::{OpmlDocument, OpmlError, OpmlOutline},
};

/// Maximum length of a list of pages or feeds.
const MAX_LIST_BYTES: u64 = 256 << 20;

/// Imports files one after the other. The status is a failure if something of one was not taken.
pub fn run_files(
    args: &GlobalArgs,
    environment: &Environment,
    files: &[std::path::PathBuf],
    options: ImportOptions,
) -> anyhow::Result<ExitStatus> {
    let mut exit = ExitStatus::Success;
    for path in files {
        if import_file(args, environment, path, options)? != ExitStatus::Success {
            exit = ExitStatus::Failed;
        }
    }
    Ok(exit)
}

fn import_file(
    args: &GlobalArgs,
    environment: &Environment,
    path: &Path,
    options: ImportOptions,
) -> anyhow::Result<ExitStatus> {
    let context = || format!("cannot import {}", path.display());
    let start = read_start(path).with_context(context)?;
    if start.starts_with(b"PK\x03\x04") {
        let files = read_item_files(path).map_err(output::to_error)?;
        return import_batches(args, environment, options, (files.imported, files.batches));
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    if start.starts_with(b"{")
        && let Ok(files) = read_item_files(path)
    {
        return import_batches(args, environment, options, (files.imported, files.batches));
    }
    let bytes = read_bytes(path).with_context(context)?;
    let text = decode_text(&bytes, None);
    if !text.contains("<opml")
        && let Ok(list) = parse_page_list(&name, &text)
    {
        return import_batches(args, environment, options, (list.imported, list.batches));
    }
    let list = match parse_subscriptions(&bytes) {
        Err(OpmlError::NotAList) => {
            anyhow::bail!("{}: {}", context(), foreign_reason(path, &start))
        }
        list => list.with_context(context)?,
    };
    import_batches(args, environment, options, (to_library(&name, list), Vec::new()))
}

/// Returns why a file is none that can be imported, as its name or its beginning promises another one.
fn foreign_reason(path: &Path, start: &[u8]) -> &'static str {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    if extension == "zip" {
        "it is not a ZIP archive, or cut off"
    } else if extension == "json" || start.starts_with(b"{") || start.starts_with(b"[") {
        "it is no list of articles in JSON, and no list of pages"
    } else {
        "it is none of the files that `newsreader import --help` names"
    }
}

fn import_batches(
    args: &GlobalArgs,
    environment: &Environment,
    options: ImportOptions,
    (imported, batches): (ImportedLibrary, Vec<ImportedBatch>),
) -> anyhow::Result<ExitStatus> {
    let mut batches = batches.into_iter().map(Ok);
    run_import(args, environment, options, (imported, &mut batches))
}

/// Reads the beginning of a file, without a byte order mark and blanks.
fn read_start(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut start = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut start)?;
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    Ok(text.trim_ascii_start().to_vec())
}

/// Reads a list of pages or feeds.
fn read_bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_LIST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_LIST_BYTES {
        return Err(std::io::Error::other(format!(
            "it is larger than {} MiB",
            MAX_LIST_BYTES >> 20
        )));
    }
    Ok(bytes)
}

fn to_library(name: &str, list: OpmlDocument) -> ImportedLibrary {
    let mut imported = ImportedLibrary::default();
    let read = (list.outlines.len() + list.rejected.len()) as u64;
    let report = &mut imported.report;
    report.sources.push(ImportSource { path: name.to_owned(), unit: "feed", read });
    let place = |line| NotePlace { file: name.to_owned(), line };
    for rejected in list.rejected {
        let place = place(Some(rejected.line));
        report.note(NoteKind::NotTaken, place, rejected.url, rejected.reason);
    }
    let kind = if list.is_incomplete { NoteKind::NotTaken } else { NoteKind::Changed };
    for warning in list.warnings {
        report.note(kind, place(None), name, warning);
    }
    imported.feeds = list.outlines.into_iter().map(to_feed).collect();
    imported
}

/// Converts a feed of a list. Its title is the name that the user sees, as in `feed import`.
fn to_feed(outline: OpmlOutline) -> ImportedFeed {
    ImportedFeed {
        url: outline.xml_url,
        title: outline.title.clone(),
        name: outline.title,
        folder: outline.folder,
        tags: outline.tags,
    }
}
