//! `newsreader account edit`: changes an account.

use clap::Args as ClapArgs;

use super::{
    connect::{ChosenPassword, check_name, check_new_login, connect},
    find_account,
    kind_arg::KindArg,
};
use crate::{
    cli::{
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        output,
        sync::load_sources,
    },
    library::{forget_password, keep_password, move_password},
    model::{Account, AccountLogin, PasswordSource, RemoteFeed},
    store::{AccountFeed, ReadConnection},
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
}

impl AccountEditArgs {
    fn changes_login(&self) -> bool {
        self.server.is_some()
            || self.kind.is_some()
            || self.user.is_some()
            || self.password.is_some()
            || self.ask_password
    }
}

/// Changes an account. Another login has to be accepted by the server.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    edit: &AccountEditArgs,
) -> anyhow::Result<ExitStatus> {
    if edit.name.is_none() && !edit.changes_login() {
        let sentence = "nothing to change: give --name, --server, --kind, --user, --password or --ask-password";
        return Err(UsageError(sentence.to_owned()).into());
    }
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let account = find_account(&ReadConnection::open(&library.location)?, &edit.account)?;
    let name = check_name(edit.name.as_deref().unwrap_or(&account.name))?;
    check_free(&library, &account, name)?;
    let login = if edit.changes_login() {
        replace_login(args, environment, &library, &account, edit)?
    } else {
        account.login.clone()
    };
    move_password(&library.location, &account, name)?;
    if !library.writer.edit_account(&account, name, &login)? {
        return Err(UsageError(format!("another account is called {name}")).into());
    }
    output::write_stderr_line(&format!("Changed {name}"));
    Ok(ExitStatus::Success)
}

/// Returns an error if another account has the name, before anything is changed.
fn check_free(library: &OpenLibrary, account: &Account, name: &str) -> anyhow::Result<()> {
    let accounts = ReadConnection::open(&library.location)?.list_accounts()?;
    let is_taken = accounts
        .iter()
        .any(|other| other.id != account.id && other.name.to_lowercase() == name.to_lowercase());
    if is_taken {
        return Err(UsageError(format!("another account is called {name}")).into());
    }
    Ok(())
}

/// Returns an error if the subscriptions are not those of the account. The ids of another server, or of
/// another user, mean other articles.
fn check_same_server(known: &[AccountFeed], feeds: &[RemoteFeed]) -> anyhow::Result<()> {
    let find = |known: &AccountFeed| feeds.iter().find(|feed| feed.id == known.remote);
    let shared: Vec<bool> =
        known.iter().filter_map(|known| Some(known.url == find(known)?.url)).collect();
    if known.is_empty() || shared.contains(&true) && !shared.contains(&false) {
        return Ok(());
    }
    anyhow::bail!(
        "that user has other subscriptions there; add an account of its own with `newsreader account add`"
    )
}

/// Returns an error if the account has feeds and the protocol is another one: articles have other ids by
/// it, and would all arrive a second time.
fn check_same_kind(
    account: &Account,
    login: &AccountLogin,
    known: &[AccountFeed],
) -> anyhow::Result<()> {
    if known.is_empty() || login.kind == account.login.kind {
        return Ok(());
    }
    anyhow::bail!(
        "by the {} the articles of {} would arrive a second time; add an account of its own with \
         `newsreader account add`",
        login.kind.title(),
        account.name
    )
}

/// Logs in with what has changed, and keeps the new password if it was typed.
fn replace_login(
    args: &GlobalArgs,
    environment: &Environment,
    library: &OpenLibrary,
    account: &Account,
    edit: &AccountEditArgs,
) -> anyhow::Result<AccountLogin> {
    let (location, sources) = (&library.location, load_sources(args, environment)?);
    let chosen = if edit.password.is_some() || edit.ask_password {
        ChosenPassword::choose(location, &sources, &account.name, edit.password.as_deref())?
    } else {
        let source = account.login.password.clone();
        ChosenPassword::read(location, &sources, &account.name, source)?
    };
    let server = edit.server.as_deref().unwrap_or(&account.login.url);
    let kind = edit.kind.map_or(Some(account.login.kind), KindArg::only);
    let user = edit.user.as_deref().unwrap_or(&account.login.user);
    let accepted = connect(&sources, server, kind, user, chosen)?;
    let place = |login: &AccountLogin| (login.kind, login.url.clone(), login.user.clone());
    let is_elsewhere = place(&accepted.login) != place(&account.login);
    if is_elsewhere {
        let reader = ReadConnection::open(location)?;
        check_new_login(&reader.list_accounts()?, &accepted.login)?;
        let known = reader.list_account_feeds(account.id)?;
        check_same_kind(account, &accepted.login, &known)?;
        check_same_server(&known, &accepted.feeds)?;
    }
    if accepted.login.password == PasswordSource::Kept {
        keep_password(location, &account.name, &accepted.password)?;
    } else {
        forget_password(location, &account.name)?;
    }
    Ok(accepted.login)
}
