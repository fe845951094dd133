//! The right end of the filter bar while a filter is typed: how many entries match, where they were
//! searched, and the key that searches everywhere.

use super::ScreenPainter;
use crate::{
    app::{FarStatus, LayoutClass},
    command::Command,
    model::{SearchProgress, ViewScope},
    text::{group_thousands, truncate, width},
};

/// Minimum number of columns in which the name of a scope is worth showing.
const MIN_NAME_COLUMNS: usize = 4;

impl ScreenPainter<'_> {
    /// Returns the number of matches in the longest form that fits into `room` columns, such as
    /// `34 of 12,430 · best first · 3 ms` or `3 of 47 in LWN · Alt-a searches all 12,430`.
    pub(super) fn result_count_text(&self, class: LayoutClass, room: usize) -> String {
        let entries = &self.app.entry_list;
        let forms = if entries.has_failed() {
            vec!["search failed".to_owned()]
        } else if entries.is_searching() {
            self.search_progress_forms()
        } else {
            self.result_count_forms(class, room)
        };
        first_fitting(forms, room)
    }

    /// Returns the forms of the progress of a search, such as `12+ · searching… 300 of 4,000 read`.
    fn search_progress_forms(&self) -> Vec<String> {
        let entries = &self.app.entry_list;
        let more =
            format!("{}+ {} ", group_thousands(entries.len() as u64), self.style.glyphs.separator);
        let found = if entries.is_outdated() { String::new() } else { more };
        let searching = format!("{found}searching…");
        let Some(progress) = entries.search_progress() else { return vec![searching] };
        let SearchProgress { read_count, text_count } = progress;
        let [read, texts] = [read_count, text_count].map(group_thousands);
        let percent = read_count * 100 / text_count.max(1);
        vec![
            format!("{searching} {read} of {texts} read"),
            format!("{searching} {percent}%"),
            searching,
        ]
    }

    /// Returns the forms of the number of matches, the longest first.
    fn result_count_forms(&self, class: LayoutClass, room: usize) -> Vec<String> {
        let entries = &self.app.entry_list;
        let dot = format!(" {} ", self.style.glyphs.separator);
        let summary = entries.search_summary();
        let more = if summary.unindexed_count > 0 { "+" } else { "" };
        let (count, out_of) =
            (group_thousands(entries.found_count() as u64), entries.scope_count());
        // The library states how many articles it lists, and these are others.
        let count = if self.app.filter_bar.query().names_unlisted_state() {
            format!("{count}{more}")
        } else {
            format!("{count}{more} of {}", group_thousands(out_of))
        };
        let mut details: Vec<String> = self.far_count_text().into_iter().collect();
        details.extend(self.list_marks());
        if class >= LayoutClass::Narrow {
            details.extend(summary.elapsed.map(|elapsed| format!("{} ms", elapsed.as_millis())));
        }
        if summary.unindexed_count > 0 && class >= LayoutClass::Narrow {
            details.push(format!("{} not yet indexed", group_thousands(summary.unindexed_count)));
        }
        let mut forms = if entries.definition().limits_search() {
            self.limited_scope_forms(&count, &details, room)
        } else {
            shortened_lists(&[vec![count.clone()], details].concat(), 1, &dot)
        };
        forms.push(count);
        forms
    }

    /// Returns what the shared archive has of the list, such as `at least 300 in the archive`; `None` if it was not asked.
    fn far_count_text(&self) -> Option<String> {
        match self.app.entry_list.far_status() {
            FarStatus::Unknown => None,
            FarStatus::Searching => Some("searching the archive…".to_owned()),
            FarStatus::Failed(_) => Some("no answer from the archive".to_owned()),
            FarStatus::Found(results) => {
                far_count_phrase(self.app.entry_list.far_count(), results.is_lower_bound)
            }
        }
    }

    /// Returns the forms for a filter that searches only a part of the library.
    fn limited_scope_forms(&self, count: &str, details: &[String], room: usize) -> Vec<String> {
        let entries = &self.app.entry_list;
        let dot = format!(" {} ", self.style.glyphs.separator);
        let state = if entries.definition().unread_only { " unread" } else { "" };
        let name = self.limited_scope_name();
        let place = if name.is_empty() { String::new() } else { format!(" in {name}") };
        let total = group_thousands(entries.stored_count());
        let key = self.search_everywhere_key();
        let widen = key.as_ref().map(|key| format!("{key} searches all {total}"));
        let least = 1 + usize::from(widen.is_some());
        let parts: Vec<String> = [format!("{count}{state}{place}")]
            .into_iter()
            .chain(widen)
            .chain(details.iter().cloned())
            .collect();
        let mut forms = shortened_lists(&parts, least, &dot);
        let short_key = key.map_or_else(String::new, |key| format!("{dot}{key} all"));
        forms.push(format!("{count}{state}{place}{short_key}"));
        let left = room.saturating_sub(width(count) + width(state) + " in ".len());
        let left = left.saturating_sub(width(&short_key));
        if left >= MIN_NAME_COLUMNS && !name.is_empty() {
            forms.push(format!("{count}{state} in {}{short_key}", truncate(&name, left)));
        }
        forms.push(format!("{count}{state}{short_key}"));
        forms
    }

    /// Returns the name of the scope; empty if only the read state limits the search.
    pub(super) fn limited_scope_name(&self) -> String {
        let scope = self.app.scope();
        if scope.widens_when_filtered() || *scope == ViewScope::All {
            return String::new();
        }
        self.app.sidebar.scope_name(scope)
    }

    /// Returns the key that searches all articles. Without hits, the key that opens one does it,
    /// unless it takes a suggestion.
    fn search_everywhere_key(&self) -> Option<String> {
        let entries = &self.app.entry_list;
        let opens_nothing = entries.row_count() == 0 && entries.suggested_filter().is_none();
        let command = if opens_nothing { Command::Open } else { Command::SearchEverywhere };
        self.pane_shortcut(command)
    }
}

/// Returns what the archive has found, of which there may be more if `is_lower_bound`.
fn far_count_phrase(count: usize, is_lower_bound: bool) -> Option<String> {
    let grouped = group_thousands(count as u64);
    match (count, is_lower_bound) {
        (0, false) => None,
        (0, true) => Some("archive not searched to its end".to_owned()),
        (_, false) => Some(format!("{grouped} in the archive")),
        (_, true) => Some(format!("at least {grouped} in the archive")),
    }
}

/// Joins `parts`, then again without the last part, down to `least` parts.
pub(super) fn shortened_lists(parts: &[String], least: usize, separator: &str) -> Vec<String> {
    (least..=parts.len()).rev().map(|len| parts[..len].join(separator)).collect()
}

/// Returns the first of some forms that fits into a number of columns, or else the last one.
pub(super) fn first_fitting(mut forms: Vec<String>, columns: usize) -> String {
    let fitting = forms.iter().position(|form| width(form) <= columns);
    forms.swap_remove(fitting.unwrap_or(forms.len() - 1))
}
