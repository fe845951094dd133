//! What each command does. The router is long; every arm is one call.

use std::ops::Range;

use chrono::NaiveDate;

use super::{
    App, Effect, Effects, ExitReason, ExportTarget, Overlay, Pane, PathPurpose, PickerKind,
    ScrollAmount, SidebarTarget, StoreWrite, TerminalRequest, format_scope,
};
use crate::{
    command::Command,
    model::{Change, FeedKind, ReadingPosition, RefreshScope, SortOrder, View, ViewScope},
    settings::KeyPreset,
};

impl App {
    /// Runs a command.
    pub(super) fn run_command(&mut self, command: Command) -> Effects {
        let in_picker = self.overlay.as_ref().is_some_and(Overlay::handles_commands);
        if in_picker && let Some(effects) = self.handle_overlay_command(command) {
            return effects;
        }
        self.overlay = None;
        if let Some(request) = App::input_request_for(command) {
            return self.edit_focused_input(request);
        }
        match command {
            Command::MoveUp => self.move_by_lines(-1),
            Command::MoveDown => self.move_by_lines(1),
            Command::PageUp => self.move_by_pages(-1),
            Command::PageDown => self.move_by_pages(1),
            Command::GoFirst => self.go_to_edge(ListEdge::First),
            Command::GoLast => self.go_to_edge(ListEdge::Last),
            Command::Open => self.open_selected(),
            Command::Back => self.go_back(),
            Command::ScrollRight => self.scroll_code(1),
            Command::ScrollLeft => self.scroll_code(-1),
            Command::NextPane => self.complete_filter().unwrap_or_else(|| self.cycle_pane(1)),
            Command::PreviousPane => self.cycle_pane(-1),
            Command::ReadOn => self.read_on(),
            Command::NextEntry => self.go_to_adjacent_entry(1),
            Command::PreviousEntry => self.go_to_adjacent_entry(-1),
            Command::NextUnread => self.go_to_next_unread(),
            Command::FocusFilter => self.focus_filter(),
            Command::ToggleStar => self.apply_change(self.entry_list.toggle_star_change()),
            Command::ToggleRead => self.apply_change(self.entry_list.toggle_read_change()),
            Command::MarkListRead => self.mark_list_read(),
            Command::Undo => StoreWrite::Undo.into(),
            Command::Redo => StoreWrite::Redo.into(),
            Command::OpenInBrowser => self.open_in_browser(),
            Command::CopyLink => self.copy_link(),
            Command::FullText => self.toggle_full_text(),
            Command::TogglePictures => self.toggle_images(),
            Command::Find => self.open_find_bar(),
            Command::NextHit => self.step_filter_hit(1),
            Command::PreviousHit => self.step_filter_hit(-1),
            Command::TextDirection => self.open_picker(PickerKind::BidiModes),
            Command::ShowContents => self.open_picker(PickerKind::Headings),
            Command::JumpBack => self.jump_back_in_article(),
            Command::ToggleRuler => self.toggle_ruler(),
            Command::CopyArticle => self.copy_article(),
            Command::CopyQuote => self.copy_quote(),
            Command::ExportArticle => self.open_export_prompt(),
            Command::PageArticle => self.export_article(ExportTarget::Pager),
            Command::PrintArticle => self.print_article(),
            Command::ShowLinks => self.open_picker(PickerKind::Links),
            Command::OpenLink1 => self.open_link_number(1),
            Command::OpenLink2 => self.open_link_number(2),
            Command::OpenLink3 => self.open_link_number(3),
            Command::OpenLink4 => self.open_link_number(4),
            Command::OpenLink5 => self.open_link_number(5),
            Command::OpenLink6 => self.open_link_number(6),
            Command::OpenLink7 => self.open_link_number(7),
            Command::OpenLink8 => self.open_link_number(8),
            Command::OpenLink9 => self.open_link_number(9),
            Command::HideRead => self.toggle_hide_read(),
            Command::ClearFilter => self.clear_filter(),
            Command::PreviousFilter => {
                let text = self.filter_bar.previous_in_history();
                self.recall_filter(text)
            }
            Command::NextFilter => {
                let text = self.filter_bar.next_in_history();
                self.recall_filter(text)
            }
            Command::SaveFilter => self.save_filter(),
            Command::ToggleOrder => self.toggle_order(),
            Command::NarrowToTime => self.narrow_to_selected_days(),
            Command::Refresh => Effect::Refresh(RefreshScope::All).into(),
            Command::AddFeed => self.open_add_feed(""),
            Command::ManageFeeds => self.open_feed_table(),
            Command::EditFeed => self.edit_current_feed(),
            Command::ImportFeeds => self.open_path_prompt(PathPurpose::ImportFeeds),
            Command::ExportFeeds => self.open_path_prompt(PathPurpose::ExportFeeds),
            Command::RetryFeed => self.refresh_current_feed(),
            Command::ShowFeeds => self.focus_pane(Pane::Sidebar),
            Command::GoToFeed => self.open_picker(PickerKind::Scopes),
            Command::HideSamples => self.hide_samples(),
            Command::RemoveFeed => self.remove_selected_source(),
            Command::NextTheme => self.select_next_theme(),
            Command::ToggleDensity => self.toggle_density(),
            Command::ToggleWide => self.toggle_wide_article(),
            Command::WiderList => self.change_list_width(40),
            Command::NarrowerList => self.change_list_width(-40),
            Command::SwitchKeys => self.switch_key_preset(),
            Command::CommandMenu => self.open_command_menu(),
            Command::Palette => self.open_picker(PickerKind::Palette),
            Command::Help => self.open_picker(PickerKind::Help),
            Command::ShowErrors => self.open_picker(PickerKind::Errors),
            Command::Suspend => TerminalRequest::Suspend.into(),
            Command::Redraw => {
                self.article_pane.images.clear();
                TerminalRequest::Redraw.into()
            }
            Command::Quit => self.quit(),
            _ => Effects::none(),
        }
    }

