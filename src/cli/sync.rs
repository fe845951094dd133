//! `newsreader sync`: keeps accounts and their servers alike.

use std::io::IsTerminal;

use clap::Args as ClapArgs;
use serde::Serialize;

use super::{
    account::find_account, config, environment::Environment, exit_status::ExitStatus,
    global_args::GlobalArgs, json_version::JSON_VERSION, network, open_library::OpenLibrary,
    output, progress_bar::with_progress_bar, rule_file, waiting_notice::with_waiting_notice,
};
use crate::{
    library::FeedSources,
    model::{Account, RefreshProgress, RefreshScope, RefreshSummary, SyncSummary},
    store::ReadConnection,
    text::{count_noun, redact_user_info, sanitize, url},
};

/// The arguments of `newsreader sync`.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct SyncArgs {
    /// Sync only this account.
    #[arg(value_name = "ACCOUNT")]
    pub account: Option<String>,
}

/// Syncs the accounts now.
///
/// # Errors
///
/// Fails if there is no account.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    sync: &SyncArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let account = sync.account.as_deref().map(|name| find_account(&reader, name)).transpose()?;
    if reader.list_accounts()?.is_empty() {
        anyhow::bail!("there is no account to sync; add one with `newsreader account add`");
    }
    drop(reader);
    let sources = load_sources(args, environment)?;
    let scope = RefreshScope::Accounts(account.map(|account| account.id));
    sync_and_print(&mut library, &sources, scope, args.json)
}

/// Builds the network access and the rules for a sync.
pub fn load_sources(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<FeedSources> {
    let (settings, _) = config::load_settings(args, environment);
    let rules = rule_file::rule_loader(args, environment);
    Ok(FeedSources { rules, ..network::build_sources(environment, &settings)? })
}

/// Syncs, with a progress bar if standard error is a terminal, and prints the results. The exit status
/// is a failure if an account could not be synced, or not wholly.
pub fn sync_and_print(
    library: &mut OpenLibrary,
    sources: &FeedSources,
    scope: RefreshScope,
    json: bool,
) -> anyhow::Result<ExitStatus> {
    let has_bar = !json && std::io::stderr().is_terminal();
    let asked = describe_servers(&ReadConnection::open(&library.location)?, scope)?;
    let summary = with_waiting_notice(&asked, |notice| {
        with_progress_bar(has_bar, |report| {
            library.refresh(sources, scope, &mut |progress| {
                if shows_work(&progress) {
                    notice.dismiss();
                }
                report(progress);
            })
        })
    })?;
    for failure in summary.all_failures().chain(&summary.warnings) {
        output::write_stderr_line(&failure.summary);
    }
    for sync in summary.syncs.iter().filter(|sync| sync.is_offline) {
        output::write_stderr_line(&sync.problem_with_name().unwrap_or_default());
    }
    let text = if json {
        let accounts = summary.syncs.iter().map(sync_json).collect();
        output::to_json_lines(&SyncReportJson { version: JSON_VERSION, accounts })?
    } else {
        summary.syncs.iter().map(format_sync).collect()
    };
    output::write_report(&text);
    Ok(exit_status(&summary))
}

/// Describes the servers for which a sync waits.
fn describe_servers(reader: &ReadConnection, scope: RefreshScope) -> anyhow::Result<String> {
    let accounts = reader.list_accounts()?;
    let is_synced = |account: &&Account| match scope {
        RefreshScope::Accounts(Some(wanted)) => account.id == wanted,
        _ => true,
    };
    let names: Vec<String> = accounts
        .iter()
        .filter(is_synced)
        .map(|account| format!("{} ({})", account.name, url::host(&account.login.url)))
        .collect();
    Ok(sanitize::to_text_line(&format!("Waiting for {}…", names.join(", "))).into_owned())
}

/// Returns whether progress tells that a server has answered.
fn shows_work(progress: &RefreshProgress) -> bool {
    matches!(
        progress,
        RefreshProgress::ArticlesFetched { .. }
            | RefreshProgress::MarksSent { .. }
            | RefreshProgress::ArticlesArrived
    )
}

fn exit_status(summary: &RefreshSummary) -> ExitStatus {
    let is_whole = summary.syncs.iter().all(|sync| sync.problem.is_none());
    let has_failures = summary.all_failures().next().is_some();
    if is_whole && !has_failures { ExitStatus::Success } else { ExitStatus::Failed }
}

/// Returns a line for the result of an account; nothing for one that failed before anything was done:
/// its error says it all.
pub fn format_sync(sync: &SyncSummary) -> String {
    let (new_entries, sent) = (sync.new_entries, sync.sent_count());
    let done = new_entries + sync.changed_entries + sync.received_marks + sent;
    if sync.has_failed && done == 0 {
        return String::new();
    }
    let received = count_noun(sync.received_marks, "mark");
    let waiting = match sync.waiting_count() {
        0 => String::new(),
        count => format!(", {count} waiting"),
    };
    let name = sanitize::to_text_line(&sync.account);
    format!("{name}: {new_entries} new, {received} received, {sent} sent{waiting}\n")
}

/// The result of an account as JSON.
#[derive(Serialize)]
struct SyncJson<'a> {
    account: &'a str,
    new: usize,
    changed: usize,
    received: usize,
    sent: usize,
    waiting: usize,
    offline: bool,
    problem: Option<std::borrow::Cow<'a, str>>,
}

/// The results of all accounts as JSON.
#[derive(Serialize)]
struct SyncReportJson<'a> {
    version: u32,
    accounts: Vec<SyncJson<'a>>,
}

fn sync_json(sync: &SyncSummary) -> SyncJson<'_> {
    SyncJson {
        account: &sync.account,
        new: sync.new_entries,
        changed: sync.changed_entries,
        received: sync.received_marks,
        sent: sync.sent_count(),
        waiting: sync.waiting_count(),
        offline: sync.is_offline,
        problem: sync.problem.as_deref().map(redact_user_info),
    }
}
