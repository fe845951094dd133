//! The routes of commands and actions: one arm each, one call in each arm.

use super::{
    accounts,
    article::{copy_link, export_article, open_in_browser},
    feeds,
    full_text::toggle_full_text,
    overlays::{OverlayData, OverlayReply, open_export_prompt, open_path_prompt},
    podcasts,
    programs::run_program,
    tags, views,
};
use crate::{
    app::{
        Action, Actions, AddFeedDialog, App, Effects, ExportTarget, JournalTable, Notice, Overlay,
        Pane, PathPrompt, PickerKind, RuleTable, SidebarData, StoreWrite, StoryReading, TermSense,
        TerminalRequest, TextInput, completion_sources, edit_of,
    },
    command::Command,
    model::{QueueTarget, TagName},
};

impl App {
    /// Runs a command on the open overlay, or else on the part of the state that it changes.
    pub(in crate::app) fn run_command(&mut self, command: Command) -> Effects {
        if let Some(mut overlay) = self.overlay.take() {
            let SidebarData { feeds, accounts, views, tags, .. } = self.sidebar.data();
            let filter = &self.entry_list.definition().filter;
            let commands = &self.ui.settings.commands;
            let data = OverlayData {
                feeds,
                accounts,
                views,
                tags,
                commands,
                now: self.current_time,
                filter,
            };
            let reply = overlay.apply(command, &data, &mut self.article_pane);
            if let Some(actions) = self.settle_overlay(overlay, reply) {
                return self.perform(actions);
            }
        }
        let actions = self.route_command(command);
        self.perform(actions)
    }

    /// Puts an overlay back unless it closes. Returns its actions; `None` if what happened is not
    /// its own affair.
    pub(super) fn settle_overlay(
        &mut self,
        overlay: Overlay,
        reply: OverlayReply,
    ) -> Option<Actions> {
        match reply {
            OverlayReply::Stay(actions) => {
                self.overlay = Some(overlay);
                Some(actions)
            }
            OverlayReply::Close(actions) => Some(actions),
            OverlayReply::NotMine => None,
        }
    }

    /// Undoes or redoes a change. While changes wait in memory, so does this one, and nothing else
    /// shows it.
    fn step_journal(&self, step: StoreWrite) -> Actions {
        const WAITS: &str = "This is done once the earlier changes are saved";
        let notice = self.notices.has_unsaved_changes().then(|| Notice::info(WAITS));
        Actions::from(step).and(notice)
    }

