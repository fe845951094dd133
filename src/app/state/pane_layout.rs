//! The layout of the panes at every size of the terminal.

use ratatui::layout::Rect;
pub use ratatui::layout::Size;

use super::LayoutClass;

/// Columns of the sidebar.
const SIDEBAR_WIDTH: u16 = 26;

/// Minimum columns of the list.
const MIN_LIST_WIDTH: u16 = 20;

/// Minimum columns of an article beside the list.
const MIN_ARTICLE_WIDTH: u16 = 30;

/// Columns of a date at an end of the histogram.
pub const HISTOGRAM_DATE_WIDTH: u16 = 8;

/// The state that decides which panes are shown, beside the size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LayoutOptions {
    /// The focused pane.
    pub focus: Pane,
    /// The article takes the whole screen at any size.
    pub wide_article: bool,
    /// A banner is shown.
    pub has_banner: bool,
    /// One pane at a time at any size, for screen readers.
    pub single_pane: bool,
    /// The user's own width of the list, in thousandths of the screen.
    pub list_share: Option<u16>,
}

/// A pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Pane {
    /// Views and feeds.
    Sidebar,
    /// The entry list, with the filter bar.
    #[default]
    List,
    /// The article.
    Article,
}

/// The areas of everything on the screen; `None` for what is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaneLayout {
    /// The division of the screen.
    pub class: LayoutClass,
    /// The whole screen.
    pub screen: Rect,
    /// Dialogs take the whole screen, for screen readers: nothing beside them is read out.
    pub has_whole_dialogs: bool,
    /// The filter bar; in a full-screen article its head line.
    pub top_bar: Rect,
    /// The banner, below the filter bar.
    pub banner: Option<Rect>,
    /// The rule under the filter bar.
    pub top_rule: Option<u16>,
    /// The rule over the hints, with the positions.
    pub bottom_rule: Option<u16>,
    /// The hint line; in a tiny terminal the position.
    pub hint_line: Option<Rect>,
    /// The sidebar.
    pub sidebar: Option<Rect>,
    /// The entry list.
    pub list: Option<Rect>,
    /// The article.
    pub article: Option<Rect>,
}

impl PaneLayout {
    /// Divides a terminal of `size`.
    pub fn new(size: Size, options: LayoutOptions) -> PaneLayout {
        let class = LayoutClass::from_size(size);
        let screen = Rect::new(0, 0, size.width, size.height);
        let mut panes = PaneLayout::without_panes(class, screen);
        panes.has_whole_dialogs = options.single_pane;
        match class {
            LayoutClass::Empty | LayoutClass::TitleOnly => return panes,
            LayoutClass::Tiny => {
                panes.hint_line = Some(Rect { y: screen.height - 1, height: 1, ..screen });
            }
            _ => panes.place_frame(options),
        }
        panes.place_panes(options);
        panes
    }

    fn without_panes(class: LayoutClass, screen: Rect) -> PaneLayout {
        let top = Rect { height: screen.height.min(1), ..screen };
        PaneLayout {
            class,
            screen,
            has_whole_dialogs: false,
            top_bar: top,
            banner: None,
            top_rule: None,
            bottom_rule: None,
            hint_line: None,
            sidebar: None,
            list: None,
            article: None,
        }
    }

    /// Places the rows around the panes, where there is room for rules.
    fn place_frame(&mut self, options: LayoutOptions) {
        let screen = self.screen;
        let banner = u16::from(options.has_banner && screen.height >= 12);
        self.banner = (banner > 0).then_some(Rect { y: 1, height: 1, ..screen });
        self.top_rule = Some(1 + banner);
        self.bottom_rule = Some(screen.height - 2);
        self.hint_line = Some(Rect { y: screen.height - 1, height: 1, ..screen });
    }

    fn place_panes(&mut self, options: LayoutOptions) {
        let body = self.body_area();
        if body.height == 0 {
            return;
        }
        if options.single_pane || (options.wide_article && options.focus == Pane::Article) {
            return self.place_single_pane(options.focus, body);
        }
        match self.class {
            LayoutClass::Wide => self.place_three_panes(options, body),
            LayoutClass::Medium => self.place_two_panes(options, body),
            LayoutClass::Narrow if options.focus == Pane::Sidebar => {
                self.place_two_panes(options, body);
            }
            LayoutClass::Narrow if options.focus == Pane::List && self.has_preview(options) => {
                self.place_list_and_article(options, body);
            }
            LayoutClass::Stacked if options.focus != Pane::Sidebar => {
                self.place_stacked_panes(body);
            }
            _ => self.place_single_pane(options.focus, body),
        }
    }

