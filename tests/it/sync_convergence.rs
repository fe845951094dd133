//! A server and two clients: whatever happens to their subscriptions and tags, in whatever order, they agree
//! in the end. The server is the fake one; the libraries and the syncs are real.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use chrono::Utc;
use newsreader::{
    library::{store_subscriptions, subscribe_feed},
    model::{
        AccountId, AccountLogin, Actor, Change, Entry, Feed, FeedNetwork, KeptEntries,
        ListDefinition, NewFeed, PasswordSource, ServerKind, Subscription, TagMark, TagName,
        ViewScope, folder_on_server,
    },
    store::SettledLists,
};
use proptest::prelude::*;

use crate::{
    refresh::FeedLibrary,
    support::{
        fake_greader::{FakeItem, FakeState, PASSWORD},
        fake_network::{Cut, FAKE_URL, FakeNetwork},
        fake_subscriptions::FakeFeed,
    },
    sync::ALL_ACCOUNTS,
};

/// The URL, the name and the folder of each feed.
type Feeds = Vec<(String, String, Option<String>)>;

/// The title of an article, and a tag on it.
type Tags = Vec<(String, String)>;

/// The title of an article, and whether it is read and starred.
type Marks = Vec<(String, bool, bool)>;

const TAGS: [&str; 2] = ["urgent", "kitchen"];

const FOLDERS: [Option<&str>; 3] = [None, Some("World"), Some("Science")];

struct Client {
    library: FeedLibrary,
    account: AccountId,
    network: Arc<FakeNetwork>,
}

impl Client {
    fn new(network: &Arc<FakeNetwork>) -> Client {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut library = FeedLibrary::new(&format!("convergence-{count}"));
        library.sources.http = Arc::clone(network) as _;
        library.sources.variables = vec![("NEWS_PASSWORD".to_owned(), PASSWORD.to_owned())];
        let login = AccountLogin {
            kind: ServerKind::GoogleReader,
            url: FAKE_URL.to_owned(),
            user: "ann".to_owned(),
            password: PasswordSource::Variable("NEWS_PASSWORD".to_owned()),
            certificate: None,
        };
        let account = library.store.add_account("News", &login).unwrap().unwrap();
        Client { library, account, network: Arc::clone(network) }
    }

    fn sync(&mut self, cut: Option<Cut>) {
        self.network.cut(cut);
        self.library.refresh(ALL_ACCOUNTS);
        self.network.cut(None);
    }

    fn list(&self) -> Vec<Feed> {
        self.library.reader.list_feeds().unwrap()
    }

    fn feeds(&self) -> Feeds {
        let feeds = self.list().into_iter().map(|feed| {
            let folder = folder_on_server("News", feed.folder()).map(str::to_owned);
            (feed.url.clone(), feed.display_name().to_owned(), folder)
        });
        let mut feeds: Feeds = feeds.collect();
        feeds.sort();
        feeds
    }

    /// Returns the articles of subscribed feeds.
    fn entries(&self) -> Vec<Entry> {
        let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
        let reader = &self.library.reader;
        let ids = reader.list_entry_ids(&list, 0, &KeptEntries::default(), 100).unwrap();
        reader.load_entries(&ids).unwrap()
    }

    fn tags(&self) -> Tags {
        let entries = self.entries();
        let tags = entries.iter().flat_map(|entry| {
            entry.tags.iter().map(|tag| (entry.title.clone(), tag.name.to_string()))
        });
        let mut tags: Tags = tags.collect();
        tags.sort();
        tags
    }

    fn tag(&self, number: i64, tag: usize, is_on: bool) -> Option<Change> {
        let entry = self.entry(number)?;
        let mark = if is_on { TagMark::On } else { TagMark::Off };
        Some(Change::set_tag(&[entry.id], TagName::parse(TAGS[tag]).unwrap(), mark))
    }

    fn entry(&self, number: i64) -> Option<Entry> {
        let title = format!("Article {number}");
        self.entries().into_iter().find(|entry| entry.title == title)
    }