    fn move_by_lines(&mut self, delta: i32) -> Effects {
        match self.ui.focus {
            Pane::Sidebar => self.move_sidebar_selection(delta),
            Pane::List => {
                self.entry_list.move_selection(delta as isize);
                Effects::none()
            }
            Pane::Article => self.scroll_article(ScrollAmount::Lines(delta)),
        }
    }

    fn move_by_pages(&mut self, pages: i32) -> Effects {
        match self.ui.focus {
            Pane::Sidebar => self.move_sidebar_selection(pages * 10),
            Pane::List => {
                self.entry_list.move_selection_by_pages(pages as isize);
                Effects::none()
            }
            Pane::Article => self.scroll_article(ScrollAmount::Pages(pages)),
        }
    }

    fn go_to_edge(&mut self, end: ListEdge) -> Effects {
        match (self.ui.focus, end) {
            (Pane::Sidebar, ListEdge::First) => self.move_sidebar_selection(-10_000),
            (Pane::Sidebar, ListEdge::Last) => self.move_sidebar_selection(10_000),
            (Pane::List, ListEdge::First) => {
                self.entry_list.select(0);
                Effects::none()
            }
            (Pane::List, ListEdge::Last) => {
                self.entry_list.select(usize::MAX);
                Effects::none()
            }
            (Pane::Article, ListEdge::First) => self.scroll_article(ScrollAmount::Start),
            (Pane::Article, ListEdge::Last) => self.scroll_article(ScrollAmount::End),
        }
    }

    pub(super) fn scroll_article(&mut self, by: ScrollAmount) -> Effects {
        self.article_pane.scroll(by);
        Effects::none()
    }

    /// Moves in the sidebar; the list follows.
    fn move_sidebar_selection(&mut self, delta: i32) -> Effects {
        self.sidebar.move_selection(delta as isize);
        self.show_sidebar_target()
    }

    pub(super) fn focus_pane(&mut self, pane: Pane) -> Effects {
        if pane == Pane::Sidebar {
            let scope = self.scope().clone();
            self.sidebar.select_scope(&scope);
        }
        self.ui.focus = pane;
        self.update_mouse_tracking()
    }

    /// In the wide article the mouse belongs to the terminal, so that dragging selects clean text.
    pub(super) fn update_mouse_tracking(&self) -> Effects {
        let alone = self.ui.focus == Pane::Article && self.ui.wide_article;
        let request =
            if alone { TerminalRequest::ReleaseMouse } else { TerminalRequest::TrackMouseClicks };
        request.into()
    }

    pub(super) fn open_selected(&mut self) -> Effects {
        match self.ui.focus {
            Pane::Sidebar => {
                self.sidebar.toggle_folder();
                self.focus_pane(Pane::List)
            }
            Pane::List if self.ui.filter_editing => {
                self.ui.filter_editing = false;
                self.remember_filter()
            }
            Pane::List if self.entry_list.is_empty() && !self.filter_bar.is_empty() => {
                self.retry_empty_search()
            }
            Pane::List if self.entry_list.is_empty() => Effects::none(),
            Pane::List => {
                self.ui.filter_editing = false;
                let opened = self.focus_pane(Pane::Article);
                opened.and(self.mark_selected_read()).and(self.remember_filter())
            }
            Pane::Article => Effects::none(),
        }
    }

