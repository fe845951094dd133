//! Subscriptions of accounts that are changed here: what the server is told, and what it may refuse.

use chrono::Utc;
use newsreader::{
    library::{store_subscriptions, subscribe_feed},
    model::{
        Actor, Change, Feed, FeedId, FeedNetwork, NewFeed, RefreshScope, Subscription, SyncSummary,
    },
};

use crate::{
    support::{
        fake_greader::{FakeGreader, Quirks},
        fake_subscriptions::{FakeFeed, RENUMBERED},
    },
    sync::{SyncLibrary, server_with},
};

/// A library that has been synced with a server of two feeds and these articles.
fn synced(name: &str, articles: i64) -> (SyncLibrary, FakeGreader) {
    let server = server_with(articles);
    let mut library = SyncLibrary::new(&format!("subscriptions-{name}"), &server);
    library.sync();
    server.state().calls.clear();
    (library, server)
}

impl SyncLibrary {
    /// Subscribes to a feed on the server.
    fn subscribe_there(&mut self, url: &str, folder: Option<&str>) -> FeedId {
        let feed = NewFeed {
            url: url.to_owned(),
            title: url.to_owned(),
            subscription: Subscription {
                folder: folder.map(str::to_owned),
                ..Subscription::default()
            },
            network: FeedNetwork::Public,
            account: Some(self.account),
        };
        let by_user = (&Actor::User, Utc::now());
        let (_, added) = store_subscriptions(&mut self.library.store, by_user, |store| {
            let added = subscribe_feed(store, &feed)?;
            Ok((added.is_new.then_some(added.feed).into_iter().collect(), added))
        })
        .unwrap();
        added.feed
    }

    fn edit(&mut self, title: &str, edit: impl FnOnce(&mut Subscription)) {
        let feed = self.feed_called(title);
        let mut after = feed.subscription.clone();
        edit(&mut after);
        self.apply(&Change::set_subscription(feed.id, feed.subscription, after));
    }

    fn rename(&mut self, title: &str, name: Option<&str>) {
        self.edit(title, |subscription| subscription.name = name.map(str::to_owned));
    }

    fn move_to(&mut self, title: &str, folder: Option<&str>) {
        self.edit(title, |subscription| subscription.folder = folder.map(str::to_owned));
    }

    fn unsubscribe(&mut self, title: &str) {
        let feed = self.feed_called(title).id;
        self.apply(&Change::set_unsubscribed(feed, true));
    }

    fn undo(&mut self) {
        self.library.store.undo().unwrap().unwrap();
    }

    fn feed_called(&self, name: &str) -> Feed {
        let feeds = self.feeds();
        let found = feeds.iter().find(|feed| feed.display_name() == name);
        found.unwrap_or_else(|| panic!("{name} is not among {:?}", self.names())).clone()
    }

    /// Returns the names and folders of all feeds.
    fn names(&self) -> Vec<(String, String)> {
        let feeds = self.feeds().into_iter();
        let mut names: Vec<(String, String)> = feeds
            .map(|feed| {
                (feed.display_name().to_owned(), feed.folder().unwrap_or_default().to_owned())
            })
            .collect();
        names.sort();
        names
    }

    fn unsent(&self) -> usize {
        self.library.reader.list_unsent_feed_changes(self.account).unwrap().len()
    }

    /// Returns a sync in which something was wrong, and what.
    fn sync_with_problem(&mut self) -> (SyncSummary, String) {
        let summary = self.try_sync();
        let problem = summary.problem.clone().unwrap();
        (summary, problem)
    }
}

fn pair(name: &str, folder: &str) -> (String, String) {
    (name.to_owned(), folder.to_owned())
}

/// Returns the titles and folders of the server's feeds.
fn on_server(server: &FakeGreader) -> Vec<(String, Option<String>)> {
    let state = server.state();
    state.feeds.iter().map(|feed| (feed.title.clone(), feed.folder.clone())).collect()
}

/// Returns how often the server was called so.
fn count_calls(server: &FakeGreader, call: &str) -> usize {
    server.state().calls.iter().filter(|known| *known == call).count()
}

const EDIT: &str = "subscription/edit";
const QUICK_ADD: &str = "subscription/quickadd";

