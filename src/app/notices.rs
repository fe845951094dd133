//! What the program says: one line for a while, a banner that stays, and the list of everything that failed.

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::Failure;

/// How long a notice is shown unless a key ends it.
const SHOWN_FOR: TimeDelta = TimeDelta::seconds(8);

/// Failures kept for the list of errors.
const KEPT: usize = 200;

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Plain,
    /// Something failed.
    Error,
}

/// One line shown for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
    until: DateTime<Utc>,
}

/// Everything the program has to say.
#[derive(Debug, Default)]
pub struct Notices {
    notice: Option<Notice>,
    warning: Option<String>,
    banner: Option<String>,
    saving: Option<String>,
    failures: Vec<Failure>,
}

impl Notices {
    /// The line of the moment.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// The line above everything: first what may be lost, then what else stays true.
    pub fn banner(&self) -> Option<&str> {
        self.saving.as_deref().or(self.warning.as_deref()).or(self.banner.as_deref())
    }

    /// Everything that failed, the newest first.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.failures.iter().rev()
    }

    /// Says something.
    pub fn say(&mut self, text: impl Into<String>, now: DateTime<Utc>) {
        self.notice = Some(Notice { text: text.into(), tone: Tone::Plain, until: now + SHOWN_FOR });
    }

    /// Says that something failed, and remembers it.
    pub fn fail(&mut self, failure: Failure, now: DateTime<Utc>) {
        self.notice =
            Some(Notice { text: failure.summary.clone(), tone: Tone::Error, until: now + SHOWN_FOR });
        self.remember(failure);
    }

    /// Remembers a failure without saying it.
    pub fn remember(&mut self, failure: Failure) {
        if self.failures.last() != Some(&failure) {
            self.failures.push(failure);
        }
        let extra = self.failures.len().saturating_sub(KEPT);
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
    pub fn set_saving(&mut self, saving: Option<String>) {
        self.saving = saving;
    }

    /// A key was pressed: what was said has been seen.
    pub fn seen(&mut self) {
        self.notice = None;
    }

    /// Ends a notice whose time is over.
    pub fn tick(&mut self, now: DateTime<Utc>) {
        self.notice.take_if(|notice| notice.until <= now);
    }

    /// How long the notice is still shown.
    pub fn wake_in(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.notice.as_ref().map(|notice| notice.until - now)
    }
}
