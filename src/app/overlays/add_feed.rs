//! The dialog that adds a feed: a URL or path is typed, the feeds behind it are discovered, some of them are chosen.

use super::{DialogLayout, RowWindow, path_prompt::complete_input, typed_address::is_file_path};
use crate::{
    app::{MAX_LINE_CHARS, PaneLayout, SidebarData, TextInput},
    model::{
        AccountId, DiscoveredSite, FeedCandidate, FeedNetwork, FetchOptions, NewFeed,
        PathCompletion, Subscription, SubscriptionField,
    },
    text::url::{self, check_web_url},
};

/// The options of the request that the dialog has a line for.
const REQUEST_FIELDS: [SubscriptionField; 4] = [
    SubscriptionField::User,
    SubscriptionField::PasswordSource,
    SubscriptionField::UserAgent,
    SubscriptionField::Headers,
];

/// A line below the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddFeedField {
    /// The account whose server fetches the feed; empty for a feed of the user's own.
    Account,
    /// An option of the requests.
    Request(SubscriptionField),
}

impl AddFeedField {
    /// Returns the label of the line.
    pub fn label(self) -> &'static str {
        match self {
            AddFeedField::Account => "Account",
            AddFeedField::Request(field) => field.label(),
        }
    }

    /// Returns the explanation that an empty line shows.
    pub fn help(self) -> &'static str {
        match self {
            AddFeedField::Account => "none: the feed is fetched from here",
            AddFeedField::Request(field) => field.help(),
        }
    }
}

/// The dialog that adds a feed.
#[derive(Debug, Default)]
pub struct AddFeedDialog {
    /// The URL, or the path.
    pub url_input: TextInput,
    /// The lines below it: the account, if there are accounts, and the options of the request, which
    /// are hidden until another line than the URL is focused.
    pub option_inputs: Vec<(AddFeedField, TextInput)>,
    /// The accounts whose servers take subscriptions, with their names.
    accounts: Vec<(AccountId, String)>,
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
    /// Creates the dialog with a URL in it. If there are accounts, it has a line for one; if all feeds are
    /// of the same, that is in it.
    pub fn new(address: &str, data: &SidebarData) -> AddFeedDialog {
        let mut dialog = AddFeedDialog::default();
        dialog.url_input.insert_text(address.trim(), MAX_LINE_CHARS);
        dialog.accounts = data.accounts_for_subscriptions();
        if !dialog.accounts.is_empty() {
            let mut input = TextInput::default();
            input.insert_text(data.only_account().unwrap_or_default(), MAX_LINE_CHARS);
            dialog.option_inputs.push((AddFeedField::Account, input));
        }
        dialog
    }

    fn account_text(&self) -> &str {
        match self.option_inputs.first() {
            Some((AddFeedField::Account, input)) => input.text().trim(),
            _ => "",
        }
    }

    /// Returns the account that is typed, of which the beginning is enough; `None` for none.
    ///
    /// # Errors
    ///
    /// Fails if there is no such account; the sentence says which there are.
    pub fn account(&self) -> Result<Option<(AccountId, &str)>, String> {
        let typed = self.account_text().to_lowercase();
        if typed.is_empty() {
            return Ok(None);
        }
        let is_meant = |(_, name): &&(AccountId, String)| name.to_lowercase() == typed;
        let begins = |(_, name): &&(AccountId, String)| name.to_lowercase().starts_with(&typed);
        let found =
            self.accounts.iter().find(is_meant).or_else(|| self.accounts.iter().find(begins));
        found.map(|(id, name)| Some((*id, name.as_str()))).ok_or_else(|| {
            let names: Vec<&str> = self.accounts.iter().map(|(_, name)| name.as_str()).collect();
            format!("No account is called “{}”: {}", self.account_text(), names.join(", "))
        })
    }

    /// Returns whether the line of the account is focused.
    pub fn is_account_focused(&self) -> bool {
        let field = self.focused_option.and_then(|index| self.option_inputs.get(index));
        !matches!(self.stage, AddFeedStage::Choosing(_))
            && field.is_some_and(|(field, _)| *field == AddFeedField::Account)
    }

    /// Puts the next account, or none, into its line; negative is the one before.
    pub(in crate::app) fn cycle_account(&mut self, delta: isize) {
        let typed = self.account_text();
        let at = self.accounts.iter().position(|(_, name)| name == typed).map_or(0, |at| at + 1);
        let count = self.accounts.len() + 1;
        let next = at.wrapping_add_signed(delta).wrapping_add(count) % count;
        let name = next.checked_sub(1).map_or("", |next| self.accounts[next].1.as_str());
        if let Some((AddFeedField::Account, input)) = self.option_inputs.first_mut() {
            input.set_text(name);
        }
    }

    /// Returns the focused line: the URL at first, then the folder.
    pub fn focused_input(&mut self) -> &mut TextInput {
        if matches!(self.stage, AddFeedStage::Choosing(_)) {
            return &mut self.folder_input;
        }
        match self.focused_option.and_then(|index| self.option_inputs.get_mut(index)) {
            Some((_, input)) => input,
            None => &mut self.url_input,
        }
    }

    /// Returns whether the lines for the options of the request are shown.
    pub fn shows_request_options(&self) -> bool {
        self.option_inputs.iter().any(|(field, _)| matches!(field, AddFeedField::Request(_)))
    }

    /// Moves the focus between the URL and the options of the request; negative is up.
    pub fn move_focus(&mut self, delta: isize) {
        if !self.shows_request_options() {
            let lines = REQUEST_FIELDS.map(AddFeedField::Request);
            self.option_inputs.extend(lines.map(|field| (field, TextInput::default())));
        }
        let lines = self.option_inputs.len() + 1;
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
        for (field, input) in &self.option_inputs {
            if let AddFeedField::Request(field) = field {
                subscription.set_field(*field, input.text().trim())?;
            }
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
        let options = self
            .option_inputs
            .iter()
            .filter(|(field, _)| *field != AddFeedField::Account)
            .map(|(_, input)| input);
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
        let options = u16::try_from(self.option_inputs.len()).unwrap_or(u16::MAX - 7);
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
        let account = self.account().ok().flatten().map(|(id, _)| id);
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
                account,
            })
        };
        found.feeds.iter().filter_map(wanted).collect()
    }

    /// Returns the typed address as a feed of the account that is typed, for its server to look at;
    /// `None` without an account, and for what is not on the web.
    pub fn unseen_feed(&self) -> Option<NewFeed> {
        let (account, _) = self.account().ok().flatten()?;
        let typed = self.url_input.text().trim();
        let url = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        let url = check_web_url(&url).ok().filter(|url| url::user_info(url).is_none())?;
        Some(NewFeed {
            url: url.into(),
            title: typed.to_owned(),
            subscription: Subscription::default(),
            network: FeedNetwork::Public,
            account: Some(account),
        })
    }
}
