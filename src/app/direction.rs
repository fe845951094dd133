//! How right-to-left text is written: what the terminal is known to want, and the user's own choice.

use super::{App, Effect, Effects, Item, Look, Overlay, Pick, Picker, PickerKind, StoreWrite};
use crate::{
    settings::Bidi,
    text::bidi::{Writer, has_rtl},
};

/// Shown when right-to-left text is seen for the first time.
const HINT: &str = "Hebrew or Arabic looks wrong? ^X D shows other ways to write it.";

/// What every way is tried with when no headline at hand is right-to-left.
const SAMPLE: &str = "שלום (2026) world, مرحبا";

/// How right-to-left text is written.
#[derive(Debug, Default)]
pub struct Direction {
    /// The way that was chosen, or that the terminal is known to want.
    writer: Option<Writer>,
    /// Whether any such text was seen.
    seen: bool,
    /// Whether the user knows that there are other ways.
    told: bool,
}

/// How far from the selection a headline is looked for, in rows.
const NEAR: usize = 50;

impl Direction {
    /// As the settings have it, or an earlier choice.
    pub(super) fn new(setting: Bidi, chosen: Option<&str>, told: bool) -> Direction {
        let set = match setting {
            Bidi::Auto => None,
            Bidi::Visual => Some(Writer::Visual),
            Bidi::Runs => Some(Writer::Runs),
            Bidi::Words => Some(Writer::Words),
            Bidi::Logical => Some(Writer::Logical),
        };
        let chosen = chosen.and_then(|name| WAYS.iter().find(|(_, other, _)| *other == name));
        Direction { writer: chosen.map(|(writer, ..)| *writer).or(set), seen: false, told }
    }
}

/// The ways, their names, and the terminals they are for.
const WAYS: [(Writer, &str, &str); 4] = [
    (Writer::Visual, "visual", "most terminals"),
    (Writer::Runs, "runs", "GNOME in tmux, Konsole, Apple, iTerm2"),
    (Writer::Words, "words", "kitty"),
    (Writer::Logical, "logical", "as it is stored"),
];

impl Look {
    /// How right-to-left text is written.
    pub fn writer(&self) -> Writer {
        self.direction.writer.unwrap_or(Writer::Visual)
    }
}

impl App {
    /// Right-to-left text is in view for the first time: asks which terminal this is, if nothing has told yet.
    pub(super) fn look_out_for_rtl(&mut self) -> Effects {
        if self.look.direction.seen || !self.shows_rtl() {
            return Effects::none();
        }
        self.look.direction.seen = true;
        let ask = self.look.direction.writer.is_none().then_some(Effect::NameTerminal);
        let tell = !std::mem::replace(&mut self.look.direction.told, true);
        if tell {
            self.notices.say(HINT, self.moment.at);
        }
        let told = tell.then(|| StoreWrite::Keep("bidi_told", "1".to_owned()));
        Effects::from(ask).and(Effects::from(told))
    }

    fn shows_rtl(&self) -> bool {
        let title = self.entries.selected().is_some_and(|entry| has_rtl(&entry.title));
        title || self.reader.shown().is_some_and(|shown| shown.page().iter().any(|line| line.order.is_some()))
    }

    /// The terminal behind a multiplexer has told its name.
    pub(super) fn terminal_named(&mut self, name: &str) {
        let known = |names: &[&str]| names.iter().any(|known| name.contains(known));
        let writer = if known(&["VTE", "Konsole", "iTerm", "Apple"]) {
            Writer::Runs
        } else if known(&["kitty"]) {
            Writer::Words
        } else {
            Writer::Visual
        };
        self.look.direction.writer.get_or_insert(writer);
    }

    /// Shows a headline in each way, to choose the one that looks right.
    pub(super) fn show_directions(&mut self) -> Effects {
        let near = self.entries.position().saturating_sub(NEAR);
        let rows = (near..near + 2 * NEAR).filter_map(|index| self.entries.row(index));
        let titles = self.entries.selected().into_iter().chain(rows);
        let sample = titles.map(|entry| entry.title.clone()).find(|title| has_rtl(title));
        let sample = sample.unwrap_or_else(|| SAMPLE.to_owned());
        let item = |(writer, name, terminals): &(Writer, &'static str, &str)| Item {
            label: sample.clone(),
            detail: format!("{name}: {terminals}"),
            pick: Pick::Direction(*writer),
        };
        let items = WAYS.iter().map(item).collect();
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::Directions, items)));
        Effects::none()
    }

    /// Writes right-to-left text in this way, also in later runs.
    pub(super) fn choose_direction(&mut self, writer: Writer) -> Effects {
        self.look.direction.writer = Some(writer);
        let name = WAYS.iter().find(|(other, ..)| *other == writer).map_or("visual", |(_, name, _)| name);
        self.notices.say(format!("Right-to-left text: {name}"), self.moment.at);
        super::look::keep_choice("bidi", name, self.look.settings.bidi.name()).into()
    }
}
