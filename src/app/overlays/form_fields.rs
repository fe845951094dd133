//! The fields of a form: their texts, the focus, and the part in view.

use super::{
    DialogLayout, RowWindow, account_field::AccountField, rule_field::RuleField,
    view_field::ViewField,
};
use crate::{
    app::{PaneLayout, TextInput},
    markup::wrap_sentence,
    model::SubscriptionField,
};

/// Width of the screen from which on a sentence below the fields takes at most two rows.
const MIN_COLUMNS: u16 = 60;

/// Rows of a mistake that a form always makes room for.
const MIN_MISTAKE_ROWS: u16 = 3;

/// A field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormField {
    /// The address of a feed.
    Address,
    /// The name of a folder.
    FolderName,
    /// A setting of a subscription.
    Setting(SubscriptionField),
    /// A part of a view.
    View(ViewField),
    /// A part of a rule.
    Rule(RuleField),
    /// A part of an account.
    Account(AccountField),
}

impl FormField {
    /// Returns the label of the field.
    pub fn label(self) -> &'static str {
        match self {
            FormField::Address => "Address",
            FormField::FolderName => "Name",
            FormField::Setting(field) => field.label(),
            FormField::View(field) => field.label(),
            FormField::Rule(field) => field.label(),
            FormField::Account(field) => field.label(),
        }
    }

    /// Returns a short explanation of the values that the field accepts.
    pub fn help(self) -> &'static str {
        match self {
            FormField::Address => "URL of the feed; the articles already here are kept",
            FormField::FolderName => "A / B nests folder B in folder A",
            FormField::Setting(field) => field.help(),
            FormField::View(field) => field.help(),
            FormField::Rule(field) => field.help(),
            FormField::Account(field) => field.help(),
        }
    }

    /// Returns the values of a field that has only a few; none for others.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            FormField::Address | FormField::FolderName => &[],
            FormField::Setting(field) => field.choices(),
            FormField::View(field) => field.choices(),
            FormField::Rule(field) => field.choices(),
            FormField::Account(field) => field.choices(),
        }
    }

    /// Returns whether the text is not shown.
    pub fn is_secret(self) -> bool {
        self == FormField::Account(AccountField::Password)
    }
}

/// The fields of a form, one of which has the focus.
#[derive(Debug)]
pub struct FormFields {
    /// The fields and their texts.
    pub fields: Vec<(FormField, TextInput)>,
    /// Index of the focused field.
    pub focused_index: usize,
    /// The fields in view.
    pub window: RowWindow,
    /// Mistake in a field.
    pub error: Option<String>,
    /// Number of rows below the fields where there is room for all fields.
    foot_rows: u16,
    /// Number of rows below the fields that are needed for more than the help.
    note_rows: u16,
}

impl FormFields {
    /// Creates the fields with their first texts.
    pub(super) fn new(fields: impl IntoIterator<Item = (FormField, String)>) -> FormFields {
        let with_text = |(field, text): (FormField, String)| {
            let mut line = TextInput::default();
            line.set_text(&text);
            (field, line)
        };
        FormFields {
            fields: fields.into_iter().map(with_text).collect(),
            focused_index: 0,
            window: RowWindow::default(),
            error: None,
            foot_rows: 1,
            note_rows: 0,
        }
    }

    /// Leaves this many rows below the fields; on a screen that is too low for that and all fields,
    /// `note_rows` and the help.
    #[must_use]
    pub(super) fn with_foot_rows(self, foot_rows: u16, note_rows: u16) -> FormFields {
        FormFields { foot_rows, note_rows, ..self }
    }

    /// Leaves this many rows below the fields from now on.
    pub(super) fn set_foot_rows(&mut self, foot_rows: u16) {
        self.foot_rows = foot_rows;
    }

    /// Returns the focused line.
    pub fn focused_input(&mut self) -> &mut TextInput {
        &mut self.fields[self.focused_index].1
    }

    /// Returns whether the focused field has only a few values, which a key steps through.
    pub fn is_choice_focused(&self) -> bool {
        !self.fields[self.focused_index].0.choices().is_empty()
    }

    /// Sets the focused field to the next of its values.
    pub fn choose_next(&mut self) {
        let (field, line) = &mut self.fields[self.focused_index];
        let choices = field.choices();
        let at = choices.iter().position(|choice| *choice == line.text());
        if let Some(next) = choices.iter().cycle().nth(at.map_or(0, |at| at + 1)) {
            line.set_text(next);
        }
    }

    /// Moves the focus; negative is up.
    pub fn move_focus(&mut self, delta: isize) {
        self.focused_index =
            self.focused_index.saturating_add_signed(delta).min(self.fields.len() - 1);
    }

    /// Shows the mistake in a field, and focuses it.
    pub(super) fn reject(&mut self, index: usize, mistake: String) {
        self.error = Some(mistake);
        self.focused_index = index;
    }

    /// Lays out the form; its list holds the fields. Where the screen is too low, the rows below them
    /// that say nothing go first.
    pub fn layout(&self, panes: &PaneLayout) -> DialogLayout {
        let fields = u16::try_from(self.fields.len()).unwrap_or(u16::MAX);
        // On a narrow screen, a sentence of two rows takes three.
        let is_narrow = u16::from(panes.screen.width < MIN_COLUMNS);
        let wanted = self.foot_rows + is_narrow * u16::from(self.foot_rows > 1);
        let dialog = DialogLayout::centered(panes, 72, fields.saturating_add(3 + wanted));
        let note = self.note_rows + is_narrow * u16::from(self.note_rows > 1);
        let needed = self.mistake_rows(dialog.inner.width, wanted).max(1 + note);
        let left = dialog.inner.height.saturating_sub(fields);
        dialog.with_margins(0, needed.max(left.min(wanted)))
    }

    /// Returns the number of rows that the mistake takes, with the help of a choice after a long one.
    fn mistake_rows(&self, columns: u16, wanted: u16) -> u16 {
        let Some(mistake) = &self.error else { return 0 };
        let most = wanted.max(MIN_MISTAKE_ROWS);
        let rows = wrap_sentence(mistake, columns, most).len();
        let rows = u16::try_from(rows).unwrap_or(most);
        (rows + u16::from(rows > 3 && self.is_choice_focused())).min(most)
    }

    pub(in crate::app) fn resize(&mut self, panes: &PaneLayout) {
        self.window.fit(self.layout(panes).rows(), self.focused_index, self.fields.len());
    }

    /// Focuses the field in a row.
    pub(in crate::app) fn click_row(&mut self, row: usize) {
        self.focused_index = (self.window.top_index() + row).min(self.fields.len() - 1);
    }

    /// Scrolls the fields; negative is up.
    pub(in crate::app) fn scroll_rows(&mut self, rows: isize) {
        self.focused_index = self.window.scroll(rows, self.focused_index, self.fields.len());
    }
}
