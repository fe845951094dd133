//! The terminal: entering and leaving it whatever happens, keys out of its bytes, one write per frame.

mod clipboard;
mod guard;
mod handover;
mod image_cache;
mod input;
mod kitty_graphics;
mod screen;

pub use clipboard::osc52_sequence;
pub use guard::{RescueHandler, TerminalGuard};
pub use handover::{TerminalHandover, run_pager};
pub use input::{EventSource, InputDecoder, TerminalEvents, read_input};
pub use kitty_graphics::kitty_transmission;
pub use screen::ScreenBackend;

/// Pixels of a cell where the terminal does not tell, as most have them.
const DEFAULT_CELL_PIXELS: (u32, u32) = (10, 20);

/// Width and height of a cell, in pixels.
pub fn cell_pixels() -> (u32, u32) {
    let Ok(size) = crossterm::terminal::window_size() else { return DEFAULT_CELL_PIXELS };
    let part = |pixels: u16, cells: u16| u32::from(pixels.checked_div(cells).unwrap_or(0));
    match (part(size.width, size.columns), part(size.height, size.rows)) {
        (0, _) | (_, 0) => DEFAULT_CELL_PIXELS,
        told => told,
    }
}

/// Columns and rows of the terminal.
pub fn terminal_size() -> std::io::Result<(u16, u16)> {
    crossterm::terminal::size()
}
