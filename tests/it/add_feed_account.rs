//! Adding a feed to an account in the reader.

use newsreader::{
    app::{Effect, Message, Overlay, SidebarData, StoreWrite},
    model::{
        Account, AccountId, AccountLogin, AccountSyncState, DiscoveredSite, FeedAccount,
        FeedListing, FetchOptions, ListedAccount, NewFeed, PasswordSource, ServerKind,
    },
};

use crate::{
    feed_management::{candidate, feed, sidebar_data},
    support::{Stage, failure, stage},
};

fn account(id: i64, name: &str) -> ListedAccount {
    let login = AccountLogin {
        kind: ServerKind::GoogleReader,
        url: format!("https://{id}.example"),
        user: "ann".to_owned(),
        password: PasswordSource::Kept,
        certificate: None,
    };
    let sync_state = AccountSyncState::default();
    let account = Account { id: AccountId(id), name: name.to_owned(), login, sync_state };
    ListedAccount { account, waiting: 0 }
}

/// The dialog, with an address in it, beside feeds of the user's own and two accounts.
fn dialog() -> Stage {
    let accounts = vec![account(1, "FreshRSS"), account(2, "Miniflux")];
    let data = SidebarData { accounts, ..sidebar_data() };
    stage(&["a"]).send(Message::SidebarLoaded(Ok(data))).keys("ctrl-x a").text("post.example")
}

fn discovered(stage: Stage) -> Stage {
    let site = DiscoveredSite { feeds: vec![candidate("post")], ..DiscoveredSite::default() };
    stage.send(Message::FeedsDiscovered("post.example".to_owned(), Ok(site)))
}

fn added_feed(stage: &Stage) -> NewFeed {
    let [StoreWrite::Subscribe(feeds)] = stage.writes()[..] else { panic!("{:?}", stage.writes()) };
    feeds[0].clone()
}

#[test]
fn the_account_of_a_new_feed_is_chosen_with_the_arrows_or_typed() {
    let chosen = dialog().keys("tab down down").size(80, 24);
    insta::assert_snapshot!("add_feed_account_80x24", chosen.screen());
    insta::assert_snapshot!(
        "add_feed_account_40x15",
        dialog().keys("tab down").size(40, 15).screen()
    );
    let found = discovered(chosen.keys("enter"));
    assert!(found.screen().contains("1 feed found for Miniflux:"), "{}", found.screen());
    assert_eq!(added_feed(&found.keys("enter")).account, Some(AccountId(2)));
    let typed = discovered(dialog().keys("tab").text("fre").keys("enter")).keys("enter");
    assert_eq!(added_feed(&typed).account, Some(AccountId(1)));
    let none = discovered(dialog().keys("tab down down down enter")).keys("enter");
    assert_eq!(added_feed(&none).account, None);
    let unknown = dialog().keys("tab").text("x").keys("enter");
    assert!(unknown.screen().contains("No account is called “x”: FreshRSS, Miniflux"));
}

#[test]
fn the_server_looks_for_what_cannot_be_found_from_here() {
    let offline = |stage: Stage| {
        let failed = Err(failure("there is no network"));
        stage.keys("enter").send(Message::FeedsDiscovered("post.example".to_owned(), failed))
    };
    let failed = offline(dialog().keys("tab down"));
    assert!(failed.screen().contains("Enter let the server look"), "{}", failed.screen());
    let added = failed.keys("enter");
    let feed = added_feed(&added);
    assert_eq!((feed.url.as_str(), feed.account), ("https://post.example/", Some(AccountId(1))));
    assert!(added.app.overlay.is_none());
    // A feed of the user's own is looked up again.
    let again = offline(dialog()).keys("enter");
    let look_up = Effect::DiscoverFeeds("post.example".to_owned(), FetchOptions::default());
    assert_eq!(again.effects, [look_up]);
}

#[test]
fn an_account_with_all_feeds_gets_a_new_one_unless_the_user_takes_it_out() {
    let feeds = [1, 2].map(|id| newsreader::model::Feed {
        account: Some(FeedAccount {
            id: AccountId(1),
            name: "FreshRSS".to_owned(),
            listing: FeedListing::Listed,
        }),
        ..feed(id, "Post")
    });
    let accounts = vec![account(1, "FreshRSS")];
    let data = SidebarData { feeds: feeds.into(), accounts, ..SidebarData::default() };
    let open = || stage(&["a"]).send(Message::SidebarLoaded(Ok(data.clone()))).keys("ctrl-x a");
    let added = discovered(open().text("post.example").keys("enter")).keys("enter");
    assert_eq!(added_feed(&added).account, Some(AccountId(1)));
    assert!(
        matches!(&open().app.overlay, Some(Overlay::AddFeed(dialog)) if dialog.account() == Ok(Some((AccountId(1), "FreshRSS"))))
    );
}

#[test]
fn without_accounts_the_dialog_has_no_line_for_one() {
    let stage = stage(&["a"]).keys("ctrl-x a");
    assert!(!stage.screen().contains("Account"), "{}", stage.screen());
}
