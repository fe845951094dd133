//! What each command does. The router is long; every arm is one call.

use std::ops::Range;

use chrono::NaiveDate;

use super::{
    App, Choice, Delivery, Effect, Effects, Ending, Overlay, Pane, PathFor, PickerKind, Scroll, StoreWrite,
    TerminalRequest, scope_text,
};
use crate::{
    command::Command,
    model::{Change, FeedKind, Order, Place, RefreshScope, Scope, View},
    settings::Preset,
};

impl App {
    /// Runs a command.
    pub(super) fn command(&mut self, command: Command) -> Effects {
        let in_picker = self.overlay.as_ref().is_some_and(Overlay::takes_keys);
        if in_picker && let Some(effects) = self.in_overlay(command) {
            return effects;
        }
        self.overlay = None;
        if let Some(request) = App::edit_command(command) {
            return self.edit(request);
        }
        match command {
            Command::MoveUp => self.step(-1),
            Command::MoveDown => self.step(1),
            Command::PageUp => self.page(-1),
            Command::PageDown => self.page(1),
            Command::GoFirst => self.go(End::First),
            Command::GoLast => self.go(End::Last),
            Command::Open => self.open(),
            Command::Back => self.back(),
            Command::ScrollRight => self.sideways(1),
            Command::ScrollLeft => self.sideways(-1),
            Command::NextPane => self.complete().unwrap_or_else(|| self.next_pane(1)),
            Command::PreviousPane => self.next_pane(-1),
            Command::ReadOn => self.read_on(),
            Command::NextEntry => self.entry(1),
            Command::PreviousEntry => self.entry(-1),
            Command::NextUnread => self.next_unread(),
            Command::FocusFilter => self.focus_filter(),
            Command::ToggleStar => self.change(self.entries.toggle_star()),
            Command::ToggleRead => self.change(self.entries.toggle_read()),
            Command::MarkListRead => self.mark_list_read(),
            Command::Undo => StoreWrite::Undo.into(),
            Command::Redo => StoreWrite::Redo.into(),
            Command::OpenInBrowser => self.open_in_browser(),
            Command::CopyLink => self.copy_link(),
            Command::FullText => self.full_text(),
            Command::TogglePictures => self.toggle_pictures(),
            Command::Find => self.find(),
            Command::NextHit => self.next_hit(1),
            Command::PreviousHit => self.next_hit(-1),
            Command::TextDirection => self.show_picker(PickerKind::Directions),
            Command::ShowContents => self.show_picker(PickerKind::Contents),
            Command::JumpBack => self.jump_back(),
            Command::ToggleRuler => self.toggle_ruler(),
            Command::CopyArticle => self.copy_article(),
            Command::CopyQuote => self.copy_quote(),
            Command::ExportArticle => self.ask_for_export(),
            Command::PageArticle => self.deliver(Delivery::Pager),
            Command::PrintArticle => self.print_article(),
            Command::ShowLinks => self.show_picker(PickerKind::Links),
            Command::OpenLink1 => self.open_link(1),
            Command::OpenLink2 => self.open_link(2),
            Command::OpenLink3 => self.open_link(3),
            Command::OpenLink4 => self.open_link(4),
            Command::OpenLink5 => self.open_link(5),
            Command::OpenLink6 => self.open_link(6),
            Command::OpenLink7 => self.open_link(7),
            Command::OpenLink8 => self.open_link(8),
            Command::OpenLink9 => self.open_link(9),
            Command::HideRead => self.hide_read(),
            Command::ClearFilter => self.clear_filter(),
            Command::PreviousFilter => {
                let text = self.filter.older();
                self.recall(text)
            }
            Command::NextFilter => {
                let text = self.filter.newer();
                self.recall(text)
            }
            Command::SaveFilter => self.save_filter(),
            Command::ToggleOrder => self.toggle_order(),
            Command::NarrowToTime => self.narrow_to_selected(),
            Command::Refresh => Effect::Refresh(RefreshScope::All).into(),
            Command::AddFeed => self.show_add(""),
            Command::ManageFeeds => self.show_manager(),
            Command::EditFeed => self.edit_chosen(),
            Command::ImportFeeds => self.show_path(PathFor::Import),
            Command::ExportFeeds => self.show_path(PathFor::Export),
            Command::RetryFeed => self.retry(),
            Command::ShowFeeds => self.focus(Pane::Sidebar),
            Command::GoToFeed => self.show_picker(PickerKind::Places),
            Command::PutSamplesAway => self.put_samples_away(),
            Command::RemoveFeed => self.remove_feed(),
            Command::NextTheme => self.next_theme(),
            Command::ToggleDensity => self.toggle_density(),
            Command::ToggleWide => self.toggle_wide(),
            Command::WiderList => self.widen_list(40),
            Command::NarrowerList => self.widen_list(-40),
            Command::SwitchKeys => self.switch_keys(),
            Command::CommandMenu => self.show_menu(),
            Command::Palette => self.show_picker(PickerKind::Palette),
            Command::Help => self.show_picker(PickerKind::Help),
            Command::ShowErrors => self.show_picker(PickerKind::Errors),
            Command::Suspend => TerminalRequest::Suspend.into(),
            Command::Redraw => {
                self.reader.pictures.forget();
                TerminalRequest::Redraw.into()
            }
            Command::Quit => self.quit(),
            _ => Effects::none(),
        }
    }