    /// Returns the area between the rules.
    fn body_area(&self) -> Rect {
        let from = self.top_rule.map_or(1, |rule| rule + 1);
        let to =
            self.bottom_rule.or(self.hint_line.map(|hints| hints.y)).unwrap_or(self.screen.height);
        Rect { y: from, height: to.saturating_sub(from), ..self.screen }
    }

    fn place_single_pane(&mut self, pane: Pane, body: Rect) {
        match pane {
            Pane::Sidebar => self.sidebar = Some(body),
            Pane::List => self.list = Some(body),
            Pane::Article => self.article = Some(body),
        }
    }

    fn place_three_panes(&mut self, options: LayoutOptions, body: Rect) {
        let rest =
            Rect { x: body.x + SIDEBAR_WIDTH + 1, width: body.width - SIDEBAR_WIDTH - 1, ..body };
        self.sidebar = Some(Rect { width: SIDEBAR_WIDTH, ..body });
        self.place_list_and_article(options, rest);
    }

    /// Places two panes: a focused sidebar slides in, and the list takes the place of the article.
    fn place_two_panes(&mut self, options: LayoutOptions, body: Rect) {
        if options.focus == Pane::Sidebar {
            self.sidebar = Some(Rect { width: SIDEBAR_WIDTH, ..body });
            self.list = Some(Rect {
                x: body.x + SIDEBAR_WIDTH + 1,
                width: body.width - SIDEBAR_WIDTH - 1,
                ..body
            });
        } else {
            self.place_list_and_article(options, body);
        }
    }

    /// Returns whether a narrow screen shows a preview beside the list: only where the user made
    /// the list narrow enough. Side by side, neither headlines nor text have the room they need.
    fn has_preview(&self, options: LayoutOptions) -> bool {
        let columns = own_list_width(options, self.screen.width);
        columns.is_some_and(|columns| columns <= widest_list_with_article(self.screen.width))
    }

    fn place_list_and_article(&mut self, options: LayoutOptions, body: Rect) {
        let columns = own_list_width(options, self.screen.width)
            .unwrap_or_else(|| self.class.default_list_width(self.screen.width));
        let columns = columns.clamp(MIN_LIST_WIDTH, widest_list_with_article(body.width));
        self.list = Some(Rect { width: columns, ..body });
        self.article =
            Some(Rect { x: body.x + columns + 1, width: body.width - columns - 1, ..body });
    }

    fn place_stacked_panes(&mut self, body: Rect) {
        let above = body.height * 2 / 5;
        self.list = Some(Rect { height: above, ..body });
        self.article =
            Some(Rect { y: body.y + above + 1, height: body.height - above - 1, ..body });
    }

    /// Returns the area of a histogram: on the rule under the filter bar, with room for a date at
    /// either end.
    pub fn histogram_area(&self) -> Option<Rect> {
        let y = self.top_rule.filter(|_| !self.is_article_alone())?;
        let width = self
            .screen
            .width
            .checked_sub(2 * (HISTOGRAM_DATE_WIDTH + 2))
            .filter(|width| *width >= 8)?;
        Some(Rect { x: HISTOGRAM_DATE_WIDTH + 2, y, width, height: 1 })
    }

    /// Returns whether the article has the screen to itself, with its head line in place of the
    /// filter bar.
    pub fn is_article_alone(&self) -> bool {
        self.article.is_some() && self.list.is_none()
    }

    /// Returns the columns of the dividers between panes side by side.
    pub fn divider_columns(&self) -> impl Iterator<Item = u16> {
        let body = self.body_area();
        [self.sidebar, self.list]
            .into_iter()
            .flatten()
            .map(Rect::right)
            .filter(move |x| *x < body.right())
    }

    /// Returns whether the divider between list and article, which can be dragged, is in a column.
    pub(in crate::app) fn is_divider_at(&self, column: u16) -> bool {
        let before = self.article.and_then(|article| article.x.checked_sub(1));
        self.list.is_some() && before == Some(column)
    }

    /// Returns the row between a list and the article below it.
    pub fn stack_rule_row(&self) -> Option<u16> {
        let (list, article) = (self.list?, self.article?);
        (article.y > list.y).then_some(list.bottom())
    }

    /// Returns the area of the article's text: at most `measure` columns, two blanks from the
    /// edges, centred where there is much room.
    pub fn text_area(&self, measure: u16) -> Option<Rect> {
        let pane = self.article?;
        let margin = if self.class == LayoutClass::Tiny { 0 } else { 2 };
        let width = pane.width.saturating_sub(2 * margin).clamp(1, measure.max(1)).min(pane.width);
        let spare = pane.width - width;
        let left = if spare > 12 { spare / 2 } else { margin.min(spare) };
        Some(Rect { x: pane.x + left, width, ..pane })
    }

