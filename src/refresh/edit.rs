//! The difference between an edit of an article and a change that is no news to its reader.
//!
//! An edit is a change of words. These changes are volatile, and are stored without a new version:
//!
//! - numbers of a counter: in a block of at most three other words (`Views: 12`), or beside words
//!   such as `comments` and `visited`. `12 dead` that becomes `15 dead` in a sentence is an edit;
//! - numbers in a block whose numbers changed in the last version as well;
//! - a block that also changed in the last two versions: a rotating advertisement;
//! - a block that was replaced at the same place in three articles of one refresh.
//!
//! The markup is never compared: addresses of pictures and classes change without any edit.

use std::collections::HashMap;

use super::{
    block_diff::{BlockChange, ChangePlace, changed_blocks},
    counter::{changed_numbers, is_beside_counter_word, is_number},
    similarity::is_same_block,
};
use crate::{
    feed::{ParsedEntry, TextConstruct},
    model::{BodyFormat, EntryBody},
    text::stable_digest,
};

/// Number of articles of one refresh with a change at one place from which on it is volatile.
const CROWD_SIZE: usize = 3;

/// Maximum number of words besides the numbers in a block that is a counter.
const MAX_COUNTER_WORDS: usize = 3;

/// A title and the blocks of a text: the parts that an edit changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ComparableText {
    title: String,
    blocks: Vec<String>,
}

impl ComparableText {
    /// Creates the comparable form of a stored title and body.
    pub(super) fn from_stored(title: String, body: EntryBody) -> ComparableText {
        let is_html = body.format == BodyFormat::Html;
        ComparableText { title, blocks: TextConstruct { is_html, value: body.text }.to_blocks() }
    }

    /// Creates the comparable form of an entry of a document.
    pub(super) fn from_parsed(entry: &ParsedEntry) -> ComparableText {
        let (title, blocks) = (entry.title.to_single_line(), entry.longest_text().to_blocks());
        ComparableText { title, blocks }
    }

    /// Returns the title, and the text without markup.
    pub(super) fn into_title_and_text(self) -> (String, String) {
        (self.title, self.blocks.join("\n"))
    }

    /// Returns the changes that lead from `self` to `new`, the title's first.
    pub(super) fn changes_to(&self, new: &ComparableText) -> Vec<TextChange> {
        let title = (self.title != new.title).then(|| TextChange {
            place: ChangePlace::Title,
            kind: title_change_kind(&self.title, &new.title),
        });
        let changes = changed_blocks(&self.blocks, &new.blocks).into_iter();
        let is_whole_text = new.blocks.len() == 1;
        let blocks = changes.map(|change| to_text_change(&change, is_whole_text));
        title.into_iter().chain(blocks).collect()
    }
}

/// The kind of a change of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChangeKind {
    /// The numbers of a counter.
    Counter,
    /// Numbers in a sentence.
    Numbers,
    /// Some of the words.
    Words,
    /// Another text is in place of the old one.
    Replaced,
    /// A block with this digest was added or removed.
    Added(u64),
}

/// A change of the title or of one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextChange {
    place: ChangePlace,
    kind: ChangeKind,
}

/// The changes of all articles of a refresh, to find out which of them happen everywhere.
#[derive(Debug, Default)]
pub(super) struct ChangeCrowd(HashMap<(u8, u64), usize>);

impl ChangeCrowd {
    /// Counts the changes of one article.
    pub(super) fn add_article(&mut self, changes: &[TextChange]) {
        for key in changes.iter().flat_map(|change| crowd_keys(*change)) {
            *self.0.entry(key).or_default() += 1;
        }
    }

    fn includes(&self, change: TextChange) -> bool {
        let count = |key| self.0.get(&key).copied().unwrap_or(0);
        crowd_keys(change).into_iter().any(|key| count(key) >= CROWD_SIZE)
    }
}

