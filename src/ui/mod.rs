//! Draws an [`App`]; changes nothing.
//!
//! Only what is on the screen is built: the rows of the list in view, the lines of the article in view.

mod article;
mod chrome;
mod colors;
mod feeds;
mod filter;
mod glyphs;
mod help;
mod hints;
mod histogram;
pub mod hyperlink;
mod list;
mod overlay;
mod pen;
mod picture;
mod sidebar;
pub mod strip;
mod theme;
mod welcome;

use ratatui::{Frame, buffer::Buffer, layout::Position};

pub use glyphs::Glyphs;
pub use theme::{Theme, ThemeError};

use crate::{
    app::{App, LayoutClass, Pane},
    text::Now,
};

/// How everything looks.
#[derive(Debug, Clone)]
pub struct Skin {
    /// Colours and emphasis, by role.
    pub theme: Theme,
    /// The characters that stand for things.
    pub glyphs: Glyphs,
}

/// What a part of the screen is drawn from.
struct Scene<'a> {
    app: &'a App,
    skin: &'a Skin,
    now: Now,
}

/// Draws the app as it is `now`.
pub fn draw(app: &App, skin: &Skin, now: Now, frame: &mut Frame<'_>) {
    let scene = Scene { app, skin, now };
    let cursor = scene.draw(frame.buffer_mut());
    if let Some(cursor) = cursor.filter(|cursor| frame.area().contains(*cursor)) {
        frame.set_cursor_position(cursor);
    }
}

impl Scene<'_> {
    /// Draws everything; tells where the cursor belongs.
    fn draw(&self, buffer: &mut Buffer) -> Option<Position> {
        let panes = self.app.panes();
        if *buffer.area() != panes.screen {
            return None;
        }
        buffer.set_style(panes.screen, self.skin.theme.text);
        match panes.class {
            LayoutClass::Nothing => return None,
            LayoutClass::Title => {
                self.title_only(buffer);
                return Some(Position::new(0, 0));
            }
            _ => {}
        }
        self.chrome(&panes, buffer);
        let top = self.top_line(&panes, buffer);
        let list = panes.list.and_then(|area| self.list(area, buffer));
        let article = panes.article.map(|area| self.article(area, buffer));
        let sidebar = panes.sidebar.map(|area| self.sidebar(area, buffer));
        if self.app.is_new_here() {
            self.welcome(&panes, buffer);
        }
        let below = match self.app.look.focus {
            Pane::Sidebar => sidebar,
            Pane::List => list,
            Pane::Article => article,
        };
        let typing = self.app.types_into_filter() && !self.app.look.settings.accessible;
        self.overlay(&panes, buffer).or(if typing { top } else { below.or(top) })
    }

    /// In a sliver of a terminal, the selected title, cut.
    fn title_only(&self, buffer: &mut Buffer) {
        let title = self.app.entries.selected().map_or("", |entry| entry.title.as_str());
        let area = *buffer.area();
        pen::Pen::new(buffer, area.x, area.y, area.width)
            .arranged(self.app.look.writer())
            .cut(title, self.skin.theme.text);
    }
}
