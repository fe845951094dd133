//! Notices: one line for a while, a banner that stays, and the list of everything that failed.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::{SaveStatus, waiting_text},
    command::Command,
    model::{Failure, FailureKind, RefreshSummary, SyncSummary},
    text::count_noun,
};

/// Time for which a notice is shown unless a key dismisses it.
const NOTICE_DURATION: TimeDelta = TimeDelta::seconds(8);

/// Time for which the problems of the start are shown, unless a key dismisses them: whoever starts the
/// program may look away first.
const START_NOTICE_DURATION: TimeDelta = TimeDelta::days(1);

/// Maximum number of failures in the list of errors.
const MAX_FAILURES: usize = 200;

/// The action of notices about changes.
pub(in crate::app) const UNDO: &[NoticeAction] = &[NoticeAction::new(Command::Undo, "to undo")];

/// Text and actions of the banner while the samples are shown.
const SAMPLES_BANNER: (&str, &[NoticeAction]) = (
    "Sample articles",
    &[
        NoticeAction::new(Command::AddFeed, "or a pasted URL adds a feed"),
        NoticeAction::new(Command::HideSamples, "hides the samples"),
    ],
);

/// The severity of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeLevel {
    /// Something was done.
    Info,
    /// Something failed.
    Error,
}

/// A command that a notice offers; the interface names its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeAction {
    /// The command.
    pub command: Command,
    /// Words that follow the key, such as "to undo".
    pub label: &'static str,
}

/// One line of text, and the commands it offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// A short fact without a full stop.
    pub text: String,
    /// The severity.
    pub level: NoticeLevel,
    /// Commands that the interface names by their keys, after the text.
    pub actions: &'static [NoticeAction],
}

/// The current notice, the banner, and the failures so far.
#[derive(Debug, Default)]
pub struct Notices {
    current: Option<(Notice, DateTime<Utc>)>,
    warning: Option<Notice>,
    banner: Option<Notice>,
    save_warning: Option<Notice>,
    failures: Vec<Failure>,
}

impl NoticeAction {
    /// Creates an action with the words that follow its key.
    pub const fn new(command: Command, label: &'static str) -> NoticeAction {
        NoticeAction { command, label }
    }
}

impl Notice {
    /// Creates a notice that says what was done.
    pub fn info(text: impl Into<String>) -> Notice {
        Notice { text: text.into(), level: NoticeLevel::Info, actions: &[] }
    }

    /// Creates a notice that says what failed.
    pub fn error(text: impl Into<String>) -> Notice {
        Notice { level: NoticeLevel::Error, ..Notice::info(text) }
    }

    /// Creates the notice that a command needs an article.
    pub(in crate::app) fn no_article() -> Notice {
        Notice::info("No article is open")
    }

    /// Creates a notice that says what was done with the URLs of articles, and how many have none.
    pub(in crate::app) fn about_urls(text: String, without_url: usize) -> Notice {
        Notice::info(match without_url {
            0 => text,
            1 => format!("{text}; 1 article has no URL"),
            count => format!("{text}; {} have no URL", count_noun(count, "article")),
        })
    }

    /// Offers commands.
    #[must_use]
    pub fn offering(self, actions: &'static [NoticeAction]) -> Notice {
        Notice { actions, ..self }
    }
}

impl Notices {
    /// Returns the notice that is shown.
    pub fn current(&self) -> Option<&Notice> {
        self.current.as_ref().map(|(notice, _)| notice)
    }

    /// Returns the banner: unsaved changes first, then a warning about this run, then the hint
    /// about the samples.
    pub fn banner(&self) -> Option<&Notice> {
        self.save_warning.as_ref().or(self.warning.as_ref()).or(self.banner.as_ref())
    }

    /// Returns whether changes wait in memory until they can be saved.
    pub fn has_unsaved_changes(&self) -> bool {
        self.save_warning.is_some()
    }

