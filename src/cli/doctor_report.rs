//! The report of `newsreader doctor`.

use std::fmt::Write;

use serde::Serialize;

use super::{json_version::JSON_VERSION, output};
use crate::text::{redact_user_info, sanitize};

/// A line of the report as JSON.
#[derive(Serialize)]
struct CheckJson {
    ok: bool,
    text: String,
}

/// The report as JSON.
#[derive(Serialize)]
struct DoctorReportJson<'a> {
    version: u32,
    problems: usize,
    checks: &'a [CheckJson],
}

/// The lines of the report.
#[derive(Default)]
pub struct DoctorReport {
    checks: Vec<CheckJson>,
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

    /// Returns the report as JSON.
    pub fn to_json(&self) -> anyhow::Result<String> {
        output::to_json_lines(&DoctorReportJson {
            version: JSON_VERSION,
            problems: self.problem_count,
            checks: &self.checks,
        })
    }

    fn push_line(&mut self, mark: &str, text: &str) {
        let line = redact_user_info(text).into_owned();
        self.checks.push(CheckJson { ok: mark == "ok", text: line });
        writeln!(self.text, "{mark} {}", sanitize::to_line(&redact_user_info(text)))
            .expect("writing to a String cannot fail");
    }
}
