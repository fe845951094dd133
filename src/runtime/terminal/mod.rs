//! The terminal: entering and leaving it whatever happens, keys out of its bytes, one write per frame.

mod clipboard;
mod graphics;
mod guard;
mod input;
mod lent;
mod screen;
mod strips;

pub use clipboard::osc52;
pub use graphics::transmission;
pub use guard::{Guard, Rescue};
pub use input::{Input, Source, Terminal, read_input};
pub use lent::{Lent, page};
pub use screen::Screen;

/// Pixels of a cell where the terminal does not tell, as most have them.
const CELL: (u32, u32) = (10, 20);

/// Width and height of a cell, in pixels.
pub fn cell_size() -> (u32, u32) {
    let Ok(size) = crossterm::terminal::window_size() else { return CELL };
    let part = |pixels: u16, cells: u16| u32::from(pixels.checked_div(cells).unwrap_or(0));
    match (part(size.width, size.columns), part(size.height, size.rows)) {
        (0, _) | (_, 0) => CELL,
        told => told,
    }
}

/// Columns and rows of the terminal.
pub fn size() -> std::io::Result<(u16, u16)> {
    crossterm::terminal::size()
}
