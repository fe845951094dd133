//! A list that is being built, and the markers of its items.
//!
//! Start with [`OpenList`]; `builder` drives it.

use super::{Block, ListNumbering, NumberStyle, RichText, TextSpan};

/// Maximum length of the items of a list without markers that become lines of one paragraph, in
/// bytes: longer ones would wrap, and nothing would show where the next one begins.
const MAX_LINE_BYTES: usize = 80;

/// The markers of the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkerStyle {
    /// No markers.
    Unmarked,
    Bullet,
    Number(NumberStyle),
}

/// The marker that the source gives to one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ItemMarker {
    pub(super) number: Option<i64>,
    pub(super) style: Option<MarkerStyle>,
}

/// A list that is being built.
#[derive(Debug)]
pub(super) struct OpenList {
    numbers: Option<ListNumbering>,
    is_unmarked: bool,
    items: Vec<Vec<Block>>,
    /// The marker that all items so far have by themselves.
    item_style: Option<MarkerStyle>,
    /// Number of empty items before the next one, which count although they are left out.
    dropped: i64,
}

impl OpenList {
    /// Creates an ordered list, or one with bullets.
    pub(super) fn new(numbers: Option<ListNumbering>) -> OpenList {
        OpenList { numbers, is_unmarked: false, items: Vec::new(), item_style: None, dropped: 0 }
    }

    /// Creates a list without markers.
    pub(super) fn unmarked() -> OpenList {
        OpenList { is_unmarked: true, ..OpenList::new(None) }
    }

    /// Adds an item; an empty one counts, but is left out.
    pub(super) fn add_item(&mut self, marker: ItemMarker, mut blocks: Vec<Block>) {
        blocks.shrink_to_fit();
        if blocks.is_empty() {
            self.dropped += 1;
            return;
        }
        let index = self.items.len();
        if let Some(number) = marker.number.or_else(|| self.number_after_dropped())
            && let Some(numbers) = &mut self.numbers
        {
            numbers.restarts.push((index, number));
        }
        let is_same = index == 0 || self.item_style == marker.style;
        self.item_style = marker.style.filter(|_| is_same);
        self.dropped = 0;
        self.items.push(blocks);
    }

    /// Returns the number of the next item if empty ones were left out before it.
    fn number_after_dropped(&self) -> Option<i64> {
        let numbers = self.numbers.as_ref().filter(|_| self.dropped > 0)?;
        let is_known = numbers.first != i64::MIN || !numbers.restarts.is_empty();
        let dropped = if numbers.descending { -self.dropped } else { self.dropped };
        is_known.then(|| numbers.number_at(self.items.len()).saturating_add(dropped))
    }

    /// Returns the blocks that the list becomes. Markers that all items have by themselves are those
    /// of the list.
    pub(super) fn into_blocks(self) -> Vec<Block> {
        if self.items.is_empty() {
            return Vec::new();
        }
        let numbers = resolve_countdown(self.numbers, self.items.len(), self.dropped);
        let numbers = match self.item_style {
            Some(MarkerStyle::Unmarked) => return unmarked_blocks(self.items),
            Some(MarkerStyle::Bullet) => None,
            Some(MarkerStyle::Number(style)) => {
                let numbers = numbers.unwrap_or_else(|| ListNumbering::starting_at(1));
                Some(ListNumbering { style, ..numbers })
            }
            None if self.is_unmarked => return unmarked_blocks(self.items),
            None => numbers,
        };
        vec![Block::List { numbers, items: self.items }]
    }
}

/// Returns the items of a list without markers: short ones as the lines of one paragraph.
fn unmarked_blocks(items: Vec<Vec<Block>>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut follows_line = false;
    for item in items {
        let is_line = matches!(item.as_slice(), [Block::Paragraph(text)] if is_short_line(text));
        for block in item {
            match (block, blocks.last_mut()) {
                (Block::Paragraph(text), Some(Block::Paragraph(lines)))
                    if is_line && follows_line =>
                {
                    lines.0.push(TextSpan::plain("\n"));
                    lines.0.extend(text.0);
                }
                (block, _) => blocks.push(block),
            }
        }
        follows_line = is_line;
    }
    blocks
}

fn is_short_line(text: &RichText) -> bool {
    text.0.iter().map(|span| span.text.len()).sum::<usize>() <= MAX_LINE_BYTES
}

/// Sets the first number of a list that counts down to 1 from an unknown number.
///
/// The HTML converter writes `i64::MIN` for `<ol reversed>` without `start`.
fn resolve_countdown(
    numbers: Option<ListNumbering>,
    item_count: usize,
    dropped_at_end: i64,
) -> Option<ListNumbering> {
    let length = i64::try_from(item_count).unwrap_or(i64::MAX);
    numbers.map(|numbering| match numbering {
        ListNumbering { first: i64::MIN, descending: true, .. } => {
            ListNumbering { first: length.saturating_add(dropped_at_end), ..numbering }
        }
        numbering => numbering,
    })
}
