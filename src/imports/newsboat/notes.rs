//! Notes about the lines of newsboat's files.

use crate::{
    model::{ImportedLibrary, NoteKind, NotePlace},
    text::redact_user_info,
};

/// Notes something at a line.
pub(super) fn note(
    imported: &mut ImportedLibrary,
    kind: NoteKind,
    (file, line): (&str, u64),
    subject: &str,
    reason: impl Into<String>,
) {
    let place = NotePlace { file: file.to_owned(), line: Some(line) };
    imported.report.note(kind, place, shorten(subject), reason);
}

/// Returns a text of a file for a note, without passwords in URLs, cut where it is long.
pub(super) fn shorten(text: &str) -> String {
    const MAX_CHARS: usize = 200;
    let text = redact_user_info(text.trim());
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}