    /// Returns everything that failed, newest first.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.failures.iter().rev()
    }

    /// Shows a notice, in place of the one before.
    pub fn show(&mut self, notice: Notice, now: DateTime<Utc>) {
        self.current = Some((notice, now + NOTICE_DURATION));
    }

    /// Shows that something failed, and records it.
    pub fn show_failure(&mut self, failure: Failure, now: DateTime<Utc>) {
        self.show(Notice::error(failure.summary.clone()), now);
        self.record_failure(failure);
    }

    /// Shows that a URL could not be opened, and records that. `offers_copy` offers to copy the URL
    /// of the article, if it is that one.
    pub(in crate::app) fn show_browser_failure(
        &mut self,
        failure: Failure,
        offers_copy: bool,
        now: DateTime<Utc>,
    ) {
        const COPY: &[NoticeAction] = &[NoticeAction::new(Command::CopyLink, "copies the URL")];
        let actions = if offers_copy { COPY } else { &[] };
        self.show(Notice::error(failure.summary.clone()).offering(actions), now);
        self.record_failure(failure);
    }

    /// Shows the problems that were found before there was a screen, and records them.
    pub(in crate::app) fn show_start_failures(
        &mut self,
        failures: Vec<Failure>,
        now: DateTime<Utc>,
    ) {
        const LIST: &[NoticeAction] = &[NoticeAction::new(Command::ShowErrors, "lists them")];
        const FULL: &[NoticeAction] = &[NoticeAction::new(Command::ShowErrors, "shows it in full")];
        let notice = match &failures[..] {
            [] => return,
            [failure] => Notice::error(failure.summary.clone()).offering(FULL),
            several => {
                let count = count_noun(several.len(), "problem");
                Notice::error(format!("{count} at startup")).offering(LIST)
            }
        };
        self.current = Some((notice, now + START_NOTICE_DURATION));
        // The list shows the newest first, and these are read from the first line on.
        failures.into_iter().rev().for_each(|failure| self.record_failure(failure));
    }

    /// Records a failure without showing it. One that is recorded already becomes the newest.
    pub fn record_failure(&mut self, failure: Failure) {
        self.failures.retain(|known| *known != failure);
        self.failures.push(failure);
        let extra = self.failures.len().saturating_sub(MAX_FAILURES);
        self.failures.drain(..extra);
    }

    /// Shows news from the background, unless a failure is shown that the user may not have read.
    fn show_background(&mut self, notice: Notice, now: DateTime<Utc>) {
        if self.current().is_none_or(|current| current.level != NoticeLevel::Error) {
            self.show(notice, now);
        }
    }

    /// Shows the counts of a refresh, unless it began by itself and changed nothing, and records its
    /// failures.
    pub(in crate::app) fn show_refresh(&mut self, summary: RefreshSummary, now: DateTime<Utc>) {
        let notice = refresh_notice(&summary);
        let RefreshSummary { failures, wrong_rules, warnings, .. } = summary;
        for failure in failures.into_iter().chain(wrong_rules).chain(warnings) {
            self.record_failure(failure);
        }
        if let Some(notice) = notice {
            self.show_background(notice, now);
        }
    }

    /// Sets a warning that is shown until the program ends.
    pub fn set_warning(&mut self, warning: Option<String>) {
        self.warning = warning.map(Notice::error);
    }

    /// Shows or hides the banner about the samples.
    pub(in crate::app) fn set_samples_banner(&mut self, is_shown: bool) {
        let (text, actions) = SAMPLES_BANNER;
        self.banner = is_shown.then(|| Notice::info(text).offering(actions));
    }

    /// Shows a banner while changes wait in memory, and a notice once they are saved.
    pub(in crate::app) fn set_save_status(&mut self, status: SaveStatus, now: DateTime<Utc>) {
        self.save_warning = match status {
            SaveStatus::Restored => {
                self.show(Notice::info("Everything is saved again"), now);
                None
            }
            SaveStatus::Waiting { reason, count } => {
                let waiting = match count {
                    0 => "the refresh waits".to_owned(),
                    _ => format!("{} kept in memory", count_noun(count, "unsaved change")),
                };
                let text = format!("{reason}; {waiting}, retrying every 5 s");
                Some(Notice::error(text))
            }
        };
    }

    /// Dismisses the notice, because the user has pressed a key and so has seen it.
    pub fn dismiss(&mut self) {
        self.current = None;
    }

    /// Dismisses the notice if this is its text: what it told of has ended.
    pub(in crate::app) fn dismiss_text(&mut self, text: &str) {
        self.current.take_if(|(notice, _)| notice.text == text);
    }

    /// Dismisses the notice once its time is over.
    pub fn expire(&mut self, now: DateTime<Utc>) {
        self.current.take_if(|(_, expires_at)| *expires_at <= now);
    }

    /// Returns the time for which the notice is still shown.
    pub fn time_until_expiry(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.current.as_ref().map(|(_, expires_at)| *expires_at - now)
    }
}

