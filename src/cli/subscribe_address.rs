//! Subscribes to addresses, for `newsreader add` and `newsreader feed add`.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::{
    config, environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs, network,
    open_library::OpenLibrary, output, progress_bar::with_progress_bar, refresh, rule_file,
};
use crate::{
    library::{
        FeedSources, SubscribeOutcome, UserAddress, clock::utc_now, discover_feeds,
        is_feed_document, parse_user_address, store_subscriptions, subscribe_feed, subscribe_path,
        subscribe_program,
    },
    model::{
        Actor, DiscoveredSite, Failure, FailureKind, FeedCandidate, NewFeed, RefreshScope,
        RefreshSummary, Subscription,
    },
    store::{ReadConnection, StoreError, WriteConnection},
    text::count_noun,
};

/// The feeds of a site to subscribe to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedSelection {
    /// The first feed.
    First,
    /// All feeds.
    All,
}

/// Subscribes to the feeds at `addresses`: paths, URLs or `exec:NAME`; then refreshes the feeds
/// that are due. An address that fails does not stop the others.
pub fn subscribe_addresses(
    args: &GlobalArgs,
    environment: &Environment,
    addresses: &[PathBuf],
    selection: FeedSelection,
    subscription: &Subscription,
) -> anyhow::Result<ExitStatus> {
    let (settings, _) = config::load_settings(args, environment);
    let mut subscriber = Subscriber {
        library: OpenLibrary::open_writable(args, environment)?,
        sources: FeedSources {
            rules: rule_file::rule_loader(args, environment),
            ..network::build_sources(environment, &settings)?
        },
        selection,
        subscription,
    };
    let mut failed = Vec::new();
    for address in addresses {
        if let Err(error) = subscriber.subscribe_address(address) {
            output::write_stderr_line(&format!("newsreader: {error:#}"));
            failed.push(Failure::new(FailureKind::Feed, format!("{error:#}")));
        }
    }
    if failed.len() < addresses.len() {
        let summary = subscriber.refresh_due(args)?;
        return refresh::print_in_form(args, &summary, &failed);
    }
    // Nothing was added, so that there are no counts of a refresh to print.
    if args.json {
        return refresh::print_in_form(args, &RefreshSummary::default(), &failed);
    }
    Ok(ExitStatus::Failed)
}

/// An open library, and the subscriptions to add to it.
struct Subscriber<'a> {
    library: OpenLibrary,
    sources: FeedSources,
    selection: FeedSelection,
    subscription: &'a Subscription,
}

impl Subscriber<'_> {
    /// Subscribes to the feeds at `address` and prints the outcome.
    fn subscribe_address(&mut self, address: &Path) -> anyhow::Result<()> {
        let parsed = match address.to_str() {
            Some(text) => parse_user_address(text).map_err(output::to_error)?,
            // A path that is not UTF-8 can only be a path.
            None => UserAddress::Path(address.canonicalize()?),
        };
        match parsed {
            UserAddress::Program(url) => self.subscribe_program(&url),
            UserAddress::Path(path) if !is_feed_document(&path) => self.subscribe_path(&path),
            UserAddress::Path(path) if is_subscription_list(&path) => {
                let path = path.display();
                bail!("{path} is a subscription list; `newsreader feed import` reads it")
            }
            UserAddress::Path(_) | UserAddress::Url(_) => {
                self.subscribe_site(&address.to_string_lossy())
            }
        }
    }

    fn subscribe_program(&mut self, url: &str) -> anyhow::Result<()> {
        let name = url.strip_prefix("exec:").unwrap_or(url);
        if !self.sources.programs.contains_key(name) {
            bail!("there is no program “{name}” in the settings under [programs]");
        }
        let subscription = self.subscription;
        self.store(|writer| subscribe_program(writer, url, subscription))
    }

    fn subscribe_path(&mut self, path: &Path) -> anyhow::Result<()> {
        let subscription = self.subscription;
        self.store(|writer| subscribe_path(writer, path, subscription))
    }

    /// Stores a subscription by calling `subscribe`, and prints the outcome.
    fn store(
        &mut self,
        subscribe: impl FnOnce(&mut WriteConnection) -> Result<SubscribeOutcome, StoreError>,
    ) -> anyhow::Result<()> {
        let by_user = (&Actor::User, utc_now());
        let (_, outcome) = store_subscriptions(&mut self.library.writer, by_user, |writer| {
            let outcome = subscribe(writer)?;
            Ok((outcome.is_new.then_some(outcome.feed).into_iter().collect(), outcome))
        })?;
        print_outcome(&outcome.title, outcome.is_new);
        Ok(())
    }

    /// Finds the feeds at `address`, subscribes to those that the selection names, and prints the
    /// outcome.
    fn subscribe_site(&mut self, address: &str) -> anyhow::Result<()> {
        let subscribed = ReadConnection::open(&self.library.location)?.list_feeds()?;
        let options = &self.subscription.fetch;
        let mut site = discover_feeds(&self.sources, &subscribed, address, options)
            .map_err(output::to_error)?;
        let other_feeds = site.feeds.len().saturating_sub(1);
        if self.selection == FeedSelection::First {
            site.feeds.truncate(1);
        }
        site.notes.iter().for_each(|note| output::write_stderr_line(note));
        if other_feeds > 0 && self.selection == FeedSelection::First {
            let count = count_noun(other_feeds, "more feed");
            output::write_stderr_line(&format!(
                "{address} has {count}; `newsreader feed discover {address}` lists them all"
            ));
        }
        self.subscribe_feeds(site)
    }

    fn subscribe_feeds(&mut self, site: DiscoveredSite) -> anyhow::Result<()> {
        for FeedCandidate { url, title, is_subscribed, fetch, network, .. } in site.feeds {
            let is_trusted_again = network.private_origin().is_some();
            if is_subscribed && !is_trusted_again {
                print_outcome(&title, false);
                continue;
            }
            let subscription = Subscription { fetch, ..self.subscription.clone() };
            let feed = NewFeed { url, title, subscription, network, account: None };
            self.store(|writer| subscribe_feed(writer, &feed))?;
        }
        Ok(())
    }

    fn refresh_due(&mut self, args: &GlobalArgs) -> anyhow::Result<RefreshSummary> {
        let is_terminal = !args.json && std::io::IsTerminal::is_terminal(&std::io::stderr());
        with_progress_bar(is_terminal, |report| {
            self.library.refresh(&self.sources, RefreshScope::Due, report)
        })
    }
}

fn is_subscription_list(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("opml"))
}

/// Prints on standard error that the subscription is new, or existed before.
fn print_outcome(title: &str, is_new: bool) {
    let outcome = if is_new { "Subscribed to" } else { "Already subscribed to" };
    output::write_stderr_line(&format!("{outcome} {title}"));
}
