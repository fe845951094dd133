//! The notice: over the hints, and over the rows above them where it needs more.

use ratatui::{buffer::Buffer, layout::Rect};

use super::{ScreenPainter, row_painter::RowPainter};
use crate::{
    app::{LayoutClass, Notice, NoticeAction, NoticeLevel, Overlay, PaneLayout},
    command::Command,
    markup::wrap_sentence,
    text::{sanitize, shorten_quotation, truncate, width},
};

/// Maximum number of rows of a notice.
const MAX_ROWS: u16 = 3;

impl ScreenPainter<'_> {
    /// Draws the notice, unless a question is asked in its place: the next key would answer it unseen.
    pub(super) fn draw_notice(&self, panes: &PaneLayout, buffer: &mut Buffer) {
        let (Some(last), Some(notice)) = (panes.hint_line, self.app.notices.current()) else {
            return;
        };
        if panes.class == LayoutClass::Tiny || self.takes_hint_line() {
            return;
        }
        let style = match notice.level {
            NoticeLevel::Info => self.style.theme.ok,
            NoticeLevel::Error => self.style.theme.error,
        };
        let mark = if notice.level == NoticeLevel::Error { self.style.glyphs.error } else { "" };
        let indent = u16::try_from(width(mark) + 1).unwrap_or(1);
        let labelled = self.keys_of_notice(notice, |command| self.shortcut(command));
        let keys = [labelled, self.bare_keys(notice)];
        let text = sanitize::to_line(&notice.text);
        let rows = notice_rows(&text, &keys, last.width.saturating_sub(indent));
        let height = u16::try_from(rows.len()).unwrap_or(1).min(last.bottom());
        let area = Rect { y: last.bottom() - height, height, ..last };
        clear_area(area, buffer);
        buffer.set_style(area, self.style.theme.text);
        for (row, y) in rows.iter().zip(area.y..) {
            let mark = if y == area.y { mark } else { "" };
            RowPainter::new(buffer, area.x + 1, y, area.width.saturating_sub(1))
                .put_text(mark, style);
            RowPainter::new(buffer, area.x + indent, y, area.width.saturating_sub(indent))
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_sanitized(row, style);
        }
    }

    /// Returns whether an overlay has the hint line to itself.
    fn takes_hint_line(&self) -> bool {
        match &self.app.overlay {
            Some(Overlay::Journal(table)) => table.question().is_some(),
            Some(Overlay::FindBar(_) | Overlay::Question(_)) => true,
            _ => false,
        }
    }

    /// Returns the keys of the commands that a notice offers; those without a key are left out.
    pub(super) fn keys_of_notice(
        &self,
        notice: &Notice,
        shortcut: impl Fn(Command) -> Option<String>,
    ) -> String {
        let key = |action: &NoticeAction| {
            let key = shortcut(action.command)?;
            Some(format!(" {} {key} {}", self.style.glyphs.separator, action.label))
        };
        notice.actions.iter().filter_map(key).collect()
    }

    /// Returns the keys of the commands that a notice offers, without what they do.
    fn bare_keys(&self, notice: &Notice) -> String {
        let keys = notice.actions.iter().filter_map(|action| self.shortcut(action.command));
        let keys = keys.map(|key| format!(" {} {key}", self.style.glyphs.separator));
        keys.collect::<Vec<String>>().concat()
    }
}

fn clear_area(area: Rect, buffer: &mut Buffer) {
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            buffer[(x, y)].reset();
        }
    }
}

/// Returns the rows of a notice with its keys at the end. What is least useful goes first: a part of what
/// it quotes, then what the keys do, then a row of what is above, and last the end of the text.
fn notice_rows(text: &str, keys: &[String; 2], columns: u16) -> Vec<String> {
    let room = usize::from(columns);
    let [labelled, bare] = keys;
    if let Some(shown) = shorten_quotation(text, room.saturating_sub(width(labelled))) {
        return vec![format!("{shown}{labelled}")];
    }
    let fitting = |max_rows: u16| {
        keys.iter().find_map(|keys| {
            let rows = append_keys(wrap_sentence(text, columns, max_rows + 1), keys, room)?;
            (rows.len() <= usize::from(max_rows)).then_some(rows)
        })
    };
    let whole = (2..=MAX_ROWS).find_map(fitting);
    whole.unwrap_or_else(|| {
        let mut rows = wrap_sentence(text, columns, MAX_ROWS);
        if let Some(last) = rows.last_mut() {
            // A sentence that is cut keeps the key that shows all of it.
            *last = truncate(last, room.saturating_sub(width(bare))).into_owned() + bare;
        }
        rows
    })
}

/// Appends keys to the last row, or in a row of their own; `None` if they are longer than a row.
fn append_keys(mut rows: Vec<String>, keys: &str, columns: usize) -> Option<Vec<String>> {
    let last = rows.last_mut()?;
    if width(last) + width(keys) <= columns {
        last.push_str(keys);
        return Some(rows);
    }
    // The separator at the start of a row would separate nothing.
    let alone = keys.trim_start().split_once(' ').map_or("", |(_, keys)| keys);
    (width(alone) <= columns).then(|| {
        rows.push(alone.to_owned());
        rows
    })
}

#[cfg(test)]
mod tests {
    use super::notice_rows;

    fn rows(text: &str, columns: u16) -> Vec<String> {
        notice_rows(text, &[" · ^X e shows it in full".to_owned(), " · ^X e".to_owned()], columns)
    }

    #[test]
    fn notice_that_fits_takes_one_row() {
        assert_eq!(rows("2 feeds failed", 40), ["2 feeds failed · ^X e shows it in full"]);
        assert_eq!(
            rows("Moved “A night train to Vienna” away", 50),
            ["Moved “A night trai…” away · ^X e shows it in full"]
        );
    }

    #[test]
    fn long_notice_takes_two_rows_and_keeps_its_cause() {
        assert_eq!(
            rows("cannot open the pager: there is no less", 40),
            ["cannot open the pager: there is no less", "^X e shows it in full"]
        );
        assert_eq!(
            rows("cannot start the player mpv: there is no such file or folder", 38),
            ["cannot start the player mpv: there is", "no such file or folder · ^X e"]
        );
    }

    #[test]
    fn notice_that_is_too_long_for_three_rows_keeps_its_key() {
        let text = "one two three four five six seven eight nine ten";
        let whole = ["one two three four", "five six seven eight", "nine ten · ^X e"];
        assert_eq!(rows(text, 20), whole);
        let cut = rows(&format!("{text} eleven twelve"), 20);
        assert_eq!(cut.len(), 3);
        assert!(cut[2].ends_with("… · ^X e"), "{cut:?}");
    }

    #[test]
    fn notice_without_keys_wraps() {
        let keys = [String::new(), String::new()];
        assert_eq!(notice_rows("one two three", &keys, 8), ["one two", "three"]);
    }
}
