//! The dialog that adds a feed: a URL or path is typed, the feeds behind it are discovered, some of them are chosen.

use super::{DialogLayout, RowWindow, path_prompt::complete_input, typed_address::is_file_path};
use crate::{
    app::{PaneLayout, TextInput},
    model::{
        DiscoveredSite, FeedCandidate, FetchOptions, NewFeed, PathCompletion, Subscription,
        SubscriptionField,
    },
};

/// The options of the request that the dialog has a line for.
const REQUEST_FIELDS: [SubscriptionField; 4] = [
    SubscriptionField::User,
    SubscriptionField::PasswordSource,
    SubscriptionField::UserAgent,
    SubscriptionField::Headers,
];

/// The dialog that adds a feed.
#[derive(Debug, Default)]
pub struct AddFeedDialog {
    /// The URL, or the path.
    pub url_input: TextInput,
    /// The lines of the options of the request, each with the field that it sets; hidden until one
    /// of them is focused.
    pub request_inputs: Vec<(SubscriptionField, TextInput)>,
    /// Index of the focused line of the options; `None` is the URL.
    pub focused_option: Option<usize>,
    /// The folder the feeds go into.
    pub folder_input: TextInput,
    /// Stage of the dialog.
    pub stage: AddFeedStage,
}

/// The stage of adding a feed.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum AddFeedStage {
    /// The URL is being typed.
    #[default]
    Typing,
    /// It is a path, which these names complete; there may be none.
    Completing(Vec<String>),
    /// The feeds behind it are being discovered, or the file is being read.
    Discovering,
    /// No feed was found; the sentence says why.
    Failed(String),
    /// Feeds were found.
    Choosing(DiscoveredFeeds),
}

/// The feeds behind a URL.
#[derive(Debug, PartialEq, Eq)]
pub struct DiscoveredFeeds {
    /// The feeds, and whether each is chosen.
    pub feeds: Vec<(FeedCandidate, bool)>,
    /// Facts that the user should know.
    pub notes: Vec<String>,
    /// Index of the selected one.
    pub selected_index: usize,
    /// The feeds in view.
    pub window: RowWindow,
}

/// Maximum number of discovered feeds in view; their newest headlines stand below.
const MAX_FEED_ROWS: u16 = 5;

impl AddFeedDialog {
    /// Creates the dialog with a URL in it.
    pub fn with_address(address: &str) -> AddFeedDialog {
        let mut dialog = AddFeedDialog::default();
        dialog.url_input.insert_text(address.trim());
        dialog
    }

    /// Returns the focused line: the URL at first, then the folder.
    pub fn focused_input(&mut self) -> &mut TextInput {
        if matches!(self.stage, AddFeedStage::Choosing(_)) {
            return &mut self.folder_input;
        }
        match self.focused_option.and_then(|index| self.request_inputs.get_mut(index)) {
            Some((_, input)) => input,
            None => &mut self.url_input,
        }
    }

    /// Moves the focus between the URL and the options of the request; negative is up.
    pub fn move_focus(&mut self, delta: isize) {
        if self.request_inputs.is_empty() {
            self.request_inputs = REQUEST_FIELDS.map(|field| (field, TextInput::default())).into();
        }
        let lines = self.request_inputs.len() + 1;
        let line = self.focused_option.map_or(0, |index| index + 1);
        let line = line.wrapping_add_signed(delta).wrapping_add(lines) % lines;
        self.focused_option = line.checked_sub(1);
    }

    /// Returns the options of the request.
    ///
    /// # Errors
    ///
    /// Fails if a line is invalid; the sentence says why.
    pub fn request_options(&self) -> Result<FetchOptions, String> {
        let mut subscription = Subscription::default();
        for (field, input) in &self.request_inputs {
            subscription.set_field(*field, input.text().trim())?;
        }
        Ok(subscription.fetch)
    }

    /// Returns to the first stage after an edit of the URL.
    pub fn reset_stage(&mut self) {
        if !matches!(self.stage, AddFeedStage::Choosing(_)) {
            self.stage = AddFeedStage::Typing;
        }
    }

    /// Shows the feeds found behind `address`, unless another URL has been typed since. The first that
    /// is not subscribed to is chosen.
    pub fn set_discovered(&mut self, address: &str, found: Result<DiscoveredSite, String>) {
        if self.stage != AddFeedStage::Discovering || self.url_input.text().trim() != address {
            return;
        }
        self.stage = match found {
            Ok(DiscoveredSite { feeds, notes, .. }) => {
                let first_new = feeds.iter().position(|feed| !feed.is_subscribed);
                let feeds = feeds
                    .into_iter()
                    .enumerate()
                    .map(|(index, feed)| (feed, Some(index) == first_new));
                AddFeedStage::Choosing(DiscoveredFeeds {
                    feeds: feeds.collect(),
                    notes,
                    selected_index: first_new.unwrap_or(0),
                    window: RowWindow::default(),
                })
            }
            Err(sentence) => AddFeedStage::Failed(sentence),
        };
    }

