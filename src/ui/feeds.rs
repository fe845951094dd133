//! The overlays about feeds: adding one, the table of all, the form of one.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::{Scene, chrome::grouped, overlay::centred, pen::Pen};
use crate::{
    app::{AddFeed, EditFeed, Found, Manager, Panes, PathFor, Stage, TextLine},
    markup::{Block, Text, wrapped},
    model::{Feed, Health},
    text::{bidi::Writer, clean},
};

/// Columns of the table beside the name: its heading, its width, and the width of the table from which it is shown.
const COLUMNS: [(&str, u16, u16); 4] =
    [("Folder", 16, 100), ("Unread", 7, 44), ("Last new", 9, 64), ("Checked", 8, 76)];

/// Columns of the state.
const STATE: u16 = 28;

impl Scene<'_> {
    pub(super) fn add(&self, adding: &AddFeed, panes: &Panes, buffer: &mut Buffer) -> Position {
        let found = matches!(adding.stage, Stage::Found(_));
        let inner = self.boxed(centred(panes.screen, 72, if found { 18 } else { 8 }), "Add feed", buffer);
        let row = |at: u16| Rect { y: inner.y + at, height: 1, ..inner };
        let caret = self.input(&adding.address, "address of a site or feed, or a path", row(0), buffer);
        let say = |buffer: &mut Buffer, at: u16, text: &str, style: Style| {
            if at < inner.height {
                Pen::new(buffer, inner.x, inner.y + at, inner.width)
                    .arranged(self.app.look.writer())
                    .cut(text, style);
            }
        };
        let muted = self.skin.theme.muted;
        match &adding.stage {
            Stage::Typing => {
                say(
                    buffer,
                    2,
                    "A site is enough: its feeds are found. A folder of articles works too.",
                    muted,
                );
                say(buffer, 3, "Tip: paste an address anywhere, and this opens.", muted);
                say(buffer, 5, "Enter looks, Esc cancels", muted);
            }
            Stage::Looking => say(buffer, 2, "Looking…", muted),
            Stage::Failed(sentence) => {
                let lines =
                    wrapped(Block::Paragraph(Text::plain(clean::line(sentence))), inner.width.max(1), 3);
                for (line, at) in lines.iter().zip(2..) {
                    say(buffer, at, &line.text(), self.skin.theme.error);
                }
                say(buffer, 5, "Enter tries again, Esc cancels", muted);
            }
            Stage::Found(found) => return self.found(adding, found, inner, buffer),
        }
        caret
    }

    fn found(&self, adding: &AddFeed, found: &Found, inner: Rect, buffer: &mut Buffer) -> Position {
        let theme = &self.skin.theme;
        let line =
            |at: u16| Rect { y: (inner.y + at).min(inner.bottom().saturating_sub(1)), height: 1, ..inner };
        let count = found.feeds.len();
        let heading = if count == 1 { "1 feed found:".to_owned() } else { format!("{count} feeds found:") };
        Pen::new(buffer, inner.x, line(1).y, inner.width)
            .arranged(self.app.look.writer())
            .cut(&heading, theme.muted);
        let rows = inner.height.saturating_sub(11).clamp(1, 5);
        let top = found.selected.saturating_sub(usize::from(rows) - 1);
        for ((index, (feed, chosen)), at) in found.feeds.iter().enumerate().skip(top).zip(2..2 + rows) {
            let style = if index == found.selected { theme.selection } else { theme.text };
            buffer.set_style(line(at), style);
            let newest = feed.newest.map_or_else(|| "no dates".to_owned(), |newest| self.now.ago(newest));
            let mark = if *chosen { "[x] " } else { "[ ] " };
            let text = format!(
                "{mark}{}  {}, {} articles, {newest}",
                feed.title,
                feed.format,
                grouped(feed.entries as u64)
            );
            Pen::new(buffer, inner.x, line(at).y, inner.width)
                .arranged(self.app.look.writer())
                .cut(&text, style);
        }
        let titles =
            found.feeds.get(found.selected).map(|(feed, _)| feed.titles.as_slice()).unwrap_or_default();
        let below = 3 + rows.min(u16::try_from(count).unwrap_or(rows));
        for (title, at) in titles.iter().zip(below..inner.height.saturating_sub(3)) {
            Pen::new(buffer, inner.x + 4, line(at).y, inner.width.saturating_sub(4))
                .arranged(self.app.look.writer())
                .cut(title, theme.muted);
        }
        let bottom = inner.height.saturating_sub(1);
        let hints = "↑↓ choose  Tab tick  Enter add  Esc cancel";
        Pen::new(buffer, inner.x, line(bottom).y, inner.width).cut(hints, theme.muted);
        self.input(&adding.folder, "folder to put it in, if any", line(bottom.saturating_sub(1)), buffer)
    }

    pub(super) fn path(
        &self,
        purpose: PathFor,
        line: &TextLine,
        panes: &Panes,
        buffer: &mut Buffer,
    ) -> Position {
        let (title, placeholder) = match purpose {
            PathFor::Import => ("Import", "path of an OPML file, or of newsboat's urls file"),
            PathFor::Export => ("Export", "path of the OPML file to write"),
            PathFor::Article => ("Export the article", "path of the file: .md, .html or .txt"),
        };
        let inner = self.boxed(centred(panes.screen, 64, 5), title, buffer);
        let caret = self.input(line, placeholder, Rect { height: 1, ..inner }, buffer);
        let say = "Enter goes on, Esc cancels";
        Pen::new(buffer, inner.x, inner.y + 2, inner.width).cut(say, self.skin.theme.muted);
        caret
    }

    pub(super) fn edit(&self, form: &EditFeed, panes: &Panes, buffer: &mut Buffer) -> Position {
        let height = u16::try_from(form.fields.len() + 5).unwrap_or(u16::MAX);
        let inner = self.boxed(centred(panes.screen, 72, height), &form.title, buffer);
        let theme = &self.skin.theme;
        let (label_room, rows) = (15.min(inner.width / 2), inner.height.saturating_sub(2).max(1));
        let top = form.selected.saturating_sub(usize::from(rows) - 1);
        let mut caret = Position::new(inner.x, inner.y);
        for ((index, (field, line)), y) in
            form.fields.iter().enumerate().skip(top).zip(inner.y..inner.y + rows)
        {
            let selected = index == form.selected;
            let style = if selected { theme.focus } else { theme.muted };
            Pen::new(buffer, inner.x, y, label_room).cut(field.label(), style);
            let place = Rect { x: inner.x + label_room, y, width: inner.width - label_room, height: 1 };
            if selected {
                caret = self.input(line, field.help(), place, buffer);
            } else {
                Pen::new(buffer, place.x + 2, y, place.width.saturating_sub(2)).cut(line.text(), theme.text);
            }
        }
        let (text, style) = match &form.mistake {
            Some(mistake) => (mistake.as_str(), theme.error),
            None => (form.fields[form.selected].0.help(), theme.muted),
        };
        let bottom = inner.bottom().saturating_sub(1);
        Pen::new(buffer, inner.x, bottom.saturating_sub(1), inner.width).cut(text, style);
        Pen::new(buffer, inner.x, bottom, inner.width).cut("↑↓ field  Enter save  Esc cancel", theme.muted);
        caret
    }

    pub(super) fn manager(&self, manager: &Manager, panes: &Panes, buffer: &mut Buffer) -> Option<Position> {
        let feeds = &self.app.sidebar.facts().feeds;
        let failing = feeds.iter().filter(|feed| feed.health != Health::Fine).count();
        let failing =
            if failing == 0 { String::new() } else { format!(" {} {failing} failing", self.skin.glyphs.dot) };
        let title = format!("Feeds  {}{failing}", feeds.len());
        let area = centred(panes.screen, 106, panes.screen.height.saturating_sub(2));
        let inner = self.boxed(area, &title, buffer);
        let rows = manager.rows(feeds);
        let selected = manager.selected(&rows);
        let caret = manager
            .typing
            .then(|| self.input(&manager.line, "type to filter", Rect { height: 1, ..inner }, buffer));
        if !manager.typing {
            self.headings(inner, buffer);
        }
        let foot = if inner.height > 9 { 4 } else { 1 };
        let table = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1 + foot), ..inner };
        let top = selected.saturating_sub(usize::from(table.height.max(1)) - 1);
        for ((index, feed), y) in rows.iter().enumerate().skip(top).zip(table.y..table.bottom()) {
            self.feed_row(feed, index == selected, Rect { y, height: 1, ..table }, buffer);
        }
        if rows.is_empty() {
            let text = if feeds.is_empty() { "No feeds yet: a adds one." } else { "Nothing matches." };
            Pen::new(buffer, table.x, table.y, table.width).cut(text, self.skin.theme.muted);
        }
        self.feed_details(
            rows.get(selected).copied(),
            Rect { y: table.bottom(), height: foot, ..inner },
            buffer,
        );
        caret
    }

    fn headings(&self, area: Rect, buffer: &mut Buffer) {
        let names =
            ["Feed".to_owned()].into_iter().chain(columns(area.width).map(|(name, ..)| (*name).to_owned()));
        cells(
            names.chain(["State".to_owned()]),
            (self.skin.theme.muted, self.skin.theme.muted),
            Writer::Logical,
            area,
            buffer,
        );
    }

    fn feed_row(&self, feed: &Feed, selected: bool, area: Rect, buffer: &mut Buffer) {
        let theme = &self.skin.theme;
        let (style, failing) =
            if selected { (theme.selection, theme.selection) } else { (theme.text, theme.error) };
        buffer.set_style(area, style);
        let ago =
            |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| self.now.age(at)).unwrap_or_default();
        let cell = |name: &str| match name {
            "Folder" => feed.folder().unwrap_or_default().to_owned(),
            "Unread" if feed.unread == 0 => String::new(),
            "Unread" => grouped(feed.unread),
            "Last new" => ago(feed.clock.last_new),
            _ => ago(feed.clock.checked),
        };
        let health = if feed.health == Health::Fine { style } else { failing };
        let row =
            [feed.name().to_owned()].into_iter().chain(columns(area.width).map(|(name, ..)| cell(name)));
        cells(row.chain([state(feed)]), (style, health), self.app.look.writer(), area, buffer);
    }

    /// The selected feed in full, and the keys.
    fn feed_details(&self, feed: Option<&Feed>, area: Rect, buffer: &mut Buffer) {
        let theme = &self.skin.theme;
        let bottom = area.bottom().saturating_sub(1);
        let hints = "a add  e edit  r refresh  p pause  m mute  o site  x remove  u undo  i/w import/export  / filter  Esc";
        Pen::new(buffer, area.x, bottom, area.width).cut(hints, theme.muted);
        let Some(feed) = feed.filter(|_| area.height > 2) else { return };
        let address = format!("{}  {}", feed.name(), feed.url);
        Pen::new(buffer, area.x, area.y + 1, area.width)
            .arranged(self.app.look.writer())
            .cut(&address, theme.text);
        let next = feed.clock.next.map(|next| format!("Next try {}. ", self.until(next))).unwrap_or_default();
        let (text, style) = match &feed.health {
            Health::Failing(sentence) => {
                (format!("{sentence}. {next}Articles you have are kept."), theme.error)
            }
            Health::Fine => (next.replace("try", "refresh"), theme.muted),
        };
        Pen::new(buffer, area.x, area.y + 2, area.width).arranged(self.app.look.writer()).cut(&text, style);
    }

    /// How long until a time to come, in words.
    fn until(&self, at: chrono::DateTime<chrono::Utc>) -> String {
        match (at - self.now.at).num_minutes() {
            ..1 => "now".to_owned(),
            minutes @ ..120 => format!("in {minutes} min"),
            minutes @ ..2880 => format!("in {} h", minutes / 60),
            minutes => format!("in {} days", minutes / (24 * 60)),
        }
    }
}

