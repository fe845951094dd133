//! The mouse: the wheel scrolls what is under it, a click selects, a click on the selected row
//! opens.

use crate::{
    app::{
        Action, Actions, App, Effects, MouseAction, MouseInput, Pane, PaneLayout, ScrollAmount,
        TerminalRequest,
    },
    settings::KeyPreset,
};

/// Rows that one notch of the wheel scrolls.
pub(super) const WHEEL_ROWS: i32 = 3;

impl App {
    /// Handles an event of the mouse.
    pub(in crate::app) fn handle_mouse(&mut self, mouse: MouseInput) -> Effects {
        self.dwell.note_input();
        self.entry_list.hold_selection();
        let panes = self.pane_layout();
        if let Some(overlay) = self.overlay.take() {
            return self.handle_overlay_mouse(overlay, mouse, &panes);
        }
        let actions = match mouse.action {
            MouseAction::WheelUp => self.turn_wheel(mouse, -WHEEL_ROWS, &panes),
            MouseAction::WheelDown => self.turn_wheel(mouse, WHEEL_ROWS, &panes),
            MouseAction::Press => self.click(mouse, &panes),
            MouseAction::Drag => self.ui.drag_divider(mouse.column, &panes).into(),
            MouseAction::Release => {
                let dragged = std::mem::take(&mut self.ui.dragging_divider);
                dragged.then(|| self.ui.mouse_tracking()).into()
            }
        };
        self.perform(actions)
    }

    fn turn_wheel(&mut self, mouse: MouseInput, rows: i32, panes: &PaneLayout) -> Actions {
        match panes.pane_at(mouse.column, mouse.row) {
            Some(Pane::Article) => self.article_pane.scroll(ScrollAmount::Lines(rows)),
            Some(Pane::List) => self.entry_list.scroll_rows(rows as isize),
            Some(Pane::Sidebar) => {
                self.sidebar.move_selection(rows.signum() as isize);
                return self.sidebar.show_selected(self.entry_list.definition());
            }
            None => {}
        }
        Actions::none()
    }

    fn click(&mut self, mouse: MouseInput, panes: &PaneLayout) -> Actions {
        let (column, row) = (mouse.column, mouse.row);
        if panes.top_bar.contains((column, row).into()) {
            return self.click_top_bar(column, panes);
        }
        if panes.is_divider_at(column) {
            self.ui.dragging_divider = true;
            return TerminalRequest::TrackMouseDrag.into();
        }
        if let Some((area, step)) =
            self.histogram_area(panes).filter(|(area, _)| area.contains((column, row).into()))
        {
            let days = self.entry_list.bucket_days(usize::from((column - area.x) / step));
            return days.map(|days| Action::SetFilter(self.filter_bar.narrowed_to(&days))).into();
        }
        match panes.pane_at(column, row) {
            Some(Pane::List) => {
                let top = panes.list.map_or(0, |list| list.y);
                self.entry_list.click_line(usize::from(row - top), self.ui.focus)
            }
            Some(Pane::Sidebar) => {
                let top = panes.sidebar.map_or(0, |sidebar| sidebar.y);
                self.ui.focus = Pane::Sidebar;
                self.sidebar.select_row(self.sidebar.top_index() + usize::from(row - top));
                self.sidebar.show_selected(self.entry_list.definition())
            }
            Some(Pane::Article) => {
                let text = panes.text_area(self.ui.settings.article.measure);
                let cell = text
                    .and_then(|text| Some((column.checked_sub(text.x)?, row.checked_sub(text.y)?)));
                let followed = cell.map(|(column, row)| self.article_pane.click_text(column, row));
                Actions::from(Action::Focus(Pane::Article)).and(followed)
            }
            None => Actions::none(),
        }
    }

    /// Handles a click in the top bar: places the caret in the filter, or goes back from an article
    /// whose head line is shown there.
    fn click_top_bar(&mut self, column: u16, panes: &PaneLayout) -> Actions {
        if !panes.is_article_alone() {
            self.ui.filter_editing = self.ui.key_preset == KeyPreset::Vim;
            let caret = usize::from(column.saturating_sub(3));
            self.filter_bar.edit_input(self.current_time.today(), |line| line.set_caret(caret));
        }
        Action::Focus(Pane::List).into()
    }
}