    /// Nothing was found: for what was probably meant, or in everything.
    fn retry_empty_search(&mut self) -> Effects {
        if let Some(meant) = self.entry_list.search_summary().did_you_mean.clone() {
            return self.edit_filter(|line| line.set_text(&meant));
        }
        let view = View { scope: ViewScope::All, ..self.entry_list.view().clone() };
        self.entry_list.request_view(view)
    }

    pub(super) fn go_back(&mut self) -> Effects {
        match self.ui.focus {
            Pane::Article => self.focus_pane(Pane::List),
            Pane::List => self.focus_pane(Pane::Sidebar),
            Pane::Sidebar => self.focus_pane(Pane::List),
        }
    }

    fn cycle_pane(&mut self, step: i32) -> Effects {
        let empty = self.ui.focus == Pane::List && self.entry_list.is_empty();
        if empty && self.filter_bar.is_empty() && *self.scope() == ViewScope::Unread {
            return self.show_scope(ViewScope::All);
        }
        let sidebar = self.pane_layout().sidebar.is_some();
        let next = match (self.ui.focus, step > 0) {
            (Pane::List, true) | (Pane::Sidebar, false) => Pane::Article,
            (Pane::Article, true) | (Pane::List, false) if sidebar => Pane::Sidebar,
            (Pane::List, false) => Pane::Article,
            _ => Pane::List,
        };
        self.focus_pane(next)
    }

    /// Space: opens, then pages, then goes to the next unread.
    fn read_on(&mut self) -> Effects {
        if self.ui.focus != Pane::Article {
            return self.open_selected();
        }
        if self.article_pane.is_at_end() {
            self.go_to_next_unread()
        } else {
            self.scroll_article(ScrollAmount::Pages(1))
        }
    }

    fn go_to_adjacent_entry(&mut self, delta: isize) -> Effects {
        self.entry_list.move_selection(delta);
        if self.ui.focus == Pane::Article { self.mark_selected_read() } else { Effects::none() }
    }

    fn go_to_next_unread(&mut self) -> Effects {
        if !self.entry_list.select_next_unread() {
            self.notices.show_info(
                "Nothing unread below. Esc goes back to the list.",
                self.current_time.at,
            );
            return Effects::none();
        }
        if self.ui.focus == Pane::Article { self.mark_selected_read() } else { Effects::none() }
    }

    fn focus_filter(&mut self) -> Effects {
        self.ui.filter_editing = self.ui.key_preset == KeyPreset::Vim;
        self.focus_pane(Pane::List)
    }

    /// Makes a change at once; the library follows.
    pub(super) fn apply_change(&mut self, change: Option<Change>) -> Effects {
        let Some(change) = change else { return Effects::none() };
        let done = crate::model::AppliedChange { change: change.clone(), title: None };
        let (ids, set) = done.entry_state_update();
        self.entry_list.update_states(ids, set);
        StoreWrite::ApplyChange(change).into()
    }

    pub(super) fn mark_selected_read(&mut self) -> Effects {
        self.apply_change(self.entry_list.mark_read_change())
    }

    fn mark_list_read(&mut self) -> Effects {
        let ids = self.entry_list.ids().to_vec();
        self.apply_change((!ids.is_empty()).then(|| Change::set_read(&ids, true)))
    }

    fn toggle_hide_read(&mut self) -> Effects {
        let mut view = self.entry_list.view().clone();
        view.unread_only = !view.unread_only;
        self.notices.show_info(
            if view.unread_only { "Read articles are hidden." } else { "Read articles are shown." },
            self.current_time.at,
        );
        self.entry_list.request_view(view)
    }

    fn clear_filter(&mut self) -> Effects {
        self.ui.filter_editing = false;
        let remembered = self.remember_filter();
        remembered.and(self.edit_filter(|line| line.set_text("")))
    }

    fn save_filter(&mut self) -> Effects {
        let text = self.filter_bar.text().trim().to_owned();
        if text.is_empty() {
            return self.notify("Type a filter first; ^X v saves it.");
        }
        self.notices.show_info(
            format!("Saved “{text}”; it is in the feeds pane (←)."),
            self.current_time.at,
        );
        Effects::from(StoreWrite::SaveFilter(text)).and(Effect::LoadSidebar)
    }

