//! A question in the last row of the screen: yes or no.

use crate::app::Actions;

/// A question that waits for the user to confirm or to cancel.
#[derive(Debug)]
pub struct Question {
    text: String,
    actions: Actions,
}

impl Question {
    /// Creates a question; confirming it performs `actions`.
    pub(in crate::app) fn new(text: String, actions: impl Into<Actions>) -> Question {
        Question { text, actions: actions.into() }
    }

    /// Returns the question.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns what the user has confirmed.
    pub(in crate::app) fn take_actions(&mut self) -> Actions {
        std::mem::take(&mut self.actions)
    }
}
