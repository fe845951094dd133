//! The prompt for the path of a file.

use super::{Overlay, Reply};
use crate::{
    app::{Action, Actions, Effect, ExportTarget, Notice, TextInput},
    command::Command,
    model::{Entry, EntryId},
};

/// A line in which the path of a file is typed.
#[derive(Debug)]
pub struct PathPrompt {
    /// The use of the file.
    pub purpose: PathPurpose,
    /// The path.
    pub input: TextInput,
}

/// The use of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathPurpose {
    /// Read an OPML file.
    ImportFeeds,
    /// Write an OPML file.
    ExportFeeds,
    /// Write this article.
    ExportArticle(EntryId),
}

impl PathPrompt {
    /// Creates an empty prompt for the OPML file to read.
    pub(in crate::app) fn import_feeds() -> PathPrompt {
        PathPrompt { purpose: PathPurpose::ImportFeeds, input: TextInput::default() }
    }

    /// Creates a prompt for the OPML file to write.
    pub(in crate::app) fn export_feeds() -> PathPrompt {
        PathPrompt::with_path(PathPurpose::ExportFeeds, "~/newsreader.opml")
    }

    /// Opens a prompt for the file to write an article to.
    pub(in crate::app) fn open_for_article(entry: Option<&Entry>) -> Actions {
        let Some(entry) = entry else { return Notice::info("No article is selected").into() };
        let path = format!("~/{}.md", file_stem(&entry.title));
        PathPrompt::with_path(PathPurpose::ExportArticle(entry.id), &path).open()
    }

    /// Opens the prompt.
    pub(in crate::app) fn open(self) -> Actions {
        Action::Open(Overlay::PathPrompt(self)).into()
    }

    fn with_path(purpose: PathPurpose, path: &str) -> PathPrompt {
        let mut input = TextInput::default();
        input.set_text(path);
        PathPrompt { purpose, input }
    }

    /// Runs a command: reads or writes the file, or nothing.
    pub(in crate::app) fn apply(&self, command: Command) -> Reply {
        if command != Command::Open {
            return Reply::Stay(Actions::none());
        }
        let path = self.input.text().trim().to_owned();
        Reply::Close(match self.purpose {
            _ if path.is_empty() => Actions::none(),
            PathPurpose::ImportFeeds => Effect::ImportFeeds(path).into(),
            PathPurpose::ExportFeeds => Effect::ExportFeeds(path).into(),
            PathPurpose::ExportArticle(id) => {
                Effect::ExportArticle(id, ExportTarget::File(path)).into()
            }
        })
    }
}

/// Returns the first words of a title, in letters that every file system has.
fn file_stem(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(8);
    let name = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    let name: String = name.chars().take(80).collect();
    if name.is_empty() { "article".to_owned() } else { name }
}