    fn step(&mut self, delta: i32) -> Effects {
        match self.look.focus {
            Pane::Sidebar => self.choose(delta),
            Pane::List => {
                self.entries.move_by(delta as isize);
                Effects::none()
            }
            Pane::Article => self.scroll(Scroll::Lines(delta)),
        }
    }

    fn page(&mut self, pages: i32) -> Effects {
        match self.look.focus {
            Pane::Sidebar => self.choose(pages * 10),
            Pane::List => {
                self.entries.page(pages as isize);
                Effects::none()
            }
            Pane::Article => self.scroll(Scroll::Pages(pages)),
        }
    }

    fn go(&mut self, end: End) -> Effects {
        match (self.look.focus, end) {
            (Pane::Sidebar, End::First) => self.choose(-10_000),
            (Pane::Sidebar, End::Last) => self.choose(10_000),
            (Pane::List, End::First) => {
                self.entries.select(0);
                Effects::none()
            }
            (Pane::List, End::Last) => {
                self.entries.select(usize::MAX);
                Effects::none()
            }
            (Pane::Article, End::First) => self.scroll(Scroll::Start),
            (Pane::Article, End::Last) => self.scroll(Scroll::End),
        }
    }

    pub(super) fn scroll(&mut self, by: Scroll) -> Effects {
        self.reader.scroll(by);
        Effects::none()
    }

    /// Moves in the sidebar; the list follows.
    fn choose(&mut self, delta: i32) -> Effects {
        self.sidebar.move_by(delta as isize);
        self.show_chosen()
    }

    pub(super) fn focus(&mut self, pane: Pane) -> Effects {
        if pane == Pane::Sidebar {
            let scope = self.scope().clone();
            self.sidebar.select_scope(&scope);
        }
        self.look.focus = pane;
        self.track()
    }

    /// In the wide article the mouse belongs to the terminal, so that dragging selects clean text.
    pub(super) fn track(&self) -> Effects {
        let alone = self.look.focus == Pane::Article && self.look.wide_article;
        let request = if alone { TerminalRequest::TrackNothing } else { TerminalRequest::TrackClicks };
        request.into()
    }

    pub(super) fn open(&mut self) -> Effects {
        match self.look.focus {
            Pane::Sidebar => {
                self.sidebar.toggle_folder();
                self.focus(Pane::List)
            }
            Pane::List if self.look.typing => {
                self.look.typing = false;
                self.remember_filter()
            }
            Pane::List if self.entries.is_empty() && !self.filter.is_empty() => self.look_elsewhere(),
            Pane::List if self.entries.is_empty() => Effects::none(),
            Pane::List => {
                self.look.typing = false;
                let opened = self.focus(Pane::Article);
                opened.and(self.mark_read()).and(self.remember_filter())
            }
            Pane::Article => Effects::none(),
        }
    }

