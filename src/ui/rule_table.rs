//! The table of rules as it is drawn: a row for each rule or mistake, and the selected one in full.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::{ScreenPainter, feed_dialogs::FormFoot, row_painter::RowPainter};
use crate::{
    app::{PaneLayout, RuleForm, RuleTable},
    command::Command,
    markup::wrap_sentence,
    model::{ListedRule, Rule, RuleMistake},
    text::{capitalize, count_noun, group_thousands, width},
};

/// Width of the column with the number of acts.
const COUNT_COLUMNS: u16 = 7;

/// Width of the table from which on the queries, and the number of acts, are shown.
const MIN_COLUMNS_WITH_QUERY: u16 = 56;

/// The cells of a row.
struct RuleCells {
    name: String,
    query: String,
    actions: String,
    acts: String,
}

impl ScreenPainter<'_> {
    pub(super) fn draw_rule_table(
        &self,
        table: &RuleTable,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        let layout = table.layout(panes);
        let inner = self.draw_box(layout.frame, &self.rule_table_title(table), buffer);
        let list = layout.list;
        if let Some(text) = self.rule_table_text(table) {
            for (row, y) in wrap_sentence(&text, list.width, list.height).iter().zip(list.y..) {
                RowPainter::new(buffer, list.x, y, list.width)
                    .put_truncated(row, self.style.theme.muted);
            }
            return self.spoken_position(Some(list.as_position()));
        }
        if !self.app.ui.settings.accessible {
            let cells = ["Rule", "Query", "Actions", "Acts"].map(str::to_owned);
            let [name, query, actions, acts] = cells;
            let headings = RuleCells { name, query, actions, acts };
            let area = Rect { y: list.y.saturating_sub(1), height: 1, ..list };
            self.draw_rule_cells(&headings, self.style.theme.muted, area, buffer);
        }
        let (top, selected) = (table.window.top_index(), table.selected_index());
        let rows = table.rows().iter().enumerate().skip(top);
        for ((index, row), y) in rows.zip(list.y..list.bottom()) {
            let area = Rect { y, height: 1, ..list };
            self.draw_rule_row(row, index == selected, area, buffer);
        }
        let details = Rect { y: list.bottom(), height: inner.bottom() - list.bottom(), ..inner };
        self.draw_rule_details(table.selected_row(), details, buffer);
        let row = u16::try_from(selected.saturating_sub(top)).unwrap_or(0);
        self.spoken_position(Some(Position::new(list.x, list.y + row)))
    }

    fn rule_table_title(&self, table: &RuleTable) -> String {
        let dot = self.style.glyphs.separator;
        match (table.rows().len(), table.mistake_count()) {
            _ if !table.has_loaded() => "Rules".to_owned(),
            (count, 0) => format!("Rules  {count}"),
            (count, mistakes) => {
                format!("Rules  {} {dot} {}", count - mistakes, count_noun(mistakes, "mistake"))
            }
        }
    }

    /// Returns the text in place of the rows, if there are none.
    fn rule_table_text(&self, table: &RuleTable) -> Option<String> {
        match table.failure() {
            Some(failure) => Some(failure.summary.clone()),
            None if !table.has_loaded() => Some("Loading…".to_owned()),
            None if table.rows().is_empty() => Some(match self.shortcut(Command::AddRule) {
                Some(key) => format!("No rules yet: {key} makes one of the filter."),
                None => "No rules yet.".to_owned(),
            }),
            None => None,
        }
    }

    fn draw_rule_row(&self, row: &ListedRule, is_selected: bool, area: Rect, buffer: &mut Buffer) {
        let theme = &self.style.theme;
        let plain = match &row.rule {
            Ok(rule) if rule.off => theme.muted,
            Ok(_) => theme.text,
            Err(_) => theme.error,
        };
        let style = if is_selected { theme.selection } else { plain };
        buffer.set_style(area, style);
        if self.app.ui.settings.accessible {
            RowPainter::new(buffer, area.x, area.y, area.width)
                .put_truncated(&spoken_rule_row(row), style);
            return;
        }
        match &row.rule {
            Ok(rule) => self.draw_rule_cells(&rule_cells(rule, row.act_count), style, area, buffer),
            Err(mistake) => {
                let text = format!("{} {}", self.style.glyphs.error.trim(), mistake_text(mistake));
                RowPainter::new(buffer, area.x, area.y, area.width)
                    .with_bidi_mode(self.app.ui.bidi_mode())
                    .put_truncated(text.trim_start(), style);
            }
        }
    }

    /// Draws the columns of a row; narrow screens have the name and the actions only.
    fn draw_rule_cells(&self, cells: &RuleCells, style: Style, area: Rect, buffer: &mut Buffer) {
        let is_wide = area.width >= MIN_COLUMNS_WITH_QUERY;
        let acts = if is_wide { COUNT_COLUMNS } else { 0 };
        let room = area.width.saturating_sub(acts);
        let name = if is_wide { room / 4 } else { room / 2 };
        let query = if is_wide { room * 2 / 5 } else { 0 };
        let actions = room.saturating_sub(name + query);
        let mut x = area.x;
        for (text, columns) in
            [(&cells.name, name), (&cells.query, query), (&cells.actions, actions)]
        {
            RowPainter::new(buffer, x, area.y, columns.saturating_sub(1))
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(text, style);
            x += columns;
        }
        let columns = u16::try_from(width(&cells.acts)).unwrap_or(acts).min(acts);
        RowPainter::new(buffer, area.right() - columns, area.y, columns)
            .put_truncated(&cells.acts, style);
    }

    /// Draws the selected rule, or the mistake, in full.
    fn draw_rule_details(&self, row: Option<&ListedRule>, area: Rect, buffer: &mut Buffer) {
        let Some(row) = row.filter(|_| area.height > 2) else { return };
        let theme = &self.style.theme;
        let below = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let (text, style) = match &row.rule {
            Ok(rule) => (rule_details(rule, row.act_count), theme.text),
            Err(mistake) => (mistake_text(mistake), theme.error),
        };
        let lines = text.lines().flat_map(|line| wrap_sentence(line, below.width, below.height));
        for (line, y) in lines.zip(below.y..below.bottom()) {
            RowPainter::new(buffer, below.x, y, below.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(&line, style);
        }
    }

    /// Draws the form of a rule; returns the position of its caret.
    pub(super) fn draw_rule_form(
        &self,
        form: &RuleForm,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let (text, is_failure) = form.trial_text();
        let style = if is_failure { self.style.theme.error } else { self.style.theme.text };
        let completions = form.completions();
        let words = (completions.len() > 1).then(|| completions.join("  "));
        let foot = FormFoot { note: Some((text, style)), help: words };
        self.draw_form(&form.title, &form.form, &foot, panes, buffer)
    }
}

