//! What the threads are started with, and what they leave unsaved.

use std::sync::Arc;

use super::desktop::Desktop;
use crate::{
    library::FeedSources,
    markup::BoilerplateRule,
    picture::ImageProtocol,
    store::{LibraryLocation, WriteConnection},
};

/// Everything outside the program that the threads touch.
pub struct Ports {
    /// The location of the library.
    pub location: LibraryLocation,
    /// The write connection to the library.
    pub store: WriteConnection,
    /// The user's browser.
    pub desktop: Arc<dyn Desktop>,
    /// The means to fetch feeds.
    pub sources: FeedSources,
    /// The settings of how articles are read.
    pub reading: ReadingOptions,
    /// The sample documents of a new library.
    pub samples: &'static [(&'static str, &'static [u8])],
    /// Refreshes what is due when the program starts.
    pub refresh_at_start: bool,
}

/// The settings of how articles are read.
#[derive(Debug, Clone, Default)]
pub struct ReadingOptions {
    /// The boilerplate that is taken out of articles.
    pub boilerplate: Vec<BoilerplateRule>,
    /// The way the terminal shows images.
    pub image_protocol: ImageProtocol,
    /// Says marks in words, for screen readers.
    pub screen_reader: bool,
    /// The program that prints, and its arguments.
    pub print_command: Vec<String>,
}

/// The changes that could not be saved when the program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsavedChanges {
    /// The number of changes.
    pub count: usize,
    /// The reason, as a sentence.
    pub reason: String,
}
