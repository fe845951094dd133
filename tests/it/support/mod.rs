//! An app with entries, driven by keys and messages, whose screen can be read as text.

pub mod fake_fever;
pub mod fake_greader;
pub mod fake_network;
pub mod fake_subscriptions;
pub mod form_fields;
pub mod json_schema;
pub mod program;
mod rule_file;
pub mod server;
pub mod stand_in;
mod story_fold;

pub use rule_file::MemoryRuleFile;

use story_fold::fold_stories;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, FixedOffset, TimeDelta, TimeZone, Utc};
use newsreader::{
    app::{
        App, AppSetup, ArticleEdit, Effect, Effects, FullTextInfo, LoadedArticle, Message,
        MouseAction, MouseInput, SidebarData, Size,
    },
    command::{Key, KeyCode, Keymap},
    markup::{Document, Flow, parse_html, parse_markdown, parse_plain_text},
    model::{
        Entry, EntryId, EntryState, EntryTag, Failure, Feed, FeedHealth, FeedId, FeedKind,
        FeedNetwork, FeedRefreshState, Histogram, PublicationDate, SearchProgress, SearchRequest,
        SearchResults, SearchSummary, SessionState, Subscription, TagColor, TagId, TagName,
        TextSource, View,
    },
    settings::{Settings, merge_layers},
    text::LocalNow,
    ui::{self, Glyphs, ScreenStyle, Theme},
};
use ratatui::{
    Terminal,
    backend::{Backend as _, TestBackend},
    style::Style,
};

/// An app and the effects of its last update.
pub struct Stage {
    pub app: App,
    pub effects: Vec<Effect>,
    pub now: LocalNow,
    pub bodies: BTreeMap<EntryId, Document>,
    pub full_texts: BTreeMap<EntryId, FullTextInfo>,
    pub edits: BTreeMap<EntryId, ArticleEdit>,
    pub entries: Vec<Entry>,
    /// Entries that did not finish opening in an earlier run.
    pub withheld: BTreeSet<EntryId>,
    /// Number of entries outside the list, in other feeds.
    pub elsewhere: u64,
}

/// Returns partial results of a search that has read 3,000 of 12,398 texts.
pub fn partial_results(ids: &[i64]) -> SearchResults {
    SearchResults {
        ids: ids.iter().map(|id| EntryId(*id)).collect::<Vec<_>>().into(),
        rows: ids.iter().map(|id| entry(*id, &format!("article {id}"))).collect(),
        stored_count: 12_398,
        scope_count: 12_398,
        is_partial: true,
        progress: Some(SearchProgress { read_count: 3_000, text_count: 12_398 }),
        ..SearchResults::default()
    }
}

/// Returns a filter without the term that is not understood, which a search leaves out.
fn understood_words(filter: &str) -> String {
    match newsreader::query::parse(filter, now().today()).diagnostic {
        Some(wrong) => format!("{}{}", &filter[..wrong.span.start], &filter[wrong.span.end..]),
        None => filter.to_owned(),
    }
}

/// Returns the summary that a library would give of the hits of a search.
fn search_summary(search: &SearchRequest, hits: &[&Entry]) -> SearchSummary {
    if search.list.filter.is_empty() {
        return SearchSummary::default();
    }
    let days: Vec<_> = hits.iter().map(|entry| entry.published.day_in(&Utc)).collect();
    let ends = days.iter().min().zip(days.iter().max());
    let fit = ends.and_then(|(first, last)| search.histogram_columns.bucket_bounds(*first, *last));
    let histogram = fit.map(|(unit, bounds)| {
        let mut histogram = Histogram { unit, counts: vec![0; bounds.len() - 1], bounds };
        for day in days {
            let column = histogram.bucket_of(day).unwrap();
            histogram.counts[column] += 1;
        }
        histogram
    });
    SearchSummary {
        unreadable_count: 0,
        elapsed: Some(Duration::from_millis(3)),
        histogram,
        unindexed_count: 0,
    }
}

/// The time of the tests: half past nine on a Monday, in a time zone one hour east of UTC.
pub fn now() -> LocalNow {
    let at = Utc.with_ymd_and_hms(2026, 11, 23, 8, 30, 0).unwrap();
    LocalNow { at, zone: FixedOffset::east_opt(3600).unwrap().into() }
}