    fn marks(&self) -> Marks {
        let entries = self.entries().into_iter();
        let mut marks: Marks =
            entries.map(|entry| (entry.title, entry.state.read, entry.state.starred)).collect();
        marks.sort();
        marks
    }

    /// Lets the next sync read the lists of the server, whatever the last one has found.
    fn forget_lists(&mut self) {
        let lists = SettledLists { digest: 0, changes: -1 };
        self.library.store.settle_sync(self.account, lists).unwrap();
    }

    fn unsent(&self) -> usize {
        let reader = &self.library.reader;
        reader.list_unsent_feed_changes(self.account).unwrap().len()
            + reader.count_outbox_of(self.account).unwrap()
    }

    fn act(&mut self, act: &Act) {
        let feed = |number: u8| self.list().into_iter().find(|feed| feed.url == url(number));
        let change = match act {
            Act::Subscribe(number) => return self.subscribe(*number),
            Act::Undo => return drop(self.library.store.undo().unwrap()),
            Act::Redo => return drop(self.library.store.redo().unwrap()),
            Act::Unsubscribe(number) => {
                feed(*number).map(|feed| Change::set_unsubscribed(feed.id, true))
            }
            Act::Rename(number, name) => edit(feed(*number), |after| {
                after.name = Some(format!("Name {name}"));
            }),
            Act::Move(number, folder) => edit(feed(*number), |after| {
                after.folder = FOLDERS[*folder].map(str::to_owned);
            }),
            Act::Tag(number, tag, is_on) => self.tag(*number, *tag, *is_on),
            Act::Read(number, is_on) => {
                self.entry(*number).map(|entry| Change::set_read(&[entry.id], *is_on))
            }
            Act::Star(number, is_on) => {
                self.entry(*number).map(|entry| Change::set_starred(&[entry.id], *is_on))
            }
        };
        if let Some(change) = change {
            self.library.store.apply_change(&change, Utc::now()).unwrap();
        }
    }

    fn subscribe(&mut self, number: u8) {
        let feed = NewFeed {
            url: url(number),
            title: url(number),
            subscription: Subscription::default(),
            network: FeedNetwork::Public,
            account: Some(self.account),
        };
        store_subscriptions(&mut self.library.store, (&Actor::User, Utc::now()), |store| {
            let added = subscribe_feed(store, &feed)?;
            Ok((added.is_new.then_some(added.feed).into_iter().collect(), ()))
        })
        .unwrap();
    }
}

fn edit(feed: Option<Feed>, edit: impl FnOnce(&mut Subscription)) -> Option<Change> {
    let feed = feed?;
    let mut after = feed.subscription.clone();
    edit(&mut after);
    Some(Change::set_subscription(feed.id, feed.subscription, after))
}

fn url(number: u8) -> String {
    format!("https://post.example/feed/{number}.xml")
}

#[derive(Debug, Clone)]
enum Act {
    Subscribe(u8),
    Unsubscribe(u8),
    Rename(u8, u8),
    Move(u8, usize),
    Tag(i64, usize, bool),
    Read(i64, bool),
    Star(i64, bool),
    Undo,
    Redo,
}

#[derive(Debug, Clone)]
enum Event {
    /// The user does something in a client, connected or not.
    Local(usize, Act),
    /// Somebody does something on the server.
    Remote(Act),
    /// A client syncs, and may be cut off.
    Sync(usize, Option<Cut>),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => (1..5u8).prop_map(Act::Subscribe),
        2 => (1..5u8).prop_map(Act::Unsubscribe),
        2 => (1..5u8, 0..4u8).prop_map(|(feed, name)| Act::Rename(feed, name)),
        2 => (1..5u8, 0..3usize).prop_map(|(feed, folder)| Act::Move(feed, folder)),
        2 => (1..4i64, 0..2usize, any::<bool>()).prop_map(|(item, tag, on)| Act::Tag(item, tag, on)),
        2 => (1..4i64, any::<bool>()).prop_map(|(item, on)| Act::Read(item, on)),
        1 => (1..4i64, any::<bool>()).prop_map(|(item, on)| Act::Star(item, on)),
        2 => Just(Act::Undo),
        1 => Just(Act::Redo),
    ]
}

