//! The entry list: only the rows in view.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

use super::{
    Scene,
    chrome::grouped,
    pen::{Lit, Pen},
};
use crate::{
    app::LayoutClass,
    model::{Entry, Scope, Stamp},
    text::{clean, cut, width},
};

/// Columns of marks in front of a title: selection, unread, star, blank.
const MARKS: u16 = 4;

impl Scene<'_> {
    /// Draws the list; tells where the selected row begins.
    pub(super) fn list(&self, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let entries = &self.app.entries;
        if entries.is_empty() {
            if entries.is_known() {
                self.empty_list(area, buffer);
            }
            return None;
        }
        let per_entry = self.app.rows_per_entry();
        let mut cursor = None;
        for row in 0..area.height / per_entry {
            let index = entries.top() + usize::from(row);
            if index >= entries.len() {
                break;
            }
            let place = Rect { y: area.y + row * per_entry, height: per_entry, ..area };
            let selected = index == entries.position();
            if selected {
                cursor = Some(Position::new(area.x, place.y));
                buffer.set_style(place, self.skin.theme.selection);
            }
            if let Some(entry) = entries.row(index) {
                Row { scene: self, entry, place, selected }.draw(buffer);
            }
        }
        cursor
    }

    /// Says why there is nothing, and which key helps.
    fn empty_list(&self, area: Rect, buffer: &mut Buffer) {
        let lines = self.empty_lines();
        for (y, (key, text)) in (area.y + 1..area.bottom()).zip(lines) {
            let x = area.x + 2;
            let mut pen = Pen::new(buffer, x, y, area.width.saturating_sub(3));
            if !key.is_empty() {
                pen.put(key, self.skin.theme.focus).skip_to(x + 7);
            }
            pen.cut(&text, self.skin.theme.text);
        }
    }

    fn empty_lines(&self) -> Vec<(&'static str, String)> {
        let app = self.app;
        let name = app.sidebar.name(app.scope());
        let plain = |text: &str| ("", text.to_owned());
        if !app.filter.is_empty() {
            let everything = app.scope().widens() || *app.scope() == Scope::Everything;
            let place = if everything { String::new() } else { format!(" in {name}") };
            if app.entries.more() {
                return vec![plain("Looking through the texts …")];
            }
            let unindexed = app.entries.overview().unindexed;
            let yet = if unindexed > 0 { " yet" } else { "" };
            let mut lines =
                vec![plain(&format!("Nothing matches “{}”{place}{yet}.", app.filter.text().trim()))];
            if unindexed > 0 {
                lines.push(plain(&format!("{} are not indexed yet.", grouped(unindexed))));
            }
            lines.extend([plain(""), ("Esc", "clear the filter".to_owned())]);
            if let Some(meant) = &app.entries.overview().meant {
                lines.push(("Enter", format!("look for “{}”", clean::line(meant.trim()))));
            } else if !everything {
                lines.push(("Enter", "search all articles".to_owned()));
            }
            return lines;
        }
        match (app.scope(), app.sidebar.facts().feeds.is_empty()) {
            (_, true) => Vec::new(),
            (Scope::Unread, _) => vec![plain("All read."), plain(""), ("Tab", "all articles".to_owned())],
            _ => vec![plain(&format!("Nothing in {name}.")), plain(""), ("←", "other feeds".to_owned())],
        }
    }
}

/// One entry and its place on the screen.
struct Row<'a> {
    scene: &'a Scene<'a>,
    entry: &'a Entry,
    place: Rect,
    selected: bool,
}

