//! What answers and news from outside do.

use super::{
    App, ChangeAction, Effect, Effects, ExitReason, Message, Pane, SaveStatus, SidebarData, Size,
    TerminalRequest,
};
use crate::{
    model::{AppliedChange, Change, Failure, FeedKind, RefreshProgress, RefreshSummary},
    picture::ImagePayload,
};

/// Shown while nothing but the samples is followed.
const SAMPLES_BANNER: &str =
    "These are samples. Paste an address, or press ^X a, to begin your own; ^X 0 puts them away.";

impl App {
    pub(super) fn handle_response(&mut self, message: Message) -> Effects {
        match message {
            Message::ResultsLoaded(ticket, Ok(listing)) => {
                self.entry_list.apply_results(ticket, listing);
                Effects::none()
            }
            Message::IndexUpdated => self.entry_list.request_again(),
            Message::RowsLoaded(Ok(rows)) => {
                self.entry_list.insert_rows(rows);
                Effects::none()
            }
            Message::ArticleLoaded(id, article) => {
                let entry = self.entry_list.selected_entry().cloned();
                self.article_pane.article_loaded(id, article, entry.as_ref());
                Effects::none()
            }
            Message::SidebarLoaded(Ok(facts)) => self.handle_sidebar_data(facts),
            Message::ChangeFinished(step, Ok(done)) => self.handle_change_result(step, done),
            Message::ChangeFinished(_, Err(failure)) => self.handle_change_failure(failure),
            Message::FeedsDiscovered(address, found) => {
                self.handle_discovered_feeds(&address, found)
            }
            Message::Notified(text) => self.notify(text),
            Message::TerminalDetected(name) => {
                self.set_bidi_mode_for_terminal(&name);
                Effects::none()
            }
            Message::ImageLoaded(key, picture) => {
                let (drawing, sent) = match picture {
                    Ok((drawing, sent)) => {
                        (Ok(drawing), Some(sent).filter(|sent| *sent != ImagePayload::None))
                    }
                    Err(failure) => (Err(failure), None),
                };
                self.article_pane.images.insert(&key, drawing);
                sent.map(|sent| Effect::Terminal(TerminalRequest::SendImage(sent))).into()
            }
            Message::FullTextChanged(id) => {
                self.jobs.finish_full_text(id, true);
                self.article_pane.reload_article(id)
            }
            Message::FullTextFailed(id, failure) => {
                self.jobs.finish_full_text(id, false);
                self.notices.show_failure(failure, self.current_time.at);
                Effects::none()
            }
            Message::PagerTextReady(text) => TerminalRequest::OpenPager(text).into(),
            Message::ClipboardTextReady(text) => {
                self.notices.show_info("Copied the article", self.current_time.at);
                TerminalRequest::CopyText(text).into()
            }
            Message::SaveStatusChanged(saving) => self.handle_save_status(saving),
            Message::RefreshProgressed(event) => self.handle_refresh_progress(event),
            Message::WorkerDied(name) => {
                self.exit_reason = Some(ExitReason::WorkerDied(name));
                Effects::none()
            }
            Message::OperationFailed(failure)
            | Message::ResultsLoaded(_, Err(failure))
            | Message::RowsLoaded(Err(failure))
            | Message::SidebarLoaded(Err(failure)) => self.report_failure(failure),
            _ => Effects::none(),
        }
    }

    pub(super) fn handle_resize(&mut self, size: Size) -> Effects {
        self.ui.size = size;
        Effects::none()
    }

    fn report_failure(&mut self, failure: Failure) -> Effects {
        self.notices.show_failure(failure, self.current_time.at);
        Effects::none()
    }

    /// What was shown as done is not: the list is asked for again.
    fn handle_change_failure(&mut self, failure: Failure) -> Effects {
        self.notices.show_failure(failure, self.current_time.at);
        self.entry_list.request_again()
    }

    fn handle_sidebar_data(&mut self, facts: SidebarData) -> Effects {
        let samples = facts.feeds.iter().any(|feed| feed.kind == FeedKind::Samples);
        self.notices.set_banner(samples.then(|| SAMPLES_BANNER.to_owned()));
        self.sidebar.set_data(facts);
        if self.ui.focus != Pane::Sidebar {
            let scope = self.scope().clone();
            self.sidebar.select_scope(&scope);
        }
        Effects::none()
    }

