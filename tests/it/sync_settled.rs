//! Syncs without news: the lists of the server are not read while nothing has changed, here and there.

use newsreader::{
    model::{AccountRemoval, Change},
    store::SettledLists,
};
use rusqlite::{Connection, OpenFlags};

use crate::{
    support::fake_greader::{FakeGreader, Quirks},
    sync::{SyncLibrary, server_with},
    sync_copies::arrive_in_own_feed,
};

impl SyncLibrary {
    /// Returns whether the next sync does not read the lists if the server still has the same.
    fn is_settled(&self) -> bool {
        self.library.reader.find_settled_lists(self.account).unwrap().is_some()
    }

    /// Syncs until there is nothing to do.
    fn settle(&mut self) {
        self.sync();
        self.sync();
        assert!(self.is_settled());
    }

    fn execute(&self, sql: &str) {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI;
        let path = self.library.location.database_path();
        let db = Connection::open_with_flags(path, flags).unwrap();
        db.execute_batch(sql).unwrap();
    }
}

fn library(name: &str, server: &FakeGreader) -> SyncLibrary {
    SyncLibrary::new(&format!("settled-{}", name.replace(' ', "-")), server)
}

#[test]
fn a_sync_without_news_settles_until_the_server_has_some() {
    let server = server_with(4);
    let mut library = library("news", &server);
    library.sync();
    assert!(!library.is_settled(), "articles have come");
    library.settle();
    library.sync();
    assert!(library.is_settled());
    server.state().items.get_mut(&2).unwrap().read = true;
    assert_eq!(library.sync().received_marks, 1);
    assert_eq!((library.marks(2), library.is_settled()), ((true, false), false));
    library.settle();
    server.add_items([5]);
    assert_eq!(library.sync().new_entries, 1);
}

#[test]
fn whatever_the_lists_are_compared_with_counts() {
    type Act = fn(&mut SyncLibrary);
    let acts: [(&str, Act); 15] = [
        ("a mark", |library| library.apply(&Change::set_read(&[library.entry(1)], true))),
        ("a star", |library| library.apply(&Change::set_starred(&[library.entry(1)], true))),
        ("undo", |library| {
            library.apply(&Change::set_read(&[library.entry(1)], true));
            library.library.store.undo().unwrap();
        }),
        ("a feed that is left", |library| {
            let feed = library.feeds()[0].id;
            library.apply(&Change::set_unsubscribed(feed, true));
        }),
        ("another server", |library| {
            let account = library.account();
            let mut login = account.login.clone();
            login.url.push_str("/other");
            library.library.store.edit_account(&account, "News", &login).unwrap();
        }),
        ("an account that is removed", |library| {
            library.remove(AccountRemoval::KeepFeeds);
        }),
        ("an id", |library| library.execute("DELETE FROM remote_items WHERE remote LIKE '%1'")),
        ("an id of another article", |library| {
            let other = library.entry(2);
            library.execute(&format!(
                "UPDATE remote_items SET entry = {other} WHERE remote LIKE '%1'"
            ));
        }),
        ("an article", |library| {
            library.execute("DELETE FROM entries WHERE title = 'Article 1'");
        }),
        ("an article of another feed", |library| {
            library.execute(
                "INSERT INTO feeds (kind, url, title) VALUES ('web', 'https://own.example/', 'Own');
                 UPDATE entries SET feed = (SELECT max(id) FROM feeds)",
            );
        }),
        ("bitmaps that are made anew", |library| library.execute("DELETE FROM states")),
        ("a bitmap", |library| library.execute("UPDATE states SET read = x'ff'")),
        ("a text", |library| library.execute("UPDATE bodies SET format = 'absent', text = ''")),
        ("a subscription", |library| library.execute("UPDATE account_feeds SET listed = 0")),
        ("a mark that waits", |library| {
            let sql = "INSERT INTO outbox (account, remote, mark, wanted)
                       SELECT account, remote, 'read', 1 FROM remote_items LIMIT 1";
            library.execute(sql);
        }),
    ];
    for (name, act) in acts {
        let server = server_with(4);
        server.state().items.get_mut(&4).unwrap().read = true;
        let mut library = library(name, &server);
        library.settle();
        act(&mut library);
        assert!(!library.is_settled(), "{name}");
    }
}

#[test]
fn an_article_of_a_feed_of_the_users_own_does_not_count() {
    let server = server_with(4);
    let mut library = library("own", &server);
    library.settle();
    arrive_in_own_feed(&mut library, 99);
    assert!(library.is_settled());
}

#[test]
fn lists_in_several_pages_are_always_read() {
    let server = server_with(20);
    server.state().quirks = Quirks { page_size: Some(7), ..Quirks::default() };
    let mut library = library("pages", &server);
    library.sync();
    library.sync();
    assert!(!library.is_settled());
    // The first page stays as it is.
    server.state().items.get_mut(&1).unwrap().read = true;
    assert_eq!(library.sync().received_marks, 1);
}

#[test]
fn a_change_between_comparing_and_settling_counts() {
    let server = server_with(2);
    let mut library = library("between", &server);
    library.settle();
    let account = library.account;
    let reader = &library.library.reader;
    let changes = reader.count_sync_changes(account).unwrap();
    let digest = reader.find_settled_lists(account).unwrap().unwrap();
    library.apply(&Change::set_read(&[library.entry(1)], true));
    let before = SettledLists { digest, changes };
    library.library.store.settle_sync(account, before).unwrap();
    assert!(!library.is_settled());
}
