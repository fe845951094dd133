//! The sentences about the history of an article: its marks with their causes, and what was done.

use chrono::{DateTime, Utc};

use super::describe_recorded_change;
use crate::{
    model::{Actor, Change, EntryHistory, EntryTag, PastAct, RecordedAct, StoryExplanation},
    text::{LocalNow, count_noun, instant_from_seconds},
};

/// A mark that an article has, and who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkReason {
    /// The mark is a tag.
    pub is_tag: bool,
    /// The mark: a tag, or a word such as `starred`.
    pub mark: String,
    /// The time at which the mark ends.
    pub until: Option<DateTime<Utc>>,
    /// The one who gave it, if that is known.
    pub by: Option<Actor>,
}

/// A function that returns whether a change gives a mark.
type IsCause = fn(&Change) -> bool;

/// Returns the marks of an article, with those who gave them; the tags first, among which is `hidden`.
pub fn mark_reasons(history: &EntryHistory) -> Vec<MarkReason> {
    let state = history.entry.state;
    let words: [(bool, &str, IsCause); 3] = [
        (state.read, "read", |part| matches!(part, Change::Read { read: true, .. })),
        (state.starred, "starred", |part| matches!(part, Change::Starred { starred: true, .. })),
        (
            state.removed,
            "in the trash",
            |part| matches!(part, Change::Tagged { tag, after, .. } if tag.is_removed() && after.is_on()),
        ),
    ];
    let states =
        words.into_iter().filter(|(is_set, ..)| *is_set).map(|(_, word, is_cause)| MarkReason {
            is_tag: false,
            mark: word.to_owned(),
            until: history.entry.dropped_at.filter(|_| word == "in the trash"),
            by: history.find_cause(is_cause),
        });
    let tags = history.entry.tags.iter().map(|tag| tag_reason(history, tag));
    tags.chain(states).collect()
}

fn tag_reason(history: &EntryHistory, tag: &EntryTag) -> MarkReason {
    let key = tag.name.key();
    let is_cause = |part: &Change| matches!(part, Change::Tagged { tag, after, .. } if tag.key() == key && after.is_on());
    MarkReason {
        is_tag: true,
        mark: tag.name.as_str().to_owned(),
        until: tag.until.and_then(instant_from_seconds),
        by: history.find_cause(is_cause),
    }
}

/// Returns a mark with its reason as a sentence without a full stop: `Hidden until Fri by the rule
/// Sport`.
pub fn mark_sentence(
    reason: &MarkReason,
    format_until: &dyn Fn(DateTime<Utc>) -> String,
) -> String {
    let mark = match reason.mark.as_str() {
        "hidden" if reason.is_tag => "Hidden".to_owned(),
        "later" if reason.is_tag => "Kept for later".to_owned(),
        "queue" if reason.is_tag => "Queued".to_owned(),
        "played" if reason.is_tag => "Played".to_owned(),
        tag if reason.is_tag => format!("Tagged {tag}"),
        "read" => "Read".to_owned(),
        "starred" => "Starred".to_owned(),
        _ => "In the trash".to_owned(),
    };
    let until = reason.until.map_or_else(String::new, |at| format!(" until {}", format_until(at)));
    let by = reason.by.as_ref().map_or_else(String::new, |by| format!(", by {}", name_actor(by)));
    format!("{mark}{until}{by}")
}

/// Returns why an article is in its story, as a sentence without a full stop: `In a story with 2 other articles; shares
/// oracle · peoplesoft with “Oracle raises its offer”`.
pub fn story_sentence(story: &StoryExplanation) -> String {
    let StoryExplanation { others, nearest_title, words, is_chosen, .. } = story;
    let others = count_noun(others.len(), "other article");
    if *is_chosen {
        return format!("In a story with {others}, by you");
    }
    let words = words.join(" · ");
    let shared =
        if words.is_empty() { "is nearest to".to_owned() } else { format!("shares {words} with") };
    format!("In a story with {others}; {shared} “{nearest_title}”")
}

/// Returns the name of an actor as it follows "by".
fn name_actor(actor: &Actor) -> String {
    match actor {
        Actor::User => "you".to_owned(),
        Actor::Opening => "opening it".to_owned(),
        Actor::Rule(name) => format!("the rule {name}"),
        Actor::Import => "an import".to_owned(),
        Actor::Refresh => "a refresh".to_owned(),
        Actor::Sync => "a sync".to_owned(),
        Actor::Copy => "a copy of it".to_owned(),
        Actor::Retention => "the setting library.keep".to_owned(),
        Actor::Unknown => "another version of the program".to_owned(),
    }
}

/// Returns what was done to an article as a sentence without a full stop; of a rule, its actions.
pub fn describe_past_act(act: &PastAct, now: LocalNow) -> String {
    match act {
        PastAct::Rule { act: RecordedAct { actions, is_current, .. }, .. } => {
            let earlier = if *is_current { "" } else { " (on an earlier version)" };
            let undone = if act.is_undone() { "Undone: " } else { "" };
            format!("{undone}{actions}{earlier}")
        }
        PastAct::Change(change) => describe_recorded_change(change, now).sentence,
    }
}
