//! The state of the running program, and the one function that changes it.
//!
//! Nothing here does I/O, reads a clock or names a terminal: [`App::update`] takes a [`Message`] and the time, changes
//! the state, and answers with the [`Effects`] that the runtime carries out.

mod add_feed;
mod answers;
mod appearance;
mod article;
mod article_images;
mod article_pane;
mod article_view;
mod background_jobs;
mod bidi_state;
mod commands;
mod effect;
mod entry_list;
mod feed_table;
mod feeds;
mod filter_bar;
mod find_bar;
mod full_text;
mod keys;
mod message;
mod mouse;
mod notices;
mod overlay_commands;
mod pane_layout;
mod picker;
mod sidebar;

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

pub use add_feed::{AddFeedDialog, AddFeedStage, DiscoveredFeeds};
pub use article_images::{ArticleImages, ImageKey};
pub use article_pane::{ArticlePane, LoadedArticle, ScrollAmount, TextPaneSize};
pub use article_view::ArticleView;
pub use background_jobs::{BackgroundJobs, FeedProgress};
pub use bidi_state::BidiState;
pub use effect::{Effect, Effects, ExportTarget, RequestId, StoreWrite, TerminalRequest};
pub use entry_list::EntryList;
pub use feed_table::{FeedForm, FeedTable};
pub use filter_bar::{FilterBar, TextInput};
pub use find_bar::FindBar;
pub use message::{ChangeAction, Message, MouseAction, MouseInput, SaveStatus, SidebarData};
pub use notices::{Notice, NoticeLevel, Notices};
pub use pane_layout::{LayoutClass, LayoutOptions, Pane, PaneLayout, Size};
pub use picker::{Overlay, PathPurpose, Picker, PickerAction, PickerItem, PickerKind};
pub use sidebar::{FolderState, Sidebar, SidebarRow, SidebarTarget};

use crate::{
    command::{Key, Keymap},
    model::{EntryId, Failure, RefreshScope, StarterCollection, ViewScope},
    settings::{KeyPreset, ListDensity, Settings},
    text::LocalNow,
};

/// How long an article must rest in view before it counts as read.
const DWELL_TIME: TimeDelta = TimeDelta::seconds(2);

/// The running program.
#[derive(Debug)]
pub struct App {
    /// Views, feeds and saved filters.
    pub sidebar: Sidebar,
    /// The entry list.
    pub entry_list: EntryList,
    /// The reader.
    pub article_pane: ArticlePane,
    /// The filter bar.
    pub filter_bar: FilterBar,
    /// What lies over the panes.
    pub overlay: Option<Overlay>,
    /// Work in the background.
    pub jobs: BackgroundJobs,
    /// What the program says.
    pub notices: Notices,
    /// How it looks and feels, as far as the user changes it while it runs.
    pub ui: UiState,
    /// Whether the program should end, and why.
    pub exit_reason: Option<ExitReason>,
    key_state: KeyState,
    dwell: DwellTimer,
    current_time: LocalNow,
}

/// Why the program ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExitReason {
    /// The user wants it.
    Quit,
    /// A thread it cannot live without has died.
    WorkerDied(&'static str),
}

/// How the program looks and feels at the moment.
#[derive(Debug)]
pub struct UiState {
    /// The settings it began with.
    pub settings: Settings,
    /// The size of the terminal.
    pub size: Size,
    /// The pane with the keys.
    pub focus: Pane,
    /// The filter bar has the caret though letters are commands (vim preset).
    pub filter_editing: bool,
    /// Letters filter, or letters are commands.
    pub key_preset: KeyPreset,
    /// The name of the theme.
    pub theme: String,
    /// The names of the themes there are.
    pub themes: Vec<String>,
    /// Rows of an entry.
    pub density: ListDensity,
    /// The opened article takes the whole screen.
    pub wide_article: bool,
    /// How the terminal wants right-to-left text.
    pub bidi: BidiState,
    /// The user's own widths of the list, in thousandths, by layout class.
    pub list_shares: BTreeMap<&'static str, u16>,
    dragging_divider: bool,
}

/// The keymaps, and the keys pressed so far of a sequence.
#[derive(Debug)]
struct KeyState {
    type_keymap: Keymap,
    vim_keymap: Keymap,
    pending_keys: Vec<Key>,
}

