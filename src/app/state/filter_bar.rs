//! The filter bar: its text, the query parsed from it, completions and the history.

use std::ops::Range;

use super::{Sidebar, TextInput};
use crate::{
    app::{Effects, StoreWrite},
    model::{Feed, SessionUpdate},
    query::{self, CompletionSources, Query},
};
use chrono::NaiveDate;

/// Maximum number of filters in the history.
const MAX_HISTORY: usize = 100;

/// The filter bar.
#[derive(Debug, Default)]
pub struct FilterBar {
    input: TextInput,
    query: Query,
    history: Vec<String>,
    history_index: Option<usize>,
    /// Completions offered so far, and the index of the one in the line.
    completion_cycle: Option<(Vec<String>, usize)>,
}

impl FilterBar {
    /// Returns the line of text.
    pub fn input(&self) -> &TextInput {
        &self.input
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        self.input.text()
    }

    /// Returns the query parsed from the text.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Returns whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.input.text().is_empty()
    }

    /// Edits the line; returns whether its text changed.
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

    /// Returns completions of the text before the caret; none within a word.
    pub fn completions(&self, sources: &CompletionSources<'_>) -> Vec<String> {
        let before = self.input.text_before_caret();
        let within =
            self.text()[before.len()..].starts_with(|c: char| !c.is_whitespace() && c != ')');
        if within { Vec::new() } else { query::complete_query(before, sources) }
    }

    /// Inserts the first completion, or the next one if a completion was inserted before. Returns
    /// false if there is none.
    pub fn insert_completion(&mut self, today: NaiveDate, sources: &CompletionSources<'_>) -> bool {
        let (offered, at) = match self.completion_cycle.take() {
            Some((offered, at)) => {
                let next = (at + 1) % offered.len();
                (offered, next)
            }
            None => (self.completions(sources), 0),
        };
        let Some(completed) = offered.get(at) else { return false };
        let after = self.text()[self.input.text_before_caret().len()..].to_owned();
        let caret = completed.chars().count();
        let text = format!("{completed}{after}");
        self.edit_input(today, |line| {
            line.set_text(&text);
            line.set_caret(caret);
        });
        self.completion_cycle = (offered.len() > 1).then_some((offered, at));
        true
    }

    /// Returns the name before the caret if no feed, folder or tag has it.
    pub(in crate::app) fn unknown_name(&self, sources: &CompletionSources<'_>) -> Option<&str> {
        query::find_unknown_name(self.input.text_before_caret(), sources)
    }

    /// Returns the filters used before, oldest first.
    pub fn history(&self) -> &[String] {
        &self.history
    }

    /// Sets the filters used in earlier runs.
    pub fn set_history(&mut self, history: Vec<String>) {
        self.history = history;
    }

    /// Appends the text to the history if it has at least two characters and is not the last
    /// filter. Returns whether it was appended.
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

    /// Returns the filter used before the one in the bar.
    pub fn previous_in_history(&mut self) -> Option<String> {
        let at = self.history_index.unwrap_or(self.history.len()).checked_sub(1)?;
        self.history_index = Some(at);
        self.history.get(at).cloned()
    }

    /// Returns the filter used after the one in the bar, and the empty filter after the last.
    pub fn next_in_history(&mut self) -> Option<String> {
        let at = self.history_index? + 1;
        self.history_index = (at < self.history.len()).then_some(at);
        Some(self.history.get(at).cloned().unwrap_or_default())
    }

    /// Appends the text to the history and saves the history.
    pub(in crate::app) fn remember(&mut self) -> Effects {
        let history = self.add_to_history().then(|| self.history.clone());
        history.map(|history| StoreWrite::SaveSession(SessionUpdate::FilterHistory(history))).into()
    }

    /// Returns the filter narrowed to `days`; replaces an earlier filter by day.
    pub(in crate::app) fn narrowed_to(&self, days: &Range<NaiveDate>) -> String {
        let last = days.end.pred_opt().unwrap_or(days.end);
        let within = if last == days.start {
            format!("on:{last}")
        } else {
            format!("between:{}..{last}", days.start)
        };
        let words = self.text().split_whitespace().filter(|word| !is_day_filter(word));
        let narrowed: Vec<&str> = words.chain([within.as_str()]).collect();
        narrowed.join(" ") + " "
    }

    /// Returns the first completion as it is shown after the text, if the caret is at its end.
    pub(in crate::app) fn completion_suffix(&self, sidebar: &Sidebar) -> Option<String> {
        let at_end = self.input.text_before_caret().len() == self.text().len();
        if !at_end || self.is_empty() {
            return None;
        }
        let first = self.completions(&completion_sources(sidebar)).into_iter().next()?;
        if let Some(rest) = first.strip_prefix(self.text()) {
            return Some(rest.to_owned());
        }
        // A name with the text in its middle: it is shown beside the text, not after it.
        let shared = first.char_indices().zip(self.text().chars());
        let start = shared.take_while(|((_, a), b)| a == b).map(|((at, a), _)| at + a.len_utf8());
        Some(format!("  {}", &first[start.last().unwrap_or(0)..]))
    }
}

/// Collects the names of feeds, folders and tags that filters may be completed with.
pub(in crate::app) fn completion_sources(sidebar: &Sidebar) -> CompletionSources<'_> {
    let feeds = &sidebar.data().feeds;
    let mut folders: Vec<&str> = feeds.iter().filter_map(|feed| feed.folder()).collect();
    let feed_tags = feeds.iter().flat_map(|feed| feed.subscription.tags.iter().map(String::as_str));
    let own_tags = sidebar.data().tags.iter().map(|tag| tag.name.as_str());
    let mut tags: Vec<&str> = own_tags.chain(feed_tags).collect();
    for names in [&mut folders, &mut tags] {
        names.sort_unstable();
        names.dedup();
    }
    CompletionSources { feeds: feeds.iter().map(Feed::display_name).collect(), folders, tags }
}

/// Returns whether `word` is a filter by day, as [`FilterBar::narrowed_to`] appends.
fn is_day_filter(word: &str) -> bool {
    word.starts_with("on:") || word.starts_with("between:")
}
