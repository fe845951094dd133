//! The items of the pickers that filter by what the selected article has, or leave it out.

use super::{PickerAction, PickerItem, picker::TermSense};
use crate::{
    model::{Entry, EntryTraits, Feed},
    query::field_term,
    text::LocalZone,
};

/// Maximum number of tags of an article that are listed.
const MAX_TAGS: usize = 20;

/// Returns the terms that the row of an entry gives: its feed, author and day, and the tags of its
/// feed.
pub(in crate::app) fn row_term_items(
    entry: &Entry,
    feed: Option<&Feed>,
    zone: LocalZone,
    sense: TermSense,
) -> Vec<PickerItem> {
    let name = feed.map(Feed::display_name);
    let author = entry.author.as_deref();
    let day = entry.published.day_in(&zone).to_string();
    let tags = feed.map(|feed| feed.subscription.tags.as_slice()).unwrap_or_default();
    let fields = [
        ("feed", name.and_then(|name| field_term("feed", name))),
        ("author", author.and_then(|author| field_term("author", author))),
        ("day", Some(format!("on:{day}"))),
    ];
    let fields = fields.into_iter().filter_map(|(label, term)| Some((label, term?)));
    let tags = tags.iter().filter_map(|tag| Some(("tag of the feed", field_term("tag", tag)?)));
    fields.chain(tags).map(|(label, term)| term_item(label, &term, sense)).collect()
}

/// Returns the terms that the text of an entry gives: its tags and its language.
pub(in crate::app) fn text_term_items(traits: &EntryTraits, sense: TermSense) -> Vec<PickerItem> {
    let mut terms: Vec<String> = Vec::new();
    for term in traits.tags.iter().filter_map(|tag| field_term("tag", tag)) {
        if terms.len() < MAX_TAGS && !terms.contains(&term) {
            terms.push(term);
        }
    }
    let tags = terms.iter().map(|term| term_item("tag", term, sense));
    let language = traits.language.as_ref().map(|code| format!("lang:{code}"));
    tags.chain(language.map(|term| term_item("language", &term, sense))).collect()
}

fn term_item(label: &str, term: &str, sense: TermSense) -> PickerItem {
    let sign = match sense {
        TermSense::With => "",
        TermSense::Without => "-",
    };
    PickerItem {
        label: format!("{sign}{term}"),
        detail: label.to_owned(),
        keywords: String::new(),
        action: PickerAction::AddTerm(format!("{sign}{term}")),
    }
}