/// An entry that was published `id` hours ago.
pub fn entry(id: i64, title: &str) -> Entry {
    Entry {
        id: EntryId(id),
        feed: FeedId(1),
        other_feeds: Vec::new(),
        title: title.to_owned(),
        link: Some(format!("https://example.org/{id}")),
        author: Some("Anna Weil".to_owned()),
        site: None,
        published: PublicationDate::Instant(now().at - TimeDelta::hours(id)),
        state: EntryState::default(),
        tags: Vec::new(),
        categories: Vec::new(),
        dropped_at: None,
        queued_seconds: None,
        story: None,
    }
}

/// A tag on an entry; those of the user's are numbered by the length of their names.
pub fn tag(name: &str) -> EntryTag {
    let number = i64::try_from(name.len()).unwrap();
    EntryTag::reserved(name, None).unwrap_or_else(|| EntryTag {
        id: TagId(3 + number),
        name: TagName::parse(name).unwrap(),
        color: TagColor::from_number(number),
        until: None,
    })
}

/// The default settings without automatic refreshes.
pub fn settings() -> Settings {
    let mut settings = merge_layers(Vec::new()).0;
    settings.refresh.every = 0;
    settings
}

/// An app with these titles in its list, at 80x24.
pub fn stage(titles: &[&str]) -> Stage {
    stage_with(titles, settings(), SessionState::default())
}

/// An app with these settings and the session state of an earlier run.
pub fn stage_with(titles: &[&str], settings: Settings, session: SessionState) -> Stage {
    stage_with_keymap(titles, settings, session, &Keymap::default())
}

/// An app that has found problems before there was a screen.
pub fn stage_with_failures(titles: &[&str], failures: Vec<Failure>) -> Stage {
    stage_with_setup(titles, settings(), SessionState::default(), &Keymap::default(), failures)
}

/// An app with the default settings and the keys of a user.
pub fn stage_with_keys(titles: &[&str], keymap: &str) -> Stage {
    let keymap = Keymap::parse(keymap).unwrap();
    stage_with_keymap(titles, settings(), SessionState::default(), &keymap)
}

fn stage_with_keymap(
    titles: &[&str],
    settings: Settings,
    session: SessionState,
    keymap: &Keymap,
) -> Stage {
    stage_with_setup(titles, settings, session, keymap, Vec::new())
}

fn stage_with_setup(
    titles: &[&str],
    settings: Settings,
    session: SessionState,
    keymap: &Keymap,
    failures: Vec<Failure>,
) -> Stage {
    let entries: Vec<Entry> = (1..).zip(titles).map(|(id, title)| entry(id, title)).collect();
    let (app, effects) = App::new(AppSetup {
        settings,
        type_keymap: Keymap::type_preset().overridden_by(keymap.clone()),
        vim_keymap: Keymap::vim_preset().overridden_by(keymap.clone()),
        themes: Theme::names().map(str::to_owned).collect(),
        collections: Vec::new,
        session,
        views: View::first_views(),
        initial_scope: None,
        failures,
        warning: None,
        size: Size::new(80, 24),
        now: now(),
    });
    let mut stage = Stage {
        app,
        effects: Vec::new(),
        now: now(),
        bodies: BTreeMap::new(),
        full_texts: BTreeMap::new(),
        edits: BTreeMap::new(),
        entries,
        withheld: BTreeSet::new(),
        elsewhere: 0,
    };
    stage.run_effects(effects);
    stage
}

fn sample_feed(entries: &[Entry]) -> Feed {
    Feed {
        id: FeedId(1),
        kind: FeedKind::Folder,
        url: "file:///news".to_owned(),
        title: "Evening Post".to_owned(),
        site_url: None,
        subscription: Subscription::default(),
        refresh_state: FeedRefreshState::default(),
        entry_count: entries.len() as u64,
        unread_count: entries.iter().filter(|entry| !entry.state.read).count() as u64,
        health: FeedHealth::Healthy,
        network: FeedNetwork::Unknown,
        account: None,
    }
}

