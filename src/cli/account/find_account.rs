//! The account that the user named.

use crate::{cli::unknown_name::NamedThing, model::Account, store::ReadConnection};

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
    let names = accounts.iter().map(|account| account.name.as_str());
    Err(NamedThing::Account.unknown(name, names).into())
}
