//! `newsreader account list`: prints the accounts and their state.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::{
    cli::{
        environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        journal::format_local, json_version::JSON_VERSION, listing_args::ListingArgs,
        open_library::OpenLibrary, output,
    },
    model::Account,
    store::ReadConnection,
    text::sanitize,
};

/// An account as JSON. The source of a password is no secret; the password is nowhere.
#[derive(Serialize)]
struct AccountJson<'a> {
    name: &'a str,
    server: &'a str,
    user: &'a str,
    password: String,
    fingerprint: Option<&'a str>,
    last_sync: Option<String>,
    waiting: usize,
    problem: Option<&'a str>,
    kind: &'static str,
    limits: Option<&'static str>,
    labels: Option<bool>,
}

/// All accounts as JSON.
#[derive(Serialize)]
struct AccountListJson<'a> {
    version: u32,
    accounts: Vec<AccountJson<'a>>,
}

/// Prints the accounts as JSON, or as lines of fields separated by tabs.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    listing: ListingArgs,
) -> anyhow::Result<ExitStatus> {
    let library = OpenLibrary::open_readable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let mut accounts = reader.list_accounts()?;
    listing.shorten(&mut accounts);
    let mut entries = Vec::with_capacity(accounts.len());
    for account in &accounts {
        entries.push(account_json(account, reader.count_unsent(account.id)?));
    }
    let text = if args.json {
        output::to_json_lines(&AccountListJson { version: JSON_VERSION, accounts: entries })?
    } else {
        accounts
            .iter()
            .zip(&entries)
            .map(|(account, entry)| format_account(account, entry))
            .collect()
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

fn account_json(account: &Account, waiting: usize) -> AccountJson<'_> {
    let format_time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    AccountJson {
        name: &account.name,
        server: &account.login.url,
        user: &account.login.user,
        password: account.login.password.to_string(),
        fingerprint: account.login.certificate.as_deref(),
        last_sync: account.sync_state.last_sync.map(format_time),
        waiting,
        problem: account.sync_state.problem.as_deref(),
        kind: account.login.kind.name(),
        limits: account.login.kind.limits(),
        labels: account.sync_state.has_labels,
    }
}

/// Formats an account as a line, with the time in the user's time zone.
fn format_account(account: &Account, entry: &AccountJson<'_>) -> String {
    let last_sync = account.sync_state.last_sync.map(format_local);
    let last_sync = last_sync.as_deref().unwrap_or("never synced");
    let waiting = entry.waiting.to_string();
    let problem = entry.problem.unwrap_or("ok");
    let certificate = entry.fingerprint.unwrap_or("-");
    let kind = account.login.kind.title();
    let limits = entry.limits.unwrap_or(match entry.labels {
        Some(true) => "tags are synced",
        Some(false) => "tags stay here: the server has no labels",
        None => "tags stay here",
    });
    let state = [last_sync, &waiting, problem, kind, limits, certificate];
    let fields = [entry.name, entry.user, entry.server].into_iter().chain(state);
    let fields: Vec<_> = fields.map(sanitize::to_text_line).collect();
    format!("{}\n", fields.join("\t"))
}
