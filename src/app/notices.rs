//! What the program says: one line for a while, a banner that stays, and the list of everything that failed.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Failure;

/// How long a notice is shown unless a key ends it.
const NOTICE_DURATION: TimeDelta = TimeDelta::seconds(8);

/// Failures kept for the list of errors.
const MAX_FAILURES: usize = 200;

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeLevel {
    /// Something was done.
    Info,
    /// Something failed.
    Error,
}

/// One line shown for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// How it is meant.
    pub level: NoticeLevel,
    expires_at: DateTime<Utc>,
}

/// Everything the program has to say.
#[derive(Debug, Default)]
pub struct Notices {
    current: Option<Notice>,
    warning: Option<String>,
    banner: Option<String>,
    save_warning: Option<String>,
    failures: Vec<Failure>,
}

impl Notices {
    /// The line of the moment.
    pub fn current(&self) -> Option<&Notice> {
        self.current.as_ref()
    }

    /// The line above everything: first what may be lost, then what else stays true.
    pub fn banner(&self) -> Option<&str> {
        self.save_warning.as_deref().or(self.warning.as_deref()).or(self.banner.as_deref())
    }

    /// Everything that failed, the newest first.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.failures.iter().rev()
    }

    /// Says something.
    pub fn show_info(&mut self, text: impl Into<String>, now: DateTime<Utc>) {
        self.current = Some(Notice {
            text: text.into(),
            level: NoticeLevel::Info,
            expires_at: now + NOTICE_DURATION,
        });
    }

    /// Says that something failed, and remembers it.
    pub fn show_failure(&mut self, failure: Failure, now: DateTime<Utc>) {
        self.current = Some(Notice {
            text: failure.summary.clone(),
            level: NoticeLevel::Error,
            expires_at: now + NOTICE_DURATION,
        });
        self.record_failure(failure);
    }

    /// Remembers a failure without saying it.
    pub fn record_failure(&mut self, failure: Failure) {
        if self.failures.last() != Some(&failure) {
            self.failures.push(failure);
        }
        let extra = self.failures.len().saturating_sub(MAX_FAILURES);
        self.failures.drain(..extra);
    }

    /// Sets what stays true of this run.
    pub fn set_warning(&mut self, warning: Option<String>) {
        self.warning = warning;
    }

    /// Sets the line above everything, while there is nothing graver to say.
    pub fn set_banner(&mut self, banner: Option<String>) {
        self.banner = banner;
    }

    /// Sets what is said while changes wait in memory.
    pub fn set_save_warning(&mut self, saving: Option<String>) {
        self.save_warning = saving;
    }

    /// A key was pressed: what was said has been seen.
    pub fn dismiss(&mut self) {
        self.current = None;
    }

    /// Ends a notice whose time is over.
    pub fn expire(&mut self, now: DateTime<Utc>) {
        self.current.take_if(|notice| notice.expires_at <= now);
    }

    /// How long the notice is still shown.
    pub fn time_until_expiry(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.current.as_ref().map(|notice| notice.expires_at - now)
    }
}
