//! The sentences about changes of the user, for notices and for the command line.

use super::{
    ChangeAction, JournalRow,
    import_sentence::describe_import,
    mark_sentences::{describe_marks, uncapitalize},
};
use crate::{
    model::{
        AppliedChange, Change, EntryId, Failure, FailureKind, RecordedChange, RuleText, StoryLink,
        Subscription, View,
    },
    text::{LocalNow, count_noun, redact_user_info},
};

/// Describes a change that was made, undone or redone; `None` if there was none. To undo a change, its
/// inverse is applied; the sentence is about the change that was undone.
pub fn describe_action(
    action: ChangeAction,
    done: Option<&AppliedChange>,
    now: LocalNow,
) -> String {
    let Some(done) = done else {
        return match action {
            ChangeAction::Applied | ChangeAction::Opened => "Nothing to change".to_owned(),
            ChangeAction::Undone => "Nothing to undo".to_owned(),
            ChangeAction::Redone => "Nothing to redo".to_owned(),
        };
    };
    let title = done.title.as_deref().unwrap_or_default();
    match action {
        ChangeAction::Applied | ChangeAction::Opened => {
            describe_change(&done.change, (title, done.copies), now)
        }
        ChangeAction::Undone => describe_undone(&done.change.inverse(), (title, done.copies), now),
        ChangeAction::Redone => {
            let sentence = describe_change(&done.change, (title, done.copies), now);
            format!("Redone: {}", uncapitalize(&sentence))
        }
    }
}

/// Describes articles that a step through the journal could not put back.
pub fn describe_dropped(count: usize) -> String {
    let (stay, were) = if count == 1 { ("stays", "was") } else { ("stay", "were") };
    format!("{} that {were} dropped from the trash {stay} gone", count_noun(count, "article"))
}

/// Describes the change that the step after one on a lost change will be about.
pub fn describe_next_step(
    action: ChangeAction,
    next: Option<&AppliedChange>,
    now: LocalNow,
) -> String {
    let step = if action == ChangeAction::Redone { "redo" } else { "undo" };
    match next {
        Some(next) => {
            let sentence = describe_action(action, Some(next), now);
            let change = sentence.split_once(": ").map_or(&*sentence, |(_, change)| change);
            format!("The next {step} is about: {change}")
        }
        None => format!("There is nothing else to {step}"),
    }
}

/// Describes articles and feeds that a step through the journal left alone, because a server has changed
/// them since.
pub fn describe_changed_since(count: usize) -> String {
    let (stay, were) = if count == 1 { ("stays", "was") } else { ("stay", "were") };
    format!("{count} that {were} changed on the server since {stay} so")
}

/// Returns the failure of a step through the journal that was refused because of `problem`.
pub fn refusal_failure(action: ChangeAction, problem: &str) -> Failure {
    let step = if action == ChangeAction::Redone { "redo" } else { "undo" };
    Failure::new(FailureKind::Library, format!("Cannot {step} the change: {problem}"))
}

fn describe_undone(change: &Change, object: (&str, usize), now: LocalNow) -> String {
    format!("Undone: {}", uncapitalize(&describe_change(change, object, now)))
}

/// Returns a change of the journal as a row in words.
pub fn describe_recorded_change(recorded: &RecordedChange, now: LocalNow) -> JournalRow {
    let sentence = match &recorded.change {
        Some(AppliedChange { change, title, copies }) => {
            let describe = if recorded.is_undone { describe_undone } else { describe_change };
            let title = title.as_deref().unwrap_or_default();
            redact_user_info(&describe(change, (title, *copies), now)).into_owned()
        }
        None => "A change that this version of newsreader cannot read".to_owned(),
    };
    // That a change is lost is known without a refusal.
    let refusal = recorded.refusal.as_ref().filter(|_| !recorded.is_lost);
    let is_of_rules = recorded.change.as_ref().is_some_and(|done| done.change.affects_rules());
    let refused = refusal.map_or_else(String::new, |_| {
        let step = if recorded.is_undone { "redone" } else { "undone" };
        let reason =
            if is_of_rules { "rules.toml was edited" } else { "changed on the server since" };
        format!(" (cannot be {step}: {reason})")
    });
    JournalRow {
        id: recorded.id,
        at: recorded.at,
        actor: recorded.actor.clone(),
        sentence: sentence + &refused,
        is_readable: recorded.change.is_some(),
        is_undone: recorded.is_undone,
        is_lost: recorded.is_lost,
        refusal: recorded.refusal.clone(),
    }
}