#[test]
fn names_and_folders_go_to_the_server_and_undo_takes_them_back_there() {
    let (mut library, server) = synced("names", 1);
    library.rename("Tech Weekly", Some("Tech & more"));
    library.move_to("Evening Post", Some("Europe"));
    assert_eq!(library.feed_called("Evening Post").folder(), Some("News / Europe"));
    assert_eq!(library.sync().sent_feed_changes, 2);
    let expected = [pair("Evening Post", "News / Europe"), pair("Tech & more", "News")];
    assert_eq!(library.names(), expected);
    assert_eq!(
        on_server(&server),
        [("Evening Post".to_owned(), Some("Europe".to_owned())), ("Tech & more".to_owned(), None)]
    );
    assert_eq!(library.sync().sent_feed_changes, 0);
    assert_eq!(library.names(), expected, "the next sync changes nothing");
    library.undo();
    library.undo();
    assert_eq!(
        library.names(),
        [pair("Evening Post", "News / World"), pair("Tech Weekly", "News")]
    );
    library.sync();
    assert_eq!(
        on_server(&server),
        [("Evening Post".to_owned(), Some("World".to_owned())), ("Tech Weekly".to_owned(), None)]
    );
}

#[test]
fn a_feed_leaves_its_folder() {
    let (mut library, server) = synced("no-folder", 1);
    library.move_to("Evening Post", None);
    library.sync();
    assert_eq!(server.state().feeds[0].folder, None);
    assert_eq!(library.feed_called("Evening Post").folder(), Some("News"));
    // Where every feed is in a folder, the server chooses.
    server.state().quirks.default_folder = Some("All");
    library.sync();
    assert_eq!(library.feed_called("Evening Post").folder(), Some("News / All"));
}

#[test]
fn a_feed_waits_for_the_server_and_becomes_its_feed() {
    let (mut library, server) = synced("add", 1);
    server.state().quirks.status = Some(503);
    let feed = library.subscribe_there("https://new.example/feed", Some("World"));
    assert_eq!(library.library.feed(feed).state_text(), "waits for News");
    assert_eq!(library.try_sync().waiting_feed_changes, 2);
    assert_eq!(library.library.feed(feed).folder(), Some("News / World"));
    server.state().quirks = Quirks::default();
    server.state().calls.clear();
    assert_eq!(library.sync().sent_feed_changes, 2);
    let listed = library.library.feed(feed);
    assert_eq!((listed.title.as_str(), listed.folder()), ("A new feed", Some("News / World")));
    assert_eq!(
        (listed.state_text().as_str(), listed.url.as_str()),
        ("ok", "https://new.example/feed")
    );
    assert_eq!(server.state().feeds[2].folder.as_deref(), Some("World"));
    assert_eq!((count_calls(&server, QUICK_ADD), library.unsent()), (1, 0));
    // Its articles arrive as those of any feed.
    let id = server.state().feeds[2].id.clone();
    server.add_items([7]);
    server.state().items.get_mut(&7).unwrap().feed = id;
    library.sync();
    assert_eq!(library.library.feed(feed).unread_count, 1);
}

#[test]
fn the_address_of_a_site_leads_to_its_feed() {
    for hides_success in [None, Some(504)] {
        let (mut library, server) = synced(&format!("site-{hides_success:?}"), 1);
        server.state().quirks.hides_success = hides_success;
        let feed = library.subscribe_there("https://post.example/", None);
        library.sync();
        assert_eq!(library.library.feed(feed).url, "https://post.example/feed");
        assert_eq!(library.feeds().len(), 3);
    }
}

#[test]
fn an_addition_that_is_taken_back_before_a_sync_is_never_sent() {
    let (mut library, server) = synced("cancel", 1);
    let feed = library.subscribe_there("https://new.example/feed", Some("World"));
    library.undo();
    assert_eq!((library.unsent(), library.feeds().len()), (0, 2));
    library.library.store.redo().unwrap().unwrap();
    library.apply(&Change::set_unsubscribed(feed, true));
    library.sync();
    assert_eq!(count_calls(&server, QUICK_ADD) + count_calls(&server, EDIT), 0);
    // It can be subscribed to again.
    assert_eq!(library.subscribe_there("https://new.example/feed", None), feed);
    library.sync();
    assert_eq!(server.state().feeds.len(), 3);
}

#[test]
fn success_that_the_server_does_not_confirm_is_found_in_its_list() {
    let (mut library, server) = synced("hidden", 1);
    server.state().quirks.hides_success = Some(504);
    library.subscribe_there("https://new.example/feed", None);
    assert_eq!(library.sync().sent_feed_changes, 1);
    assert_eq!((count_calls(&server, QUICK_ADD), library.unsent()), (1, 0));
    assert_eq!((server.state().feeds.len(), library.feeds().len()), (3, 3));
}

#[test]
fn a_feed_that_the_account_has_already_is_that_one() {
    let (mut library, server) = synced("known", 1);
    // Another client has added it since.
    let feed =
        FakeFeed { url: "https://new.example/feed/".to_owned(), ..FakeFeed::new(3, "New", None) };
    server.state().feeds.push(feed);
    let mine = library.subscribe_there("http://new.example/feed", Some("World"));
    library.sync();
    assert_eq!((library.library.feed(mine).title.as_str(), library.feeds().len()), ("New", 3));
    assert_eq!(count_calls(&server, QUICK_ADD), 0);
    assert_eq!(server.state().feeds[2].folder.as_deref(), Some("World"));
    let known = library.subscribe_there("https://post.example/feed/1.xml", None);
    assert_eq!((known, library.unsent()), (library.feed_called("Evening Post").id, 0));
    // The same one, written otherwise.
    library.subscribe_there("http://post.example/feed/1.xml", None);
    library.sync();
    assert_eq!((library.feeds().len(), library.unsent()), (3, 0));
}

