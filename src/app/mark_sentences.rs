//! The sentences about changes of marks: what was done, and to how many articles.

use std::collections::BTreeSet;

use crate::{
    model::{Change, EntryId, TagMark, TagName},
    text::{LocalNow, capitalize, count_noun, group_thousands, instant_from_seconds},
};

/// Maximum number of different marks in a sentence; the others are counted.
const MAX_PHRASES: usize = 4;

/// Maximum number of tags that one phrase names.
const MAX_TAGS: usize = 3;

/// An effect of a change on its articles.
#[derive(Debug, Clone, PartialEq, Eq)]
enum MarkVerb {
    /// Marked as read or unread.
    Read(bool),
    Starred(bool),
    Hidden,
    Snoozed(i64),
    Unhidden,
    Removed,
    Restored,
    /// Kept for later, for good or until a time.
    Later(Option<i64>),
    Queued(bool),
    MovedInQueue,
    Played(bool),
    /// Tagged, for good or until a time.
    Tagged(Vec<TagName>, Option<i64>),
    Untagged(TagName),
    /// Given a weight by a rule; 0 if it was taken away.
    Weighted(i32),
}

/// A mark that several articles got, ready to be described.
struct MarkPhrase {
    verb: MarkVerb,
    ids: BTreeSet<EntryId>,
}

/// Describes the marks that articles got at once: “Marked 47 articles read and starred 3”. `copies` of
/// the entries are copies of others; how many of each mark are is not known.
pub(super) fn describe_marks(whole: &Change, title: &str, copies: usize, now: LocalNow) -> String {
    let phrases = collect_phrases(whole);
    let all: BTreeSet<EntryId> = whole.all_entry_ids().into_iter().collect();
    let mut words: Vec<String> = Vec::new();
    let mut previous: Option<&BTreeSet<EntryId>> = None;
    for MarkPhrase { verb, ids } in phrases.iter().take(MAX_PHRASES) {
        let is_all = *ids == all;
        let count = ids.len().saturating_sub(if is_all { copies } else { 0 });
        let object = match previous {
            Some(previous) if previous == ids && count == 1 => "it".to_owned(),
            Some(previous) if previous == ids => "them".to_owned(),
            _ if copies > 0 && !is_all => "some articles".to_owned(),
            Some(_) => group_thousands(count as u64),
            None => name_articles(count, title),
        };
        words.push(verb.describe(&object, now));
        previous = Some(ids);
    }
    let left_out = phrases.len().saturating_sub(MAX_PHRASES);
    words.extend((left_out > 0).then(|| format!("changed {}", count_noun(left_out, "other mark"))));
    capitalize(&join_phrases(&words))
}

/// Collects the effects of a change, each verb once, and tags of the same articles together.
fn collect_phrases(whole: &Change) -> Vec<MarkPhrase> {
    let mut phrases: Vec<MarkPhrase> = Vec::new();
    whole.for_each(&mut |part| {
        let Some(verb) = MarkVerb::of(part) else { return };
        match phrases.iter_mut().find(|phrase| phrase.verb == verb) {
            Some(phrase) => phrase.ids.extend(part.entry_ids()),
            None => {
                phrases.push(MarkPhrase { verb, ids: part.entry_ids().iter().copied().collect() });
            }
        }
    });
    phrases.retain(|phrase| !phrase.ids.is_empty());
    let mut merged: Vec<MarkPhrase> = Vec::new();
    for phrase in phrases {
        if let (MarkVerb::Tagged(tags, until), Some(last)) = (&phrase.verb, merged.last_mut())
            && let MarkVerb::Tagged(known, known_until) = &mut last.verb
            && known_until == until
            && last.ids == phrase.ids
        {
            known.extend_from_slice(tags);
        } else {
            merged.push(phrase);
        }
    }
    merged
}

impl MarkVerb {
    /// Returns the effect of a part of a change; `None` for one that is no mark.
    fn of(part: &Change) -> Option<MarkVerb> {
        Some(match part {
            Change::Read { read, .. } => MarkVerb::Read(*read),
            Change::Starred { starred, .. } => MarkVerb::Starred(*starred),
            Change::Tagged { tag, after, .. } => match (after.is_on(), after) {
                (true, TagMark::Until(at)) if tag.is_hidden() => MarkVerb::Snoozed(*at),
                (true, _) if tag.is_hidden() => MarkVerb::Hidden,
                (false, _) if tag.is_hidden() => MarkVerb::Unhidden,
                (true, _) if tag.is_removed() => MarkVerb::Removed,
                (false, _) if tag.is_removed() => MarkVerb::Restored,
                (true, mark) if tag.is_later() => MarkVerb::Later(mark.until()),
                // The mark goes with reading the article again.
                (is_on, _) if tag.is_unseen_edit() => MarkVerb::Read(!is_on),
                (is_on, _) if tag.is_queue() => MarkVerb::Queued(is_on),
                (is_on, _) if tag.is_played() => MarkVerb::Played(is_on),
                (true, mark) => MarkVerb::Tagged(vec![tag.clone()], mark.until()),
                (false, _) => MarkVerb::Untagged(tag.clone()),
            },
            // Entries that leave the queue lose their places with the tag.
            Change::Queue { places, .. } if places.iter().any(|place| place.after.is_some()) => {
                MarkVerb::MovedInQueue
            }
            Change::Weighted { after, .. } => MarkVerb::Weighted(*after),
            _ => return None,
        })
    }