/// What lies still long enough is read; nothing does before the first key.
#[derive(Debug, Default)]
struct DwellTimer {
    has_input: bool,
    entry_id: Option<EntryId>,
    since: Option<DateTime<Utc>>,
}

/// What the app is made with.
#[derive(Debug)]
pub struct AppSetup {
    /// The settings, all layers merged.
    pub settings: Settings,
    /// The keys of the preset "type".
    pub type_keymap: Keymap,
    /// The keys of the preset "vim".
    pub vim_keymap: Keymap,
    /// The names of the themes there are.
    pub themes: Vec<String>,
    /// Collections of feeds to begin with.
    pub collections: Vec<StarterCollection>,
    /// What earlier runs kept.
    pub preferences: BTreeMap<String, String>,
    /// The list to begin with.
    pub initial_scope: Option<ViewScope>,
    /// What went wrong before there was a screen.
    pub failures: Vec<Failure>,
    /// What stays true of this run and should be seen all the while.
    pub warning: Option<String>,
    /// The size of the terminal.
    pub size: Size,
    /// The time.
    pub now: LocalNow,
}

impl App {
    /// The program as it begins, and what it needs first.
    pub fn new(setup: AppSetup) -> (App, Effects) {
        let kept = |name: &str| setup.preferences.get(name).cloned();
        let mut app = App {
            sidebar: Sidebar::default(),
            entry_list: EntryList::default(),
            article_pane: ArticlePane::with_images(setup.settings.article.images),
            filter_bar: FilterBar::default(),
            overlay: None,
            jobs: BackgroundJobs::default(),
            notices: Notices::default(),
            ui: UiState::new(&setup),
            exit_reason: None,
            key_state: KeyState {
                type_keymap: setup.type_keymap,
                vim_keymap: setup.vim_keymap,
                pending_keys: Vec::new(),
            },
            dwell: DwellTimer::default(),
            current_time: setup.now,
        };
        app.filter_bar
            .set_history(kept("history").map(|text| split_lines(&text)).unwrap_or_default());
        app.notices.set_warning(setup.warning);
        app.sidebar.set_collections(setup.collections);
        app.jobs.schedule_refresh(setup.settings.refresh.every, setup.now.at);
        for failure in setup.failures {
            app.notices.show_failure(failure, setup.now.at);
        }
        if let Some(id) = kept("selected").and_then(|id| id.parse().ok()) {
            app.entry_list.select_when_listed(EntryId(id));
        }
        let scope = setup
            .initial_scope
            .or_else(|| kept("scope").and_then(|text| parse_scope(&text)))
            .unwrap_or_default();
        app.resize_parts();
        let effects = app
            .entry_list
            .request_view(crate::model::View { scope, ..Default::default() })
            .and(Effect::LoadSidebar);
        let effects = effects.and(app.update_mouse_tracking());
        (app, effects)
    }

    /// Changes the state; total, and never waits. What it asks for is not all: [`App::request_missing`] follows.
    pub fn update(&mut self, message: Message, now: LocalNow) -> Effects {
        self.current_time = now;
        let effects = match message {
            Message::Key(key) => self.handle_key(key),
            Message::Paste(text) => self.handle_paste(&text),
            Message::Mouse(mouse) => self.handle_mouse(mouse),
            Message::Resized(size) => self.handle_resize(size),
            Message::Command(command) => self.run_command(command),
            Message::Tick => self.handle_tick(),
            answer => self.handle_response(answer),
        };
        self.resize_parts();
        effects.and(self.sync_article_pane())
    }

    /// Asks for what is missing where the selection is now: the article, its neighbours, rows around the screen.
    ///
    /// Once after a batch of messages: a held key passes over articles that nobody will see.
    pub fn request_missing(&mut self) -> Effects {
        let neighbours = self.entry_list.neighbour_ids();
        let missing = self
            .entry_list
            .request_missing_rows()
            .and(self.article_pane.request_articles(&neighbours));
        missing
            .and(self.detect_rtl_text())
            .and(self.fetch_automatic_full_text())
            .and(self.request_visible_images())
    }

