//! Following a feed: an address is typed or pasted, the feeds behind it are found, some of them are chosen.

use super::TextLine;
use crate::model::{Candidate, NewFeed, Subscription};

/// The dialogue in which a feed is added.
#[derive(Debug, Default)]
pub struct AddFeed {
    /// The address, or the path.
    pub address: TextLine,
    /// The folder the feeds go into.
    pub folder: TextLine,
    /// How far it is.
    pub stage: Stage,
}

/// How far adding is.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// The address is being typed.
    #[default]
    Typing,
    /// What is behind it is being looked for.
    Looking,
    /// It could not be found; the sentence says why.
    Failed(String),
    /// These were found.
    Found(Found),
}

/// The feeds behind an address.
#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    /// The feeds, and whether each is chosen.
    pub feeds: Vec<(Candidate, bool)>,
    /// Index of the selected one.
    pub selected: usize,
}

impl AddFeed {
    /// The dialogue with an address in it.
    pub fn with(address: &str) -> AddFeed {
        let mut adding = AddFeed::default();
        adding.address.insert(address.trim());
        adding
    }

    /// The line that is typed into: the address at first, then the folder.
    pub fn line(&mut self) -> &mut TextLine {
        if matches!(self.stage, Stage::Found(_)) { &mut self.folder } else { &mut self.address }
    }

    /// The line has changed: what was said of the address before is not true any more.
    pub fn typed(&mut self) {
        if !matches!(self.stage, Stage::Found(_)) {
            self.stage = Stage::Typing;
        }
    }

    /// Takes what was found at `address`, unless another has been typed since. The first is chosen.
    pub fn found(&mut self, address: &str, found: Result<Vec<Candidate>, String>) {
        if self.stage != Stage::Looking || self.address.text().trim() != address {
            return;
        }
        self.stage = match found {
            Ok(feeds) => {
                let feeds = feeds.into_iter().enumerate().map(|(index, feed)| (feed, index == 0));
                Stage::Found(Found { feeds: feeds.collect(), selected: 0 })
            }
            Err(sentence) => Stage::Failed(sentence),
        };
    }

    /// Moves the selection among what was found; negative is up.
    pub fn move_by(&mut self, delta: isize) {
        if let Stage::Found(found) = &mut self.stage {
            let last = found.feeds.len().saturating_sub(1);
            found.selected = found.selected.saturating_add_signed(delta).min(last);
        }
    }

    /// Chooses the selected feed, or does not.
    pub fn tick(&mut self) {
        if let Stage::Found(found) = &mut self.stage
            && let Some((_, chosen)) = found.feeds.get_mut(found.selected)
        {
            *chosen = !*chosen;
        }
    }

    /// The chosen feeds; with none chosen, the selected one.
    pub fn chosen(&self) -> Vec<NewFeed> {
        let Stage::Found(found) = &self.stage else { return Vec::new() };
        let folder = Some(self.folder.text().trim().to_owned()).filter(|folder| !folder.is_empty());
        let none = found.feeds.iter().all(|(_, chosen)| !chosen);
        let wanted = |(index, (feed, chosen)): (usize, &(Candidate, bool))| {
            (*chosen || none && index == found.selected).then(|| NewFeed {
                url: feed.url.clone(),
                title: feed.title.clone(),
                subscription: Subscription { folder: folder.clone(), ..Subscription::default() },
            })
        };
        found.feeds.iter().enumerate().filter_map(wanted).collect()
    }
}
