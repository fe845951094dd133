//! Articles handed over: written to a file, to the clipboard, to a program.

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use chrono::Local;

use super::lists::home;
use crate::{
    documents::{self, About},
    markup::{Document, Heading, Junk},
    model::{Body, BodyFormat, EntryId, Failure, FailureKind},
    store::Reader,
    text::{clean, long},
};

/// An article as it is read, and what stands above it.
pub fn readable(reader: &Reader, tidy: &[Junk], id: EntryId) -> Result<(Document, Heading), Failure> {
    let gone = || Failure::new(FailureKind::Library, format!("Article {id} is not in the library any more"));
    let (body, entry) = (reader.body(id)?.ok_or_else(gone)?, reader.entry(id)?.ok_or_else(gone)?);
    let attached = reader.attached(id)?;
    let about = About { title: &entry.title, link: entry.link.as_deref(), attached: &attached, tidy };
    let body = match reader.original(id)? {
        Some(original) if original.shown => Body { format: BodyFormat::Html, text: original.html },
        _ => body,
    };
    let document = documents::whole(&body, &about);
    let feeds = reader.feeds()?;
    let source = feeds.iter().find(|feed| feed.id == entry.feed).map(|feed| feed.name().to_owned());
    let facts = [source, entry.author, Some(long(entry.published.day(&Local)))];
    let facts = facts.into_iter().flatten().map(|fact| clean::line(&fact).into_owned()).collect();
    let title = clean::line(&entry.title).into_owned();
    Ok((document, Heading { title, facts, link: entry.link }))
}

/// Writes `text` to a new file at `path`; one that is there is left alone.
pub(super) fn to_file(path: &str, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let reason = match error.kind() {
            std::io::ErrorKind::AlreadyExists => "there is a file of that name".to_owned(),
            _ => error.to_string(),
        };
        Failure::new(FailureKind::File, format!("Cannot write {path}: {reason}"))
    };
    let mut file = fs::File::create_new(home(path)).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// Gives `text` to the program `argv`, without a shell, and waits until it has ended.
pub(super) fn to_program(argv: &[String], text: &str) -> Result<(), Failure> {
    let [name, arguments @ ..] = argv else {
        let sentence = "Name a program first: article.print = [\"lpr\"] in the settings";
        return Err(Failure::new(FailureKind::Settings, sentence));
    };
    let failed =
        |reason: String| Failure::new(FailureKind::Desktop, format!("Cannot print with {name}: {reason}"));
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not want all of it says so by how it ends.
        let _ = stdin.write_all(text.as_bytes());
    }
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(format!("it ended with {status}"))) }
}
