//! The state of the interface: focus, sizes, theme, keys.

use std::collections::BTreeMap;

use super::{BidiState, LayoutClass, LayoutOptions, Pane, PaneLayout, Size};
use crate::{
    app::{Action, Actions, AppSetup, TerminalRequest},
    command::{Key, KeyContext, Keymap},
    model::{CopyListing, ListWidthClass, OverriddenSetting},
    settings::{CopySetting, KeyPreset, ListDensity, Settings},
    text::bidi::BidiMode,
};

/// Width from which a list shows an entry in one row: 47 columns of headline are left beside the
/// marks and the date.
const MAX_WRAPPED_LIST_WIDTH: u16 = 60;

/// Minimum height of a list that shows an entry in two rows.
const MIN_WRAPPED_LIST_HEIGHT: u16 = 10;

/// The state of the interface, as far as the user changes it while the program runs.
#[derive(Debug)]
pub struct UiState {
    /// Settings at the start of the program.
    pub settings: Settings,
    /// Size of the terminal.
    pub size: Size,
    /// The focused pane.
    pub focus: Pane,
    /// The filter bar has the caret though letters are commands (preset "vim").
    pub filter_editing: bool,
    /// The preset of keys.
    pub key_preset: KeyPreset,
    /// Name of the theme.
    pub theme: String,
    /// Names of all themes.
    pub themes: Vec<String>,
    /// Rows per entry.
    pub density: ListDensity,
    /// The treatment of copies in lists.
    pub copies: CopyListing,
    /// A focused article takes the whole screen.
    pub wide_article: bool,
    /// The state of writing right-to-left text.
    pub bidi: BidiState,
    /// The user's own widths of the list, in thousandths of the screen.
    pub list_shares: BTreeMap<ListWidthClass, u16>,
    pub(in crate::app) dragging_divider: bool,
}

/// The keymaps, and the keys pressed so far of a sequence.
#[derive(Debug)]
pub(in crate::app) struct KeyState {
    pub(in crate::app) type_keymap: Keymap,
    pub(in crate::app) vim_keymap: Keymap,
    pub(in crate::app) pending_keys: Vec<Key>,
}

impl KeyState {
    /// Returns the keymap of a preset.
    pub(in crate::app) fn keymap(&self, preset: KeyPreset) -> &Keymap {
        match preset {
            KeyPreset::Type => &self.type_keymap,
            KeyPreset::Vim => &self.vim_keymap,
        }
    }
}

impl UiState {
    /// Returns the way in which right-to-left text is written.
    pub fn bidi_mode(&self) -> BidiMode {
        self.bidi.mode()
    }

    pub(in crate::app) fn new(setup: &AppSetup) -> UiState {
        let (settings, session) = (&setup.settings, &setup.session);
        let key_preset = match session.choice(OverriddenSetting::Keys, settings.keys.name()) {
            Some("vim") => KeyPreset::Vim,
            Some("type") => KeyPreset::Type,
            _ => settings.keys,
        };
        let density = session.choice(OverriddenSetting::Density, settings.list.density.name());
        let density = match density {
            Some("one") => ListDensity::OneLine,
            Some("two") => ListDensity::TwoLines,
            _ => settings.list.density,
        };
        let copies = session.choice(OverriddenSetting::Copies, settings.list.copies.name());
        let folds = copies.unwrap_or(settings.list.copies.name()) == CopySetting::Fold.name();
        let copies = if folds { CopyListing::Fold } else { CopyListing::Show };
        let theme = session
            .choice(OverriddenSetting::Theme, &settings.theme)
            .filter(|name| setup.themes.iter().any(|theme| theme == name));
        let bidi = session.choice(OverriddenSetting::Bidi, settings.bidi.name());
        UiState {
            size: setup.size,
            focus: Pane::List,
            filter_editing: false,
            key_preset,
            theme: theme.unwrap_or(&settings.theme).to_owned(),
            themes: setup.themes.clone(),
            density,
            copies,
            wide_article: false,
            bidi: BidiState::new(settings.bidi, bidi, session.rtl_hint_shown),
            list_shares: session.list_shares.clone(),
            dragging_divider: false,
            settings: settings.clone(),
        }
    }

