//! The screen: draws an [`App`], and changes nothing.
//!
//! Only the visible parts are built: the rows of the list and the lines of the article in view.
//! Keys in texts are looked up in the user's keymap (`hints.rs`).

mod account_table;
mod article;
mod ascii;
mod chrome;
mod colors;
mod entry_list;
mod entry_row;
mod feed_dialogs;
mod feed_table;
mod glyphs;
mod help_page;
mod hints;
mod histogram;
pub mod hyperlink;
mod image;
pub mod image_cell;
mod journal_table;
mod notice;
mod overlay;
mod overlay_hints;
mod result_count;
mod row_painter;
mod rule_table;
mod sidebar;
mod tag_labels;
mod theme;
mod top_line;
mod welcome;

use ratatui::{Frame, buffer::Buffer, layout::Position};

pub use glyphs::Glyphs;
pub use theme::{Theme, ThemeError};

use crate::{
    app::{App, LayoutClass, Pane, PaneLayout},
    text::LocalNow,
};

/// The appearance of the screen.
#[derive(Debug, Clone)]
pub struct ScreenStyle {
    /// Colours and emphasis, by role.
    pub theme: Theme,
    /// Symbols.
    pub glyphs: Glyphs,
}

/// The painter of the screen; each file of this module draws one part of it.
struct ScreenPainter<'a> {
    app: &'a App,
    style: &'a ScreenStyle,
    now: LocalNow,
}

/// Draws the app into `frame`; ages are relative to `now`.
pub fn draw_app(app: &App, style: &ScreenStyle, now: LocalNow, frame: &mut Frame<'_>) {
    let painter = ScreenPainter { app, style, now };
    let cursor = painter.draw_screen(frame.buffer_mut());
    if let Some(cursor) = cursor.filter(|cursor| frame.area().contains(*cursor)) {
        frame.set_cursor_position(cursor);
    }
}

impl ScreenPainter<'_> {
    /// Draws everything; returns the position of the cursor.
    fn draw_screen(&self, buffer: &mut Buffer) -> Option<Position> {
        let panes = self.app.pane_layout();
        if *buffer.area() != panes.screen {
            return None;
        }
        buffer.set_style(panes.screen, self.style.theme.text);
        let cursor = self.draw_panes(&panes, buffer);
        if self.style.glyphs.is_ascii {
            let article = self.article_text_area();
            ascii::replace_marks(buffer, |cell| !article.contains(cell));
            let before = buffer.clone();
            let overlay = self.draw_over_panes(&panes, buffer);
            let after = buffer.clone();
            ascii::replace_marks(buffer, |cell| before[cell] != after[cell]);
            return overlay.or(cursor);
        }
        self.draw_over_panes(&panes, buffer).or(cursor)
    }

    /// Draws the overlay and the notice; returns the position of the caret of the overlay.
    fn draw_over_panes(&self, panes: &PaneLayout, buffer: &mut Buffer) -> Option<Position> {
        let caret = self.draw_overlay(panes, buffer);
        self.draw_notice(panes, buffer);
        caret
    }

    /// Draws everything but the overlay; returns the position of the cursor.
    fn draw_panes(&self, panes: &PaneLayout, buffer: &mut Buffer) -> Option<Position> {
        match panes.class {
            LayoutClass::Empty => return None,
            LayoutClass::TitleOnly => {
                self.draw_title_only(buffer);
                return Some(Position::new(0, 0));
            }
            _ => {}
        }
        self.draw_chrome(panes, buffer);
        let top = self.draw_top_line(panes, buffer);
        let list = panes.list.and_then(|area| self.draw_entry_list(area, buffer));
        let article = panes.article.and_then(|area| self.draw_article(area, buffer));
        let sidebar = panes.sidebar.map(|area| self.draw_sidebar(area, buffer));
        if self.app.shows_welcome() {
            let welcome = self.draw_welcome(panes, buffer);
            return self.spoken_position(Some(welcome)).or(top);
        }
        let below = match self.app.ui.focus {
            Pane::Sidebar => sidebar.or(top),
            Pane::List => list.or(top),
            Pane::Article => article,
        };
        let typing = self.app.is_typing_filter() && !self.app.ui.settings.accessible;
        if typing { top } else { below }
    }

    /// Draws the selected title, cut, in a terminal too small for anything else.
    fn draw_title_only(&self, buffer: &mut Buffer) {
        let title = self.app.entry_list.selected_entry().map_or("", |entry| entry.title.as_str());
        let area = *buffer.area();
        row_painter::RowPainter::new(buffer, area.x, area.y, area.width)
            .with_bidi_mode(self.app.ui.bidi_mode())
            .put_truncated(title, self.style.theme.text);
    }
}
