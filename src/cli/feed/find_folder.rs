//! Finds the folder that the user names.

use crate::{
    cli::{exit_status::UsageError, unknown_name::NamedThing},
    model::{Feed, feeds_in_folder},
};

/// Returns the feeds in the folder called `name` and in those within.
///
/// # Errors
///
/// Returns an error if there are none.
pub(super) fn find_folder<'f>(feeds: &'f [Feed], name: &str) -> Result<Vec<&'f Feed>, UsageError> {
    let inside = feeds_in_folder(feeds, name);
    if inside.is_empty() {
        return Err(NamedThing::Folder.unknown(name, feeds.iter().filter_map(Feed::folder)));
    }
    Ok(inside)
}
