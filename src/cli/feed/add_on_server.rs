//! `newsreader feed add --account`: subscribes to feeds on the server of an account.

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use crate::{
    cli::{
        account::find_account,
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        output, sync,
    },
    library::{
        SubscribeOutcome, UserAddress, clock::utc_now, parse_user_address, store_subscriptions,
        subscribe_feed,
    },
    model::{
        Account, Actor, FeedId, FeedListing, FeedNetwork, FetchOptions, NewFeed, RefreshScope,
        Subscription,
    },
    store::ReadConnection,
    text::{sanitize, url},
};

/// Subscribes to the feeds at the addresses on the server of an account, and syncs it. A feed of which
/// the server cannot be told now waits for it.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    addresses: &[PathBuf],
    (account, subscription): (&str, &Subscription),
) -> anyhow::Result<ExitStatus> {
    check_options(subscription)?;
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let account = find_account(&ReadConnection::open(&library.location)?, account)?;
    if !account.login.kind.edits_subscriptions() {
        bail!(
            "the server of {} takes no subscriptions by the {}; subscribe there",
            account.name,
            account.login.kind.title()
        );
    }
    let mut feeds = Vec::with_capacity(addresses.len());
    for address in addresses {
        let address = address.to_str().context("the address is not UTF-8")?;
        feeds.push(new_feed(address, &account, subscription)?);
    }
    let mut added = Vec::with_capacity(feeds.len());
    for feed in &feeds {
        let outcome = store(&mut library, feed)?;
        if outcome.is_new {
            added.push(outcome.feed);
        } else {
            let title = sanitize::to_text_line(&outcome.title);
            output::write_stderr_line(&format!("Already subscribed to {title}"));
        }
    }
    let sources = sync::load_sources(args, environment)?;
    let scope = RefreshScope::Accounts(Some(account.id));
    let synced = sync::sync_and_print(&mut library, &sources, scope, args.json)?;
    let reader = ReadConnection::open(&library.location)?;
    report(&reader, &account, &added, synced)
}

/// Refuses options that say how a feed is fetched from here.
fn check_options(subscription: &Subscription) -> anyhow::Result<()> {
    let is_fetched_here = subscription.fetch != FetchOptions::default()
        || subscription.refresh_minutes.is_some()
        || subscription.paused;
    if is_fetched_here {
        let hint = "the server of an account fetches its feeds: with --account, only --name, \
                    --folder, --tags and --muted have an effect";
        bail!(UsageError(hint.to_owned()));
    }
    Ok(())
}

fn new_feed(
    address: &str,
    account: &Account,
    subscription: &Subscription,
) -> anyhow::Result<NewFeed> {
    let UserAddress::Url(url) = parse_user_address(address).map_err(output::to_error)? else {
        bail!("{address} is not on the web, so the server of {} cannot fetch it", account.name)
    };
    if url::parse_web_url(&url).as_ref().and_then(url::user_info).is_some() {
        let shown = url::without_user_info(&url);
        bail!("the address {shown} holds a login; subscribe to the feed on the server");
    }
    Ok(NewFeed {
        title: url.clone(),
        url,
        subscription: subscription.clone(),
        network: FeedNetwork::Public,
        account: Some(account.id),
    })
}

fn store(library: &mut OpenLibrary, feed: &NewFeed) -> anyhow::Result<SubscribeOutcome> {
    let by_user = (&Actor::User, utc_now());
    let (_, outcome) = store_subscriptions(&mut library.writer, by_user, |writer| {
        let outcome = subscribe_feed(writer, feed)?;
        Ok((outcome.is_new.then_some(outcome.feed).into_iter().collect(), outcome))
    })?;
    Ok(outcome)
}

/// Prints what has become of the feeds. The exit status is a failure if the server refused one, and not
/// if one waits for it.
fn report(
    reader: &ReadConnection,
    account: &Account,
    added: &[FeedId],
    synced: ExitStatus,
) -> anyhow::Result<ExitStatus> {
    let feeds = reader.list_feeds()?;
    let mut exit = ExitStatus::Success;
    for id in added {
        // One that the server refuses is no longer subscribed, nor one that it has under another name.
        let Some(feed) = feeds.iter().find(|feed| feed.id == *id) else {
            exit = synced;
            continue;
        };
        let name = sanitize::to_text_line(feed.display_name());
        let of_account = feed.account.as_ref();
        output::write_stderr_line(&match of_account.map(|account| account.listing) {
            Some(FeedListing::Listed) => format!("Subscribed to {name} on {}", account.name),
            _ => format!("{name} waits for {}", account.name),
        });
    }
    Ok(exit)
}