    /// Passes a command to the part of the state that it changes. Without a wildcard arm, the
    /// compiler reports a new command that is not routed.
    #[expect(clippy::too_many_lines, reason = "one arm for each command")]
    fn route_command(&mut self, command: Command) -> Actions {
        if let Some(actions) = self.act_on_marked(command) {
            return actions;
        }
        if let Some(refusal) = self.refuse_far_article(command) {
            return refusal;
        }
        let (panes, fits_images) = (self.pane_layout(), self.fits_images());
        let (focus, zone, today) =
            (self.ui.focus, self.current_time.zone, self.current_time.today());
        let entry = self.entry_list.selected_entry();
        let entry_feed = entry.and_then(|entry| self.sidebar.feed(entry.feed));
        match command {
            Command::MoveUp
            | Command::MoveDown
            | Command::PageUp
            | Command::PageDown
            | Command::GoFirst
            | Command::GoLast => self.scroll_focused(command),
            Command::Open => self.open_selected(),
            Command::Back => self.go_back(),
            Command::ScrollRight => self.article_pane.scroll_code_or_leave(1),
            Command::ScrollLeft => self.article_pane.scroll_code_or_leave(-1),
            Command::NextPane => self.complete_or_cycle_pane(),
            Command::PreviousPane => self.cycle_pane(-1),
            Command::ReadOn => self.read_on(),
            Command::NextEntry => self.entry_list.go_to_adjacent(1, focus).into(),
            Command::PreviousEntry => self.entry_list.go_to_adjacent(-1, focus).into(),
            Command::NextUnread => self.entry_list.go_to_next_unread(focus),
            Command::FocusFilter => self.ui.focus_filter(),

            Command::ToggleStar => self.entry_list.toggle_star().into(),
            Command::ToggleRead => self.entry_list.toggle_read().into(),
            Command::TagArticle => tags::open_prompt(
                self.entry_list.selected_id().as_slice(),
                &self.entry_list,
                &self.sidebar,
            ),
            Command::ToggleLater => self.entry_list.toggle_tag(&TagName::later()),
            Command::ToggleQueued => self.entry_list.toggle_tag(&TagName::queue()),
            Command::MoveEpisodeUp => podcasts::move_episode(&mut self.entry_list, QueueTarget::Up),
            Command::MoveEpisodeDown => {
                podcasts::move_episode(&mut self.entry_list, QueueTarget::Down)
            }
            Command::MoveEpisodeFirst => {
                podcasts::move_episode(&mut self.entry_list, QueueTarget::First)
            }
            Command::TogglePlayed => self.entry_list.toggle_tag(&TagName::played()),
            Command::PlayEpisode => podcasts::play(entry),
            Command::DownloadEpisode => podcasts::download(entry),
            Command::StopDownloads => podcasts::stop_downloads(&self.jobs),
            Command::ToggleHidden => self.entry_list.toggle_tag(&TagName::hidden()),
            Command::SnoozeArticle => self.open_picker(PickerKind::SnoozeTimes),
            Command::RemoveArticle => self.entry_list.remove_selected(self.current_time.at),
            Command::RestoreArticle => self.entry_list.restore_selected(),
            Command::ShowTrash => self.entry_list.show_trash(),
            Command::MarkListRead => self.mark_focused_list_read(),
            Command::ToggleRowMark => self.entry_list.toggle_row_mark(),
            Command::MarkRange => self.entry_list.mark_range(),
            Command::InvertMarks => self.entry_list.invert_row_marks(),
            Command::ClearMarks => self.entry_list.clear_row_marks(),
            Command::ActOn => self.open_target_scopes(),
            Command::ToggleHideRead => self.entry_list.toggle_hide_read(),
            Command::ToggleCopies => self.toggle_copies(),
            Command::ToggleOrder => self.entry_list.toggle_order(),
            Command::SortList => self.open_picker(PickerKind::SortOrders),
            Command::GroupList => self.open_picker(PickerKind::Groupings),
            Command::ToggleStory => self.entry_list.toggle_story(),
            Command::Undo => self.step_journal(StoreWrite::Undo),
            Command::Redo => self.step_journal(StoreWrite::Redo),

            Command::ShowWhy => self.request_history(),

            Command::ShowJournal => Action::Open(Overlay::Journal(JournalTable::default())).into(),

            Command::OpenInBrowser => open_in_browser(entry),
            Command::CopyLink => copy_link(entry),
            Command::CopyArticle => export_article(entry, ExportTarget::Clipboard),
            Command::PageArticle => export_article(entry, ExportTarget::Pager),
            Command::PrintArticle => export_article(entry, ExportTarget::Printer),
            Command::FullText => {
                toggle_full_text(self.article_pane.view(), entry, entry_feed, &mut self.jobs)
            }
            Command::TogglePictures => self.article_pane.switch_images(fits_images),
            Command::NextHit => self.step_hit(1),
            Command::PreviousHit => self.step_hit(-1),
            Command::ShowEdits => self.toggle_edits(),
            Command::ShowSimilar => self.find_similar(),
            Command::TakeFromArchive => self.take_from_archive(),
            Command::ShowAdditions => self.toggle_story_reading(StoryReading::Additions),
            Command::ShowCombined => self.toggle_story_reading(StoryReading::Combined),
            Command::ShowStory => self.entry_list.show_story(),
            Command::JoinStory => self.entry_list.join_story(),
            Command::LeaveStory => self.entry_list.leave_story(),
            Command::OlderVersion => self.step_version(-1),
            Command::NewerVersion => self.step_version(1),
            Command::JumpBack => self.article_pane.return_from_jump(),
            Command::ToggleRuler => self.article_pane.switch_ruler(),
            Command::CopyQuote => self.article_pane.copy_quote(entry),
            Command::OpenLink(number) => self.article_pane.open_link(usize::from(number)),

            Command::RunProgram(index) => run_program(&self.ui.settings, index, entry),

            Command::ClearFilter => {
                self.ui.filter_editing = false;
                let left = self.entry_list.leave_visit();
                left.unwrap_or_else(|| {
                    let remembered = self.filter_bar.remember();
                    Actions::from(remembered).and(Action::SetFilter(String::new()))
                })
            }
            Command::DeleteBack
            | Command::DeleteForward
            | Command::DeleteWord
            | Command::DeleteLine
            | Command::CaretStart
            | Command::CaretEnd
            | Command::CaretLeft
            | Command::CaretRight
            | Command::WordLeft
            | Command::WordRight => self.edit_filter_by(command),
            Command::PreviousFilter => recall(self.filter_bar.previous_in_history()),
            Command::NextFilter => recall(self.filter_bar.next_in_history()),
            Command::SaveView => {
                let views = &self.sidebar.data().views;
                views::save(&self.filter_bar, self.entry_list.definition(), views, today)
            }
            Command::EditView => views::edit(focus, &self.sidebar, self.entry_list.definition()),
            Command::MoveViewUp => views::move_by(-1, focus, &self.sidebar),
            Command::MoveViewDown => views::move_by(1, focus, &self.sidebar),
            Command::AddRule => self.open_rule_form(),
            Command::ShowRules | Command::RunRule | Command::RemoveRule | Command::ShowRuleHits => {
                Action::Open(Overlay::RuleTable(RuleTable::default())).into()
            }
            Command::SearchEverywhere => self.entry_list.search_everywhere(),
            Command::FilterBySelected => self.open_terms(TermSense::With),
            Command::FilterOutSelected => self.open_terms(TermSense::Without),
            Command::NarrowToTime => {
                self.entry_list.narrow_to_selected_days(&self.filter_bar, zone)
            }

            Command::Refresh => feeds::refresh_all(&self.jobs),
            Command::StopRefresh => feeds::stop_refresh(&self.jobs),
            Command::RefreshFeed => feeds::refresh_listed(self.scope()),
            Command::EditFeed => {
                feeds::edit_selected(focus, &self.sidebar, self.scope(), entry_feed)
            }
            Command::Unsubscribe => {
                feeds::remove_selected(focus, &self.sidebar, self.scope(), entry_feed)
            }
            Command::PauseFeed => feeds::pause(focus, &self.sidebar, entry_feed),
            Command::MuteFeed => feeds::mute(focus, &self.sidebar, entry_feed),
            Command::OpenSite => feeds::open_site(focus, &self.sidebar, entry_feed),
            Command::HideSamples => feeds::hide_samples(&self.sidebar),
            Command::AddFeed => AddFeedDialog::open("", self.sidebar.data()),
            Command::SavePage => AddFeedDialog::open_for_page(self.sidebar.data()),
            Command::ManageFeeds => feeds::open_table(self.scope()),
            Command::ManageAccounts | Command::RemoveAccount => accounts::open_table(),
            Command::AddAccount => accounts::open_new(None),
            Command::SyncAccount => accounts::sync_all(&self.sidebar.data().accounts),
            Command::ImportFeeds => open_path_prompt(PathPrompt::import_feeds()),
            Command::ExportFeeds => open_path_prompt(PathPrompt::export_feeds()),
            Command::ExportArticle => open_export_prompt(entry),
            Command::ShowFeeds => Action::Focus(Pane::Sidebar).into(),
            Command::ToggleFolder => self.toggle_folder_or_open(),
            Command::ToggleReadFeeds => self.sidebar.switch_read_feeds(),
            Command::NextUnreadFeed => self.show_next_unread_feed(),

            Command::NextTheme => self.ui.select_next_theme(),
            Command::ToggleDensity => self.ui.toggle_density(&panes),
            Command::ToggleWide => self.ui.toggle_wide_article(),
            Command::WiderList => self.ui.change_list_width(40, &panes).into(),
            Command::NarrowerList => self.ui.change_list_width(-40, &panes).into(),
            Command::SwitchKeys => self.ui.switch_key_preset(),

            Command::CommandMenu => {
                let titles = self.command_titles();
                Action::Open(Overlay::command_menu(self.current_time.at, titles)).into()
            }
            Command::Palette => self.open_picker(PickerKind::Palette),
            Command::Help => self.open_picker(PickerKind::Help),
            Command::ShowErrors => self.open_picker(PickerKind::Errors),
            Command::ShowLinks => self.open_picker(PickerKind::Links),
            Command::ShowContents => self.open_picker(PickerKind::Headings),
            Command::GoToFeed => self.open_picker(PickerKind::Scopes),
            Command::TextDirection => self.open_picker(PickerKind::BidiModes),
            Command::Find => self.article_pane.open_find_bar(),
            Command::Suspend => TerminalRequest::Suspend.into(),
            Command::Redraw => self.article_pane.redraw(),
            Command::Quit => self.quit(),
        }
    }

