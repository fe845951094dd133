//! The mouse in overlays: a click chooses a row or focuses a field, the wheel scrolls the overlay.
//!
//! A click outside closes an overlay unless something was typed in it, which would be lost.

use super::{mouse::WHEEL_ROWS, overlays::OverlayReply};
use crate::{
    app::{
        Action, Actions, App, ArticlePane, Effects, MouseAction, MouseInput, Overlay, PaneLayout,
        Picker, PickerAction, ScrollAmount, SidebarData,
    },
    command::{Command, Keymap},
};

/// The part of the app that a click in an overlay may need.
struct OverlayContext<'a> {
    panes: &'a PaneLayout,
    data: &'a SidebarData,
    keymap: &'a Keymap,
}

impl App {
    /// Handles an event of the mouse while an overlay, which was taken out, is open.
    pub(super) fn handle_overlay_mouse(
        &mut self,
        mut overlay: Overlay,
        mouse: MouseInput,
        panes: &PaneLayout,
    ) -> Effects {
        let keymap = self.key_state.keymap(self.ui.key_preset);
        let context = OverlayContext { panes, data: self.sidebar.data(), keymap };
        let pane = &mut self.article_pane;
        let reply = match mouse.action {
            MouseAction::WheelUp => overlay.turn_wheel(-WHEEL_ROWS, context.data, pane),
            MouseAction::WheelDown => overlay.turn_wheel(WHEEL_ROWS, context.data, pane),
            MouseAction::Press => overlay.click(mouse, &context, pane),
            MouseAction::Release | MouseAction::Drag => OverlayReply::Stay(Actions::none()),
        };
        let actions = self.settle_overlay(overlay, reply);
        self.perform(actions.into())
    }
}

impl Overlay {
    /// Scrolls the overlay; in the find bar, which has no rows, the article.
    fn turn_wheel(
        &mut self,
        rows: i32,
        data: &SidebarData,
        pane: &mut ArticlePane,
    ) -> OverlayReply {
        let delta = rows as isize;
        match self {
            Overlay::CommandMenu(menu) => menu.turn_pages(delta.signum()),
            Overlay::Picker(picker) => picker.scroll_rows(delta),
            Overlay::AddFeed(dialog) => dialog.scroll_rows(delta),
            Overlay::FeedTable(table) => table.scroll_rows(delta, &data.feeds),
            Overlay::Journal(table) => table.scroll_rows(delta),
            Overlay::FeedForm(form) => form.form.scroll_rows(delta),
            Overlay::FolderForm(form) => form.form.scroll_rows(delta),
            Overlay::ViewForm(form) => form.form.scroll_rows(delta),
            Overlay::RuleForm(form) => form.form.scroll_rows(delta),
            Overlay::RuleTable(table) => table.scroll_rows(delta),
            Overlay::AccountTable(table) => table.scroll_rows(delta, &data.accounts),
            Overlay::AccountForm(form) => form.form.scroll_rows(delta),
            Overlay::FindBar(_) => pane.scroll(ScrollAmount::Lines(rows)),
            Overlay::PathPrompt(_) | Overlay::TagPrompt(_) | Overlay::Question(_) => {}
        }
        OverlayReply::Stay(Actions::none())
    }

