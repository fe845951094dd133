//! Changes made by the user, as data that the store applies, records in the journal, and undoes.

use chrono::DateTime;
use serde::{Deserialize, Serialize};

use super::{
    Entry, EntryId, EntryState, EntryTag, FeedDefinition, FeedId, RuleText, StoryLink,
    Subscription, TagMark, TagName, View,
};

/// A change made by the user. The journal stores it as JSON.
///
/// Applying a change twice has the same effect as applying it once; applying its
/// [inverse](Change::inverse) restores the state before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Entries were marked as read or unread.
    Read {
        /// Ids of the entries.
        ids: Vec<EntryId>,
        /// The new state.
        read: bool,
    },
    /// Entries were starred or unstarred.
    Starred {
        /// Ids of the entries.
        ids: Vec<EntryId>,
        /// The new state.
        starred: bool,
    },
    /// Entries got a tag or lost it, or have it until another time.
    Tagged {
        /// The tag.
        tag: TagName,
        /// Ids of the entries.
        ids: Vec<EntryId>,
        /// The mark of the entries before the change. Ignored where a change is new: the library
        /// knows the marks, and makes a change of each if they differ.
        before: TagMark,
        /// The mark of the entries after the change.
        after: TagMark,
    },
    /// Episodes were moved in the queue, or left it.
    Queue {
        /// Ids of the entries that the user moved, or that left.
        ids: Vec<EntryId>,
        /// The places that have changed, those of other entries included.
        places: Vec<QueuePlace>,
    },
    /// A feed was unsubscribed or subscribed again.
    #[serde(rename = "gone")]
    Unsubscribed {
        /// Id of the feed.
        feed: FeedId,
        /// The new state.
        #[serde(rename = "gone")]
        unsubscribed: bool,
    },
    /// The subscription of a feed was edited.
    Subscription {
        /// Id of the feed.
        feed: FeedId,
        /// The subscription before the change.
        before: Box<Subscription>,
        /// The subscription after the change.
        after: Box<Subscription>,
    },
    /// The user gave a feed another URL, and perhaps other settings.
    Address {
        /// Id of the feed.
        feed: FeedId,
        /// The feed before the change.
        before: Box<FeedDefinition>,
        /// The feed after the change.
        after: Box<FeedDefinition>,
    },
    /// The publisher moved the feed to another URL.
    Moved {
        /// Id of the feed.
        feed: FeedId,
        /// The URL before the change.
        from: String,
        /// The URL after the change.
        to: String,
    },
    /// A view was added, edited, moved, hidden or removed.
    View {
        /// The view before the change; `None` for one that was added.
        before: Option<Box<View>>,
        /// The view after the change; `None` for one that was removed.
        after: Option<Box<View>>,
    },
    /// A rule was added, edited or removed. The change is one of the file of rules.
    Rule {
        /// The rule before the change; `None` for one that was added.
        before: Option<Box<RuleText>>,
        /// The rule after the change; `None` for one that was removed.
        after: Option<Box<RuleText>>,
    },
    /// A filter was saved or deleted, by a version of the program in which views were filters.
    SavedFilter {
        /// The text of the filter.
        text: String,
        /// The new state.
        saved: bool,
        /// Time at which the filter was saved, in milliseconds since 1970: saved filters were listed
        /// in this order. `None` for a change without effect.
        at: Option<i64>,
    },
    /// Articles were dropped from the trash, which cannot be undone.
    Dropped {
        /// Number of articles.
        count: usize,
    },
    /// New articles came with an import. What is undone of them is in the changes beside it: the
    /// subscriptions to their feeds, or else the mark of the trash.
    Imported {
        /// Number of articles.
        count: usize,
    },
    /// A rule gave articles a weight, or took it away.
    Weighted {
        /// The name of the rule.
        rule: String,
        /// Ids of the entries.
        ids: Vec<EntryId>,
        /// The rule's part of their weights before the change. Ignored where a change is new, as in
        /// [`Change::Tagged`].
        before: i32,
        /// The rule's part of their weights after the change.
        after: i32,
    },
    /// An article was put into the story of others, or taken out of it.
    StoryLinked {
        /// The article.
        entry: EntryId,
        /// The others, of which there may be none if nothing has changed.
        others: Vec<EntryId>,
        /// The choice before the change. Ignored where a change is new, as in [`Change::Tagged`].
        before: StoryLink,
        /// The choice after the change.
        after: StoryLink,
    },
    /// Several changes that are applied in order and undone together.
    Many(Vec<Change>),
}

