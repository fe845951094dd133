//! A line of text with a caret, and the edits that commands make in it.

use std::fmt;

use tui_input::{Input, InputRequest};

use crate::command::Command;

/// Maximum number of characters in a line that is searched for while it is typed: the filter, a picker,
/// the find bar.
pub(in crate::app) const MAX_SEARCH_CHARS: usize = 256;

/// Maximum number of characters in any other line: addresses with a token in them have thousands.
pub(in crate::app) const MAX_LINE_CHARS: usize = 4_096;

/// A line of text with a caret. The text may be a password, and is never part of a debug output.
#[derive(Clone, Default)]
pub struct TextInput(Input);

impl fmt::Debug for TextInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TextInput({} characters)", self.text().chars().count())
    }
}

impl TextInput {
    /// Returns the text.
    pub fn text(&self) -> &str {
        self.0.value()
    }

    /// Returns the caret, in characters from the start.
    pub fn caret(&self) -> usize {
        self.0.cursor()
    }

    /// Returns the text before the caret.
    pub fn text_before_caret(&self) -> &str {
        let text = self.text();
        let end = text.char_indices().nth(self.caret()).map_or(text.len(), |(at, _)| at);
        &text[..end]
    }

    /// Returns the line with an asterisk in place of each character.
    #[must_use]
    pub fn hidden(&self) -> TextInput {
        let stars = "*".repeat(self.text().chars().count());
        TextInput(Input::new(stars).with_cursor(self.caret()))
    }

    /// Replaces the text and puts the caret at its end.
    pub fn set_text(&mut self, text: &str) {
        self.0 = Input::new(text.to_owned());
    }

    /// Puts the caret before character `index`, or at the end.
    pub fn set_caret(&mut self, index: usize) {
        let _ = self.0.handle(InputRequest::SetCursor(index));
    }

    /// Makes one edit.
    pub fn apply_edit(&mut self, request: InputRequest) {
        let _ = self.0.handle(request);
    }

    /// Inserts text at the caret in one edit, as far as the line has room for at most `limit` characters;
    /// control characters become blanks. Returns the number of characters that were left out.
    pub fn insert_text(&mut self, text: &str, limit: usize) -> usize {
        let room = limit.saturating_sub(self.text().chars().count());
        let clean: String =
            text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(room).collect();
        let (before, caret) = (self.text_before_caret().to_owned(), self.caret());
        let after = &self.text()[before.len()..];
        let whole = format!("{before}{clean}{after}");
        let inserted = clean.chars().count();
        self.0 = Input::new(whole).with_cursor(caret + inserted);
        text.chars().count() - inserted
    }
}

/// Returns the edit that a command makes in the line with the caret; `None` for all other commands.
pub(in crate::app) fn edit_of(command: Command) -> Option<InputRequest> {
    Some(match command {
        Command::DeleteBack => InputRequest::DeletePrevChar,
        Command::DeleteForward => InputRequest::DeleteNextChar,
        Command::DeleteWord => InputRequest::DeletePrevWord,
        Command::DeleteLine => InputRequest::DeleteLine,
        Command::CaretStart => InputRequest::GoToStart,
        Command::CaretEnd => InputRequest::GoToEnd,
        Command::CaretLeft => InputRequest::GoToPrevChar,
        Command::CaretRight => InputRequest::GoToNextChar,
        Command::WordLeft => InputRequest::GoToPrevWord,
        Command::WordRight => InputRequest::GoToNextWord,
        _ => return None,
    })
}
