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
mod notification;
mod screen;
mod sgr;

pub use clipboard::osc52_sequence;
pub use guard::{RescueHandler, TerminalGuard};
pub use handover::{TerminalHandover, run_on_terminal};
pub use input::{EventSource, InputDecoder, TerminalEvents, read_input};
pub use kitty_graphics::kitty_transmission;
pub use notification::notification_sequence;
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

/// Maximum number of columns that are drawn: an 8K screen with cells of 7 pixels.
const MAX_COLUMNS: u16 = 1100;

/// Maximum number of rows that are drawn.
const MAX_ROWS: u16 = 500;

/// Returns the number of columns and rows of the terminal, at most those that are drawn.
///
/// # Errors
///
/// Fails if there is no terminal.
pub fn terminal_size() -> std::io::Result<(u16, u16)> {
    crossterm::terminal::size().map(|(columns, rows)| drawn_size(columns, rows))
}

/// Returns the columns and rows that are drawn of a terminal, from the top left corner.
///
/// Some terminals and programs report 65,535 for a size that they do not know; a buffer for so many
/// cells would take a hundred gigabytes.
fn drawn_size(columns: u16, rows: u16) -> (u16, u16) {
    (columns.min(MAX_COLUMNS), rows.min(MAX_ROWS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_size_is_limited() {
        for (size, expected) in [
            ((80, 24), (80, 24)),
            ((0, 0), (0, 0)),
            ((MAX_COLUMNS, MAX_ROWS), (MAX_COLUMNS, MAX_ROWS)),
            ((u16::MAX, u16::MAX), (MAX_COLUMNS, MAX_ROWS)),
            ((u16::MAX, 1), (MAX_COLUMNS, 1)),
        ] {
            assert_eq!(drawn_size(size.0, size.1), expected);
        }
    }
}