    /// Divides the screen.
    pub(in crate::app) fn pane_layout(&self, has_banner: bool) -> PaneLayout {
        let class = LayoutClass::from_size(self.size).list_width_class();
        let options = LayoutOptions {
            focus: self.focus,
            wide_article: self.wide_article,
            has_banner,
            single_pane: self.settings.accessible,
            list_share: self.list_shares.get(&class).copied(),
        };
        PaneLayout::new(self.size, options)
    }

    /// Returns the rows that one entry of the list takes.
    pub(in crate::app) fn rows_per_entry(&self, panes: &PaneLayout) -> u16 {
        match self.density {
            _ if panes.class <= LayoutClass::Tiny || self.settings.accessible => 1,
            ListDensity::Auto if wraps_headlines(panes) => 2,
            ListDensity::TwoLines => 2,
            _ => 1,
        }
    }

    /// Returns whether letters go into the filter bar while no overlay is open.
    pub(in crate::app) fn is_filter_focused(&self) -> bool {
        self.focus == Pane::List && (self.key_preset == KeyPreset::Type || self.filter_editing)
    }

    /// Returns the contexts in which keys are looked up while no overlay is open, the innermost
    /// first.
    pub(in crate::app) fn key_contexts(
        &self,
        filter_is_empty: bool,
        has_marked_rows: bool,
    ) -> &'static [KeyContext] {
        use KeyContext::{Article, EmptyFilter, Filter, Global, List, MarkedRows, Sidebar};
        let with_marks: &[KeyContext] = match (self.focus, self.key_preset, self.filter_editing) {
            (Pane::Sidebar, ..) => return &[Sidebar, Global],
            (Pane::Article, ..) => return &[Article, Global],
            (Pane::List, KeyPreset::Type, _) if filter_is_empty => {
                &[MarkedRows, EmptyFilter, List, Filter, Global]
            }
            (Pane::List, KeyPreset::Type, _) => &[MarkedRows, List, Filter, Global],
            (Pane::List, KeyPreset::Vim, true) => &[MarkedRows, Filter, Global],
            (Pane::List, KeyPreset::Vim, false) => &[MarkedRows, List, Global],
        };
        if has_marked_rows { with_marks } else { &with_marks[1..] }
    }

    /// Focuses the filter bar.
    pub(in crate::app) fn focus_filter(&mut self) -> Actions {
        self.filter_editing = self.key_preset == KeyPreset::Vim;
        Action::Focus(Pane::List).into()
    }

    /// Returns the pane that the command "back" leads to.
    pub(in crate::app) fn back_target(&self) -> Pane {
        match self.focus {
            Pane::Article | Pane::Sidebar => Pane::List,
            Pane::List => Pane::Sidebar,
        }
    }

    /// Returns the pane after the focused one, or before it for a negative step.
    pub(in crate::app) fn adjacent_pane(&self, step: i32, panes: &PaneLayout) -> Pane {
        let sidebar = panes.sidebar.is_some();
        match (self.focus, step > 0) {
            (Pane::List, true) | (Pane::Sidebar, false) => Pane::Article,
            (Pane::Article, true) | (Pane::List, false) if sidebar => Pane::Sidebar,
            (Pane::List, false) => Pane::Article,
            _ => Pane::List,
        }
    }

    /// Chooses how the mouse is tracked: in the wide article it belongs to the terminal, so that
    /// dragging selects clean text.
    pub(in crate::app) fn mouse_tracking(&self) -> TerminalRequest {
        if self.focus == Pane::Article && self.wide_article {
            TerminalRequest::ReleaseMouse
        } else {
            TerminalRequest::TrackMouseClicks
        }
    }
}

/// Returns whether the list wraps headlines over two rows: where one row would cut most of them, and
/// at least five entries are still in view. A sidebar that slides in changes nothing.
fn wraps_headlines(panes: &PaneLayout) -> bool {
    let narrow = panes.article.is_some() || panes.screen.width < MAX_WRAPPED_LIST_WIDTH;
    panes.list.is_some_and(|list| {
        narrow && list.width < MAX_WRAPPED_LIST_WIDTH && list.height >= MIN_WRAPPED_LIST_HEIGHT
    })
}
