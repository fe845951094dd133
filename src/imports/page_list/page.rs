//! A page in a list of pages.

use crate::model::PublicationDate;

/// A page that the user saved in another program.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ListedPage {
    /// The line of the file at which the page is, from 1, where its form has lines.
    pub(super) line: Option<u64>,
    pub(super) url: String,
    pub(super) title: String,
    pub(super) author: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) folder: Option<String>,
    pub(super) saved_at: Option<PublicationDate>,
    pub(super) is_archived: bool,
    pub(super) is_starred: bool,
}
