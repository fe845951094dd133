//! Distances of scrolling and of moving a selection.

use crate::command::Command;

/// A distance to scroll, or to move a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScrollAmount {
    /// Lines up (negative) or down.
    Lines(i32),
    /// Pages up (negative) or down.
    Pages(i32),
    /// To the beginning.
    Start,
    /// To the end.
    End,
}

impl ScrollAmount {
    /// Returns the distance that a command of movement stands for; `None` for all other commands.
    pub(in crate::app) fn of_command(command: Command) -> Option<ScrollAmount> {
        Some(match command {
            Command::MoveUp => ScrollAmount::Lines(-1),
            Command::MoveDown => ScrollAmount::Lines(1),
            Command::PageUp => ScrollAmount::Pages(-1),
            Command::PageDown => ScrollAmount::Pages(1),
            Command::GoFirst => ScrollAmount::Start,
            Command::GoLast => ScrollAmount::End,
            _ => return None,
        })
    }

    /// Returns the distance in rows of a list without a height, in which a page is ten rows.
    pub(in crate::app) fn in_rows(self) -> isize {
        match self {
            ScrollAmount::Lines(lines) => lines as isize,
            ScrollAmount::Pages(pages) => pages as isize * 10,
            ScrollAmount::Start => isize::MIN / 2,
            ScrollAmount::End => isize::MAX / 2,
        }
    }
}
