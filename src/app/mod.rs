//! The state of the running program, and the one function that changes it.
//!
//! Nothing here does I/O, reads a clock or names a terminal: [`App::update`] takes a [`Message`] and the time, changes
//! the state, and answers with the [`Effects`] that the runtime carries out.

mod act;
mod adding;
mod article;
mod direction;
mod effect;
mod entries;
mod feeds;
mod filter;
mod find;
mod full_text;
mod hear;
mod jobs;
mod keys;
mod look;
mod manager;
mod message;
mod mouse;
mod notices;
mod overlay;
mod panes;
mod pick;
mod pictures;
mod reader;
mod shown;
mod sidebar;

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};

pub use adding::{AddFeed, Found, Stage};
pub use direction::Direction;
pub use effect::{Delivery, Effect, Effects, Question, StoreWrite, TerminalRequest, Ticket};
pub use entries::EntryList;
pub use filter::{FilterBar, TextLine};
pub use find::Find;
pub use jobs::{Jobs, Progress};
pub use manager::{EditFeed, Manager};
pub use message::{
    Listing, Message, Mouse, MouseKind, Overview, RefreshEvent, RefreshSummary, Saving, SidebarFacts, Step,
};
pub use notices::{Notice, Notices, Tone};
pub use overlay::{Item, Overlay, PathFor, Pick, Picker, PickerKind};
pub use panes::{Attention, LayoutClass, Pane, Panes, Size};
pub use pictures::{PictureKey, Pictures};
pub use reader::{Article, Geometry, Reader, Scroll};
pub use shown::Shown;
pub use sidebar::{Choice, Fold, Sidebar, SidebarRow};

use crate::{
    command::{Key, Keymap},
    model::{Collection, EntryId, Failure, RefreshScope, Scope},
    settings::{Density, Preset, Settings},
    text::Now,
};

/// How long an article must rest in view before it counts as read.
const REST: TimeDelta = TimeDelta::seconds(2);

/// The running program.
#[derive(Debug)]
pub struct App {
    /// Views, feeds and saved filters.
    pub sidebar: Sidebar,
    /// The entry list.
    pub entries: EntryList,
    /// The reader.
    pub reader: Reader,
    /// The filter bar.
    pub filter: FilterBar,
    /// What lies over the panes.
    pub overlay: Option<Overlay>,
    /// Work in the background.
    pub jobs: Jobs,
    /// What the program says.
    pub notices: Notices,
    /// How it looks and feels, as far as the user changes it while it runs.
    pub look: Look,
    /// Whether the program should end, and why.
    pub ending: Option<Ending>,
    keys: Keys,
    rest: Rest,
    moment: Now,
}

/// Why the program ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The user wants it.
    Asked,
    /// A thread it cannot live without has died.
    Died(&'static str),
}

/// How the program looks and feels at the moment.
#[derive(Debug)]
pub struct Look {
    /// The settings it began with.
    pub settings: Settings,
    /// The size of the terminal.
    pub size: Size,
    /// The pane with the keys.
    pub focus: Pane,
    /// The filter bar has the caret though letters are commands (vim preset).
    pub typing: bool,
    /// Letters filter, or letters are commands.
    pub preset: Preset,
    /// The name of the theme.
    pub theme: String,
    /// The names of the themes there are.
    pub themes: Vec<String>,
    /// Rows of an entry.
    pub density: Density,
    /// The opened article takes the whole screen.
    pub wide_article: bool,
    /// How the terminal wants right-to-left text.
    pub direction: Direction,
    /// The user's own widths of the list, in thousandths, by layout class.
    pub shares: BTreeMap<&'static str, u16>,
    dragging: bool,
}

/// The keymaps, and the keys pressed so far of a sequence.
#[derive(Debug)]
struct Keys {
    typing: Keymap,
    vim: Keymap,
    pending: Vec<Key>,
}

/// What lies still long enough is read; nothing does before the first key.
#[derive(Debug, Default)]
struct Rest {
    touched: bool,
    entry: Option<EntryId>,
    since: Option<DateTime<Utc>>,
}

/// What the app is made with.
#[derive(Debug)]
pub struct Setup {
    /// The settings, all layers merged.
    pub settings: Settings,
    /// The keys of the preset "type".
    pub typing: Keymap,
    /// The keys of the preset "vim".
    pub vim: Keymap,
    /// The names of the themes there are.
    pub themes: Vec<String>,
    /// Collections of feeds to begin with.
    pub collections: Vec<Collection>,
    /// What earlier runs kept.
    pub kept: BTreeMap<String, String>,
    /// The list to begin with.
    pub scope: Option<Scope>,
    /// What went wrong before there was a screen.
    pub failures: Vec<Failure>,
    /// What stays true of this run and should be seen all the while.
    pub warning: Option<String>,
    /// The size of the terminal.
    pub size: Size,
    /// The time.
    pub now: Now,
}

