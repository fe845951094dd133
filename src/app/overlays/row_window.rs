//! The part of a long list that a dialog shows.

/// The rows of a list that are in view.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowWindow {
    top_index: usize,
    height: usize,
}

impl RowWindow {
    /// Returns the index of the first row in view.
    pub fn top_index(self) -> usize {
        self.top_index
    }

    /// Returns the index after the last row in view.
    pub(in crate::app) fn bottom_index(self) -> usize {
        self.top_index + self.height
    }

    /// Sets the number of rows that fit, and moves by as little as brings the selected one into
    /// view.
    pub(in crate::app) fn fit(&mut self, height: usize, selected: usize, count: usize) {
        self.height = height;
        let lowest = selected.saturating_sub(height.max(1) - 1);
        let last = count.saturating_sub(height).max(lowest);
        self.top_index = self.top_index.clamp(lowest, selected.max(lowest)).min(last);
    }

    /// Scrolls by rows, negative is up. Returns the row in view that is nearest to the selected
    /// one.
    pub(in crate::app) fn scroll(&mut self, rows: isize, selected: usize, count: usize) -> usize {
        let last = count.saturating_sub(self.height);
        self.top_index = self.top_index.saturating_add_signed(rows).min(last);
        let bottom = self.top_index + self.height.max(1) - 1;
        selected.clamp(self.top_index, bottom).min(count.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::RowWindow;

    #[test]
    fn window_follows_selection_and_scrolling_moves_selection() {
        let mut window = RowWindow::default();
        window.fit(5, 7, 20);
        assert_eq!(window.top_index(), 3);
        window.fit(5, 4, 20);
        assert_eq!(window.top_index(), 3, "the selected row was in view");
        assert_eq!((window.scroll(3, 4, 20), window.top_index()), (6, 6));
        assert_eq!((window.scroll(100, 6, 20), window.top_index()), (15, 15));
        assert_eq!((window.scroll(-100, 15, 20), window.top_index()), (4, 0));
        window.fit(30, 4, 20);
        assert_eq!(window.top_index(), 0);
        assert_eq!(RowWindow::default().scroll(3, 0, 0), 0);
    }
}
