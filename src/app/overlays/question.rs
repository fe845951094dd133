//! A question in the last row of the screen: yes or no.

use super::RuleTable;
use crate::app::{Action, Actions, Overlay};

/// A question that waits for the user to confirm or to cancel.
#[derive(Debug)]
pub struct Question {
    text: String,
    actions: Actions,
    /// The table of rules, which stays in view and comes back after the answer.
    rules: Option<RuleTable>,
}

impl Question {
    /// Creates a question; confirming it performs `actions`.
    pub(in crate::app) fn new(text: String, actions: impl Into<Actions>) -> Question {
        Question { text, actions: actions.into(), rules: None }
    }

    /// Returns the question.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns what the user has confirmed.
    pub(in crate::app) fn take_actions(&mut self) -> Actions {
        std::mem::take(&mut self.actions)
    }

    /// Asks over the table of rules.
    #[must_use]
    pub(in crate::app) fn over_rules(self, table: RuleTable) -> Question {
        Question { rules: Some(table), ..self }
    }

    /// Returns the table of rules that stays in view.
    pub fn rule_table(&self) -> Option<&RuleTable> {
        self.rules.as_ref()
    }

    /// Returns the table of rules to change it.
    pub(in crate::app) fn rule_table_mut(&mut self) -> Option<&mut RuleTable> {
        self.rules.as_mut()
    }

    /// Returns to the table of rules, if the question was asked over it.
    pub(in crate::app) fn back_to_rules(&mut self) -> Actions {
        self.rules.take().map(|table| Action::Open(Overlay::RuleTable(table))).into()
    }
}
