//! The backup thread: backs the library up once a day.

use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::priority::{INDEX_NICENESS, lower_priority};
use crate::{
    library::{DailyBackup, back_up_daily, clock::local_today},
    model::Failure,
    store::{LibraryLocation, RuleFileAccess},
};

/// Time between two looks at the calendar: a timer would not count the hours in which the machine
/// slept.
const CALENDAR_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Runs until `stopped` is disconnected. A failure is reported once; the next try is an hour later.
pub(super) fn run_backup_thread(
    location: &LibraryLocation,
    rule_file: Option<&dyn RuleFileAccess>,
    stopped: &Receiver<()>,
    report_failure: &dyn Fn(Failure),
) {
    lower_priority(INDEX_NICENESS);
    let mut has_failed = false;
    loop {
        match back_up_daily(location, local_today(), rule_file) {
            Ok(DailyBackup::Impossible) => return,
            Ok(DailyBackup::Written(_) | DailyBackup::UpToDate) => has_failed = false,
            Err(error) => {
                if !std::mem::replace(&mut has_failed, true) {
                    report_failure(error.into());
                }
            }
        }
        if stopped.recv_timeout(CALENDAR_INTERVAL) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}
