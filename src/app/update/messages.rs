//! The routes of messages, and the notices about changes.

use super::full_text;
use crate::{
    app::{
        App, ChangeAction, Effect, Effects, ExitReason, Message, Notice, NoticeAction, Overlay,
        Pane, RequestId, SaveStatus, SidebarData, SyncProgress, TerminalRequest, UNDO,
        describe_action,
    },
    command::Command,
    model::{
        AppliedChange, Change, EntryId, Failure, RefreshProgress, SearchResults, TRASH_DAYS, View,
    },
    picture::ImagePayload,
    settings::NotificationSetting,
    text::{LocalNow, count_noun},
};

impl App {
    /// Passes a message to the part of the state that it concerns. Without a wildcard arm, the
    /// compiler reports a new message that is not routed.
    #[expect(clippy::too_many_lines, reason = "one arm for each message")]
    pub(in crate::app) fn route_message(&mut self, message: Message) -> Effects {
        let now = self.current_time.at;
        match message {
            Message::Key(key) => return self.handle_key(key),
            Message::Paste(text) => return self.handle_paste(&text),
            Message::Mouse(mouse) => return self.handle_mouse(mouse),
            Message::Resized(size) => self.ui.size = size,
            Message::Command(command) => return self.run_command(command),
            Message::Tick => return self.handle_tick(),

            Message::ResultsLoaded(id, Ok(results)) => return self.show_results(id, results),
            Message::RowsLoaded(Ok(rows)) => self.entry_list.insert_rows(rows),
            Message::IndexUpdated => {
                self.sidebar.expire_view_counts();
                return self.entry_list.request_again();
            }
            Message::StoriesChanged => {
                let shows_stories = self.entry_list.is_grouped_by_story();
                return shows_stories.then(|| self.entry_list.request_after_change()).into();
            }
            Message::TargetsLoaded(act, Ok(entries)) => {
                let actions = self.act_on_entries(act, &entries);
                return self.perform(actions);
            }
            Message::OlderFound(Ok(ids)) => return self.perform(self.open_acts(ids)),
            Message::SimilarFound(id, Ok(filter)) => return self.show_similar(id, filter),
            Message::StoryReadingLoaded(id, Ok(diff)) => {
                return self.show_story_reading(id, diff.map(|diff| *diff));
            }
            Message::DiffLoaded(request, Ok(diff)) => return self.show_diff(request, *diff),
            Message::HistoryLoaded(Ok(history)) => {
                let actions = self.show_history(&history);
                return self.perform(actions);
            }
            Message::TraitsLoaded(id, traits) => self.show_text_terms(id, traits),
            Message::ArticleLoaded(request, article) => {
                let selected = self.entry_list.selected_entry();
                if self.article_pane.article_loaded(request, article, selected) {
                    self.notices.show(edited_in_view(), self.current_time.at);
                }
            }
            Message::ArticleWithheld(request) => self.article_pane.article_withheld(request),
            Message::ImageLoaded(key, Ok(loaded)) => {
                self.article_pane.images.insert(&key, Ok(loaded.image));
                let payload = Some(loaded.payload).filter(|sent| *sent != ImagePayload::None);
                return payload.map(TerminalRequest::SendImage).into();
            }
            Message::ImageLoaded(key, Err(failure)) => {
                self.article_pane.images.insert(&key, Err(failure));
            }
            Message::FullTextChanged(id) => return self.reload_full_text(id),
            Message::FullTextFailed(id, failure) => {
                self.jobs.fail_full_text(id);
                self.notices.show_failure(failure, now);
            }
            Message::PagerTextReady(text) => return TerminalRequest::OpenPager(text).into(),
            Message::ProgramReady(run, text) => {
                return TerminalRequest::RunProgram(run, text).into();
            }
            Message::PlayerReady(run) => return TerminalRequest::RunPlayer(run).into(),
            Message::PlayerEnded(run, outcome, failure) => {
                return self.finish_player(&run, outcome, failure);
            }
            Message::DownloadsProgressed(progress) => self.jobs.set_download_progress(progress),
            Message::UrlNotOpened(url, failure) => {
                let entry = self.entry_list.selected_entry();
                let is_copied = entry.is_some_and(|entry| entry.link.as_ref() == Some(&url));
                self.notices.show_browser_failure(failure, is_copied, now);
            }
            Message::ClipboardTextReady(text, count) => {
                let copied = match count {
                    1 => "Copied the article".to_owned(),
                    count => format!("Copied {}", count_noun(count, "article")),
                };
                self.notices.show(Notice::info(copied), now);
                return TerminalRequest::CopyText(text).into();
            }

            Message::SidebarLoaded(Ok(data)) => return self.show_sidebar_data(data),
            Message::ViewsCounted(id, counts) => self.sidebar.set_view_counts(id, &counts),
            Message::FilterSuggested(id, filter) => {
                self.entry_list.set_suggested_filter(id, filter);
            }
            Message::HiddenCounted(id, count) => self.entry_list.set_hidden_count(id, count),
            Message::ArchiveSearched(id, status) => self.entry_list.set_far_status(id, status),
            Message::ArchiveTaken(taken) => self.finish_taking(taken),
            Message::FarArticleTaken(article, taken) => {
                return self.finish_opening(&article, taken.map(|entry| entry.map(|entry| *entry)));
            }
            Message::FarArticlesStored(stored) => self.entry_list.remove_far_rows(&stored),
            Message::TagsCounted(tags) => self.sidebar.set_tags(tags),
            Message::AccountChecked(draft, checked) => {
                return self.finish_account_check(draft, checked);
            }
            Message::AccountSaved(draft, checked, saved) => {
                return self.finish_account(&draft, &checked, saved);
            }
            Message::FeedsDiscovered(url, found) => {
                if let Some(Overlay::AddFeed(dialog)) = &mut self.overlay {
                    dialog.set_discovered(&url, found.map_err(|failure| failure.summary));
                }
            }
            Message::PathCompleted(typed, completion) => {
                if let Some(overlay) = &mut self.overlay {
                    overlay.complete_path(&typed, completion);
                }
            }
            Message::PathFinished(path, result) => self.finish_path(&path, result),
            Message::RefreshProgressed(progress) => return self.handle_refresh(progress),
            Message::ChangesStepped(action, steps) => return self.finish_steps(action, &steps),
            Message::JournalLoaded(request, page) => {
                if let Some(Overlay::Journal(table)) = &mut self.overlay {
                    table.insert_page(request, page);
                }
            }
            Message::RulesLoaded(rows) => self.show_rule_rows(rows),
            Message::RuleTried(trial, found) => self.finish_trial(*trial, found),
            Message::ChangeFinished(action, done) => return self.finish_change(action, done),
            Message::ChangeFailed(write, failure) => {
                if self.fail_rule_form(&write, &failure) || self.fail_account_form(&write, &failure)
                {
                    return Effects::none();
                }
                // The list may show the change, which was not made.
                self.notices.show_failure(failure, now);
                if write.marks_entries() {
                    self.entry_list.unsaved_marks.pop();
                }
                return self.entry_list.request_after_change().and(Effect::LoadSidebar);
            }
            Message::SaveStatusChanged(status) => {
                let notice = self.is_quitting.then(|| quit_notice(&status)).flatten();
                self.notices.set_save_status(status, now);
                return self.perform(notice.into());
            }
            Message::WritesFinished => self.exit_reason = Some(ExitReason::Quit),
            Message::TerminalDetected(name) => self.ui.bidi.set_terminal(&name),
            Message::RulesNotified(notifications) => {
                if self.ui.settings.notifications != NotificationSetting::Off {
                    self.notification_queue.add(notifications, now);
                }
            }
            Message::Notified(text) => self.notices.show(Notice::info(text), now),
            Message::ResultsLoaded(id, Err(failure)) => {
                self.entry_list.note_failure(id);
                self.notices.show_failure(failure, now);
            }
            Message::OperationFailed(failure)
            | Message::RowsLoaded(Err(failure))
            | Message::TargetsLoaded(_, Err(failure))
            | Message::OlderFound(Err(failure))
            | Message::HistoryLoaded(Err(failure))
            | Message::SimilarFound(_, Err(failure))
            | Message::DiffLoaded(_, Err(failure))
            | Message::StoryReadingLoaded(_, Err(failure))
            | Message::SidebarLoaded(Err(failure)) => self.notices.show_failure(failure, now),
            Message::WorkerDied(name) => self.exit_reason = Some(ExitReason::WorkerDied(name)),
        }
        Effects::none()
    }

