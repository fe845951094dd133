//! An account as the user describes it, before and after its server was asked.

use super::{Account, AccountId, AccountLogin, ServerKind, StoredPassword, is_within_folder};

/// An account as the user describes it, to be added or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDraft {
    /// The account that is changed; `None` for a new one.
    pub before: Option<Account>,
    /// The address of the server, in any form.
    pub server: String,
    /// The protocol of the server; `None` to find out.
    pub kind: Option<ServerKind>,
    /// The name of the user there.
    pub user: String,
    /// The password.
    pub password: DraftPassword,
    /// The name of the account; blank for the host of the server.
    pub name: String,
    /// The fingerprint of the certificate that the user accepts, whoever vouches for it.
    pub certificate: Option<String>,
    /// The password may be sent over the internet without encryption.
    pub allows_plain_http: bool,
}

/// The password of an account as the user gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftPassword {
    /// It was typed, and is to be kept.
    Typed(StoredPassword),
    /// Its source, as it was typed.
    Source(String),
    /// It comes from where it came before.
    AsBefore,
}

/// An account whose server has accepted the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedAccount {
    /// The account that is changed; `None` for a new one.
    pub before: Option<Account>,
    /// The name.
    pub name: String,
    /// The server and the user there.
    pub login: AccountLogin,
    /// The password, if it was typed and is to be kept.
    pub typed_password: Option<StoredPassword>,
    /// Number of feeds on the server; `None` if it was not asked.
    pub feed_count: Option<usize>,
}

/// A part of an account that the user describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountPart {
    /// The address of the server.
    Server,
    /// The name of the user there.
    User,
    /// The password, or its source.
    Password,
    /// The name of the account.
    Name,
    /// The fingerprint of the accepted certificate.
    Certificate,
}

/// The reason why an account is not added or changed, and what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct AccountRefusal {
    /// A sentence that names what was tried.
    pub problem: String,
    /// The way out.
    pub remedy: AccountRemedy,
}

/// A way out of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountRemedy {
    /// Correct what was typed.
    Correct(AccountPart),
    /// Accept the certificate with this fingerprint, if it is that of the server.
    AcceptCertificate(String),
    /// Send the password although nothing encrypts it.
    SendUnencrypted,
    /// There is none but the one in the sentence, if it has one.
    SeeProblem,
}

/// An account with what lists of accounts show besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedAccount {
    /// The account.
    pub account: Account,
    /// Number of changes that its server has not been told yet.
    pub waiting: usize,
}

impl ListedAccount {
    /// Returns the id.
    pub fn id(&self) -> AccountId {
        self.account.id
    }

    /// Returns whether a folder is the account's: that of its name, or one within.
    pub fn has_folder(&self, folder: &str) -> bool {
        is_in_account(&self.account.name, folder)
    }
}

/// Returns whether a folder is that of the account with this name, or one within.
pub fn is_in_account(account: &str, folder: &str) -> bool {
    is_within_folder(folder, account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_an_account_begin_with_its_whole_name() {
        for (folder, is_inside) in [
            ("News", true),
            ("News / World", true),
            ("News / World / Asia", true),
            ("Newspapers", false),
            ("News/World", false),
            ("World / News", false),
        ] {
            assert_eq!(is_in_account("News", folder), is_inside, "{folder}");
        }
    }
}
