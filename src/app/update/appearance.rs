//! Commands that change the appearance and the keys; each choice is kept for the next run.

use crate::{
    app::{
        Action, Actions, App, Effects, LayoutClass, Notice, NoticeAction, Pane, PaneLayout,
        StoreWrite, TerminalRequest, UiState, widest_list_with_article,
    },
    command::Command,
    model::{CopyListing, OverriddenSetting, SessionUpdate},
    settings::{CopySetting, KeyPreset, ListDensity},
};

impl App {
    /// Shows an article that several feeds have brought once, or once for each.
    pub(in crate::app) fn toggle_copies(&mut self) -> Actions {
        let actions = self.ui.toggle_copies();
        self.set_copies(self.ui.copies);
        let list = self.entry_list.definition().clone();
        actions.and(self.entry_list.request_list(list)).and(self.sidebar.recount_tags())
    }

    /// Sets the treatment of copies in the list and the numbers of the sidebar.
    pub(in crate::app) fn set_copies(&mut self, copies: CopyListing) {
        self.entry_list.set_copies(copies);
        self.sidebar.set_copies(copies);
    }
}

impl UiState {
    pub(in crate::app) fn select_next_theme(&mut self) -> Actions {
        let next = self.themes.iter().position(|name| *name == self.theme).map_or(0, |at| at + 1);
        let Some(name) = self.themes.get(next % self.themes.len().max(1)).cloned() else {
            return Actions::none();
        };
        self.theme.clone_from(&name);
        let update = SessionUpdate::choose(OverriddenSetting::Theme, &name, &self.settings.theme);
        Actions::from(Notice::info(format!("Theme: {name}")))
            .and(StoreWrite::SaveSession(update))
            .and(TerminalRequest::Redraw)
    }

    /// Switches between one and two rows per entry.
    pub(in crate::app) fn toggle_density(&mut self, panes: &PaneLayout) -> Actions {
        if self.settings.accessible {
            return Notice::info("The selected headline takes as many rows as it needs").into();
        }
        let two = self.rows_per_entry(panes) == 2;
        let (density, name) =
            if two { (ListDensity::OneLine, "one") } else { (ListDensity::TwoLines, "two") };
        self.density = density;
        let setting = self.settings.list.density.name();
        let update = SessionUpdate::choose(OverriddenSetting::Density, name, setting);
        StoreWrite::SaveSession(update).into()
    }

    /// Folds copies, or shows them; the choice is kept.
    fn toggle_copies(&mut self) -> Actions {
        let (copies, setting, text) = match self.copies {
            CopyListing::Fold => (CopyListing::Show, CopySetting::Show, "Copies shown"),
            CopyListing::Show => {
                (CopyListing::Fold, CopySetting::Fold, "Copies folded into one row")
            }
        };
        self.copies = copies;
        let update = SessionUpdate::choose(
            OverriddenSetting::Copies,
            setting.name(),
            self.settings.list.copies.name(),
        );
        Actions::from(Notice::info(text)).and(StoreWrite::SaveSession(update))
    }

    /// Shows the article on the whole screen, or in its pane.
    pub(in crate::app) fn toggle_wide_article(&mut self) -> Actions {
        self.wide_article = !self.wide_article;
        if self.wide_article && self.focus != Pane::Article {
            Action::Run(Command::Open).into()
        } else {
            self.mouse_tracking().into()
        }
    }

    /// Makes the list wider, or narrower for a negative share, in thousandths of the screen.
    pub(in crate::app) fn change_list_width(&mut self, by: i16, panes: &PaneLayout) -> Effects {
        let Some(list) = panes.list else { return Effects::none() };
        // The first step of a list without an article beside it makes room for one.
        let widest = widest_list_with_article(self.size.width);
        let columns = if by < 0 { list.width.min(widest) } else { list.width };
        let now = i32::from(columns) * 1000 / i32::from(self.size.width.max(1));
        self.set_list_share((now + i32::from(by)).clamp(100, 900))
    }

    /// Sets the width of the list while its divider is dragged to a column.
    pub(in crate::app) fn drag_divider(&mut self, column: u16, panes: &PaneLayout) -> Effects {
        let Some(list) = panes.list.filter(|_| self.dragging_divider) else {
            return Effects::none();
        };
        let columns = i32::from(column.saturating_sub(list.x));
        self.set_list_share(columns * 1000 / i32::from(self.size.width.max(1)))
    }

    fn set_list_share(&mut self, share: i32) -> Effects {
        let share = u16::try_from(share).unwrap_or(400).min(1000);
        let class = LayoutClass::from_size(self.size).list_width_class();
        self.list_shares.insert(class, share);
        StoreWrite::SaveSession(SessionUpdate::ListShare(class, share)).into()
    }

    /// Switches between letters that filter and letters that are commands.
    pub(in crate::app) fn switch_key_preset(&mut self) -> Actions {
        const TO_VIM: &[NoticeAction] = &[
            NoticeAction::new(Command::FocusFilter, "filters"),
            NoticeAction::new(Command::SwitchKeys, "switches back"),
        ];
        const TO_TYPE: &[NoticeAction] = &[NoticeAction::new(Command::SwitchKeys, "switches back")];
        let (preset, text, actions) = match self.key_preset {
            KeyPreset::Type => (KeyPreset::Vim, "vim keys: letters are commands", TO_VIM),
            KeyPreset::Vim => (KeyPreset::Type, "Typing filters the list", TO_TYPE),
        };
        self.key_preset = preset;
        self.filter_editing = false;
        let setting = self.settings.keys.name();
        let update = SessionUpdate::choose(OverriddenSetting::Keys, preset.name(), setting);
        Actions::from(Notice::info(text).offering(actions)).and(StoreWrite::SaveSession(update))
    }
}
