//! Syncing accounts with a server: what arrives, what is sent, and what is left alone.

use chrono::{DateTime, Utc};
use newsreader::{
    app::Message,
    library::{LoadedRules, RuleLoader, store_subscriptions},
    model::{
        Account, AccountId, AccountLogin, AccountRemoval, Actor, Change, EntryId, EntryState, Feed,
        FeedId, FeedKind, KeptEntries, ListDefinition, PasswordSource, RefreshProgress,
        RefreshScope, RefreshSummary, ReleasedFeeds, RemoteFeed, Rule, RuleActions, ServerKind,
        Subscription, SyncSummary, ViewScope,
    },
    store::OutboxPart,
};

use crate::{
    refresh::FeedLibrary,
    support::{
        fake_greader::{FakeGreader, FakeItem, PASSWORD, Quirks},
        stage,
    },
};

pub const ALL_ACCOUNTS: RefreshScope = RefreshScope::Accounts(None);

/// A library with an account on a server.
pub struct SyncLibrary {
    pub library: FeedLibrary,
    pub account: AccountId,
}

impl SyncLibrary {
    pub fn new(name: &str, server: &FakeGreader) -> SyncLibrary {
        SyncLibrary::with_server(name, ServerKind::GoogleReader, server.url())
    }

    /// Creates a library with an account of ann at a server.
    pub fn with_server(name: &str, kind: ServerKind, url: String) -> SyncLibrary {
        let mut library = FeedLibrary::new(&format!("sync-{name}"));
        library.sources.variables = vec![("NEWS_PASSWORD".to_owned(), PASSWORD.to_owned())];
        let login = AccountLogin {
            kind,
            url,
            user: "ann".to_owned(),
            password: PasswordSource::Variable("NEWS_PASSWORD".to_owned()),
            certificate: None,
        };
        let account = library.store.add_account("News", &login).unwrap().unwrap();
        SyncLibrary { library, account }
    }

    /// Syncs, and expects that nothing is wrong.
    pub fn sync(&mut self) -> SyncSummary {
        let summary = self.try_sync();
        assert_eq!(summary.problem, None);
        summary
    }

    pub fn try_sync(&mut self) -> SyncSummary {
        let mut summary = self.library.refresh(ALL_ACCOUNTS);
        assert_eq!(summary.syncs.len(), 1);
        summary.syncs.remove(0)
    }

    pub fn apply(&mut self, change: &Change) {
        self.library.store.apply_change(change, Utc::now()).unwrap();
    }

    /// Stores subscriptions of the account with these URLs, without the first ones.
    pub fn store_feeds(&mut self, urls: &[Option<&str>], skipped: usize) {
        let to_feed = |(number, url): (usize, Option<&str>)| RemoteFeed {
            id: format!("feed/{number}"),
            title: format!("Feed {number}"),
            folder: None,
            url: url.map(str::to_owned),
            site_url: None,
        };
        let feeds: Vec<RemoteFeed> =
            urls.iter().copied().enumerate().skip(skipped).map(to_feed).collect();
        let account = self.account();
        self.library.store.store_account_feeds(&account, &feeds, Utc::now()).unwrap();
    }

    /// Subscribes to a feed of the user's own.
    pub fn subscribe(&mut self, url: &str) -> FeedId {
        let store = &mut self.library.store;
        store.subscribe(FeedKind::Web, url, "Mine", &Subscription::default()).unwrap().feed
    }

    pub fn remove(&mut self, removal: AccountRemoval) -> ReleasedFeeds {
        self.library.store.remove_account(self.account, removal, Utc::now()).unwrap()
    }

    pub fn account(&self) -> Account {
        self.library.reader.list_accounts().unwrap().remove(0)
    }

    pub fn outbox_len(&self) -> usize {
        self.library.reader.list_outbox(self.account, OutboxPart::All).unwrap().len()
    }

    pub fn feeds(&self) -> Vec<Feed> {
        self.library.reader.list_feeds().unwrap()
    }

    pub fn feed(&self, title: &str) -> Feed {
        self.feeds().into_iter().find(|feed| feed.title == title).unwrap()
    }

