//! Symbols, each with a form for terminals that lack it.

use crate::command::spell_keys;

/// The symbols on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// The prompt of a line of text.
    pub prompt: &'static str,
    /// The mark of the selected row.
    pub selected: &'static str,
    /// A row that the user marked.
    pub marked: &'static str,
    /// An unread entry.
    pub unread: &'static str,
    /// A star.
    pub star: &'static str,
    /// A failing feed.
    pub failing: &'static str,
    /// A line across.
    pub horizontal: &'static str,
    /// A line down.
    pub vertical: &'static str,
    /// A line down that begins at a line across.
    pub tee_down: &'static str,
    /// A line down that ends at a line across.
    pub tee_up: &'static str,
    /// The corners of a box, clockwise from the top left.
    pub corners: [&'static str; 4],
    /// New entries above.
    pub arrow_up: &'static str,
    /// Back.
    pub arrow_left: &'static str,
    /// A refresh.
    pub refresh: &'static str,
    /// An open and a closed folder.
    pub fold_markers: [&'static str; 2],
    /// Bars of a histogram, the lowest first.
    pub bars: [&'static str; 8],
    /// The separator between facts on a line.
    pub separator: &'static str,
    /// The arrow keys: up, down, left, right.
    pub arrow_keys: [&'static str; 4],
    /// The mark before an error.
    pub error: &'static str,
    /// A box that is ticked, and one that is not.
    pub ticks: [&'static str; 2],
    /// Keys are spelled, as `Ctrl-x` for `^X`.
    pub spells_keys: bool,
    /// The terminal shows ASCII only.
    pub is_ascii: bool,
}

impl Glyphs {
    /// Symbols for terminals that show UTF-8.
    pub const UNICODE: Glyphs = Glyphs {
        prompt: "❯",
        selected: "▌",
        marked: "✓",
        unread: "●",
        star: "★",
        failing: "⚠",
        horizontal: "─",
        vertical: "│",
        tee_down: "┬",
        tee_up: "┴",
        corners: ["╭", "╮", "╯", "╰"],
        arrow_up: "▲",
        arrow_left: "←",
        refresh: "⟳",
        fold_markers: ["▾", "▸"],
        bars: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
        separator: "·",
        arrow_keys: ARROW_KEYS,
        error: "! ",
        ticks: ["[x]", "[ ]"],
        spells_keys: false,
        is_ascii: false,
    };

    /// Symbols for the Linux console, and for the setting `glyphs = "ascii"`.
    pub const ASCII: Glyphs = Glyphs {
        prompt: ">",
        selected: ">",
        marked: "x",
        unread: "+",
        star: "*",
        failing: "!",
        horizontal: "-",
        vertical: "|",
        tee_down: "-",
        tee_up: "-",
        corners: ["+", "+", "+", "+"],
        arrow_up: "^",
        arrow_left: "<",
        refresh: "~",
        fold_markers: ["v", ">"],
        bars: [".", ".", ":", ":", "=", "=", "#", "#"],
        separator: "-",
        arrow_keys: ARROW_WORDS,
        error: "! ",
        ticks: ["[x]", "[ ]"],
        spells_keys: false,
        is_ascii: true,
    };

    /// Words and blanks, for screen readers: nothing is drawn.
    pub const WORDS: Glyphs = Glyphs {
        prompt: ":",
        selected: "",
        marked: "marked",
        unread: "unread",
        star: "starred",
        failing: "failing",
        horizontal: " ",
        vertical: " ",
        tee_down: " ",
        tee_up: " ",
        corners: [" ", " ", " ", " "],
        arrow_up: "",
        arrow_left: "in",
        refresh: "refreshing",
        fold_markers: ["open:", "folded:"],
        bars: [" ", " ", " ", " ", " ", " ", " ", " "],
        separator: "-",
        arrow_keys: ARROW_WORDS,
        error: "Error: ",
        ticks: ["ticked", "not ticked"],
        spells_keys: true,
        is_ascii: false,
    };

    /// Returns the keys of a hint as this terminal shows them.
    pub(super) fn key_text(&self, keys: &str) -> String {
        let arrows = ARROW_KEYS.iter().zip(self.arrow_keys);
        let keys = arrows.fold(keys.to_owned(), |keys, (arrow, shown)| keys.replace(arrow, shown));
        if self.spells_keys { spell_keys(&keys) } else { keys }
    }
}

/// The arrow keys as [`Key::hint`](crate::command::Key::hint) has them.
const ARROW_KEYS: [&str; 4] = ["↑", "↓", "←", "→"];

const ARROW_WORDS: [&str; 4] = ["Up", "Down", "Left", "Right"];
