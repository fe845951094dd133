//! Actions: requests of one part of the state to the others, returned by its methods.

use super::{
    ArticleAct, Effect, Effects, Notice, Overlay, Pane, StoreWrite, TargetScope, TerminalRequest,
};
use crate::{
    command::Command,
    model::{Change, EntryId, ListGrouping, SortOrder, ViewScope},
    text::bidi::BidiMode,
};

/// A request of one part of the state that only [`App`](super::App) can carry out.
#[derive(Debug)]
pub(in crate::app) enum Action {
    /// Hand an effect to the runtime.
    Effect(Effect),
    /// Show a notice.
    Notify(Notice),
    /// Focus a pane.
    Focus(Pane),
    /// Show another scope in the list; the filter stays.
    ShowScope(ViewScope),
    /// Sort the list.
    SortList(SortOrder),
    /// Group the list.
    GroupList(ListGrouping),
    /// Apply a change of an entry's marks to its row, and store it.
    ApplyChange(Change),
    /// Ask for the day until which these entries are hidden.
    OpenDayPrompt(Vec<EntryId>),
    /// List all articles that a filter matches, until it is cleared.
    VisitList(String),
    /// Replace the text of the filter bar.
    SetFilter(String),
    /// Use another mode for right-to-left text.
    SetBidiMode(BidiMode),
    /// Open an overlay.
    Open(Overlay),
    /// Run a command.
    Run(Command),
    /// Choose what to do with the articles of a scope.
    ChooseTargets(TargetScope),
    /// Do something with articles, unless the user says no where many are asked about.
    ActOn(ArticleAct, Vec<EntryId>),
    /// Do something with articles.
    Act(ArticleAct, Vec<EntryId>),
    /// Write a change of read or star marks that the list shows once it is stored.
    WriteMarks(StoreWrite),
    /// Add a term to the filter.
    AddTerm(String),
}

/// The actions of one command, in order.
#[derive(Debug, Default)]
#[must_use = "actions do nothing until the app carries them out"]
pub(in crate::app) struct Actions(Vec<Action>);

impl Actions {
    /// Creates a list of no actions.
    pub(in crate::app) fn none() -> Actions {
        Actions::default()
    }

    /// Appends actions.
    pub(in crate::app) fn and(mut self, other: impl Into<Actions>) -> Actions {
        self.0.extend(other.into().0);
        self
    }
}

impl From<Action> for Actions {
    fn from(action: Action) -> Actions {
        Actions(vec![action])
    }
}

impl From<Effects> for Actions {
    fn from(effects: Effects) -> Actions {
        Actions(effects.into_iter().map(Action::Effect).collect())
    }
}

impl From<Effect> for Actions {
    fn from(effect: Effect) -> Actions {
        Action::Effect(effect).into()
    }
}

impl From<StoreWrite> for Actions {
    fn from(write: StoreWrite) -> Actions {
        Effect::Write(write).into()
    }
}

impl From<TerminalRequest> for Actions {
    fn from(request: TerminalRequest) -> Actions {
        Effect::Terminal(request).into()
    }
}

impl From<Notice> for Actions {
    fn from(notice: Notice) -> Actions {
        Action::Notify(notice).into()
    }
}

impl<T: Into<Actions>> From<Option<T>> for Actions {
    fn from(actions: Option<T>) -> Actions {
        actions.map(Into::into).unwrap_or_default()
    }
}

impl IntoIterator for Actions {
    type Item = Action;
    type IntoIter = std::vec::IntoIter<Action>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
