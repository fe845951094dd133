//! Following a feed: an address is typed or pasted, the feeds behind it are found, some of them are chosen.

use super::TextInput;
use crate::model::{FeedCandidate, NewFeed, Subscription};

/// The dialogue in which a feed is added.
#[derive(Debug, Default)]
pub struct AddFeedDialog {
    /// The address, or the path.
    pub address_input: TextInput,
    /// The folder the feeds go into.
    pub folder_input: TextInput,
    /// How far it is.
    pub stage: AddFeedStage,
}

/// How far adding is.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum AddFeedStage {
    /// The address is being typed.
    #[default]
    Typing,
    /// What is behind it is being looked for.
    Discovering,
    /// It could not be found; the sentence says why.
    Failed(String),
    /// These were found.
    Choosing(DiscoveredFeeds),
}

/// The feeds behind an address.
#[derive(Debug, PartialEq, Eq)]
pub struct DiscoveredFeeds {
    /// The feeds, and whether each is chosen.
    pub feeds: Vec<(FeedCandidate, bool)>,
    /// Index of the selected one.
    pub selected_index: usize,
}

impl AddFeedDialog {
    /// The dialogue with an address in it.
    pub fn with_address(address: &str) -> AddFeedDialog {
        let mut adding = AddFeedDialog::default();
        adding.address_input.insert_text(address.trim());
        adding
    }

    /// The line that is typed into: the address at first, then the folder.
    pub fn focused_input(&mut self) -> &mut TextInput {
        if matches!(self.stage, AddFeedStage::Choosing(_)) {
            &mut self.folder_input
        } else {
            &mut self.address_input
        }
    }

    /// The line has changed: what was said of the address before is not true any more.
    pub fn reset_stage(&mut self) {
        if !matches!(self.stage, AddFeedStage::Choosing(_)) {
            self.stage = AddFeedStage::Typing;
        }
    }

    /// Takes what was found at `address`, unless another has been typed since. The first is chosen.
    pub fn set_discovered(&mut self, address: &str, found: Result<Vec<FeedCandidate>, String>) {
        if self.stage != AddFeedStage::Discovering || self.address_input.text().trim() != address {
            return;
        }
        self.stage = match found {
            Ok(feeds) => {
                let feeds = feeds.into_iter().enumerate().map(|(index, feed)| (feed, index == 0));
                AddFeedStage::Choosing(DiscoveredFeeds {
                    feeds: feeds.collect(),
                    selected_index: 0,
                })
            }
            Err(sentence) => AddFeedStage::Failed(sentence),
        };
    }

    /// Moves the selection among what was found; negative is up.
    pub fn move_selection(&mut self, delta: isize) {
        if let AddFeedStage::Choosing(found) = &mut self.stage {
            let last = found.feeds.len().saturating_sub(1);
            found.selected_index = found.selected_index.saturating_add_signed(delta).min(last);
        }
    }

    /// Chooses the selected feed, or does not.
    pub fn toggle_selected(&mut self) {
        if let AddFeedStage::Choosing(found) = &mut self.stage
            && let Some((_, chosen)) = found.feeds.get_mut(found.selected_index)
        {
            *chosen = !*chosen;
        }
    }

    /// The chosen feeds; with none chosen, the selected one.
    pub fn chosen_feeds(&self) -> Vec<NewFeed> {
        let AddFeedStage::Choosing(found) = &self.stage else { return Vec::new() };
        let folder =
            Some(self.folder_input.text().trim().to_owned()).filter(|folder| !folder.is_empty());
        let none = found.feeds.iter().all(|(_, chosen)| !chosen);
        let wanted = |(index, (feed, chosen)): (usize, &(FeedCandidate, bool))| {
            (*chosen || none && index == found.selected_index).then(|| NewFeed {
                url: feed.url.clone(),
                title: feed.title.clone(),
                subscription: Subscription { folder: folder.clone(), ..Subscription::default() },
            })
        };
        found.feeds.iter().enumerate().filter_map(wanted).collect()
    }
}
