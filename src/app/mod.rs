//! The state of the running program, and the one function that changes it.
//!
//! Nothing here does I/O, reads a clock or names a terminal: [`App::update`] takes a [`Message`]
//! and the time, changes the state, and returns the [`Effects`] that the runtime carries out.
//!
//! The state has parts (`state/`, and `overlays/` for pickers, dialogs and tables over the panes).
//! Only a part changes its own state: each command and each message is one arm of a match without
//! wildcards (`update/commands.rs`, `update/messages.rs`), and the arm calls a method of the part
//! that owns the state to be changed. The method gets data of other parts as read-only arguments,
//! and returns its requests to them as `Actions`: an effect for the runtime, a notice, another
//! focus, another filter. [`App`] only routes commands and messages, and carries the actions out.

mod account_state;
mod action;
mod article_act;
mod change_description;
mod command_titles;
mod effect;
mod history_description;
mod import_sentence;
mod journal_page;
mod mark_sentences;
mod message;
mod overlays;
mod program_run;
mod rule_trial;
mod setup;
mod sidebar_data;
mod state;
mod tag_label;
mod target_scope;
mod update;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ratatui::layout::Rect;

pub use account_state::{account_state_sentence, account_state_text, waiting_text};
pub(in crate::app) use action::{Action, Actions};
pub use article_act::ArticleAct;
pub use change_description::{
    describe_action, describe_changed_since, describe_dropped, describe_next_step,
    describe_recorded_change, refusal_failure,
};
pub use command_titles::CommandTitles;
pub use effect::{
    ArticleRequest, Effect, Effects, ExportTarget, RequestId, StoreWrite, TerminalRequest,
};
pub use history_description::{
    MarkReason, describe_past_act, mark_reasons, mark_sentence, story_sentence,
};
pub use journal_page::{JournalPage, JournalRequest, JournalRow};
use mark_sentences::uncapitalize;
pub use message::{ChangeAction, LoadedImage, Message, MouseAction, MouseInput, SaveStatus};
pub use overlays::*;
pub use program_run::{ProgramRun, article_slots};
pub use rule_trial::{RuleTrial, TRIAL_DAYS, TrialPurpose, describe_dry_run};
pub use setup::AppSetup;
pub use sidebar_data::{SidebarData, SidebarTotals};
pub use state::*;
pub use tag_label::tag_label;
pub use target_scope::TargetScope;

use crate::{
    command::{KeyContext, Keymap},
    model::{EntryId, ListDefinition, ReadingPosition, RefreshScope, ViewScope},
    query::Query,
    settings::{NotificationSetting, OnOff},
    text::LocalNow,
};

/// The running program.
#[derive(Debug)]
pub struct App {
    /// Views and feeds.
    pub sidebar: Sidebar,
    /// The entry list.
    pub entry_list: EntryList,
    /// The reading pane.
    pub article_pane: ArticlePane,
    /// The filter bar.
    pub filter_bar: FilterBar,
    /// The open overlay.
    pub overlay: Option<Overlay>,
    /// Background work.
    pub jobs: BackgroundJobs,
    /// Notices, banner and failures.
    pub notices: Notices,
    /// Focus, sizes, theme and keys.
    pub ui: UiState,
    /// The reason to end the program; `None` while it runs.
    pub exit_reason: Option<ExitReason>,
    /// The program ends once the changes that wait are saved.
    is_quitting: bool,
    key_state: KeyState,
    dwell: DwellTimer,
    notification_queue: NotificationQueue,
    current_time: LocalNow,
}

/// A reason to end the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExitReason {
    /// The user quits.
    Quit,
    /// A thread that the program needs has died.
    WorkerDied(&'static str),
}

impl App {
    /// Creates the program's state, and returns it with its first effects.
    pub fn new(setup: AppSetup) -> (App, Effects) {
        let mut app = App {
            sidebar: Sidebar::default(),
            entry_list: EntryList::default(),
            article_pane: ArticlePane::with_settings(&setup.settings),
            filter_bar: FilterBar::default(),
            overlay: None,
            jobs: BackgroundJobs::default(),
            notices: Notices::default(),
            ui: UiState::new(&setup),
            exit_reason: None,
            is_quitting: false,
            key_state: KeyState {
                type_keymap: setup.type_keymap,
                vim_keymap: setup.vim_keymap,
                pending_keys: Vec::new(),
            },
            dwell: DwellTimer::new(setup.settings.article.mark_read_after),
            notification_queue: NotificationQueue::default(),
            current_time: setup.now,
        };
        app.filter_bar.set_history(setup.session.filter_history);
        app.notices.set_warning(setup.warning);
        app.sidebar.set_collections(setup.collections);
        app.sidebar.set_hides_read_feeds(setup.session.hides_read_feeds);
        app.jobs.schedule_refresh(setup.settings.refresh.every, setup.now.at);
        app.notices.show_start_failures(setup.failures, setup.now.at);
        if let Some(id) = setup.session.selected {
            app.entry_list.select_when_listed(id);
        }
        let scope = setup.initial_scope.or(setup.session.scope).unwrap_or_default();
        app.set_copies(app.ui.copies);
        app.entry_list.reads_stories = app.ui.settings.article.read_story == OnOff::On;
        app.entry_list.set_arrangements(setup.session.arrangements);
        let _ = app.entry_list.set_views(&setup.views);
        app.resize_parts();
        let effects = app
            .entry_list
            .request_list(ListDefinition { scope, ..ListDefinition::default() })
            .and(Effect::LoadSidebar)
            .and(app.ui.mouse_tracking());
        (app, effects)
    }