#[test]
fn unsubscribing_goes_to_the_server_and_undo_subscribes_again_there() {
    let (mut library, server) = synced("undo", 3);
    library.move_to("Evening Post", Some("Europe"));
    library.rename("Evening Post", Some("Post"));
    library.apply(&Change::set_read(&[library.entry(1)], true));
    library.apply(&Change::set_starred(&[library.entry(2)], true));
    library.sync();
    library.unsubscribe("Post");
    library.sync();
    assert_eq!(on_server(&server), [("Tech Weekly".to_owned(), None)]);
    library.undo();
    let feed = library.feed_called("Post");
    assert_eq!((feed.state_text().as_str(), feed.entry_count), ("waits for News", 3));
    assert_eq!((library.marks(1), library.marks(2)), ((true, false), (false, true)));
    library.sync();
    library.sync();
    let again = library.feed_called("Post");
    assert_eq!((again.id, again.entry_count), (feed.id, 3), "no article is there twice");
    assert_eq!((library.marks(1), library.marks(2)), ((true, false), (false, true)));
    assert_eq!(server.marks(), (vec![1 + RENUMBERED], vec![2 + RENUMBERED]));
    assert_eq!(
        on_server(&server)[1],
        ("Post".to_owned(), Some("Europe".to_owned())),
        "with its name and folder"
    );
    assert_eq!((library.unsent(), library.outbox_len()), (0, 0));
}

#[test]
fn a_feed_that_keeps_its_id_keeps_the_marks_of_its_articles_too() {
    let (mut library, server) = synced("same-id", 2);
    server.state().quirks.keeps_ids = true;
    library.apply(&Change::set_read(&[library.entry(1)], true));
    library.unsubscribe("Evening Post");
    library.sync();
    library.undo();
    library.sync();
    library.sync();
    assert_eq!((library.marks(1), library.marks(2)), ((true, false), (false, false)));
    assert_eq!(server.marks().0, [1]);
    assert_eq!(library.feed_called("Evening Post").entry_count, 2);
}

#[test]
fn an_unsubscription_that_is_undone_before_a_sync_is_never_sent() {
    let (mut library, server) = synced("undone", 1);
    library.unsubscribe("Evening Post");
    assert_eq!(library.unsent(), 1);
    library.undo();
    library.sync();
    assert_eq!((count_calls(&server, EDIT), library.unsent()), (0, 0));
    assert_eq!(library.feeds().len(), 2);
}

#[test]
fn a_feed_that_is_added_again_keeps_its_folder_unless_another_is_given() {
    for (folder, expected) in [(None, "World"), (Some("Europe"), "Europe")] {
        for is_synced_between in [false, true] {
            let name = format!("again-{expected}-{is_synced_between}");
            let (mut library, server) = synced(&name, 1);
            library.unsubscribe("Evening Post");
            if is_synced_between {
                library.sync();
            }
            library.subscribe_there("https://post.example/feed/1.xml", folder);
            library.sync();
            let here = library.feed_called("Evening Post");
            assert_eq!(here.folder(), Some(format!("News / {expected}").as_str()));
            let there = on_server(&server).into_iter().find(|(title, _)| title == "Evening Post");
            assert_eq!(there.unwrap().1.as_deref(), Some(expected));
        }
    }
}

#[test]
fn what_the_server_refuses_is_taken_back_with_a_sentence() {
    let (mut library, server) = synced("refused", 1);
    server.state().quirks.refuses_changes = Some((400, "not allowed"));
    library.rename("Tech Weekly", Some("Tech"));
    library.move_to("Tech", Some("Science"));
    library.unsubscribe("Evening Post");
    let new = library.subscribe_there("https://new.example/feed", None);
    let (summary, problem) = library.sync_with_problem();
    assert_eq!((summary.sent_feed_changes, summary.waiting_feed_changes), (0, 0));
    assert_eq!(
        library.names(),
        [pair("Evening Post", "News / World"), pair("Tech Weekly", "News")]
    );
    assert!(library.feeds().iter().all(|feed| feed.id != new));
    for sentence in [
        "Tech was not renamed: 127.0.0.1 could not rename a feed (status 400: not allowed)",
        "Tech was not moved to another folder: 127.0.0.1 could not move a feed",
        "Evening Post was not unsubscribed from: 127.0.0.1 could not unsubscribe",
        "https://new.example/feed was not subscribed to: 127.0.0.1 could not subscribe",
    ] {
        assert!(problem.contains(sentence), "{problem}");
    }
    assert_eq!(library.account().sync_state.problem, Some(problem));
    server.state().quirks = Quirks::default();
    library.sync();
}

