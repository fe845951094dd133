//! The history of an entry: what was done to it, and by whom.

use chrono::{DateTime, Utc};

use super::{Actor, Change, ChangeId, Entry, RecordedAct, RecordedChange, StoryExplanation};

/// An entry, its story, and what was done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryHistory {
    /// The entry as it is now.
    pub entry: Entry,
    /// Its story; `None` if it shares its story with no other article.
    pub story: Option<StoryExplanation>,
    /// The acts on it, the newest first.
    pub acts: Vec<PastAct>,
}

/// Something that was done to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PastAct {
    /// A rule acted on it.
    Rule {
        /// The act.
        act: RecordedAct,
        /// The change of its marks; `None` if the act changed none.
        change: Option<RecordedChange>,
    },
    /// Somebody changed its marks.
    Change(RecordedChange),
}

impl PastAct {
    /// Returns the time of the act.
    pub fn at(&self) -> DateTime<Utc> {
        match self {
            PastAct::Rule { act, .. } => {
                DateTime::from_timestamp(act.at, 0).unwrap_or(DateTime::UNIX_EPOCH)
            }
            PastAct::Change(change) => change.at,
        }
    }

    /// Returns the one who acted.
    pub fn actor(&self) -> Actor {
        match self {
            PastAct::Rule { act, .. } => Actor::Rule(act.rule.clone()),
            PastAct::Change(change) => change.actor.clone(),
        }
    }

    /// Returns whether the act was undone since. An act of a rule remembers that when its change is
    /// no longer in the journal.
    pub fn is_undone(&self) -> bool {
        match self {
            PastAct::Rule { act, change: None } => act.is_undone,
            PastAct::Rule { change: Some(change), .. } | PastAct::Change(change) => {
                change.is_undone
            }
        }
    }

    /// Returns the number of the change in the journal, by which acts of one second are told apart.
    pub fn change_id(&self) -> Option<ChangeId> {
        self.change().map(|change| change.id)
    }

    fn change(&self) -> Option<&RecordedChange> {
        match self {
            PastAct::Rule { change, .. } => change.as_ref(),
            PastAct::Change(change) => Some(change),
        }
    }
}

impl EntryHistory {
    /// Returns who made the newest change that was not undone and of which `is_cause` returns true for
    /// the part that concerns the entry: the cause of a mark that it has now.
    pub fn find_cause(&self, is_cause: impl Fn(&Change) -> bool) -> Option<Actor> {
        let causes = |act: &&PastAct| {
            let change = act.change().filter(|change| !change.is_undone);
            let mut found = false;
            if let Some(applied) = change.and_then(|change| change.change.as_ref()) {
                applied.change.for_each(&mut |part| {
                    found |= part.entry_ids().contains(&self.entry.id) && is_cause(part);
                });
            }
            found
        };
        self.acts.iter().find(causes).map(PastAct::actor)
    }
}