fn sync(clients: usize) -> impl Strategy<Value = Event> {
    let cut = (0..12usize, any::<bool>())
        .prop_map(|(after, is_carried_out)| Cut { after, is_carried_out });
    (0..clients, proptest::option::of(cut)).prop_map(|(client, cut)| Event::Sync(client, cut))
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        4 => (0..2usize, act()).prop_map(|(client, act)| Event::Local(client, act)),
        2 => act().prop_map(Event::Remote),
        4 => sync(2),
    ];
    proptest::collection::vec(event, 0..14)
}

fn events_of_one_client() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![act().prop_map(|act| Event::Local(0, act)), sync(1)];
    proptest::collection::vec(event, 0..14)
}

fn events_with_server() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        2 => act().prop_map(|act| Event::Local(0, act)),
        1 => act().prop_map(Event::Remote),
        1 => sync(1),
    ];
    proptest::collection::vec(event, 0..8)
}

impl FakeState {
    fn act(&mut self, act: &Act) {
        let find =
            |feeds: &[FakeFeed], number: u8| feeds.iter().position(|feed| feed.url == url(number));
        match act {
            Act::Subscribe(number) if find(&self.feeds, *number).is_none() => {
                self.quick_add(&[("quickadd".to_owned(), url(*number))]);
            }
            Act::Unsubscribe(number) => {
                if let Some(at) = find(&self.feeds, *number) {
                    self.unsubscribe(at);
                }
            }
            Act::Rename(number, name) => {
                if let Some(at) = find(&self.feeds, *number) {
                    self.feeds[at].title = format!("Title {name}");
                }
            }
            Act::Move(number, folder) => {
                if let Some(at) = find(&self.feeds, *number) {
                    self.feeds[at].folder = FOLDERS[*folder].map(str::to_owned);
                }
            }
            Act::Tag(number, tag, is_on) => {
                let title = format!("Article {number}");
                let found = self.items.values_mut().find(|item| item.title == title);
                let (Some(item), label) = (found, TAGS[*tag].to_owned()) else { return };
                if *is_on {
                    item.labels.insert(label);
                } else {
                    item.labels.remove(&label);
                }
            }
            Act::Read(number, is_on) => {
                self.items.entry(*number).and_modify(|item| item.read = *is_on);
            }
            Act::Star(number, is_on) => {
                self.items.entry(*number).and_modify(|item| item.starred = *is_on);
            }
            Act::Subscribe(_) | Act::Undo | Act::Redo => {}
        }
    }

    fn tags_as_seen(&self) -> Tags {
        let tags = self
            .items
            .values()
            .flat_map(|item| item.labels.iter().map(|label| (item.title.clone(), label.clone())));
        let mut tags: Tags = tags.collect();
        tags.sort();
        tags
    }

    fn feeds_as_seen(&self) -> Feeds {
        let feeds = self.feeds.iter();
        let mut feeds: Feeds =
            feeds.map(|feed| (feed.url.clone(), feed.title.clone(), feed.folder.clone())).collect();
        feeds.sort();
        feeds
    }
}

fn network() -> Arc<FakeNetwork> {
    let feeds =
        vec![FakeFeed::new(1, "Evening Post", Some("World")), FakeFeed::new(2, "Weekly", None)];
    let network = FakeNetwork::with_feeds(feeds);
    let mut state = network.state();
    state.quirks.has_labels = true;
    for number in 1..4 {
        state.items.insert(number, FakeItem::new("feed/1", number));
    }
    state.items.get_mut(&1).unwrap().labels.insert("urgent".to_owned());
    drop(state);
    network
}

