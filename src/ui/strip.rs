//! Cells of a picture that the terminal paints where they are: each carries which part of which picture it is, for
//! whoever writes cells to the terminal.

use std::num::NonZeroU16;

use ratatui::buffer::{Cell, CellDiffOption};

/// Stands between the blank that a cell shows and what it is part of (Unicode §23.7: a noncharacter).
const MARK: char = '\u{10ffff}';

/// A cell of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StripCell {
    /// The number of the picture.
    pub picture: u32,
    /// Its row.
    pub row: u16,
    /// Its column.
    pub column: u16,
}

impl StripCell {
    /// What a cell's symbol says it is part of.
    pub fn of(symbol: &str) -> Option<StripCell> {
        let mut parts = symbol.strip_prefix(' ')?.strip_prefix(MARK)?.split(':');
        let picture = parts.next()?.parse().ok()?;
        Some(StripCell { picture, row: parts.next()?.parse().ok()?, column: parts.next()?.parse().ok()? })
    }

    pub(super) fn mark(self, cell: &mut Cell) {
        cell.set_symbol(&format!(" {MARK}{}:{}:{}", self.picture, self.row, self.column));
        cell.diff_option = NonZeroU16::new(1).map_or(CellDiffOption::None, CellDiffOption::ForcedWidth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_says_what_it_is_part_of() {
        let part = StripCell { picture: 70_000, row: 3, column: 140 };
        let mut cell = Cell::default();
        assert_eq!(StripCell::of(cell.symbol()), None);
        part.mark(&mut cell);
        assert_eq!(StripCell::of(cell.symbol()), Some(part));
    }
}
