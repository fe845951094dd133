//! Commands on views: saving, editing, moving, removing and hiding them.

use chrono::NaiveDate;

use super::{
    overlay_command::OverlayCommand,
    overlays::{OverlayData, OverlayReply},
};
use crate::{
    app::{
        Action, Actions, FilterBar, Notice, NoticeAction, Overlay, Pane, ScrollAmount, Sidebar,
        StoreWrite, ViewForm,
    },
    command::Command,
    model::{Change, ListDefinition, View},
    query::find_mistake,
};

/// Saves the filter as a view, with its text as the name and the order and groups of the list; the
/// notice comes with the change.
pub(super) fn save(
    filter_bar: &FilterBar,
    listed: &ListDefinition,
    views: &[View],
    today: NaiveDate,
) -> Actions {
    const SAVE: &[NoticeAction] = &[NoticeAction::new(Command::SaveView, "to save it")];
    const EDIT: &[NoticeAction] = &[NoticeAction::new(Command::EditView, "to edit it")];
    let text = filter_bar.text().trim();
    if text.is_empty() {
        return Notice::info("Type a filter first").offering(SAVE).into();
    }
    if let Some(mistake) = find_mistake(text, today) {
        let wrong = &text[mistake.span.clone()];
        return Notice::info(format!("Not saved: “{wrong}”: {}", mistake.describe(text))).into();
    }
    let view = View::new(text, text, views).arranged(listed.arrangement());
    match view.check_among(views) {
        Ok(()) => StoreWrite::ApplyChange(Change::add_view(view)).into(),
        Err(conflict) => Notice::info(format!("Not saved: {conflict}")).offering(EDIT).into(),
    }
}

/// Returns the view that is selected in the focused sidebar, otherwise the one that the list shows.
fn view_in_focus<'s>(
    focus: Pane,
    sidebar: &'s Sidebar,
    listed: &ListDefinition,
) -> Option<&'s View> {
    if focus == Pane::Sidebar { sidebar.selected_view() } else { sidebar.listed_view(listed) }
}

/// Opens the form of the view in focus.
pub(super) fn edit(focus: Pane, sidebar: &Sidebar, listed: &ListDefinition) -> Actions {
    match view_in_focus(focus, sidebar, listed) {
        Some(view) => open_form(view),
        None => no_view_notice(),
    }
}

/// Opens the form of a view.
pub(super) fn open_form(view: &View) -> Actions {
    Action::Open(Overlay::ViewForm(Box::new(ViewForm::new(view)))).into()
}

fn no_view_notice() -> Actions {
    const SHOW: &[NoticeAction] = &[NoticeAction::new(Command::ShowFeeds, "shows the views")];
    Notice::info("No view is selected").offering(SHOW).into()
}

/// Moves the selected view in the sidebar; a negative step is up. A view at an end stays there.
pub(super) fn move_by(step: isize, focus: Pane, sidebar: &Sidebar) -> Actions {
    let selected = sidebar.selected_view().filter(|_| focus == Pane::Sidebar);
    let Some(view) = selected else { return no_view_notice() };
    let Some(next) = sidebar.adjacent_view(view, step) else { return Actions::none() };
    let moved = View { position: next.position, ..view.clone() };
    StoreWrite::ApplyChange(Change::edit_view(view.clone(), moved)).into()
}

/// Removes a view of the user; hides a built-in one.
pub(super) fn remove(view: &View) -> Actions {
    let change = match view.built_in {
        None => Change::remove_view(view.clone()),
        Some(_) => Change::edit_view(view.clone(), View { hidden: true, ..view.clone() }),
    };
    StoreWrite::ApplyChange(change).into()
}

impl ViewForm {
    /// Runs a command: moves the focus, saves or closes the form.
    pub(super) fn apply(
        &mut self,
        command: OverlayCommand,
        data: &OverlayData<'_>,
    ) -> OverlayReply {
        match command {
            OverlayCommand::Scroll(ScrollAmount::Lines(lines)) => {
                self.form.move_focus(lines as isize);
            }
            OverlayCommand::Previous => self.form.move_focus(-1),
            OverlayCommand::Next => self.form.move_focus(1),
            OverlayCommand::Cancel => return OverlayReply::Close(Actions::none()),
            OverlayCommand::Confirm => return self.save(data),
            OverlayCommand::Scroll(_)
            | OverlayCommand::SavePage
            | OverlayCommand::Leave
            | OverlayCommand::Table(_)
            | OverlayCommand::Rules(_)
            | OverlayCommand::Accounts(_)
            | OverlayCommand::Other => {}
        }
        OverlayReply::Stay(Actions::none())
    }

    /// Saves the view. A list that shows it shows what the new query finds.
    fn save(&mut self, data: &OverlayData<'_>) -> OverlayReply {
        let Some(view) = self.validate(data.views, data.now.today()) else {
            return OverlayReply::Stay(Actions::none());
        };
        let before = self.before().clone();
        if view == before {
            return OverlayReply::Close(Actions::none());
        }
        let is_listed = before.scope().is_none() && data.filter.trim() == before.query;
        let has_new_query = is_listed && view.query != before.query;
        let shown = has_new_query.then(|| Action::SetFilter(view.query.clone()));
        let write = StoreWrite::ApplyChange(Change::edit_view(before, view));
        OverlayReply::Close(Actions::from(write).and(shown))
    }
}