    /// Returns who made the changes in the journal.
    pub fn actors(&self) -> Vec<Actor> {
        let mut actors = Vec::new();
        let mut note = |change: newsreader::model::RecordedChange| actors.push(change.actor);
        self.library.reader.for_each_recorded_change(None, 100, &mut note).unwrap();
        actors
    }

    /// Returns the id of "Article N".
    pub fn entry(&self, number: i64) -> EntryId {
        self.find(&format!("Article {number}"))
    }

    pub fn find(&self, title: &str) -> EntryId {
        let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
        let ids =
            self.library.reader.list_entry_ids(&list, 0, &KeptEntries::default(), 5_000).unwrap();
        let entries = self.library.reader.load_entries(&ids).unwrap();
        entries.into_iter().find(|entry| entry.title == title).unwrap().id
    }

    /// Returns whether "Article N" is read, and whether it is starred.
    pub fn marks(&self, number: i64) -> (bool, bool) {
        let state = self.state(self.entry(number));
        (state.read, state.starred)
    }

    pub fn state(&self, id: EntryId) -> EntryState {
        self.library.reader.load_entry(id).unwrap().unwrap().state
    }
}

pub fn server_with(count: i64) -> FakeGreader {
    let server = FakeGreader::start();
    server.add_items(1..=count);
    server
}

#[test]
fn first_sync_brings_feeds_folders_articles_and_marks() {
    let server = server_with(3);
    server.state().items.get_mut(&2).unwrap().read = true;
    server.state().items.get_mut(&3).unwrap().starred = true;
    let mut library = SyncLibrary::new("first", &server);
    let summary = library.sync();
    assert_eq!((summary.new_entries, summary.received_marks), (3, 0));
    let feeds = library.feeds();
    let folders: Vec<_> = feeds.iter().map(|feed| (feed.title.as_str(), feed.folder())).collect();
    assert_eq!(folders, [("Tech Weekly", Some("News")), ("Evening Post", Some("News / World"))]);
    assert_eq!(feeds[1].url, "https://post.example/feed/1.xml");
    assert_eq!(
        (feeds[1].kind, feeds[1].entry_count, feeds[1].unread_count),
        (FeedKind::Synced, 3, 2)
    );
    let marks: Vec<_> = (1..=3).map(|number| library.marks(number)).collect();
    assert_eq!(marks, [(false, false), (true, false), (false, true)]);
    assert_eq!(library.actors(), [], "articles arrive with their marks");
}

#[test]
fn a_sync_without_news_is_four_requests_and_a_login() {
    let server = server_with(30);
    let mut library = SyncLibrary::new("steady", &server);
    library.sync();
    let before = server.requests().len();
    server.state().calls.clear();
    assert_eq!(library.sync().new_entries, 0);
    let ids = "stream/items/ids";
    assert_eq!(server.state().calls, ["subscription/list", ids, ids, ids]);
    assert_eq!(server.requests().len() - before, 5);
}

#[test]
fn marks_travel_between_two_libraries() {
    let server = server_with(5);
    let [mut one, mut two] = ["one", "two"].map(|name| SyncLibrary::new(name, &server));
    one.sync();
    two.sync();
    one.apply(&Change::set_read(&[one.entry(1), one.entry(2)], true));
    two.apply(&Change::set_starred(&[two.entry(3)], true));
    assert_eq!((one.sync().sent_marks, two.sync().sent_marks), (2, 1));
    assert_eq!(server.marks(), (vec![1, 2], vec![3]));
    // Nothing is new, and yet the marks arrive.
    let summary = one.sync();
    assert_eq!((summary.received_marks, one.marks(3)), (1, (false, true)));
    assert_eq!((two.marks(1), two.marks(2)), ((true, false), (true, false)));
    two.apply(&Change::set_read(&[two.entry(1)], false));
    two.sync();
    one.sync();
    assert_eq!((one.marks(1), one.outbox_len(), two.outbox_len()), ((false, false), 0, 0));
    assert!(one.actors().contains(&Actor::Sync));
}

