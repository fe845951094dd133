//! Commands that change how the program looks and feels; each is kept for the next run.

use super::{App, Effects, Pane, StoreWrite, TerminalRequest};
use crate::settings::{KeyPreset, ListDensity};

impl App {
    pub(super) fn select_next_theme(&mut self) -> Effects {
        let themes = &self.ui.themes;
        let at = themes.iter().position(|name| *name == self.ui.theme).map_or(0, |at| at + 1);
        let Some(name) = themes.get(at % themes.len().max(1)).cloned() else {
            return Effects::none();
        };
        self.ui.theme.clone_from(&name);
        self.notices.show_info(format!("Theme: {name}"), self.current_time.at);
        Effects::from(preference_write("theme", &name, &self.ui.settings.theme))
            .and(TerminalRequest::Redraw)
    }

    pub(super) fn toggle_density(&mut self) -> Effects {
        let two = self.rows_per_entry() == 2;
        let (density, name) =
            if two { (ListDensity::OneLine, "one") } else { (ListDensity::TwoLines, "two") };
        self.ui.density = density;
        preference_write("density", name, self.ui.settings.list.density.name()).into()
    }

    pub(super) fn toggle_wide_article(&mut self) -> Effects {
        self.ui.wide_article = !self.ui.wide_article;
        if self.ui.wide_article && self.ui.focus != Pane::Article {
            self.open_selected()
        } else {
            self.update_mouse_tracking()
        }
    }

    pub(super) fn change_list_width(&mut self, by: i16) -> Effects {
        let Some(list) = self.pane_layout().list else { return Effects::none() };
        let now = i32::from(list.width) * 1000 / i32::from(self.ui.size.width.max(1));
        self.set_list_share((now + i32::from(by)).clamp(100, 900))
    }

    /// Gives the list so many thousandths of the width.
    pub(super) fn set_list_share(&mut self, share: i32) -> Effects {
        let share = u16::try_from(share).unwrap_or(400).min(1000);
        let name = self.pane_layout().class.preference_key();
        self.ui.list_shares.insert(name, share);
        StoreWrite::SetPreference(name, share.to_string()).into()
    }

    pub(super) fn switch_key_preset(&mut self) -> Effects {
        let (preset, name, text) = match self.ui.key_preset {
            KeyPreset::Type => (
                KeyPreset::Vim,
                "vim",
                "vim keys: letters are commands, / filters. ^X k switches back.",
            ),
            KeyPreset::Vim => {
                (KeyPreset::Type, "type", "Typing filters the list. ^X k brings vim keys back.")
            }
        };
        self.ui.key_preset = preset;
        self.ui.filter_editing = false;
        self.notices.show_info(text, self.current_time.at);
        preference_write("keys", name, self.ui.settings.keys.name()).into()
    }
}

/// Keeps what was chosen, and over which setting.
pub(super) fn preference_write(name: &'static str, choice: &str, setting: &str) -> StoreWrite {
    StoreWrite::SetPreference(name, format!("{choice}\n{setting}"))
}