impl App {
    /// The program as it begins, and what it needs first.
    pub fn new(setup: Setup) -> (App, Effects) {
        let kept = |name: &str| setup.kept.get(name).cloned();
        let mut app = App {
            sidebar: Sidebar::default(),
            entries: EntryList::default(),
            reader: Reader::with_pictures(setup.settings.article.images),
            filter: FilterBar::default(),
            overlay: None,
            jobs: Jobs::default(),
            notices: Notices::default(),
            look: Look::new(&setup),
            ending: None,
            keys: Keys { typing: setup.typing, vim: setup.vim, pending: Vec::new() },
            rest: Rest::default(),
            moment: setup.now,
        };
        app.filter.set_history(kept("history").map(|text| lines(&text)).unwrap_or_default());
        app.notices.set_warning(setup.warning);
        app.sidebar.offer(setup.collections);
        app.jobs.schedule(setup.settings.refresh.every, setup.now.at);
        for failure in setup.failures {
            app.notices.fail(failure, setup.now.at);
        }
        if let Some(id) = kept("selected").and_then(|id| id.parse().ok()) {
            app.entries.want(EntryId(id));
        }
        let scope =
            setup.scope.or_else(|| kept("scope").and_then(|text| scope_from(&text))).unwrap_or_default();
        app.fit();
        let effects =
            app.entries.ask(crate::model::View { scope, ..Default::default() }).and(Effect::Sidebar);
        let effects = effects.and(app.track());
        (app, effects)
    }

    /// Changes the state; total, and never waits. What it asks for is not all: [`App::settle`] follows.
    pub fn update(&mut self, message: Message, now: Now) -> Effects {
        self.moment = now;
        let effects = match message {
            Message::Key(key) => self.key(key),
            Message::Paste(text) => self.paste(&text),
            Message::Mouse(mouse) => self.mouse(mouse),
            Message::Resized(size) => self.resized(size),
            Message::Command(command) => self.command(command),
            Message::Tick => self.tick(),
            answer => self.hear(answer),
        };
        self.fit();
        effects.and(self.follow())
    }

    /// Asks for what is missing where the selection is now: the article, its neighbours, rows around the screen.
    ///
    /// Once after a batch of messages: a held key passes over articles that nobody will see.
    pub fn settle(&mut self) -> Effects {
        let neighbours = self.entries.neighbours();
        let missing = self.entries.missing_rows().and(self.reader.bring(&neighbours));
        missing
            .and(self.look_out_for_rtl())
            .and(self.fetch_what_is_wanted_in_full())
            .and(self.bring_pictures())
    }

    /// How long until something changes by itself; `None` while nothing will.
    pub fn wake_in(&self, now: DateTime<Utc>) -> Option<Duration> {
        let rest = self.rest.since.map(|since| since + REST - now);
        let overlay = self.overlay.as_ref().and_then(|overlay| overlay.wake_in(now));
        let waits = [rest, overlay, self.notices.wake_in(now)];
        // A clock that was set back must not make a wait longer than any of them can be.
        let wait = waits
            .into_iter()
            .flatten()
            .min()
            .map(|wait| wait.clamp(TimeDelta::zero(), TimeDelta::seconds(10)));
        let refresh =
            self.jobs.next_refresh().map(|next| (next - now).clamp(TimeDelta::zero(), Jobs::LONGEST));
        wait.into_iter().chain(refresh).min()?.to_std().ok()
    }

    /// Where everything is on the screen.
    pub fn panes(&self) -> Panes {
        Panes::new(self.look.size, self.attention())
    }

    /// Where the histogram is drawn, and how many columns each of its bars takes; `None` where there is none.
    pub fn histogram_place(&self, panes: &Panes) -> Option<(ratatui::layout::Rect, u16)> {
        /// Broader bars would be no bars any more.
        const BROADEST: u16 = 4;
        let told = !self.filter.is_empty() && self.filter.query().complaint.is_none();
        let area = panes.histogram().filter(|_| told && !self.look.settings.accessible)?;
        let bars = self.entries.overview().histogram.as_ref()?.counts.len();
        let bars = u16::try_from(bars).ok().filter(|bars| *bars > 1)?;
        let step = area.width.checked_div(bars)?.clamp(1, BROADEST);
        // The screen may have become narrower since the question was asked.
        let width = bars.saturating_mul(step);
        (width <= area.width).then_some((ratatui::layout::Rect { width, ..area }, step))
    }

    /// Whether typed characters go into the filter bar.
    pub fn types_into_filter(&self) -> bool {
        self.overlay.is_none()
            && self.look.focus == Pane::List
            && (self.look.preset == Preset::Type || self.look.typing)
    }

    /// The keymap of the moment.
    pub fn keymap(&self) -> &Keymap {
        match self.look.preset {
            Preset::Type => &self.keys.typing,
            Preset::Vim => &self.keys.vim,
        }
    }

    /// Rows that one entry of the list takes.
    pub fn rows_per_entry(&self) -> u16 {
        let panes = self.panes();
        let roomy = panes.screen.height >= 32 && panes.screen.width >= 100;
        match self.look.density {
            _ if panes.class <= LayoutClass::Tiny => 1,
            Density::Auto if roomy && panes.article.is_some() => 2,
            Density::Two => 2,
            _ => 1,
        }
    }

