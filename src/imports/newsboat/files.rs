//! The files of newsboat, read at once.

use std::path::PathBuf;

use super::{
    FlagNames,
    config::read_config,
    podboat::{note_history, read_queue},
    text_file::{file_name, read_text_file},
    urls::read_urls,
};
use crate::model::{Failure, ImportedLibrary};

/// The files of newsboat and podboat; those that are `None` are not read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewsboatFiles {
    /// The subscriptions.
    pub urls: Option<PathBuf>,
    /// The configuration.
    pub config: Option<PathBuf>,
    /// The cache, with the articles.
    pub cache: Option<PathBuf>,
    /// podboat's queue.
    pub queue: Option<PathBuf>,
    /// The searches and commands that were typed.
    pub histories: Vec<PathBuf>,
    /// The user's home folder, which `~` means.
    pub home: Option<PathBuf>,
}

/// The contents of newsboat's text files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsboatLibrary {
    /// Subscriptions, views and settings.
    pub imported: ImportedLibrary,
    /// The path of the cache, if the configuration names one.
    pub cache: Option<PathBuf>,
}

/// Reads the text files of newsboat. Articles are not read here.
///
/// # Errors
///
/// Fails if one of the files cannot be read.
pub fn read_newsboat(files: &NewsboatFiles, flags: &FlagNames) -> Result<NewsboatLibrary, Failure> {
    let (mut imported, mut cache) = (ImportedLibrary::default(), None);
    if let Some(path) = &files.config {
        cache = read_config(path, files.home.as_deref(), flags, &mut imported)?;
    }
    if let Some(path) = &files.urls {
        read_urls(&file_name(path), &read_text_file(path)?, flags, &mut imported);
    }
    if let Some(path) = &files.queue {
        read_queue(&file_name(path), &read_text_file(path)?, &mut imported);
    }
    for path in &files.histories {
        note_history(&file_name(path), &read_text_file(path)?, &mut imported);
    }
    Ok(NewsboatLibrary { imported, cache })
}
