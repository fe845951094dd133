//! The writes that subscribe: to folders, files and feeds.

use super::writer::WriterThread;
use crate::{
    app::{ChangeAction, Message},
    library::{
        clock::utc_now, resolve_user_path, store_subscriptions, subscribe_all, subscribe_path,
    },
    model::{Actor, FeedId, NewFeed, RefreshScope, Subscription},
    store::{StoreError, WriteConnection},
    text::count_noun,
};

impl WriterThread {
    /// Subscribes to the folder or file at `path`, and reads it.
    pub(super) fn subscribe_folder(&mut self, path: &str) -> Result<(), StoreError> {
        let path = match resolve_user_path(path) {
            Ok(path) => path,
            Err(failure) => {
                self.send_message(Message::OperationFailed(failure));
                return Ok(());
            }
        };
        let outcome = self.store_subscriptions(&Actor::User, |store| {
            let outcome = subscribe_path(store, &path, &Subscription::default())?;
            Ok((outcome.is_new.then_some(outcome.feed).into_iter().collect(), outcome))
        })?;
        self.ports.refresh.request(RefreshScope::One(outcome.feed));
        Ok(())
    }

    /// Subscribes to feeds, and refreshes them; says so if there is none among them that is new.
    pub(super) fn subscribe_feeds(
        &mut self,
        feeds: &[NewFeed],
        actor: &Actor,
    ) -> Result<(), StoreError> {
        let has_new = self.store_subscriptions(actor, |store| {
            let new = subscribe_all(store, feeds)?;
            let has_new = !new.is_empty();
            Ok((new, has_new))
        })?;
        if !has_new {
            let sentence = match feeds {
                [feed] => format!("Already subscribed to {}", feed.title),
                feeds => format!("Already subscribed to all {}", count_noun(feeds.len(), "feed")),
            };
            self.send_message(Message::Notified(sentence));
        }
        // Feeds of an account begin with a sync of it.
        let account = feeds.iter().find_map(|feed| feed.account);
        let scope = account.map_or(RefreshScope::Due, |id| RefreshScope::Accounts(Some(id)));
        self.ports.refresh.request(scope);
        Ok(())
    }

    /// Stores subscriptions by calling `subscribe`, which returns the new feeds, and tells of the
    /// changes.
    fn store_subscriptions<T>(
        &mut self,
        actor: &Actor,
        subscribe: impl FnOnce(&mut WriteConnection) -> Result<(Vec<FeedId>, T), StoreError>,
    ) -> Result<T, StoreError> {
        let by_actor = (actor, utc_now());
        let (changes, outcome) = store_subscriptions(&mut self.ports.store, by_actor, subscribe)?;
        for change in changes {
            self.publish_change(ChangeAction::Applied, Some(change));
        }
        Ok(outcome)
    }
}