    fn handle_change_result(&mut self, step: ChangeAction, done: Option<AppliedChange>) -> Effects {
        let Some(done) = done else {
            return self.notify(if step == ChangeAction::Redone {
                "Nothing to redo."
            } else {
                "Nothing to undo."
            });
        };
        let (ids, set) = done.entry_state_update();
        self.entry_list.update_states(ids, set);
        if let Some(text) = change_notice(step, &done) {
            self.notices.show_info(text, self.current_time.at);
        }
        let again = if done.change.affects_feeds() {
            self.entry_list.request_again()
        } else {
            Effects::none()
        };
        again.and(Effect::LoadSidebar)
    }

    fn handle_save_status(&mut self, saving: SaveStatus) -> Effects {
        match saving {
            SaveStatus::Restored => {
                self.notices.set_save_warning(None);
                self.notify("Everything is saved again.")
            }
            SaveStatus::Waiting(reason, count) => {
                let changes = if count == 1 {
                    "1 change is".to_owned()
                } else {
                    format!("{count} changes are")
                };
                let text =
                    format!("{reason}; {changes} kept until you quit, and tried again every 30 s.");
                self.notices.set_save_warning(Some(text));
                Effects::none()
            }
        }
    }

    fn handle_refresh_progress(&mut self, event: RefreshProgress) -> Effects {
        match event {
            RefreshProgress::Started(total) => self.jobs.start_refresh(total),
            RefreshProgress::FeedsDone(done) => self.jobs.set_feeds_done(done),
            RefreshProgress::ArticlesArrived => return self.handle_new_articles(),
            RefreshProgress::Finished(summary) => return self.handle_refresh_summary(summary),
        }
        Effects::none()
    }

    /// Nothing moves under a reader's hand; where there was no hand yet, the newest belongs on top.
    fn handle_new_articles(&mut self) -> Effects {
        let asked = if self.dwell.has_input {
            self.entry_list.request_again()
        } else {
            self.entry_list.request_from_top()
        };
        asked.and(Effect::LoadSidebar)
    }

    fn handle_refresh_summary(&mut self, summary: RefreshSummary) -> Effects {
        self.jobs.finish_refresh();
        let failed = summary.failures.len();
        let quiet = summary.new_entries == 0 && summary.changed_entries == 0 && failed == 0;
        for failure in summary.failures {
            self.notices.record_failure(failure);
        }
        if summary.is_offline {
            self.notices.show_info(
                "Offline: nothing was refreshed. What is stored can be read.",
                self.current_time.at,
            );
        } else if !quiet {
            let failed = if failed == 0 {
                String::new()
            } else {
                format!(" · {failed} failed, ^X e tells")
            };
            self.notices
                .show_info(format!("+{} new{failed}", summary.new_entries), self.current_time.at);
        }
        let forgotten = if summary.changed_entries > 0 {
            self.article_pane.reload_all()
        } else {
            Effects::none()
        };
        forgotten.and(Effect::LoadSidebar)
    }
}

/// What is said of a change: nothing of one the user can see, everything of one that was taken back.
fn change_notice(step: ChangeAction, done: &AppliedChange) -> Option<String> {
    let what = match &done.change {
        Change::Read { ids, read } => {
            let became = if *read { "read" } else { "unread" };
            match (&done.title, ids.len()) {
                (Some(title), _) if step != ChangeAction::Applied => format!("{became}: {title}"),
                (None, count) if count > 1 => format!("{count} marked {became}"),
                _ => return None,
            }
        }
        Change::Starred { starred, .. } if step != ChangeAction::Applied => {
            let became = if *starred { "starred" } else { "star taken off" };
            format!("{became}: {}", done.title.as_deref().unwrap_or_default())
        }
        Change::Unsubscribed { unsubscribed: gone, .. } => {
            let became = match (gone, step) {
                (true, _) => "put away",
                (false, ChangeAction::Applied) => "following",
                (false, _) => "back",
            };
            format!("{became}: {}", done.title.as_deref().unwrap_or_default())
        }
        Change::Subscription { .. } => {
            format!("changed: {}", done.title.as_deref().unwrap_or_default())
        }
        Change::Many(changes) => {
            let what = match changes.first() {
                Some(Change::Unsubscribed { unsubscribed: false, .. }) => "followed",
                Some(Change::Unsubscribed { unsubscribed: true, .. }) => "put away",
                _ => "changed",
            };
            format!("{} feeds {what}", changes.len())
        }
        Change::Starred { .. } => return None,
    };
    Some(match step {
        ChangeAction::Applied => format!("{what}. u or ^_ undoes."),
        ChangeAction::Undone => format!("Undone; {what}"),
        ChangeAction::Redone => format!("Done again; {what}"),
    })
}