impl Stage {
    /// Carries out effects as a library would: searches, rows, articles, the sidebar.
    fn run_effects(&mut self, effects: Effects) {
        self.effects = effects.clone().into_iter().collect();
        let mut waiting: Vec<Effect> = effects.into_iter().collect();
        while !waiting.is_empty() {
            for effect in std::mem::take(&mut waiting) {
                if let Effect::AllowArticle(entry) = &effect {
                    self.withheld.remove(entry);
                }
                if let Some(message) = self.response_to(effect) {
                    waiting
                        .extend(self.app.update(message, self.now).and(self.app.request_missing()));
                }
            }
        }
    }

    fn response_to(&self, effect: Effect) -> Option<Message> {
        Some(match effect {
            Effect::Search(request_id, search) => {
                let words = understood_words(&search.list.filter).to_lowercase();
                let listed = self
                    .entries
                    .iter()
                    .filter(|entry| entry.title.to_lowercase().contains(words.trim()));
                let hits: Vec<&Entry> = listed.collect();
                let (ids, stories) = fold_stories(&search, &hits, &self.entries);
                let selected_index = search
                    .selection_candidates
                    .iter()
                    .find_map(|candidate| ids.iter().position(|id| id == candidate));
                let listed_count = self.entries.len() as u64;
                let stored_count = listed_count + self.elsewhere;
                let limited = search.list.limits_search();
                Message::ResultsLoaded(
                    request_id,
                    Ok(SearchResults {
                        selected_index: selected_index.unwrap_or(0),
                        ids: ids.into(),
                        rows: self.entries.clone(),
                        stored_count,
                        scope_count: if limited { listed_count } else { stored_count },
                        is_partial: false,
                        progress: None,
                        total: None,
                        summary: search_summary(&search, &hits),
                        stories,
                    }),
                )
            }
            Effect::LoadArticle(request) if self.withheld.contains(&request.entry) => {
                Message::ArticleWithheld(request)
            }
            Effect::LoadArticle(request) => {
                Message::ArticleLoaded(request, Ok(self.article(request.entry)))
            }
            Effect::LoadRows(ids) => {
                let rows = self.entries.iter().filter(|entry| ids.contains(&entry.id));
                Message::RowsLoaded(Ok(rows.cloned().collect()))
            }
            Effect::LoadSidebar => {
                let feeds = if self.entries.is_empty() {
                    Vec::new()
                } else {
                    vec![sample_feed(&self.entries)]
                };
                Message::SidebarLoaded(Ok(SidebarData { feeds, ..SidebarData::default() }))
            }
            _ => return None,
        })
    }

    pub fn article(&self, id: EntryId) -> LoadedArticle {
        let document = self.bodies.get(&id).cloned();
        let document =
            document.unwrap_or_else(|| parse_plain_text(&format!("The text of article {id}.")));
        let words = document.word_count();
        LoadedArticle {
            flow: Arc::new(Flow::new(document)),
            word_count: words,
            position: newsreader::model::ReadingPosition::default(),
            full_text: self.full_texts.get(&id).cloned(),
            has_damaged_full_text: false,
            has_story: false,
            edit: self.edits.get(&id).copied(),
        }
    }

    /// Withholds the article of an entry.
    pub fn withhold(mut self, id: i64) -> Stage {
        self.withheld.insert(EntryId(id));
        let effects = self.app.article_pane.reload_all();
        let _ = self.app.article_pane.close_view();
        self.run_effects(effects);
        self
    }

    /// Sends a message and carries out its effects.
    pub fn send(mut self, message: Message) -> Stage {
        let effects = self.app.update(message, self.now).and(self.app.request_missing());
        self.run_effects(effects);
        self
    }

    /// Sends a message whose effects are carried out only after the message `then`.
    pub fn send_delayed(mut self, message: Message, then: Message) -> Stage {
        let delayed = self.app.update(message, self.now).and(self.app.request_missing());
        let immediate = self.app.update(then, self.now).and(self.app.request_missing());
        self.run_effects(delayed);
        self.run_effects(immediate);
        self
    }

    /// Presses keys: `"down enter ctrl-x s"`.
    pub fn keys(mut self, keys: &str) -> Stage {
        for key in keys.split_whitespace() {
            self = self.send(Message::Key(key.parse().unwrap()));
        }
        self
    }

