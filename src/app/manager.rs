//! The feeds in a table, and the form in which one is changed.

use super::TextLine;
use crate::model::{Feed, FeedId, FeedKind, Health, Subscription, SubscriptionField};

/// The table of feeds.
#[derive(Debug, Default)]
pub struct Manager {
    /// What narrows the table.
    pub line: TextLine,
    /// Whether typing goes there.
    pub typing: bool,
    selected: Option<FeedId>,
}

impl Manager {
    /// The feeds that match what is typed, as they come.
    pub fn rows<'a>(&self, feeds: &'a [Feed]) -> Vec<&'a Feed> {
        let words: Vec<String> = self.line.text().split_whitespace().map(str::to_lowercase).collect();
        let matches = |feed: &&Feed| {
            let state = if feed.health == Health::Fine { "" } else { "failing" };
            let text = format!("{} {} {} {state}", feed.name(), feed.url, feed.folder().unwrap_or_default());
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        feeds.iter().filter(matches).collect()
    }

    /// Index of the selected row; it stays with its feed.
    pub fn selected(&self, rows: &[&Feed]) -> usize {
        rows.iter().position(|feed| Some(feed.id) == self.selected).unwrap_or(0)
    }

    /// Moves the selection; negative is up.
    pub fn move_by(&mut self, delta: isize, feeds: &[Feed]) {
        let rows = self.rows(feeds);
        let index = self.selected(&rows).saturating_add_signed(delta).min(rows.len().saturating_sub(1));
        self.selected = rows.get(index).map(|feed| feed.id);
    }

    /// Selects a feed.
    pub fn select(&mut self, feed: FeedId) {
        self.selected = Some(feed);
    }

    /// The selected feed.
    pub fn feed<'a>(&self, feeds: &'a [Feed]) -> Option<&'a Feed> {
        let rows = self.rows(feeds);
        rows.get(self.selected(&rows)).copied()
    }
}

/// The form in which a feed is changed.
#[derive(Debug)]
pub struct EditFeed {
    /// The feed.
    pub feed: FeedId,
    /// Its name.
    pub title: String,
    /// The fields and what is in them.
    pub fields: Vec<(SubscriptionField, TextLine)>,
    /// Index of the field that is typed into.
    pub selected: usize,
    /// What is wrong with a field.
    pub mistake: Option<String>,
    before: Subscription,
    /// The table to go back to.
    manager: Option<Manager>,
}

impl EditFeed {
    /// The form for `feed`.
    pub fn new(feed: &Feed, manager: Option<Manager>) -> EditFeed {
        let field = |field: SubscriptionField| {
            let mut line = TextLine::default();
            line.set(&feed.subscription.get(field));
            (field, line)
        };
        // What concerns the network only is for feeds that are on it.
        let on_it = feed.kind == FeedKind::Web;
        let shown = SubscriptionField::ALL
            .into_iter()
            .filter(|field| on_it || *field as usize <= SubscriptionField::Muted as usize);
        EditFeed {
            feed: feed.id,
            title: feed.name().to_owned(),
            fields: shown.map(field).collect(),
            selected: 0,
            mistake: None,
            before: feed.subscription.clone(),
            manager,
        }
    }

    /// The line that is typed into.
    pub fn line(&mut self) -> &mut TextLine {
        &mut self.fields[self.selected].1
    }

    /// Goes to another field; negative is up.
    pub fn move_by(&mut self, delta: isize) {
        self.selected = self.selected.saturating_add_signed(delta).min(self.fields.len() - 1);
    }

    /// What the feed was and what it becomes; `None` where a field is wrong, which is then shown.
    pub fn change(&mut self) -> Option<(Subscription, Subscription)> {
        let mut after = self.before.clone();
        for (index, (field, line)) in self.fields.iter().enumerate() {
            if let Err(mistake) = after.set(*field, line.text()) {
                self.mistake = Some(mistake);
                self.selected = index;
                return None;
            }
        }
        Some((self.before.clone(), after))
    }

    /// The table the form was opened from.
    pub fn into_manager(self) -> Option<Manager> {
        self.manager
    }
}
