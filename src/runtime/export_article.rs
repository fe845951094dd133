//! Export of articles to a file, the clipboard, the pager or a printer.

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
    text::count_noun,
};

/// Extensions of documents that other programs write.
const OTHER_FORMATS: [&str; 8] = ["pdf", "doc", "docx", "odt", "rtf", "epub", "mobi", "tex"];

/// Maximum bytes of a text for the clipboard made of several articles; terminals reject longer ones.
const MAX_CLIPBOARD_BYTES: usize = 74_000;

/// Exports articles, one after the other. Returns the message with the text for the clipboard or the
/// pager, or the notice that they were saved or printed.
pub(super) fn export_articles(
    location: &LibraryLocation,
    reading: &ReadingOptions,
    ids: &[EntryId],
    target: &ExportTarget,
) -> Result<Message, Failure> {
    check_export_target(target)?;
    let (format, is_one) = (export_format(target), ids.len() == 1);
    if let (ExportTarget::File(path, _), ExportFormat::Html, false) = (target, format, is_one) {
        let sentence = format!("Cannot write {path}: several articles are one .md or .txt file");
        return Err(Failure::new(FailureKind::File, sentence));
    }
    let reader = ReadConnection::open(location)?;
    let texts: Result<Vec<String>, Failure> = ids
        .iter()
        .map(|id| {
            let (document, header) = load_readable(&reader, &reading.boilerplate, *id)?;
            Ok(document.export(&header, format))
        })
        .collect();
    let text = texts?.join(article_separator(format));
    let articles = if is_one { "Article".to_owned() } else { count_noun(ids.len(), "article") };
    match target {
        ExportTarget::Clipboard if !is_one && text.len() > MAX_CLIPBOARD_BYTES => {
            let sentence = format!("Cannot copy {articles}: the text is too long; export a file");
            Err(Failure::new(FailureKind::Desktop, sentence))
        }
        ExportTarget::Clipboard => Ok(Message::ClipboardTextReady(text, ids.len())),
        ExportTarget::Pager => Ok(Message::PagerTextReady(text)),
        ExportTarget::File(path, existing) => {
            write_user_file(path, &text, *existing)?;
            let notice = format!("{articles} saved to {path}");
            Ok(Message::PathFinished(path.clone(), Ok(Some(notice))))
        }
        ExportTarget::Printer => {
            pipe_to_program(&reading.print_command, &text)?;
            Ok(Message::Notified(format!("{articles} printed")))
        }
    }
}

/// Returns the text between two exported articles.
fn article_separator(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Markdown => "\n\n---\n\n",
        // A form feed begins a page of a printer, and is a place to jump to in pagers.
        ExportFormat::PlainText | ExportFormat::Html => "\n\n\u{c}\n",
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