    /// Pastes a text into the filter bar, and sends `results` as the response to its search.
    pub fn paste_filter(mut self, text: &str, results: SearchResults) -> Stage {
        let effects = self.app.update(Message::Paste(text.to_owned()), self.now);
        let request = effects.into_iter().find_map(|effect| match effect {
            Effect::Search(id, _) => Some(id),
            _ => None,
        });
        self.send(Message::ResultsLoaded(request.unwrap(), Ok(results)))
    }

    /// Types a text, including its spaces.
    pub fn text(mut self, text: &str) -> Stage {
        for c in text.chars() {
            self = self.send(Message::Key(Key::without_modifiers(KeyCode::Char(c))));
        }
        self
    }

    pub fn size(self, width: u16, height: u16) -> Stage {
        self.send(Message::Resized(Size::new(width, height)))
    }

    pub fn wait(mut self, seconds: i64) -> Stage {
        self.now.at += TimeDelta::seconds(seconds);
        self.send(Message::Tick)
    }

    /// Adds entries of other feeds, which only the library's own count shows, and lists the sample
    /// feed alone.
    pub fn in_feed_of_many(mut self, elsewhere: u64) -> Stage {
        self.elsewhere = elsewhere;
        self.keys("ctrl-x g").text("evening").keys("enter")
    }

    /// Changes the feeds in the sidebar.
    pub fn with_feeds(self, change: impl FnOnce(&mut Vec<Feed>)) -> Stage {
        let mut data = self.app.sidebar.data().clone();
        change(&mut data.feeds);
        self.send(Message::SidebarLoaded(Ok(data)))
    }

    /// Gives an entry a full text.
    pub fn full_text(mut self, id: i64, text: &str, shown: TextSource) -> Stage {
        self.bodies.insert(EntryId(id), parse_plain_text(text));
        let host = "example.org".to_owned();
        self.full_texts.insert(EntryId(id), FullTextInfo { shown, host });
        self
    }

    /// Clicks on a cell.
    pub fn click(self, x: u16, y: u16) -> Stage {
        self.mouse(MouseAction::Press, x, y).mouse(MouseAction::Release, x, y)
    }

    /// Returns column and row of `words` on the screen.
    pub fn find(&self, words: &str) -> (u16, u16) {
        let screen = self.screen();
        let (y, row) = screen.lines().enumerate().find(|(_, row)| row.contains(words)).unwrap();
        let x = newsreader::text::width(row.split(words).next().unwrap());
        (u16::try_from(x).unwrap(), u16::try_from(y).unwrap())
    }

    pub fn mouse(self, kind: MouseAction, x: u16, y: u16) -> Stage {
        self.send(Message::Mouse(MouseInput { action: kind, column: x, row: y }))
    }

    /// Gives an entry a plain text.
    pub fn body(self, id: i64, text: &str) -> Stage {
        self.document(id, parse_plain_text(text))
    }

    /// Gives an entry a text in Markdown.
    pub fn markdown(self, id: i64, text: &str) -> Stage {
        self.document(id, parse_markdown(text))
    }

    /// Gives an entry a text in HTML.
    pub fn html(self, id: i64, text: &str) -> Stage {
        self.document(id, parse_html(text, None))
    }

    /// Gives an entry a document.
    pub fn document(mut self, id: i64, document: Document) -> Stage {
        self.bodies.insert(EntryId(id), document);
        for effect in self.app.article_pane.reload_all() {
            if let Some(message) = self.response_to(effect) {
                let _ = self.app.update(message, self.now);
            }
        }
        self
    }

    /// Returns the title of the selected entry.
    pub fn selected(&self) -> &str {
        self.app.entry_list.selected_entry().map_or("", |entry| entry.title.as_str())
    }

    /// Returns the writes among the last effects.
    pub fn writes(&self) -> Vec<&newsreader::app::StoreWrite> {
        let mut writes = Vec::new();
        for effect in &self.effects {
            if let Effect::Write(write) = effect {
                writes.push(write);
            }
        }
        writes
    }