fn run(network: &Arc<FakeNetwork>, clients: &mut [Client], events: &[Event]) {
    for event in events {
        match event {
            Event::Local(client, act) => clients[*client].act(act),
            Event::Remote(act) => network.state().act(act),
            Event::Sync(client, cut) => clients[*client].sync(*cut),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn server_and_clients_agree_about_subscriptions_in_the_end(events in events()) {
        let network = network();
        let mut clients = [Client::new(&network), Client::new(&network)];
        run(&network, &mut clients, &events);
        // A feed to which a client subscribes again has the tags of its articles one sync later.
        for client in [0, 1, 0, 1, 0, 1] {
            clients[client].sync(None);
        }
        let on_server = network.state().feeds_as_seen();
        let tags = network.state().tags_as_seen();
        for client in &clients {
            prop_assert_eq!(client.unsent(), 0);
            prop_assert_eq!(&client.feeds(), &on_server);
            prop_assert_eq!(&client.tags(), &tags);
        }
    }

    /// What the user of the only client did last counts, whatever was cut off.
    #[test]
    fn what_the_user_did_last_to_subscriptions_arrives(events in events_of_one_client()) {
        let network = network();
        let mut clients = [Client::new(&network)];
        clients[0].sync(None);
        run(&network, &mut clients, &events);
        let (wanted, tags) = (clients[0].list(), clients[0].tags());
        for _ in 0..3 {
            clients[0].sync(None);
        }
        prop_assert_eq!(clients[0].unsent(), 0);
        prop_assert_eq!(&network.state().tags_as_seen(), &tags);
        prop_assert_eq!(&clients[0].tags(), &tags);
        let on_server = network.state().feeds_as_seen();
        prop_assert_eq!(&clients[0].feeds(), &on_server);
        let mut urls: Vec<String> = wanted.iter().map(|feed| feed.url.clone()).collect();
        urls.sort();
        prop_assert_eq!(urls, on_server.iter().map(|(url, ..)| url.clone()).collect::<Vec<_>>());
        for feed in wanted {
            let (_, title, folder) = on_server.iter().find(|(url, ..)| *url == feed.url).unwrap();
            prop_assert_eq!(folder_on_server("News", feed.folder()), folder.as_deref());
            if let Some(name) = &feed.subscription.name {
                prop_assert_eq!(name, title);
            }
        }
    }
}

proptest! {
    // Each event comes with two syncs of two clients.
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// A sync ends in the same way whether it reads the lists of the server or has seen them before.
    #[test]
    fn a_sync_that_knows_the_lists_ends_as_one_that_reads_them(events in events_with_server()) {
        let networks = [network(), network()];
        let mut clients = networks.each_ref().map(Client::new);
        let settling = std::iter::repeat_n(Event::Sync(0, None), 2);
        let events = events.into_iter().flat_map(|event| settling.clone().chain([event]));
        for event in events.chain([Event::Sync(0, None)]) {
            clients[1].forget_lists();
            for (network, client) in networks.iter().zip(&mut clients) {
                run(network, std::slice::from_mut(client), std::slice::from_ref(&event));
            }
            let [knowing, reading] = &clients;
            prop_assert_eq!(knowing.unsent(), reading.unsent());
            prop_assert_eq!(knowing.feeds(), reading.feeds());
            prop_assert_eq!(knowing.tags(), reading.tags());
            prop_assert_eq!(knowing.marks(), reading.marks());
        }
    }
}

#[test]
fn nothing_waits_for_a_server_that_has_lost_a_feed_by_a_request_without_an_answer() {
    let network = network();
    let mut client = Client::new(&network);
    client.sync(None);
    client.act(&Act::Move(2, 1));
    client.act(&Act::Unsubscribe(1));
    // The server unsubscribes, and cannot say so.
    client.sync(Some(Cut { after: 3, is_carried_out: true }));
    // Undo wants the feed back with its name and folder, and redo leaves it.
    client.act(&Act::Undo);
    client.act(&Act::Redo);
    client.sync(None);
    client.sync(None);
    assert_eq!(client.unsent(), 0);
    assert_eq!(client.feeds(), network.state().feeds_as_seen());
}
