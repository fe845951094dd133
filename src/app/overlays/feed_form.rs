//! The form in which a feed is edited.

use super::{DialogLayout, FeedTable, RowWindow, is_file_path};
use crate::{
    app::{PaneLayout, TextInput},
    model::{Feed, FeedDefinition, FeedEdit, FeedId, FeedKind, SubscriptionField},
    text::{
        redact_user_info,
        url::{self, WebUrlError},
    },
};

/// The form in which a feed is edited.
#[derive(Debug)]
pub struct FeedForm {
    /// Id of the feed.
    pub feed_id: FeedId,
    /// Name of the feed.
    pub title: String,
    /// The fields and their texts.
    pub fields: Vec<(FormField, TextInput)>,
    /// Index of the focused field.
    pub focused_index: usize,
    /// The fields in view.
    pub window: RowWindow,
    /// Mistake in a field.
    pub error: Option<String>,
    before: FeedDefinition,
    /// The table that the form was opened from.
    feed_table: Option<FeedTable>,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormField {
    /// The address of the feed.
    Address,
    /// A setting of the subscription.
    Setting(SubscriptionField),
}

impl FormField {
    /// Returns the label of the field.
    pub fn label(self) -> &'static str {
        match self {
            FormField::Address => "Address",
            FormField::Setting(field) => field.label(),
        }
    }

    /// Returns a short explanation of the values that the field accepts.
    pub fn help(self) -> &'static str {
        match self {
            FormField::Address => "URL of the feed; the articles already here are kept",
            FormField::Setting(field) => field.help(),
        }
    }

    /// Returns the values of a field that has only a few; none for others.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            FormField::Address => &[],
            FormField::Setting(field) => field.choices(),
        }
    }

    /// Returns the text of the field for a feed.
    fn text_of(self, feed: &FeedDefinition) -> String {
        match self {
            FormField::Address => feed.url.clone(),
            FormField::Setting(field) => feed.subscription.get_field(field),
        }
    }
}

impl FeedForm {
    /// Creates the form for `feed`.
    pub fn new(feed: &Feed, feed_table: Option<FeedTable>) -> FeedForm {
        let before = feed.definition();
        let with_text = |field: FormField| {
            let mut line = TextInput::default();
            line.set_text(&field.text_of(&before));
            (field, line)
        };
        // Network options are for web feeds only.
        let is_web = feed.kind == FeedKind::Web;
        let mut shown: Vec<FormField> = SubscriptionField::ALL
            .into_iter()
            .filter(|field| is_web || *field as usize <= SubscriptionField::Muted as usize)
            .map(FormField::Setting)
            .collect();
        if is_web {
            shown.insert(1, FormField::Address);
        }
        FeedForm {
            feed_id: feed.id,
            title: feed.display_name().to_owned(),
            fields: shown.into_iter().map(with_text).collect(),
            focused_index: 0,
            window: RowWindow::default(),
            error: None,
            before,
            feed_table,
        }
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

    /// Lays out the form; its list holds the fields.
    pub fn layout(&self, panes: &PaneLayout) -> DialogLayout {
        let height = u16::try_from(self.fields.len() + 4).unwrap_or(u16::MAX);
        DialogLayout::centered(panes, 72, height).with_margins(0, 1)
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

    /// Returns whether a field differs from the feed.
    pub(in crate::app) fn is_changed(&self) -> bool {
        self.fields.iter().any(|(field, line)| line.text() != field.text_of(&self.before))
    }

    /// Returns the edit; shows the mistake and returns `None` if a field is wrong. `feeds` are the
    /// feeds of the user.
    pub fn validate(&mut self, feeds: &[Feed]) -> Option<FeedEdit> {
        let mut subscription = self.before.subscription.clone();
        let mut address = self.before.url.clone();
        for index in 0..self.fields.len() {
            let (field, line) = &self.fields[index];
            let text = line.text().trim().to_owned();
            let checked = match field {
                FormField::Address => self.check_address(&text, feeds).map(|()| address = text),
                FormField::Setting(setting) => subscription.set_field(*setting, &text),
            };
            if let Err(mistake) = checked {
                self.error = Some(mistake);
                self.focused_index = index;
                return None;
            }
        }
        Some(FeedEdit { feed: self.feed_id, before: self.before.clone(), address, subscription })
    }

    /// Checks an address as far as that is possible without looking at files: a path is checked
    /// when the edit is made.
    fn check_address(&self, address: &str, feeds: &[Feed]) -> Result<(), String> {
        if address == self.before.url || is_file_path(address) {
            return Ok(());
        }
        let has_scheme = address.contains("://");
        let url = if has_scheme { address.to_owned() } else { format!("https://{address}") };
        let is_site = |url: &url::Url| {
            has_scheme || url.host_str().is_some_and(|host| host.contains(['.', ':']))
        };
        let checked = url::check_web_url(&url)
            .and_then(|url| if is_site(&url) { Ok(()) } else { Err(WebUrlError::NotAnAddress) });
        checked.map_err(|reason| format!("“{}” {reason}", redact_user_info(address)))?;
        let is_other = |feed: &&Feed| feed.id != self.feed_id && feed.url == url;
        match feeds.iter().find(is_other) {
            Some(other) => Err(format!("{} has this address already", other.display_name())),
            None => Ok(()),
        }
    }

    /// Takes the table that the form was opened from.
    pub(in crate::app) fn take_table(&mut self) -> Option<FeedTable> {
        self.feed_table.take()
    }
}