/// A place in the queue, before and after a change; `None` for an entry that follows those with a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePlace {
    /// The entry.
    pub entry: EntryId,
    /// The place before the change, from 0. Ignored where a change is new: the library knows the places.
    pub before: Option<u32>,
    /// The place after the change.
    pub after: Option<u32>,
}

impl QueuePlace {
    /// Returns the change back.
    #[must_use]
    pub fn inverse(self) -> QueuePlace {
        QueuePlace { before: self.after, after: self.before, ..self }
    }
}

impl Change {
    /// Returns the change that undoes this one.
    #[must_use]
    pub fn inverse(&self) -> Change {
        match self.clone() {
            Change::Read { ids, read } => Change::Read { ids, read: !read },
            Change::Starred { ids, starred } => Change::Starred { ids, starred: !starred },
            Change::Tagged { tag, ids, before, after } => {
                Change::Tagged { tag, ids, before: after, after: before }
            }
            Change::Queue { ids, places } => {
                // An episode and its copy may both have been moved, each with the other.
                let places = places.into_iter().rev().map(QueuePlace::inverse).collect();
                Change::Queue { ids, places }
            }
            Change::Unsubscribed { feed, unsubscribed } => {
                Change::Unsubscribed { feed, unsubscribed: !unsubscribed }
            }
            Change::Subscription { feed, before, after } => {
                Change::Subscription { feed, before: after, after: before }
            }
            Change::Address { feed, before, after } => {
                Change::Address { feed, before: after, after: before }
            }
            Change::Moved { feed, from, to } => Change::Moved { feed, from: to, to: from },
            Change::View { before, after } => Change::View { before: after, after: before },
            Change::Rule { before, after } => Change::Rule { before: after, after: before },
            Change::SavedFilter { text, saved, at } => {
                Change::SavedFilter { text, saved: !saved, at }
            }
            Change::Dropped { count } => Change::Dropped { count },
            Change::Imported { count } => Change::Imported { count },
            Change::StoryLinked { entry, others, before, after } => {
                Change::StoryLinked { entry, others, before: after, after: before }
            }
            Change::Weighted { rule, ids, before, after } => {
                Change::Weighted { rule, ids, before: after, after: before }
            }
            Change::Many(changes) => {
                Change::Many(changes.iter().rev().map(Change::inverse).collect())
            }
        }
    }

    /// Creates a [`Change::Read`] of `ids`.
    pub fn set_read(ids: &[EntryId], read: bool) -> Change {
        Change::Read { ids: ids.to_vec(), read }
    }

    /// Creates a [`Change::Starred`] of `ids`.
    pub fn set_starred(ids: &[EntryId], starred: bool) -> Change {
        Change::Starred { ids: ids.to_vec(), starred }
    }

    /// Creates a [`Change::Tagged`] that gives `ids` a mark.
    pub fn set_tag(ids: &[EntryId], tag: TagName, after: TagMark) -> Change {
        let before = if after.is_on() { TagMark::Off } else { TagMark::On };
        Change::Tagged { tag, ids: ids.to_vec(), before, after }
    }

    /// Creates a [`Change::Queue`] that moves `ids`, so that the queue is in `order`.
    pub fn order_queue(ids: &[EntryId], order: &[EntryId]) -> Change {
        let to_place = |(place, entry): (u32, &EntryId)| QueuePlace {
            entry: *entry,
            before: None,
            after: Some(place),
        };
        Change::Queue { ids: ids.to_vec(), places: (0..).zip(order).map(to_place).collect() }
    }

    /// Creates a [`Change::Subscription`] of `feed`.
    pub fn set_subscription(feed: FeedId, before: Subscription, after: Subscription) -> Change {
        Change::Subscription { feed, before: Box::new(before), after: Box::new(after) }
    }

