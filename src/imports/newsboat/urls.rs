//! newsboat's `urls`: a feed per line, with its tags; searches and programs.

use std::collections::HashMap;

use super::{
    FlagNames,
    filter_translation::translate_filter,
    notes::{note, shorten},
    settings::program_hint,
};
use crate::{
    model::{ImportSource, ImportedFeed, ImportedLibrary, ImportedView, NoteKind},
    opml::{MAX_OUTLINES, check_feed_url, split_urls_line},
};

/// Maximum number of tags of a feed.
const MAX_TAGS: usize = 100;

/// The folder of feeds that newsboat hides.
const HIDDEN_FOLDER: &str = "Hidden";

/// Reads newsboat's `urls` for its own sake, with the names that flags have by themselves.
pub fn parse_newsboat_feeds(text: &str) -> ImportedLibrary {
    let mut imported = ImportedLibrary::default();
    read_urls("urls", text, &FlagNames::default(), &mut imported);
    imported
}

/// Reads the lines of the file called `file`.
pub(super) fn read_urls(file: &str, text: &str, flags: &FlagNames, imported: &mut ImportedLibrary) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut places = HashMap::new();
    let mut read = 0;
    for (line, raw) in (1..).zip(text.lines()) {
        let raw = raw.trim();
        if raw.is_empty() || raw.starts_with('#') {
            continue;
        }
        read += 1;
        if read > MAX_OUTLINES as u64 {
            let reason =
                format!("more than {MAX_OUTLINES} feeds; the rest of the file is left out");
            note(imported, NoteKind::NotTaken, (file, line), raw, reason);
            break;
        }
        read_line(&mut places, (file, line), raw, flags, imported);
    }
    imported.report.sources.push(ImportSource { path: file.to_owned(), unit: "line", read });
}

fn read_line(
    places: &mut HashMap<String, usize>,
    place: (&str, u64),
    raw: &str,
    flags: &FlagNames,
    imported: &mut ImportedLibrary,
) {
    let mut words = split_urls_line(raw);
    let address = words.next().unwrap_or_default();
    if let Some(search) = address.strip_prefix("query:") {
        // Without quotation marks, newsboat takes the rest of the line for tags.
        return read_search(place, search, flags, imported);
    }
    if address.starts_with("exec:") || address.starts_with("filter:") {
        return note(imported, NoteKind::NotTaken, place, raw, program_hint(&address));
    }
    let url = match check_feed_url(&address) {
        Ok(url) => url,
        Err(reason) => return note(imported, NoteKind::NotTaken, place, &address, reason),
    };
    let (feed, is_hidden) = read_feed(url, words);
    if is_hidden {
        let reason = format!("newsboat hides it; here it is in the folder {HIDDEN_FOLDER}");
        note(imported, NoteKind::Changed, place, &address, reason);
    }
    if let Some(first) = places.get(&feed.url) {
        merge_feed(&mut imported.feeds[*first], feed);
        let reason = "it is in the file twice; both lines are one feed here";
        return note(imported, NoteKind::Changed, place, &address, reason);
    }
    places.insert(feed.url.clone(), imported.feeds.len());
    imported.feeds.push(feed);
}

/// Reads the words after an address. The first tag is the folder as well. Returns whether newsboat hides
/// the feed.
fn read_feed(url: String, words: impl Iterator<Item = String>) -> (ImportedFeed, bool) {
    let mut feed = ImportedFeed { url, ..ImportedFeed::default() };
    let mut is_hidden = false;
    for word in words.take(MAX_TAGS) {
        if let Some(name) = word.strip_prefix('~') {
            feed.name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        } else if word.starts_with('!') {
            is_hidden = true;
        } else if !word.is_empty() && !feed.tags.contains(&word) {
            feed.tags.push(word);
        }
    }
    feed.folder =
        if is_hidden { Some(HIDDEN_FOLDER.to_owned()) } else { feed.tags.first().cloned() };
    (feed, is_hidden)
}