    /// Shows results. Where they select another entry of the same list, nobody has chosen that one: it
    /// does not count as read before the next key. The selected entry that the list no longer has is
    /// loaded again, to show what was done to it.
    fn show_results(&mut self, id: RequestId, results: SearchResults) -> Effects {
        let (was_outdated, before) = (self.entry_list.is_outdated(), self.entry_list.selected_id());
        let has_left = before.filter(|id| !results.ids.contains(id));
        if !self.entry_list.apply_results(id, results) || was_outdated || before.is_none() {
            return Effects::none();
        }
        if self.entry_list.selected_id() != before {
            self.dwell.wait_for_input();
            return Effects::none();
        }
        has_left.map(|id| Effect::LoadRows(vec![id])).into()
    }

    fn show_sidebar_data(&mut self, data: SidebarData) -> Effects {
        self.entry_list.set_folders(&data.feeds);
        let effects = self.entry_list.set_views(&data.views);
        self.sidebar.set_data(data);
        self.sidebar.apply_marks(self.entry_list.unsaved_marks.counts(), self.current_time);
        self.notices.set_samples_banner(self.sidebar.samples_feed().is_some());
        if self.ui.focus != Pane::Sidebar {
            self.sidebar.select_listed(self.entry_list.definition());
        }
        effects
    }