    /// Returns whether the change is one of read marks, stars, tags, weights or the order of the queue.
    pub fn marks_entries(&self) -> bool {
        match self {
            Change::Read { .. }
            | Change::Starred { .. }
            | Change::Tagged { .. }
            | Change::Weighted { .. }
            | Change::Queue { .. } => true,
            Change::Many(changes) => changes.iter().all(Change::marks_entries),
            Change::Unsubscribed { .. }
            | Change::Subscription { .. }
            | Change::Address { .. }
            | Change::Moved { .. }
            | Change::View { .. }
            | Change::Rule { .. }
            | Change::SavedFilter { .. }
            | Change::Dropped { .. }
            | Change::Imported { .. }
            | Change::StoryLinked { .. } => false,
        }
    }

    /// Returns whether the change concerns feeds, so that any list may have to be loaded again.
    pub fn affects_feeds(&self) -> bool {
        match self {
            Change::Read { .. }
            | Change::Starred { .. }
            | Change::Tagged { .. }
            | Change::Weighted { .. }
            | Change::Queue { .. }
            | Change::View { .. }
            | Change::Rule { .. }
            | Change::SavedFilter { .. }
            | Change::Dropped { .. }
            | Change::Imported { .. }
            | Change::StoryLinked { .. } => false,
            Change::Unsubscribed { .. }
            | Change::Subscription { .. }
            | Change::Address { .. }
            | Change::Moved { .. } => true,
            Change::Many(changes) => changes.iter().any(Change::affects_feeds),
        }
    }

    /// Returns whether the change concerns rules, and so their file.
    pub fn affects_rules(&self) -> bool {
        match self {
            Change::Many(changes) => changes.iter().any(Change::affects_rules),
            change => matches!(change, Change::Rule { .. }),
        }
    }

    /// Returns whether the change is one of weights, so that a list may be in another order after it.
    pub fn changes_weights(&self) -> bool {
        match self {
            Change::Many(changes) => changes.iter().any(Change::changes_weights),
            change => matches!(change, Change::Weighted { .. }),
        }
    }

    /// Returns this change followed by `other`. Parts that give the same mark become one.
    #[must_use]
    pub fn merge(&self, other: &Change) -> Change {
        let mut parts: Vec<Change> = Vec::new();
        for change in [self, other] {
            change.for_each(&mut |part| {
                if !parts.iter_mut().any(|known| known.absorb(part)) {
                    parts.push(part.clone());
                }
            });
        }
        if parts.len() == 1 { parts.remove(0) } else { Change::Many(parts) }
    }

    /// Adds the entries of `other` if it gives the same mark. Returns whether it does.
    fn absorb(&mut self, other: &Change) -> bool {
        let (ids, more) = match (self, other) {
            (Change::Read { ids, read }, Change::Read { ids: more, read: other })
                if *read == *other =>
            {
                (ids, more)
            }
            (Change::Starred { ids, starred }, Change::Starred { ids: more, starred: other })
                if *starred == *other =>
            {
                (ids, more)
            }
            (
                Change::Tagged { tag, ids, before, after },
                Change::Tagged { tag: other, ids: more, before: old, after: new },
            ) if *tag == *other && (*before, *after) == (*old, *new) => (ids, more),
            (
                Change::Weighted { rule, ids, before, after },
                Change::Weighted { rule: other, ids: more, before: old, after: new },
            ) if *rule == *other && (*before, *after) == (*old, *new) => (ids, more),
            _ => return false,
        };
        ids.extend_from_slice(more);
        true
    }

    /// Calls `visit` with the change, or with each of several.
    pub fn for_each<'c>(&'c self, visit: &mut dyn FnMut(&'c Change)) {
        match self {
            Change::Many(changes) => changes.iter().for_each(|change| change.for_each(visit)),
            change => visit(change),
        }
    }

    /// Returns whether a part of the change is a choice about stories.
    pub fn links_stories(&self) -> bool {
        let mut links = false;
        self.for_each(&mut |change| links |= matches!(change, Change::StoryLinked { .. }));
        links
    }