fn merge_feed(first: &mut ImportedFeed, other: ImportedFeed) {
    first.name = first.name.take().or(other.name);
    first.folder = first.folder.take().or(other.folder);
    for tag in other.tags {
        if !first.tags.contains(&tag) {
            first.tags.push(tag);
        }
    }
}

/// Reads `Name:filter`.
fn read_search(
    place: (&str, u64),
    search: &str,
    flags: &FlagNames,
    imported: &mut ImportedLibrary,
) {
    let subject = format!("query:{search}");
    let Some((name, filter)) = search.split_once(':') else {
        return note(imported, NoteKind::NotTaken, place, &subject, "it has no filter");
    };
    add_view(place, (name, filter), flags, imported);
}

/// Adds the view that a filter of newsboat means, or notes why it cannot be one.
pub(super) fn add_view(
    place: (&str, u64),
    (name, filter): (&str, &str),
    flags: &FlagNames,
    imported: &mut ImportedLibrary,
) {
    let subject = format!("{name}: {filter}");
    match translate_filter(filter, flags) {
        Ok(translated) => {
            if translated.is_approximate {
                let reason =
                    format!("as a view it is `{}`, which finds almost the same", translated.query);
                note(imported, NoteKind::Changed, place, &subject, reason);
            }
            let name = shorten(name);
            imported.views.push(ImportedView { name, query: translated.query });
        }
        Err(reason) => note(imported, NoteKind::NotTaken, place, &subject, reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ImportNote;

    #[test]
    fn urls_become_feeds_with_names_folders_and_tags() {
        let imported = parse_newsboat_feeds(
            "\u{feff}# mine\n\nhttps://a.org/feed news \"two words\" \"~A \\\"name\\\"\" news\n\
             https://b.org/ ! quiet\nhttps://a.org/feed more \"~Other\"\n",
        );
        let [a, b] = &imported.feeds[..] else { panic!("{:?}", imported.feeds) };
        assert_eq!(a.name.as_deref(), Some("A \"name\""));
        assert_eq!(
            (a.folder.as_deref(), &a.tags[..]),
            (Some("news"), &["news", "two words", "more"].map(str::to_owned)[..])
        );
        assert_eq!((b.folder.as_deref(), &b.tags[..]), (Some("Hidden"), &["quiet".to_owned()][..]));
        assert_eq!(imported.report.sources[0].read, 3);
        let lines: Vec<_> = imported.report.notes.iter().map(|note| note.place.line).collect();
        assert_eq!(lines, [Some(4), Some(5)]);
        assert!(imported.report.is_complete());
    }

    #[test]
    fn searches_become_views_and_programs_are_listed_with_a_hint() {
        let imported = parse_newsboat_feeds(
            "\"query:Unread:unread = \\\"yes\\\"\"\n\"query:Odd:feedindex > 3\"\n\
             \"exec:~/bin/weather --city Lisbon\" tag\n\"filter:~/bin/f:http://a.org/x\"\n|ls\nquery:x",
        );
        let unread = ImportedView { name: "Unread".to_owned(), query: "is:unread".to_owned() };
        assert_eq!((imported.views, imported.feeds.len()), (vec![unread], 0));
        let notes: Vec<&ImportNote> = imported.report.notes.iter().collect();
        assert_eq!(
            notes.iter().map(|note| note.place.line).collect::<Vec<_>>(),
            (2..=6).map(Some).collect::<Vec<_>>()
        );
        assert!(
            notes[1].reason.contains("weather = [\"~/bin/weather\", \"--city\", \"Lisbon\"]"),
            "{}",
            notes[1].reason
        );
        assert!(
            notes[1].reason.contains("newsreader feed add exec:weather"),
            "{}",
            notes[1].reason
        );
        assert!(!imported.report.is_complete());
    }
}
