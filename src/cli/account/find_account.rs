//! The account that the user named.

use crate::{
    cli::exit_status::UsageError, model::Account, store::ReadConnection, text::nearest_word,
};

/// Finds the account called `name`; upper and lower case make no difference.
///
/// # Errors
///
/// Fails if there is none.
pub fn find_account(reader: &ReadConnection, name: &str) -> anyhow::Result<Account> {
    let (accounts, wanted) = (reader.list_accounts()?, name.trim().to_lowercase());
    if let Some(account) = accounts.iter().find(|account| account.name.to_lowercase() == wanted) {
        return Ok(account.clone());
    }
    let hint = match nearest_word(name, accounts.iter().map(|account| account.name.as_str())) {
        Some(nearest) => format!("did you mean “{nearest}”?"),
        None => "`newsreader account list` shows all accounts".to_owned(),
    };
    Err(UsageError(format!("no account is called “{name}”; {hint}")).into())
}
