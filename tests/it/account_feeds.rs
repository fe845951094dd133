//! The feeds of accounts: their lists, and what becomes of them when the account is removed.

use chrono::Utc;
use newsreader::{
    library::{delete_account, list_private_hosts, search_once},
    model::{
        AccountRemoval, Change, FeedKind, FeedNetwork, KeptEntries, ListDefinition, ReleasedFeeds,
        SearchRequest, ViewScope,
    },
};

use crate::{
    support::fake_greader::FakeGreader,
    sync::{ALL_ACCOUNTS, SyncLibrary, server_with},
};

#[test]
fn feeds_of_a_removed_account_stay_or_go() {
    for (name, removal) in
        [("keep", AccountRemoval::KeepFeeds), ("drop", AccountRemoval::Unsubscribe)]
    {
        let server = server_with(2);
        let mut library = SyncLibrary::new(name, &server);
        library.sync();
        library.apply(&Change::set_read(&[library.entry(1)], true));
        let store = &mut library.library.store;
        let removed = store.remove_account(library.account, removal, Utc::now()).unwrap();
        assert_eq!(removed, ReleasedFeeds { fetchable: 2, ..ReleasedFeeds::default() });
        assert_eq!(library.library.reader.list_accounts().unwrap(), []);
        if removal == AccountRemoval::Unsubscribe {
            assert_eq!(library.feeds(), []);
            library.library.store.undo().unwrap().unwrap();
        }
        assert_eq!(library.outbox_len(), 0);
        let feed = library.feed("Evening Post");
        assert_eq!(
            (feed.kind, feed.url.as_str()),
            (FeedKind::Web, "https://post.example/feed/1.xml")
        );
        assert_eq!(library.marks(1), (true, false));
        assert_eq!(library.library.refresh(ALL_ACCOUNTS).syncs, []);
    }
}

/// A library with an account that has subscriptions with these URLs, called "Feed 0", "Feed 1" …
fn library_with_feeds(name: &str, urls: &[Option<&str>]) -> SyncLibrary {
    let mut library = SyncLibrary::new(name, &FakeGreader::start());
    library.store_feeds(urls, 0);
    library
}

#[test]
fn feeds_of_a_removed_account_that_are_the_users_own_are_unsubscribed_from() {
    let server = server_with(1);
    let mut library = SyncLibrary::new("own", &server);
    library.sync();
    let own = library.subscribe("https://post.example/feed/1.xml");
    let article = library.entry(1);
    library.apply(&Change::set_starred(&[article], true));
    let removed = library.remove(AccountRemoval::KeepFeeds);
    assert_eq!(removed, ReleasedFeeds { fetchable: 1, duplicates: 1, without_url: 0 });
    let titles = |library: &SyncLibrary| -> Vec<String> {
        library.feeds().into_iter().map(|feed| feed.title).collect()
    };
    assert_eq!(titles(&library), ["Tech Weekly", "Mine"]);
    assert_eq!(library.feed("Mine").id, own);
    assert!(library.state(article).starred);
    library.library.store.undo().unwrap().unwrap();
    assert_eq!(titles(&library), ["Tech Weekly", "Evening Post", "Mine"]);
}

#[test]
fn feeds_of_a_removed_account_that_cannot_be_fetched_are_unsubscribed_from() {
    let url = "https://post.example/feed";
    let mut library = library_with_feeds("unfetchable", &[Some(url), Some(url), None]);
    let removed = library.remove(AccountRemoval::KeepFeeds);
    assert_eq!(removed, ReleasedFeeds { fetchable: 1, duplicates: 1, without_url: 1 });
    let feeds = library.feeds();
    assert_eq!((feeds.len(), feeds[0].title.as_str(), feeds[0].kind), (1, "Feed 0", FeedKind::Web));
}

#[test]
fn of_several_feeds_with_one_url_the_subscribed_one_is_fetched() {
    let url = "https://post.example/feed";
    // The first one is no longer listed by the server, and a feed of the user's own is unsubscribed.
    let mut library = library_with_feeds("several", &[Some(url), Some(url)]);
    library.store_feeds(&[None, Some(url)], 1);
    let own = library.subscribe(url);
    library.apply(&Change::set_unsubscribed(own, true));
    let removed = library.remove(AccountRemoval::KeepFeeds);
    assert_eq!(removed, ReleasedFeeds { fetchable: 1, ..ReleasedFeeds::default() });
    let feed = library.feed("Feed 1");
    assert_eq!((feed.kind, feed.url.as_str()), (FeedKind::Web, url));
    assert_eq!(library.feeds().len(), 1);
    assert_eq!(library.subscribe(url), feed.id, "the URL is that of the feed that stays");
}

#[test]
fn the_list_of_an_account_has_its_folders_and_no_other() {
    let server = server_with(3);
    let mut library = SyncLibrary::new("scope", &server);
    server.state().items.get_mut(&3).unwrap().feed = "feed/2".to_owned();
    library.sync();
    assert_eq!(library.feed("Evening Post").folder(), Some("News / World"));
    assert_eq!(library.feed("Tech Weekly").folder(), Some("News"));
    library.subscribe("https://mine.example/feed");
    for (name, count) in [("News", 3), ("New", 0), ("World", 0)] {
        let scope = ViewScope::Account(name.to_owned());
        let list = ListDefinition { scope, ..ListDefinition::default() };
        let reader = &library.library.reader;
        let ids = reader.list_entry_ids(&list, 0, &KeptEntries::default(), 100).unwrap();
        assert_eq!(ids.len(), count, "{name}");
        let list = ListDefinition { filter: "article".to_owned(), ..list };
        let request = SearchRequest { list, row_count: 5, ..SearchRequest::default() };
        let found = search_once(reader, &request).unwrap();
        assert_eq!(found.ids.len(), count, "{name}");
    }
}

#[test]
fn kept_feeds_lead_into_the_private_network_where_the_user_has_said_so() {
    let fetched = |name: &str, removal: AccountRemoval| {
        let (server, other) = (FakeGreader::start(), FakeGreader::start());
        let mut library = SyncLibrary::new(name, &server);
        let urls =
            [server.url() + "/feed", other.url() + "/feed", "https://a.example/f".to_owned()];
        library.store_feeds(&urls.each_ref().map(|url| Some(url.as_str())), 0);
        let (account, folder) = (library.account(), &library.library.location);
        assert_eq!(
            list_private_hosts(&library.library.reader, &account).unwrap(),
            ["127.0.0.1"],
            "that of the account is trusted already"
        );
        delete_account(&mut library.library.store, folder, &account, removal, Utc::now())
            .unwrap()
            .1
            .unwrap();
        ["Feed 0", "Feed 1", "Feed 2"].map(|title| library.feed(title).network)
    };
    let (asked, public) = (FeedNetwork::Unknown, FeedNetwork::Public);
    assert_eq!(
        fetched("trust-server", AccountRemoval::KeepFeeds),
        [asked.clone(), public.clone(), public.clone()]
    );
    assert_eq!(
        fetched("trust-others", AccountRemoval::KeepPrivateFeeds),
        [asked.clone(), asked, public]
    );
}
