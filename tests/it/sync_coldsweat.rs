//! Syncs with a real server that speaks the Fever API: coldsweat, which `tests/servers/coldsweat.sh`
//! starts. Run with `--ignored`, and with the variables that the script prints; without them the test says
//! that it was skipped.

use std::{fs, path::Path, process::Command};

use newsreader::{
    fever::FeverSession,
    model::{ServerLogin, StoredPassword},
    net::{HttpClient, HttpOptions},
};
use serde_json::Value;

use crate::{
    refresh::rss_document,
    support::{
        program::{run_with, stderr, stdout},
        server::{Server, TestResponse},
    },
};

/// The number of articles of the feed.
const ARTICLES: u32 = 120;

/// A user of a server, and the libraries of two machines.
struct TwoClients<'a> {
    user: &'a str,
    password: &'a str,
    homes: [tempfile::TempDir; 2],
}

impl TwoClients<'_> {
    /// Runs a command on one of the machines, which has to succeed; returns its output.
    fn run(&self, client: usize, args: &[&str]) -> String {
        let home = self.homes[client].path();
        let output = run_with(home, args, &[("FEVER_PASSWORD", self.password)]);
        assert!(output.status.success(), "{args:?}: {}{}", stdout(&output), stderr(&output));
        stdout(&output)
    }

    fn add_account(&self, client: usize, server: &str) {
        let login = ["--user", self.user, "--password", "env:FEVER_PASSWORD", "--kind", "auto"];
        let args = ["account", "add", "--name", "Fever", "--server", server];
        self.run(client, &[&args[..], &login].concat());
        assert!(self.run(client, &["account", "list"]).contains("\tFever API\t"));
    }

    /// Returns the titles that a query finds.
    fn titles(&self, client: usize, query: &str) -> Vec<String> {
        let found = self.run(client, &["search", "--json", "--limit", "1000", query]);
        let found: Value = serde_json::from_str(&found).unwrap();
        let articles = found["articles"].as_array().unwrap().iter();
        let mut titles: Vec<String> =
            articles.map(|article| article["title"].as_str().unwrap().to_owned()).collect();
        titles.sort();
        titles
    }
}

/// Adds an account of one user on two machines, marks articles on both, and expects that they and the
/// server agree in the end. `server` is any address of the server, `url` that of its API.
pub fn two_clients_agree(server: &str, url: &str, user: &str, password: &str) {
    let homes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let clients = TwoClients { user, password, homes };
    for (client, server) in [server, url].into_iter().enumerate() {
        clients.add_account(client, server);
        assert_eq!(clients.titles(client, "").len(), ARTICLES as usize);
    }
    clients.run(0, &["mark", "read", "31", "32", "33"]);
    clients.run(0, &["star", "40"]);
    clients.run(1, &["star", "31", "5"]);
    clients.run(1, &["mark", "read", "7"]);
    clients.run(1, &["undo"]);
    for client in [0, 1, 0, 1] {
        clients.run(client, &["sync"]);
    }
    clients.run(1, &["unstar", "31"]);
    for client in [1, 0] {
        clients.run(client, &["sync"]);
    }
    for query in ["is:read", "is:unread", "is:star"] {
        assert_eq!(clients.titles(0, query), clients.titles(1, query), "{query}");
    }
    let http = HttpClient::new(&HttpOptions::default()).unwrap();
    let password = StoredPassword::new(password.to_owned());
    let login = ServerLogin { url: url.to_owned(), user: user.to_owned(), password };
    let mut session = FeverSession::log_in(&http, &login).unwrap();
    let (unread, saved) = (session.list_unread(1_000).unwrap(), session.list_saved(1_000).unwrap());
    assert_eq!(unread.ids.len(), clients.titles(0, "is:unread").len());
    assert_eq!((unread.ids.len(), saved.ids.len()), (ARTICLES as usize - 3, 2));
    assert_eq!(clients.titles(0, "is:star").len(), 2);
    assert_eq!(clients.run(0, &["sync"]), "Fever: 0 new, 0 marks received, 0 sent\n");
}

/// Starts a server of a feed with the articles of [`two_clients_agree`].
pub fn serve_feed() -> Server {
    let document = rss_document(1..=ARTICLES);
    Server::start(move |_| TestResponse::ok(document.as_bytes()))
}

#[test]
#[ignore = "needs a coldsweat: tests/servers/coldsweat.sh"]
fn two_clients_and_coldsweat_agree() {
    let variable = |name: &str| std::env::var(name).ok();
    let Some((url, import)) = variable("COLDSWEAT_URL").zip(variable("COLDSWEAT_IMPORT")) else {
        eprintln!("skipped: COLDSWEAT_URL and COLDSWEAT_IMPORT are not set");
        return;
    };
    let (folder, feed) = (tempfile::tempdir().unwrap(), serve_feed());
    import_feed(Path::new(&import), folder.path(), &feed.url("/feed.xml"));
    two_clients_agree(&url, &format!("{url}/fever"), "ann@example.org", "S3CRET-S3CRET");
}

/// Subscribes to a feed with the script that `coldsweat.sh` wrote.
fn import_feed(import: &Path, folder: &Path, url: &str) {
    let list = folder.join("feeds.opml");
    let outline = format!("<outline type=\"rss\" text=\"Feed\" xmlUrl=\"{url}\"/>");
    fs::write(&list, format!("<opml version=\"2.0\"><body>{outline}</body></opml>")).unwrap();
    let output = Command::new(import).arg(&list).output().unwrap();
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
}
