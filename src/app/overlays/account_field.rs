//! The fields of the form in which an account is added or edited.

use crate::model::{Account, AccountPart, PasswordSource, ServerKind};

/// The choices of the protocol: the one that is found, and the kinds of servers in the order of
/// [`ServerKind::ALL`].
const PROTOCOLS: &[&str] = &["auto", "Google Reader", "Fever"];

/// A part of an account that the user may edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountField {
    /// The address of the server.
    Server,
    /// The protocol that the server speaks.
    Protocol,
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
    pub(super) const FIRST: [AccountField; 6] = [
        AccountField::Server,
        AccountField::User,
        AccountField::Password,
        AccountField::Source,
        AccountField::Name,
        AccountField::Protocol,
    ];

    /// Returns the label of the field in a form.
    pub fn label(self) -> &'static str {
        match self {
            AccountField::Server => "Server",
            AccountField::Protocol => "Protocol",
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
            AccountField::Protocol => "auto takes the one that is found; Space changes it",
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
            AccountField::Protocol => PROTOCOLS,
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
            return self.choices().first().map_or_else(String::new, |first| (*first).to_owned());
        };
        match self {
            AccountField::Server => login.url.clone(),
            AccountField::Protocol => protocol_label(login.kind).to_owned(),
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

    /// Returns whether the field is a choice that the user makes after a refusal.
    pub(super) fn is_consent(self) -> bool {
        matches!(self, AccountField::AcceptCertificate | AccountField::SendUnencrypted)
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

/// Returns the choice that stands for a kind of server.
fn protocol_label(kind: ServerKind) -> &'static str {
    match kind {
        ServerKind::GoogleReader => PROTOCOLS[1],
        ServerKind::Fever => PROTOCOLS[2],
    }
}

/// Returns the kind of server that a choice stands for; `None` for the one that is found.
pub(super) fn kind_of_protocol(label: &str) -> Option<ServerKind> {
    ServerKind::ALL.into_iter().find(|kind| protocol_label(*kind) == label)
}
