//! The prompt for the path of a file.

use super::DialogLayout;
use crate::{
    app::{PaneLayout, TextInput},
    model::{Entry, EntryId, ExistingFile, Failure, FailureKind, PathCompletion},
};

/// A line in which the path of a file is typed.
#[derive(Debug)]
pub struct PathPrompt {
    /// The use of the file.
    pub purpose: PathPurpose,
    /// The path.
    pub input: TextInput,
    /// Stage of the prompt.
    pub stage: PathStage,
    /// The path that was proposed.
    proposed: String,
}

/// The stage of naming a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum PathStage {
    /// The path is being typed.
    #[default]
    Typing,
    /// These names complete the path; there may be none.
    Completing(Vec<String>),
    /// The file is being read or written.
    Working,
    /// That failed; the sentence says why.
    Failed(String),
    /// There is a file of that name, which may be replaced.
    Exists,
}

/// The use of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathPurpose {
    /// Read an OPML file.
    ImportFeeds,
    /// Write an OPML file.
    ExportFeeds,
    /// Write these articles.
    ExportArticles(Vec<EntryId>),
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
        PathPrompt::with_path(PathPurpose::ExportArticles(vec![entry.id]), &path)
    }

    /// Creates a prompt for the file to write several articles to.
    pub(in crate::app) fn export_articles(ids: Vec<EntryId>) -> PathPrompt {
        PathPrompt::with_path(PathPurpose::ExportArticles(ids), "~/articles.md")
    }

    fn with_path(purpose: PathPurpose, path: &str) -> PathPrompt {
        let mut input = TextInput::default();
        input.set_text(path);
        PathPrompt { purpose, input, stage: PathStage::Typing, proposed: path.to_owned() }
    }

    /// Edits the path.
    pub(in crate::app) fn edit_input(&mut self, edit: impl FnOnce(&mut TextInput)) {
        edit(&mut self.input);
        self.stage = PathStage::Typing;
    }

    /// Begins to use the file at the path. Returns the path, and whether a file that is there is
    /// replaced; `None` without a path or while a file is being used.
    pub(in crate::app) fn start(&mut self) -> Option<(String, ExistingFile)> {
        let path = self.input.text().trim().to_owned();
        if path.is_empty() || self.stage == PathStage::Working {
            return None;
        }
        let exists = std::mem::replace(&mut self.stage, PathStage::Working) == PathStage::Exists;
        Some((path, if exists { ExistingFile::Replace } else { ExistingFile::Keep }))
    }

    /// Returns whether the file at a path is being used.
    pub(in crate::app) fn is_working_on(&self, path: &str) -> bool {
        self.stage == PathStage::Working && self.input.text().trim() == path
    }

    /// Shows why the file could not be used.
    pub(in crate::app) fn fail(&mut self, failure: Failure) {
        self.stage = match failure.kind {
            FailureKind::FileExists => PathStage::Exists,
            _ => PathStage::Failed(failure.summary),
        };
    }

    /// Completes the path `typed`, unless it was edited since.
    pub(in crate::app) fn complete(&mut self, typed: &str, completion: PathCompletion) {
        if let Some(candidates) = complete_input(&mut self.input, typed, completion) {
            self.stage = PathStage::Completing(candidates);
        }
    }

    /// Lays out the prompt; its list holds the field.
    pub fn layout(&self, panes: &PaneLayout) -> DialogLayout {
        DialogLayout::centered(panes, 64, 6).with_rows(1)
    }

    /// Returns whether another path was typed than the one that was proposed.
    pub(in crate::app) fn is_changed(&self) -> bool {
        self.input.text() != self.proposed
    }
}

/// Completes the path `typed` in a line, unless it was edited since. Returns the names that the path
/// may go on with.
pub(super) fn complete_input(
    input: &mut TextInput,
    typed: &str,
    completion: PathCompletion,
) -> Option<Vec<String>> {
    if input.text() != typed {
        return None;
    }
    input.set_text(&completion.path);
    Some(completion.candidates)
}

/// Returns the first words of a title, in letters that every file system has.
fn file_stem(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(8);
    let name = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    let name: String = name.chars().take(80).collect();
    if name.is_empty() { "article".to_owned() } else { name }
}