    /// What the list shows where nothing is typed.
    pub fn scope(&self) -> &Scope {
        &self.entries.view().scope
    }

    fn attention(&self) -> Attention {
        let class = LayoutClass::of(self.look.size);
        Attention {
            on: self.look.focus,
            wide_article: self.look.wide_article,
            banner: self.notices.banner().is_some(),
            one_pane: self.look.settings.accessible,
            list_share: self.look.shares.get(class.name()).copied(),
        }
    }

    /// Tells every part how much room it has.
    fn fit(&mut self) {
        let panes = self.panes();
        let per_entry = usize::from(self.rows_per_entry());
        let list = panes.list.map_or(0, |list| usize::from(list.height)) / per_entry;
        self.entries.fit(list.max(1), panes.histogram().map_or(0, |area| usize::from(area.width)));
        self.sidebar.fit(panes.sidebar.map_or(0, |area| usize::from(area.height)));
        if let Some(text) = panes.text(self.look.settings.article.measure) {
            self.reader.fit(Geometry { width: text.width, height: text.height });
        }
    }

    /// The reader shows what is selected; what rests there is read after a while.
    fn follow(&mut self) -> Effects {
        let entry = self.entries.selected();
        let rest = entry.filter(|entry| !entry.state.read).map(|entry| entry.id);
        let unknown = entry.is_none() && self.entries.selected_id().is_some();
        let left = if unknown { Effects::none() } else { self.reader.show(entry) };
        self.note_rest(rest);
        left
    }

    fn note_rest(&mut self, entry: Option<EntryId>) {
        let in_view = self.rest.touched && self.panes().article.is_some() && self.overlay.is_none();
        let entry = entry.filter(|id| in_view && self.reader.shown().is_some_and(|shown| shown.id() == *id));
        if self.rest.entry != entry {
            self.rest.entry = entry;
            self.rest.since = entry.map(|_| self.moment.at);
        }
    }

    fn tick(&mut self) -> Effects {
        let now = self.moment.at;
        self.notices.tick(now);
        if let Some(overlay) = &mut self.overlay {
            overlay.tick(now);
        }
        let due = self.jobs.is_due(now).then_some(Effect::Refresh(RefreshScope::Due));
        if self.rest.since.is_some_and(|since| since + REST <= now) {
            self.rest.since = None;
            return self.mark_read().and(due);
        }
        due.into()
    }
}

impl Look {
    fn new(setup: &Setup) -> Look {
        let kept = |name: &str| setup.kept.get(name).map(String::as_str);
        // A choice made in the program holds until the setting itself is changed.
        let chosen = |name: &str, setting: &str| {
            kept(name)?.split_once('\n').filter(|(_, over)| *over == setting).map(|(choice, _)| choice)
        };
        let settings = &setup.settings;
        let preset = match chosen("keys", settings.keys.name()) {
            Some("vim") => Preset::Vim,
            Some("type") => Preset::Type,
            _ => setup.settings.keys,
        };
        let theme =
            chosen("theme", &settings.theme).filter(|name| setup.themes.iter().any(|theme| theme == name));
        let classes = [LayoutClass::Wide, LayoutClass::Middle, LayoutClass::Narrow].map(LayoutClass::name);
        let share =
            |name: &'static str| Some((name, kept(name)?.parse().ok().filter(|share| *share <= 1000)?));
        Look {
            size: setup.size,
            focus: Pane::List,
            typing: false,
            preset,
            theme: theme.unwrap_or(&setup.settings.theme).to_owned(),
            themes: setup.themes.clone(),
            density: match chosen("density", settings.list.density.name()) {
                Some("one") => Density::One,
                Some("two") => Density::Two,
                _ => setup.settings.list.density,
            },
            wide_article: false,
            direction: Direction::new(
                settings.bidi,
                chosen("bidi", settings.bidi.name()),
                kept("bidi_told").is_some(),
            ),
            shares: classes.into_iter().filter_map(share).collect(),
            dragging: false,
            settings: setup.settings.clone(),
        }
    }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// How a scope is kept across runs.
fn scope_text(scope: &Scope) -> String {
    match scope {
        Scope::Unread => "unread".to_owned(),
        Scope::Starred => "starred".to_owned(),
        Scope::Today => "today".to_owned(),
        Scope::Everything => "everything".to_owned(),
        Scope::Feed(id) => format!("feed {id}"),
        Scope::Folder(name) => format!("folder {name}"),
    }
}

fn scope_from(text: &str) -> Option<Scope> {
    Some(match text.split_once(' ') {
        None if text == "starred" => Scope::Starred,
        None if text == "today" => Scope::Today,
        None if text == "everything" => Scope::Everything,
        None => Scope::Unread,
        Some(("feed", id)) => Scope::Feed(crate::model::FeedId(id.parse().ok()?)),
        Some(("folder", name)) => Scope::Folder(name.to_owned()),
        Some(_) => return None,
    })
}