    /// Describes what is done to `object`, without a capital.
    fn describe(&self, object: &str, now: LocalNow) -> String {
        let end = |until: Option<i64>| {
            let at = until.and_then(instant_from_seconds);
            at.map_or_else(String::new, |at| format!(" until {}", now.format_end(at)))
        };
        match self {
            MarkVerb::Read(true) => format!("marked {object} read"),
            MarkVerb::Read(false) => format!("marked {object} unread"),
            MarkVerb::Starred(true) => format!("starred {object}"),
            MarkVerb::Starred(false) => format!("unstarred {object}"),
            MarkVerb::Hidden => format!("hid {object}"),
            MarkVerb::Snoozed(until) => format!("snoozed {object}{}", end(Some(*until))),
            MarkVerb::Unhidden => format!("unhid {object}"),
            MarkVerb::Removed => format!("moved {object} to the trash"),
            MarkVerb::Restored => format!("took {object} out of the trash"),
            MarkVerb::Later(until) => format!("kept {object} for later{}", end(*until)),
            MarkVerb::Queued(true) => format!("queued {object}"),
            MarkVerb::Queued(false) => format!("took {object} off the queue"),
            MarkVerb::MovedInQueue => format!("moved {object} in the queue"),
            MarkVerb::Played(true) => format!("marked {object} played"),
            MarkVerb::Played(false) => format!("marked {object} unplayed"),
            MarkVerb::Tagged(tags, until) => {
                let names: Vec<&str> = tags.iter().take(MAX_TAGS).map(TagName::as_str).collect();
                let more = tags.len().saturating_sub(MAX_TAGS);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("tagged {object} {}{more}{}", names.join(", "), end(*until))
            }
            MarkVerb::Untagged(tag) => format!("took the tag {tag} off {object}"),
            MarkVerb::Weighted(0) => format!("took the weight off {object}"),
            MarkVerb::Weighted(weight) => format!("gave {object} a weight of {weight:+}"),
        }
    }
}

/// Joins phrases: “a, b and c”.
fn join_phrases(phrases: &[String]) -> String {
    match phrases {
        [] => "changed nothing".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Returns `fact` with its first letter in lower case, to follow a colon.
pub(super) fn uncapitalize(fact: &str) -> String {
    let mut chars = fact.chars();
    let first = chars.next().into_iter().flat_map(char::to_lowercase);
    first.chain(chars).collect()
}

/// Returns the title of one article in quotation marks, or the number of several.
pub(super) fn name_articles(count: usize, title: &str) -> String {
    if count == 1 && !title.is_empty() {
        format!("“{title}”")
    } else {
        count_noun(count, "article")
    }
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, TimeZone, Utc};

    use super::*;

    /// Noon of Monday, 23 November 2026, one hour east of UTC.
    fn now() -> LocalNow {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 11, 0, 0).unwrap();
        LocalNow { at, zone: FixedOffset::east_opt(3600).unwrap().into() }
    }

    fn ids(range: std::ops::Range<i64>) -> Vec<EntryId> {
        range.map(EntryId).collect()
    }

    fn tag(name: &str) -> TagName {
        TagName::parse(name).unwrap()
    }

    #[test]
    fn sentence_names_each_mark_and_how_many_articles_got_it() {
        let tagged = |name: &str, range| Change::set_tag(&ids(range), tag(name), TagMark::On);
        let until = Change::Tagged {
            tag: TagName::hidden(),
            ids: ids(3..4),
            before: TagMark::On,
            after: TagMark::Until(9),
        };
        for (parts, title, copies, expected) in [
            (
                vec![Change::set_read(&ids(0..47), true), Change::set_starred(&ids(0..3), true)],
                "",
                0,
                "Marked 47 articles read and starred 3",
            ),
            (
                vec![tagged("b", 1..2), Change::set_read(&ids(1..2), true)],
                "The bridge",
                0,
                "Tagged “The bridge” b and marked it read",
            ),
            (
                vec![tagged("a", 0..2), tagged("b", 0..2), tagged("c", 0..2), tagged("d", 0..2)],
                "",
                0,
                "Tagged 2 articles a, b, c and 1 more",
            ),
            // Articles that had different marks before got the same one.
            (
                vec![Change::set_tag(&ids(0..3), TagName::hidden(), TagMark::Until(9)), until],
                "",
                0,
                "Snoozed 4 articles until Thu 1 Jan 1970 01:00",
            ),
            // 9:00 on Friday, and midnight before Saturday.
            (
                vec![
                    Change::set_tag(&ids(0..2), tag("a"), TagMark::Until(1_795_766_400)),
                    Change::set_tag(&ids(0..2), tag("b"), TagMark::Until(1_795_766_400)),
                    Change::set_tag(&ids(0..2), tag("c"), TagMark::On),
                    Change::set_tag(&ids(0..1), TagName::later(), TagMark::Until(1_795_820_400)),
                ],
                "",
                0,
                "Tagged 2 articles a, b until Fri 27 Nov 09:00, tagged them c and kept 1 for later until \
                 Sat 28 Nov",
            ),
            (
                vec![Change::set_read(&ids(0..4), false), Change::set_starred(&ids(0..4), false)],
                "",
                2,
                "Marked 2 articles unread and unstarred them",
            ),
            (
                vec![Change::set_read(&ids(0..4), true), Change::set_starred(&ids(0..2), true)],
                "",
                2,
                "Marked 2 articles read and starred some articles",
            ),
            (
                vec![
                    Change::set_read(&ids(0..4), true),
                    Change::set_starred(&ids(0..1), true),
                    tagged("later", 0..2),
                    Change::set_tag(&ids(0..2), tag("x"), TagMark::Off),
                    Change::remove_entries(&ids(0..2), chrono::DateTime::UNIX_EPOCH),
                    tagged("hidden", 0..2),
                ],
                "",
                0,
                "Marked 4 articles read, starred 1, kept 2 for later, took the tag x off them and \
                 changed 2 other marks",
            ),
        ] {
            assert_eq!(describe_marks(&Change::Many(parts), title, copies, now()), expected);
        }
    }
}
