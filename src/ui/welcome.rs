//! The welcome screen, shown while there are no feeds.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{
    ScreenPainter,
    row_painter::{RowPainter, key_columns},
};
use crate::{app::PaneLayout, command::Command, text::count_noun};

impl ScreenPainter<'_> {
    /// Draws the welcome screen over all panes, which are empty; returns the position of its text.
    pub(super) fn draw_welcome(&self, panes: &PaneLayout, buffer: &mut Buffer) -> Position {
        let from = panes.top_rule.map_or(1, |rule| rule + 1);
        let to = panes.bottom_rule.unwrap_or(panes.screen.bottom());
        let area = Rect { y: from, height: to.saturating_sub(from), ..panes.screen };
        for position in area.positions() {
            buffer[position].reset();
            buffer[position].set_style(self.style.theme.text);
        }
        for (x, y) in panes
            .divider_columns()
            .flat_map(|x| [panes.top_rule, panes.bottom_rule].map(|y| (x, y)))
        {
            if let Some(y) = y {
                buffer[(x, y)].set_symbol(self.style.glyphs.horizontal);
            }
        }
        let lines = self.welcome_lines();
        let key_columns = key_columns(lines.iter().map(|(key, _)| key));
        let indent = if area.width >= 60 { 5 } else { 1 };
        let blank = u16::try_from(lines.len()).is_ok_and(|lines| lines + 2 <= area.height);
        let visible_lines =
            lines.iter().filter(|(key, text)| blank || !key.is_empty() || !text.is_empty());
        for ((key, text), y) in visible_lines.zip(area.y + u16::from(blank)..area.bottom()) {
            let mut painter =
                RowPainter::new(buffer, area.x + indent, y, area.width.saturating_sub(indent + 1));
            if !key.is_empty() {
                let x = area.x + indent + key_columns;
                painter.put_text(key, self.style.theme.focus).skip_to(x);
            }
            painter.put_truncated(text, self.style.theme.text);
        }
        Position::new(area.x, area.y + u16::from(blank))
    }

    /// Returns the keys and texts of the welcome.
    fn welcome_lines(&self) -> Vec<(String, String)> {
        let plain = |text: &str| (String::new(), text.to_owned());
        let key_of = |command: Command| {
            self.shortcut(command).unwrap_or_else(|| command.spec().title.to_owned())
        };
        let collections = self.app.sidebar.collections();
        let mut lines = vec![
            plain("Welcome. There is nothing to read yet."),
            plain(""),
            ("paste".to_owned(), "the address of any site you like".to_owned()),
            (key_of(Command::AddFeed), "type one, or the path of a folder of articles".to_owned()),
            (key_of(Command::ImportFeeds), "import an OPML file from another reader".to_owned()),
            plain(""),
        ];
        let named =
            collections.iter().map(|collection| (collection.name.as_str(), collection.feeds.len()));
        let all = collections.iter().map(|collection| collection.feeds.len()).sum();
        let everything = (!collections.is_empty()).then_some(("Everything", all));
        for (number, (name, feeds)) in (1..=9).zip(named.chain(everything)) {
            lines.push((number.to_string(), format!("{name}, {}", count_noun(feeds, "feed"))));
        }
        lines.extend([
            plain(""),
            plain("Feeds come straight from their sites;"),
            plain("everything stays on this computer."),
        ]);
        lines
    }
}