    /// Returns the path that the focused line holds, if it holds one.
    pub fn focused_path(&self) -> Option<&str> {
        let is_choosing = matches!(self.stage, AddFeedStage::Choosing(_));
        let is_focused = self.focused_option.is_none() && !is_choosing;
        let path = self.url_input.text();
        (is_focused && is_file_path(path.trim())).then_some(path)
    }

    pub(in crate::app) fn is_working_on(&self, path: &str) -> bool {
        self.stage == AddFeedStage::Discovering && self.url_input.text().trim() == path
    }

    /// Completes the path `typed`, unless it was edited since.
    pub(in crate::app) fn complete_path(&mut self, typed: &str, completion: PathCompletion) {
        if let Some(candidates) = complete_input(&mut self.url_input, typed, completion) {
            self.stage = AddFeedStage::Completing(candidates);
        }
    }

    /// Returns whether something was typed.
    pub(in crate::app) fn has_text(&self) -> bool {
        let options = self.request_inputs.iter().map(|(_, input)| input);
        let mut inputs = [&self.url_input, &self.folder_input].into_iter().chain(options);
        inputs.any(|input| !input.text().is_empty())
    }

    /// Lays out the dialog; its list holds the fields, or the feeds that were found.
    pub fn layout(&self, panes: &PaneLayout) -> DialogLayout {
        if matches!(self.stage, AddFeedStage::Choosing(_)) {
            let dialog = DialogLayout::centered(panes, 72, 17).with_margins(2, 0);
            return dialog
                .with_rows(dialog.inner.height.saturating_sub(10).clamp(1, MAX_FEED_ROWS));
        }
        let options = u16::try_from(self.request_inputs.len()).unwrap_or(u16::MAX - 7);
        DialogLayout::centered(panes, 72, 7 + options).with_rows(1 + options)
    }

    pub(in crate::app) fn resize(&mut self, panes: &PaneLayout) {
        let rows = self.layout(panes).rows();
        if let AddFeedStage::Choosing(found) = &mut self.stage {
            found.window.fit(rows, found.selected_index, found.feeds.len());
        }
    }

    /// Focuses the field in a row, or selects the feed in it and toggles whether it is chosen.
    pub(in crate::app) fn click_row(&mut self, row: usize) {
        let AddFeedStage::Choosing(found) = &mut self.stage else {
            self.focused_option = row.checked_sub(1);
            return;
        };
        let index = found.window.top_index() + row;
        if index < found.feeds.len() {
            found.selected_index = index;
            self.toggle_selected();
        }
    }

    /// Scrolls the feeds that were found; negative is up.
    pub(in crate::app) fn scroll_rows(&mut self, rows: isize) {
        if let AddFeedStage::Choosing(found) = &mut self.stage {
            found.selected_index =
                found.window.scroll(rows, found.selected_index, found.feeds.len());
        }
    }

    /// Moves the selection among the feeds; negative is up.
    pub fn move_selection(&mut self, delta: isize) {
        if let AddFeedStage::Choosing(found) = &mut self.stage {
            let last = found.feeds.len().saturating_sub(1);
            found.selected_index = found.selected_index.saturating_add_signed(delta).min(last);
        }
    }

    /// Toggles whether the selected feed is chosen.
    pub fn toggle_selected(&mut self) {
        if let AddFeedStage::Choosing(found) = &mut self.stage
            && let Some((_, chosen)) = found.feeds.get_mut(found.selected_index)
        {
            *chosen = !*chosen;
        }
    }

    /// Returns the chosen feeds.
    pub fn chosen_feeds(&self) -> Vec<NewFeed> {
        let AddFeedStage::Choosing(found) = &self.stage else { return Vec::new() };
        let folder =
            Some(self.folder_input.text().trim().to_owned()).filter(|folder| !folder.is_empty());
        let wanted = |(feed, chosen): &(FeedCandidate, bool)| {
            chosen.then(|| NewFeed {
                url: feed.url.clone(),
                title: feed.title.clone(),
                subscription: Subscription {
                    folder: folder.clone(),
                    fetch: feed.fetch.clone(),
                    ..Subscription::default()
                },
                network: feed.network.clone(),
            })
        };
        found.feeds.iter().filter_map(wanted).collect()
    }
}
