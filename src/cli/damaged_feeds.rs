//! Feeds that are damaged, which a list or a search says of them that it is not whole.

use super::{exit_status::ExitStatus, output};
use crate::text::count_noun;

/// Says on standard error how many feeds are damaged; the exit status is then a failure.
pub fn report_damaged_feeds(count: usize) -> ExitStatus {
    if count == 0 {
        return ExitStatus::Success;
    }
    let (feeds, verb) = (count_noun(count, "feed"), if count == 1 { "is" } else { "are" });
    output::write_stderr_line(&format!(
        "newsreader: {feeds} {verb} damaged; `newsreader doctor` says more"
    ));
    ExitStatus::Failed
}
