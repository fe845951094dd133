//! The terminal: entering and leaving it whatever happens, keys out of its bytes, one write per frame.

mod clipboard;
mod graphics;
mod guard;
mod input;
mod lent;
mod screen;

pub use clipboard::osc52;
pub use graphics::transmission;
pub use guard::{Guard, Rescue};
pub use input::{Input, Source, Terminal, read_input};
pub use lent::{Lent, page};
pub use screen::Screen;

/// Columns and rows of the terminal.
pub fn size() -> std::io::Result<(u16, u16)> {
    crossterm::terminal::size()
}
