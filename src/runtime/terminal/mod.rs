//! The terminal: setting it up and restoring it in every case, decoding its input, and writing one
//! buffer per frame.
//!
//! Start with [`TerminalGuard`] (setting up and restoring), [`InputDecoder`] (keys and mouse) and
//! [`ScreenBackend`] (output).

mod clipboard;
mod guard;
mod handover;
mod image_cache;
mod input;
mod kitty_graphics;
mod screen;
mod sgr;

pub use clipboard::osc52_sequence;
pub use guard::{RescueHandler, TerminalGuard};
pub use handover::{TerminalHandover, run_pager};
pub use input::{EventSource, InputDecoder, TerminalEvents, read_input};
pub use kitty_graphics::kitty_transmission;
pub use screen::ScreenBackend;

/// Typical width and height of a cell in pixels, for terminals that do not report theirs.
const DEFAULT_CELL_PIXELS: (u32, u32) = (10, 20);

/// Returns the width and height of a cell in pixels.
pub fn cell_pixels() -> (u32, u32) {
    let Ok(size) = crossterm::terminal::window_size() else { return DEFAULT_CELL_PIXELS };
    let divide = |pixels: u16, cells: u16| u32::from(pixels.checked_div(cells).unwrap_or(0));
    match (divide(size.width, size.columns), divide(size.height, size.rows)) {
        (0, _) | (_, 0) => DEFAULT_CELL_PIXELS,
        reported => reported,
    }
}

/// Returns the number of columns and rows of the terminal.
///
/// # Errors
///
/// Fails if there is no terminal.
pub fn terminal_size() -> std::io::Result<(u16, u16)> {
    crossterm::terminal::size()
}
