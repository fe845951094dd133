//! The report of `newsreader doctor`.

use std::fmt::Write;

use crate::text::{redact_user_info, sanitize};

/// The lines of the report.
#[derive(Default)]
pub struct DoctorReport {
    /// The lines.
    pub text: String,
    /// Number of lines that report a problem.
    pub problem_count: usize,
}

impl DoctorReport {
    /// Adds a line about something in order.
    pub fn add_ok(&mut self, text: &str) {
        self.push_line("ok", text);
    }

    /// Adds a line about a problem, with the way out where there is one.
    pub fn add_problem(&mut self, text: &str) {
        self.problem_count += 1;
        self.push_line("! ", text);
    }

    fn push_line(&mut self, mark: &str, text: &str) {
        writeln!(self.text, "{mark} {}", sanitize::to_line(&redact_user_info(text)))
            .expect("writing to a String cannot fail");
    }
}
