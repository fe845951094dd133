//! The first row: the filter bar, or the head line of an article that has the screen to itself.

use ratatui::{buffer::Buffer, layout::Position};

use super::{Scene, chrome::grouped, pen::Pen};
use crate::{
    app::{LayoutClass, Panes},
    model::Order,
    settings::Preset,
    text::{cut, width},
};

impl Scene<'_> {
    /// Draws the first row; tells where its caret is.
    pub(super) fn top_line(&self, panes: &Panes, buffer: &mut Buffer) -> Option<Position> {
        if panes.article_alone() {
            self.head_line(panes, buffer);
            return None;
        }
        let area = panes.top;
        // What is said at the right never takes the room that typing needs.
        let facts = self.facts(panes.class);
        let right = cut(&facts, usize::from(area.width / 2));
        let reserved = u16::try_from(width(&right)).unwrap_or(area.width);
        let indent = u16::from(panes.class > LayoutClass::Tiny);
        let mut pen = Pen::new(buffer, area.x + indent, area.y, area.width.saturating_sub(indent))
            .arranged(self.app.look.writer());
        pen.put(self.skin.glyphs.prompt, self.skin.theme.focus).put(" ", self.skin.theme.text);
        let caret = self.typed(&mut pen, area.width.saturating_sub(reserved + 4));
        let from = area.right().saturating_sub(reserved + indent);
        if pen.x() < from {
            Pen::new(buffer, from, area.y, reserved).put(&right, self.skin.theme.muted);
        }
        Some(Position::new(caret, area.y))
    }

    /// What is typed, scrolled so that the caret is in view; tells the caret's column.
    fn typed(&self, pen: &mut Pen<'_>, end: u16) -> u16 {
        let (line, theme) = (self.app.filter.line(), &self.skin.theme);
        if self.app.filter.is_empty() {
            let caret = pen.x();
            let hint = match (self.app.look.preset, self.app.types_into_filter()) {
                (Preset::Vim, false) => "/ to filter",
                _ => "type to filter",
            };
            if pen.room() > 24 {
                pen.put(hint, theme.muted);
            }
            return caret;
        }
        let room = usize::from(end.saturating_sub(pen.x())).max(1);
        let before = line.before_caret();
        let mut from = 0;
        while width(&before[from..]) >= room {
            from += before[from..].chars().next().map_or(1, char::len_utf8);
        }
        let caret = pen.x() + u16::try_from(width(&before[from..])).unwrap_or(0);
        let shown = cut(&line.text()[from..], room);
        pen.put(&shown, theme.text);
        if let Some(rest) = self.app.offered().filter(|_| !self.app.look.settings.accessible) {
            pen.put(&cut(&rest, room.saturating_sub(width(&shown))), theme.muted);
        }
        caret
    }

    /// What is said at the right end: the number of hits, or the name of the view.
    fn facts(&self, class: LayoutClass) -> String {
        let (app, dot) = (self.app, self.skin.glyphs.dot);
        let entries = &app.entries;
        if class <= LayoutClass::Tiny {
            return grouped(entries.len() as u64);
        }
        if !app.filter.is_empty() {
            return self.hits(class);
        }
        let refresh = app.jobs.refresh().filter(|_| !app.look.settings.accessible);
        let refresh = refresh.map(|at| format!("{} {}/{}  ", self.skin.glyphs.refresh, at.done, at.total));
        let name = app.sidebar.name(app.scope());
        let count = grouped(self.scope_count());
        let feeds = app.sidebar.facts().feeds.len();
        let feeds = match feeds {
            0 => String::new(),
            _ if class < LayoutClass::Narrow => String::new(),
            1 => format!(" {dot} 1 feed"),
            _ => format!(" {dot} {feeds} feeds"),
        };
        format!("{}{name} {count}{feeds}", refresh.unwrap_or_default())
    }

    /// "34 of 12,430 · best first · 3 ms"
    fn hits(&self, class: LayoutClass) -> String {
        let (entries, dot) = (&self.app.entries, self.skin.glyphs.dot);
        let unindexed = entries.overview().unindexed;
        let more = if entries.more() || unindexed > 0 { "+" } else { "" };
        let count = format!("{}{more} of {}", grouped(entries.len() as u64), grouped(entries.stored()));
        let order = (entries.view().order == Order::Best).then(|| "best first".to_owned());
        let took = entries.overview().took.filter(|_| class >= LayoutClass::Narrow);
        let took = took.map(|took| format!("{} ms", took.as_millis()));
        let to_come = (unindexed > 0 && class >= LayoutClass::Narrow)
            .then(|| format!("{} not yet indexed", grouped(unindexed)));
        let facts: Vec<String> = [Some(count), order, took, to_come].into_iter().flatten().collect();
        facts.join(&format!(" {dot} "))
    }

    fn scope_count(&self) -> u64 {
        use crate::model::Scope;
        let (sidebar, scope) = (&self.app.sidebar, self.app.scope());
        match scope {
            Scope::Unread => sidebar.unread(),
            Scope::Feed(id) => sidebar.feed(*id).map_or(0, |feed| feed.unread),
            _ => self.app.entries.len() as u64,
        }
    }

    /// " ← Unread · 3 of 128        38% · 4 min"
    fn head_line(&self, panes: &Panes, buffer: &mut Buffer) {
        let (area, glyphs, muted) = (panes.top, &self.skin.glyphs, self.skin.theme.muted);
        let progress = self.progress().unwrap_or_default();
        let indent = u16::from(panes.class > LayoutClass::Tiny);
        let columns = u16::try_from(width(&progress)).unwrap_or(0);
        let left = format!(
            "{} {} {} {}",
            glyphs.back,
            self.app.sidebar.name(self.app.scope()),
            glyphs.dot,
            self.position()
        );
        let room = area.width.saturating_sub(columns + 2 * indent + 1);
        Pen::new(buffer, area.x + indent, area.y, room).arranged(self.app.look.writer()).cut(&left, muted);
        if area.width > columns + 2 {
            Pen::new(buffer, area.right() - columns - 2 * indent, area.y, columns).put(&progress, muted);
        }
    }
}