    /// Handles a message and returns the effects. Never fails and never waits.
    ///
    /// After a batch of messages, [`App::request_missing`] requests the data that is then missing.
    pub fn update(&mut self, message: Message, now: LocalNow) -> Effects {
        self.current_time = now;
        self.entry_list.set_now(now);
        let effects = self.route_message(message);
        let effects = effects.and(self.follow_rule_form());
        let marks = self.entry_list.unsaved_marks.take_new();
        if !marks.is_empty() {
            self.sidebar.apply_marks(&marks, now);
        }
        self.resize_parts();
        effects.and(self.sync_article_pane())
    }

    /// Requests what is missing around the selection: the article, its neighbours, rows around the
    /// screen, pictures.
    ///
    /// Called once after a batch of messages: a held key passes over articles that are never shown.
    pub fn request_missing(&mut self) -> Effects {
        let neighbours = self.entry_list.neighbour_ids();
        let mut effects = self
            .entry_list
            .request_missing_rows()
            .and(self.request_view_counts())
            .and(self.entry_list.request_hidden_count())
            .and(self.search_archive())
            .and(self.article_pane.request_articles(&neighbours))
            .and(self.overlay.as_mut().and_then(Overlay::request_missing));
        let entry = self.entry_list.selected_entry();
        if !self.ui.bidi.has_seen_rtl() && is_rtl_visible(entry, self.article_pane.view()) {
            let actions = self.ui.bidi.note_rtl();
            effects = effects.and(self.perform(actions));
        }
        let shows_images = self.article_pane.images.are_enabled() && self.fits_images();
        self.article_pane.set_images_visible(shows_images);
        let Some(entry) = self.entry_list.selected_entry() else { return effects };
        let feed = self.sidebar.feed(entry.feed);
        if let (Pane::Article, Some(view)) = (self.ui.focus, self.article_pane.view()) {
            let fetched = update::fetch_automatic_full_text(view, entry, feed, &mut self.jobs);
            effects = effects.and(fetched);
        }
        let images = shows_images.then(|| self.article_pane.request_images(entry, feed));
        effects.and(Effects::from(images))
    }

    /// Requests the counts of the views if the sidebar shows them and something has changed.
    fn request_view_counts(&mut self) -> Effects {
        let is_visible = self.pane_layout().sidebar.is_some();
        is_visible.then(|| self.sidebar.request_view_counts()).flatten().into()
    }

    /// Returns the time until something changes by itself; `None` if nothing will.
    pub fn time_until_wake(&self, now: DateTime<Utc>) -> Option<Duration> {
        let menu = self.overlay.as_ref().and_then(|overlay| overlay.time_until_menu(now));
        let waits = [self.dwell.time_left(now), menu, self.notices.time_until_expiry(now)];
        // If the clock was set back, a wait may seem hours long; no real one exceeds ten seconds.
        let wait = waits
            .into_iter()
            .flatten()
            .min()
            .map(|wait| wait.clamp(TimeDelta::zero(), TimeDelta::seconds(10)));
        let refresh = self.jobs.next_refresh().map(|next| {
            (next - now).clamp(TimeDelta::zero(), BackgroundJobs::MAX_REFRESH_INTERVAL)
        });
        let notification = self.notification_queue.time_left(now);
        let notification = notification.map(|wait| wait.max(TimeDelta::zero()));
        wait.into_iter().chain(refresh).chain(notification).min()?.to_std().ok()
    }

    /// Returns the areas of everything on the screen.
    pub fn pane_layout(&self) -> PaneLayout {
        self.ui.pane_layout(self.notices.banner().is_some())
    }

