//! The form in which a feed is edited.

use ratatui::layout::Rect;

use super::{DialogLayout, FeedTable, RowWindow};
use crate::{
    app::TextInput,
    model::{Feed, FeedId, FeedKind, Subscription, SubscriptionField},
};

/// The form in which a feed is edited.
#[derive(Debug)]
pub struct FeedForm {
    /// Id of the feed.
    pub feed_id: FeedId,
    /// Name of the feed.
    pub title: String,
    /// The fields and their texts.
    pub fields: Vec<(SubscriptionField, TextInput)>,
    /// Index of the focused field.
    pub focused_index: usize,
    /// The fields in view.
    pub window: RowWindow,
    /// Mistake in a field.
    pub error: Option<String>,
    before: Subscription,
    /// The table that the form was opened from.
    feed_table: Option<FeedTable>,
}

impl FeedForm {
    /// Creates the form for `feed`.
    pub fn new(feed: &Feed, feed_table: Option<FeedTable>) -> FeedForm {
        let field = |field: SubscriptionField| {
            let mut line = TextInput::default();
            line.set_text(&feed.subscription.get_field(field));
            (field, line)
        };
        // Network options are for web feeds only.
        let is_web = feed.kind == FeedKind::Web;
        let shown = SubscriptionField::ALL
            .into_iter()
            .filter(|field| is_web || *field as usize <= SubscriptionField::Muted as usize);
        FeedForm {
            feed_id: feed.id,
            title: feed.display_name().to_owned(),
            fields: shown.map(field).collect(),
            focused_index: 0,
            window: RowWindow::default(),
            error: None,
            before: feed.subscription.clone(),
            feed_table,
        }
    }

    /// Returns the focused line.
    pub fn focused_input(&mut self) -> &mut TextInput {
        &mut self.fields[self.focused_index].1
    }

    /// Moves the focus; negative is up.
    pub fn move_focus(&mut self, delta: isize) {
        self.focused_index =
            self.focused_index.saturating_add_signed(delta).min(self.fields.len() - 1);
    }

    /// Lays out the form; its list holds the fields.
    pub fn layout(&self, screen: Rect) -> DialogLayout {
        let height = u16::try_from(self.fields.len() + 4).unwrap_or(u16::MAX);
        DialogLayout::centered(screen, 72, height).with_margins(0, 1)
    }

    pub(in crate::app) fn resize(&mut self, screen: Rect) {
        self.window.fit(self.layout(screen).rows(), self.focused_index, self.fields.len());
    }

    /// Focuses the field in a row.
    pub(in crate::app) fn click_row(&mut self, row: usize) {
        self.focused_index = (self.window.top_index() + row).min(self.fields.len() - 1);
    }

    /// Scrolls the fields; negative is up.
    pub(in crate::app) fn scroll_rows(&mut self, rows: isize) {
        self.focused_index = self.window.scroll(rows, self.focused_index, self.fields.len());
    }

    /// Returns whether a field differs from the subscription.
    pub(in crate::app) fn is_changed(&self) -> bool {
        self.fields.iter().any(|(field, line)| line.text() != self.before.get_field(*field))
    }

    /// Returns the subscription before and after; shows the mistake and returns `None` if a field is wrong.
    pub fn validate(&mut self) -> Option<(Subscription, Subscription)> {
        let mut after = self.before.clone();
        for (index, (field, line)) in self.fields.iter().enumerate() {
            if let Err(mistake) = after.set_field(*field, line.text()) {
                self.error = Some(mistake);
                self.focused_index = index;
                return None;
            }
        }
        Some((self.before.clone(), after))
    }

    /// Takes the table that the form was opened from.
    pub(in crate::app) fn take_table(&mut self) -> Option<FeedTable> {
        self.feed_table.take()
    }
}
