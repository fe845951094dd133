//! Cells that lead somewhere: what the terminal is told, so that it can open an address itself (OSC 8).
//!
//! A cell has no room for an address. It carries a mark behind its symbol: which article, which of its links. Whoever
//! writes cells to a terminal asks [`split_symbol`] for the two, and knows the address. The difference of two frames sees
//! the mark as part of the symbol, so a cell is written anew when it leads elsewhere.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, Cell, CellDiffOption};

use crate::{markup::LinkId, model::EntryId, text::width};

/// Stands between a symbol and where it leads; no text that is drawn has it (Unicode §23.7: a noncharacter).
const SEPARATOR: char = '\u{10fffe}';

/// A link of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hyperlink {
    /// The article.
    pub entry: EntryId,
    /// Its link.
    pub link: LinkId,
}

/// What a cell shows, and where it leads.
pub fn split_symbol(symbol: &str) -> (&str, Option<Hyperlink>) {
    let Some((shown, leads)) = symbol.split_once(SEPARATOR) else { return (symbol, None) };
    let (entry, link) = leads.split_once(':').unwrap_or_default();
    let hyperlink = entry.parse().ok().zip(link.parse().ok());
    (shown, hyperlink.map(|(entry, link)| Hyperlink { entry: EntryId(entry), link: LinkId(link) }))
}

/// Lets the cells from `start` to `end` of row `y` lead to `link`.
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
