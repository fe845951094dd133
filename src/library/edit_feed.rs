//! Giving a feed another address.

use super::{
    password_source::make_source_absolute,
    subscribe::is_feed_document,
    user_address::{UserAddress, parse_user_address},
};
use crate::{
    model::{
        Change, Failure, FailureKind, FeedDefinition, FeedEdit, FeedNetwork, FetchOptions,
        Subscription, has_lost_address,
    },
    refresh::path_to_file_url,
    store::{StoreError, WriteConnection, split_credentials},
    text::{redact_user_info, url},
};

/// Returns the change that an edit means, or why the address cannot be that of the feed.
///
/// The first response decides anew whether the feed is in the private network, since the user
/// typed the address. The login and the headers were meant for the old server: another one gets
/// only those that the edit brings.
///
/// # Errors
///
/// Fails if the library cannot be read.
pub fn plan_feed_edit(
    store: &WriteConnection,
    edit: &FeedEdit,
) -> Result<Result<Change, Failure>, StoreError> {
    let before = &edit.before;
    let typed_url = match feed_url(&edit.address) {
        Ok(url) => url,
        Err(failure) => return Ok(Err(failure)),
    };
    let own = options_for_url(&absolute_options(edit), before, &typed_url);
    let (url, fetch) = split_credentials(&typed_url, &own);
    let mut subscription = Subscription { fetch, ..edit.subscription.clone() };
    // A repaired library pauses feeds whose address it has lost.
    subscription.paused &= !has_lost_address(&before.url) || url == before.url;
    if url == before.url {
        let change = Change::set_subscription(edit.feed, before.subscription.clone(), subscription);
        return Ok(Ok(change));
    }
    if let Some((name, is_subscribed)) = store.other_feed_at(&url, edit.feed)? {
        return Ok(Err(taken_failure(&url, &name, is_subscribed)));
    }
    let after = FeedDefinition { url, network: FeedNetwork::Unknown, subscription };
    let (before, after) = (Box::new(before.clone()), Box::new(after));
    Ok(Ok(Change::Address { feed: edit.feed, before, after }))
}

/// Returns the options of an edit, in which a new file of a password has an absolute path: it is read by
/// refreshes that run in other folders.
fn absolute_options(edit: &FeedEdit) -> FetchOptions {
    let mut options = edit.subscription.fetch.clone();
    let old = &edit.before.subscription.fetch.password_source;
    if options.password_source != *old {
        options.password_source = options.password_source.as_deref().map(make_source_absolute);
    }
    options
}

/// Returns the URL of a feed document at an address: on the web, or a file.
fn feed_url(address: &str) -> Result<String, Failure> {
    match parse_user_address(address)? {
        UserAddress::Url(url) => Ok(url),
        UserAddress::Path(path) if is_feed_document(&path) => Ok(path_to_file_url(&path)),
        UserAddress::Path(_) | UserAddress::Program(_) => {
            let sentence =
                format!("“{}” is not the address of a feed", redact_user_info(address.trim()));
            Err(Failure::new(FailureKind::Feed, sentence))
        }
    }
}

fn taken_failure(url: &str, name: &str, is_subscribed: bool) -> Failure {
    let sentence = if is_subscribed {
        format!("{name} has the address {url} already")
    } else {
        format!("{name}, from which you unsubscribed, has the address {url}; subscribe to it again")
    };
    Failure::new(FailureKind::Feed, sentence)
}

