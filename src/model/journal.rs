//! The rows of the journal: changes, and who made them.

use chrono::{DateTime, Utc};

use super::{AppliedChange, ChangeId};

/// The prefix of a rule's name in the stored form of an [`Actor`].
const RULE_PREFIX: &str = "rule:";

/// The one who made a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// The user.
    User,
    /// The user, who opened an article or let it rest in view, which marks it as read.
    Opening,
    /// The rule with this name.
    Rule(String),
    /// A list of subscriptions that the user imported.
    Import,
    /// A refresh, because a publisher moved a feed.
    Refresh,
    /// A synchronisation with another library.
    Sync,
    /// Another entry of the same article, whose marks an edited one has taken over.
    Copy,
    /// The setting by which old articles are removed.
    Retention,
    /// Somebody whom this version does not know.
    Unknown,
}

impl Actor {
    /// Parses the form in which the journal stores an actor.
    pub fn from_stored(text: &str) -> Actor {
        match text {
            "user" => Actor::User,
            "opening" => Actor::Opening,
            "import" => Actor::Import,
            "refresh" => Actor::Refresh,
            "sync" => Actor::Sync,
            "copy" => Actor::Copy,
            "retention" => Actor::Retention,
            _ => match text.strip_prefix(RULE_PREFIX) {
                Some(name) => Actor::Rule(name.to_owned()),
                None => Actor::Unknown,
            },
        }
    }

    /// Returns the form in which the journal stores the actor.
    pub fn to_stored(&self) -> String {
        match self {
            Actor::Rule(name) => format!("{RULE_PREFIX}{name}"),
            actor => actor.kind().to_owned(),
        }
    }

    /// Returns the kind of actor in one word.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::User => "user",
            Actor::Opening => "opening",
            Actor::Rule(_) => "rule",
            Actor::Import => "import",
            Actor::Refresh => "refresh",
            Actor::Sync => "sync",
            Actor::Copy => "copy",
            Actor::Retention => "retention",
            Actor::Unknown => "unknown",
        }
    }

    /// Returns the name of the actor as the user sees it: `you`, `rule Noise`, `refresh`.
    pub fn label(&self) -> String {
        match self {
            Actor::User => "you".to_owned(),
            Actor::Rule(name) => format!("rule {name}"),
            actor => actor.kind().to_owned(),
        }
    }

    /// Returns whether the change was an act of the user's, after which the changes that were undone
    /// cannot be redone. What happens by itself leaves them alone.
    pub fn is_user(&self) -> bool {
        matches!(self, Actor::User | Actor::Import)
    }
}

/// A change in the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedChange {
    /// The number of the change.
    pub id: ChangeId,
    /// The time at which it was made.
    pub at: DateTime<Utc>,
    /// The one who made it.
    pub actor: Actor,
    /// The change; `None` if this version cannot read it.
    pub change: Option<AppliedChange>,
    /// The change is undone, and can be redone.
    pub is_undone: bool,
    /// Nothing of the change can be undone or redone: its articles were dropped from the trash.
    pub is_lost: bool,
    /// The reason why the last step on the change was refused: the file of rules was edited since, or a
    /// server has changed the same. A part of a sentence.
    pub refusal: Option<String>,
}

/// The outcome of steps through the journal: undo or redo.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JournalSteps {
    /// The changes that were undone or redone, in the order of the steps.
    pub changes: Vec<AppliedChange>,
    /// Number of articles that could not be put back, because they were dropped from the trash.
    pub dropped: usize,
    /// Number of changes on which no step can be taken: all of their articles were dropped from the trash.
    pub lost: usize,
    /// The change on which the next step will be taken, if a lost one ended these.
    pub next: Option<AppliedChange>,
    /// Number of articles and feeds that stay as they are, because a server has changed them since.
    pub changed_since: usize,
    /// The reasons why steps were refused: the file of rules was edited since. Parts of sentences.
    pub refusals: Vec<String>,
    /// The reasons why steps were refused: a server has changed everything that the change is about.
    /// Parts of sentences.
    pub overtaken: Vec<String>,
    /// Number of changes that were passed over, because a step on them was refused before.
    pub passed_over: usize,
}

impl JournalSteps {
    /// The reason why a step on a lost change is refused, as a part of a sentence.
    pub const LOST_REASON: &str = "what was dropped from the trash cannot be brought back";

    /// Returns the number of changes on which a step was taken or refused.
    pub fn count(&self) -> usize {
        self.changes.len() + self.refusals.len() + self.overtaken.len() + self.lost
    }

    /// Returns whether the library has recorded anything: a step, or the refusal of one.
    pub fn has_effect(&self) -> bool {
        self.count() > 0
    }
}

#[cfg(test)]
mod tests {
    use super::Actor;

    #[test]
    fn stored_form_of_actor_is_parsed_again() {
        let rule = Actor::Rule("user:noise".to_owned());
        for actor in [
            Actor::User,
            Actor::Opening,
            rule,
            Actor::Import,
            Actor::Refresh,
            Actor::Sync,
            Actor::Copy,
            Actor::Retention,
        ] {
            assert_eq!(Actor::from_stored(&actor.to_stored()), actor);
        }
        assert_eq!(Actor::from_stored("a ghost"), Actor::Unknown);
    }
}
