//! Rules, dividers, the banner, positions: what frames the panes.

use ratatui::{buffer::Buffer, style::Style};

use super::{Scene, pen::Pen};
use crate::{
    app::{LayoutClass, Pane, Panes},
    text::bidi::Writer,
};

impl Scene<'_> {
    pub(super) fn chrome(&self, panes: &Panes, buffer: &mut Buffer) {
        if let (Some(area), Some(text)) = (panes.banner, self.app.notices.banner()) {
            Pen::new(buffer, area.x, area.y, area.width)
                .arranged(self.app.look.writer())
                .put(" ", self.skin.theme.text)
                .cut(text, self.skin.theme.focus);
        }
        if let Some(y) = panes.top_rule {
            self.rule(panes, buffer, y, self.skin.glyphs.tee_down);
            self.histogram(panes, buffer);
            self.new_above(panes, buffer, y);
            self.complaint(panes, buffer);
        }
        self.dividers(panes, buffer);
        if let Some(y) = panes.bottom_rule {
            self.rule(panes, buffer, y, self.skin.glyphs.tee_up);
            self.positions(panes, buffer, y);
        }
        match panes.class {
            LayoutClass::Tiny => self.tiny_position(panes, buffer),
            _ => self.hint_line(panes, buffer),
        }
    }

    /// A line across the screen, in the colour of the focus along the focused pane.
    fn rule(&self, panes: &Panes, buffer: &mut Buffer, y: u16, tee: &str) {
        let glyphs = &self.skin.glyphs;
        let dividers: Vec<u16> = panes.dividers().collect();
        for x in panes.screen.left()..panes.screen.right() {
            let symbol = if dividers.contains(&x) { tee } else { glyphs.across };
            buffer[(x, y)].set_symbol(symbol).set_style(self.line_style(panes, x));
        }
    }

    fn line_style(&self, panes: &Panes, x: u16) -> Style {
        let focused = match self.app.look.focus {
            Pane::Sidebar => panes.sidebar,
            Pane::List => panes.list,
            Pane::Article => panes.article,
        };
        let divided = panes.dividers().next().is_some();
        let along = focused.is_some_and(|area| area.left() <= x && x <= area.right());
        if along && divided { self.skin.theme.focus } else { self.skin.theme.line }
    }

    fn dividers(&self, panes: &Panes, buffer: &mut Buffer) {
        let from = panes.top_rule.map_or(1, |rule| rule + 1);
        let to = panes.bottom_rule.unwrap_or(panes.screen.bottom());
        // Terminals that reorder a row by themselves must not reorder it across a divider.
        let fence = if self.app.look.writer() == Writer::Runs { "\u{200e}" } else { "" };
        let divider = format!("{}{fence}", self.skin.glyphs.down);
        for x in panes.dividers() {
            for y in from..to {
                buffer[(x, y)].set_symbol(&divider).set_style(self.skin.theme.line);
            }
        }
        if let Some(y) = panes.stack_rule() {
            self.rule(panes, buffer, y, self.skin.glyphs.across);
        }
    }

    fn new_above(&self, panes: &Panes, buffer: &mut Buffer, y: u16) {
        let new = self.app.entries.new_above();
        if let (Some(list), true) = (panes.list, new > 0) {
            let text = format!(" {} {new} new {} Home ", self.skin.glyphs.above, self.skin.glyphs.dot);
            Pen::new(buffer, list.x + 2, y, list.width.saturating_sub(2)).put(&text, self.skin.theme.focus);
        }
    }

    /// "3 of 128" under the list, "38% · 4 min" under the article.
    fn positions(&self, panes: &Panes, buffer: &mut Buffer, y: u16) {
        if let Some(list) = panes.list {
            let text = format!(" {} ", self.position());
            Pen::new(buffer, list.x + 2, y, list.width.saturating_sub(2)).put(&text, self.skin.theme.muted);
        }
        if let (Some(article), Some(text), false) = (panes.article, self.progress(), panes.article_alone()) {
            let text = format!(" {text} ");
            let columns = u16::try_from(text.chars().count()).unwrap_or(0);
            if columns + 1 < article.width {
                Pen::new(buffer, article.right() - columns - 1, y, columns).put(&text, self.skin.theme.muted);
            }
        }
    }

    /// Where in the list the selection is, in words.
    pub(super) fn position(&self) -> String {
        let entries = &self.app.entries;
        let at = if entries.is_empty() { 0 } else { entries.position() + 1 };
        format!("{} of {}", grouped(at as u64), grouped(entries.len() as u64))
    }

    /// How much is read, and how long the rest takes.
    pub(super) fn progress(&self) -> Option<String> {
        let shown = self.app.reader.shown()?;
        let percent = usize::from(shown.progress());
        let left = (shown.minutes() * (100 - percent)).div_ceil(100);
        let time = if left == 0 { "end".to_owned() } else { format!("{left} min") };
        Some(format!("{percent}% {} {time}", self.skin.glyphs.dot))
    }

    fn tiny_position(&self, panes: &Panes, buffer: &mut Buffer) {
        let Some(area) = panes.hints else { return };
        let entries = &self.app.entries;
        let at = if entries.is_empty() { 0 } else { entries.position() + 1 };
        let text = match (self.app.look.focus, self.app.reader.shown()) {
            (Pane::Article, Some(shown)) => format!("{}%  {} back", shown.progress(), self.skin.glyphs.back),
            _ => format!("{at}/{}  ? help", entries.len()),
        };
        Pen::new(buffer, area.x, area.y, area.width).cut(&text, self.skin.theme.muted);
    }
}

/// A number with its thousands parted: `12,430`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_parted() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (12_430, "12,430"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
    }
}
