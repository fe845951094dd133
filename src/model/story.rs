//! The user's choices about stories.

use serde::{Deserialize, Serialize};

/// The user's choice about two articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StoryLink {
    /// The texts decide whether the articles are in one story.
    None,
    /// The articles are in one story.
    Same,
    /// The articles are in different stories.
    Different,
}
