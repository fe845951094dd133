//! Symbols, each with a form for terminals that lack it.

/// The symbols on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// The prompt of a line of text.
    pub prompt: &'static str,
    /// The mark of the selected row.
    pub selected: &'static str,
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
    /// The marks of quotes and lists, as the layout has them and as they are drawn.
    pub text_markers: [(&'static str, &'static str); 2],
}

impl Glyphs {
    /// Symbols for terminals that show UTF-8.
    pub const UNICODE: Glyphs = Glyphs {
        prompt: "❯",
        selected: "▌",
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
        text_markers: [("▎", "▎"), ("•", "•")],
    };

    /// Symbols for the Linux console, and for the setting `glyphs = "ascii"`.
    pub const ASCII: Glyphs = Glyphs {
        prompt: ">",
        selected: ">",
        unread: "*",
        star: "+",
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
        text_markers: [("▎", "|"), ("•", "*")],
    };
}
