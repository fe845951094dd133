//! The journal as it is drawn: a row for each change, and the selected one in full.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{ScreenPainter, row_painter::RowPainter};
use crate::{
    app::{JournalQuestion, JournalRow, JournalTable, PaneLayout},
    markup::{Block, RichText, wrap_block},
    text::{LIST_DATE_WIDTH, count_noun, group_thousands, sanitize},
};

/// Width of the column that says who made a change; names of rules are cut.
const ACTOR_COLUMNS: u16 = 16;

/// Width of the table from which on the column is shown.
const MIN_COLUMNS_WITH_ACTOR: u16 = 56;

impl ScreenPainter<'_> {
    pub(super) fn draw_journal(
        &self,
        table: &JournalTable,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        let layout = table.layout(panes);
        let inner = self.draw_box(layout.frame, &journal_title(table), buffer);
        let list = layout.list;
        if let Some(text) = empty_text(table) {
            RowPainter::new(buffer, list.x, list.y, list.width)
                .put_truncated(&text, self.style.theme.muted);
            return self.spoken_position(Some(list.as_position()));
        }
        if !self.app.ui.settings.accessible {
            let headings = ("When".to_owned(), "Change", "By".to_owned());
            let muted = self.style.theme.muted;
            let area = Rect { y: list.y.saturating_sub(1), height: 1, ..list };
            draw_columns(headings, muted, area, buffer);
        }
        let (top, selected) = (table.window.top_index(), table.selected_index());
        let rows = table.rows().iter().enumerate().skip(top);
        for ((index, row), y) in rows.zip(list.y..list.bottom()) {
            let area = Rect { y, height: 1, ..list };
            self.draw_journal_row(row, index == selected, area, buffer);
        }
        let details = Rect { y: list.bottom(), height: inner.bottom() - list.bottom(), ..inner };
        self.draw_journal_details(table.selected_row(), details, buffer);
        let row = u16::try_from(selected.saturating_sub(top)).unwrap_or(0);
        self.spoken_position(Some(Position::new(list.x, list.y + row)))
    }

    fn draw_journal_row(
        &self,
        row: &JournalRow,
        is_selected: bool,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let theme = &self.style.theme;
        let is_muted = row.is_undone || row.refusal.is_some() || !row.is_step();
        let plain = if is_muted { theme.muted } else { theme.text };
        let style = if is_selected { theme.selection } else { plain };
        buffer.set_style(area, style);
        let (when, by) = (self.now.format_list_date(row.at), row.actor.label());
        if self.app.ui.settings.accessible {
            let spoken = format!("{}, by {by}, {when}", row.sentence);
            RowPainter::new(buffer, area.x, area.y, area.width).put_truncated(&spoken, style);
            return;
        }
        draw_columns((when, &row.sentence, by), style, area, buffer);
    }

    /// Draws the selected change in full.
    fn draw_journal_details(&self, row: Option<&JournalRow>, area: Rect, buffer: &mut Buffer) {
        let Some(row) = row.filter(|_| area.height > 2) else { return };
        let theme = &self.style.theme;
        // The reason of a refusal says more than the sentence, and there is no room for both.
        let step = if row.is_undone { "redone" } else { "undone" };
        let reason = row.refusal.as_ref().map(|reason| format!("Cannot be {step}: {reason}"));
        let text = reason.unwrap_or_else(|| row.sentence.clone());
        let sentence = RichText::plain(sanitize::to_line(&text));
        let lines = wrap_block(Block::Paragraph(sentence), area.width.max(1), 2);
        for (line, y) in lines.iter().zip(area.y + 1..area.bottom()) {
            RowPainter::new(buffer, area.x, y, area.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(&line.text(), theme.text);
        }
        let local = row.at.with_timezone(&self.now.zone);
        let fact = format!("By {}, {}", row.actor.label(), local.format("%-d %B %Y, %H:%M"));
        let y = area.y + 1 + u16::try_from(lines.len()).unwrap_or(0);
        if y < area.bottom() {
            RowPainter::new(buffer, area.x, y, area.width).put_truncated(&fact, theme.muted);
        }
    }

    /// Returns the question before changes are undone or redone, `Undo 7 changes, back to 14:02?`, and a
    /// short one for narrow screens.
    pub(super) fn journal_question_texts(&self, question: JournalQuestion) -> [String; 2] {
        let changes = count_noun(question.count, "change");
        let at = self.now.format_list_date(question.at);
        let (verb, until) = if question.is_redo { ("Redo", "up") } else { ("Undo", "back") };
        [format!("{verb} {changes}, {until} to {at}?"), format!("{verb} {changes}?")]
    }
}

/// Returns the title of the table, with the number of changes as far as they are loaded.
fn journal_title(table: &JournalTable) -> String {
    let count = group_thousands(table.rows().len() as u64);
    match table.has_older_rows() {
        _ if !table.has_loaded() => "Journal".to_owned(),
        true => format!("Journal  the newest {count}"),
        false => format!("Journal  {count}"),
    }
}

/// Returns the text in place of the rows, if there are none.
fn empty_text(table: &JournalTable) -> Option<String> {
    match table.failure() {
        Some(failure) => Some(failure.summary.clone()),
        None if !table.has_loaded() => Some("Loading…".to_owned()),
        None if table.rows().is_empty() => Some("Nothing has been changed yet.".to_owned()),
        None => None,
    }
}

/// Draws the columns of a row: when, what, and on wide screens by whom.
fn draw_columns(
    (when, what, by): (String, &str, String),
    style: ratatui::style::Style,
    area: Rect,
    buffer: &mut Buffer,
) {
    let when_columns = LIST_DATE_WIDTH.min(area.width);
    let by_columns = if area.width < MIN_COLUMNS_WITH_ACTOR { 0 } else { ACTOR_COLUMNS };
    let what_x = (area.x + when_columns + 1).min(area.right());
    let what_columns =
        (area.right() - what_x).saturating_sub(by_columns + u16::from(by_columns > 0));
    RowPainter::new(buffer, area.x, area.y, when_columns).put_truncated(&when, style);
    RowPainter::new(buffer, what_x, area.y, what_columns).put_truncated(what, style);
    RowPainter::new(buffer, area.right() - by_columns, area.y, by_columns)
        .put_truncated(&by, style);
}
