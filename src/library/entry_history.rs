//! The history of an entry, from the acts of rules and the journal, and why it is in its story.

use std::cmp::Reverse;

use super::story_explanation::explain_story;
use crate::{
    model::{Actor, EntryHistory, EntryId, PastAct, RecordedAct, RecordedChange},
    store::{ReadConnection, StoreError},
};

/// Loads what was done to an entry; `None` if there is no such entry.
///
/// # Errors
///
/// Fails if the library cannot be read.
pub fn load_entry_history(
    reader: &ReadConnection,
    id: EntryId,
) -> Result<Option<EntryHistory>, StoreError> {
    let Some(entry) = reader.load_entry(id)? else { return Ok(None) };
    let acts = join_acts(reader.list_rule_acts(id)?, reader.list_changes_of_entry(id)?);
    Ok(Some(EntryHistory { entry, story: explain_story(reader, id)?, acts }))
}

/// Joins the acts of rules with the changes that they made, both newest first.
///
/// A change begins no later than the acts of its refresh, and the one of the next refresh after them. An
/// act on an edited version, which changes no marks again, has none.
fn join_acts(rule_acts: Vec<RecordedAct>, changes: Vec<RecordedChange>) -> Vec<PastAct> {
    let mut acts: Vec<PastAct> =
        rule_acts.into_iter().map(|act| PastAct::Rule { act, change: None }).collect();
    for made in changes.into_iter().rev() {
        let is_maker = |past: &&mut PastAct| match past {
            PastAct::Rule { act, change: None } => {
                Actor::Rule(act.rule.clone()) == made.actor && act.at >= made.at.timestamp()
            }
            _ => false,
        };
        match acts.iter_mut().rev().find(is_maker) {
            Some(PastAct::Rule { change, .. }) => *change = Some(made),
            _ => acts.insert(0, PastAct::Change(made)),
        }
    }
    acts.sort_by_key(|act| Reverse((act.at(), act.change_id())));
    acts
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::{AppliedChange, Change, ChangeId};

    fn rule_act(at: i64) -> RecordedAct {
        let (rule, actions) = ("Sport".to_owned(), "star".to_owned());
        RecordedAct { rule, actions, at, is_current: true, is_undone: false }
    }

    fn change(id: i64, at: i64, actor: Actor) -> RecordedChange {
        let starred = Change::set_starred(&[EntryId(1)], true);
        RecordedChange {
            id: ChangeId(id),
            at: DateTime::from_timestamp(at, 0).unwrap(),
            actor,
            change: Some(AppliedChange { change: starred, title: None, copies: 0 }),
            is_undone: false,
            is_lost: false,
            refusal: None,
        }
    }

    #[test]
    fn changes_of_rules_are_joined_with_their_acts_in_the_order_of_the_journal() {
        let sport = || Actor::Rule("Sport".to_owned());
        let rule_acts = vec![rule_act(30), rule_act(12), rule_act(5)];
        let changes = vec![
            change(5, 40, sport()),
            change(4, 12, Actor::User),
            change(3, 10, sport()),
            change(2, 5, sport()),
            change(1, 5, Actor::User),
        ];
        let joined = join_acts(rule_acts, changes);
        let rows: Vec<_> = joined
            .iter()
            .map(|act| {
                let is_rule = matches!(act, PastAct::Rule { .. });
                (act.at().timestamp(), is_rule, act.change_id().map(|id| id.0))
            })
            .collect();
        assert_eq!(
            rows,
            [
                (40, false, Some(5)),
                (30, true, None),
                (12, false, Some(4)),
                (12, true, Some(3)),
                (5, true, Some(2)),
                (5, false, Some(1)),
            ]
        );
    }
}
