//! Feeds that move: permanent redirects, moves that the document announces, and two subscriptions that
//! end at one URL.

use chrono::Utc;
use newsreader::model::{
    Change, FeedKind, KeptEntries, ListDefinition, RefreshScope, Subscription, TagMark, TagName,
    ViewScope,
};

use crate::{
    refresh::{FeedLibrary, rss_document},
    support::server::{Server, TestResponse},
};

#[test]
fn permanent_redirect_changes_url_at_third_refresh() {
    let server = Server::start(|request| match request.path.as_str() {
        "/old" => TestResponse::status(301).with("Location", "/new"),
        "/today" => TestResponse::status(302).with("Location", "/new"),
        _ => TestResponse::ok(rss_document([1])),
    });
    let mut library = FeedLibrary::new("moved");
    let (old, today) =
        (library.subscribe(&server.url("/old")), library.subscribe(&server.url("/today")));
    for expected in ["/old", "/old", "/new"] {
        library.refresh(RefreshScope::All);
        assert_eq!(library.feed(old).url, server.url(expected));
    }
    assert_eq!(library.feed(today).url, server.url("/today"));
}

#[test]
fn feed_that_moves_to_another_subscription_becomes_one_with_it() {
    let server = Server::start(|request| match request.path.as_str() {
        "/old" => TestResponse::status(301).with("Location", "/new"),
        // Without links, the articles are no copies, which share their marks anyway.
        _ => TestResponse::ok(rss_document([1, 2]).replace("link>", "x>")),
    });
    let mut library = FeedLibrary::new("merged");
    let (old, new) =
        (library.subscribe(&server.url("/old")), library.subscribe(&server.url("/new")));
    library.refresh(RefreshScope::All);
    let old_list = ListDefinition { scope: ViewScope::Feed(old), ..ListDefinition::default() };
    let ids = library.reader.list_entry_ids(&old_list, 0, &KeptEntries::default(), 10).unwrap();
    let mark = |change: Change, library: &mut FeedLibrary| {
        library.store.apply_change(&change, Utc::now()).unwrap();
    };
    mark(Change::Read { ids: ids.clone(), read: true }, &mut library);
    mark(Change::Starred { ids: ids[..1].to_vec(), starred: true }, &mut library);
    let tag = |name: &str| TagName::parse(name).unwrap();
    mark(Change::set_tag(&ids, tag("harbour"), TagMark::On), &mut library);
    mark(Change::set_tag(&ids[1..], tag("later"), TagMark::Until(i64::MAX)), &mut library);
    library.refresh(RefreshScope::All);
    assert_eq!(library.reader.list_feeds().unwrap().len(), 2, "two redirects may be a mistake");
    library.refresh(RefreshScope::All);
    let feeds = library.reader.list_feeds().unwrap();
    assert_eq!((feeds.len(), feeds[0].id, feeds[0].unread_count), (1, new, 0));
    assert_eq!(library.reader.count_starred().unwrap(), 1);
    let tags_of_new = |library: &FeedLibrary| {
        let list = ListDefinition { scope: ViewScope::Feed(new), ..ListDefinition::default() };
        let ids = library.reader.list_entry_ids(&list, 0, &KeptEntries::default(), 10).unwrap();
        let rows = library.reader.load_entries(&ids).unwrap();
        rows.iter().map(|row| row.tags.len()).collect::<Vec<_>>()
    };
    assert_eq!(tags_of_new(&library), [1, 2]);
    library.store.undo().unwrap();
    assert_eq!(tags_of_new(&library), [0, 0]);
    let feeds = library.reader.list_feeds().unwrap();
    assert_eq!(feeds.len(), 2);
    assert_eq!(library.feed(new).unread_count, 2);
}

#[test]
fn feed_with_a_star_of_its_own_is_not_merged() {
    let server = Server::start(|request| match request.path.as_str() {
        "/new" => TestResponse::ok(rss_document([1])),
        _ => TestResponse::ok(rss_document([1, 2])),
    });
    let mut library = FeedLibrary::new("unmerged");
    let old = library.subscribe(&server.url("/old"));
    library.refresh(RefreshScope::All);
    let list = ListDefinition { scope: ViewScope::Feed(old), ..ListDefinition::default() };
    let ids = library.reader.list_entry_ids(&list, 0, &KeptEntries::default(), 10).unwrap();
    let starred = Change::Starred { ids: ids.clone(), starred: true };
    library.store.apply_change(&starred, Utc::now()).unwrap();
    library.subscribe(&server.url("/new"));
    let can_merge = |library: &FeedLibrary, path: &str| {
        library.store.plan_feed_merge(old, &server.url(path)).unwrap().is_some()
    };
    assert!(!can_merge(&library, "/new"), "the other feed has no articles yet");
    library.refresh(RefreshScope::All);
    assert!(!can_merge(&library, "/new"), "the other feed lacks a starred article");
    library.store.undo().unwrap();
    let tagged = Change::set_tag(&ids, TagName::later(), TagMark::On);
    library.store.apply_change(&tagged, Utc::now()).unwrap();
    assert!(!can_merge(&library, "/new"), "the other feed lacks a tagged article");
    library.store.undo().unwrap();
    assert!(can_merge(&library, "/new"));
    assert!(!can_merge(&library, "/old") && !can_merge(&library, "/none"));
}

#[test]
fn announced_url_is_taken_at_third_refresh_and_undo_lasts() {
    let announce = |to: &str| {
        rss_document([1]).replace("<item>", &format!(
            "<n:new-feed-url xmlns:n='http://www.itunes.com/dtds/podcast-1.0.dtd'>{to}</n:new-feed-url><item>"
        ))
    };
    let server = Server::start(move |request| {
        let host = &request.headers["host"];
        match request.path.as_str() {
            "/old" | "/secret" => {
                let conditional = request.headers.contains_key("if-none-match");
                let document = announce(&format!("http://{host}/new"));
                if conditional {
                    TestResponse::status(304)
                } else {
                    TestResponse::ok(document).with("ETag", "\"1\"")
                }
            }
            "/wrong" => TestResponse::ok(announce(&format!("http://{host}/page"))),
            "/page" => TestResponse::ok("<html><body>Welcome</body></html>"),
            _ => TestResponse::ok(rss_document([1])),
        }
    });
    let mut library = FeedLibrary::new("announced");
    let [old, wrong] = ["/old", "/wrong"].map(|path| library.subscribe(&server.url(path)));
    let mut with_header = Subscription::default();
    with_header.fetch.headers = vec!["X-Key: 1".to_owned()];
    let url = server.url("/secret");
    let secret = library.store.subscribe(FeedKind::Web, &url, "Secret", &with_header).unwrap().feed;
    for (moves, expected) in [(0, "/old"), (0, "/old"), (1, "/new")] {
        let summary = library.refresh(RefreshScope::All);
        assert_eq!(summary.moves.len(), moves);
        assert_eq!(library.feed(old).url, server.url(expected));
    }
    assert_eq!(library.feed(wrong).url, server.url("/wrong"), "no feed is there");
    assert_eq!(library.feed(secret).url, server.url("/secret"));
    assert!(library.health_message(secret).contains("moved to"));
    assert_eq!(library.feed(old).entry_count, 1);
    assert!(library.store.undo().unwrap().is_some());
    for _ in 0..4 {
        assert_eq!(library.refresh(RefreshScope::One(old)).moves, []);
        assert_eq!(library.feed(old).url, server.url("/old"));
    }
    assert!(library.store.redo().unwrap().is_some());
    assert_eq!(library.feed(old).url, server.url("/new"));
}