/// Returns the notice about a refresh that has ended; `None` if it began by itself and changed
/// nothing.
fn refresh_notice(summary: &RefreshSummary) -> Option<Notice> {
    const WHY: &[NoticeAction] = &[NoticeAction::new(Command::ShowErrors, "shows why")];
    const ACCOUNTS: &[NoticeAction] = &[NoticeAction::new(Command::ManageAccounts, "shows why")];
    let new = summary.new_entries;
    let has_failures = !summary.failures.is_empty() || !summary.wrong_rules.is_empty();
    let received: usize = summary.syncs.iter().map(|sync| sync.received_marks).sum();
    let quiet = new == 0 && summary.changed_entries == 0 && received == 0 && !has_failures;
    let articles = match (new, summary.changed_entries) {
        (0, 0) => None,
        (0, changed) => Some(format!("{} changed", count_noun(changed, "article"))),
        (new, _) => Some(count_noun(new, "new article")),
    };
    let news: Vec<String> = articles.into_iter().chain(received_marks(&summary.syncs)).collect();
    let news = if news.is_empty() { "Nothing new".to_owned() } else { news.join(" · ") };
    let waiting = waiting_marks(&summary.syncs);
    Some(if summary.is_offline {
        let sentence = "Offline: nothing was refreshed; stored articles can be read";
        Notice::info(format!("{sentence}{waiting}"))
    } else if let Some(moved) = summary.moves.first() {
        let others = match summary.moves.len() {
            1 => String::new(),
            count => format!(", and {} too", count_noun(count - 1, "other feed")),
        };
        Notice::info(format!("{} moved to {}{others}", moved.name, moved.to)).offering(UNDO)
    } else if summary.was_stopped {
        Notice::info(format!("Refresh stopped · {}", count_noun(new, "new article")))
    } else if has_failures {
        let are_accounts = failed_accounts(summary) == summary.failures.len();
        let reasons = if are_accounts { ACCOUNTS } else { WHY };
        Notice::info(format!("{news}{}{waiting}", failure_counts(summary))).offering(reasons)
    } else if quiet && !summary.was_requested {
        return None;
    } else if summary.was_requested && summary.requested_feeds == 0 && summary.syncs.is_empty() {
        Notice::info("No feeds to refresh")
    } else {
        Notice::info(format!("{news}{waiting}"))
    })
}

/// Returns how many feeds and accounts failed, and how many files of folders could not be read.
fn failure_counts(summary: &RefreshSummary) -> String {
    let failures = &summary.failures;
    let files = failures.iter().filter(|failure| failure.kind == FailureKind::File).count();
    let accounts = failed_accounts(summary);
    let feeds = failures.len().saturating_sub(files + accounts);
    let count = |count: usize, noun: &str, verb: &str| {
        (count > 0).then(|| format!(" · {} {verb}", count_noun(count, noun)))
    };
    let counts = [
        count(feeds, "feed", "failed"),
        count(accounts, "account", "failed"),
        count(files, "file", "could not be read"),
        count(summary.wrong_rules.len(), "rule", "left out"),
    ];
    counts.into_iter().flatten().collect()
}

/// Returns the number of accounts that failed, or were not synced wholly.
fn failed_accounts(summary: &RefreshSummary) -> usize {
    let has_failed = |sync: &&SyncSummary| sync.problem.is_some() && !sync.is_offline;
    summary.syncs.iter().filter(has_failed).count()
}

/// Returns how many marks came from which account, such as "3 marks from `FreshRSS`"; of more than two
/// accounts, their number.
fn received_marks(syncs: &[SyncSummary]) -> Vec<String> {
    let received = syncs.iter().filter(|sync| sync.received_marks > 0);
    let texts: Vec<String> = received
        .clone()
        .map(|sync| format!("{} from {}", count_noun(sync.received_marks, "mark"), sync.account))
        .collect();
    if texts.len() <= 2 {
        return texts;
    }
    let count: usize = received.map(|sync| sync.received_marks).sum();
    let marks = count_noun(count, "mark");
    vec![format!("{marks} from {}", count_noun(texts.len(), "account"))]
}

/// Returns how many changes the servers of accounts have not been told yet.
fn waiting_marks(syncs: &[SyncSummary]) -> String {
    let waiting = syncs.iter().filter(|sync| sync.waiting_count() > 0);
    let describe = |sync: &SyncSummary| {
        let changes = waiting_text(sync.waiting_count())?;
        Some(format!(" · {changes} for {}", sync.account))
    };
    waiting.filter_map(describe).collect()
}
