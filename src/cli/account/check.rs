//! Checking an account that is added or changed, with the questions that only the user can answer.

use crate::model::StoredPassword;
use crate::{
    cli::{
        exit_status::UsageError,
        prompt::{ask_line, ask_password, can_ask},
        waiting_notice::with_waiting_notice,
    },
    library::{FeedSources, check_account},
    model::{AccountDraft, AccountRefusal, AccountRemedy, CheckedAccount, DraftPassword},
    store::LibraryLocation,
    text::redact_user_info,
};

/// Returns the password that the user named the source of, or types now.
pub fn choose_password(source: Option<&str>) -> anyhow::Result<DraftPassword> {
    Ok(match source {
        Some(source) => DraftPassword::Source(source.to_owned()),
        None => DraftPassword::Typed(StoredPassword::new(ask_password("Password", "--password")?)),
    })
}

/// Checks an account. What is refused only until the user agrees is asked about, if there is a terminal.
///
/// # Errors
///
/// Fails if the account is refused; the error says what was tried.
pub fn check(
    location: &LibraryLocation,
    sources: &FeedSources,
    mut draft: AccountDraft,
) -> anyhow::Result<CheckedAccount> {
    loop {
        let asked = format!("Waiting for {}…", redact_user_info(&draft.server));
        let checked = with_waiting_notice(&asked, |_| check_account(location, sources, &draft));
        let refusal = match checked {
            Ok(checked) => return Ok(checked),
            Err(refusal) => refusal,
        };
        if !can_ask() || !agree(&refusal, &mut draft)? {
            return Err(to_error(refusal));
        }
    }
}

/// Asks whether to go on in spite of a refusal, and notes it in the draft.
fn agree(refusal: &AccountRefusal, draft: &mut AccountDraft) -> anyhow::Result<bool> {
    let ask = |question: &str, option: &str| {
        let answer = ask_line(&format!("{refusal}.\n{question} (yes/no)"), option);
        answer.map(|answer| matches!(answer.trim(), "yes" | "y"))
    };
    match &refusal.remedy {
        AccountRemedy::AcceptCertificate(fingerprint) => {
            let agrees = ask("Accept it, if it is that of your server?", "--fingerprint")?;
            draft.certificate = Some(fingerprint.clone()).filter(|_| agrees);
            Ok(agrees)
        }
        AccountRemedy::SendUnencrypted => {
            draft.allows_plain_http = ask("Send it all the same?", "--allow-http")?;
            Ok(draft.allows_plain_http)
        }
        AccountRemedy::Correct(_) | AccountRemedy::SeeProblem => Ok(false),
    }
}

/// Returns the error for a refusal, with what to give.
pub fn to_error(refusal: AccountRefusal) -> anyhow::Error {
    let AccountRefusal { problem, remedy } = refusal;
    match remedy {
        AccountRemedy::Correct(_) => UsageError(problem).into(),
        AccountRemedy::SeeProblem => anyhow::Error::msg(problem),
        AccountRemedy::AcceptCertificate(fingerprint) => anyhow::anyhow!(
            "{problem}; if it is that of your server, accept it with --fingerprint {fingerprint}"
        ),
        AccountRemedy::SendUnencrypted => {
            UsageError(format!("{problem}; give its https address, or --allow-http")).into()
        }
    }
}
