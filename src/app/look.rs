//! Commands that change how the program looks and feels; each is kept for the next run.

use super::{App, Effects, Pane, StoreWrite, TerminalRequest};
use crate::settings::{Density, Preset};

impl App {
    pub(super) fn next_theme(&mut self) -> Effects {
        let themes = &self.look.themes;
        let at = themes.iter().position(|name| *name == self.look.theme).map_or(0, |at| at + 1);
        let Some(name) = themes.get(at % themes.len().max(1)).cloned() else { return Effects::none() };
        self.look.theme.clone_from(&name);
        self.notices.say(format!("Theme: {name}"), self.moment.at);
        Effects::from(keep_choice("theme", &name, &self.look.settings.theme)).and(TerminalRequest::Redraw)
    }

    pub(super) fn toggle_density(&mut self) -> Effects {
        let two = self.rows_per_entry() == 2;
        let (density, name) = if two { (Density::One, "one") } else { (Density::Two, "two") };
        self.look.density = density;
        keep_choice("density", name, self.look.settings.list.density.name()).into()
    }

    pub(super) fn toggle_wide(&mut self) -> Effects {
        self.look.wide_article = !self.look.wide_article;
        if self.look.wide_article && self.look.focus != Pane::Article { self.open() } else { self.track() }
    }

    pub(super) fn widen_list(&mut self, by: i16) -> Effects {
        let Some(list) = self.panes().list else { return Effects::none() };
        let now = i32::from(list.width) * 1000 / i32::from(self.look.size.width.max(1));
        self.share_list((now + i32::from(by)).clamp(100, 900))
    }

    /// Gives the list so many thousandths of the width.
    pub(super) fn share_list(&mut self, share: i32) -> Effects {
        let share = u16::try_from(share).unwrap_or(400).min(1000);
        let name = self.panes().class.name();
        self.look.shares.insert(name, share);
        StoreWrite::Keep(name, share.to_string()).into()
    }

    pub(super) fn switch_keys(&mut self) -> Effects {
        let (preset, name, text) = match self.look.preset {
            Preset::Type => {
                (Preset::Vim, "vim", "vim keys: letters are commands, / filters. ^X k switches back.")
            }
            Preset::Vim => (Preset::Type, "type", "Typing filters the list. ^X k brings vim keys back."),
        };
        self.look.preset = preset;
        self.look.typing = false;
        self.notices.say(text, self.moment.at);
        keep_choice("keys", name, self.look.settings.keys.name()).into()
    }
}

/// Keeps what was chosen, and over which setting.
pub(super) fn keep_choice(name: &'static str, choice: &str, setting: &str) -> StoreWrite {
    StoreWrite::Keep(name, format!("{choice}\n{setting}"))
}