    /// Nothing was found: for what was probably meant, or in everything.
    fn look_elsewhere(&mut self) -> Effects {
        if let Some(meant) = self.entries.overview().meant.clone() {
            return self.edit_filter(|line| line.set(&meant));
        }
        let view = View { scope: Scope::Everything, ..self.entries.view().clone() };
        self.entries.ask(view)
    }

    pub(super) fn back(&mut self) -> Effects {
        match self.look.focus {
            Pane::Article => self.focus(Pane::List),
            Pane::List => self.focus(Pane::Sidebar),
            Pane::Sidebar => self.focus(Pane::List),
        }
    }

    fn next_pane(&mut self, step: i32) -> Effects {
        let empty = self.look.focus == Pane::List && self.entries.is_empty();
        if empty && self.filter.is_empty() && *self.scope() == Scope::Unread {
            return self.show_scope(Scope::Everything);
        }
        let sidebar = self.panes().sidebar.is_some();
        let next = match (self.look.focus, step > 0) {
            (Pane::List, true) | (Pane::Sidebar, false) => Pane::Article,
            (Pane::Article, true) | (Pane::List, false) if sidebar => Pane::Sidebar,
            (Pane::List, false) => Pane::Article,
            _ => Pane::List,
        };
        self.focus(next)
    }

    /// Space: opens, then pages, then goes to the next unread.
    fn read_on(&mut self) -> Effects {
        if self.look.focus != Pane::Article {
            return self.open();
        }
        if self.reader.at_end() { self.next_unread() } else { self.scroll(Scroll::Pages(1)) }
    }

    fn entry(&mut self, delta: isize) -> Effects {
        self.entries.move_by(delta);
        if self.look.focus == Pane::Article { self.mark_read() } else { Effects::none() }
    }

    fn next_unread(&mut self) -> Effects {
        if !self.entries.select_next_unread() {
            self.notices.say("Nothing unread below. Esc goes back to the list.", self.moment.at);
            return Effects::none();
        }
        if self.look.focus == Pane::Article { self.mark_read() } else { Effects::none() }
    }

    fn focus_filter(&mut self) -> Effects {
        self.look.typing = self.look.preset == Preset::Vim;
        self.focus(Pane::List)
    }

    /// Makes a change at once; the library follows.
    pub(super) fn change(&mut self, change: Option<Change>) -> Effects {
        let Some(change) = change else { return Effects::none() };
        let done = crate::model::Done { change: change.clone(), title: None };
        let (ids, set) = done.states();
        self.entries.mark(ids, set);
        StoreWrite::Change(change).into()
    }

    pub(super) fn mark_read(&mut self) -> Effects {
        self.change(self.entries.read())
    }

    fn mark_list_read(&mut self) -> Effects {
        let ids = self.entries.ids().to_vec();
        self.change((!ids.is_empty()).then(|| Change::read(&ids, true)))
    }

    fn hide_read(&mut self) -> Effects {
        let mut view = self.entries.view().clone();
        view.unread_only = !view.unread_only;
        self.notices.say(
            if view.unread_only { "Read articles are hidden." } else { "Read articles are shown." },
            self.moment.at,
        );
        self.entries.ask(view)
    }

    fn clear_filter(&mut self) -> Effects {
        self.look.typing = false;
        let remembered = self.remember_filter();
        remembered.and(self.edit_filter(|line| line.set("")))
    }

    fn save_filter(&mut self) -> Effects {
        let text = self.filter.text().trim().to_owned();
        if text.is_empty() {
            return self.say("Type a filter first; ^X v saves it.");
        }
        self.notices.say(format!("Saved “{text}”; it is in the feeds pane (←)."), self.moment.at);
        Effects::from(StoreWrite::SaveFilter(text)).and(Effect::Sidebar)
    }

