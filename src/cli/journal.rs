//! `newsreader journal`: prints the changes that were made, and by whom.

use chrono::{DateTime, Local, SecondsFormat, Utc};
use clap::Args as ClapArgs;
use serde::Serialize;

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    json_version::JSON_VERSION, number::parse_number, open_library::OpenLibrary, output,
};
use crate::{
    app::{JournalRow, describe_recorded_change},
    library::clock::local_now,
    model::{Actor, ChangeId},
    store::ReadConnection,
    text::sanitize,
};

/// Number of changes that are printed unless another one is asked for.
const DEFAULT_LIMIT: usize = 100;

/// The arguments of `newsreader journal`.
#[derive(Debug, Clone, ClapArgs)]
pub struct JournalArgs {
    /// Print at most N changes, the newest first.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_LIMIT, value_parser = parse_number::<usize>)]
    pub limit: usize,
}

/// A change of the journal as JSON.
#[derive(Serialize)]
struct JournalRowJson<'a> {
    id: ChangeId,
    at: String,
    actor: &'static str,
    rule: Option<&'a str>,
    change: &'a str,
    undone: bool,
    readable: bool,
    refusal: Option<&'a str>,
}

/// The journal as JSON.
#[derive(Serialize)]
struct JournalJson<'a> {
    version: u32,
    changes: Vec<JournalRowJson<'a>>,
}

/// Prints the newest changes as JSON, or as lines of number, time, actor and sentence, separated by
/// tabs.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    journal: &JournalArgs,
) -> anyhow::Result<ExitStatus> {
    let library = OpenLibrary::open_readable(args, environment)?;
    let rows = load_rows(&ReadConnection::open(&library.location)?, journal.limit)?;
    let text = if args.json {
        let changes = rows.iter().map(row_json).collect();
        output::to_json(&JournalJson { version: JSON_VERSION, changes })? + "\n"
    } else {
        rows.iter().map(format_row).collect()
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// Loads the newest rows, at most `limit`, in as many steps as their size needs.
fn load_rows(reader: &ReadConnection, limit: usize) -> anyhow::Result<Vec<JournalRow>> {
    let (mut rows, now): (Vec<JournalRow>, _) = (Vec::new(), local_now());
    while rows.len() < limit {
        let (before, missing) = (rows.last().map(|row| row.id), limit - rows.len());
        let has_more = reader.for_each_recorded_change(before, missing, &mut |change| {
            rows.push(describe_recorded_change(&change, now));
        })?;
        if !has_more {
            break;
        }
    }
    Ok(rows)
}

fn row_json(row: &JournalRow) -> JournalRowJson<'_> {
    JournalRowJson {
        id: row.id,
        at: row.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        actor: row.actor.kind(),
        rule: match &row.actor {
            Actor::Rule(name) => Some(name),
            _ => None,
        },
        change: &row.sentence,
        undone: row.is_undone,
        readable: row.is_readable,
        refusal: row.refusal.as_deref(),
    }
}

fn format_row(row: &JournalRow) -> String {
    let (id, at) = (row.id, format_local(row.at));
    let [by, sentence] =
        [&row.actor.label(), &row.sentence].map(|field| sanitize::to_text_line(field).into_owned());
    format!("{id}\t{at}\t{by}\t{sentence}\n")
}

/// Formats a time in the user's time zone: `2026-01-28 14:02`.
pub(super) fn format_local(at: DateTime<Utc>) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M").to_string()
}
