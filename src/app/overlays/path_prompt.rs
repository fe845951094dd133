//! The prompt for the path of a file.

use ratatui::layout::Rect;

use super::DialogLayout;
use crate::{
    app::TextInput,
    model::{Entry, EntryId},
};

/// A line in which the path of a file is typed.
#[derive(Debug)]
pub struct PathPrompt {
    /// The use of the file.
    pub purpose: PathPurpose,
    /// The path.
    pub input: TextInput,
    /// The path that was proposed.
    proposed: String,
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
        PathPrompt::with_path(PathPurpose::ImportFeeds, "")
    }

    /// Creates a prompt for the OPML file to write.
    pub(in crate::app) fn export_feeds() -> PathPrompt {
        PathPrompt::with_path(PathPurpose::ExportFeeds, "~/newsreader.opml")
    }

    /// Creates a prompt for the file to write an article to.
    pub(in crate::app) fn export_article(entry: &Entry) -> PathPrompt {
        let path = format!("~/{}.md", file_stem(&entry.title));
        PathPrompt::with_path(PathPurpose::ExportArticle(entry.id), &path)
    }

    fn with_path(purpose: PathPurpose, path: &str) -> PathPrompt {
        let mut input = TextInput::default();
        input.set_text(path);
        PathPrompt { purpose, input, proposed: path.to_owned() }
    }

    /// Lays out the prompt; its list holds the field.
    pub fn layout(&self, screen: Rect) -> DialogLayout {
        DialogLayout::centered(screen, 64, 5).with_rows(1)
    }

    /// Returns whether another path was typed than the one that was proposed.
    pub(in crate::app) fn is_changed(&self) -> bool {
        self.input.text() != self.proposed
    }
}

/// Returns the first words of a title, in letters that every file system has.
fn file_stem(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(8);
    let name = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    let name: String = name.chars().take(80).collect();
    if name.is_empty() { "article".to_owned() } else { name }
}
