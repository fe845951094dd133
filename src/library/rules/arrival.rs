//! Matching rules with an entry that arrives.

use std::{borrow::Cow, cell::OnceCell, sync::Arc};

use chrono::Local;

use super::rule_set::{CompiledRule, RuleSet};
use crate::{
    library::indexable::{EntryContent, entry_attributes, folded_text, source_text},
    model::{BodyFormat, EntryBody, EntryState, NewEntry, RuleAct, TagId, TagName},
    query::{FeedNames, SearchableEntry, SearchableTag},
};

/// An entry as it arrives, before the user or a rule acted on it.
#[derive(Clone, Copy)]
pub struct ArrivingEntry<'a> {
    /// The entry.
    pub entry: &'a NewEntry,
    /// The names of its feed.
    pub feed: &'a FeedNames,
    /// The feed is muted, so that its entries arrive as read.
    pub is_muted: bool,
    /// The entry is a later version of a stored one.
    pub is_edited: bool,
}

impl RuleSet {
    /// Returns what the rules that match do to an entry that arrives.
    pub fn match_arrival(&self, arriving: ArrivingEntry<'_>) -> Vec<Arc<RuleAct>> {
        if self.is_empty() {
            return Vec::new();
        }
        let (entry, tags) = (arriving.entry, arriving.entry.tags.join(" "));
        let body = read_body(entry);
        let content = EntryContent {
            title: &entry.title,
            author: entry.author.as_deref().unwrap_or_default(),
            tags: &tags,
            link: entry.link.as_deref().unwrap_or_default(),
            body: &body,
            attachments: &entry.attachments,
        };
        let text = folded_text(content);
        let candidates = self.prefilter.candidates(&text, arriving.feed);
        if candidates.is_empty() {
            return Vec::new();
        }
        let attributes = entry_attributes(content, &text, arriving.is_edited);
        // To a rule, every edit that arrives is one that the user has not seen.
        let unseen_edit = SearchableTag::new(TagId::UNSEEN_EDIT, &TagName::unseen_edit());
        let tags: &[&SearchableTag] = if arriving.is_edited { &[&unseen_edit] } else { &[] };
        // Of long texts it is dear, and each rule with a regular expression or a sign wants it.
        let plain_text = OnceCell::new();
        let searchable = SearchableEntry {
            text: &text,
            attributes: &attributes,
            feed: arriving.feed,
            state: EntryState { read: arriving.is_muted, ..EntryState::default() },
            tags,
            published_day: entry.published.day_in(&Local),
            is_new: true,
            plain_text: &|| plain_text.get_or_init(|| source_text(content)).clone(),
            // The story of an article is found once it is stored; rules cannot name one.
            is_in_story: &|_| false,
        };
        let candidates = candidates.into_iter().map(|index| &self.rules[index]);
        let matching = candidates.filter(|rule| rule.query.matches(&searchable));
        matching.map(|CompiledRule { act, .. }| Arc::clone(act)).collect()
    }
}

/// Returns the body that the user will read: of a saved page, the article in it.
fn read_body(entry: &NewEntry) -> Cow<'_, EntryBody> {
    match &entry.page_article {
        Some(article) if article.shown => {
            Cow::Owned(EntryBody { format: BodyFormat::Html, text: article.html.clone() })
        }
        _ => Cow::Borrowed(&entry.body),
    }
}