    /// How long until something changes by itself; `None` while nothing will.
    pub fn time_until_wake(&self, now: DateTime<Utc>) -> Option<Duration> {
        let rest = self.dwell.since.map(|since| since + DWELL_TIME - now);
        let overlay = self.overlay.as_ref().and_then(|overlay| overlay.time_until_menu(now));
        let waits = [rest, overlay, self.notices.time_until_expiry(now)];
        // A clock that was set back must not make a wait longer than any of them can be.
        let wait = waits
            .into_iter()
            .flatten()
            .min()
            .map(|wait| wait.clamp(TimeDelta::zero(), TimeDelta::seconds(10)));
        let refresh = self.jobs.next_refresh().map(|next| {
            (next - now).clamp(TimeDelta::zero(), BackgroundJobs::MAX_REFRESH_INTERVAL)
        });
        wait.into_iter().chain(refresh).min()?.to_std().ok()
    }

    /// Where everything is on the screen.
    pub fn pane_layout(&self) -> PaneLayout {
        PaneLayout::new(self.ui.size, self.layout_options())
    }

    /// Where the histogram is drawn, and how many columns each of its bars takes; `None` where there is none.
    pub fn histogram_area(&self, panes: &PaneLayout) -> Option<(ratatui::layout::Rect, u16)> {
        /// Broader bars would be no bars any more.
        const BROADEST: u16 = 4;
        let told = !self.filter_bar.is_empty() && self.filter_bar.query().diagnostic.is_none();
        let area = panes.histogram_area().filter(|_| told && !self.ui.settings.accessible)?;
        let bars = self.entry_list.search_summary().histogram.as_ref()?.counts.len();
        let bars = u16::try_from(bars).ok().filter(|bars| *bars > 1)?;
        let step = area.width.checked_div(bars)?.clamp(1, BROADEST);
        // The screen may have become narrower since the question was asked.
        let width = bars.saturating_mul(step);
        (width <= area.width).then_some((ratatui::layout::Rect { width, ..area }, step))
    }

    /// Whether typed characters go into the filter bar.
    pub fn is_typing_filter(&self) -> bool {
        self.overlay.is_none()
            && self.ui.focus == Pane::List
            && (self.ui.key_preset == KeyPreset::Type || self.ui.filter_editing)
    }

    /// The keymap of the moment.
    pub fn active_keymap(&self) -> &Keymap {
        match self.ui.key_preset {
            KeyPreset::Type => &self.key_state.type_keymap,
            KeyPreset::Vim => &self.key_state.vim_keymap,
        }
    }

    /// Rows that one entry of the list takes.
    pub fn rows_per_entry(&self) -> u16 {
        let panes = self.pane_layout();
        let roomy = panes.screen.height >= 32 && panes.screen.width >= 100;
        match self.ui.density {
            _ if panes.class <= LayoutClass::Tiny => 1,
            ListDensity::Auto if roomy && panes.article.is_some() => 2,
            ListDensity::TwoLines => 2,
            _ => 1,
        }
    }

    /// What the list shows where nothing is typed.
    pub fn scope(&self) -> &ViewScope {
        &self.entry_list.view().scope
    }

    fn layout_options(&self) -> LayoutOptions {
        let class = LayoutClass::from_size(self.ui.size);
        LayoutOptions {
            focus: self.ui.focus,
            wide_article: self.ui.wide_article,
            has_banner: self.notices.banner().is_some(),
            single_pane: self.ui.settings.accessible,
            list_share: self.ui.list_shares.get(class.preference_key()).copied(),
        }
    }

    /// Tells every part how much room it has.
    fn resize_parts(&mut self) {
        let panes = self.pane_layout();
        let per_entry = usize::from(self.rows_per_entry());
        let list = panes.list.map_or(0, |list| usize::from(list.height)) / per_entry;
        self.entry_list
            .resize(list.max(1), panes.histogram_area().map_or(0, |area| usize::from(area.width)));
        self.sidebar.resize(panes.sidebar.map_or(0, |area| usize::from(area.height)));
        if let Some(text) = panes.text_area(self.ui.settings.article.measure) {
            self.article_pane.resize(TextPaneSize { width: text.width, height: text.height });
        }
    }

