//! The pictures of terminals that paint where the cursor is: kept here, written strip by strip as their cells change.

use std::{collections::VecDeque, sync::Arc};

use crate::{picture::ImageRows, ui::image_cell::ImageCell};

/// Bytes of pictures that are kept; the app asks anew for what it has lost itself.
const MAX_CACHE_BYTES: usize = 96 << 20;

/// Neighbouring cells of a row of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ImageRun {
    first: ImageCell,
    /// Where the first cell is on the screen.
    pub(super) x: u16,
    pub(super) y: u16,
    width: u16,
}

impl ImageRun {
    pub(super) fn new(x: u16, y: u16, first: ImageCell) -> ImageRun {
        ImageRun { first, x, y, width: 1 }
    }

    /// Takes a cell that goes on where the run ends; whether it does.
    pub(super) fn try_extend(&mut self, x: u16, y: u16, cell: ImageCell) -> bool {
        let next = ImageCell { column: self.first.column + self.width, ..self.first };
        let goes_on = (x, y, cell) == (self.x + self.width, self.y, next);
        self.width += u16::from(goes_on);
        goes_on
    }

    /// Blanks that take away what was there.
    pub(super) fn blanks(&self) -> impl Iterator<Item = u8> {
        std::iter::repeat_n(b' ', self.width.into())
    }
}

/// The pictures that cells may name.
#[derive(Debug, Default)]
pub(super) struct ImageCache(VecDeque<Arc<ImageRows>>);

impl ImageCache {
    /// Keeps a picture; the oldest go where there is no room.
    pub(super) fn insert(&mut self, strips: Arc<ImageRows>) {
        self.0.retain(|known| known.id != strips.id);
        self.0.push_back(strips);
        while self.0.len() > 1
            && self.0.iter().map(|strips| strips.memory_size()).sum::<usize>() > MAX_CACHE_BYTES
        {
            self.0.pop_front();
        }
    }

    /// What paints a run; nothing for a picture that is not kept.
    pub(super) fn encode_run(&self, run: &ImageRun) -> Vec<u8> {
        let picture = self.0.iter().find(|strips| strips.id == run.first.picture);
        let columns = run.first.column..run.first.column + run.width;
        picture.map(|strips| strips.row_bytes(run.first.row, columns)).unwrap_or_default()
    }
}
