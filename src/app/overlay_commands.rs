//! The overlays: what they list, and what picking does.

use super::{
    App, Effect, Effects, Overlay, Pane, Picker, PickerAction, PickerItem, PickerKind, SidebarRow,
    SidebarTarget,
};
use crate::{
    command::{COMMANDS, Command, KeyContext},
    model::{Failure, ViewScope},
};

impl App {
    pub(super) fn open_command_menu(&mut self) -> Effects {
        self.overlay = Some(Overlay::command_menu(self.current_time.at));
        Effects::none()
    }

    pub(super) fn open_picker(&mut self, kind: PickerKind) -> Effects {
        let items = match kind {
            PickerKind::Help | PickerKind::Palette => self.command_items(),
            PickerKind::Links => self.link_items(),
            PickerKind::Headings => self.heading_items(),
            PickerKind::BidiModes => return self.open_bidi_picker(),
            PickerKind::Scopes => self.scope_items(),
            PickerKind::Errors => self.notices.failures().map(failure_item).collect(),
        };
        match (kind, items.is_empty()) {
            (PickerKind::Headings, true) => return self.notify("This article has no headings."),
            (PickerKind::Links, true) => return self.notify("This article has no links."),
            (PickerKind::Errors, true) => return self.notify("Nothing has failed."),
            _ => self.overlay = Some(Overlay::Picker(Picker::new(kind, items))),
        }
        Effects::none()
    }

    fn command_items(&self) -> Vec<PickerItem> {
        let contexts = [
            KeyContext::List,
            KeyContext::EmptyFilter,
            KeyContext::Article,
            KeyContext::Filter,
            KeyContext::Global,
        ];
        let item = |spec: &crate::command::CommandSpec| {
            let mut keys = self.active_keymap().key_hints_for(spec.command, &contexts);
            keys.truncate(2);
            let letter = self.active_keymap().key_hints_for(spec.command, &[KeyContext::Menu]);
            keys.extend(letter.first().map(|key| format!("^X {key}")));
            PickerItem {
                label: spec.title.to_owned(),
                detail: keys.join("  "),
                action: PickerAction::RunCommand(spec.command),
            }
        };
        COMMANDS.iter().map(item).collect()
    }

    fn link_items(&self) -> Vec<PickerItem> {
        let links = self.article_pane.view().map(super::ArticleView::links).unwrap_or_default();
        let item = |(index, link): (usize, &crate::markup::DocumentLink)| PickerItem {
            label: format!("{} {}", index + 1, link.url),
            detail: String::new(),
            action: PickerAction::OpenUrl(link.url.clone()),
        };
        let notes = self.article_pane.view().map(super::ArticleView::footnotes).unwrap_or_default();
        let note = |(words, piece): (String, u32)| PickerItem {
            label: words,
            detail: "in this article".to_owned(),
            action: PickerAction::JumpToBlock(piece),
        };
        links.iter().enumerate().map(item).chain(notes.into_iter().map(note)).collect()
    }

    fn heading_items(&self) -> Vec<PickerItem> {
        let headings =
            self.article_pane.view().map(|shown| shown.flow().headings()).unwrap_or_default();
        let highest = headings.iter().map(|heading| heading.level).min().unwrap_or(1);
        let item = |heading: &crate::markup::SectionHeading| PickerItem {
            label: format!(
                "{}{}",
                "  ".repeat(usize::from(heading.level - highest)),
                heading.title
            ),
            detail: String::new(),
            action: PickerAction::JumpToBlock(heading.block),
        };
        headings.iter().map(item).collect()
    }

