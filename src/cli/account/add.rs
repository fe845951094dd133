//! `newsreader account add`: adds an account, and syncs it.

use clap::Args as ClapArgs;

use super::{
    connect::{AcceptedLogin, ChosenPassword, check_name, check_new_login, connect},
    kind_arg::KindArg,
};
use crate::{
    cli::{
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        output,
        prompt::ask_line,
        sync::{load_sources, sync_and_print},
    },
    library::{clock::utc_now, forget_password, hide_samples, keep_password},
    model::{AccountId, AccountLogin, Actor, PasswordSource, RefreshScope},
    store::ReadConnection,
    text::{count_noun, url},
};

/// The arguments of `newsreader account add`.
#[derive(Debug, Clone, ClapArgs)]
pub struct AccountAddArgs {
    /// Address of the server, in any form: its site, its API, or a page of it.
    #[arg(long, value_name = "URL")]
    server: Option<String>,

    /// Protocol that the server speaks.
    #[arg(long, value_enum, value_name = "KIND", default_value_t)]
    kind: KindArg,

    /// Name of the user there.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    /// Source of the password: env:NAME, command:COMMAND, or file:PATH of a file that only you can
    /// read. Without it, you are asked for the password.
    #[arg(long, value_name = "SOURCE")]
    password: Option<String>,

    /// Name of the account [default: the host of the server].
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

/// Adds an account whose server accepts the user; what is missing is asked for.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    add: &AccountAddArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let sources = load_sources(args, environment)?;
    let server = argument_or_ask(add.server.as_ref(), "Address of the server", "--server")?;
    let user = argument_or_ask(add.user.as_ref(), "User name", "--user")?;
    let label = add.name.as_deref().unwrap_or(&server);
    let source = add.password.as_deref();
    let password = ChosenPassword::choose(&library.location, &sources, label, source)?;
    let accepted = connect(&sources, &server, add.kind.only(), &user, password)?;
    let host = url::host(&accepted.login.url);
    let name = check_name(add.name.as_deref().unwrap_or(host))?.to_owned();
    let account = store_account(&mut library, &name, &accepted)?;
    hide_samples(&mut library.writer, (&Actor::User, utc_now()))?;
    let feeds = count_noun(accepted.feeds.len(), "feed");
    let AccountLogin { kind, url, .. } = &accepted.login;
    output::write_stderr_line(&format!("Added {name} at {url}: {feeds}"));
    if let Some(limits) = kind.limits() {
        output::write_stderr_line(&format!("{name} syncs {limits}"));
    }
    sync_and_print(&mut library, &sources, RefreshScope::Accounts(Some(account)), false)
}

fn argument_or_ask(
    argument: Option<&String>,
    question: &str,
    option: &str,
) -> anyhow::Result<String> {
    match argument {
        Some(value) => Ok(value.trim().to_owned()),
        None => ask_line(question, option),
    }
}

/// Stores the account, and keeps its password if it was typed.
fn store_account(
    library: &mut OpenLibrary,
    name: &str,
    accepted: &AcceptedLogin,
) -> anyhow::Result<AccountId> {
    let accounts = ReadConnection::open(&library.location)?.list_accounts()?;
    let is_taken = accounts.iter().any(|known| known.name.to_lowercase() == name.to_lowercase());
    let taken = || UsageError(format!("an account is called {name}; give another --name"));
    if is_taken {
        return Err(taken().into());
    }
    check_new_login(&accounts, &accepted.login)?;
    let is_kept = accepted.login.password == PasswordSource::Kept;
    if is_kept {
        keep_password(&library.location, name, &accepted.password)?;
    }
    let added = library.writer.add_account(name, &accepted.login);
    if is_kept && !matches!(added, Ok(Some(_))) {
        forget_password(&library.location, name)?;
    }
    added?.ok_or_else(|| taken().into())
}
