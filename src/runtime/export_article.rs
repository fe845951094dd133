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

/// Extensions of documents that other programs write.
const OTHER_FORMATS: [&str; 8] = ["pdf", "doc", "docx", "odt", "rtf", "epub", "mobi", "tex"];

/// Exports the article `id`. Returns the message with the text for the clipboard or the pager, or
/// the notice that the article was saved or printed.
pub(super) fn export_article(
    location: &LibraryLocation,
    reading: &ReadingOptions,
    id: EntryId,
    target: &ExportTarget,
) -> Result<Message, Failure> {
    check_export_target(target)?;
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

/// Refuses a file whose name promises a format that is not written.
fn check_export_target(target: &ExportTarget) -> Result<(), Failure> {
    let ExportTarget::File(path, _) = target else { return Ok(()) };
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    if extension.is_some_and(|extension| OTHER_FORMATS.contains(&extension.as_str())) {
        let sentence = format!("Cannot write {path}: articles are .md, .html or .txt files");
        return Err(Failure::new(FailureKind::File, sentence));
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ExistingFile;

    #[test]
    fn export_refuses_names_of_formats_that_are_not_written() {
        let is_refused = |path: &str| {
            check_export_target(&ExportTarget::File(path.to_owned(), ExistingFile::Keep)).is_err()
        };
        for path in ["~/x.pdf", "x.EPUB"] {
            assert!(is_refused(path), "{path}");
        }
        for path in ["~/x.md", "x.html", "x", "notes.v2", "a.pdf.txt"] {
            assert!(!is_refused(path), "{path}");
        }
    }
}
