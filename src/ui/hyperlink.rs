//! Hyperlinks in cells, so that the terminal can open URLs itself (OSC 8).
//!
//! A cell cannot hold a URL. Instead, a mark after its symbol holds the ids of the entry and the
//! link. The screen backend gets the ids from [`split_symbol`] and knows the URLs. When two frames
//! are compared, the mark is part of the symbol, so a cell is written again when its link changes.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, Cell, CellDiffOption};

use crate::{markup::LinkId, model::EntryId, text::width};

/// Separates a symbol from its mark. Sanitized text does not contain it: it is a noncharacter
/// (Unicode §23.7).
const SEPARATOR: char = '\u{10fffe}';

/// A link of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hyperlink {
    /// The article.
    pub entry: EntryId,
    /// Its link.
    pub link: LinkId,
}

/// Splits the text of a cell into its symbol and its link.
pub fn split_symbol(symbol: &str) -> (&str, Option<Hyperlink>) {
    let Some((text, mark)) = symbol.split_once(SEPARATOR) else { return (symbol, None) };
    let (entry, link) = mark.split_once(':').unwrap_or_default();
    let hyperlink = entry.parse().ok().zip(link.parse().ok());
    (text, hyperlink.map(|(entry, link)| Hyperlink { entry: EntryId(entry), link: LinkId(link) }))
}

/// Marks the cells from `start` to `end` of row `y` with `link`.
pub(super) fn link_cells(buffer: &mut Buffer, y: u16, start: u16, end: u16, link: Hyperlink) {
    let mut x = start;
    while x < end {
        let cell = &mut buffer[(x, y)];
        let columns = u16::try_from(width(cell.symbol())).unwrap_or(1).max(1);
        link_cell(cell, columns, link);
        x += columns;
    }
}

fn link_cell(cell: &mut Cell, columns: u16, link: Hyperlink) {
    let symbol = format!("{}{SEPARATOR}{}:{}", cell.symbol(), link.entry.0, link.link.0);
    cell.set_symbol(&symbol);
    cell.diff_option =
        NonZeroU16::new(columns).map_or(CellDiffOption::None, CellDiffOption::ForcedWidth);
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    #[test]
    fn split_symbol_returns_cell_link() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        buffer.set_string(0, 0, "日a b", ratatui::style::Style::default());
        let link = Hyperlink { entry: EntryId(12), link: LinkId(3) };
        link_cells(&mut buffer, 0, 0, 3, link);
        assert_eq!(split_symbol(buffer[(0, 0)].symbol()), ("日", Some(link)));
        assert_eq!(split_symbol(buffer[(2, 0)].symbol()), ("a", Some(link)));
        assert_eq!(split_symbol(buffer[(4, 0)].symbol()), ("b", None));
    }
}