#[test]
fn what_the_user_did_offline_waits_and_goes_first() {
    let server = server_with(3);
    let mut library = SyncLibrary::new("offline", &server);
    library.sync();
    server.state().quirks.status = Some(503);
    library.apply(&Change::set_read(&[library.entry(1)], true));
    library.apply(&Change::set_starred(&[library.entry(1)], true));
    let summary = library.try_sync();
    assert_eq!((summary.waiting_marks, summary.sent_marks), (2, 0));
    assert!(summary.problem.unwrap().contains("503"));
    assert!(library.account().sync_state.not_before.unwrap() > Utc::now());
    assert_eq!(library.marks(1), (true, true));
    server.state().quirks = Quirks::default();
    server.state().calls.clear();
    let summary = library.sync();
    assert_eq!((summary.waiting_marks, summary.sent_marks, summary.received_marks), (0, 2, 0));
    let ids = "stream/items/ids";
    assert_eq!(server.state().calls[..4], [ids, ids, "edit-tag", "edit-tag"]);
    assert_eq!((server.marks(), library.account().sync_state.problem), ((vec![1], vec![1]), None));
}

#[test]
fn undo_redo_and_bulk_marks_are_sent_as_well() {
    let server = server_with(4);
    let mut library = SyncLibrary::new("undo", &server);
    library.sync();
    let store = &mut library.library.store;
    store.mark_scope_read(&ViewScope::All, 0, Utc::now()).unwrap();
    assert_eq!(library.outbox_len(), 4);
    library.sync();
    assert_eq!(server.marks().0, [1, 2, 3, 4]);
    library.library.store.undo().unwrap().unwrap();
    assert_eq!(library.sync().sent_marks, 4);
    assert_eq!(server.marks().0, [0; 0]);
    library.library.store.redo().unwrap().unwrap();
    library.sync();
    assert_eq!(server.marks().0, [1, 2, 3, 4]);
}

#[test]
fn an_act_and_its_undo_before_the_next_sync_leave_nothing_to_send() {
    let server = server_with(1);
    let mut library = SyncLibrary::new("last", &server);
    library.sync();
    library.apply(&Change::set_read(&[library.entry(1)], true));
    library.library.store.undo().unwrap();
    assert_eq!((library.outbox_len(), library.sync().sent_marks), (0, 0));
    assert_eq!((server.marks().0, library.marks(1)), (vec![], (false, false)));
}

#[test]
fn undo_of_what_a_sync_brought_is_an_act_of_the_user() {
    let server = server_with(2);
    let mut library = SyncLibrary::new("undo-sync", &server);
    library.sync();
    server.state().items.get_mut(&1).unwrap().read = true;
    assert_eq!((library.sync().received_marks, library.outbox_len()), (1, 0));
    library.library.store.undo().unwrap().unwrap();
    assert_eq!(library.sync().sent_marks, 1);
    assert_eq!((server.marks().0, library.marks(1)), (vec![], (false, false)));
}

#[test]
fn marking_all_read_tells_only_of_what_was_seen() {
    let server = server_with(3);
    let mut library = SyncLibrary::new("seen", &server);
    library.sync();
    server.add_items(4..=9);
    library.library.store.mark_scope_read(&ViewScope::All, 0, Utc::now()).unwrap();
    assert_eq!(library.sync().new_entries, 6);
    assert_eq!(server.marks().0, [1, 2, 3]);
    assert_eq!(library.marks(7), (false, false));
}

#[test]
fn what_a_rule_marks_is_sent() {
    let server = server_with(3);
    let mut library = SyncLibrary::new("rules", &server);
    let actions = RuleActions { read: true, ..RuleActions::default() };
    let query = "\"Article 2\"".to_owned();
    let rule = Rule { name: "Twos".to_owned(), query, off: false, actions };
    library.library.sources.rules = RuleLoader::new(move || LoadedRules {
        rules: vec![rule.clone()],
        ..LoadedRules::default()
    });
    library.sync();
    assert_eq!((library.marks(2), library.outbox_len()), ((true, false), 1));
    library.sync();
    assert_eq!((server.marks().0, library.marks(2)), (vec![2], (true, false)));
}