    fn buffer(&self, glyphs: &Glyphs, theme: Theme) -> TestBackend {
        let size = self.app.ui.size;
        let mut terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
        let style = ScreenStyle { theme, glyphs: *glyphs };
        terminal.draw(|frame| ui::draw_app(&self.app, &style, self.now, frame)).unwrap();
        terminal.backend().clone()
    }

    /// Returns the screen as text.
    pub fn screen(&self) -> String {
        self.screen_with(&Glyphs::UNICODE)
    }

    /// Returns column and row of the terminal's cursor.
    pub fn cursor_with(&self, glyphs: &Glyphs) -> (u16, u16) {
        let mut backend = self.buffer(glyphs, Theme::built_in("sixteen").unwrap());
        backend.get_cursor_position().unwrap().into()
    }

    pub fn screen_with(&self, glyphs: &Glyphs) -> String {
        if self.app.ui.size.width == 0 || self.app.ui.size.height == 0 {
            return String::new();
        }
        let theme = Theme::built_in("sixteen").unwrap();
        let backend = self.buffer(glyphs, theme);
        let buffer = backend.buffer();
        let mut text = String::new();
        for y in 0..buffer.area.height {
            let mut row = String::new();
            let mut x = 0;
            while x < buffer.area.width {
                let (symbol, _) = ui::hyperlink::split_symbol(buffer[(x, y)].symbol());
                row.push_str(symbol);
                // A wide character covers the next cell.
                x += u16::try_from(newsreader::text::width(symbol)).unwrap().max(1);
            }
            writeln!(text, "{}", row.trim_end()).unwrap();
        }
        text
    }

    /// Returns column and row of the cursor.
    pub fn cursor(&self) -> (u16, u16) {
        self.cursor_with(&Glyphs::UNICODE)
    }

    /// Returns the rows of the screen, including trailing spaces.
    pub fn rows(&self) -> Vec<String> {
        let backend = self.buffer(&Glyphs::UNICODE, Theme::built_in("sixteen").unwrap());
        let buffer = backend.buffer();
        let row = |y: u16| {
            let (mut row, mut x) = (String::new(), 0);
            while x < buffer.area.width {
                let (symbol, _) = ui::hyperlink::split_symbol(buffer[(x, y)].symbol());
                row.push_str(symbol);
                x += u16::try_from(newsreader::text::width(symbol)).unwrap().max(1);
            }
            row
        };
        (0..buffer.area.height).map(row).collect()
    }

    /// Returns the style of a cell in a built-in theme.
    pub fn cell_style(&self, theme: &str, x: u16, y: u16) -> Style {
        let backend = self.buffer(&Glyphs::UNICODE, Theme::built_in(theme).unwrap());
        backend.buffer()[(x, y)].style()
    }

    /// Returns position, colour and modifiers of every style change on the screen.
    pub fn cell_styles(&self) -> String {
        let backend = self.buffer(&Glyphs::UNICODE, Theme::built_in("sixteen").unwrap());
        let buffer = backend.buffer();
        let mut out = String::new();
        for y in 0..buffer.area.height {
            let mut last = Style::default();
            for x in 0..buffer.area.width {
                let cell = &buffer[(x, y)];
                let style = Style::new().fg(cell.fg).bg(cell.bg).add_modifier(cell.modifier);
                if x == 0 || style != last {
                    let fg = if cell.fg == ratatui::style::Color::Reset {
                        String::new()
                    } else {
                        format!(" {:?}", cell.fg)
                    };
                    let modifier = if cell.modifier.is_empty() {
                        String::new()
                    } else {
                        format!(" {:?}", cell.modifier)
                    };
                    if !(fg.is_empty() && modifier.is_empty() && x == 0) {
                        writeln!(out, "{x},{y}{fg}{modifier}").unwrap();
                    }
                    last = style;
                }
            }
        }
        out
    }
}

/// Returns a failure of a file operation.
pub fn failure(text: &str) -> Failure {
    Failure::new(newsreader::model::FailureKind::File, text)
}

/// Returns the time of the tests plus `seconds`.
pub fn at(seconds: i64) -> DateTime<Utc> {
    now().at + TimeDelta::seconds(seconds)
}