    fn toggle_order(&mut self) -> Effects {
        let mut view = self.entry_list.view().clone();
        let (order, said) = match view.order {
            SortOrder::NewestFirst => {
                (SortOrder::Relevance, "What fits the filter best is on top.")
            }
            SortOrder::Relevance => (SortOrder::NewestFirst, "The newest is on top."),
        };
        view.order = order;
        self.notices.show_info(said, self.current_time.at);
        let asked = self.entry_list.request_view(view);
        self.entry_list.select(0);
        asked.and(self.entry_list.request_from_top())
    }

    /// Narrows the list to the stretch of time of the histogram that the selected article belongs to.
    fn narrow_to_selected_days(&mut self) -> Effects {
        let column = self.selected_histogram_column();
        let days = self.entry_list.search_summary().histogram.as_ref().zip(column);
        match days.and_then(|(histogram, column)| histogram.bucket_days(column)) {
            Some(days) => self.narrow_to_days(days),
            None => self.notify(
                "Type a filter first; ^X # narrows it to the time of the selected article.",
            ),
        }
    }

    /// The column of the histogram that the selected article belongs to.
    pub fn selected_histogram_column(&self) -> Option<usize> {
        let day = self.entry_list.selected_entry()?.published.day_in(&self.current_time.zone);
        self.entry_list.search_summary().histogram.as_ref()?.bucket_of(day)
    }

    /// Narrows the filter to some days, in place of those it was narrowed to before.
    pub(super) fn narrow_to_days(&mut self, days: Range<NaiveDate>) -> Effects {
        let last = days.end.pred_opt().unwrap_or(days.end);
        let within = if last == days.start {
            format!("on:{last}")
        } else {
            format!("between:{}..{last}", days.start)
        };
        let text = self.filter_bar.text().to_owned();
        let words = text.split_whitespace().filter(|word| !is_day_filter(word));
        let narrowed: Vec<&str> = words.chain([within.as_str()]).collect();
        let narrowed = narrowed.join(" ") + " ";
        self.edit_filter(|line| line.set_text(&narrowed))
    }

    fn hide_samples(&mut self) -> Effects {
        let samples = self.sidebar.data().feeds.iter().find(|feed| feed.kind == FeedKind::Samples);
        match samples.map(|feed| feed.id) {
            Some(id) => self.apply_change(Some(Change::set_unsubscribed(id, true))),
            None => self.notify("The samples are put away already."),
        }
    }

    fn remove_selected_source(&mut self) -> Effects {
        if let (Pane::Sidebar, Some(SidebarTarget::Filter(text))) =
            (self.ui.focus, self.sidebar.selected_target())
        {
            self.notices
                .show_info(format!("Forgot “{text}”; ^X v saves a filter."), self.current_time.at);
            return Effects::from(StoreWrite::DeleteFilter(text)).and(Effect::LoadSidebar);
        }
        match self.scope() {
            ViewScope::Feed(id) => {
                let change = Change::set_unsubscribed(*id, true);
                let made = self.apply_change(Some(change));
                made.and(self.show_scope(ViewScope::Unread))
            }
            _ => self.notify("Choose the feed first: ← shows the feeds."),
        }
    }

    /// Refreshes the feed that the list shows, whatever its clock says; all of them where there is none.
    fn refresh_current_feed(&mut self) -> Effects {
        let scope = match self.scope() {
            ViewScope::Feed(id) => RefreshScope::One(*id),
            _ => RefreshScope::All,
        };
        Effect::Refresh(scope).into()
    }

    fn quit(&mut self) -> Effects {
        self.exit_reason = Some(ExitReason::Quit);
        let selected = self
            .entry_list
            .selected_id()
            .map(|id| StoreWrite::SetPreference("selected", id.to_string()));
        let scope = StoreWrite::SetPreference("scope", format_scope(self.scope()));
        self.article_pane
            .close_view()
            .and(Effects::from(selected))
            .and(scope)
            .and(self.remember_filter())
    }

    /// Shows another scope; the filter stays.
    pub(super) fn show_scope(&mut self, scope: ViewScope) -> Effects {
        let view = View { scope, ..self.entry_list.view().clone() };
        self.entry_list.request_view(view)
    }

    pub(super) fn notify(&mut self, text: impl Into<String>) -> Effects {
        self.notices.show_info(text, self.current_time.at);
        Effects::none()
    }

    /// Where an article left off is kept when it is left, and when the program is told to end.
    pub fn reading_position(&self) -> Option<(crate::model::EntryId, ReadingPosition)> {
        self.article_pane.view().map(|shown| (shown.entry_id(), shown.position()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ListEdge {
    First,
    Last,
}

/// Whether a part of a filter is what [`App::narrow_to_days`] writes.
fn is_day_filter(part: &str) -> bool {
    part.starts_with("on:") || part.starts_with("between:")
}
