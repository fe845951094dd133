//! The mouse: the wheel scrolls what is under it, a click selects, a click on the selected row opens.

use super::{App, Effects, Mouse, MouseKind, Overlay, Pane, Scroll, TerminalRequest};
use crate::settings::Preset;

/// Rows that one notch of the wheel scrolls.
const NOTCH: i32 = 3;

impl App {
    pub(super) fn mouse(&mut self, mouse: Mouse) -> Effects {
        self.rest.touched = true;
        if let Some(overlay) = &mut self.overlay {
            match (overlay, mouse.kind) {
                (Overlay::Picker(picker), MouseKind::WheelUp) => picker.move_by(-1),
                (Overlay::Picker(picker), MouseKind::WheelDown) => picker.move_by(1),
                (_, MouseKind::Press) => self.overlay = None,
                _ => {}
            }
            return Effects::none();
        }
        match mouse.kind {
            MouseKind::WheelUp => self.wheel(mouse, -NOTCH),
            MouseKind::WheelDown => self.wheel(mouse, NOTCH),
            MouseKind::Press => self.press(mouse),
            MouseKind::Drag => self.drag(mouse),
            MouseKind::Release => self.release(),
        }
    }

    fn wheel(&mut self, mouse: Mouse, rows: i32) -> Effects {
        match self.panes().at(mouse.x, mouse.y) {
            Some(Pane::Article) => self.scroll(Scroll::Lines(rows)),
            Some(Pane::List) => {
                self.entries.scroll(rows as isize);
                Effects::none()
            }
            Some(Pane::Sidebar) => {
                self.sidebar.move_by(rows.signum() as isize);
                self.show_chosen()
            }
            None => Effects::none(),
        }
    }

    fn press(&mut self, mouse: Mouse) -> Effects {
        let panes = self.panes();
        if panes.top.contains((mouse.x, mouse.y).into()) {
            return self.press_top(mouse.x);
        }
        let divider = panes.article.is_some_and(|article| article.x > 0 && mouse.x == article.x - 1);
        if divider && panes.list.is_some() {
            self.look.dragging = true;
            return TerminalRequest::TrackDrag.into();
        }
        let at = (mouse.x, mouse.y).into();
        if let Some((area, step)) = self.histogram_place(&panes).filter(|(area, _)| area.contains(at)) {
            return self.press_histogram((mouse.x - area.x) / step);
        }
        match panes.at(mouse.x, mouse.y) {
            Some(Pane::List) => self.press_list(mouse.y),
            Some(Pane::Sidebar) => self.press_sidebar(mouse.y),
            Some(Pane::Article) => self.press_article(mouse.x, mouse.y),
            None => Effects::none(),
        }
    }

    /// A click in the filter places the caret; in the head of an article it goes back.
    fn press_top(&mut self, x: u16) -> Effects {
        let alone = self.panes().article_alone();
        let focused = self.focus(Pane::List);
        if !alone {
            self.look.typing = self.look.preset == Preset::Vim;
            let column = usize::from(x.saturating_sub(3));
            self.filter.edit(self.moment.today(), |line| line.set_caret(column));
        }
        focused
    }

    /// A click on a column of the histogram narrows the list to its days.
    fn press_histogram(&mut self, column: u16) -> Effects {
        let histogram = self.entries.overview().histogram.as_ref();
        let days = histogram.and_then(|histogram| histogram.days(usize::from(column)));
        days.map(|days| self.narrow(days)).into()
    }

    fn press_list(&mut self, y: u16) -> Effects {
        let Some(list) = self.panes().list else { return Effects::none() };
        let index = self.entries.top() + usize::from((y - list.y) / self.rows_per_entry());
        if index >= self.entries.len() {
            return self.focus(Pane::List);
        }
        if index == self.entries.position() && self.look.focus == Pane::List {
            return self.command(crate::command::Command::Open);
        }
        self.entries.select(index);
        self.focus(Pane::List)
    }

    fn press_sidebar(&mut self, y: u16) -> Effects {
        let Some(area) = self.panes().sidebar else { return Effects::none() };
        self.look.focus = Pane::Sidebar;
        self.sidebar.select(self.sidebar.top() + usize::from(y - area.y));
        self.show_chosen()
    }

    fn drag(&mut self, mouse: Mouse) -> Effects {
        let Some(list) = self.panes().list.filter(|_| self.look.dragging) else { return Effects::none() };
        let columns = i32::from(mouse.x.saturating_sub(list.x));
        self.share_list(columns * 1000 / i32::from(self.look.size.width.max(1)))
    }

    fn release(&mut self) -> Effects {
        if std::mem::take(&mut self.look.dragging) { self.track() } else { Effects::none() }
    }
}