    /// Returns the area of the histogram and the width of its bars in columns; `None` if no
    /// histogram is shown.
    pub fn histogram_area(&self, panes: &PaneLayout) -> Option<(ratatui::layout::Rect, u16)> {
        /// Wider bars would look like blocks.
        const MAX_BAR_WIDTH: u16 = 4;
        let filtered = !self.filter_bar.is_empty()
            && self.filter_bar.query().diagnostic.is_none()
            && !self.entry_list.is_outdated_for_long();
        let area = panes.histogram_area().filter(|_| filtered && !self.ui.settings.accessible)?;
        let bars = self.entry_list.search_summary().histogram.as_ref()?.counts.len();
        let bars = u16::try_from(bars).ok().filter(|bars| *bars > 1)?;
        let step = area.width.checked_div(bars)?.clamp(1, MAX_BAR_WIDTH);
        // The screen may have become narrower since the search.
        let width = bars.saturating_mul(step);
        (width <= area.width).then_some((ratatui::layout::Rect { width, ..area }, step))
    }

    /// Returns the index of the histogram column that contains the selected entry.
    pub fn selected_histogram_column(&self) -> Option<usize> {
        self.entry_list.selected_bucket(self.current_time.zone)
    }

    /// Returns whether letters go into the filter bar.
    pub fn is_typing_filter(&self) -> bool {
        self.overlay.is_none() && self.ui.is_filter_focused()
    }

    /// Returns the rest of the completion that the filter bar offers.
    pub fn completion_suffix(&self) -> Option<String> {
        self.is_typing_filter().then(|| self.filter_bar.completion_suffix(&self.sidebar)).flatten()
    }

    /// Returns the keymap of the preset that is chosen.
    pub fn active_keymap(&self) -> &Keymap {
        self.key_state.keymap(self.ui.key_preset)
    }

