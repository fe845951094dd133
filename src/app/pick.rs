//! The overlays: what they list, and what picking does.

use super::{App, Choice, Effect, Effects, Item, Overlay, Pane, Pick, Picker, PickerKind, SidebarRow};
use crate::{
    command::{COMMANDS, Command, Context},
    model::{Failure, Scope},
};

impl App {
    pub(super) fn show_menu(&mut self) -> Effects {
        self.overlay = Some(Overlay::menu(self.moment.at));
        Effects::none()
    }

    pub(super) fn show_picker(&mut self, kind: PickerKind) -> Effects {
        let items = match kind {
            PickerKind::Help | PickerKind::Palette => self.command_items(),
            PickerKind::Links => self.link_items(),
            PickerKind::Contents => self.heading_items(),
            PickerKind::Directions => return self.show_directions(),
            PickerKind::Places => self.place_items(),
            PickerKind::Errors => self.notices.failures().map(error_item).collect(),
        };
        match (kind, items.is_empty()) {
            (PickerKind::Contents, true) => return self.say("This article has no headings."),
            (PickerKind::Links, true) => return self.say("This article has no links."),
            (PickerKind::Errors, true) => return self.say("Nothing has failed."),
            _ => self.overlay = Some(Overlay::Picker(Picker::new(kind, items))),
        }
        Effects::none()
    }

    fn command_items(&self) -> Vec<Item> {
        let contexts =
            [Context::List, Context::EmptyFilter, Context::Article, Context::Filter, Context::Global];
        let item = |spec: &crate::command::CommandSpec| {
            let mut keys = self.keymap().keys_for(spec.command, &contexts);
            keys.truncate(2);
            let letter = self.keymap().keys_for(spec.command, &[Context::Menu]);
            keys.extend(letter.first().map(|key| format!("^X {key}")));
            Item { label: spec.title.to_owned(), detail: keys.join("  "), pick: Pick::Command(spec.command) }
        };
        COMMANDS.iter().map(item).collect()
    }

    fn link_items(&self) -> Vec<Item> {
        let links = self.reader.shown().map(super::Shown::links).unwrap_or_default();
        let item = |(index, link): (usize, &crate::markup::Link)| Item {
            label: format!("{} {}", index + 1, link.url),
            detail: String::new(),
            pick: Pick::Link(link.url.clone()),
        };
        let notes = self.reader.shown().map(super::Shown::notes).unwrap_or_default();
        let note = |(words, piece): (String, u32)| Item {
            label: words,
            detail: "in this article".to_owned(),
            pick: Pick::Piece(piece),
        };
        links.iter().enumerate().map(item).chain(notes.into_iter().map(note)).collect()
    }

    fn heading_items(&self) -> Vec<Item> {
        let headings = self.reader.shown().map(|shown| shown.flow().headings()).unwrap_or_default();
        let highest = headings.iter().map(|heading| heading.level).min().unwrap_or(1);
        let item = |heading: &crate::markup::Section| Item {
            label: format!("{}{}", "  ".repeat(usize::from(heading.level - highest)), heading.title),
            detail: String::new(),
            pick: Pick::Piece(heading.piece),
        };
        headings.iter().map(item).collect()
    }

    fn place_items(&self) -> Vec<Item> {
        let item = |row: &SidebarRow| {
            let (label, count, scope) = match row {
                SidebarRow::View(scope, name, count) => ((*name).to_owned(), *count, scope.clone()),
                SidebarRow::Folder(name, count, _) => (name.clone(), *count, Scope::Folder(name.clone())),
                SidebarRow::Feed(feed) => (feed.name().to_owned(), feed.unread, Scope::Feed(feed.id)),
                SidebarRow::Saved(_) | SidebarRow::Caption(_) => return None,
            };
            Some(Item { label, detail: count.to_string(), pick: Pick::Scope(scope) })
        };
        self.sidebar.rows().iter().filter_map(item).collect()
    }

    /// What a command does while a picker or a line to fill in is open; `None` if it means what it always means.
    pub(super) fn in_overlay(&mut self, command: Command) -> Option<Effects> {
        let edits = !matches!(&self.overlay, Some(Overlay::Feeds(manager)) if !manager.typing);
        if let Some(request) = App::edit_command(command).filter(|_| edits) {
            return Some(self.edit(request));
        }
        if matches!(self.overlay, Some(Overlay::Feeds(_))) {
            return self.in_manager(command);
        }
        let Some(overlay) = &mut self.overlay else { return None };
        match (overlay, command) {
            (_, Command::Quit | Command::Redraw | Command::Suspend) => return None,
            (Overlay::Edit(_), _) => return Some(self.in_edit(command)),
            (Overlay::Find(_), command) if !matches!(command, Command::Back | Command::ClearFilter) => {
                return Some(self.in_find(command));
            }
            (_, Command::Back | Command::ClearFilter) => self.overlay = None,
            (Overlay::Picker(picker), Command::MoveUp | Command::PreviousPane) => picker.move_by(-1),
            (Overlay::Picker(picker), Command::MoveDown | Command::NextPane) => picker.move_by(1),
            (Overlay::Picker(picker), Command::PageUp) => picker.move_by(-10),
            (Overlay::Picker(picker), Command::PageDown) => picker.move_by(10),
            (Overlay::Picker(picker), Command::GoFirst) => picker.select(0),
            (Overlay::Picker(picker), Command::GoLast) => picker.select(usize::MAX),
            (Overlay::Picker(picker), Command::Open) => {
                let pick = picker.pick().cloned();
                return Some(self.picked(pick));
            }
            (Overlay::Add(_), _) => return Some(self.in_add(command)),
            (Overlay::Path(..), _) => return Some(self.in_path(command)),
            _ => {}
        }
        Some(Effects::none())
    }

    /// Carries out what was picked.
    pub(super) fn picked(&mut self, pick: Option<Pick>) -> Effects {
        self.overlay = None;
        match pick {
            Some(Pick::Command(command)) => self.command(command),
            Some(Pick::Link(url)) => Effect::Open(url).into(),
            Some(Pick::Direction(writer)) => self.choose_direction(writer),
            Some(Pick::Piece(piece)) => {
                self.reader.jump(piece);
                self.focus(Pane::Article)
            }
            Some(Pick::Scope(scope)) => {
                self.look.focus = Pane::List;
                self.show_scope(scope)
            }
            Some(Pick::Nothing) | None => Effects::none(),
        }
    }

    /// Shows what is chosen in the sidebar.
    pub(super) fn show_chosen(&mut self) -> Effects {
        match self.sidebar.choice() {
            Some(Choice::Scope(scope)) if scope != *self.scope() => self.show_scope(scope),
            Some(Choice::Filter(text)) => self.edit_filter(|line| line.set(&text)),
            _ => Effects::none(),
        }
    }
}

fn error_item(failure: &Failure) -> Item {
    Item { label: failure.summary.clone(), detail: failure.detail.clone(), pick: Pick::Nothing }
}
