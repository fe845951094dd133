//! `newsreader account remove`: removes an account from this computer.

use clap::Args as ClapArgs;

use super::find_account;
use crate::{
    cli::{
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        output,
        prompt::{ask_line, can_ask},
    },
    library::{clock::utc_now, delete_account, describe_removal},
    model::AccountRemoval,
    store::ReadConnection,
    text::count_noun,
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
    let removal = choose_removal(remove)?;
    let location = &library.location;
    let (feeds, forgotten) =
        delete_account(&mut library.writer, location, &account, removal, utc_now())?;
    forgotten?;
    let unsubscribed = match removal {
        AccountRemoval::KeepFeeds => feeds.unfetchable(),
        AccountRemoval::Unsubscribe => feeds.total(),
    };
    let undo = if unsubscribed > 0 { "; `newsreader undo` brings them back" } else { "" };
    let fate = describe_removal(removal, feeds);
    output::write_stderr_line(&format!("Removed {}{fate}{undo}", account.name));
    Ok(ExitStatus::Success)
}

fn choose_removal(remove: &AccountRemoveArgs) -> anyhow::Result<AccountRemoval> {
    if remove.keep_articles {
        return Ok(AccountRemoval::KeepFeeds);
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
        "keep" | "k" => Ok(AccountRemoval::KeepFeeds),
        "drop" | "d" => Ok(AccountRemoval::Unsubscribe),
        _ => anyhow::bail!("the answer is neither “keep” nor “drop”; nothing is changed"),
    }
}