/// The columns that a table of this width has room for.
fn columns(width: u16) -> impl Iterator<Item = &'static (&'static str, u16, u16)> {
    COLUMNS.iter().filter(move |(_, _, from)| width >= *from)
}

/// Writes a row of the table: the name takes what the others leave.
fn cells(
    cells: impl Iterator<Item = String>,
    styles: (Style, Style),
    writer: Writer,
    area: Rect,
    buffer: &mut Buffer,
) {
    let fixed: u16 = columns(area.width).map(|(_, width, _)| width + 1).sum();
    let state = STATE.min(area.width / 3);
    let name = area.width.saturating_sub(fixed + state + 1);
    let widths = [name].into_iter().chain(columns(area.width).map(|(_, width, _)| *width)).chain([state]);
    let mut x = area.x;
    let last = columns(area.width).count() + 1;
    for (index, (text, width)) in cells.zip(widths).enumerate() {
        let style = if index == last { styles.1 } else { styles.0 };
        Pen::new(buffer, x, area.y, width).arranged(writer).cut(&text, style);
        x = x.saturating_add(width + 1);
    }
}

/// How a feed goes, in a few words.
fn state(feed: &Feed) -> String {
    match &feed.health {
        _ if feed.subscription.paused => "paused".to_owned(),
        Health::Failing(sentence) => format!("! {sentence}"),
        Health::Fine if feed.subscription.muted => "ok, muted".to_owned(),
        Health::Fine => "ok".to_owned(),
    }
}
