//! The difference between an edit of an article and a change that is no news to its reader.
//!
//! An edit is a change of words. These changes are volatile, and are stored without a new version:
//!
//! - the numbers of a counter: in a block with no other words than those of counters (`Updated 5 hours
//!   ago`), or beside words such as `comments` and `views`. `Dead: 12` that becomes `Dead: 15` is an
//!   edit, as are dates, prices and versions;
//! - numbers in a block whose numbers changed in the last two versions as well: the third change in a
//!   row is that of a counter, the second may still be the news;
//! - a block that also changed in the last two versions: a rotating advertisement;
//! - a block that was replaced at the same place in three articles of one refresh.
//!
//! The markup is never compared: addresses of pictures and classes change without any edit.

use std::collections::HashMap;

use super::{
    block_diff::{BlockChange, ChangePlace, changed_blocks},
    similarity::is_same_block,
};
use crate::{
    diff::{changed_numbers, is_counter_change, without_title_counter},
    feed::{ParsedEntry, TextConstruct},
    model::{BodyFormat, EntryBody},
    text::stable_digest,
};

/// Number of articles of one refresh with a change at one place from which on it is volatile.
const CROWD_SIZE: usize = 3;

/// Number of earlier versions that decide whether a change is an edit.
pub(super) const COMPARED_VERSIONS: usize = 2;

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

    /// Returns the number of characters of the text.
    pub(super) fn char_count(&self) -> usize {
        self.blocks.iter().map(|block| block.chars().count()).sum()
    }

    /// Returns true if the texts are equal except for counters; the title is not compared.
    pub(super) fn differs_in_counters_only(&self, new: &ComparableText) -> bool {
        let mut changes = changed_blocks(&self.blocks, &new.blocks).into_iter();
        changes.all(|change| to_text_change(&change).kind == ChangeKind::Counter)
    }

    /// Returns the changes that lead from `self` to `new`, the title's first.
    pub(super) fn changes_to(&self, new: &ComparableText) -> Vec<TextChange> {
        let title = (self.title != new.title).then(|| TextChange {
            place: ChangePlace::Title,
            kind: title_change_kind(&self.title, &new.title),
        });
        let changes = changed_blocks(&self.blocks, &new.blocks).into_iter();
        let blocks = changes.map(|change| to_text_change(&change));
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
    let changed_before = |numbers_only: bool| {
        earlier.len() >= COMPARED_VERSIONS
            && earlier[..COMPARED_VERSIONS].iter().all(|version| same_place(version, numbers_only))
    };
    match change.kind {
        ChangeKind::Counter => true,
        ChangeKind::Numbers => changed_before(true) || crowd.includes(change),
        // A headline that is worded anew is news each time.
        _ if change.place == ChangePlace::Title => false,
        _ => changed_before(false) || crowd.includes(change),
    }
}

fn to_text_change(change: &BlockChange<'_>) -> TextChange {
    let kind = match (change.old, change.new) {
        (Some(old), Some(new)) => block_change_kind(old, new),
        (old, new) => {
            let text = old.or(new).unwrap_or_default();
            ChangeKind::Added(stable_digest(&[text.as_bytes()]))
        }
    };
    TextChange { place: change.place, kind }
}

/// Returns the kind of the change of a headline. A counter may be at its ends: `(3) Harbour`, `Harbour
/// (12 comments)`, `Harbour – 5 hours ago`.
fn title_change_kind(old: &str, new: &str) -> ChangeKind {
    if without_title_counter(old) == without_title_counter(new) {
        ChangeKind::Counter
    } else if changed_numbers(old, new).is_some() {
        ChangeKind::Numbers
    } else {
        ChangeKind::Words
    }
}

