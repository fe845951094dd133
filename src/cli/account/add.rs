//! `newsreader account add`: adds an account, and syncs it.

use clap::Args as ClapArgs;

use super::{
    check::{check, choose_password, to_error},
    kind_arg::KindArg,
};
use crate::{
    cli::{
        environment::Environment,
        exit_status::ExitStatus,
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        output,
        prompt::ask_line,
        sync::{load_sources, sync_and_print},
    },
    library::{clock::utc_now, hide_samples, save_account},
    model::{AccountDraft, Actor, RefreshScope},
    text::count_noun,
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

    /// SHA-256 fingerprint of a certificate to accept for this account, although no authority vouches for
    /// it: SHA256: and 64 hexadecimal digits, with or without colons.
    #[arg(long, value_name = "FINGERPRINT")]
    fingerprint: Option<String>,

    /// Send the password although the address begins with http:// and is on the internet.
    #[arg(long)]
    allow_http: bool,
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
    let draft = AccountDraft {
        before: None,
        server,
        kind: add.kind.only(),
        user,
        password: choose_password(add.password.as_deref())?,
        name: add.name.clone().unwrap_or_default(),
        certificate: add.fingerprint.clone(),
        allows_plain_http: add.allow_http,
    };
    let checked = check(&library.location, &sources, draft)?;
    let account =
        save_account(&mut library.writer, &library.location, &checked)?.map_err(to_error)?;
    hide_samples(&mut library.writer, (&Actor::User, utc_now()))?;
    let feeds = count_noun(checked.feed_count.unwrap_or_default(), "feed");
    let (name, url) = (&checked.name, &checked.login.url);
    output::write_stderr_line(&format!("Added {name} at {url}: {feeds}"));
    if let Some(limits) = checked.login.kind.limits() {
        output::write_stderr_line(&format!("{name} syncs {limits}"));
    }
    sync_and_print(&mut library, &sources, RefreshScope::Accounts(Some(account)), args.json)
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
