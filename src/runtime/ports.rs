//! The input of the worker threads ([`Ports`]) and the changes that they could not save.

use std::sync::Arc;

use super::desktop::Desktop;
use crate::{
    library::{DownloadFolder, FeedSources},
    markup::BoilerplateRule,
    picture::ImageProtocol,
    store::{LibraryLocation, WriteConnection},
};

/// Everything outside the program that the worker threads use, and the settings they need.
pub struct Ports {
    /// The location of the library.
    pub location: LibraryLocation,
    /// The write connection to the library.
    pub store: WriteConnection,
    /// The programs outside the terminal, such as the browser.
    pub desktop: Arc<dyn Desktop>,
    /// The means to fetch feeds.
    pub sources: FeedSources,
    /// The settings for reading articles.
    pub reading: ReadingOptions,
    /// The settings of podcasts.
    pub podcasts: PodcastOptions,
    /// The sample documents of a new library.
    pub samples: &'static [(&'static str, &'static [u8])],
    /// Refreshes the feeds that are due when the program starts.
    pub refresh_at_start: bool,
}

/// The settings for reading articles.
#[derive(Debug, Clone, Default)]
pub struct ReadingOptions {
    /// The boilerplate that is removed from articles.
    pub boilerplate: Vec<BoilerplateRule>,
    /// The protocol by which the terminal shows images.
    pub image_protocol: ImageProtocol,
    /// Shows articles for a screen reader: words in place of marks.
    pub screen_reader: bool,
    /// The program that prints, and its arguments; empty if none is set.
    pub print_command: Vec<String>,
}

/// The settings of podcasts.
#[derive(Debug, Clone, Default)]
pub struct PodcastOptions {
    /// The folder of downloads; `None` if there is none, because the library is in memory.
    pub downloads: Option<DownloadFolder>,
    /// The player and its arguments.
    pub player: Vec<String>,
    /// The player has the terminal while it runs.
    pub player_has_terminal: bool,
}

/// The changes that could not be saved when the program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsavedChanges {
    /// The number of changes.
    pub count: usize,
    /// The reason for the last failure, as a sentence.
    pub reason: String,
}