    /// Returns the entries that a change of marks lists; empty for other changes.
    pub fn entry_ids(&self) -> &[EntryId] {
        match self {
            Change::Read { ids, .. }
            | Change::Starred { ids, .. }
            | Change::Tagged { ids, .. }
            | Change::Weighted { ids, .. }
            | Change::Queue { ids, .. } => ids,
            Change::Unsubscribed { .. }
            | Change::Subscription { .. }
            | Change::Address { .. }
            | Change::Moved { .. }
            | Change::View { .. }
            | Change::Rule { .. }
            | Change::SavedFilter { .. }
            | Change::Dropped { .. }
            | Change::Imported { .. }
            | Change::StoryLinked { .. }
            | Change::Many(_) => &[],
        }
    }

    /// Returns the entries that a change of marks, or any part of it, lists, in ascending order.
    pub fn all_entry_ids(&self) -> Vec<EntryId> {
        let mut ids: Vec<EntryId> = Vec::new();
        self.for_each(&mut |change| ids.extend(change.entry_ids()));
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Applies the change to one of its entries.
    pub fn update_entry(&self, entry: &mut Entry) {
        self.update_state(&mut entry.state);
        self.update_tags(&mut entry.tags);
        if let Change::Tagged { tag, after, .. } = self
            && tag.is_removed()
        {
            entry.dropped_at = after.until().and_then(|at| DateTime::from_timestamp(at, 0));
        }
    }

    /// Applies the change to the state of one of its entries.
    pub fn update_state(&self, state: &mut EntryState) {
        match self {
            Change::Read { read, .. } => state.read = *read,
            Change::Starred { starred, .. } => state.starred = *starred,
            Change::Tagged { tag, after, .. } if tag.is_hidden() => {
                state.hidden = after.is_on();
            }
            Change::Tagged { tag, after, .. } if tag.is_removed() => {
                state.removed = after.is_on();
            }
            Change::Tagged { .. }
            | Change::Weighted { .. }
            | Change::Queue { .. }
            | Change::Unsubscribed { .. }
            | Change::Subscription { .. }
            | Change::Address { .. }
            | Change::Moved { .. }
            | Change::View { .. }
            | Change::Rule { .. }
            | Change::SavedFilter { .. }
            | Change::Dropped { .. }
            | Change::Imported { .. }
            | Change::StoryLinked { .. }
            | Change::Many(_) => {}
        }
    }

    /// Applies the change to the tags of one of its entries. A tag of the user's that the entry gets
    /// is left out: only the library knows its colour.
    fn update_tags(&self, tags: &mut Vec<EntryTag>) {
        let Change::Tagged { tag, after, .. } = self else { return };
        let key = tag.key();
        let known = tags.iter().position(|known| known.name.key() == key);
        match (known, after.is_on()) {
            (Some(at), true) => tags[at].until = after.until(),
            (Some(at), false) => drop(tags.remove(at)),
            (None, true) => tags.extend(EntryTag::reserved(&key, after.until())),
            (None, false) => {}
        }
    }

    /// Returns whether the change puts tags on entries or takes them off.
    pub fn tags_entries(&self) -> bool {
        match self {
            Change::Many(changes) => changes.iter().any(Change::tags_entries),
            change => matches!(change, Change::Tagged { .. }),
        }
    }

    /// Returns whether the change moves episodes in the queue.
    pub fn orders_queue(&self) -> bool {
        match self {
            Change::Many(changes) => changes.iter().any(Change::orders_queue),
            change => matches!(change, Change::Queue { .. }),
        }
    }

    /// Creates a [`Change::Unsubscribed`] of `feed`.
    pub fn set_unsubscribed(feed: FeedId, unsubscribed: bool) -> Change {
        Change::Unsubscribed { feed, unsubscribed }
    }

    /// Creates a [`Change::StoryLinked`] that states whether an article is in the story of others.
    pub fn link_story(entry: EntryId, others: &[EntryId], after: StoryLink) -> Change {
        Change::StoryLinked { entry, others: others.to_vec(), before: StoryLink::None, after }
    }

    /// Creates a [`Change::View`] that adds a view.
    pub fn add_view(view: View) -> Change {
        Change::View { before: None, after: Some(Box::new(view)) }
    }

    /// Creates a [`Change::View`] that edits or moves a view.
    pub fn edit_view(before: View, after: View) -> Change {
        Change::View { before: Some(Box::new(before)), after: Some(Box::new(after)) }
    }

    /// Creates a [`Change::View`] that removes a view.
    pub fn remove_view(view: View) -> Change {
        Change::View { before: Some(Box::new(view)), after: None }
    }
}

/// The result of a change, an undo or a redo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedChange {
    /// The change that was applied. A new change lists only the entries whose state really changed.
    pub change: Change,
    /// The title of the entry or the name of the feed; `None` for several.
    pub title: Option<String>,
    /// Number of the changed entries that are copies of others among them: one article is one change to
    /// the user.
    pub copies: usize,
}

