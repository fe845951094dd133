//! The form in which a feed is edited.

use super::{FeedTable, Overlay, Reply};
use crate::{
    app::{Action, Actions, StoreWrite, TextInput},
    command::Command,
    model::{Change, Feed, FeedId, FeedKind, Subscription, SubscriptionField},
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

    /// Runs a command: moves the focus, saves or closes the form.
    pub(in crate::app) fn apply(&mut self, command: Command) -> Reply {
        match command {
            Command::MoveUp | Command::PreviousPane => self.move_focus(-1),
            Command::MoveDown | Command::NextPane => self.move_focus(1),
            Command::Back | Command::ClearFilter => return Reply::Close(self.back_to_table()),
            Command::Open => {
                let Some((before, after)) = self.validate() else {
                    return Reply::Stay(Actions::none());
                };
                let change = (before != after)
                    .then(|| Change::set_subscription(self.feed_id, before, after));
                let write = change.map(StoreWrite::ApplyChange);
                return Reply::Close(self.back_to_table().and(write));
            }
            _ => {}
        }
        Reply::Stay(Actions::none())
    }

    fn back_to_table(&mut self) -> Actions {
        self.feed_table.take().map(|table| Action::Open(Overlay::FeedTable(table))).into()
    }
}
