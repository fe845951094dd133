//! The fields of the form in which an account is added or edited.

use crate::model::{Account, AccountPart, PasswordSource};

/// A part of an account that the user may edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountField {
    /// The address of the server.
    Server,
    /// The name of the user there.
    User,
    /// The password, which is not shown.
    Password,
    /// The source of the password, in place of the password.
    Source,
    /// The name of the account.
    Name,
    /// The fingerprint of the certificate that was accepted.
    Certificate,
    /// The certificate that was refused is accepted.
    AcceptCertificate,
    /// The password is sent although nothing encrypts it.
    SendUnencrypted,
}

impl AccountField {
    /// The fields of every form, in order.
    pub(super) const FIRST: [AccountField; 5] = [
        AccountField::Server,
        AccountField::User,
        AccountField::Password,
        AccountField::Source,
        AccountField::Name,
    ];

    /// Returns the label of the field in a form.
    pub fn label(self) -> &'static str {
        match self {
            AccountField::Server => "Server",
            AccountField::User => "User",
            AccountField::Password => "Password",
            AccountField::Source => "or its source",
            AccountField::Name => "Name",
            AccountField::Certificate => "Certificate",
            AccountField::AcceptCertificate => "Accept it",
            AccountField::SendUnencrypted => "Send it anyway",
        }
    }

    /// Returns a short explanation of the values that the field accepts.
    pub fn help(self) -> &'static str {
        match self {
            AccountField::Server => "address of its site, its API, or a page of it",
            AccountField::User => "name of the user there",
            AccountField::Password => "kept in a file that only you can read",
            AccountField::Source => "env:NAME, command:COMMAND or file:PATH",
            AccountField::Name => "of its folder; empty for the host of the server",
            AccountField::Certificate => "fingerprint that you accepted; empty to accept none",
            AccountField::AcceptCertificate => "Space accepts it, if it is yours",
            AccountField::SendUnencrypted => "Space sends the password readable for others",
        }
    }

    /// Returns the values of a field that has only a few; none for others.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            AccountField::AcceptCertificate | AccountField::SendUnencrypted => &["no", "yes"],
            AccountField::Server
            | AccountField::User
            | AccountField::Password
            | AccountField::Source
            | AccountField::Name
            | AccountField::Certificate => &[],
        }
    }

    /// Returns the text of the field for an account as it is stored.
    pub(super) fn text_of(self, account: Option<&Account>) -> String {
        let Some(Account { name, login, .. }) = account else {
            let is_choice = !self.choices().is_empty();
            return if is_choice { "no".to_owned() } else { String::new() };
        };
        match self {
            AccountField::Server => login.url.clone(),
            AccountField::User => login.user.clone(),
            AccountField::Source if login.password != PasswordSource::Kept => {
                login.password.to_string()
            }
            AccountField::Password | AccountField::Source => String::new(),
            AccountField::Name => name.clone(),
            AccountField::Certificate => login.certificate.clone().unwrap_or_default(),
            AccountField::AcceptCertificate | AccountField::SendUnencrypted => "no".to_owned(),
        }
    }

    /// Returns the field in which a part of an account is corrected.
    pub(super) fn of_part(part: AccountPart) -> AccountField {
        match part {
            AccountPart::Server => AccountField::Server,
            AccountPart::User => AccountField::User,
            AccountPart::Password => AccountField::Password,
            AccountPart::Name => AccountField::Name,
            AccountPart::Certificate => AccountField::Certificate,
        }
    }
}