/// Returns the keys under which a change is counted. Words that change at the same place in several
/// articles are edits of each, and so is a paragraph that is added to one.
fn crowd_keys(change: TextChange) -> Vec<(u8, u64)> {
    match (change.place, change.kind) {
        (ChangePlace::Block(start, end), ChangeKind::Numbers | ChangeKind::Replaced) => {
            vec![(0, start as u64), (1, end as u64)]
        }
        (ChangePlace::Block(..), ChangeKind::Added(digest)) => vec![(2, digest)],
        _ => Vec::new(),
    }
}

/// Returns true if `changes` make an edit. `earlier` has the changes of the last versions, newest
/// first.
pub(super) fn is_edit(
    changes: &[TextChange],
    earlier: &[Vec<TextChange>],
    crowd: &ChangeCrowd,
) -> bool {
    changes.iter().any(|change| !is_volatile(*change, earlier, crowd))
}

fn is_volatile(change: TextChange, earlier: &[Vec<TextChange>], crowd: &ChangeCrowd) -> bool {
    let is_number = |kind| matches!(kind, ChangeKind::Counter | ChangeKind::Numbers);
    let same_place = |version: &Vec<TextChange>, numbers_only: bool| {
        let mut changes = version.iter();
        changes
            .any(|old| old.place.may_equal(change.place) && (!numbers_only || is_number(old.kind)))
    };
    let changed_before = |versions: usize, numbers_only: bool| {
        earlier.len() >= versions
            && earlier[..versions].iter().all(|version| same_place(version, numbers_only))
    };
    match change.kind {
        ChangeKind::Counter => true,
        ChangeKind::Numbers => changed_before(1, true) || crowd.includes(change),
        // A headline that is worded anew is news each time.
        _ if change.place == ChangePlace::Title => false,
        _ => changed_before(2, false) || crowd.includes(change),
    }
}

/// Returns the change of one block; `is_whole_text` is true if the text has no other.
fn to_text_change(change: &BlockChange<'_>, is_whole_text: bool) -> TextChange {
    let kind = match (change.old, change.new) {
        (Some(old), Some(new)) => block_change_kind(old, new, is_whole_text),
        (old, new) => {
            let text = old.or(new).unwrap_or_default();
            ChangeKind::Added(stable_digest(&[text.as_bytes()]))
        }
    };
    TextChange { place: change.place, kind }
}

/// Returns the kind of the change of a headline. A number in brackets at one of its ends counts
/// something: `(3) Harbour`, `Harbour [12]`.
fn title_change_kind(old: &str, new: &str) -> ChangeKind {
    let without_counter = |title: &str| {
        let is_counter = |part: &str| {
            part.starts_with(['(', '['])
                && part.ends_with([')', ']'])
                && part.contains(char::is_numeric)
        };
        let parts: Vec<String> = title.split_whitespace().map(str::to_owned).collect();
        let start = usize::from(parts.first().is_some_and(|part| is_counter(part)));
        let ends_with_counter = parts.len() > start && is_counter(&parts[parts.len() - 1]);
        parts[start..parts.len() - usize::from(ends_with_counter)].join(" ")
    };
    if without_counter(old) == without_counter(new) {
        ChangeKind::Counter
    } else if changed_numbers(old, new).is_some() {
        ChangeKind::Numbers
    } else {
        ChangeKind::Words
    }
}

