//! Commands on the entry list.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    app::{
        Action, Actions, Effect, Effects, EntryList, FilterBar, Notice, NoticeAction, Pane,
        ScrollAmount, StoreWrite,
    },
    command::Command,
    model::{
        AppliedChange, Change, Feed, ListArrangement, ListDefinition, ListGrouping, SortOrder,
        ViewScope, renamed_folder,
    },
    text::LocalZone,
};

impl EntryList {
    /// Moves the selection by lines or pages, or to an end.
    pub(in crate::app) fn move_by(&mut self, amount: ScrollAmount) {
        match amount {
            ScrollAmount::Lines(lines) => self.move_selection(lines as isize),
            ScrollAmount::Pages(pages) => self.move_selection_by_pages(pages as isize),
            ScrollAmount::Start => self.select(0),
            ScrollAmount::End => self.select(usize::MAX),
        }
    }

    /// Selects the next or previous entry; one that is opened this way becomes read.
    pub(in crate::app) fn go_to_adjacent(&mut self, delta: isize, focus: Pane) -> Effects {
        self.move_selection(delta);
        if focus == Pane::Article { self.mark_selected_read() } else { Effects::none() }
    }

    /// Selects the next unread entry; one that is opened this way becomes read.
    pub(in crate::app) fn go_to_next_unread(&mut self, focus: Pane) -> Actions {
        const BACK: &[NoticeAction] = &[NoticeAction::new(Command::Back, "to go back to the list")];
        let found = self.select_next_unread();
        match (found, focus) {
            (true, Pane::Article) => self.mark_selected_read().into(),
            (true, _) => Actions::none(),
            (false, Pane::Article) => Notice::info("Nothing unread below").offering(BACK).into(),
            (false, _) => Notice::info("Nothing unread below").into(),
        }
    }

    /// Applies a change of the selected entry to its row at once, and returns the effect that stores
    /// it.
    pub(in crate::app) fn apply_change(&mut self, change: Option<Change>) -> Effects {
        let Some(change) = change else { return Effects::none() };
        self.show_change(&change);
        StoreWrite::ApplyChange(change).into()
    }

    /// Shows a change of the selected entry at its row.
    fn show_change(&mut self, change: &Change) {
        match self.selected_entry().cloned() {
            Some(entry) => self.unsaved_marks.push(change, &entry),
            None => self.unsaved_marks.push_unlisted(),
        }
        self.update_states(&AppliedChange { change: change.clone(), title: None, copies: 0 });
    }

    /// Returns the change that toggles the star of the selected entry.
    fn toggle_star_change(&self) -> Option<Change> {
        self.selected_entry().map(|entry| Change::set_starred(&[entry.id], !entry.state.starred))
    }

    /// Returns the change that toggles whether the selected entry is read.
    fn toggle_read_change(&self) -> Option<Change> {
        self.selected_entry().map(|entry| Change::set_read(&[entry.id], !entry.state.read))
    }

    pub(in crate::app) fn toggle_star(&mut self) -> Effects {
        self.apply_change(self.toggle_star_change())
    }

    pub(in crate::app) fn toggle_read(&mut self) -> Effects {
        self.apply_change(self.toggle_read_change())
    }

    /// Marks the selected entry read because it is opened. The journal knows this from what the user
    /// means to do, which undo takes back.
    pub(in crate::app) fn mark_selected_read(&mut self) -> Effects {
        let unread = self.selected_entry().filter(|entry| !entry.state.read);
        let Some(id) = unread.map(|entry| entry.id) else { return Effects::none() };
        self.show_change(&Change::set_read(&[id], true));
        let reads_story = self.reads_stories;
        if reads_story { StoreWrite::MarkStoryOpened(id) } else { StoreWrite::MarkOpened(id) }
            .into()
    }

    /// Moves the selected entry to the trash. Its row stays until the list is opened again.
    pub(in crate::app) fn remove_selected(&mut self, now: DateTime<Utc>) -> Actions {
        match self.selected_entry() {
            Some(entry) if entry.state.removed => {
                Notice::info("This article is in the trash already").into()
            }
            Some(entry) => {
                let change = Change::remove_entries(&[entry.id], now);
                self.apply_change(Some(change)).into()
            }
            None => Actions::none(),
        }
    }

    /// Takes the selected entry out of the trash.
    pub(in crate::app) fn restore_selected(&mut self) -> Actions {
        match self.selected_entry() {
            Some(entry) if entry.state.removed => {
                let change = Change::restore_entries(&[entry.id]);
                self.apply_change(Some(change)).into()
            }
            Some(_) => Notice::info("This article is not in the trash").into(),
            None => Actions::none(),
        }
    }

    /// Hides read entries, or shows them again.
    pub(in crate::app) fn toggle_hide_read(&mut self) -> Actions {
        let unread_only = !self.definition().unread_only;
        let text = if unread_only { "Read articles hidden" } else { "Read articles shown" };
        let list = ListDefinition { unread_only, ..self.definition().clone() };
        Actions::from(Notice::info(text)).and(self.request_list(list))
    }

    /// Sorts by relevance, or by date.
    pub(in crate::app) fn toggle_order(&mut self) -> Actions {
        let order = match self.definition().order {
            SortOrder::Relevance => SortOrder::NewestFirst,
            _ => SortOrder::Relevance,
        };
        self.choose_order(order)
    }