    /// Returns the contexts in which keys are looked up, the innermost first.
    pub fn key_contexts(&self) -> &'static [KeyContext] {
        match &self.overlay {
            Some(overlay) => overlay.key_contexts(),
            None => self.pane_key_contexts(),
        }
    }

    /// Returns the contexts in which keys are looked up while no overlay is open.
    pub fn pane_key_contexts(&self) -> &'static [KeyContext] {
        self.ui.key_contexts(self.filter_bar.is_empty(), self.entry_list.has_marked_rows())
    }

    /// Returns the rows that one entry of the list takes.
    pub fn rows_per_entry(&self) -> u16 {
        self.ui.rows_per_entry(&self.pane_layout())
    }

    /// Returns the selected headline of a list for a screen reader.
    pub fn spoken_headline(&self) -> Option<SpokenHeadline> {
        let entry = self.entry_list.selected_row().filter(|_| self.ui.settings.accessible)?;
        let sources = entry.source_names(&|id| self.sidebar.feed(id));
        let names_source = !self.sidebar.has_one_source(self.scope());
        let is_marked = self.entry_list.is_marked(entry.id);
        let sources = if names_source { sources.join(", ") } else { String::new() };
        let sources = Some(&*sources).filter(|names| !names.is_empty());
        let place = self.entry_list.story_place(entry);
        Some(SpokenHeadline::new(entry, sources, (is_marked, place), self.current_time))
    }

    /// Returns the rows that the selected entry takes in a list of this size.
    pub fn selected_entry_rows(&self, list: Rect) -> u16 {
        let spoken = self.spoken_headline();
        let rows = spoken.map(|headline| headline.rows(list.width, list.height).len());
        rows.and_then(|rows| u16::try_from(rows).ok()).unwrap_or(self.rows_per_entry())
    }

    /// Returns the scope that the list shows while the filter bar is empty.
    pub fn scope(&self) -> &ViewScope {
        &self.entry_list.definition().scope
    }

    /// Returns the number of entries of the list. Before all of them are found, which takes a while at
    /// the start in a large library, the feeds state how many there will be.
    pub fn listed_count(&self) -> u64 {
        let (list, definition) = (&self.entry_list, self.entry_list.definition());
        let is_incomplete = list.is_partial() || !list.has_loaded();
        let is_stated = is_incomplete && definition.filter.is_empty() && !definition.unread_only;
        let stated = is_stated.then(|| self.sidebar.stated_count(&definition.scope)).flatten();
        stated.unwrap_or_default().max(list.found_count() as u64)
    }

    /// Returns the number of rows of the list: that of its entries, without those that a story folds, and with those that
    /// only the archive has.
    pub fn listed_row_count(&self) -> u64 {
        let list = &self.entry_list;
        let far = (list.row_count() - list.len()) as u64;
        if list.story_count().is_some() { list.len() as u64 } else { self.listed_count() + far }
    }

    /// Returns whether the welcome screen is shown: there are no feeds, and nothing else to see.
    pub fn shows_welcome(&self) -> bool {
        self.sidebar.is_loaded()
            && self.sidebar.data().feeds.is_empty()
            && self.overlay.is_none()
            && self.filter_bar.is_empty()
            && self.ui.focus != Pane::Article
    }

    /// Returns the query whose matches are highlighted in the article: the find bar's, else the
    /// filter's.
    pub fn highlight_query(&self) -> &Query {
        match &self.overlay {
            Some(Overlay::FindBar(find)) => find.query(),
            _ => self.filter_bar.query(),
        }
    }

    /// Returns true if the screen shows everything that was asked for last: the list, and the selected article
    /// where one is shown.
    pub fn is_screen_complete(&self) -> bool {
        let list = &self.entry_list;
        let has_rows = list.row_count() == 0 || list.selected_row().is_some();
        list.has_loaded() && !list.is_outdated() && has_rows && !self.article_pane.is_loading()
    }

    /// Returns the position in the article in view, which is saved when the article is closed or
    /// the program is killed.
    pub fn reading_position(&self) -> Option<(EntryId, ReadingPosition)> {
        self.article_pane.view().map(|view| (view.entry_id(), view.position()))
    }

    /// Returns whether pictures can be shown: the terminal can, and the article is wide.
    fn fits_images(&self) -> bool {
        let is_wide = self.ui.wide_article && self.pane_layout().is_article_alone();
        is_wide && supports_images(&self.ui.settings)
    }

    /// Passes the size of its area to every part.
    fn resize_parts(&mut self) {
        let panes = self.pane_layout();
        let per_entry = usize::from(self.ui.rows_per_entry(&panes));
        // A list behind an article keeps its height, and so its place when it comes back.
        if let Some(list) = panes.list {
            self.entry_list.resize(ListSize {
                line_count: usize::from(list.height),
                lines_per_entry: per_entry,
                selected_lines: usize::from(self.selected_entry_rows(list)),
            });
        }
        let columns = panes.histogram_area().map_or(0, |area| usize::from(area.width));
        self.entry_list.set_histogram_columns(columns);
        if let Some(overlay) = &mut self.overlay {
            let keymap = self.key_state.keymap(self.ui.key_preset);
            overlay.resize(&panes, self.sidebar.data(), keymap);
        }
        self.sidebar.resize(panes.sidebar.map_or(0, |area| usize::from(area.height)));
        if let Some(text) = panes.text_area(self.ui.settings.article.measure) {
            self.article_pane.resize(TextPaneSize { width: text.width, height: text.height });
        }
    }

    /// Shows the selected entry in the reading pane, and watches how long it rests there unread.
    fn sync_article_pane(&mut self) -> Effects {
        let entry = self.entry_list.selected_entry();
        let is_loading = entry.is_none() && self.entry_list.selected_id().is_some();
        let closed = if is_loading { Effects::none() } else { self.article_pane.show_entry(entry) };
        let is_visible = self.overlay.is_none() && self.pane_layout().article.is_some();
        let shown_id = self.article_pane.view().map(ArticleView::entry_id);
        let resting = entry
            .filter(|entry| is_visible && !entry.state.read && Some(entry.id) == shown_id)
            .map(|entry| entry.id);
        if let Some(entry) = entry {
            self.dwell.note_state(entry.id, entry.state.read);
        }
        if self.entry_list.is_empty() && self.entry_list.is_up_to_date() {
            self.dwell.wait_for_input();
        }
        self.dwell.watch(resting, self.current_time.at);
        let is_open = self.ui.focus == Pane::Article;
        if let Some(notice) = self.article_pane.show_first_match(self.filter_bar.query(), is_open) {
            self.notices.show(notice, self.current_time.at);
        }
        closed
    }

    fn handle_tick(&mut self) -> Effects {
        let now = self.current_time.at;
        self.notices.expire(now);
        if let Some(overlay) = &mut self.overlay {
            overlay.reveal_menu_when_due(now);
        }
        let read = self.dwell.take_elapsed(now).then(|| self.entry_list.mark_selected_read());
        let due = self.jobs.take_due_refresh(now).then_some(Effect::Refresh(RefreshScope::Due));
        let shows_on_desktop = self.ui.settings.notifications == NotificationSetting::Desktop;
        let notification = self.notification_queue.take_due(now).map(|text| {
            if shows_on_desktop {
                Effect::NotifyDesktop(text)
            } else {
                Effect::Terminal(TerminalRequest::Notify(text))
            }
        });
        Effects::from(read).and(Effects::from(due)).and(Effects::from(notification))
    }
}