    /// Returns the pane at a cell.
    pub fn pane_at(&self, x: u16, y: u16) -> Option<Pane> {
        let hit = |area: Option<Rect>| area.is_some_and(|area| area.contains((x, y).into()));
        let panes =
            [(Pane::Sidebar, self.sidebar), (Pane::List, self.list), (Pane::Article, self.article)];
        panes.into_iter().find(|(_, area)| hit(*area)).map(|(pane, _)| pane)
    }
}

/// Returns the user's own width of the list, in columns.
fn own_list_width(options: LayoutOptions, screen_width: u16) -> Option<u16> {
    let columns = u32::from(screen_width) * u32::from(options.list_share?) / 1000;
    Some(u16::try_from(columns).unwrap_or(u16::MAX))
}

/// Returns the columns of the widest list that leaves room for an article and the divider.
pub(in crate::app) fn widest_list_with_article(width: u16) -> u16 {
    width.saturating_sub(MIN_ARTICLE_WIDTH + 1).max(MIN_LIST_WIDTH)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LayoutClass, LayoutOptions, Pane, PaneLayout, Rect, Size};

    fn layout_of_size(width: u16, height: u16) -> PaneLayout {
        PaneLayout::new(Size::new(width, height), LayoutOptions::default())
    }

    #[test]
    fn layout_class_follows_terminal_size() {
        for ((width, height), class) in [
            ((160, 45), LayoutClass::Wide),
            ((160, 11), LayoutClass::Medium),
            ((120, 40), LayoutClass::Medium),
            ((80, 24), LayoutClass::Narrow),
            ((60, 20), LayoutClass::Single),
            ((60, 36), LayoutClass::Stacked),
            ((40, 15), LayoutClass::Single),
            ((20, 5), LayoutClass::Tiny),
            ((7, 20), LayoutClass::TitleOnly),
            ((1, 1), LayoutClass::Empty),
            ((0, 30), LayoutClass::Empty),
        ] {
            assert_eq!(layout_of_size(width, height).class, class, "{width}x{height}");
        }
    }

    #[test]
    fn pane_widths_match_design() {
        assert_eq!(layout_of_size(120, 40).list, Some(Rect::new(0, 2, 46, 36)));
        assert_eq!(
            layout_of_size(120, 40).text_area(68).map(|text| (text.x, text.width)),
            Some((49, 68))
        );
        assert_eq!(layout_of_size(80, 24).list.map(|list| list.width), Some(80));
        assert_eq!(layout_of_size(160, 45).list.map(|list| (list.x, list.width)), Some((27, 52)));
    }

    #[test]
    fn narrow_list_has_preview_only_at_the_users_own_width() {
        for (share, list, article) in [
            (None, 80, None),
            (Some(400), 32, Some((35, 43))),
            (Some(612), 48, Some((51, 27))),
            (Some(650), 80, None),
        ] {
            let options = LayoutOptions { list_share: share, ..LayoutOptions::default() };
            let panes = PaneLayout::new(Size::new(80, 24), options);
            assert_eq!(panes.list.map(|list| list.width), Some(list), "{share:?}");
            assert_eq!(panes.text_area(68).map(|text| (text.x, text.width)), article, "{share:?}");
        }
    }

    proptest! {
        #[test]
        fn pane_layout_stays_within_screen(
            width in 0u16..310, height in 0u16..110, on in 0usize..3, wide_article: bool, banner: bool, one_pane: bool,
            share in proptest::option::of(0u16..1000),
        ) {
            let on = [Pane::Sidebar, Pane::List, Pane::Article][on];
            let options = LayoutOptions { focus: on, wide_article, has_banner: banner, single_pane: one_pane, list_share: share };
            let panes = PaneLayout::new(Size::new(width, height), options);
            let areas = [Some(panes.top_bar), panes.banner, panes.hint_line, panes.sidebar, panes.list, panes.article, panes.text_area(68)];
            for area in areas.into_iter().flatten() {
                prop_assert!(area.right() <= width && area.bottom() <= height, "{area:?} of {width}x{height}");
            }
            for (one, other) in [(panes.list, panes.article), (panes.sidebar, panes.list)] {
                if let (Some(one), Some(other)) = (one, other) {
                    prop_assert!(!one.intersects(other));
                }
            }
        }
    }
}
