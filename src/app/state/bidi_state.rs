//! The mode in which right-to-left text is written: detected for the terminal, or chosen by the
//! user.

use super::{ArticleView, Notice, NoticeAction};
use crate::{
    app::{Actions, Effect, StoreWrite},
    command::Command,
    model::{Entry, OverriddenSetting, SessionUpdate},
    settings::BidiSetting,
    text::bidi::{BidiMode, has_rtl},
};

/// The state of writing right-to-left text.
#[derive(Debug, Default)]
pub struct BidiState {
    /// The chosen mode, or that of the detected terminal; `None` if neither is known.
    mode: Option<BidiMode>,
    /// Right-to-left text was in view.
    rtl_seen: bool,
    /// The user has seen the hint about the other modes.
    hint_shown: bool,
}

impl BidiState {
    /// Creates the state from the setting, or from an earlier choice.
    pub(in crate::app) fn new(
        setting: BidiSetting,
        chosen: Option<&str>,
        hint_shown: bool,
    ) -> BidiState {
        let set = match setting {
            BidiSetting::Auto => None,
            BidiSetting::Visual => Some(BidiMode::Visual),
            BidiSetting::LogicalRuns => Some(BidiMode::Runs),
            BidiSetting::LogicalWords => Some(BidiMode::Words),
            BidiSetting::Logical => Some(BidiMode::Logical),
        };
        let chosen = chosen.and_then(|name| BIDI_MODES.iter().find(|(_, other, _)| *other == name));
        let mode = chosen.map(|(mode, ..)| *mode).or(set);
        // Screen readers get the text as it is stored, which needs no other order.
        let hint_shown = hint_shown || mode == Some(BidiMode::Logical);
        BidiState { mode, rtl_seen: false, hint_shown }
    }
}

/// The modes, their names, and the terminals they are for.
pub(in crate::app) const BIDI_MODES: [(BidiMode, &str, &str); 4] = [
    (BidiMode::Visual, "visual", "most terminals"),
    (BidiMode::Runs, "runs", "GNOME in tmux, Konsole, Apple, iTerm2"),
    (BidiMode::Words, "words", "kitty"),
    (BidiMode::Logical, "logical", "as it is stored"),
];

impl BidiState {
    /// Returns the mode in which right-to-left text is written.
    pub(in crate::app) fn mode(&self) -> BidiMode {
        self.mode.unwrap_or(BidiMode::Visual)
    }

    /// Handles right-to-left text in view. The first time, detects the terminal unless the mode is
    /// known, and shows the hint unless the user has seen it.
    pub(in crate::app) fn note_rtl(&mut self) -> Actions {
        const CHOOSE: &[NoticeAction] =
            &[NoticeAction::new(Command::TextDirection, "shows other ways to write it")];
        if std::mem::replace(&mut self.rtl_seen, true) {
            return Actions::none();
        }
        let detect = self.mode.is_none().then_some(Effect::DetectTerminal);
        let hint = !std::mem::replace(&mut self.hint_shown, true);
        let notice = hint.then(|| Notice::info("Hebrew or Arabic looks wrong?").offering(CHOOSE));
        let save = hint.then_some(StoreWrite::SaveSession(SessionUpdate::RtlHintShown));
        Actions::from(notice).and(detect).and(save)
    }

    /// Returns whether right-to-left text has been in view.
    pub(in crate::app) fn has_seen_rtl(&self) -> bool {
        self.rtl_seen
    }

    /// Sets the mode for the terminal outside a multiplexer, unless a mode is known.
    pub(in crate::app) fn set_terminal(&mut self, name: &str) {
        let known = |names: &[&str]| names.iter().any(|known| name.contains(known));
        let mode = if known(&["VTE", "Konsole", "iTerm", "Apple"]) {
            BidiMode::Runs
        } else if known(&["kitty"]) {
            BidiMode::Words
        } else {
            BidiMode::Visual
        };
        self.mode.get_or_insert(mode);
    }

    /// Sets the mode, also for later runs.
    pub(in crate::app) fn choose(&mut self, mode: BidiMode, setting: BidiSetting) -> Actions {
        self.mode = Some(mode);
        let name = BIDI_MODES
            .iter()
            .find(|(other, ..)| *other == mode)
            .map_or("visual", |(_, name, _)| name);
        let update = SessionUpdate::choose(OverriddenSetting::Bidi, name, setting.name());
        Actions::from(Notice::info(format!("Right-to-left text: {name}")))
            .and(StoreWrite::SaveSession(update))
    }
}

/// Returns whether right-to-left text is in view.
pub(in crate::app) fn is_rtl_visible(entry: Option<&Entry>, view: Option<&ArticleView>) -> bool {
    entry.is_some_and(|entry| has_rtl(&entry.title))
        || view
            .is_some_and(|view| view.visible_lines().iter().any(|line| line.visual_order.is_some()))
}