    fn click(
        &mut self,
        mouse: MouseInput,
        context: &OverlayContext<'_>,
        pane: &mut ArticlePane,
    ) -> OverlayReply {
        let (column, row) = (mouse.column, mouse.row);
        let panes = context.panes;
        let dialog = match self {
            Overlay::CommandMenu(menu) if !menu.is_shown() => None,
            Overlay::CommandMenu(menu) => {
                let layout = menu.layout(panes, context.keymap);
                if let Some(command) = layout.command_at(column, row) {
                    return OverlayReply::Close(Action::Run(command).into());
                }
                Some(layout.dialog)
            }
            Overlay::Picker(picker) => Some(picker.layout(panes)),
            Overlay::AddFeed(dialog) => Some(dialog.layout(panes)),
            Overlay::FeedTable(table) => Some(table.layout(panes)),
            Overlay::Journal(table) => Some(table.layout(panes)),
            Overlay::FeedForm(form) => Some(form.form.layout(panes)),
            Overlay::FolderForm(form) => Some(form.form.layout(panes)),
            Overlay::ViewForm(form) => Some(form.form.layout(panes)),
            Overlay::RuleForm(form) => Some(form.form.layout(panes)),
            Overlay::RuleTable(table) => Some(table.layout(panes)),
            Overlay::AccountTable(table) => Some(table.layout(panes)),
            Overlay::AccountForm(form) => Some(form.form.layout(panes)),
            Overlay::PathPrompt(prompt) => Some(prompt.layout(panes)),
            Overlay::TagPrompt(prompt) => Some(prompt.layout(panes)),
            Overlay::FindBar(_) | Overlay::Question(_) => None,
        };
        let frame = dialog.map(|dialog| dialog.frame).or(context.panes.hint_line);
        if !frame.is_some_and(|frame| frame.contains((column, row).into())) {
            return self.click_outside();
        }
        match dialog.and_then(|dialog| dialog.row_at(column, row)) {
            Some(row) => self.click_row(row, context.data, pane),
            None => OverlayReply::Stay(Actions::none()),
        }
    }

    fn click_outside(&mut self) -> OverlayReply {
        match self {
            _ if self.has_unsaved_text() => OverlayReply::Stay(Actions::none()),
            Overlay::FeedForm(form) => OverlayReply::Close(form.back_to_table()),
            Overlay::RuleForm(form) => OverlayReply::Close(form.cancel()),
            Overlay::AccountForm(form) => OverlayReply::Close(form.back_to_table()),
            Overlay::Question(question) => OverlayReply::Close(question.back_to_rules()),
            _ => OverlayReply::Close(Actions::none()),
        }
    }

    /// Chooses the item in a row, or focuses the field in it.
    fn click_row(
        &mut self,
        row: usize,
        data: &SidebarData,
        pane: &mut ArticlePane,
    ) -> OverlayReply {
        match self {
            Overlay::Picker(picker) => return picker.pick_row(row, pane),
            Overlay::FeedTable(table) if table.shows_keys => table.shows_keys = false,
            Overlay::FeedTable(table) => {
                if table.click_row(row, &data.feeds) {
                    return table.show_selected(&data.feeds);
                }
            }
            Overlay::Journal(table) => {
                if table.click_row(row) {
                    return OverlayReply::Stay(table.ask_or_step());
                }
            }
            Overlay::AddFeed(dialog) => dialog.click_row(row),
            Overlay::FeedForm(form) => form.form.click_row(row),
            Overlay::FolderForm(form) => form.form.click_row(row),
            Overlay::ViewForm(form) => form.form.click_row(row),
            Overlay::RuleForm(form) => form.form.click_row(row),
            Overlay::AccountForm(form) => form.form.click_row(row),
            Overlay::AccountTable(table) => {
                if table.click_row(row, &data.accounts) {
                    return OverlayReply::Stay(Action::Run(Command::Open).into());
                }
            }
            Overlay::RuleTable(table) => {
                if table.click_row(row) {
                    return OverlayReply::Stay(Action::Run(Command::Open).into());
                }
            }
            Overlay::CommandMenu(_)
            | Overlay::PathPrompt(_)
            | Overlay::TagPrompt(_)
            | Overlay::FindBar(_)
            | Overlay::Question(_) => {}
        }
        OverlayReply::Stay(Actions::none())
    }
}

impl Picker {
    /// Picks the item in a row. An item that is there to be read is only selected.
    fn pick_row(&mut self, row: usize, pane: &mut ArticlePane) -> OverlayReply {
        let is_item = self.click_row(row);
        match self.selected_action() {
            Some(PickerAction::NoAction) | None => OverlayReply::Stay(Actions::none()),
            Some(_) if is_item => OverlayReply::Close(self.pick(pane)),
            Some(_) => OverlayReply::Stay(Actions::none()),
        }
    }
}