/// Describes a change of the entry or feed called `title`, or of several entries in what is called so.
/// `copies` of the entries are copies of others, and are not counted.
fn describe_change(change: &Change, (title, copies): (&str, usize), now: LocalNow) -> String {
    let count = |ids: &[EntryId]| ids.len().saturating_sub(copies);
    match change {
        Change::Read { ids, read } => {
            let state = if *read { "read" } else { "unread" };
            match count(ids) {
                1 if !title.is_empty() => format!("Marked {state} “{title}”"),
                count if !title.is_empty() => {
                    format!("{} in {title} marked {state}", count_noun(count, "article"))
                }
                count => format!("{} marked {state}", count_noun(count, "article")),
            }
        }
        Change::Starred { ids, starred } => {
            let verb = if *starred { "Starred" } else { "Unstarred" };
            match count(ids) {
                1 if !title.is_empty() => format!("{verb} “{title}”"),
                count => format!("{verb} {}", count_noun(count, "article")),
            }
        }
        Change::Tagged { .. } | Change::Queue { .. } | Change::Weighted { .. } => {
            describe_marks(change, title, copies, now)
        }
        Change::Unsubscribed { unsubscribed: true, .. } => format!("Unsubscribed from {title}"),
        Change::Unsubscribed { unsubscribed: false, .. } => format!("Subscribed to {title}"),
        Change::Subscription { before, after, .. } => {
            format!("{} {title}", subscription_verb(before, after))
        }
        Change::Address { before, after, .. } => {
            let had_login = before.subscription.fetch.has_credentials();
            let lost = if had_login && !after.subscription.fetch.has_credentials() {
                ", without the login for the old one"
            } else {
                ""
            };
            format!("Changed the address of {title} to {}{lost}", after.url)
        }
        Change::Moved { to, .. } => format!("Moved {title} to {to}"),
        Change::View { before, after } => describe_view_change(before.as_deref(), after.as_deref()),
        Change::Rule { before, after } => describe_rule_change(before.as_deref(), after.as_deref()),
        Change::SavedFilter { text, saved: true, .. } => format!("Saved the view “{text}”"),
        Change::SavedFilter { text, saved: false, .. } => format!("Removed the view “{text}”"),
        Change::Dropped { count } => {
            format!("Emptied the trash: {} dropped for good", count_noun(*count, "article"))
        }
        Change::Imported { count } => format!("Imported {}", count_noun(*count, "article")),
        Change::StoryLinked { after, .. } => match after {
            StoryLink::Same => format!("Put “{title}” into a story"),
            StoryLink::Different => format!("Took “{title}” out of its story"),
            StoryLink::None => format!("Left the story of “{title}” to its text"),
        },
        Change::Many(changes) if change.affects_rules() => {
            let rules = count_noun(changes.len(), "rule");
            match changes.first() {
                Some(Change::Rule { after: None, .. }) => format!("Removed {rules}"),
                Some(Change::Rule { before: None, .. }) => format!("Added {rules}"),
                _ => format!("Changed {rules}"),
            }
        }
        Change::Many(changes)
            if changes.iter().all(|part| matches!(part, Change::StoryLinked { .. })) =>
        {
            changes
                .first()
                .map_or_else(String::new, |part| describe_change(part, (title, copies), now))
        }
        Change::Many(_) if change.marks_entries() => describe_marks(change, title, copies, now),
        Change::Many(changes) => {
            if let Some(sentence) = describe_import(change, copies, now) {
                return sentence;
            }
            let feeds = count_noun(changes.len(), "feed");
            if let Some((from, to)) = common_move(changes) {
                return format!("Moved {feeds} from {from} to {to}");
            }
            match changes.first() {
                Some(Change::Unsubscribed { unsubscribed: false, .. }) => {
                    format!("Subscribed to {feeds}")
                }
                Some(Change::Unsubscribed { unsubscribed: true, .. }) => {
                    format!("Unsubscribed from {feeds}")
                }
                _ => format!("Changed {feeds}"),
            }
        }
    }
}

