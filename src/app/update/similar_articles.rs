//! Articles like the selected one.

use crate::{
    app::{Actions, App, Effect, Effects, Notice},
    model::EntryId,
};

impl App {
    /// Has the articles that are like the selected one found.
    pub(in crate::app) fn find_similar(&self) -> Actions {
        match self.entry_list.selected_id() {
            Some(id) => Effect::FindSimilar(id).into(),
            None => Notice::no_article().into(),
        }
    }

    /// Lists the articles that are like one, unless another one was selected since.
    pub(in crate::app) fn show_similar(&mut self, id: EntryId, filter: Option<String>) -> Effects {
        if self.entry_list.selected_id() != Some(id) || self.overlay.is_some() {
            return Effects::none();
        }
        let actions = match filter {
            Some(filter) => self.entry_list.visit_ranked(filter),
            None => Notice::info("No other article has the words of this one").into(),
        };
        self.perform(actions)
    }
}
