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
    library::{clock::utc_now, forget_password},
    model::{AccountRemoval, ReleasedFeeds, TRASH_DAYS},
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
    let waiting = reader.list_outbox(account.id)?.len();
    if waiting > 0 {
        let marks = count_noun(waiting, "mark");
        output::write_stderr_line(&format!(
            "{} has not been told of {marks} yet, which only this computer keeps",
            account.name
        ));
    }
    let removal = choose_removal(remove)?;
    let feeds = library.writer.remove_account(account.id, removal, utc_now())?;
    forget_password(&library.location, &account.name)?;
    let sentence = match removal {
        AccountRemoval::KeepFeeds => describe_kept_feeds(feeds),
        AccountRemoval::Unsubscribe => describe_unsubscribed(feeds.total()),
    };
    output::write_stderr_line(&format!("Removed {}{sentence}", account.name));
    Ok(ExitStatus::Success)
}

/// Describes what became of feeds that were to be kept.
fn describe_kept_feeds(feeds: ReleasedFeeds) -> String {
    let describe = |count: usize, one: &str, several: &str| {
        let ending = if count == 1 { one } else { several };
        (count > 0).then(|| format!("; {}{ending}", count_noun(count, "feed")))
    };
    let kept = describe(feeds.fetchable, " is fetched from here now", " are fetched from here now");
    let duplicates =
        describe(feeds.duplicates, " is one of your own already", " are among your own already");
    let without_url = describe(
        feeds.without_url,
        " has no URL from which it could be fetched",
        " have no URL from which they could be fetched",
    );
    let unsubscribed = describe_unsubscribed(feeds.unfetchable());
    [kept, duplicates, without_url, Some(unsubscribed)].into_iter().flatten().collect()
}

fn describe_unsubscribed(feeds: usize) -> String {
    if feeds == 0 {
        return String::new();
    }
    let feeds = count_noun(feeds, "feed");
    format!(
        "; unsubscribed from {feeds}, whose articles stay {TRASH_DAYS} days; `newsreader undo` brings \
         them back"
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentence_tells_what_became_of_the_feeds() {
        let sentence = |fetchable, duplicates, without_url| {
            describe_kept_feeds(ReleasedFeeds { fetchable, duplicates, without_url })
        };
        assert_eq!(sentence(0, 0, 0), "");
        assert_eq!(sentence(1, 0, 0), "; 1 feed is fetched from here now");
        assert_eq!(sentence(12, 0, 0), "; 12 feeds are fetched from here now");
        assert_eq!(
            sentence(2, 1, 2),
            "; 2 feeds are fetched from here now; 1 feed is one of your own already; 2 feeds have no URL \
             from which they could be fetched; unsubscribed from 3 feeds, whose articles stay 30 days; \
             `newsreader undo` brings them back"
        );
    }
}