#[test]
fn articles_of_a_muted_feed_are_read_on_the_server_too() {
    let server = server_with(1);
    let mut library = SyncLibrary::new("muted", &server);
    library.sync();
    let feed = library.feed("Evening Post");
    let after = Subscription { muted: true, ..feed.subscription.clone() };
    library.apply(&Change::set_subscription(feed.id, feed.subscription.clone(), after));
    server.add_items([2]);
    library.sync();
    assert_eq!((library.marks(2), library.outbox_len()), ((true, false), 1));
    library.sync();
    assert_eq!(server.marks().0, [2]);
}

#[test]
fn a_thousand_marks_are_at_most_ten_requests() {
    let server = server_with(500);
    let mut library = SyncLibrary::new("thousand", &server);
    library.sync();
    let ids: Vec<EntryId> = (1..=500).map(EntryId).collect();
    library.apply(&Change::set_read(&ids, true));
    library.apply(&Change::set_starred(&ids, true));
    server.state().calls.clear();
    assert_eq!(library.sync().sent_marks, 1_000);
    let calls = server.state().calls.iter().filter(|call| *call == "edit-tag").count();
    assert!(calls <= 10, "{calls} requests");
    let (read, starred) = server.marks();
    assert_eq!((read.len(), starred.len()), (500, 500));
}

#[test]
fn what_the_user_did_during_a_sync_stays() {
    let server = server_with(2);
    let mut library = SyncLibrary::new("during", &server);
    library.sync();
    let items = library.library.reader.list_account_items(library.account).unwrap();
    let id = items[0].id.clone();
    library.apply(&Change::set_read(&[library.entry(1)], true));
    let mark = newsreader::model::RemoteMark::Read;
    let unread = newsreader::model::WantedMark { item: id.clone(), mark, wanted: false };
    let store = &mut library.library.store;
    let changed =
        store.apply_synced_marks(library.account, std::slice::from_ref(&unread), Utc::now());
    assert_eq!((changed.unwrap(), library.marks(1)), (0, (true, false)));
    // The server has confirmed an older act than the one that waits.
    library.library.store.delete_sent_marks(library.account, &[unread]).unwrap();
    assert_eq!(library.outbox_len(), 1);
}

#[test]
fn articles_that_do_not_arrive_are_said() {
    let server = server_with(3);
    server.state().quirks.withholds = vec![2];
    let mut library = SyncLibrary::new("withheld", &server);
    let summary = library.try_sync();
    assert_eq!(summary.new_entries, 2);
    let problem = "1 article that the server lists did not arrive";
    assert_eq!(summary.problem.as_deref(), Some(problem));
    assert_eq!(library.account().sync_state.problem.as_deref(), Some(problem));
    server.state().quirks = Quirks::default();
    assert_eq!(library.sync().new_entries, 1);
}

#[test]
fn marks_that_the_server_refuses_keep_no_article_from_arriving() {
    let server = server_with(1);
    let mut library = SyncLibrary::new("refused", &server);
    library.sync();
    server.state().quirks.answers_empty_list = true;
    library.apply(&Change::set_read(&[library.entry(1)], true));
    server.add_items([2]);
    let summary = library.try_sync();
    assert_eq!((summary.new_entries, summary.waiting_marks), (1, 1));
    assert!(
        summary.problem.unwrap().contains("was asked to mark articles, and answered something")
    );
    assert_eq!(library.marks(1), (true, false), "the user's act wins");
    server.state().quirks = Quirks::default();
    assert_eq!((library.sync().sent_marks, server.marks().0), (1, vec![1]));
}

#[test]
fn a_sync_that_is_cut_off_goes_on_where_it_was() {
    let server = server_with(600);
    let mut library = SyncLibrary::new("cut", &server);
    server.state().quirks.cuts_contents_after = Some(1);
    let cut_off = library.try_sync();
    assert!(cut_off.problem.is_some());
    assert_eq!((library.feeds().len(), cut_off.new_entries), (2, 250));
    server.state().quirks = Quirks { expires_after: Some(9), ..Quirks::default() };
    assert_eq!(library.sync().new_entries, 350);
    let items = library.library.reader.list_account_items(library.account).unwrap();
    assert_eq!(items.len(), 600);
}