/// Returns the folders from which and to which all of several changes move their feeds; `None` if they do
/// not, or do something else.
fn common_move(changes: &[Change]) -> Option<(&str, &str)> {
    let first = move_of(changes.first()?)?;
    changes.iter().all(|change| move_of(change) == Some(first)).then_some(first)
}

fn move_of(change: &Change) -> Option<(&str, &str)> {
    let Change::Subscription { before, after, .. } = change else { return None };
    let folders = (before.folder.as_deref()?, after.folder.as_deref()?);
    (before.name == after.name && folders.0 != folders.1).then_some(folders)
}

/// Describes a change of a view.
fn describe_view_change(before: Option<&View>, after: Option<&View>) -> String {
    match (before, after) {
        (None, None) => {
            "Nothing changed: the view is gone, or another has its name or query".to_owned()
        }
        (None, Some(added)) => format!("Saved the view “{}”", added.name),
        (Some(removed), None) => format!("Removed the view “{}”", removed.name),
        (Some(before), Some(after)) if before.name != after.name => {
            format!("Renamed the view “{}” to “{}”", before.name, after.name)
        }
        (Some(before), Some(after)) if before.hidden != after.hidden => {
            let verb = if after.hidden { "Hid" } else { "Unhid" };
            format!("{verb} the view “{}”", after.name)
        }
        (Some(before), Some(after)) if before.position != after.position => {
            format!("Moved the view “{}”", after.name)
        }
        (Some(_), Some(after)) => format!("Changed the view “{}”", after.name),
    }
}

/// Describes a change of a rule.
fn describe_rule_change(before: Option<&RuleText>, after: Option<&RuleText>) -> String {
    match (before, after) {
        (None, None) => "Nothing to change".to_owned(),
        (None, Some(added)) => format!("Added the rule “{}”", added.name),
        (Some(removed), None) => format!("Removed the rule “{}”", removed.name),
        (Some(before), Some(after)) if before.name != after.name => {
            format!("Changed the rule “{}”, now “{}”", before.name, after.name)
        }
        (Some(_), Some(after)) => format!("Changed the rule “{}”", after.name),
    }
}

/// Returns the verb for a change of a subscription: "Paused", "Resumed", "Muted" or "Unmuted" if
/// nothing else changed, otherwise "Changed".
fn subscription_verb(before: &Subscription, after: &Subscription) -> &'static str {
    let switched = Subscription { paused: after.paused, muted: after.muted, ..before.clone() };
    match (before.paused != after.paused, before.muted != after.muted) {
        (true, false) if switched == *after => {
            if after.paused {
                "Paused"
            } else {
                "Resumed"
            }
        }
        (false, true) if switched == *after => {
            if after.muted {
                "Muted"
            } else {
                "Unmuted"
            }
        }
        _ => "Changed",
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Offset, Utc};

    use super::*;

    #[test]
    fn stars_of_several_articles_are_counted() {
        let change = |ids: &[EntryId], title: Option<&str>| AppliedChange {
            change: Change::set_starred(ids, true),
            title: title.map(str::to_owned),
            copies: 0,
        };
        let now = LocalNow { at: DateTime::UNIX_EPOCH, zone: Utc.fix().into() };
        let one = change(&[EntryId(1)], Some("The bridge"));
        let two = change(&[EntryId(1), EntryId(2)], None);
        assert_eq!(
            describe_action(ChangeAction::Undone, Some(&one), now),
            "Undone: unstarred “The bridge”",
            "what was applied is the inverse"
        );
        assert_eq!(
            describe_action(ChangeAction::Redone, Some(&two), now),
            "Redone: starred 2 articles"
        );
        assert_eq!(describe_action(ChangeAction::Undone, None, now), "Nothing to undo");
    }
}