    fn scope_items(&self) -> Vec<PickerItem> {
        let item = |row: &SidebarRow| {
            let (label, count, scope) = match row {
                SidebarRow::View(scope, name, count) => ((*name).to_owned(), *count, scope.clone()),
                SidebarRow::Folder(name, count, _) => {
                    (name.clone(), *count, ViewScope::Folder(name.clone()))
                }
                SidebarRow::Feed(feed) => {
                    (feed.display_name().to_owned(), feed.unread_count, ViewScope::Feed(feed.id))
                }
                SidebarRow::SavedFilter(_) | SidebarRow::Caption(_) => return None,
            };
            Some(PickerItem {
                label,
                detail: count.to_string(),
                action: PickerAction::ShowScope(scope),
            })
        };
        self.sidebar.rows().iter().filter_map(item).collect()
    }

    /// What a command does while a picker or a line to fill in is open; `None` if it means what it always means.
    pub(super) fn handle_overlay_command(&mut self, command: Command) -> Option<Effects> {
        let edits =
            !matches!(&self.overlay, Some(Overlay::FeedTable(manager)) if !manager.is_filtering);
        if let Some(request) = App::input_request_for(command).filter(|_| edits) {
            return Some(self.edit_focused_input(request));
        }
        if matches!(self.overlay, Some(Overlay::FeedTable(_))) {
            return self.handle_feed_table_command(command);
        }
        let Some(overlay) = &mut self.overlay else { return None };
        match (overlay, command) {
            (_, Command::Quit | Command::Redraw | Command::Suspend) => return None,
            (Overlay::FeedForm(_), _) => return Some(self.handle_feed_form_command(command)),
            (Overlay::FindBar(_), command)
                if !matches!(command, Command::Back | Command::ClearFilter) =>
            {
                return Some(self.handle_find_command(command));
            }
            (_, Command::Back | Command::ClearFilter) => self.overlay = None,
            (Overlay::Picker(picker), Command::MoveUp | Command::PreviousPane) => {
                picker.move_selection(-1);
            }
            (Overlay::Picker(picker), Command::MoveDown | Command::NextPane) => {
                picker.move_selection(1);
            }
            (Overlay::Picker(picker), Command::PageUp) => picker.move_selection(-10),
            (Overlay::Picker(picker), Command::PageDown) => picker.move_selection(10),
            (Overlay::Picker(picker), Command::GoFirst) => picker.select(0),
            (Overlay::Picker(picker), Command::GoLast) => picker.select(usize::MAX),
            (Overlay::Picker(picker), Command::Open) => {
                let pick = picker.selected_action().cloned();
                return Some(self.run_picker_action(pick));
            }
            (Overlay::AddFeed(_), _) => return Some(self.handle_add_feed_command(command)),
            (Overlay::PathPrompt(..), _) => return Some(self.handle_path_command(command)),
            _ => {}
        }
        Some(Effects::none())
    }

    /// Carries out what was picked.
    pub(super) fn run_picker_action(&mut self, pick: Option<PickerAction>) -> Effects {
        self.overlay = None;
        match pick {
            Some(PickerAction::RunCommand(command)) => self.run_command(command),
            Some(PickerAction::OpenUrl(url)) => Effect::OpenUrl(url).into(),
            Some(PickerAction::SetBidiMode(writer)) => self.set_bidi_mode(writer),
            Some(PickerAction::JumpToBlock(piece)) => {
                self.article_pane.jump_to_block(piece);
                self.focus_pane(Pane::Article)
            }
            Some(PickerAction::ShowScope(scope)) => {
                self.ui.focus = Pane::List;
                self.show_scope(scope)
            }
            Some(PickerAction::NoAction) | None => Effects::none(),
        }
    }

    /// Shows what is chosen in the sidebar.
    pub(super) fn show_sidebar_target(&mut self) -> Effects {
        match self.sidebar.selected_target() {
            Some(SidebarTarget::Scope(scope)) if scope != *self.scope() => self.show_scope(scope),
            Some(SidebarTarget::Filter(text)) => self.edit_filter(|line| line.set_text(&text)),
            _ => Effects::none(),
        }
    }
}

fn failure_item(failure: &Failure) -> PickerItem {
    PickerItem {
        label: failure.summary.clone(),
        detail: failure.detail.clone(),
        action: PickerAction::NoAction,
    }
}