#[test]
fn an_address_without_a_feed_is_dropped() {
    let (mut library, server) = synced("no-feed", 1);
    server.state().quirks.finds_no_feed = true;
    library.subscribe_there("https://new.example/page", Some("World"));
    let (_, problem) = library.sync_with_problem();
    assert!(problem.ends_with("127.0.0.1 does not subscribe: There is no feed"), "{problem}");
    assert_eq!((library.unsent(), library.feeds().len()), (0, 2));
    assert_eq!(library.actors()[0], Actor::Sync);
}

#[test]
fn a_change_that_fails_is_tried_again_and_wins_meanwhile() {
    let (mut library, server) = synced("tries", 1);
    server.state().quirks.refuses_changes = Some((500, "the database is locked"));
    library.move_to("Tech Weekly", Some("Science"));
    server.state().feeds[1].folder = Some("Elsewhere".to_owned());
    for _ in 0..5 {
        let (summary, problem) = library.sync_with_problem();
        assert!(problem.contains("was not moved to another folder yet: "), "{problem}");
        assert_eq!(summary.waiting_feed_changes, 1);
        assert_eq!(library.feed_called("Tech Weekly").folder(), Some("News / Science"));
    }
    server.state().quirks.refuses_changes = None;
    assert_eq!(library.sync().sent_feed_changes, 1);
    assert_eq!(server.state().feeds[1].folder.as_deref(), Some("Science"));
}

#[test]
fn a_folder_is_renamed_as_a_whole_where_the_server_can() {
    for lacks_rename_tag in [false, true] {
        let (mut library, server) = synced(&format!("folder-{lacks_rename_tag}"), 1);
        server.state().quirks.lacks_rename_tag = lacks_rename_tag;
        server.state().feeds[1].folder = Some("World".to_owned());
        library.sync();
        for title in ["Evening Post", "Tech Weekly"] {
            library.move_to(title, Some("News / Planet"));
        }
        assert_eq!(library.sync().sent_feed_changes, 2);
        let folders: Vec<_> = on_server(&server).into_iter().map(|(_, folder)| folder).collect();
        assert_eq!(folders, [Some("Planet".to_owned()), Some("Planet".to_owned())]);
        assert_eq!(count_calls(&server, "rename-tag"), 1);
        assert_eq!(count_calls(&server, EDIT), if lacks_rename_tag { 2 } else { 0 });
    }
}

#[test]
fn a_name_that_is_changed_on_the_server_counts() {
    let (mut library, server) = synced("renamed-there", 1);
    library.rename("Tech Weekly", Some("Tech"));
    library.sync();
    server.state().feeds[1].title = "Tech Daily".to_owned();
    library.sync();
    assert_eq!(library.names()[1], pair("Tech Daily", "News"));
    assert_eq!(library.feed_called("Tech Daily").subscription.name, None);
}

#[test]
fn undo_of_one_setting_leaves_what_a_sync_has_changed_since() {
    let (mut library, server) = synced("one-setting", 1);
    library.edit("Tech Weekly", |subscription| subscription.muted = true);
    server.state().feeds[1].folder = Some("Science".to_owned());
    library.sync();
    library.undo();
    let feed = library.feed_called("Tech Weekly");
    assert_eq!((feed.subscription.muted, feed.folder()), (false, Some("News / Science")));
    assert_eq!(library.unsent(), 0);
}

#[test]
fn an_id_that_the_server_gives_to_another_feed_is_that_of_a_new_one() {
    let (mut library, server) = synced("reused", 1);
    let old = library.feed_called("Evening Post").id;
    server.state().unsubscribe(0);
    library.sync();
    let other =
        FakeFeed { url: "https://other.example/".to_owned(), ..FakeFeed::new(1, "Other", None) };
    server.state().feeds.push(other);
    library.sync();
    let new = library.feed_called("Other");
    assert!(new.id != old && new.entry_count == 0);
}

#[test]
fn a_feed_of_a_removed_account_says_why_nothing_comes() {
    let (mut library, _server) = synced("removed", 1);
    library.subscribe("https://post.example/feed/1.xml");
    library.remove(newsreader::model::AccountRemoval::KeepFeeds);
    library.undo();
    let feed = library.feed("Evening Post");
    assert_eq!(feed.state_text(), "not fetched: its account was removed");
    library.library.refresh(RefreshScope::All);
    assert_eq!(library.feed("Evening Post").entry_count, 1);
}
