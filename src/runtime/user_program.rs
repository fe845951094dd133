//! The programs that get an article: the user's commands.

use std::io::{self, Write};

use crossbeam_channel::Sender;

use super::{
    child_process::spawn_detached, ports::ReadingOptions, terminal::run_on_terminal,
    text_file::TextFile,
};
use crate::{
    app::{Message, ProgramRun},
    library::{ReadableArticles, full_article_json},
    markup::ExportFormat,
    model::{EntryId, Failure, FailureKind},
    store::{LibraryLocation, ReadConnection},
};

/// Runs a command of the user's on the article `id` and waits until it has ended. One that needs the
/// terminal is left to the event loop.
pub(super) fn run_user_program(
    location: &LibraryLocation,
    reading: &ReadingOptions,
    id: EntryId,
    run: ProgramRun,
    messages: &Sender<Message>,
) -> Result<Option<Message>, Failure> {
    let reader = ReadConnection::open(location)?;
    let articles = ReadableArticles::open(&reader, &reading.boilerplate)?;
    let article = articles.load(id)?;
    let text = if run.reads_json() {
        full_article_json(&article)?
    } else {
        article.document.export(&article.header, ExportFormat::PlainText)
    };
    if run.takes_terminal() {
        return Ok(Some(Message::ProgramReady(run, text)));
    }
    let to_failure = |error: &dyn std::fmt::Display| program_failure(&run, error);
    let file = write_text_file(&run, &text).map_err(|error| to_failure(&error))?;
    let argv = run.command_line(&path_of(file.as_ref()));
    let mut child = spawn_detached(&argv).map_err(|error| to_failure(&error))?;
    let _ = messages.send(Message::Notified(format!("{} started", run.name)));
    if let Some(mut stdin) = child.stdin.take() {
        // A program need not read its input.
        let _ = stdin.write_all(text.as_bytes());
    }
    let status = child.wait().map_err(|error| to_failure(&error))?;
    if status.success() { Ok(None) } else { Err(to_failure(&format!("it ended with {status}"))) }
}

/// Runs a command of the user's that has the terminal, and waits until it has ended.
pub(super) fn run_program_on_terminal(run: &ProgramRun, text: &str) -> Result<(), Failure> {
    let to_failure = |error: io::Error| program_failure(run, &error);
    let file = write_text_file(run, text).map_err(to_failure)?;
    let argv = run.command_line(&path_of(file.as_ref()));
    run_on_terminal(&argv, run.reads_text().then_some(text)).map(drop).map_err(to_failure)
}

/// Writes the text into a file for the program, if it needs one.
fn write_text_file(run: &ProgramRun, text: &str) -> io::Result<Option<TextFile>> {
    run.needs_file().then(|| TextFile::create(&std::env::temp_dir(), text)).transpose()
}

fn path_of(file: Option<&TextFile>) -> String {
    file.map(|file| file.path().display().to_string()).unwrap_or_default()
}

fn program_failure(run: &ProgramRun, reason: &dyn std::fmt::Display) -> Failure {
    let sentence = format!("Cannot run {}: {reason}", run.name);
    Failure::new(FailureKind::Desktop, sentence)
}
