//! Changes of whole folders: a folder is what its feeds say, and is renamed and left with them.

use std::collections::BTreeSet;

use super::{Change, Feed, Subscription};

/// Maximum length of the name of a folder in bytes, as of those that servers give.
const MAX_FOLDER_BYTES: usize = 1000;

/// Returns whether a folder is `outer`, or one within.
pub fn is_within_folder(folder: &str, outer: &str) -> bool {
    folder.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(" / "))
}

/// Returns the feeds in a folder and in those within.
pub fn feeds_in_folder<'f>(feeds: &'f [Feed], folder: &str) -> Vec<&'f Feed> {
    let is_inside = |feed: &&Feed| feed.folder().is_some_and(|own| is_within_folder(own, folder));
    feeds.iter().filter(is_inside).collect()
}

/// Returns the change that gives a folder another name; the folders within come along.
///
/// # Errors
///
/// Returns a message for the user if the name cannot be that of a folder, or no feed is in the folder.
pub fn rename_folder(feeds: &[Feed], folder: &str, name: &str) -> Result<Change, String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err("A folder has a name; move its feeds out of it one by one instead".to_owned());
    }
    if name.len() > MAX_FOLDER_BYTES {
        return Err(format!("The name is longer than {MAX_FOLDER_BYTES} bytes"));
    }
    if name != folder && is_within_folder(&name, folder) {
        return Err(format!("“{folder}” cannot be within itself"));
    }
    let inside = feeds_in_folder(feeds, folder);
    if inside.is_empty() {
        return Err(format!("No feed is in “{folder}”"));
    }
    let rename = |feed: &Feed| {
        let rest = feed.folder().and_then(|own| own.strip_prefix(folder)).unwrap_or_default();
        let before = feed.subscription.clone();
        let after = Subscription { folder: Some(format!("{name}{rest}")), ..before.clone() };
        Change::set_subscription(feed.id, before, after)
    };
    Ok(Change::Many(inside.into_iter().map(rename).collect()))
}

/// Returns the other name that a change gives to a folder of `feeds`: all of its feeds, and the folders
/// within, have moved there.
pub fn renamed_folder(feeds: &[Feed], change: &Change, folder: &str) -> Option<String> {
    let (mut moved, mut names) = (Vec::new(), BTreeSet::new());
    change.for_each(&mut |part| {
        let Change::Subscription { feed, before, after } = part else { return };
        let own = before.folder.as_deref().filter(|own| is_within_folder(own, folder));
        if let Some(rest) = own.and_then(|own| own.strip_prefix(folder)) {
            names.insert(after.folder.as_deref().and_then(|name| name.strip_suffix(rest)));
            moved.push(*feed);
        }
    });
    let has_left = feeds_in_folder(feeds, folder).iter().all(|feed| moved.contains(&feed.id));
    let name = names.pop_first().flatten().filter(|name| *name != folder);
    name.filter(|_| has_left && names.is_empty()).map(str::to_owned)
}

/// Returns the change that unsubscribes from feeds.
pub fn unsubscribe_from(feeds: &[&Feed]) -> Change {
    Change::Many(feeds.iter().map(|feed| Change::set_unsubscribed(feed.id, true)).collect())
}

#[cfg(test)]
mod tests {
    use super::is_within_folder;

    #[test]
    fn folders_within_begin_with_the_name_and_a_slash() {
        for (folder, is_within) in
            [("News", true), ("News / World", true), ("Newsletters", false), ("Old News", false)]
        {
            assert_eq!(is_within_folder(folder, "News"), is_within, "{folder}");
        }
    }
}