    /// Carries out actions, in order.
    pub(in crate::app) fn perform(&mut self, actions: Actions) -> Effects {
        actions.into_iter().fold(Effects::none(), |effects, action| {
            let more = self.perform_action(action);
            effects.and(more)
        })
    }

    fn perform_action(&mut self, action: Action) -> Effects {
        match action {
            Action::Effect(effect) => effect.into(),
            Action::Notify(notice) => {
                self.notices.show(notice, self.current_time.at);
                Effects::none()
            }
            Action::Focus(pane) => {
                if pane == Pane::Sidebar {
                    self.sidebar.select_listed(self.entry_list.definition());
                }
                self.ui.focus = pane;
                self.ui.mouse_tracking().into()
            }
            Action::ShowScope(scope) => self.entry_list.show_scope(scope),
            Action::SortList(order) => {
                let actions = self.entry_list.choose_order(order);
                self.perform(actions)
            }
            Action::GroupList(grouping) => {
                let actions = self.entry_list.choose_grouping(grouping);
                self.perform(actions)
            }
            Action::ApplyChange(change) => {
                let actions = self.entry_list.apply_tags(change);
                self.perform(actions)
            }
            Action::OpenDayPrompt(ids) => {
                let actions = tags::open_day_prompt(&ids, &self.entry_list, &self.sidebar);
                self.perform(actions)
            }
            Action::VisitList(filter) => {
                let actions = self.entry_list.visit_list(filter);
                self.perform(actions)
            }
            Action::SetFilter(text) => self.edit_filter(|line| line.set_text(&text)),
            Action::SetBidiMode(mode) => {
                let actions = self.ui.bidi.choose(mode, self.ui.settings.bidi);
                self.perform(actions)
            }
            Action::Open(overlay) => {
                self.open_overlay(overlay);
                Effects::none()
            }
            Action::Run(command) => self.run_command(command),
            Action::ChooseTargets(scope) => self.perform(self.choose_targets(scope)),
            Action::ActOn(act, ids) => self.perform(self.act_on(act, ids)),
            Action::Act(act, ids) => {
                let actions = self.perform_act(act, ids);
                self.perform(actions)
            }
            Action::WriteMarks(write) => {
                self.entry_list.unsaved_marks.push_unlisted();
                write.into()
            }
            Action::AddTerm(term) => self.perform(self.add_filter_term(&term)),
        }
    }

