//! Commands that cross panes: moving, opening, reading on, pickers, quitting.

use std::sync::Arc;

use crate::{
    app::{
        Action, Actions, App, ArticlePane, Effect, Effects, ExitReason, Notice, Overlay, Pane,
        Picker, PickerKind, ScrollAmount, StoreWrite, bidi_items, command_items, failure_items,
        grouping_items, heading_items, help_lines, history_items, link_items, scope_items,
        snooze_items, sort_items,
    },
    command::Command,
    model::{EntryHistory, SessionUpdate, ViewScope},
};

impl App {
    /// Runs a command of movement: moves the selection of the focused pane, or scrolls the article.
    pub(in crate::app) fn scroll_focused(&mut self, command: Command) -> Actions {
        let Some(amount) = ScrollAmount::of_command(command) else { return Actions::none() };
        match self.ui.focus {
            Pane::Sidebar => {
                self.sidebar.move_by(amount);
                return self.sidebar.show_selected(self.entry_list.definition());
            }
            Pane::List => self.entry_list.move_by(amount),
            Pane::Article => self.article_pane.scroll(amount),
        }
        Actions::none()
    }

    /// Closes what is open in the focused pane, an article's edits or a story of the list, or else focuses
    /// the pane before.
    pub(in crate::app) fn go_back(&mut self) -> Actions {
        let closed = (self.ui.focus == Pane::List).then(|| self.entry_list.close_story()).flatten();
        closed.unwrap_or_else(|| self.close_edits_or_focus(self.ui.back_target()))
    }

    /// Opens the selection of the focused pane: in the list a story that is closed, or else the article.
    pub(in crate::app) fn open_selected(&mut self) -> Actions {
        if let Some(taking) = self.take_selected() {
            return taking;
        }
        let is_in_list = self.ui.focus == Pane::List && !self.ui.filter_editing;
        match is_in_list.then(|| self.entry_list.open_story()).flatten() {
            Some(actions) => actions.and(self.filter_bar.remember()),
            None => self.open_selected_article(),
        }
    }

    /// Opens the selection of the focused pane, as [`App::open_selected`] does, but no story.
    fn open_selected_article(&mut self) -> Actions {
        match self.ui.focus {
            Pane::Sidebar if self.sidebar.selected_target().is_none() => {
                self.toggle_folder_or_open()
            }
            Pane::Sidebar => Action::Focus(Pane::List).into(),
            Pane::List if self.ui.filter_editing => {
                self.ui.filter_editing = false;
                self.filter_bar.remember().into()
            }
            Pane::List if !self.entry_list.is_empty() => self.show_selected_article(),
            Pane::List if !self.filter_bar.is_empty() => self.entry_list.retry_empty_search(),
            Pane::Article => self.article_pane.open_withheld().into(),
            Pane::List => Actions::none(),
        }
    }

    /// Focuses the article of the selected row, which becomes read.
    pub(in crate::app) fn show_selected_article(&mut self) -> Actions {
        Actions::from(Action::Focus(Pane::Article))
            .and(self.article_pane.open_withheld())
            .and(self.entry_list.mark_selected_read())
            .and(self.note_selected_edit_seen())
            .and(self.filter_bar.remember())
    }

    /// Focuses the next pane, or the previous one for a negative step. Where nothing is unread,
    /// shows all articles.
    pub(in crate::app) fn cycle_pane(&self, step: i32) -> Actions {
        let empty = self.ui.focus == Pane::List && self.entry_list.is_empty();
        if empty && self.filter_bar.is_empty() && *self.scope() == ViewScope::Unread {
            return Action::ShowScope(ViewScope::All).into();
        }
        Action::Focus(self.ui.adjacent_pane(step, &self.pane_layout())).into()
    }

    /// Opens the article, then pages through it, then goes to the next unread one.
    pub(in crate::app) fn read_on(&mut self) -> Actions {
        if let Some(taking) = self.take_selected() {
            return taking;
        }
        if self.ui.focus != Pane::Article {
            return self.open_selected_article();
        }
        if self.article_pane.is_at_end() {
            return self.entry_list.go_to_next_unread(Pane::Article);
        }
        self.article_pane.scroll(ScrollAmount::Pages(1));
        Actions::none()
    }