    fn toggle_order(&mut self) -> Effects {
        let mut view = self.entries.view().clone();
        let (order, said) = match view.order {
            Order::Newest => (Order::Best, "What fits the filter best is on top."),
            Order::Best => (Order::Newest, "The newest is on top."),
        };
        view.order = order;
        self.notices.say(said, self.moment.at);
        let asked = self.entries.ask(view);
        self.entries.select(0);
        asked.and(self.entries.ask_from_top())
    }

    /// Narrows the list to the stretch of time of the histogram that the selected article belongs to.
    fn narrow_to_selected(&mut self) -> Effects {
        let column = self.selected_column();
        let days = self.entries.overview().histogram.as_ref().zip(column);
        match days.and_then(|(histogram, column)| histogram.days(column)) {
            Some(days) => self.narrow(days),
            None => self.say("Type a filter first; ^X # narrows it to the time of the selected article."),
        }
    }

    /// The column of the histogram that the selected article belongs to.
    pub fn selected_column(&self) -> Option<usize> {
        let day = self.entries.selected()?.published.day(&self.moment.zone);
        self.entries.overview().histogram.as_ref()?.column(day)
    }

    /// Narrows the filter to some days, in place of those it was narrowed to before.
    pub(super) fn narrow(&mut self, days: Range<NaiveDate>) -> Effects {
        let last = days.end.pred_opt().unwrap_or(days.end);
        let within =
            if last == days.start { format!("on:{last}") } else { format!("between:{}..{last}", days.start) };
        let text = self.filter.text().to_owned();
        let words = text.split_whitespace().filter(|word| !names_days(word));
        let narrowed: Vec<&str> = words.chain([within.as_str()]).collect();
        let narrowed = narrowed.join(" ") + " ";
        self.edit_filter(|line| line.set(&narrowed))
    }

    fn put_samples_away(&mut self) -> Effects {
        let samples = self.sidebar.facts().feeds.iter().find(|feed| feed.kind == FeedKind::Samples);
        match samples.map(|feed| feed.id) {
            Some(id) => self.change(Some(Change::gone(id, true))),
            None => self.say("The samples are put away already."),
        }
    }

    fn remove_feed(&mut self) -> Effects {
        if let (Pane::Sidebar, Some(Choice::Filter(text))) = (self.look.focus, self.sidebar.choice()) {
            self.notices.say(format!("Forgot “{text}”; ^X v saves a filter."), self.moment.at);
            return Effects::from(StoreWrite::DropFilter(text)).and(Effect::Sidebar);
        }
        match self.scope() {
            Scope::Feed(id) => {
                let change = Change::gone(*id, true);
                let made = self.change(Some(change));
                made.and(self.show_scope(Scope::Unread))
            }
            _ => self.say("Choose the feed first: ← shows the feeds."),
        }
    }

    /// Refreshes the feed that the list shows, whatever its clock says; all of them where there is none.
    fn retry(&mut self) -> Effects {
        let scope = match self.scope() {
            Scope::Feed(id) => RefreshScope::One(*id),
            _ => RefreshScope::All,
        };
        Effect::Refresh(scope).into()
    }

    fn quit(&mut self) -> Effects {
        self.ending = Some(Ending::Asked);
        let selected = self.entries.selected_id().map(|id| StoreWrite::Keep("selected", id.to_string()));
        let scope = StoreWrite::Keep("scope", scope_text(self.scope()));
        self.reader.leave().and(Effects::from(selected)).and(scope).and(self.remember_filter())
    }

    /// Shows another scope; the filter stays.
    pub(super) fn show_scope(&mut self, scope: Scope) -> Effects {
        let view = View { scope, ..self.entries.view().clone() };
        self.entries.ask(view)
    }

    pub(super) fn say(&mut self, text: impl Into<String>) -> Effects {
        self.notices.say(text, self.moment.at);
        Effects::none()
    }

    /// Where an article left off is kept when it is left, and when the program is told to end.
    pub fn place_now(&self) -> Option<(crate::model::EntryId, Place)> {
        self.reader.shown().map(|shown| (shown.id(), shown.place()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

/// Whether a part of a filter is what [`App::narrow`] writes.
fn names_days(part: &str) -> bool {
    part.starts_with("on:") || part.starts_with("between:")
}
