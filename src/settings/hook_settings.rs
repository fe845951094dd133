//! Hooks: programs that run when something has happened.

use serde::Deserialize;

/// The programs of the hooks and their arguments; an empty list runs nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of hooks")]
pub struct HookSettings {
    /// Runs for each new article.
    pub new: Vec<String>,
    /// Runs for each article that the user stars.
    pub star: Vec<String>,
    /// Runs for each article that the user gives a tag.
    pub tag: Vec<String>,
    /// Runs once after each refresh.
    pub refreshed: Vec<String>,
}
