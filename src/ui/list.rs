//! The entry list: only the rows in view.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

use super::{
    Scene,
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
                self.entry(entry, place, selected, buffer);
            }
        }
        cursor
    }

    fn entry(&self, entry: &Entry, place: Rect, selected: bool, buffer: &mut Buffer) {
        let base = if selected { self.skin.theme.selection } else { self.skin.theme.text };
        let after = self.marks(entry, place, selected, buffer);
        let bold = if entry.state.read { Modifier::empty() } else { Modifier::BOLD };
        let tail = if place.height == 1 { self.tail(entry, place) } else { String::new() };
        let columns = u16::try_from(width(&tail)).unwrap_or(0);
        let room = place.right().saturating_sub(after + columns + 1);
        self.title(entry, (after, place.y, room), base.add_modifier(bold), selected, buffer);
        let muted = if selected { base } else { self.skin.theme.muted };
        if columns > 0 {
            Pen::new(buffer, place.right().saturating_sub(columns + 1), place.y, columns).clean(&tail, muted);
        }
        if place.height > 1 {
            let line =
                format!("{} {} {}", self.source(entry), self.skin.glyphs.dot, self.age(entry.published));
            let x = place.x + MARKS;
            Pen::new(buffer, x, place.y + 1, place.right().saturating_sub(x + 1)).cut(&line, muted);
        }
    }

    /// Draws the marks in front of a title; tells where the title begins.
    fn marks(&self, entry: &Entry, place: Rect, selected: bool, buffer: &mut Buffer) -> u16 {
        let (theme, glyphs) = (&self.skin.theme, &self.skin.glyphs);
        let style = |role: Style| if selected { theme.selection } else { role };
        let tiny = self.app.panes().class <= LayoutClass::Tiny;
        let mut pen = Pen::new(buffer, place.x, place.y, place.width);
        if self.app.look.settings.accessible {
            let words = [(!entry.state.read, "unread"), (entry.state.starred, "starred")];
            let words: Vec<&str> = words.iter().filter(|(holds, _)| *holds).map(|(_, word)| *word).collect();
            let words = if words.is_empty() { String::new() } else { format!("{}: ", words.join(", ")) };
            pen.put(&words, style(theme.muted));
            return pen.x();
        }
        if !tiny {
            let mark = if selected { glyphs.selected } else { " " };
            pen.put(mark, style(theme.focus));
            for y in place.y + 1..place.bottom() {
                let mut below = Pen::new(buffer, place.x, y, 1);
                below.put(mark, style(theme.focus));
            }
        }
        let mut pen = Pen::new(buffer, place.x + u16::from(!tiny), place.y, place.width);
        pen.put(if entry.state.read { " " } else { glyphs.unread }, style(theme.unread));
        if !tiny {
            pen.put(if entry.state.starred { glyphs.star } else { " " }, style(theme.star))
                .put(" ", style(theme.text));
        }
        pen.x()
    }

    fn title(&self, entry: &Entry, at: (u16, u16, u16), style: Style, selected: bool, buffer: &mut Buffer) {
        let (x, y, room) = at;
        let title = clean::line(&entry.title);
        let title = cut(&title, usize::from(room));
        let ranges = self.app.filter.query().highlights(&title);
        let theme = &self.skin.theme;
        let lit =
            Lit { ranges: &ranges, style: if selected { theme.matched_selected } else { theme.matched } };
        Pen::new(buffer, x, y, room).lit(&title, style, 0, lit);
    }

    /// The source where there is room, and the age: right-aligned, and never cut.
    fn tail(&self, entry: &Entry, place: Rect) -> String {
        let age = self.age(entry.published);
        match place.width {
            60.. => format!(" {} {age:>4}", pad_source(&self.source(entry))),
            24.. => format!("  {age:>3}"),
            _ => String::new(),
        }
    }

    fn source(&self, entry: &Entry) -> String {
        self.app.sidebar.feed(entry.feed).map(|feed| feed.title.clone()).unwrap_or_default()
    }

    fn age(&self, published: Stamp) -> String {
        match published {
            Stamp::Day(day) => self.now.day(day),
            Stamp::Instant(at) => self.now.age(at),
        }
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
            let mut lines = vec![
                plain(&format!("Nothing matches “{}”{place}.", app.filter.text().trim())),
                plain(""),
                ("Esc", "clear the filter".to_owned()),
            ];
            if !everything {
                lines.push(("Enter", "search all articles".to_owned()));
            }
            return lines;
        }
        match (app.scope(), app.sidebar.facts().feeds.is_empty()) {
            (_, true) => vec![
                plain("Welcome. There is nothing to read yet."),
                plain(""),
                ("^X a", "follow a folder of articles".to_owned()),
                ("?", "help".to_owned()),
                plain(""),
                plain("Everything is kept on this computer."),
            ],
            (Scope::Unread, _) => vec![plain("All read."), plain(""), ("Tab", "all articles".to_owned())],
            _ => vec![plain(&format!("Nothing in {name}.")), plain(""), ("←", "other feeds".to_owned())],
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
