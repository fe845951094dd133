//! The division of the screen by its size.

use ratatui::layout::Size;

use crate::model::ListWidthClass;

/// The division of the screen, which depends on its size alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LayoutClass {
    /// Too small to show anything.
    Empty,
    /// The selected title, cut.
    TitleOnly,
    /// A list or an article, without rules and hints.
    Tiny,
    /// One pane at a time.
    Single,
    /// The list above, the article below.
    Stacked,
    /// One pane at a time, the list with a preview beside it if the user made it narrow enough.
    Narrow,
    /// The list and the article.
    Medium,
    /// The sidebar, the list and the article.
    Wide,
}

impl LayoutClass {
    /// Returns the class of a terminal of `size`.
    pub fn from_size(size: Size) -> LayoutClass {
        match (size.width, size.height) {
            (0, _) | (_, 0) | (1, 1) => LayoutClass::Empty,
            (..8, _) | (_, ..3) => LayoutClass::TitleOnly,
            (..30, _) | (_, ..8) => LayoutClass::Tiny,
            (..80, 36..) => LayoutClass::Stacked,
            (..80, _) => LayoutClass::Single,
            (..100, _) => LayoutClass::Narrow,
            (140.., 12..) => LayoutClass::Wide,
            _ => LayoutClass::Medium,
        }
    }

    /// Returns the class of widths that the user's own width of the list is kept for.
    pub fn list_width_class(self) -> ListWidthClass {
        match self {
            LayoutClass::Wide => ListWidthClass::Wide,
            LayoutClass::Medium => ListWidthClass::Medium,
            LayoutClass::Narrow => ListWidthClass::Narrow,
            _ => ListWidthClass::Other,
        }
    }

    /// Returns the columns of the list where the user has not chosen a width.
    pub(super) fn default_list_width(self, width: u16) -> u16 {
        let share = |percent: u16| (u32::from(width) * u32::from(percent)).div_ceil(100);
        let columns = match self {
            LayoutClass::Wide => (u32::from(width) * 33 / 100).clamp(44, 60),
            LayoutClass::Medium => share(38).clamp(38, 52),
            _ => share(40).clamp(32, 38),
        };
        u16::try_from(columns).unwrap_or(width)
    }
}
