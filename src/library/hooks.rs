//! Hooks: programs of the user's that run when something has happened.

use serde::Serialize;

use super::{
    article_json::JSON_VERSION,
    article_programs::{
        ProgramCommand, ProgramInput, plan_jobs, program_failure, run_jobs, run_program,
    },
};
use crate::{
    model::{AppliedChange, Change, EntryId, Failure, RefreshSummary},
    store::{LibraryLocation, ReadConnection, StoreError},
};

/// The programs of all hooks; one without arguments runs nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HookCommands {
    /// For each new article.
    pub new: Vec<String>,
    /// For each article that the user stars.
    pub star: Vec<String>,
    /// For each article that the user gives a tag.
    pub tag: Vec<String>,
    /// Once after each refresh.
    pub refreshed: Vec<String>,
}

/// Something that has happened, for which a hook runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HookEvent {
    /// Articles arrived.
    New(Vec<EntryId>),
    /// The user starred articles.
    Starred(Vec<EntryId>),
    /// The user gave articles a tag.
    Tagged(Vec<EntryId>),
    /// A refresh ended.
    Refreshed(RefreshCounts),
}

/// The result of a refresh as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RefreshCounts {
    version: u32,
    event: &'static str,
    new: usize,
    changed: usize,
    failed: usize,
}

impl HookEvent {
    /// Returns the end of a refresh.
    pub fn refreshed(summary: &RefreshSummary) -> HookEvent {
        HookEvent::Refreshed(RefreshCounts {
            version: JSON_VERSION,
            event: "refreshed",
            new: summary.new_entries,
            changed: summary.changed_entries,
            failed: summary.failures.len(),
        })
    }
}

impl HookCommands {
    /// Returns what a change of the user's is for the hooks, as far as there are hooks for it.
    pub fn events_of_change(&self, applied: &AppliedChange) -> Vec<HookEvent> {
        let (mut starred, mut tagged) = (Vec::new(), Vec::new());
        applied.change.for_each(&mut |change| match change {
            Change::Starred { ids, starred: true } => starred.extend(ids),
            Change::Tagged { tag, ids, after, .. } if after.is_on() && !tag.is_removed() => {
                tagged.extend(ids);
            }
            _ => {}
        });
        let events = [HookEvent::Starred(starred), HookEvent::Tagged(tagged)];
        events.into_iter().filter(|event| self.has_hook_for(event)).collect()
    }

    /// Returns whether a program runs for an event.
    pub fn has_hook_for(&self, event: &HookEvent) -> bool {
        let (_, argv, ids) = self.hook_of(event);
        !argv.is_empty() && !ids.is_some_and(<[EntryId]>::is_empty)
    }

    /// Returns the name of the hook for an event, its program, and the articles; `None` for a hook that
    /// gets none.
    fn hook_of<'a>(
        &'a self,
        event: &'a HookEvent,
    ) -> (&'static str, &'a [String], Option<&'a [EntryId]>) {
        match event {
            HookEvent::New(ids) => ("new", &self.new, Some(ids)),
            HookEvent::Starred(ids) => ("star", &self.star, Some(ids)),
            HookEvent::Tagged(ids) => ("tag", &self.tag, Some(ids)),
            HookEvent::Refreshed(_) => ("refreshed", &self.refreshed, None),
        }
    }
}

/// Runs the hook for an event, for each of its articles with the article as JSON on standard input, and
/// waits until all programs have ended. Returns a failure for each way in which one failed, and for
/// articles beyond the limit.
pub fn run_hook(
    location: &LibraryLocation,
    commands: &HookCommands,
    event: &HookEvent,
) -> Vec<Failure> {
    if !commands.has_hook_for(event) {
        return Vec::new();
    }
    let (name, argv, _) = commands.hook_of(event);
    let cause = format!("The hook “{name}”");
    match event {
        HookEvent::Refreshed(counts) => {
            let json = serde_json::to_string(counts).map_err(|error| error.to_string());
            let ran = json.and_then(|json| run_program(argv, &json));
            ran.err().map(|reason| program_failure(&cause, &reason)).into_iter().collect()
        }
        HookEvent::New(ids) | HookEvent::Starred(ids) | HookEvent::Tagged(ids) => {
            let command = ProgramCommand { argv: argv.to_vec(), input: ProgramInput::Json };
            let ids = match without_copies(location, ids) {
                Ok(ids) => ids,
                Err(error) => return vec![error.into()],
            };
            let (jobs, failure) = plan_jobs((&cause, name), &command, &ids);
            failure.into_iter().chain(run_jobs(location, &jobs)).collect()
        }
    }
}

/// Returns the articles without the copies of others among them: a change of marks reaches all copies.
fn without_copies(location: &LibraryLocation, ids: &[EntryId]) -> Result<Vec<EntryId>, StoreError> {
    let copies = ReadConnection::open(location)?.load_copies()?;
    let mut ids = ids.to_vec();
    copies.fold(&mut ids);
    Ok(ids)
}
