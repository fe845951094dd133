//! How right-to-left text is written: what the terminal is known to want, and the user's own choice.

use super::{
    App, Effect, Effects, Overlay, Picker, PickerAction, PickerItem, PickerKind, StoreWrite,
    UiState,
};
use crate::{
    settings::BidiSetting,
    text::bidi::{BidiMode, has_rtl},
};

/// Shown when right-to-left text is seen for the first time.
const RTL_HINT: &str = "Hebrew or Arabic looks wrong? ^X D shows other ways to write it.";

/// What every way is tried with when no headline at hand is right-to-left.
const RTL_SAMPLE: &str = "שלום (2026) world, مرحبا";

/// How right-to-left text is written.
#[derive(Debug, Default)]
pub struct BidiState {
    /// The way that was chosen, or that the terminal is known to want.
    mode: Option<BidiMode>,
    /// Whether any such text was seen.
    rtl_seen: bool,
    /// Whether the user knows that there are other ways.
    hint_shown: bool,
}

/// How far from the selection a headline is looked for, in rows.
const RTL_SEARCH_ROWS: usize = 50;

impl BidiState {
    /// As the settings have it, or an earlier choice.
    pub(super) fn new(setting: BidiSetting, chosen: Option<&str>, told: bool) -> BidiState {
        let set = match setting {
            BidiSetting::Auto => None,
            BidiSetting::Visual => Some(BidiMode::Visual),
            BidiSetting::LogicalRuns => Some(BidiMode::Runs),
            BidiSetting::LogicalWords => Some(BidiMode::Words),
            BidiSetting::Logical => Some(BidiMode::Logical),
        };
        let chosen = chosen.and_then(|name| BIDI_MODES.iter().find(|(_, other, _)| *other == name));
        BidiState {
            mode: chosen.map(|(writer, ..)| *writer).or(set),
            rtl_seen: false,
            hint_shown: told,
        }
    }
}

/// The ways, their names, and the terminals they are for.
const BIDI_MODES: [(BidiMode, &str, &str); 4] = [
    (BidiMode::Visual, "visual", "most terminals"),
    (BidiMode::Runs, "runs", "GNOME in tmux, Konsole, Apple, iTerm2"),
    (BidiMode::Words, "words", "kitty"),
    (BidiMode::Logical, "logical", "as it is stored"),
];

impl UiState {
    /// How right-to-left text is written.
    pub fn bidi_mode(&self) -> BidiMode {
        self.bidi.mode.unwrap_or(BidiMode::Visual)
    }
}

impl App {
    /// Right-to-left text is in view for the first time: asks which terminal this is, if nothing has told yet.
    pub(super) fn detect_rtl_text(&mut self) -> Effects {
        if self.ui.bidi.rtl_seen || !self.has_visible_rtl() {
            return Effects::none();
        }
        self.ui.bidi.rtl_seen = true;
        let ask = self.ui.bidi.mode.is_none().then_some(Effect::DetectTerminal);
        let tell = !std::mem::replace(&mut self.ui.bidi.hint_shown, true);
        if tell {
            self.notices.show_info(RTL_HINT, self.current_time.at);
        }
        let told = tell.then(|| StoreWrite::SetPreference("bidi_told", "1".to_owned()));
        Effects::from(ask).and(Effects::from(told))
    }

    fn has_visible_rtl(&self) -> bool {
        let title = self.entry_list.selected_entry().is_some_and(|entry| has_rtl(&entry.title));
        title
            || self.article_pane.view().is_some_and(|shown| {
                shown.visible_lines().iter().any(|line| line.visual_order.is_some())
            })
    }

    /// The terminal behind a multiplexer has told its name.
    pub(super) fn set_bidi_mode_for_terminal(&mut self, name: &str) {
        let known = |names: &[&str]| names.iter().any(|known| name.contains(known));
        let writer = if known(&["VTE", "Konsole", "iTerm", "Apple"]) {
            BidiMode::Runs
        } else if known(&["kitty"]) {
            BidiMode::Words
        } else {
            BidiMode::Visual
        };
        self.ui.bidi.mode.get_or_insert(writer);
    }

    /// Shows a headline in each way, to choose the one that looks right.
    pub(super) fn open_bidi_picker(&mut self) -> Effects {
        let near = self.entry_list.selected_index().saturating_sub(RTL_SEARCH_ROWS);
        let rows =
            (near..near + 2 * RTL_SEARCH_ROWS).filter_map(|index| self.entry_list.row(index));
        let titles = self.entry_list.selected_entry().into_iter().chain(rows);
        let sample = titles.map(|entry| entry.title.clone()).find(|title| has_rtl(title));
        let sample = sample.unwrap_or_else(|| RTL_SAMPLE.to_owned());
        let item = |(writer, name, terminals): &(BidiMode, &'static str, &str)| PickerItem {
            label: sample.clone(),
            detail: format!("{name}: {terminals}"),
            action: PickerAction::SetBidiMode(*writer),
        };
        let items = BIDI_MODES.iter().map(item).collect();
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::BidiModes, items)));
        Effects::none()
    }

    /// Writes right-to-left text in this way, also in later runs.
    pub(super) fn set_bidi_mode(&mut self, writer: BidiMode) -> Effects {
        self.ui.bidi.mode = Some(writer);
        let name = BIDI_MODES
            .iter()
            .find(|(other, ..)| *other == writer)
            .map_or("visual", |(_, name, _)| name);
        self.notices.show_info(format!("Right-to-left text: {name}"), self.current_time.at);
        super::appearance::preference_write("bidi", name, self.ui.settings.bidi.name()).into()
    }
}