    /// Takes note of a change that was stored; `None` if there was nothing to undo or redo.
    fn finish_change(&mut self, action: ChangeAction, done: Option<AppliedChange>) -> Effects {
        let is_mark = |done: &AppliedChange| done.change.marks_entries();
        if action.is_new() && done.as_ref().is_some_and(is_mark) {
            self.entry_list.unsaved_marks.pop();
        }
        let here_only =
            done.as_ref().and_then(|done| self.sidebar.data().here_only_text(&done.change));
        if let Some(notice) = change_notice(action, done.as_ref(), here_only, self.current_time) {
            self.notices.show(notice, self.current_time.at);
        }
        let Some(done) = done else { return Effects::none() };
        self.reload_journal();
        self.reload_rules();
        let offer = self.finish_rule_change(action, &done);
        self.entry_list.follow_folder(&self.sidebar.data().feeds, &done.change);
        let effects = self.entry_list.refresh_after(&done).and(offer);
        let recount = done.change.tags_entries().then(|| self.sidebar.recount_tags()).flatten();
        // What is undone may bring entries back that the list has no longer, or in another place.
        let changes_list = !action.is_new()
            || done.change.orders_queue()
            || self.entry_list.recounts_stories(&done)
            || done.change.links_stories();
        let again = changes_list.then(|| self.entry_list.request_after_change());
        // The lines about other sources.
        let reloaded = done.change.links_stories().then(|| self.article_pane.reload_all());
        effects.and(Effects::from(recount)).and(Effects::from(again)).and(Effects::from(reloaded))
    }

    fn reload_full_text(&mut self, id: EntryId) -> Effects {
        self.jobs.finish_full_text(id);
        self.notices.dismiss_text(full_text::FETCHING);
        self.article_pane.reload_article(id)
    }

    /// Closes the dialog that names a file once that was used. After a failure the dialog shows the
    /// reason, and the path stays to be corrected.
    fn finish_path(&mut self, path: &str, result: Result<Option<String>, Failure>) {
        let now = self.current_time.at;
        let dialog = self.overlay.as_mut().filter(|overlay| overlay.is_working_on(path));
        match (result, dialog) {
            (Ok(notice), dialog) => {
                if dialog.is_some() {
                    self.overlay = None;
                }
                if let Some(notice) = notice {
                    self.notices.show(Notice::info(notice), now);
                }
            }
            (Err(failure), Some(dialog)) => dialog.fail_path(failure),
            (Err(failure), None) => self.notices.show_failure(failure, now),
        }
    }

    fn handle_refresh(&mut self, progress: RefreshProgress) -> Effects {
        match progress {
            RefreshProgress::Waiting(count) => self.jobs.set_waiting_refreshes(count),
            RefreshProgress::Started(total) => self.jobs.start_refresh(total),
            RefreshProgress::ArticlesFetched { account, done, total } => {
                self.jobs.set_sync_progress(SyncProgress { account, done, total });
            }
            RefreshProgress::Syncing(accounts) => self.jobs.set_syncing(accounts),
            RefreshProgress::MarksSent { .. } => {}
            RefreshProgress::FeedsDone(done) => self.jobs.set_feeds_done(done),
            RefreshProgress::Unanswered(feeds) => self.jobs.set_unanswered_feeds(feeds),
            RefreshProgress::FeedsFailed(failures) => {
                for failure in failures {
                    self.notices.record_failure(failure);
                }
                return Effect::LoadSidebar.into();
            }
            RefreshProgress::ArticlesArrived => {
                // The selection stays where the user put it; before the first key, the newest
                // article is selected.
                let effects = if self.dwell.has_input() {
                    self.entry_list.request_again()
                } else {
                    self.entry_list.request_from_top()
                };
                return effects.and(Effect::LoadSidebar);
            }
            RefreshProgress::Finished(summary) => {
                self.jobs.finish_refresh();
                let changed = summary.changed_entries > 0;
                self.notices.show_refresh(summary, self.current_time.at);
                let reloaded = changed.then(|| self.article_pane.reload_all());
                return Effects::from(reloaded).and(Effect::LoadSidebar);
            }
        }
        Effects::none()
    }
}

