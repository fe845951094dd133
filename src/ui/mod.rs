//! Draws an [`App`]; changes nothing.
//!
//! Only what is on the screen is built: the rows of the list in view, the lines of the article in view.

mod article;
mod chrome;
mod colors;
mod entry_list;
mod feed_overlays;
mod glyphs;
mod help;
mod hints;
mod histogram;
pub mod hyperlink;
pub mod image_cell;
mod overlay;
mod picture;
mod row_painter;
mod sidebar;
mod theme;
mod top_line;
mod welcome;

use ratatui::{Frame, buffer::Buffer, layout::Position};

pub use glyphs::Glyphs;
pub use theme::{Theme, ThemeError};

use crate::{
    app::{App, LayoutClass, Pane},
    text::LocalNow,
};

/// How everything looks.
#[derive(Debug, Clone)]
pub struct ScreenStyle {
    /// Colours and emphasis, by role.
    pub theme: Theme,
    /// The characters that stand for things.
    pub glyphs: Glyphs,
}

/// What a part of the screen is drawn from.
struct ScreenPainter<'a> {
    app: &'a App,
    style: &'a ScreenStyle,
    now: LocalNow,
}

/// Draws the app as it is `now`.
pub fn draw_app(app: &App, skin: &ScreenStyle, now: LocalNow, frame: &mut Frame<'_>) {
    let scene = ScreenPainter { app, style: skin, now };
    let cursor = scene.draw_screen(frame.buffer_mut());
    if let Some(cursor) = cursor.filter(|cursor| frame.area().contains(*cursor)) {
        frame.set_cursor_position(cursor);
    }
}

impl ScreenPainter<'_> {
    /// Draws everything; tells where the cursor belongs.
    fn draw_screen(&self, buffer: &mut Buffer) -> Option<Position> {
        let panes = self.app.pane_layout();
        if *buffer.area() != panes.screen {
            return None;
        }
        buffer.set_style(panes.screen, self.style.theme.text);
        match panes.class {
            LayoutClass::Empty => return None,
            LayoutClass::TitleOnly => {
                self.draw_title_only(buffer);
                return Some(Position::new(0, 0));
            }
            _ => {}
        }
        self.draw_chrome(&panes, buffer);
        let top = self.draw_top_line(&panes, buffer);
        let list = panes.list.and_then(|area| self.draw_entry_list(area, buffer));
        let article = panes.article.map(|area| self.draw_article(area, buffer));
        let sidebar = panes.sidebar.map(|area| self.draw_sidebar(area, buffer));
        if self.app.shows_welcome() {
            self.draw_welcome(&panes, buffer);
        }
        let below = match self.app.ui.focus {
            Pane::Sidebar => sidebar,
            Pane::List => list,
            Pane::Article => article,
        };
        let typing = self.app.is_typing_filter() && !self.app.ui.settings.accessible;
        self.draw_overlay(&panes, buffer).or(if typing { top } else { below.or(top) })
    }

    /// In a sliver of a terminal, the selected title, cut.
    fn draw_title_only(&self, buffer: &mut Buffer) {
        let title = self.app.entry_list.selected_entry().map_or("", |entry| entry.title.as_str());
        let area = *buffer.area();
        row_painter::RowPainter::new(buffer, area.x, area.y, area.width)
            .with_bidi_mode(self.app.ui.bidi_mode())
            .put_truncated(title, self.style.theme.text);
    }
}