#[test]
fn a_feed_that_the_server_no_longer_lists_is_unsubscribed_from() {
    let server = server_with(2);
    server.state().items.get_mut(&1).unwrap().starred = true;
    let mut library = SyncLibrary::new("left", &server);
    library.sync();
    let feed = server.state().feeds.remove(0);
    server.state().items.clear();
    library.sync();
    assert_eq!(library.feeds().len(), 1);
    library.library.store.undo().unwrap().unwrap();
    assert_eq!((library.feeds().len(), library.marks(1)), (2, (false, true)), "marks stay");
    server.state().feeds.push(feed);
    library.library.store.redo().unwrap().unwrap();
    library.sync();
    assert_eq!(library.feeds().len(), 2, "the server lists it again");
}

#[test]
fn titles_and_folders_follow_the_server_and_the_account() {
    let server = server_with(1);
    let mut library = SyncLibrary::new("folders", &server);
    library.sync();
    server.state().feeds[1].title = "Tech Daily".to_owned();
    server.state().feeds[0].folder = Some("Europe".to_owned());
    library.sync();
    assert_eq!(library.feed("Tech Daily").folder(), Some("News"));
    assert_eq!(library.feed("Evening Post").folder(), Some("News / Europe"));
    let feed = library.feed("Tech Daily");
    let folder = Some("Science".to_owned());
    let moved = Subscription { folder, ..feed.subscription.clone() };
    library.apply(&Change::set_subscription(feed.id, feed.subscription.clone(), moved));
    let account = library.account();
    library.library.store.edit_account(&account, "Server", &account.login).unwrap();
    assert_eq!(library.feed("Evening Post").folder(), Some("Server / Europe"));
    assert_eq!(library.feed("Tech Daily").folder(), Some("Server / Science"), "not sent yet");
}

#[test]
fn starred_articles_of_feeds_that_are_not_listed_have_a_feed() {
    let server = server_with(1);
    let orphan = FakeItem {
        feed: "feed/99".to_owned(),
        title: "Article 50".to_owned(),
        link: 50,
        html: "<p>Kept.</p>".to_owned(),
        read: true,
        starred: true,
        labels: std::collections::BTreeSet::new(),
    };
    server.state().items.insert(50, orphan);
    let mut library = SyncLibrary::new("orphan", &server);
    library.sync();
    assert_eq!(library.feed("Other articles").folder(), Some("News"));
    assert_eq!(library.marks(50), (true, true));
    library.sync();
    assert_eq!(library.feeds().len(), 3);
}

#[test]
fn edits_of_publishers_arrive_at_most_once_an_hour() {
    let server = server_with(2);
    let mut library = SyncLibrary::new("edits", &server);
    library.sync();
    let long = "<p>A wholly different text about the council, the bridge and the mayor.</p>";
    server.state().items.get_mut(&1).unwrap().html = long.to_owned();
    assert_eq!(library.sync().changed_entries, 0);
    let state = newsreader::model::AccountSyncState {
        last_recheck: Some(DateTime::UNIX_EPOCH),
        ..library.account().sync_state
    };
    library.library.store.set_sync_state(library.account, &state).unwrap();
    assert_eq!(library.sync().changed_entries, 1);
    let body = library.library.reader.load_body(library.entry(1)).unwrap().unwrap();
    assert_eq!(body.text, long);
    assert_eq!(library.library.reader.list_versions(library.entry(1)).unwrap().len(), 1);
}

#[test]
fn what_the_user_removed_does_not_come_back() {
    let server = server_with(2);
    let mut library = SyncLibrary::new("trash", &server);
    library.sync();
    let id = library.entry(1);
    library.apply(&Change::remove_entries(&[id], Utc::now()));
    library.library.store.empty_trash_step(Utc::now()).unwrap();
    let state =
        newsreader::model::AccountSyncState { last_recheck: None, ..library.account().sync_state };
    library.library.store.set_sync_state(library.account, &state).unwrap();
    assert_eq!(library.sync().new_entries, 0);
    assert_eq!(library.library.reader.load_entry(id).unwrap(), None);
    assert_eq!(server.marks().0, [0; 0]);
}

