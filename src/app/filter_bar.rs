//! The filter bar: what is typed, the caret, and what was typed before.

use chrono::NaiveDate;
use tui_input::{Input, InputRequest};

use crate::query::{self, CompletionSources, Query};

/// Characters of a filter at the most; what is pasted beyond is cut.
const MAX_INPUT_CHARS: usize = 256;

/// Filters remembered at the most.
const MAX_HISTORY: usize = 100;

/// A line of text with a caret.
#[derive(Debug, Clone, Default)]
pub struct TextInput(Input);

impl TextInput {
    /// The text.
    pub fn text(&self) -> &str {
        self.0.value()
    }

    /// The caret, in characters from the start.
    pub fn caret(&self) -> usize {
        self.0.cursor()
    }

    /// The text before the caret.
    pub fn text_before_caret(&self) -> &str {
        let text = self.text();
        let end = text.char_indices().nth(self.caret()).map_or(text.len(), |(at, _)| at);
        &text[..end]
    }

    /// Replaces the text; the caret goes to its end.
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

    /// Inserts text at the caret in one edit: control characters become blanks, the length is capped.
    pub fn insert_text(&mut self, text: &str) {
        let room = MAX_INPUT_CHARS.saturating_sub(self.text().chars().count());
        let clean: String =
            text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(room).collect();
        let (before, caret) = (self.text_before_caret().to_owned(), self.caret());
        let after = &self.text()[before.len()..];
        let whole = format!("{before}{clean}{after}");
        self.0 = Input::new(whole).with_cursor(caret + clean.chars().count());
    }
}

/// The filter bar.
#[derive(Debug, Default)]
pub struct FilterBar {
    input: TextInput,
    query: Query,
    history: Vec<String>,
    history_index: Option<usize>,
    /// What Tab has offered, and which of it is in the line.
    completion_cycle: Option<(Vec<String>, usize)>,
}

impl FilterBar {
    /// What is typed.
    pub fn input(&self) -> &TextInput {
        &self.input
    }

    /// What is typed, as text.
    pub fn text(&self) -> &str {
        self.input.text()
    }

    /// What is typed, understood.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Whether nothing is typed.
    pub fn is_empty(&self) -> bool {
        self.input.text().is_empty()
    }

    /// Changes the line; tells whether its text is another now.
    pub fn edit_input(&mut self, today: NaiveDate, change: impl FnOnce(&mut TextInput)) -> bool {
        let before = self.text().to_owned();
        change(&mut self.input);
        let changed = before != self.text();
        if changed {
            self.query = query::parse(self.text(), today);
            self.completion_cycle = None;
        }
        changed
    }

    /// What the text before the caret may go on with; only at the end of a word.
    pub fn completions(&self, vocabulary: &CompletionSources<'_>) -> Vec<String> {
        let before = self.input.text_before_caret();
        let within =
            self.text()[before.len()..].starts_with(|c: char| !c.is_whitespace() && c != ')');
        if within { Vec::new() } else { query::complete_query(before, vocabulary) }
    }

    /// Puts the first completion into the line, or the next one where one was put there before; tells whether there is
    /// any.
    pub fn insert_completion(
        &mut self,
        today: NaiveDate,
        vocabulary: &CompletionSources<'_>,
    ) -> bool {
        let (offered, at) = match self.completion_cycle.take() {
            Some((offered, at)) => {
                let next = (at + 1) % offered.len();
                (offered, next)
            }
            None => (self.completions(vocabulary), 0),
        };
        let Some(completed) = offered.get(at) else { return false };
        let after = self.text()[self.input.text_before_caret().len()..].to_owned();
        let caret = completed.chars().count();
        let whole = format!("{completed}{after}");
        self.edit_input(today, |line| {
            line.set_text(&whole);
            line.set_caret(caret);
        });
        self.completion_cycle = (offered.len() > 1).then_some((offered, at));
        true
    }

    /// Filters used before, the newest last.
    pub fn history(&self) -> &[String] {
        &self.history
    }

    /// Takes over the filters of earlier runs.
    pub fn set_history(&mut self, history: Vec<String>) {
        self.history = history;
    }

    /// Remembers what is typed, if it is worth it and new.
    pub fn add_to_history(&mut self) -> bool {
        self.history_index = None;
        let text = self.text().trim().to_owned();
        if text.chars().count() < 2 || self.history.last() == Some(&text) {
            return false;
        }
        self.history.retain(|known| *known != text);
        self.history.push(text);
        let extra = self.history.len().saturating_sub(MAX_HISTORY);
        self.history.drain(..extra);
        true
    }

    /// The filter used before the one in the bar.
    pub fn previous_in_history(&mut self) -> Option<String> {
        let at = self.history_index.unwrap_or(self.history.len()).checked_sub(1)?;
        self.history_index = Some(at);
        self.history.get(at).cloned()
    }

    /// The filter used after the one in the bar; the empty one at the end.
    pub fn next_in_history(&mut self) -> Option<String> {
        let at = self.history_index? + 1;
        self.history_index = (at < self.history.len()).then_some(at);
        Some(self.history.get(at).cloned().unwrap_or_default())
    }
}