impl Row<'_> {
    fn draw(&self, buffer: &mut Buffer) {
        let place = self.place;
        let title = self.marks(buffer);
        let tail = if place.height == 1 { self.tail() } else { String::new() };
        let columns = u16::try_from(width(&tail)).unwrap_or(0);
        let room = place.right().saturating_sub(title + columns + 1);
        self.title(title, room, buffer);
        let muted = self.look(self.scene.skin.theme.muted);
        let mut pen = Pen::new(buffer, place.right().saturating_sub(columns + 1), place.y, columns);
        pen.clean(&tail, muted);
        if place.height > 1 {
            let line = format!("{} {} {}", self.source(), self.scene.skin.glyphs.dot, self.age());
            let x = place.x + MARKS;
            let room = place.right().saturating_sub(x + 1);
            Pen::new(buffer, x, place.y + 1, room).arranged(self.scene.app.look.writer()).cut(&line, muted);
        }
    }

    /// The look of a role; on the selected row all look alike.
    fn look(&self, role: Style) -> Style {
        if self.selected { self.scene.skin.theme.selection } else { role }
    }

    /// Draws the marks in front of the title; tells where the title begins.
    fn marks(&self, buffer: &mut Buffer) -> u16 {
        if self.scene.app.look.settings.accessible {
            return self.words(buffer);
        }
        let (theme, glyphs, place) = (&self.scene.skin.theme, &self.scene.skin.glyphs, self.place);
        let roomy = self.scene.app.panes().class > LayoutClass::Tiny;
        if roomy {
            let mark = if self.selected { glyphs.selected } else { " " };
            for y in place.top()..place.bottom() {
                Pen::new(buffer, place.x, y, 1).put(mark, self.look(theme.focus));
            }
        }
        let mut pen = Pen::new(buffer, place.x + u16::from(roomy), place.y, place.width);
        pen.put(if self.entry.state.read { " " } else { glyphs.unread }, self.look(theme.unread));
        if roomy {
            let star = if self.entry.state.starred { glyphs.star } else { " " };
            pen.put(star, self.look(theme.star)).put(" ", self.look(theme.text));
        }
        pen.x()
    }

    /// The same in words, for those who hear them.
    fn words(&self, buffer: &mut Buffer) -> u16 {
        let state = self.entry.state;
        let words = match (state.read, state.starred) {
            (false, true) => "unread, starred: ",
            (false, false) => "unread: ",
            (true, true) => "starred: ",
            (true, false) => "",
        };
        let mut pen = Pen::new(buffer, self.place.x, self.place.y, self.place.width);
        pen.put(words, self.look(self.scene.skin.theme.muted)).x()
    }

    fn title(&self, x: u16, room: u16, buffer: &mut Buffer) {
        let theme = &self.scene.skin.theme;
        let title = clean::line(&self.entry.title);
        let title = cut(&title, usize::from(room));
        let ranges = self.scene.app.filter.query().highlights(&title);
        let lit = if self.selected { theme.matched_selected } else { theme.matched };
        let bold = if self.entry.state.read { Modifier::empty() } else { Modifier::BOLD };
        let style = self.look(theme.text).add_modifier(bold);
        let lit = Lit { ranges: &ranges, style: lit, marked: None, marked_style: lit };
        Pen::new(buffer, x, self.place.y, room)
            .arranged(self.scene.app.look.writer())
            .align(&title)
            .lit(&title, style, 0, &lit);
    }

    /// The source where there is room, and the age: right-aligned, and never cut.
    fn tail(&self) -> String {
        let age = self.age();
        match self.place.width {
            60.. => format!(" {} {age:>4}", pad_source(&self.source())),
            24.. => format!("  {age:>3}"),
            _ => String::new(),
        }
    }

    fn source(&self) -> String {
        self.scene.app.sidebar.feed(self.entry.feed).map(|feed| feed.name().to_owned()).unwrap_or_default()
    }

    fn age(&self) -> String {
        match self.entry.published {
            Stamp::Day(day) => self.scene.now.day(day),
            Stamp::Instant(at) => self.scene.now.age(at),
        }
    }
}

/// A source in ten columns, cut without a mark.
fn pad_source(source: &str) -> String {
    let source = clean::line(source);
    let mut out = String::new();
    for c in source.chars() {
        if width(&out) + width(c.encode_utf8(&mut [0; 4])) > 10 {
            break;
        }
        out.push(c);
    }
    " ".repeat(10 - width(&out)) + &out
}
