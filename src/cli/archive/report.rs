//! The answers of an archive to its owner, as lines or as JSON.

use serde::Serialize;

use crate::{
    archive::{ArchiveStatus, ArchiveUser, ArchiveVerification, PrunedMonths},
    cli::{exit_status::ExitStatus, global_args::GlobalArgs, json_version::JSON_VERSION, output},
    text::{count_noun, group_thousands, sanitize},
};

/// An archive as JSON.
#[derive(Serialize)]
struct ArchiveStatusJson<'a> {
    version: u32,
    schema: i32,
    server: &'a str,
    feeds: u64,
    articles: u64,
    bytes: u64,
    months: u64,
    leases: u64,
    owner: bool,
}

/// Prints the numbers of an archive.
pub(super) fn print_status(
    args: &GlobalArgs,
    status: &ArchiveStatus,
) -> anyhow::Result<ExitStatus> {
    let ArchiveStatus { version, server, feeds, articles, bytes, months, leases, is_owner } =
        status;
    let text = if args.json {
        output::to_json_lines(&ArchiveStatusJson {
            version: JSON_VERSION,
            schema: *version,
            server,
            feeds: *feeds,
            articles: *articles,
            bytes: *bytes,
            months: *months,
            leases: *leases,
            owner: *is_owner,
        })?
    } else {
        let server = sanitize::to_text_line(server);
        format!(
            "PostgreSQL {server}, archive version {version}\n{}, about {} in {}, {}\n{} being fetched\n",
            count_noun(*feeds, "feed"),
            count_noun(*articles, "article"),
            count_noun(*months, "month"),
            format_bytes(*bytes),
            count_noun(*leases, "feed"),
        )
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// Returns a number of bytes in megabytes (10⁶).
fn format_bytes(bytes: u64) -> String {
    format!("{} MB", group_thousands(bytes.div_ceil(1_000_000)))
}

/// A user as JSON.
#[derive(Serialize)]
struct ArchiveUserJson<'a> {
    name: &'a str,
    can_log_in: bool,
    marks: Option<u64>,
}

/// All users as JSON.
#[derive(Serialize)]
struct ArchiveUsersJson<'a> {
    version: u32,
    users: Vec<ArchiveUserJson<'a>>,
}

/// Prints the users: as JSON, or as lines of fields separated by tabs.
pub(super) fn print_users(args: &GlobalArgs, users: &[ArchiveUser]) -> anyhow::Result<ExitStatus> {
    let text = if args.json {
        let users = users.iter().map(user_json).collect();
        output::to_json_lines(&ArchiveUsersJson { version: JSON_VERSION, users })?
    } else {
        users.iter().map(format_user).collect()
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

fn user_json(user: &ArchiveUser) -> ArchiveUserJson<'_> {
    let ArchiveUser { name, can_log_in, marks } = user;
    ArchiveUserJson { name, can_log_in: *can_log_in, marks: *marks }
}

fn format_user(user: &ArchiveUser) -> String {
    let marks = user.marks.map_or_else(|| "-".to_owned(), |marks| count_noun(marks, "mark"));
    let login = if user.can_log_in { "can log in" } else { "cannot log in" };
    format!("{}\t{login}\t{marks}\n", sanitize::to_text_line(&user.name))
}

/// Dropped months as JSON.
#[derive(Serialize)]
struct ArchivePruneJson<'a> {
    version: u32,
    dry_run: bool,
    months: &'a [String],
    articles: u64,
    bytes: u64,
}

/// Prints the months that were dropped, or would be.
pub(super) fn print_pruned(
    args: &GlobalArgs,
    pruned: &PrunedMonths,
    is_dry: bool,
) -> anyhow::Result<ExitStatus> {
    let PrunedMonths { months, articles, bytes } = pruned;
    let text = if args.json {
        output::to_json_lines(&ArchivePruneJson {
            version: JSON_VERSION,
            dry_run: is_dry,
            months,
            articles: *articles,
            bytes: *bytes,
        })?
    } else {
        let (done, hint) =
            if is_dry { ("Would drop", "; --yes drops them for good") } else { ("Dropped", "") };
        let hint = if months.is_empty() { "" } else { hint };
        let span = match (months.first(), months.last()) {
            (Some(first), Some(last)) => format!(" ({first} to {last})"),
            _ => String::new(),
        };
        let months = count_noun(months.len(), "month");
        let articles = count_noun(*articles, "article");
        format!("{done} {months}{span}: {articles}, {}{hint}\n", format_bytes(*bytes))
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// The result of a check as JSON.
#[derive(Serialize)]
struct ArchiveVerifyJson {
    version: u32,
    articles: u64,
    damaged: u64,
    unregistered: u64,
}

/// Prints the result of a check. The exit status is a failure if something is wrong.
pub(super) fn print_verification(
    args: &GlobalArgs,
    result: &ArchiveVerification,
) -> anyhow::Result<ExitStatus> {
    let ArchiveVerification { articles, damaged, unregistered } = *result;
    let text = if args.json {
        let version = JSON_VERSION;
        output::to_json_lines(&ArchiveVerifyJson { version, articles, damaged, unregistered })?
    } else {
        let articles = count_noun(articles, "article");
        format!("{articles} read, {damaged} damaged, {unregistered} without a registration\n")
    };
    output::write_stdout(text.as_bytes())?;
    Ok(if result.is_whole() { ExitStatus::Success } else { ExitStatus::Failed })
}
