//! podboat's queue of downloads, and the files in which newsboat remembers what was typed.

use super::notes::note;
use crate::{
    model::{DownloadState, ImportSource, ImportedDownload, ImportedLibrary, NoteKind, NotePlace},
    remote::clean_url,
};

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
        let place = NotePlace { file: file.to_owned(), line: Some(line) };
        match parse_download(raw, place) {
            Ok(download) => imported.downloads.push(download),
            Err(reason) => note(imported, NoteKind::NotTaken, (file, line), raw, reason),
        }
    }
    imported.report.sources.push(ImportSource { path: file.to_owned(), unit: "line", read });
}

/// Reads a line of the queue. podboat writes `missing`, `downloaded`, `played` and `finished`.
fn parse_download(line: &str, place: NotePlace) -> Result<ImportedDownload, String> {
    let mut words = crate::opml::split_urls_line(line);
    let url = words.next().as_deref().and_then(clean_url).ok_or("it begins with no URL")?;
    let path = words.next().unwrap_or_default();
    let state = match words.next().as_deref() {
        None | Some("") => DownloadState::Queued,
        Some("partial" | "incomplete" | "download") => DownloadState::Partial,
        Some("downloaded" | "ready") => DownloadState::Downloaded,
        Some("played" | "finished") => DownloadState::Played,
        Some("missing" | "failed" | "deleted") => DownloadState::Failed,
        Some(other) => return Err(format!("`{other}` is no state of a download")),
    };
    Ok(ImportedDownload { url, path, state, place })
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
    fn queue_becomes_downloads_and_other_lines_are_listed() {
        use DownloadState::{Downloaded, Failed, Played, Queued};

        let mut imported = ImportedLibrary::default();
        read_queue(
            "queue",
            "https://a.org/1.mp3 \"/home/ann/1.mp3\"\nhttps://a.org/2.mp3 \"/p/2 b.mp3\" downloaded\n\
             https://a.org/3.mp3 \"/p/3\" odd\nfile:///etc/passwd\nhttps://a.org/4.mp3 \"/p/4\" finished\n\
             https://a.org/5.mp3 \"/p/5\" missing\n",
            &mut imported,
        );
        let states: Vec<DownloadState> =
            imported.downloads.iter().map(|download| download.state).collect();
        assert_eq!(states, [Queued, Downloaded, Played, Failed]);
        assert_eq!(imported.downloads[1].path, "/p/2 b.mp3");
        assert_eq!(imported.downloads[3].place.line, Some(6));
        let notes = &imported.report.notes;
        let lines: Vec<Option<u64>> = notes.iter().map(|note| note.place.line).collect();
        assert_eq!(lines, [Some(3), Some(4)]);
        assert!(notes.iter().all(|note| note.kind == NoteKind::NotTaken));
        assert_eq!(imported.report.sources[0].read, 6);
    }
}
