//! `newsreader account edit`: changes an account.

use clap::Args as ClapArgs;

use super::{
    check::{check, choose_password, to_error},
    find_account,
    kind_arg::KindArg,
};
use crate::{
    cli::{
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        outcome::CommandOutcome,
        sync::load_sources,
    },
    library::save_account,
    model::{Account, AccountDraft, DraftPassword},
    store::ReadConnection,
};

/// The arguments of `newsreader account edit`.
#[derive(Debug, Clone, ClapArgs)]
pub struct AccountEditArgs {
    /// Name of the account.
    #[arg(value_name = "ACCOUNT")]
    account: String,

    /// New name.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// New address of the server.
    #[arg(long, value_name = "URL")]
    server: Option<String>,

    /// Protocol that the server speaks, if it is another one than before.
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<KindArg>,

    /// New name of the user there.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    /// New source of the password: env:NAME, command:COMMAND or file:PATH.
    #[arg(long, value_name = "SOURCE", conflicts_with = "ask_password")]
    password: Option<String>,

    /// Ask for a new password, and keep it.
    #[arg(long)]
    ask_password: bool,

    /// SHA-256 fingerprint of a certificate to accept, although no authority vouches for it; “none” accepts
    /// only those that an authority vouches for.
    #[arg(long, value_name = "FINGERPRINT")]
    fingerprint: Option<String>,

    /// Send the password although the address begins with http:// and is on the internet.
    #[arg(long)]
    allow_http: bool,
}

impl AccountEditArgs {
    fn changes_nothing(&self) -> bool {
        let texts = [&self.name, &self.server, &self.user, &self.password, &self.fingerprint];
        texts.iter().all(|text| text.is_none()) && !self.ask_password && self.kind.is_none()
    }

    /// Describes the account with the changes.
    fn to_draft(&self, account: &Account) -> anyhow::Result<AccountDraft> {
        let password = if self.password.is_some() || self.ask_password {
            choose_password(self.password.as_deref())?
        } else {
            DraftPassword::AsBefore
        };
        let certificate = match self.fingerprint.as_deref() {
            None => account.login.certificate.clone(),
            Some("none") => None,
            Some(fingerprint) => Some(fingerprint.to_owned()),
        };
        let or_before =
            |text: &Option<String>, before: &str| text.clone().unwrap_or_else(|| before.to_owned());
        Ok(AccountDraft {
            server: or_before(&self.server, &account.login.url),
            kind: self.kind.map_or(Some(account.login.kind), KindArg::only),
            user: or_before(&self.user, &account.login.user),
            password,
            name: or_before(&self.name, &account.name),
            certificate,
            allows_plain_http: self.allow_http,
            before: Some(account.clone()),
        })
    }
}

/// Changes an account. Another login has to be accepted by the server.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    edit: &AccountEditArgs,
) -> anyhow::Result<ExitStatus> {
    if edit.changes_nothing() {
        let sentence = "nothing to change: give --name, --server, --kind, --user, --password, --ask-password or \
                        --fingerprint";
        return Err(UsageError(sentence.to_owned()).into());
    }
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let account = find_account(&ReadConnection::open(&library.location)?, &edit.account)?;
    let sources = load_sources(args, environment)?;
    let checked = check(&library.location, &sources, edit.to_draft(&account)?)?;
    save_account(&mut library.writer, &library.location, &checked)?.map_err(to_error)?;
    CommandOutcome::notice([format!("Changed {}", checked.name)]).with_changed(1).print(args)?;
    Ok(ExitStatus::Success)
}