    /// Opens a picker, or says that there is nothing to pick.
    pub(in crate::app) fn open_picker(&self, kind: PickerKind) -> Actions {
        let keymap = self.active_keymap();
        let is_of_article = matches!(kind, PickerKind::Links | PickerKind::Headings);
        if is_of_article && self.article_pane.view().is_none() {
            return Notice::no_article().into();
        }
        let commands = || {
            let (titles, programs) = (self.command_titles(), self.ui.settings.commands.keys());
            command_items(keymap, self.pane_key_contexts(), &titles, programs)
        };
        let items = match kind {
            PickerKind::Help => {
                let picker = Picker::help(help_lines(keymap), commands());
                return Action::Open(Overlay::Picker(picker)).into();
            }
            PickerKind::Palette => commands(),
            PickerKind::Links => link_items(self.article_pane.view()),
            PickerKind::Headings => heading_items(self.article_pane.view()),
            PickerKind::BidiModes => bidi_items(&self.entry_list),
            PickerKind::SortOrders => sort_items(self.entry_list.definition().order),
            PickerKind::Groupings => grouping_items(self.entry_list.definition().grouping),
            PickerKind::SnoozeTimes => {
                let selected = self.entry_list.selected_entry();
                selected.map_or_else(Vec::new, |entry| {
                    snooze_items(&Arc::new(vec![entry.id]), self.current_time)
                })
            }
            PickerKind::Scopes => scope_items(&self.sidebar),
            // These open with what they are about: see `update/targets.rs` and `update/accounts.rs`.
            PickerKind::Targets
            | PickerKind::Acts
            | PickerKind::Terms(_)
            | PickerKind::History
            | PickerKind::AccountRemovals => Vec::new(),
            PickerKind::Errors => {
                failure_items(self.notices.failures(), &self.sidebar.data().feeds)
            }
        };
        match (kind, items.is_empty()) {
            (PickerKind::Headings, true) => Notice::info("This article has no headings").into(),
            (PickerKind::SnoozeTimes, true) => Notice::no_article().into(),
            (PickerKind::Links, true) => Notice::info("This article has no links").into(),
            (PickerKind::Errors, true) => Notice::info("Nothing has failed").into(),
            _ => Action::Open(Overlay::Picker(Picker::new(kind, items))).into(),
        }
    }

    /// Has what was done to the selected article loaded, to show it.
    pub(in crate::app) fn request_history(&self) -> Actions {
        match self.entry_list.selected_id() {
            Some(id) => Effect::LoadHistory(id).into(),
            None => Notice::no_article().into(),
        }
    }

    /// Shows what was done to an article, unless something else was opened since.
    pub(in crate::app) fn show_history(&self, history: &EntryHistory) -> Actions {
        if self.overlay.is_some() {
            return Actions::none();
        }
        let items = history_items(history, self.current_time);
        Action::Open(Overlay::Picker(Picker::new(PickerKind::History, items))).into()
    }

    /// Saves the selection, the scope and the reading position; the program ends once that is done.
    /// The second time, ends the program at once.
    pub(in crate::app) fn quit(&mut self) -> Actions {
        if std::mem::replace(&mut self.is_quitting, true) {
            self.exit_reason = Some(ExitReason::Quit);
            return Effect::AbandonWrites.into();
        }
        let selected = self.entry_list.selected_id().map(SessionUpdate::Selected);
        let scope = SessionUpdate::Scope(self.scope().clone());
        let session = selected.into_iter().chain([scope]).map(StoreWrite::SaveSession);
        let session = session.fold(Effects::none(), Effects::and);
        Actions::from(self.article_pane.close_view())
            .and(session)
            .and(self.filter_bar.remember())
            .and(Effect::FinishWrites)
    }
}

impl ArticlePane {
    /// Opens the find bar.
    pub(in crate::app) fn open_find_bar(&self) -> Actions {
        if self.view().is_none() {
            return Notice::no_article().into();
        }
        Actions::from(Action::Focus(Pane::Article))
            .and(Action::Open(Overlay::FindBar(Box::default())))
    }
}
