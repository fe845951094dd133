//! `newsreader account remove`: removes an account from this computer.

use clap::Args as ClapArgs;

use super::find_account;
use crate::{
    cli::{
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        outcome::CommandOutcome,
        output,
        prompt::{ask_line, can_ask},
    },
    library::{clock::utc_now, delete_account, describe_removal, list_private_hosts},
    model::AccountRemoval,
    store::ReadConnection,
    text::{count_noun, sanitize},
};

/// The arguments of `newsreader account remove`.
#[derive(Debug, Clone, ClapArgs)]
pub struct AccountRemoveArgs {
    /// Name of the account.
    #[arg(value_name = "ACCOUNT")]
    account: String,

    /// Keep its feeds and articles as your own, which are fetched from here on; only feeds that are your
    /// own already, or have no URL, are unsubscribed from. Without this and --drop-articles, you are
    /// asked.
    #[arg(long, conflicts_with = "drop_articles")]
    keep_articles: bool,

    /// Unsubscribe from its feeds, so that their articles are dropped after thirty days.
    #[arg(long)]
    drop_articles: bool,

    /// Fetch the kept feeds of other servers in the private network from here too. Feeds of the account's
    /// own server are, in any case.
    #[arg(long, conflicts_with = "drop_articles")]
    allow_private: bool,
}

/// Removes an account. Nothing changes on its server.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    remove: &AccountRemoveArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let account = find_account(&reader, &remove.account)?;
    let waiting = reader.count_unsent(account.id)?;
    if waiting > 0 {
        let marks = count_noun(waiting, "mark");
        output::write_stderr_line(&format!(
            "{} has not been told of {marks} yet, which only this computer keeps",
            account.name
        ));
    }
    let hosts = list_private_hosts(&reader, &account)?;
    let removal = choose_removal(remove, &hosts)?;
    let location = &library.location;
    let (feeds, forgotten) =
        delete_account(&mut library.writer, location, &account, removal, utc_now())?;
    forgotten?;
    let unsubscribed = match removal {
        AccountRemoval::KeepFeeds | AccountRemoval::KeepPrivateFeeds => feeds.unfetchable(),
        AccountRemoval::Unsubscribe => feeds.total(),
    };
    let undo = if unsubscribed > 0 { "; `newsreader undo` brings them back" } else { "" };
    let fate = describe_removal(removal, feeds);
    let done = format!("Removed {}{fate}{undo}", account.name);
    CommandOutcome::notice([done]).with_changed(1).print(args)?;
    Ok(ExitStatus::Success)
}

fn choose_removal(remove: &AccountRemoveArgs, hosts: &[String]) -> anyhow::Result<AccountRemoval> {
    if remove.keep_articles {
        return choose_kept(remove, hosts);
    }
    if remove.drop_articles {
        return Ok(AccountRemoval::Unsubscribe);
    }
    if !can_ask() {
        let sentence = "say what becomes of its feeds and articles: give --keep-articles or \
                        --drop-articles";
        return Err(UsageError(sentence.to_owned()).into());
    }
    let question = "Keep its feeds and articles as your own, or drop them (keep/drop)";
    match ask_line(question, "--keep-articles or --drop-articles")?.trim() {
        "keep" | "k" => choose_kept(remove, hosts),
        "drop" | "d" => Ok(AccountRemoval::Unsubscribe),
        _ => anyhow::bail!("the answer is neither “keep” nor “drop”; nothing is changed"),
    }
}

/// Asks whether feeds of other servers in the private network, `hosts`, are fetched from here.
fn choose_kept(remove: &AccountRemoveArgs, hosts: &[String]) -> anyhow::Result<AccountRemoval> {
    if remove.allow_private {
        return Ok(AccountRemoval::KeepPrivateFeeds);
    }
    if hosts.is_empty() {
        return Ok(AccountRemoval::KeepFeeds);
    }
    let named = sanitize::to_text_line(&hosts.join(", ")).into_owned();
    if !can_ask() {
        output::write_stderr_line(&format!(
            "Feeds in the private network ({named}) are refused until you edit their addresses; \
             --allow-private fetches them"
        ));
        return Ok(AccountRemoval::KeepFeeds);
    }
    let question = format!(
        "Some of its feeds are in the private network ({named}). Fetch them from here (yes/no)"
    );
    Ok(match ask_line(&question, "--allow-private")?.trim() {
        "yes" | "y" => AccountRemoval::KeepPrivateFeeds,
        _ => AccountRemoval::KeepFeeds,
    })
}