    /// The reader shows what is selected; what rests there is read after a while.
    fn sync_article_pane(&mut self) -> Effects {
        let entry = self.entry_list.selected_entry();
        let rest = entry.filter(|entry| !entry.state.read).map(|entry| entry.id);
        let unknown = entry.is_none() && self.entry_list.selected_id().is_some();
        let left = if unknown { Effects::none() } else { self.article_pane.show_entry(entry) };
        self.update_dwell(rest);
        left
    }

    fn update_dwell(&mut self, entry: Option<EntryId>) {
        let in_view =
            self.dwell.has_input && self.pane_layout().article.is_some() && self.overlay.is_none();
        let entry = entry.filter(|id| {
            in_view && self.article_pane.view().is_some_and(|shown| shown.entry_id() == *id)
        });
        if self.dwell.entry_id != entry {
            self.dwell.entry_id = entry;
            self.dwell.since = entry.map(|_| self.current_time.at);
        }
    }

    fn handle_tick(&mut self) -> Effects {
        let now = self.current_time.at;
        self.notices.expire(now);
        if let Some(overlay) = &mut self.overlay {
            overlay.reveal_menu_when_due(now);
        }
        let due = self.jobs.take_due_refresh(now).then_some(Effect::Refresh(RefreshScope::Due));
        if self.dwell.since.is_some_and(|since| since + DWELL_TIME <= now) {
            self.dwell.since = None;
            return self.mark_selected_read().and(due);
        }
        due.into()
    }
}

impl UiState {
    fn new(setup: &AppSetup) -> UiState {
        let kept = |name: &str| setup.preferences.get(name).map(String::as_str);
        // A choice made in the program holds until the setting itself is changed.
        let chosen = |name: &str, setting: &str| {
            kept(name)?
                .split_once('\n')
                .filter(|(_, over)| *over == setting)
                .map(|(choice, _)| choice)
        };
        let settings = &setup.settings;
        let preset = match chosen("keys", settings.keys.name()) {
            Some("vim") => KeyPreset::Vim,
            Some("type") => KeyPreset::Type,
            _ => setup.settings.keys,
        };
        let theme = chosen("theme", &settings.theme)
            .filter(|name| setup.themes.iter().any(|theme| theme == name));
        let classes = [LayoutClass::Wide, LayoutClass::Medium, LayoutClass::Narrow]
            .map(LayoutClass::preference_key);
        let share = |name: &'static str| {
            Some((name, kept(name)?.parse().ok().filter(|share| *share <= 1000)?))
        };
        UiState {
            size: setup.size,
            focus: Pane::List,
            filter_editing: false,
            key_preset: preset,
            theme: theme.unwrap_or(&setup.settings.theme).to_owned(),
            themes: setup.themes.clone(),
            density: match chosen("density", settings.list.density.name()) {
                Some("one") => ListDensity::OneLine,
                Some("two") => ListDensity::TwoLines,
                _ => setup.settings.list.density,
            },
            wide_article: false,
            bidi: BidiState::new(
                settings.bidi,
                chosen("bidi", settings.bidi.name()),
                kept("bidi_told").is_some(),
            ),
            list_shares: classes.into_iter().filter_map(share).collect(),
            dragging_divider: false,
            settings: setup.settings.clone(),
        }
    }
}

fn split_lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// How a scope is kept across runs.
fn format_scope(scope: &ViewScope) -> String {
    match scope {
        ViewScope::Unread => "unread".to_owned(),
        ViewScope::Starred => "starred".to_owned(),
        ViewScope::Today => "today".to_owned(),
        ViewScope::All => "everything".to_owned(),
        ViewScope::Feed(id) => format!("feed {id}"),
        ViewScope::Folder(name) => format!("folder {name}"),
    }
}

fn parse_scope(text: &str) -> Option<ViewScope> {
    Some(match text.split_once(' ') {
        None if text == "starred" => ViewScope::Starred,
        None if text == "today" => ViewScope::Today,
        None if text == "everything" => ViewScope::All,
        None => ViewScope::Unread,
        Some(("feed", id)) => ViewScope::Feed(crate::model::FeedId(id.parse().ok()?)),
        Some(("folder", name)) => ViewScope::Folder(name.to_owned()),
        Some(_) => return None,
    })
}
