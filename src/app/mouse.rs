//! The mouse: the wheel scrolls what is under it, a click selects, a click on the selected row opens.

use super::{App, Effects, MouseAction, MouseInput, Overlay, Pane, ScrollAmount, TerminalRequest};
use crate::settings::KeyPreset;

/// Rows that one notch of the wheel scrolls.
const WHEEL_ROWS: i32 = 3;

impl App {
    pub(super) fn handle_mouse(&mut self, mouse: MouseInput) -> Effects {
        self.dwell.has_input = true;
        if let Some(overlay) = &mut self.overlay {
            match (overlay, mouse.action) {
                (Overlay::Picker(picker), MouseAction::WheelUp) => picker.move_selection(-1),
                (Overlay::Picker(picker), MouseAction::WheelDown) => picker.move_selection(1),
                (_, MouseAction::Press) => self.overlay = None,
                _ => {}
            }
            return Effects::none();
        }
        match mouse.action {
            MouseAction::WheelUp => self.handle_wheel(mouse, -WHEEL_ROWS),
            MouseAction::WheelDown => self.handle_wheel(mouse, WHEEL_ROWS),
            MouseAction::Press => self.handle_press(mouse),
            MouseAction::Drag => self.handle_drag(mouse),
            MouseAction::Release => self.handle_release(),
        }
    }

    fn handle_wheel(&mut self, mouse: MouseInput, rows: i32) -> Effects {
        match self.pane_layout().pane_at(mouse.column, mouse.row) {
            Some(Pane::Article) => self.scroll_article(ScrollAmount::Lines(rows)),
            Some(Pane::List) => {
                self.entry_list.scroll_rows(rows as isize);
                Effects::none()
            }
            Some(Pane::Sidebar) => {
                self.sidebar.move_selection(rows.signum() as isize);
                self.show_sidebar_target()
            }
            None => Effects::none(),
        }
    }

    fn handle_press(&mut self, mouse: MouseInput) -> Effects {
        let panes = self.pane_layout();
        if panes.top_bar.contains((mouse.column, mouse.row).into()) {
            return self.click_top_bar(mouse.column);
        }
        let divider =
            panes.article.is_some_and(|article| article.x > 0 && mouse.column == article.x - 1);
        if divider && panes.list.is_some() {
            self.ui.dragging_divider = true;
            return TerminalRequest::TrackMouseDrag.into();
        }
        let at = (mouse.column, mouse.row).into();
        if let Some((area, step)) =
            self.histogram_area(&panes).filter(|(area, _)| area.contains(at))
        {
            return self.click_histogram((mouse.column - area.x) / step);
        }
        match panes.pane_at(mouse.column, mouse.row) {
            Some(Pane::List) => self.click_list(mouse.row),
            Some(Pane::Sidebar) => self.click_sidebar(mouse.row),
            Some(Pane::Article) => self.click_article(mouse.column, mouse.row),
            None => Effects::none(),
        }
    }

    /// A click in the filter places the caret; in the head of an article it goes back.
    fn click_top_bar(&mut self, x: u16) -> Effects {
        let alone = self.pane_layout().is_article_alone();
        let focused = self.focus_pane(Pane::List);
        if !alone {
            self.ui.filter_editing = self.ui.key_preset == KeyPreset::Vim;
            let column = usize::from(x.saturating_sub(3));
            self.filter_bar.edit_input(self.current_time.today(), |line| line.set_caret(column));
        }
        focused
    }

    /// A click on a column of the histogram narrows the list to its days.
    fn click_histogram(&mut self, column: u16) -> Effects {
        let histogram = self.entry_list.search_summary().histogram.as_ref();
        let days = histogram.and_then(|histogram| histogram.bucket_days(usize::from(column)));
        days.map(|days| self.narrow_to_days(days)).into()
    }

    fn click_list(&mut self, y: u16) -> Effects {
        let Some(list) = self.pane_layout().list else { return Effects::none() };
        let index = self.entry_list.top_index() + usize::from((y - list.y) / self.rows_per_entry());
        if index >= self.entry_list.len() {
            return self.focus_pane(Pane::List);
        }
        if index == self.entry_list.selected_index() && self.ui.focus == Pane::List {
            return self.run_command(crate::command::Command::Open);
        }
        self.entry_list.select(index);
        self.focus_pane(Pane::List)
    }

    fn click_sidebar(&mut self, y: u16) -> Effects {
        let Some(area) = self.pane_layout().sidebar else { return Effects::none() };
        self.ui.focus = Pane::Sidebar;
        self.sidebar.select_row(self.sidebar.top_index() + usize::from(y - area.y));
        self.show_sidebar_target()
    }

    fn handle_drag(&mut self, mouse: MouseInput) -> Effects {
        let Some(list) = self.pane_layout().list.filter(|_| self.ui.dragging_divider) else {
            return Effects::none();
        };
        let columns = i32::from(mouse.column.saturating_sub(list.x));
        self.set_list_share(columns * 1000 / i32::from(self.ui.size.width.max(1)))
    }

    fn handle_release(&mut self) -> Effects {
        if std::mem::take(&mut self.ui.dragging_divider) {
            self.update_mouse_tracking()
        } else {
            Effects::none()
        }
    }
}