#[test]
fn mark_that_the_server_has_already_is_not_sent_again() {
    let server = server_with(2);
    server.state().quirks = Quirks { toggles_marks: true, ..Quirks::default() };
    let mut library = SyncLibrary::new("toggles", &server);
    library.sync();
    for (number, item) in &mut server.state().items {
        (item.read, item.starred) = (true, *number == 1);
    }
    let both = [library.entry(1), library.entry(2)];
    library.apply(&Change::set_read(&both, true));
    library.apply(&Change::set_starred(&both, true));
    assert_eq!(library.sync().sent_marks, 1, "the star of the second");
    assert_eq!(server.marks(), (vec![1, 2], vec![1, 2]));
    assert_eq!([library.marks(1), library.marks(2)], [(true, true); 2]);
    assert_eq!(library.outbox_len(), 0);
}

#[test]
fn accounts_are_synced_by_refreshes_when_they_are_due() {
    let server = server_with(1);
    let mut library = SyncLibrary::new("due", &server);
    let syncs = |library: &mut SyncLibrary, scope| library.library.refresh(scope).syncs.len();
    assert_eq!(syncs(&mut library, RefreshScope::Due), 1, "never synced");
    assert_eq!(syncs(&mut library, RefreshScope::Due), 0);
    assert_eq!(syncs(&mut library, RefreshScope::All), 1);
    let feed = library.feed("Evening Post").id;
    assert_eq!(syncs(&mut library, RefreshScope::One(feed)), 1);
    server.state().quirks =
        Quirks { status: Some(429), retry_after: Some("7200"), ..Quirks::default() };
    let summary = library.library.refresh(RefreshScope::All);
    assert!(summary.failures[0].summary.starts_with("News: "), "{:?}", summary.failures);
    let wait = library.account().sync_state.not_before.unwrap() - Utc::now();
    assert!((115..=120).contains(&wait.num_minutes()), "{wait}");
}

#[test]
fn feeds_of_an_account_are_fetched_by_its_server_only() {
    let server = server_with(1);
    let mut library = SyncLibrary::new("fetch", &server);
    library.sync();
    let summary = library.library.refresh(RefreshScope::All);
    assert_eq!((summary.requested_feeds, summary.failures.len()), (0, 0));
    // A feed of the user's own with the same address is another one.
    let url = "https://post.example/feed/1.xml";
    let by_user = (&Actor::User, Utc::now());
    let added = store_subscriptions(&mut library.library.store, by_user, |store| {
        let added = store.subscribe(FeedKind::Web, url, "Mine", &Subscription::default())?;
        Ok((vec![added.feed], added.is_new))
    });
    assert!(added.unwrap().1);
    library.sync();
    assert_eq!(library.feeds().iter().filter(|feed| feed.url == url).count(), 2);
}

#[test]
fn the_notice_of_a_refresh_tells_of_accounts() {
    let sync = |received_marks, waiting_marks, problem: Option<&str>| SyncSummary {
        account: "News".to_owned(),
        received_marks,
        waiting_marks,
        problem: problem.map(str::to_owned),
        ..SyncSummary::default()
    };
    let failure = newsreader::model::Failure::new(
        newsreader::model::FailureKind::Feed,
        "News: 127.0.0.1 could not log in (status 502)",
    );
    for (sync, failures, notice) in [
        (sync(0, 0, None), vec![], "Nothing new"),
        (sync(5, 0, None), vec![], "5 marks from News"),
        (
            sync(0, 12, Some("it is down")),
            vec![failure],
            "1 account failed · 12 changes wait for News · ^X @ shows why",
        ),
    ] {
        let summary = RefreshSummary {
            was_requested: true,
            syncs: vec![sync],
            failures,
            ..RefreshSummary::default()
        };
        let stage =
            stage(&["a"]).send(Message::RefreshProgressed(RefreshProgress::Finished(summary)));
        assert!(stage.screen().contains(notice), "{notice}: {}", stage.screen());
    }
}
