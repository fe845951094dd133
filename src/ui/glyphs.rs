//! The characters that stand for things; each has a form for terminals without them.

/// One character, or a few, for each thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glyphs {
    /// In front of what is typed.
    pub prompt: &'static str,
    /// At the selected row.
    pub selected: &'static str,
    /// An unread entry.
    pub unread: &'static str,
    /// A star.
    pub star: &'static str,
    /// A failing feed.
    pub failing: &'static str,
    /// A line across.
    pub across: &'static str,
    /// A line down.
    pub down: &'static str,
    /// A line down that begins at a line across.
    pub tee_down: &'static str,
    /// A line down that ends at a line across.
    pub tee_up: &'static str,
    /// The corners of a box, clockwise from the top left.
    pub corners: [&'static str; 4],
    /// New entries above.
    pub above: &'static str,
    /// Back.
    pub back: &'static str,
    /// A refresh.
    pub refresh: &'static str,
    /// An open and a closed folder.
    pub folds: [&'static str; 2],
    /// Bars of a histogram, the lowest first.
    pub bars: [&'static str; 8],
    /// Between facts on a line.
    pub dot: &'static str,
    /// The mark of a quotation, and of a list, as the article has them and as they are drawn.
    pub marks: [(&'static str, &'static str); 2],
}

impl Glyphs {
    /// For terminals that show UTF-8.
    pub const UNICODE: Glyphs = Glyphs {
        prompt: "❯",
        selected: "▌",
        unread: "●",
        star: "★",
        failing: "⚠",
        across: "─",
        down: "│",
        tee_down: "┬",
        tee_up: "┴",
        corners: ["╭", "╮", "╯", "╰"],
        above: "▲",
        back: "←",
        refresh: "⟳",
        folds: ["▾", "▸"],
        bars: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
        dot: "·",
        marks: [("▎", "▎"), ("•", "•")],
    };

    /// For the Linux console, and for those who ask.
    pub const ASCII: Glyphs = Glyphs {
        prompt: ">",
        selected: ">",
        unread: "*",
        star: "+",
        failing: "!",
        across: "-",
        down: "|",
        tee_down: "-",
        tee_up: "-",
        corners: ["+", "+", "+", "+"],
        above: "^",
        back: "<",
        refresh: "~",
        folds: ["v", ">"],
        bars: [".", ".", ":", ":", "=", "=", "#", "#"],
        dot: "-",
        marks: [("▎", "|"), ("•", "*")],
    };
}
