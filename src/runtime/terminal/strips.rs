//! The pictures of terminals that paint where the cursor is: kept here, written strip by strip as their cells change.

use std::{collections::VecDeque, sync::Arc};

use crate::{picture::Strips, ui::strip::StripCell};

/// Bytes of pictures that are kept; the app asks anew for what it has lost itself.
const ROOM: usize = 96 << 20;

/// Neighbouring cells of a row of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    first: StripCell,
    /// Where the first cell is on the screen.
    pub(super) x: u16,
    pub(super) y: u16,
    columns: u16,
}

impl Run {
    pub(super) fn new(x: u16, y: u16, first: StripCell) -> Run {
        Run { first, x, y, columns: 1 }
    }

    /// Takes a cell that goes on where the run ends; whether it does.
    pub(super) fn take(&mut self, x: u16, y: u16, cell: StripCell) -> bool {
        let next = StripCell { column: self.first.column + self.columns, ..self.first };
        let goes_on = (x, y, cell) == (self.x + self.columns, self.y, next);
        self.columns += u16::from(goes_on);
        goes_on
    }

    /// Blanks that take away what was there.
    pub(super) fn blanks(&self) -> impl Iterator<Item = u8> {
        std::iter::repeat_n(b' ', self.columns.into())
    }
}

/// The pictures that cells may name.
#[derive(Debug, Default)]
pub(super) struct Kept(VecDeque<Arc<Strips>>);

impl Kept {
    /// Keeps a picture; the oldest go where there is no room.
    pub(super) fn keep(&mut self, strips: Arc<Strips>) {
        self.0.retain(|known| known.id != strips.id);
        self.0.push_back(strips);
        while self.0.len() > 1 && self.0.iter().map(|strips| strips.size()).sum::<usize>() > ROOM {
            self.0.pop_front();
        }
    }

    /// What paints a run; nothing for a picture that is not kept.
    pub(super) fn strip(&self, run: &Run) -> Vec<u8> {
        let picture = self.0.iter().find(|strips| strips.id == run.first.picture);
        let columns = run.first.column..run.first.column + run.columns;
        picture.map(|strips| strips.strip(run.first.row, columns)).unwrap_or_default()
    }
}