    /// Edits the text of the filter bar, and shows the entries it describes.
    pub(in crate::app) fn edit_filter(&mut self, edit: impl FnOnce(&mut TextInput)) -> Effects {
        if self.filter_bar.edit_input(self.current_time.today(), edit) {
            self.entry_list.show_filter(&self.filter_bar)
        } else {
            Effects::none()
        }
    }

    fn edit_filter_by(&mut self, command: Command) -> Actions {
        edit_of(command).map(|request| self.edit_filter(|line| line.apply_edit(request))).into()
    }

    /// Completes the word before the caret of the filter bar, or focuses the next pane if there is
    /// no word to complete.
    fn complete_or_cycle_pane(&mut self) -> Actions {
        let sources = completion_sources(&self.sidebar);
        if !self.ui.is_filter_focused() || self.filter_bar.is_empty() {
            return self.cycle_pane(1);
        }
        if self.filter_bar.insert_completion(self.current_time.today(), &sources) {
            return self.entry_list.show_filter(&self.filter_bar).into();
        }
        match self.filter_bar.unknown_name(&sources) {
            Some(name) => Notice::info(format!("No name matches “{name}”")).into(),
            None => self.cycle_pane(1),
        }
    }
}

/// Puts a filter of the history into the filter bar.
fn recall(text: Option<String>) -> Actions {
    text.map(|text| Actions::from(Action::Focus(Pane::List)).and(Action::SetFilter(text))).into()
}
