//! `newsreader archive`: makes and manages the shared archive that the settings name.

mod report;

use chrono::NaiveDate;
use clap::Subcommand;

use super::{
    config, environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    network::archive_access, outcome::CommandOutcome,
};
use crate::archive::{ArchiveReport, ArchiveRequest};

/// A subcommand of `newsreader archive`.
#[derive(Debug, Clone, Subcommand)]
pub enum ArchiveCommand {
    /// Make the archive in the database, or bring it up to date: tables, the months ahead, the rights of users.
    ///
    /// The user of the address becomes its owner, who needs the right to make roles (CREATEROLE).
    Init,
    /// Print the size of the archive: feeds, articles, bytes, months, and the feeds that are being fetched.
    Status,
    /// List the users of the archive, each with the number of marks as far as you may see them.
    Users,
    /// Admit a role of the database as a user, or take that back.
    Grant {
        /// Name of the role.
        #[arg(value_name = "ROLE")]
        role: String,
        /// Make the role if there is none. It has no password: set one with \password in psql.
        #[arg(long, conflicts_with = "revoke")]
        create: bool,
        /// Take the rights away. The marks of the user stay.
        #[arg(long)]
        revoke: bool,
    },
    /// Drop the months that end before a day, with all marks of their articles. Readers keep what they have.
    Prune {
        /// First day to keep, as in 2024-01-01.
        #[arg(long, value_name = "DATE")]
        before: NaiveDate,
        /// Only print what would be dropped.
        #[arg(long, conflicts_with = "yes")]
        dry_run: bool,
        /// Drop them: this cannot be undone.
        #[arg(long)]
        yes: bool,
    },
    /// Read every article of the archive, and check that it is as it was published.
    Verify,
}

/// Runs `command`.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: &ArchiveCommand,
) -> anyhow::Result<ExitStatus> {
    let settings = config::load_reported_settings(args, environment);
    let Some(access) = archive_access(environment, &settings) else {
        anyhow::bail!(
            "the settings name no archive; write archive = \"postgres://USER@HOST/DATABASE\" into settings.toml, or set \
             NEWSREADER_ARCHIVE"
        );
    };
    let request = to_request(command);
    let report = access.administer(&request)?;
    match (report, command) {
        (ArchiveReport::Status(status), _) => report::print_status(args, &status),
        (ArchiveReport::Users(users), _) => report::print_users(args, &users),
        (ArchiveReport::Pruned(months), _) => {
            let is_dry = matches!(request, ArchiveRequest::Prune { dry_run: true, .. });
            report::print_pruned(args, &months, is_dry)
        }
        (ArchiveReport::Verified(result), _) => report::print_verification(args, &result),
        (ArchiveReport::Changed(has_changed), ArchiveCommand::Grant { role, revoke, .. }) => {
            let sentence = describe_grant(role, *revoke, has_changed);
            let changed = usize::from(has_changed);
            let outcome = CommandOutcome::new([sentence]).with_changed(changed);
            outcome.with_unchanged(1 - changed).print(args)?;
            Ok(ExitStatus::Success)
        }
        (ArchiveReport::Changed(_), _) => Ok(ExitStatus::Success),
    }
}

fn to_request(command: &ArchiveCommand) -> ArchiveRequest {
    match command {
        ArchiveCommand::Init => ArchiveRequest::Initialize,
        ArchiveCommand::Status => ArchiveRequest::Status,
        ArchiveCommand::Users => ArchiveRequest::ListUsers,
        ArchiveCommand::Grant { role, revoke: true, .. } => {
            ArchiveRequest::Revoke { user: role.clone() }
        }
        ArchiveCommand::Grant { role, create, .. } => {
            ArchiveRequest::Grant { user: role.clone(), create: *create }
        }
        ArchiveCommand::Prune { before, yes, .. } => {
            ArchiveRequest::Prune { before: *before, dry_run: !yes }
        }
        ArchiveCommand::Verify => ArchiveRequest::Verify,
    }
}

fn describe_grant(role: &str, revoke: bool, has_changed: bool) -> String {
    match (revoke, has_changed) {
        (false, true) => format!("{role} is a user of the archive now"),
        (false, false) => format!("{role} was a user of the archive before"),
        (true, true) => format!("{role} is no user of the archive any more"),
        (true, false) => format!("{role} was no user of the archive"),
    }
}
