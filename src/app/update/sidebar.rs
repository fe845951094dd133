//! Commands on the sidebar.

use crate::{
    app::{
        Action, Actions, App, Notice, NoticeAction, Pane, Sidebar, SidebarRow, SidebarTarget,
        StoreWrite,
    },
    command::Command,
    model::{ListDefinition, SessionUpdate, ViewScope},
};

impl App {
    /// Opens or closes the selected folder; opens a row that is none.
    pub(in crate::app) fn toggle_folder_or_open(&mut self) -> Actions {
        if self.ui.focus != Pane::Sidebar {
            const FEEDS: &[NoticeAction] =
                &[NoticeAction::new(Command::ShowFeeds, "shows the folders")];
            return Notice::info("No folder is selected").offering(FEEDS).into();
        }
        if matches!(self.sidebar.selected_row(), Some(SidebarRow::TagGroup(_))) {
            return self.sidebar.toggle_tags().into();
        }
        if self.sidebar.toggle_folder() { Actions::none() } else { self.open_selected() }
    }

    /// Marks what is selected in the focused sidebar as read, otherwise the list.
    pub(in crate::app) fn mark_focused_list_read(&mut self) -> Actions {
        match self.sidebar.selected_target() {
            Some(SidebarTarget::Scope(scope)) if self.ui.focus == Pane::Sidebar => {
                self.mark_scope_read(scope)
            }
            _ => self.mark_listed_read(),
        }
    }

    /// Shows the next feed with unread entries, without a filter.
    pub(in crate::app) fn show_next_unread_feed(&mut self) -> Actions {
        let listed = &self.entry_list.definition().scope;
        let Some(feed) = self.sidebar.next_unread_feed(listed) else {
            return Notice::info("No other feed has unread articles").into();
        };
        let focus = if self.ui.focus == Pane::Sidebar { Pane::Sidebar } else { Pane::List };
        Actions::from(Action::SetFilter(String::new()))
            .and(Action::ShowScope(ViewScope::Feed(feed)))
            .and(Action::Focus(focus))
    }
}

impl Sidebar {
    /// Shows the target of the selected row in the list, unless the list shows it already. A filter
    /// of the sidebar's is for its own row: another row clears it.
    pub(in crate::app) fn show_selected(&self, listed: &ListDefinition) -> Actions {
        let show = |scope: ViewScope| {
            Actions::from((scope != listed.scope).then_some(Action::ShowScope(scope)))
        };
        match self.selected_target() {
            Some(SidebarTarget::Scope(scope)) => {
                let is_filtered = self.has_filter(&listed.filter);
                Actions::from(is_filtered.then(|| Action::SetFilter(String::new())))
                    .and(show(scope))
            }
            Some(SidebarTarget::Filter(text)) if text == listed.filter => show(ViewScope::All),
            Some(SidebarTarget::Filter(text)) => {
                Actions::from(Action::SetFilter(text)).and(show(ViewScope::All))
            }
            None => Actions::none(),
        }
    }

    /// Hides feeds without unread entries, or shows them again.
    pub(in crate::app) fn switch_read_feeds(&mut self) -> Actions {
        let hides = !self.hides_read_feeds();
        self.set_hides_read_feeds(hides);
        let text = if hides { "Feeds without unread articles hidden" } else { "All feeds shown" };
        Actions::from(Notice::info(text))
            .and(StoreWrite::SaveSession(SessionUpdate::HidesReadFeeds(hides)))
    }
}
