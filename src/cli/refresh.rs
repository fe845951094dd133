//! `newsreader refresh`: fetches feeds and reads folders again.

use std::{borrow::Cow, collections::BTreeMap, io::IsTerminal};

use clap::Args as ClapArgs;
use serde::Serialize;

use super::{
    config, environment::Environment, exit_status::ExitStatus, find_feed::find_feed,
    global_args::GlobalArgs, json_version::JSON_VERSION, network, open_library::OpenLibrary,
    output, progress_bar::with_progress_bar, rule_file, story, sync::format_sync,
};
use crate::{
    app::notification_text,
    library::FeedSources,
    model::{Failure, FeedMove, RefreshScope, RefreshSummary, RuleNotification, SyncSummary},
    store::ReadConnection,
    text::{count_noun, redact_user_info},
};

/// The arguments of `newsreader refresh`.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct RefreshArgs {
    /// Refresh only the feed with this number, URL or name.
    #[arg(long, value_name = "FEED")]
    pub feed: Option<String>,

    /// Exit with 0 if there are new articles and with 10 if there are none; 1 still means that
    /// something failed.
    #[arg(long)]
    pub exit_code: bool,
}

/// Refreshes the feeds, with a progress bar if standard error is a terminal.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    refresh: &RefreshArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let scope = match &refresh.feed {
        Some(wanted) => {
            RefreshScope::One(find_feed(&ReadConnection::open(&library.location)?, wanted)?.id)
        }
        None => RefreshScope::All,
    };
    let (settings, _) = config::load_settings(args, environment);
    let rules = rule_file::rule_loader(args, environment);
    let sources = FeedSources { rules, ..network::build_sources(environment, &settings)? };
    let has_bar = !args.json && std::io::stderr().is_terminal();
    let mut summary =
        with_progress_bar(has_bar, |report| library.refresh(&sources, scope, report))?;
    summary.warnings.extend(story::find_after_refresh(&mut library));
    let exit = print_in_form(args, &summary, &[])?;
    let has_nothing_new = exit == ExitStatus::Success && summary.new_entries == 0;
    Ok(if refresh.exit_code && has_nothing_new { ExitStatus::NothingNew } else { exit })
}

/// Prints the result of a refresh in the form that was asked for. `named` are failures of what came before
/// it, which are on standard error already.
pub fn print_in_form(
    args: &GlobalArgs,
    summary: &RefreshSummary,
    named: &[Failure],
) -> anyhow::Result<ExitStatus> {
    if args.json {
        output::write_report(&format_json(summary, named)?);
    } else {
        print_summary(summary, named.len());
    }
    Ok(if named.is_empty() { exit_status(summary) } else { ExitStatus::Failed })
}

/// Prints the failures and warnings of a refresh on standard error, and its counts on standard output.
fn print_summary(summary: &RefreshSummary, named_count: usize) {
    for failure in summary.all_failures().chain(&summary.warnings) {
        output::write_stderr_line(&failure.summary);
    }
    for FeedMove { name, to } in &summary.moves {
        output::write_stderr_line(&format!("{name} moved to {to}"));
    }
    for sentence in notification_sentences(&summary.notifications) {
        output::write_stderr_line(&sentence);
    }
    if summary.is_offline {
        output::write_stderr_line("There is no network: nothing was refreshed");
    } else {
        offline_sentences(summary).for_each(|sentence| output::write_stderr_line(&sentence));
    }
    let syncs: String = summary.syncs.iter().map(format_sync).collect();
    let others = [
        (summary.wrong_rules.len(), "rule", "not applied"),
        (summary.failed_programs.len(), "program", "failed"),
    ];
    let others = others.into_iter().filter(|(count, ..)| *count > 0);
    let others: Vec<String> = others
        .map(|(count, noun, problem)| format!(", {} {problem}", count_noun(count, noun)))
        .collect();
    output::write_report(&format!(
        "{syncs}{} new, {} changed, {} failed{}\n",
        summary.new_entries,
        summary.changed_entries,
        summary.failures.len() + named_count,
        others.concat()
    ));
}

/// Returns a sentence for each account, and for the archive, whose server could not be reached.
fn offline_sentences(summary: &RefreshSummary) -> impl Iterator<Item = String> {
    let offline = summary.syncs.iter().filter(|sync| sync.is_offline);
    offline.filter_map(SyncSummary::problem_with_name)
}

/// Returns a sentence for each rule that notifies the user.
fn notification_sentences(notifications: &[RuleNotification]) -> Vec<String> {
    let mut by_rule: BTreeMap<&str, Vec<RuleNotification>> = BTreeMap::new();
    for notification in notifications {
        by_rule.entry(&notification.rule).or_default().push(notification.clone());
    }
    by_rule.into_values().filter_map(notification_text).collect()
}

/// The result of a refresh as JSON.
#[derive(Serialize)]
struct RefreshJson<'a> {
    version: u32,
    feeds: usize,
    new: usize,
    changed: usize,
    failed: usize,
    rules_not_applied: usize,
    programs_failed: usize,
    offline: bool,
    failures: Vec<Cow<'a, str>>,
    /// New URLs of feeds that moved.
    moved: Vec<Cow<'a, str>>,
    /// A sentence for each rule that notifies the user.
    notifications: Vec<String>,
}

fn format_json(summary: &RefreshSummary, named: &[Failure]) -> anyhow::Result<String> {
    let offline: Vec<String> = offline_sentences(summary).collect();
    let report = RefreshJson {
        version: JSON_VERSION,
        feeds: summary.requested_feeds,
        new: summary.new_entries,
        changed: summary.changed_entries,
        failed: summary.failures.len() + named.len(),
        rules_not_applied: summary.wrong_rules.len(),
        programs_failed: summary.failed_programs.len(),
        offline: summary.is_offline,
        failures: named
            .iter()
            .chain(summary.all_failures())
            .map(|failure| redact_user_info(&failure.summary))
            .chain(offline.iter().map(|sentence| redact_user_info(sentence)))
            .collect(),
        notifications: notification_sentences(&summary.notifications),
        moved: summary.moves.iter().map(|moved| redact_user_info(&moved.to)).collect(),
    };
    output::to_json_lines(&report)
}

fn exit_status(summary: &RefreshSummary) -> ExitStatus {
    let has_reached_all = !summary.syncs.iter().any(|sync| sync.is_offline);
    if summary.all_failures().next().is_none() && !summary.is_offline && has_reached_all {
        ExitStatus::Success
    } else {
        ExitStatus::Failed
    }
}
