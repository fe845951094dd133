//! podboat's queue of downloads, and the files in which newsboat remembers what was typed.

use super::notes::note;
use crate::model::{DownloadState, ImportSource, ImportedDownload, ImportedLibrary, NoteKind};

/// Maximum number of downloads.
const MAX_DOWNLOADS: u64 = 100_000;

/// Reads the queue: on each line a URL, a path in quotation marks, and a state, which a queued file has
/// none of.
pub(super) fn read_queue(file: &str, text: &str, imported: &mut ImportedLibrary) {
    let mut read = 0;
    for (line, raw) in (1..).zip(text.lines()) {
        let raw = raw.trim();
        if raw.is_empty() || raw.starts_with('#') {
            continue;
        }
        read += 1;
        if read > MAX_DOWNLOADS {
            note(imported, NoteKind::NotTaken, (file, line), raw, "the queue is too long");
            break;
        }
        match parse_download(raw) {
            Some(download) => {
                let reason =
                    format!("a download ({}); downloads are not taken over", download.state.name());
                note(imported, NoteKind::NoCounterpart, (file, line), &download.url, reason);
                imported.downloads.push(download);
            }
            None => note(imported, NoteKind::NotTaken, (file, line), raw, "it is no download"),
        }
    }
    imported.report.sources.push(ImportSource { path: file.to_owned(), unit: "line", read });
}

fn parse_download(line: &str) -> Option<ImportedDownload> {
    let mut words = crate::opml::split_urls_line(line);
    let url = words.next().filter(|url| !url.is_empty())?;
    let path = words.next().unwrap_or_default();
    let state = match words.next().as_deref() {
        None | Some("") => DownloadState::Queued,
        Some("partial" | "incomplete" | "download") => DownloadState::Partial,
        Some("downloaded" | "ready") => DownloadState::Downloaded,
        Some("played" | "finished") => DownloadState::Played,
        Some("missing" | "failed" | "deleted") => DownloadState::Failed,
        Some(_) => return None,
    };
    Some(ImportedDownload { url, path, state })
}

/// Notes that what was typed in newsboat is left out.
pub(super) fn note_history(file: &str, text: &str, imported: &mut ImportedLibrary) {
    let read = text.lines().filter(|line| !line.trim().is_empty()).count() as u64;
    if read > 0 {
        let reason = "what was typed in newsboat is not offered here";
        note(imported, NoteKind::NoCounterpart, (file, 1), file, reason);
    }
    imported.report.sources.push(ImportSource { path: file.to_owned(), unit: "line", read });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queue_is_kept_as_typed_values_and_listed() {
        let mut imported = ImportedLibrary::default();
        read_queue(
            "queue",
            "https://a.org/1.mp3 \"/home/ann/1.mp3\"\nhttps://a.org/2.mp3 \"/p/2 b.mp3\" downloaded\n\
             https://a.org/3.mp3 \"/p/3\" odd\n",
            &mut imported,
        );
        let states: Vec<DownloadState> =
            imported.downloads.iter().map(|download| download.state).collect();
        assert_eq!(states, [DownloadState::Queued, DownloadState::Downloaded]);
        assert_eq!(imported.downloads[1].path, "/p/2 b.mp3");
        assert_eq!(imported.report.notes.len(), 3);
        assert_eq!(imported.report.notes[2].kind, NoteKind::NotTaken);
    }
}