/// Returns the options of the requests to `url`: of another origin than before, without the login
/// and the headers that were there before.
fn options_for_url(options: &FetchOptions, before: &FeedDefinition, url: &str) -> FetchOptions {
    let old = &before.subscription.fetch;
    let mut options = options.clone();
    if url == before.url || url::same_origin(url, &before.url) {
        return options;
    }
    options.headers.retain(|header| !old.headers.contains(header));
    let is_old_login = options.user == old.user
        && options.password_source == old.password_source
        && options.stored_password == old.stored_password;
    if is_old_login {
        (options.user, options.password_source, options.stored_password) = (None, None, None);
    }
    // A new user name does not make the old password one for the new server.
    options.password_source.take_if(|source| old.password_source.as_ref() == Some(source));
    options.stored_password.take_if(|password| old.stored_password.as_ref() == Some(password));
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{FeedId, FeedKind},
        store::LibraryLocation,
    };

    fn edit(address: &str) -> FeedEdit {
        let mut subscription = Subscription::default();
        subscription.fetch.user = Some("ann".to_owned());
        subscription.fetch.password_source = Some("env:PW".to_owned());
        subscription.fetch.headers = vec!["X-Key: 7".to_owned()];
        let before = FeedDefinition {
            url: "https://old.example/feed".to_owned(),
            network: FeedNetwork::Public,
            subscription: subscription.clone(),
        };
        FeedEdit { feed: FeedId(1), before, address: address.to_owned(), subscription }
    }

    fn plan(edit: &FeedEdit) -> Result<Change, Failure> {
        let location = LibraryLocation::Memory(format!("edit {}", edit.address));
        let mut store = WriteConnection::open(&location).unwrap();
        for url in ["https://old.example/feed", "https://taken.example/feed"] {
            store.add_feed(FeedKind::Web, url, "Post").unwrap();
        }
        plan_feed_edit(&store, edit).unwrap()
    }

    fn after(edit: &FeedEdit) -> FeedDefinition {
        match plan(edit) {
            Ok(Change::Address { after, .. }) => *after,
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn address_of_another_server_gets_no_old_credentials() {
        let moved = after(&edit("new.example/feed"));
        assert_eq!(moved.url, "https://new.example/feed");
        assert_eq!(moved.network, FeedNetwork::Unknown, "the first response decides");
        assert!(!moved.subscription.fetch.has_credentials(), "{moved:?}");
        let mut renamed = edit("new.example/a");
        renamed.subscription.fetch.user = Some("bo".to_owned());
        assert_eq!(after(&renamed).subscription.fetch.password_source, None);
        let same_server = after(&edit("https://old.example/other"));
        assert_eq!(same_server.subscription.fetch.user.as_deref(), Some("ann"));
        assert_eq!(same_server.subscription.fetch.headers, ["X-Key: 7"]);
    }

    #[test]
    fn credentials_of_the_edit_go_to_the_new_server() {
        let mut typed = edit("new.example/feed");
        typed.subscription.fetch.password_source = Some("env:NEW".to_owned());
        typed.subscription.fetch.headers.push("X-New: 8".to_owned());
        let fetch = after(&typed).subscription.fetch;
        assert_eq!(
            (fetch.user.as_deref(), fetch.headers),
            (Some("ann"), vec!["X-New: 8".to_owned()])
        );
        assert_eq!(fetch.password_source.as_deref(), Some("env:NEW"));
        let moved = after(&edit("https://bo:pw@new.example/feed"));
        assert_eq!(moved.url, "https://new.example/feed");
        assert_eq!(moved.subscription.fetch.user.as_deref(), Some("bo"));
    }

    #[test]
    fn new_password_file_gets_an_absolute_path_and_an_old_one_stays() {
        let source_of = |edit: &FeedEdit| match plan(edit) {
            Ok(Change::Subscription { after, .. }) => after.fetch.password_source,
            other => unreachable!("{other:?}"),
        };
        let mut typed = edit("https://old.example/feed");
        typed.subscription.fetch.password_source = Some("file:pw".to_owned());
        let path = std::env::current_dir().unwrap().join("pw");
        assert_eq!(source_of(&typed), Some(format!("file:{}", path.display())));
        typed.before.subscription = typed.subscription.clone();
        assert_eq!(source_of(&typed).as_deref(), Some("file:pw"), "another folder was meant");
    }

    #[test]
    fn address_that_is_taken_or_none_is_rejected() {
        for (address, sentence) in [
            (
                "https://taken.example/feed",
                "Post has the address https://taken.example/feed already",
            ),
            ("exec:news", "“exec:news” is not the address of a feed"),
            ("ftp://a.example", "“ftp://a.example” begins with ftp:, not with https:// or http://"),
        ] {
            assert_eq!(plan(&edit(address)).unwrap_err().summary, sentence);
        }
    }
}
