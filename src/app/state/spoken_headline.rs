//! The selected headline on a screen for a screen reader, which is never cut while there are rows.

use std::borrow::Cow;

use super::StoryPlace;
use crate::{
    app::tag_label,
    model::{Entry, EntryState, StorySummary},
    text::{LIST_DATE_WIDTH, LocalNow, count_noun, sanitize, split_row, truncate, width},
};

/// Minimum columns of a headline beside its date.
const MIN_FIRST_ROW: usize = 10;

/// A headline with words for its marks and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenHeadline {
    /// Words for the marks, in front of the headline.
    pub state_words: String,
    /// The headline, its source and its tags.
    pub text: String,
}

impl SpokenHeadline {
    /// Creates the headline of an entry; `source` is the name of its source if the list has several.
    pub(in crate::app) fn new(
        entry: &Entry,
        source: Option<&str>,
        (is_marked, story): (bool, Option<StoryPlace>),
        now: LocalNow,
    ) -> SpokenHeadline {
        let mut text = sanitize::to_line(&entry.title).into_owned();
        if let Some(source) = source {
            text = format!("{text}, from {}", sanitize::to_line(source));
        }
        if let (Some(summary), Some(place)) = (entry.story, story) {
            text = format!("{text}, {}", story_words(summary, place));
        }
        if !entry.tags.is_empty() {
            let labels: Vec<String> = entry.tags.iter().map(|tag| tag_label(tag, now)).collect();
            text = format!("{text}, tagged {}", sanitize::to_line(&labels.join(", ")));
        }
        SpokenHeadline { state_words: state_words(entry.state, is_marked), text }
    }

    /// Divides the headline into rows of a list with `columns`: the first leaves room for the words
    /// and the date, and the last of `max_rows` is cut. Each row comes with its place in the text.
    pub fn rows(&self, columns: u16, max_rows: u16) -> Vec<(usize, Cow<'_, str>)> {
        let columns = usize::from(columns).saturating_sub(1);
        let beside = width(&self.state_words) + usize::from(LIST_DATE_WIDTH) + 1;
        let mut room = columns.saturating_sub(beside).max(MIN_FIRST_ROW.min(columns));
        let (mut rows, mut rest) = (Vec::new(), self.text.as_str());
        while rows.len() + 1 < usize::from(max_rows) {
            let (row, below) = split_row(rest, room);
            if below.is_empty() {
                break;
            }
            rows.push((self.text.len() - rest.len(), Cow::Borrowed(row)));
            (rest, room) = (below, columns);
        }
        rows.push((self.text.len() - rest.len(), truncate(rest, room)));
        rows
    }
}

/// Returns words for the story of a row: `story with 3 other sources, 2 unread, closed`.
fn story_words(summary: StorySummary, place: StoryPlace) -> String {
    let state = match place {
        StoryPlace::Closed => "closed",
        StoryPlace::Open => "open",
        StoryPlace::Member => return "in the story above".to_owned(),
    };
    let others = count_noun(summary.other_feeds, "other source");
    let sources = if summary.other_feeds > 0 { format!(" with {others}") } else { String::new() };
    format!("story{sources}, {} unread, {state}", summary.unread)
}

/// Returns words for the mark of a row and the states of its entry.
pub fn state_words(state: EntryState, is_marked: bool) -> String {
    let words = [
        (is_marked, "marked"),
        (state.removed, "in the trash"),
        (state.hidden, "hidden"),
        (!state.read, "unread"),
        (state.starred, "starred"),
    ];
    let words: Vec<&str> =
        words.into_iter().filter_map(|(is_set, word)| is_set.then_some(word)).collect();
    if words.is_empty() { String::new() } else { format!("{}: ", words.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::SpokenHeadline;

    #[test]
    fn headline_takes_the_rows_it_needs() {
        let text = "Harbour bridge reopens after a repair that took two years, from The Gazette";
        let headline = SpokenHeadline { state_words: "unread: ".to_owned(), text: text.to_owned() };
        let rows = |columns, max_rows| {
            let rows = headline.rows(columns, max_rows);
            for (at, row) in &rows {
                assert!(headline.text[*at..].starts_with(row.trim_end_matches('…')), "{row}");
            }
            rows.into_iter().map(|(_, row)| row.into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(rows(120, 9), [text]);
        assert_eq!(
            rows(60, 9),
            ["Harbour bridge reopens after a repair", "that took two years, from The Gazette"]
        );
        assert_eq!(rows(60, 1), ["Harbour bridge reopens after a repair th…"]);
        assert_eq!(rows(0, 9).len(), 9);
    }
}