fn rule_cells(rule: &Rule, act_count: u64) -> RuleCells {
    RuleCells {
        name: rule.name.clone(),
        query: rule.query.clone(),
        actions: describe_actions(rule),
        acts: group_thousands(act_count),
    }
}

/// Describes the actions of a rule, and that it is switched off.
fn describe_actions(rule: &Rule) -> String {
    let actions = rule.actions.describe();
    if rule.off { format!("off: {actions}") } else { actions }
}

/// Returns the name and the query, and in another line the actions and how often the rule acted.
fn rule_details(rule: &Rule, act_count: u64) -> String {
    let actions = capitalize(&describe_actions(rule));
    format!("{}  {}\n{actions}; {}", rule.name, rule.query, acted_text(act_count))
}

fn acted_text(act_count: u64) -> String {
    match act_count {
        0 => "has not acted yet".to_owned(),
        1 => "acted once".to_owned(),
        count => format!("acted {} times", group_thousands(count)),
    }
}

/// Returns the sentence about a mistake, with its line.
fn mistake_text(mistake: &RuleMistake) -> String {
    match mistake.line {
        Some(line) => format!("Line {line}: {}", mistake.problem),
        None => mistake.problem.clone(),
    }
}

/// Returns the row of a rule for screen readers, which do not read the headings with it.
fn spoken_rule_row(row: &ListedRule) -> String {
    match &row.rule {
        Ok(rule) => {
            let (actions, acted) = (describe_actions(rule), acted_text(row.act_count));
            format!("{}, {actions}, {acted}, query {}", rule.name, rule.query)
        }
        Err(mistake) => format!("mistake: {}", mistake_text(mistake)),
    }
}
