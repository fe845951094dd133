//! The feeds in a table, and the form in which one is changed.

use super::TextInput;
use crate::model::{Feed, FeedHealth, FeedId, FeedKind, Subscription, SubscriptionField};

/// The table of feeds.
#[derive(Debug, Default)]
pub struct FeedTable {
    /// What narrows the table.
    pub filter_input: TextInput,
    /// Whether typing goes there.
    pub is_filtering: bool,
    selected_id: Option<FeedId>,
}

impl FeedTable {
    /// The feeds that match what is typed, as they come.
    pub fn matching_feeds<'a>(&self, feeds: &'a [Feed]) -> Vec<&'a Feed> {
        let words: Vec<String> =
            self.filter_input.text().split_whitespace().map(str::to_lowercase).collect();
        let matches = |feed: &&Feed| {
            let state = if feed.health == FeedHealth::Healthy { "" } else { "failing" };
            let text = format!(
                "{} {} {} {state}",
                feed.display_name(),
                feed.url,
                feed.folder().unwrap_or_default()
            );
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        feeds.iter().filter(matches).collect()
    }

    /// Index of the selected row; it stays with its feed.
    pub fn selected_index(&self, rows: &[&Feed]) -> usize {
        rows.iter().position(|feed| Some(feed.id) == self.selected_id).unwrap_or(0)
    }

    /// Moves the selection; negative is up.
    pub fn move_selection(&mut self, delta: isize, feeds: &[Feed]) {
        let rows = self.matching_feeds(feeds);
        let index = self
            .selected_index(&rows)
            .saturating_add_signed(delta)
            .min(rows.len().saturating_sub(1));
        self.selected_id = rows.get(index).map(|feed| feed.id);
    }

    /// Selects a feed.
    pub fn select_feed(&mut self, feed: FeedId) {
        self.selected_id = Some(feed);
    }

    /// The selected feed.
    pub fn selected_feed<'a>(&self, feeds: &'a [Feed]) -> Option<&'a Feed> {
        let rows = self.matching_feeds(feeds);
        rows.get(self.selected_index(&rows)).copied()
    }
}

/// The form in which a feed is changed.
#[derive(Debug)]
pub struct FeedForm {
    /// The feed.
    pub feed_id: FeedId,
    /// Its name.
    pub title: String,
    /// The fields and what is in them.
    pub fields: Vec<(SubscriptionField, TextInput)>,
    /// Index of the field that is typed into.
    pub focused_index: usize,
    /// What is wrong with a field.
    pub error: Option<String>,
    before: Subscription,
    /// The table to go back to.
    feed_table: Option<FeedTable>,
}

impl FeedForm {
    /// The form for `feed`.
    pub fn new(feed: &Feed, manager: Option<FeedTable>) -> FeedForm {
        let field = |field: SubscriptionField| {
            let mut line = TextInput::default();
            line.set_text(&feed.subscription.get_field(field));
            (field, line)
        };
        // What concerns the network only is for feeds that are on it.
        let on_it = feed.kind == FeedKind::Web;
        let shown = SubscriptionField::ALL
            .into_iter()
            .filter(|field| on_it || *field as usize <= SubscriptionField::Muted as usize);
        FeedForm {
            feed_id: feed.id,
            title: feed.display_name().to_owned(),
            fields: shown.map(field).collect(),
            focused_index: 0,
            error: None,
            before: feed.subscription.clone(),
            feed_table: manager,
        }
    }

    /// The line that is typed into.
    pub fn focused_input(&mut self) -> &mut TextInput {
        &mut self.fields[self.focused_index].1
    }

    /// Goes to another field; negative is up.
    pub fn move_focus(&mut self, delta: isize) {
        self.focused_index =
            self.focused_index.saturating_add_signed(delta).min(self.fields.len() - 1);
    }

    /// What the feed was and what it becomes; `None` where a field is wrong, which is then shown.
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

    /// The table the form was opened from.
    pub fn into_feed_table(self) -> Option<FeedTable> {
        self.feed_table
    }
}