impl AppliedChange {
    /// Returns the number of articles whose marks the change has changed; one that got several tags, or
    /// that has copies, is counted once.
    pub fn changed_entry_count(&self) -> usize {
        self.change.all_entry_ids().len().saturating_sub(self.copies)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Change, EntryId, FeedDefinition, FeedId, RuleText, StoryLink, Subscription, TagMark,
        TagName, View,
    };
    use crate::model::FeedNetwork;

    #[test]
    fn change_keeps_the_spelling_of_journal_rows() {
        for (change, row) in [
            (
                Change::set_read(&[EntryId(1), EntryId(2)], true),
                r#"{"read":{"ids":[1,2],"read":true}}"#,
            ),
            (
                Change::set_tag(&[EntryId(7)], TagName::later(), TagMark::Until(60)),
                r#"{"tagged":{"tag":"later","ids":[7],"before":"off","after":{"until":60}}}"#,
            ),
            (
                Change::order_queue(&[EntryId(7)], &[EntryId(7)]),
                r#"{"queue":{"ids":[7],"places":[{"entry":7,"before":null,"after":0}]}}"#,
            ),
            (Change::set_unsubscribed(FeedId(3), true), r#"{"gone":{"feed":3,"gone":true}}"#),
            (
                Change::Moved { feed: FeedId(3), from: "a".to_owned(), to: "b".to_owned() },
                r#"{"moved":{"feed":3,"from":"a","to":"b"}}"#,
            ),
            (
                Change::link_story(EntryId(3), &[EntryId(4)], StoryLink::Different),
                r#"{"story-linked":{"entry":3,"others":[4],"before":"none","after":"different"}}"#,
            ),
            (
                Change::SavedFilter { text: "rust".to_owned(), saved: true, at: Some(0) },
                r#"{"saved-filter":{"text":"rust","saved":true,"at":0}}"#,
            ),
            (
                Change::add_view(View::new("Rust", "rust", &[])),
                r#"{"view":{"before":null,"after":{"id":0,"name":"Rust","query":"rust","order":"newest","grouping":"none","hidden":false,"position":0}}}"#,
            ),
            (
                Change::Rule {
                    before: None,
                    after: Some(Box::new(RuleText {
                        name: "A".to_owned(),
                        text: "[[rule]]\n".to_owned(),
                        line: 3,
                    })),
                },
                r#"{"rule":{"before":null,"after":{"name":"A","text":"[[rule]]\n","line":3}}}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&change).unwrap(), row);
            assert_eq!(serde_json::from_str::<Change>(row).unwrap(), change);
        }
    }

    #[test]
    fn change_of_address_keeps_its_spelling() {
        let definition = |url: &str, network: FeedNetwork| {
            Box::new(FeedDefinition {
                url: url.to_owned(),
                network,
                subscription: Subscription::default(),
            })
        };
        let origin = "http://nas".to_owned();
        let before = definition("http://nas/feed", FeedNetwork::Private { origin });
        let after = definition("https://a.example/", FeedNetwork::Unknown);
        let change = Change::Address { feed: FeedId(3), before, after };
        let row = serde_json::to_string(&change).unwrap();
        let network = r#""network":{"private":{"origin":"http://nas"}},"subscription":{"#;
        let start =
            format!(r#"{{"address":{{"feed":3,"before":{{"url":"http://nas/feed",{network}"#);
        assert!(row.starts_with(&start), "{row}");
        assert!(
            row.contains(r#""after":{"url":"https://a.example/","network":"unknown""#),
            "{row}"
        );
        assert_eq!(serde_json::from_str::<Change>(&row).unwrap(), change);
        assert_eq!(change.inverse().inverse(), change);
    }
}