fn block_change_kind(old: &str, new: &str, is_whole_text: bool) -> ChangeKind {
    match changed_numbers(old, new) {
        Some(numbers) => {
            let words: Vec<&str> = new.split_whitespace().collect();
            let word_count = words.iter().filter(|word| !is_number(word)).count();
            let is_short = word_count <= MAX_COUNTER_WORDS && !is_whole_text;
            let is_counter =
                is_short || numbers.iter().all(|at| is_beside_counter_word(&words, *at));
            if is_counter { ChangeKind::Counter } else { ChangeKind::Numbers }
        }
        None if is_same_block(old, new) => ChangeKind::Words,
        None => ChangeKind::Replaced,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(title: &str, html: &str) -> ComparableText {
        let body = EntryBody { format: BodyFormat::Html, text: html.to_owned() };
        ComparableText::from_stored(title.to_owned(), body)
    }

    /// Returns true if the change from one text to the other, with one headline, is an edit.
    fn edits(old: &str, new: &str) -> bool {
        is_edit(&text("t", old).changes_to(&text("t", new)), &[], &ChangeCrowd::default())
    }

    #[test]
    fn is_edit_ignores_counters_and_markup() {
        let lead = "<p>The ferry runs again after the storm of last week.</p>";
        for (old, new) in [
            ("<p>(Seen 7 times, 1 visits today)</p>", "<p>(Seen 14 times, 2 visits today)</p>"),
            ("<div>Views: 1,204</div>", "<div>Views: 1,301</div>"),
            ("<p>Updated 3 March 2026, 10:05</p>", "<p>Updated 4 April 2026, 9:15</p>"),
            ("<p>12 comments</p>", "<p>15 comments</p>"),
            ("<li>4.5 / 5</li>", "<li>4.6 / 5</li>"),
            ("<p>A quiet day. 12 Kommentare</p>", "<p>A quiet day. 13 Kommentare</p>"),
            ("<img src='a.png'>", "<img src='b.png' class='x'>"),
        ] {
            assert!(!edits(&format!("{lead}{old}"), &format!("{lead}{new}")), "{new}");
        }
    }

    #[test]
    fn is_edit_notices_words_and_numbers_of_the_news() {
        for (old, new) in [
            ("<p>12 people died in the fire.</p>", "<p>15 people died in the fire.</p>"),
            ("<p>Line 3 is down</p>", "<p>Line 3 runs again</p>"),
            ("<p>One</p>", "<p>One</p><p>Correction: two</p>"),
            ("Temperature: 12", "Temperature: 13"),
        ] {
            assert!(edits(old, new), "{new}");
        }
        let edits_title = |old: &str, new: &str| {
            is_edit(&text(old, "x").changes_to(&text(new, "x")), &[], &ChangeCrowd::default())
        };
        assert!(edits_title("12 dead in fire", "15 dead in fire"));
        assert!(!edits_title("Old harbour (3)", "Old harbour (12)"));
        assert!(!edits_title("[3] Old harbour", "Old harbour"));
    }

    #[test]
    fn is_edit_ignores_blocks_that_change_with_every_version() {
        let version = |advert: &str, lead: &str| {
            text("t", &format!("<p>{lead}</p><p>{advert}</p><p>The end of the story.</p>"))
        };
        let lead = "The ferry runs again.";
        let versions = [
            version("Buy our lamps", lead),
            version("Fly to the sea", lead),
            version("Coffee for less", lead),
        ];
        let earlier = [versions[1].changes_to(&versions[2]), versions[0].changes_to(&versions[1])];
        let crowd = ChangeCrowd::default();
        let rotated = versions[2].changes_to(&version("Shoes of wood", lead));
        assert!(!is_edit(&rotated, &earlier, &crowd));
        assert!(is_edit(&rotated, &earlier[..1], &crowd));
        let edited = versions[2].changes_to(&version("Shoes of wood", "The ferry sank."));
        assert!(is_edit(&edited, &earlier, &crowd));
    }

    #[test]
    fn is_edit_ignores_blocks_replaced_in_three_articles() {
        let advertised = |number: usize, advert: &str| {
            text("t", &format!("<p>Story {number} has its own words.</p><p>{advert}</p>"))
        };
        let mut crowd = ChangeCrowd::default();
        let changes: Vec<Vec<TextChange>> = (0..3)
            .map(|number| {
                let (old, new) =
                    (advertised(number, "Buy our lamps"), advertised(number, "Fly away"));
                old.changes_to(&new)
            })
            .collect();
        changes[..2].iter().for_each(|changes| crowd.add_article(changes));
        assert!(is_edit(&changes[0], &[], &crowd));
        crowd.add_article(&changes[2]);
        assert!(!is_edit(&changes[0], &[], &crowd));
    }

    #[test]
    fn changes_to_takes_bounded_time_on_many_blocks() {
        let many = |word: &str| format!("<p>{word}</p>").repeat(20_000);
        let changes = text("t", &many("a")).changes_to(&text("t", &many("b")));
        assert_eq!(changes.len(), 20_000);
    }
}
