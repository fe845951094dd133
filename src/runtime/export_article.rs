//! Export of an article to a file, the clipboard, the pager or a printer.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use super::ports::ReadingOptions;
use crate::{
    app::{ExportTarget, Message},
    library::{load_readable, write_user_file},
    markup::ExportFormat,
    model::{EntryId, Failure, FailureKind},
    store::{LibraryLocation, ReadConnection},
};

/// Exports the article `id`. Returns the message with the text for the clipboard or the pager, or
/// the notice that the article was saved or printed.
pub(super) fn export_article(
    location: &LibraryLocation,
    reading: &ReadingOptions,
    id: EntryId,
    target: &ExportTarget,
) -> Result<Message, Failure> {
    let reader = ReadConnection::open(location)?;
    let (document, header) = load_readable(&reader, &reading.boilerplate, id)?;
    let text = document.export(&header, export_format(target));
    match target {
        ExportTarget::Clipboard => Ok(Message::ClipboardTextReady(text)),
        ExportTarget::Pager => Ok(Message::PagerTextReady(text)),
        ExportTarget::File(path, existing) => {
            write_user_file(path, &text, *existing)?;
            let notice = format!("Article saved to {path}");
            Ok(Message::PathFinished(path.clone(), Ok(Some(notice))))
        }
        ExportTarget::Printer => {
            pipe_to_program(&reading.print_command, &text)?;
            Ok(Message::Notified("Article printed".to_owned()))
        }
    }
}

fn export_format(target: &ExportTarget) -> ExportFormat {
    match target {
        ExportTarget::Clipboard => ExportFormat::Markdown,
        ExportTarget::File(path, _) => ExportFormat::from_file_name(path),
        ExportTarget::Pager | ExportTarget::Printer => ExportFormat::PlainText,
    }
}

/// Pipes `text` to the program `argv`, started without a shell, and waits until it has ended.
fn pipe_to_program(argv: &[String], text: &str) -> Result<(), Failure> {
    let [name, arguments @ ..] = argv else {
        let sentence = "No print program; set one in the settings: article.print = [\"lpr\"]";
        return Err(Failure::new(FailureKind::Settings, sentence));
    };
    let to_failure = |reason: String| {
        Failure::new(FailureKind::Desktop, format!("Cannot print with {name}: {reason}"))
    };
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| to_failure(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends before it has read everything reports that with its exit status.
        let _ = stdin.write_all(text.as_bytes());
    }
    let status = child.wait().map_err(|error| to_failure(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(to_failure(format!("it ended with {status}"))) }
}
