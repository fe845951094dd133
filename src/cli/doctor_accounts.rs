//! The part of `newsreader doctor` about accounts: their state, what waits, and the files with passwords.

use super::{doctor_report::DoctorReport, journal::format_local};
use crate::{
    library::{PasswordFileProblem, check_password_files},
    model::Account,
    store::{LibraryLocation, ReadConnection, WriteConnection},
    text::count_noun,
};

/// Checks the accounts; with `repair`, first deletes what belongs to none.
pub fn check_accounts(
    location: &LibraryLocation,
    reader: &ReadConnection,
    repairer: Option<&mut WriteConnection>,
    report: &mut DoctorReport,
) -> anyhow::Result<()> {
    check_rows(reader, repairer, report)?;
    let accounts = reader.list_accounts()?;
    for account in &accounts {
        report_account(account, reader.count_unsent(account.id)?, report);
    }
    for problem in check_password_files(location, &accounts) {
        report.add_problem(&describe_file(&problem));
    }
    Ok(())
}

/// Reports rows that belong to no account.
fn check_rows(
    reader: &ReadConnection,
    repairer: Option<&mut WriteConnection>,
    report: &mut DoctorReport,
) -> anyhow::Result<()> {
    let check = reader.check_accounts()?;
    let lost = [
        (check.lost_marks, "mark", "waiting for an account that is not there"),
        (check.lost_ids, "id", "of a server without its account, article or feed"),
    ];
    let lost: Vec<String> = lost
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, noun, lack)| format!("{} {lack}", count_noun(count, noun)))
        .collect();
    if !lost.is_empty() {
        let lost = lost.join(", ");
        match repairer {
            Some(store) => {
                store.delete_lost_account_rows()?;
                report.add_ok(&format!("deleted {lost}"));
            }
            None => {
                report.add_problem(&format!("{lost}; `newsreader doctor --repair` deletes them"));
            }
        }
    }
    if check.unknown_accounts > 0 {
        let accounts = count_noun(check.unknown_accounts, "account");
        report.add_problem(&format!("{accounts} of a kind that only a newer version knows"));
    }
    Ok(())
}

/// Reports the state of an account; the failure of its last sync is a problem.
fn report_account(account: &Account, waiting: usize, report: &mut DoctorReport) {
    let Account { name, login, sync_state, .. } = account;
    if let Some(problem) = &sync_state.problem {
        report.add_problem(&format!("account {name}: {problem}"));
    }
    let last_sync = sync_state
        .last_sync
        .map_or_else(|| "never synced".to_owned(), |at| format!("last sync {}", format_local(at)));
    let waiting = match waiting {
        0 => String::new(),
        count => format!(", {} to be sent", count_noun(count, "mark")),
    };
    let (kind, url) = (login.kind.title(), &login.url);
    report.add_ok(&format!("account {name}: {kind} at {url}, {last_sync}{waiting}"));
}

fn describe_file(problem: &PasswordFileProblem) -> String {
    match problem {
        PasswordFileProblem::ReadableByOthers(path) => {
            format!("other users can read {}; protect it with chmod 600", path.display())
        }
        PasswordFileProblem::WithoutAccount(path) => {
            format!("{} has the password of no account; delete it", path.display())
        }
        PasswordFileProblem::Missing(name) => format!(
            "account {name}: its password is not on this computer; give it again with `newsreader account \
             edit {name} --ask-password`"
        ),
    }
}
