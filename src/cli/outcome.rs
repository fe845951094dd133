//! The outcome of a command, as sentences or as JSON.

use std::path::Path;

use serde::Serialize;

use super::{global_args::GlobalArgs, json_version::JSON_VERSION, output};
use crate::text::{redact_user_info, sanitize};

/// The result of a command that does something, rather than printing what is stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CommandOutcome {
    version: u32,
    /// The sentences that are printed without `--json`.
    done: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unchanged: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failed: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    /// The sentences go to standard error, because nothing is asked for.
    #[serde(skip)]
    is_notice: bool,
}

impl CommandOutcome {
    /// Creates an outcome whose sentences are the output of the command.
    pub fn new(done: impl IntoIterator<Item = String>) -> CommandOutcome {
        CommandOutcome {
            version: JSON_VERSION,
            done: done.into_iter().collect(),
            ..CommandOutcome::default()
        }
    }

    /// Creates an outcome whose sentences go to standard error.
    pub fn notice(done: impl IntoIterator<Item = String>) -> CommandOutcome {
        CommandOutcome { is_notice: true, ..CommandOutcome::new(done) }
    }

    /// States how many things have changed: the articles, feeds, views or rules that the command is about.
    pub fn with_changed(self, count: usize) -> CommandOutcome {
        CommandOutcome { changed: Some(count), ..self }
    }

    /// States how many were as they should be before.
    pub fn with_unchanged(self, count: usize) -> CommandOutcome {
        CommandOutcome { unchanged: Some(count), ..self }
    }

    /// States for how many the command failed.
    pub fn with_failed(self, count: usize) -> CommandOutcome {
        CommandOutcome { failed: Some(count), ..self }
    }

    /// States the file or folder that was written.
    pub fn with_path(self, path: &Path) -> CommandOutcome {
        CommandOutcome { path: Some(path.display().to_string()), ..self }
    }

    /// Prints the outcome of what was done, in the form that was asked for. See
    /// [`output::write_report`].
    pub fn print(&self, args: &GlobalArgs) -> anyhow::Result<()> {
        if self.is_notice && !args.json {
            self.done.iter().for_each(|sentence| output::write_stderr_line(sentence));
        } else {
            output::write_report(&self.format(args)?);
        }
        Ok(())
    }

    /// Formats the outcome as JSON, or as a line for each sentence.
    pub fn format(&self, args: &GlobalArgs) -> anyhow::Result<String> {
        if args.json {
            let done = self.done.iter().map(|sentence| redact_user_info(sentence).into_owned());
            let json = CommandOutcome { done: done.collect(), ..self.clone() };
            return output::to_json_lines(&json);
        }
        let to_line = |sentence: &String| {
            sanitize::to_text_line(&redact_user_info(sentence)).into_owned() + "\n"
        };
        Ok(self.done.iter().map(to_line).collect())
    }
}