    /// Sorts the list, and remembers the order for its view, or else for its feed or folder. Groups
    /// by day are given up if they do not fit.
    pub(in crate::app) fn choose_order(&mut self, order: SortOrder) -> Actions {
        let old = self.definition().arrangement();
        let arrangement = old.with_order(order);
        let groups = if arrangement.grouping == old.grouping { "" } else { ", not grouped" };
        self.show_arranged(arrangement, format!("Sorted {}{groups}", order.label()))
    }

    /// Groups the list, and remembers the groups as [`EntryList::choose_order`] does the order.
    pub(in crate::app) fn choose_grouping(&mut self, grouping: ListGrouping) -> Actions {
        let old = self.definition().arrangement();
        let arrangement = old.with_grouping(grouping);
        let text = match grouping {
            ListGrouping::None => "Groups removed".to_owned(),
            _ => format!("Grouped {}", grouping.label()),
        };
        let order = if arrangement.order == old.order { "" } else { ", newest first" };
        self.show_arranged(arrangement, format!("{text}{order}"))
    }

    fn show_arranged(&mut self, arrangement: ListArrangement, text: String) -> Actions {
        let writes = self.arrange(arrangement).into_iter().fold(Effects::none(), Effects::and);
        let effects = self.request_list(self.definition().clone());
        self.select(0);
        Actions::from(Notice::info(text)).and(effects).and(self.request_from_top()).and(writes)
    }

    /// Shows another scope; the filter stays.
    pub(in crate::app) fn show_scope(&mut self, scope: ViewScope) -> Effects {
        let list = ListDefinition { scope, ..self.definition().clone() };
        self.request_list(list)
    }

    /// Lists the entries that match the filter bar. A term that is not understood matches all of them:
    /// its first letters alone were words, and what they have found is not what is meant.
    pub(in crate::app) fn show_filter(&mut self, filter_bar: &FilterBar) -> Effects {
        let list =
            ListDefinition { filter: filter_bar.text().to_owned(), ..self.definition().clone() };
        self.request_list(list)
    }

    /// Searches again after a search without hits: for the suggested filter, or else in all
    /// articles.
    pub(in crate::app) fn retry_empty_search(&mut self) -> Actions {
        match self.suggested_filter() {
            Some(suggestion) => Action::SetFilter(suggestion.to_owned()).into(),
            None => self.search_everywhere(),
        }
    }

    /// Searches all articles with the current filter.
    pub(in crate::app) fn search_everywhere(&mut self) -> Actions {
        const FILTER: &[NoticeAction] = &[NoticeAction::new(Command::FocusFilter, "to type one")];
        if self.definition().filter.is_empty() {
            return Notice::info("Type a filter first").offering(FILTER).into();
        }
        if !self.definition().limits_search() {
            return Notice::info("The filter already searches all articles").into();
        }
        let list = ListDefinition {
            scope: ViewScope::All,
            unread_only: false,
            ..self.definition().clone()
        };
        self.request_list(list).into()
    }

    /// Returns the index of the histogram column that contains the selected entry.
    pub(in crate::app) fn selected_bucket(&self, zone: LocalZone) -> Option<usize> {
        let day = self.selected_entry()?.published.day_in(&zone);
        self.search_summary().histogram.as_ref()?.bucket_of(day)
    }

    /// Returns the days of a histogram column.
    pub(in crate::app) fn bucket_days(&self, bucket: usize) -> Option<Range<NaiveDate>> {
        self.search_summary().histogram.as_ref()?.bucket_days(bucket)
    }

    /// Handles a click on a line of the list; a second click on a row opens the entry. A click on a
    /// heading only focuses the list.
    pub(in crate::app) fn click_line(&mut self, line: usize, focus: Pane) -> Actions {
        let Some(index) = self.index_at_line(line) else {
            return Action::Focus(Pane::List).into();
        };
        if index == self.selected_index() && focus == Pane::List {
            return Action::Run(Command::Open).into();
        }
        self.select(index);
        Action::Focus(Pane::List).into()
    }

    /// Narrows the filter to the days of the histogram column that contains the selected entry.
    pub(in crate::app) fn narrow_to_selected_days(
        &self,
        filter_bar: &FilterBar,
        zone: LocalZone,
    ) -> Actions {
        const NARROW: &[NoticeAction] =
            &[NoticeAction::new(Command::NarrowToTime, "narrows it to the time of the article")];
        match self.selected_bucket(zone).and_then(|bucket| self.bucket_days(bucket)) {
            Some(days) => Action::SetFilter(filter_bar.narrowed_to(&days)).into(),
            None => Notice::info("Type a filter first").offering(NARROW).into(),
        }
    }

    /// Lists the folder that is listed under the other name that a change of `feeds` has given it.
    pub(in crate::app) fn follow_folder(&mut self, feeds: &[Feed], change: &Change) {
        let ViewScope::Folder(folder) = &self.definition().scope else { return };
        if let Some(name) = renamed_folder(feeds, change, folder) {
            self.rename_scope(&ViewScope::Folder(name));
        }
    }

    /// Applies a change of the library to the rows, and requests the list again if feeds changed.
    pub(in crate::app) fn refresh_after(&mut self, applied: &AppliedChange) -> Effects {
        self.update_states(applied);
        let effects = if applied.change.affects_feeds() {
            // The archive's articles of a feed that was unsubscribed from are not taken.
            self.forget_far_rows();
            self.request_after_feed_change()
        } else {
            Effects::none()
        };
        effects.and(self.reload_tagged(&applied.change)).and(Effect::LoadSidebar)
    }
}
