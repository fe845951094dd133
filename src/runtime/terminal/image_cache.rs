//! The cache of images for terminals that paint at the cursor (sixels, iTerm2).
//!
//! Such a terminal keeps no image that could be shown again. The screen keeps the images here and
//! writes the runs of cells that have changed.

use std::{collections::VecDeque, sync::Arc};

use crate::{picture::ImageRows, ui::image_cell::ImageCell};

/// Maximum size of the cached images, in bytes. The app requests images again that it has dropped
/// from its own cache.
const MAX_CACHE_BYTES: usize = 96 << 20;

/// Neighbouring cells in one row of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ImageRun {
    first: ImageCell,
    /// Column of the first cell on the screen.
    pub(super) x: u16,
    /// Row on the screen.
    pub(super) y: u16,
    width: u16,
}

impl ImageRun {
    /// Creates a run of the cell `first`, which is at column `x` and row `y` of the screen.
    pub(super) fn new(x: u16, y: u16, first: ImageCell) -> ImageRun {
        ImageRun { first, x, y, width: 1 }
    }

    /// Appends `cell` if it continues the run on the screen and in the image; returns true if it
    /// did.
    pub(super) fn try_extend(&mut self, x: u16, y: u16, cell: ImageCell) -> bool {
        let next = ImageCell { column: self.first.column + self.width, ..self.first };
        let is_next = (x, y, cell) == (self.x + self.width, self.y, next);
        self.width += u16::from(is_next);
        is_next
    }

    /// Returns the blanks that erase the cells of the run.
    pub(super) fn blanks(&self) -> impl Iterator<Item = u8> {
        std::iter::repeat_n(b' ', self.width.into())
    }
}

/// The images that cells on the screen refer to, oldest first.
#[derive(Debug, Default)]
pub(super) struct ImageCache(VecDeque<Arc<ImageRows>>);

impl ImageCache {
    /// Adds an image, and drops the oldest ones if the cache is full. One image is always kept.
    pub(super) fn insert(&mut self, image: Arc<ImageRows>) {
        self.0.retain(|cached| cached.id != image.id);
        self.0.push_back(image);
        while self.0.len() > 1 && self.memory_size() > MAX_CACHE_BYTES {
            self.0.pop_front();
        }
    }

    fn memory_size(&self) -> usize {
        self.0.iter().map(|image| image.memory_size()).sum()
    }

    /// Returns the bytes that paint a run at the cursor; empty if its image is not cached.
    pub(super) fn encode_run(&self, run: &ImageRun) -> Vec<u8> {
        let image = self.0.iter().find(|image| image.id == run.first.image);
        let columns = run.first.column..run.first.column + run.width;
        image.map(|image| image.row_bytes(run.first.row, columns)).unwrap_or_default()
    }
}
