//! The areas of a dialog on the screen, by which it is drawn and clicked.

use ratatui::layout::Rect;

use crate::app::PaneLayout;

/// The areas of a dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DialogLayout {
    /// The frame, and everything inside.
    pub frame: Rect,
    /// The area inside the frame.
    pub inner: Rect,
    /// The rows of the inner area that hold items or fields, one each.
    pub list: Rect,
}

impl DialogLayout {
    /// Lays out a dialog of at most this size in the middle of the screen, or over the whole screen
    /// where dialogs have it to themselves.
    pub fn centered(panes: &PaneLayout, width: u16, height: u16) -> DialogLayout {
        let screen = panes.screen;
        if panes.has_whole_dialogs {
            return DialogLayout::whole(screen);
        }
        let width = width.min(screen.width);
        let height = height.min(screen.height.saturating_sub(2)).max(1);
        DialogLayout::framed(Rect {
            x: (screen.width - width) / 2,
            y: screen.height.saturating_sub(height) / 2,
            width,
            height,
        })
    }

    /// Lays out a table with `heading_rows` above its rows and, where there is room, details of the
    /// selected row below.
    pub fn of_table(panes: &PaneLayout, heading_rows: u16) -> DialogLayout {
        DialogLayout::of_detailed_table(panes, heading_rows, 4)
    }

    /// Lays out a table as [`DialogLayout::of_table`] does, with so many rows for the details.
    pub fn of_detailed_table(
        panes: &PaneLayout,
        heading_rows: u16,
        detail_rows: u16,
    ) -> DialogLayout {
        let dialog = DialogLayout::centered(panes, 106, panes.screen.height.saturating_sub(2));
        let details = if dialog.inner.height >= detail_rows + 5 { detail_rows } else { 0 };
        dialog.with_margins(heading_rows, details)
    }

    /// Lays out a dialog over everything but the hint line.
    pub fn whole(screen: Rect) -> DialogLayout {
        DialogLayout::framed(Rect { height: screen.height.saturating_sub(1).max(1), ..screen })
    }

    /// Lays out a dialog in this frame.
    pub fn framed(frame: Rect) -> DialogLayout {
        let inner = if frame.width < 4 || frame.height < 3 {
            frame
        } else {
            Rect {
                x: frame.x + 2,
                y: frame.y + 1,
                width: frame.width - 4,
                height: frame.height - 2,
            }
        };
        DialogLayout { frame, inner, list: inner }
    }

    /// Leaves rows above and below the list.
    #[must_use]
    pub fn with_margins(self, above: u16, below: u16) -> DialogLayout {
        let above = above.min(self.inner.height);
        let height = self.inner.height.saturating_sub(above + below);
        DialogLayout { list: Rect { y: self.inner.y + above, height, ..self.inner }, ..self }
    }

    /// Limits the list to a number of rows.
    #[must_use]
    pub fn with_rows(self, rows: u16) -> DialogLayout {
        DialogLayout { list: Rect { height: self.list.height.min(rows), ..self.list }, ..self }
    }

    /// Returns the row of the list at a cell, from 0.
    pub fn row_at(&self, column: u16, row: u16) -> Option<usize> {
        self.list.contains((column, row).into()).then(|| usize::from(row - self.list.y))
    }

    /// Returns the number of rows of the list.
    pub fn rows(&self) -> usize {
        usize::from(self.list.height)
    }
}