fn block_change_kind(old: &str, new: &str) -> ChangeKind {
    if is_counter_change(old, new) {
        ChangeKind::Counter
    } else if changed_numbers(old, new).is_some() {
        ChangeKind::Numbers
    } else if is_same_block(old, new) {
        ChangeKind::Words
    } else {
        ChangeKind::Replaced
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
            ("<p>No comments</p>", "<p>1 comment</p>"),
            ("<p>Points: 12</p>", "<p>Points: 340</p>"),
            ("<p># Comments: 3</p>", "<p># Comments: 210</p>"),
            ("<p>Posted 3 hours ago</p>", "<p>Posted yesterday</p>"),
            ("<p>vor 3 Stunden</p>", "<p>vor 1 Tag</p>"),
            ("<p>Seen 7 times</p>", "<p>Seen 12 times</p>"),
            (
                "<p>Zuletzt aktualisiert am 3. März 2026</p>",
                "<p>Zuletzt aktualisiert am 4. Mai 2026</p>",
            ),
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
            ("<p>Missing: 3</p><p>x</p>", "<p>Missing: 8</p><p>x</p>"),
            ("<p>Strength 4.2</p><p>x</p>", "<p>Strength 6.6</p><p>x</p>"),
            ("<p>Day: 3.4.2026</p><p>x</p>", "<p>Day: 5.4.2026</p><p>x</p>"),
            ("<li>Since 2.0.1</li><p>x</p>", "<li>Since 2.0.3</li><p>x</p>"),
            ("<p>Score 1:0</p><p>x</p>", "<p>Score 1:1</p><p>x</p>"),
            ("<p>4 May 2026</p><p>x</p>", "<p>9 May 2026</p><p>x</p>"),
            ("<p>A storm hit 12 towns.</p>", "<p>A storm hit 19 towns.</p>"),
            ("<p>Updated: 12 injured</p>", "<p>Updated: 19 injured</p>"),
            ("<p>It fell 60 million years ago.</p>", "<p>It fell 66 million years ago.</p>"),
        ] {
            assert!(edits(old, new), "{new}");
        }
        let edits_title = |old: &str, new: &str| {
            is_edit(&text(old, "x").changes_to(&text(new, "x")), &[], &ChangeCrowd::default())
        };
        assert!(edits_title("12 dead in fire", "15 dead in fire"));
        assert!(!edits_title("Old harbour (3)", "Old harbour (12)"));
        assert!(!edits_title("[3] Old harbour", "Old harbour"));
        assert!(!edits_title("Old harbour (3 comments)", "Old harbour (12 comments)"));
        assert!(!edits_title("Old harbour - 5 hours ago", "Old harbour - 2 days ago"));
        assert!(!edits_title("Old harbour, vor 5 Minuten", "Old harbour, vor 1 Stunde"));
        assert!(edits_title("Old harbour (3 dead)", "Old harbour (4 dead)"));
        assert!(edits_title("Lost 3 years ago", "Lost 4 years"));
    }

    #[test]
    fn is_edit_ignores_the_third_change_of_a_number_in_a_row() {
        let crowd = ChangeCrowd::default();
        let toll = |dead: u32, title: &str| {
            text(title, &format!("<p>The harbour burned.</p><p>{dead} people died.</p>"))
        };
        let titled = |dead: u32| format!("{dead} dead in fire");
        for versions in [
            [12, 15, 19, 23].map(|dead| toll(dead, "t")),
            [12, 15, 19, 23].map(|dead| toll(7, &titled(dead))),
        ] {
            let changes: Vec<_> =
                versions.windows(2).map(|pair| pair[0].changes_to(&pair[1])).collect();
            let earlier = [changes[1].clone(), changes[0].clone()];
            assert!(is_edit(&changes[0], &[], &crowd));
            assert!(is_edit(&changes[1], &earlier[1..], &crowd));
            assert!(!is_edit(&changes[2], &earlier, &crowd));
        }
        let worded =
            toll(15, "t").changes_to(&text("t", "<p>The harbour burned.</p><p>All safe</p>"));
        let numbers = toll(12, "t").changes_to(&toll(15, "t"));
        assert!(is_edit(&numbers, &[worded, numbers.clone()], &crowd));
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