/// Returns the notice for a user who wants to quit while changes cannot be saved.
fn quit_notice(status: &SaveStatus) -> Option<Notice> {
    const AT_ONCE: &[NoticeAction] = &[NoticeAction::new(Command::Quit, "to quit at once")];
    let SaveStatus::Waiting { reason, count: count @ 1.. } = status else { return None };
    let verb = if *count == 1 { "is" } else { "are" };
    let changes = count_noun(*count, "change");
    // The reason comes last, because a narrow screen cuts the end.
    Some(Notice::info(format!("Quits once {changes} {verb} saved · {reason}")).offering(AT_ONCE))
}

/// Returns the notice about an article that its publisher has edited while it is read.
fn edited_in_view() -> Notice {
    const CHANGES: &[NoticeAction] = &[NoticeAction::new(Command::ShowEdits, "shows what changed")];
    Notice::info("The publisher has just edited this article").offering(CHANGES)
}

/// Returns the notice about a change; `None` if the list itself shows the change.
/// `here_only` is added to it.
fn change_notice(
    action: ChangeAction,
    done: Option<&AppliedChange>,
    here_only: Option<String>,
    now: LocalNow,
) -> Option<Notice> {
    let is_new = action.is_new();
    if is_new && done.is_none_or(is_change_visible) {
        return None;
    }
    if action == ChangeAction::Opened {
        // The article itself shows that it was opened, and undo passes over the marks.
        let marks_others = done.is_some_and(|done| done.changed_entry_count() > 1);
        return marks_others.then(|| Notice::info(describe_action(action, done, now)));
    }
    if is_new && done.is_some_and(|done| done.change.tags_entries() && !changes_entries(done)) {
        return Some(Notice::info("Nothing to change"));
    }
    let fact = describe_action(action, done, now);
    let drops_articles = is_new && done.is_some_and(|done| unsubscribes(&done.change));
    let stays = drops_articles.then(|| format!("; articles stay {TRASH_DAYS} days"));
    let parts = [Some(fact), here_only, stays];
    let notice = Notice::info(parts.into_iter().flatten().collect::<String>());
    let change = done.filter(|_| is_new).map(|done| &done.change);
    Some(notice.offering(change.map_or(&[], offered_commands)))
}

/// Returns whether a change of marks has changed any entry.
fn changes_entries(done: &AppliedChange) -> bool {
    done.changed_entry_count() > 0
}

/// Returns whether the articles of feeds are to be dropped after the change.
fn unsubscribes(change: &Change) -> bool {
    let mut found = false;
    change.for_each(&mut |part| {
        found |= matches!(part, Change::Unsubscribed { unsubscribed: true, .. });
    });
    found
}

/// Returns the commands that the notice about a new change offers.
fn offered_commands(change: &Change) -> &'static [NoticeAction] {
    const SHOW: NoticeAction = NoticeAction::new(Command::ShowFeeds, "to show it");
    const UNDO_OR_SHOW: &[NoticeAction] = &[UNDO[0], SHOW];
    match change {
        Change::View { before: None, after: None } => &[],
        Change::View { before: None, after: Some(_) } => UNDO_OR_SHOW,
        _ => UNDO,
    }
}

/// Returns whether the list shows the change at the selected entry.
fn is_change_visible(done: &AppliedChange) -> bool {
    match &done.change {
        Change::Read { .. } | Change::Starred { .. } => done.changed_entry_count() <= 1,
        Change::Queue { ids, .. } => ids.len() <= 1,
        Change::Tagged { .. }
        | Change::Weighted { .. }
        | Change::Unsubscribed { .. }
        | Change::Subscription { .. }
        | Change::Address { .. }
        | Change::Moved { .. }
        | Change::SavedFilter { .. }
        | Change::Dropped { .. }
        | Change::Imported { .. }
        | Change::StoryLinked { .. }
        | Change::Rule { .. }
        | Change::Many(_) => false,
        Change::View { before: Some(before), after: Some(after) } => {
            // The list shows its order and groups, and the sidebar the place of the view.
            let arranged = before.arranged(after.arrangement());
            View { position: after.position, ..arranged } == **after
        }
        Change::View { .. } => false,
    }
}
