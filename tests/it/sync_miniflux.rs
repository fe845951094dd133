//! Syncs with a real Miniflux, which `tests/servers/miniflux.sh` starts. Run with `--ignored`, and with the
//! variables that the script prints; without them the test says that it was skipped.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use newsreader::{
    net::{Credentials, Fetch, FetchLimits, FetchRequest, HttpClient, HttpOptions},
    text::base64,
};
use serde_json::{Value, json};

use crate::{
    refresh::rss_document,
    support::{
        fake_greader::PASSWORD,
        program::{run_with, stderr, stdout},
        server::{Server, TestResponse},
    },
    sync_coldsweat::{serve_feed, two_clients_agree},
};

/// Held by the test that has the server: both look at all its articles.
static ALONE: Mutex<()> = Mutex::new(());

/// The number of articles of the feed.
const ARTICLES: u32 = 40;

/// Miniflux's own API.
struct Miniflux {
    url: String,
    admin: Credentials,
}

impl Miniflux {
    fn from_environment() -> Option<Miniflux> {
        let url = std::env::var("MINIFLUX_URL").ok()?;
        let admin = std::env::var("MINIFLUX_ADMIN").ok()?;
        let (user, password) = admin.split_once(':')?;
        let admin = Credentials { user: user.to_owned(), password: password.to_owned() };
        Some(Miniflux { url, admin })
    }

    fn get(&self, path: &str) -> Value {
        let request = FetchRequest {
            credentials: Some(self.admin.clone()),
            ..FetchRequest::user_supplied(format!("{}/v1/{path}", self.url))
        };
        let http = HttpClient::new(&HttpOptions::default()).unwrap();
        let response = http.fetch(&request, &FetchLimits::default()).unwrap();
        serde_json::from_slice(&response.body).unwrap()
    }

    /// Sends JSON, which the client of the program cannot.
    fn send(&self, method: &str, path: &str, body: &Value) {
        use std::io::{Read, Write};
        let address = self.url.strip_prefix("http://").unwrap();
        let Credentials { user, password } = &self.admin;
        let login = base64::encode(format!("{user}:{password}").as_bytes());
        // A body that is not read has the connection reset.
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        let request = format!(
            "{method} /v1/{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Basic {login}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
            text.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = Vec::new();
        // Some connections are reset once the answer was sent.
        if let Err(error) = stream.read_to_end(&mut response) {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{method} {path}");
        }
        let response = String::from_utf8_lossy(&response);
        assert!(response.starts_with("HTTP/1.1 2"), "{method} {path}: {response}");
    }

    fn subscribe(&self, url: &str) {
        let category = self.get("categories")[0]["id"].clone();
        self.send("POST", "feeds", &json!({"feed_url": url, "category_id": category}));
    }

    /// Unsubscribes from what an earlier test has left.
    fn remove_feeds(&self) {
        for feed in self.get("feeds").as_array().unwrap() {
            self.send("DELETE", &format!("feeds/{}", feed["id"]), &Value::Null);
        }
    }

    /// Returns the ids of the entries with a status, or of the starred ones.
    fn entries(&self, filter: &str) -> Vec<i64> {
        let listed = self.get(&format!("entries?limit=1000&order=id&{filter}"));
        let ids = listed["entries"].as_array().unwrap().iter();
        ids.map(|entry| entry["id"].as_i64().unwrap()).collect()
    }
}

/// Runs a command that has to succeed; returns its output.
fn run(home: &Path, args: &[&str]) -> String {
    let output = run_with(home, args, &[("NEWS_PASSWORD", PASSWORD)]);
    assert!(output.status.success(), "{args:?}: {}{}", stdout(&output), stderr(&output));
    stdout(&output)
}

/// Returns the titles that a query finds.
fn titles(home: &Path, query: &str) -> Vec<String> {
    let found = run(home, &["search", "--json", "--limit", "1000", query]);
    let found: Value = serde_json::from_str(&found).unwrap();
    let articles = found["articles"].as_array().unwrap().iter();
    let mut titles: Vec<String> =
        articles.map(|article| article["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

#[test]
#[ignore = "needs a Miniflux: tests/servers/miniflux.sh"]
fn two_clients_and_miniflux_agree() {
    let Some(miniflux) = Miniflux::from_environment() else {
        eprintln!("skipped: MINIFLUX_URL and MINIFLUX_ADMIN are not set");
        return;
    };
    let _one_at_a_time = ALONE.lock();
    miniflux.remove_feeds();
    let document = Arc::new(rss_document(1..=ARTICLES));
    let feed = Server::start(move |_| TestResponse::ok(document.as_bytes()));
    miniflux.subscribe(&feed.url("/feed.xml"));
    let homes = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [one, two] = [homes[0].path(), homes[1].path()];
    for (home, server) in [(one, miniflux.url.clone()), (two, format!("{}/unread", miniflux.url))] {
        let args =
            ["account", "add", "--user", "ann", "--password", "env:NEWS_PASSWORD", "--server"];
        run(home, &[&args[..], &[&server, "--name", "Miniflux"]].concat());
        assert!(titles(home, "").len() >= ARTICLES as usize);
    }
    // Number 31 is another article if it is read as hexadecimal.
    run(one, &["mark", "read", "31", "32", "33"]);
    run(two, &["star", "31", "5"]);
    run(two, &["mark", "read", "7"]);
    run(two, &["undo"]);
    let unread = miniflux.entries("status=unread");
    let seen_there = *unread.last().unwrap();
    miniflux.send("PUT", "entries", &json!({"entry_ids": [seen_there], "status": "read"}));
    for home in [one, two, one, two] {
        run(home, &["sync"]);
    }
    for query in ["is:read", "is:unread", "is:star"] {
        assert_eq!(titles(one, query), titles(two, query), "{query}");
    }
    for (filter, query) in
        [("status=read", "is:read"), ("status=unread", "is:unread"), ("starred=true", "is:star")]
    {
        assert_eq!(miniflux.entries(filter).len(), titles(one, query).len(), "{query}");
    }
    assert!(titles(one, "is:read").len() >= 3);
    let steady = run(one, &["sync"]);
    assert_eq!(steady, "Miniflux: 0 new, 0 marks received, 0 sent\n");
}

#[test]
#[ignore = "needs a Miniflux: tests/servers/miniflux.sh"]
fn two_clients_and_the_fever_api_of_miniflux_agree() {
    let Some(miniflux) = Miniflux::from_environment() else {
        eprintln!("skipped: MINIFLUX_URL and MINIFLUX_ADMIN are not set");
        return;
    };
    let _one_at_a_time = ALONE.lock();
    miniflux.remove_feeds();
    let feed = serve_feed();
    miniflux.subscribe(&feed.url("/feed.xml"));
    let fever = format!("{}/fever/", miniflux.url);
    two_clients_agree(&miniflux.url, &fever, "fv", "fvpass");
}

/// Returns the only feed at a URL: its title and its category there.
fn feed_there(miniflux: &Miniflux, url: &str) -> Option<(String, String)> {
    let feeds = miniflux.get("feeds");
    let mut found = feeds.as_array().unwrap().iter().filter(|feed| feed["feed_url"] == url);
    let feed = found.next()?;
    assert_eq!(found.next(), None, "it is there once");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Some((text(&feed["title"]), text(&feed["category"]["title"])))
}

/// Returns the name and the folder of the feed with a URL here.
fn feed_here(home: &Path, url: &str) -> Option<(String, String)> {
    let feeds: Value = serde_json::from_str(&run(home, &["feed", "list", "--json"])).unwrap();
    let feed = feeds.as_array().unwrap().iter().find(|feed| feed["url"] == url)?;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Some((text(&feed["name"]), text(&feed["folder"])))
}

fn pair(one: &str, other: &str) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

#[test]
#[ignore = "needs a Miniflux: tests/servers/miniflux.sh"]
fn subscriptions_go_to_miniflux_and_come_from_it() {
    let Some(miniflux) = Miniflux::from_environment() else {
        eprintln!("skipped: MINIFLUX_URL and MINIFLUX_ADMIN are not set");
        return;
    };
    let _one_at_a_time = ALONE.lock();
    miniflux.remove_feeds();
    let document = Arc::new(rss_document(101..=110));
    let server = Server::start(move |_| TestResponse::ok(document.as_bytes()));
    let url = server.url("/subscriptions.xml");
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path();
    let args = ["account", "add", "--user", "ann", "--password", "env:NEWS_PASSWORD", "--server"];
    run(home, &[&args[..], &[&miniflux.url, "--name", "Miniflux"]].concat());
    // Subscribed, renamed and moved here.
    run(home, &["feed", "add", &url, "--account", "Miniflux", "--folder", "World & more"]);
    assert_eq!(feed_there(&miniflux, &url), Some(pair("Evening Post", "World & more")));
    assert_eq!(feed_here(home, &url), Some(pair("Evening Post", "Miniflux / World & more")));
    run(home, &["feed", "edit", &url, "--name", "Pöst", "--folder", "Europe"]);
    run(home, &["sync"]);
    assert_eq!(feed_there(&miniflux, &url), Some(pair("Pöst", "Europe")));
    run(home, &["undo"]);
    run(home, &["sync"]);
    assert_eq!(feed_there(&miniflux, &url), Some(pair("Evening Post", "World & more")));
    // Renamed and moved there, to a folder that no earlier run has left.
    let planet = format!("Planet {}", server.port());
    let feeds = miniflux.get("feeds");
    let feed = feeds.as_array().unwrap().iter().find(|feed| feed["feed_url"] == url).unwrap();
    miniflux.send(
        "PUT",
        &format!("categories/{}", feed["category"]["id"]),
        &json!({"title": planet}),
    );
    miniflux.send("PUT", &format!("feeds/{}", feed["id"]), &json!({"title": "Morning Post"}));
    run(home, &["sync"]);
    assert_eq!(feed_here(home, &url), Some(pair("Morning Post", &format!("Miniflux / {planet}"))));
    // Unsubscribed, and subscribed again by an undo: the articles keep their marks.
    let articles: Value =
        serde_json::from_str(&run(home, &["search", "--json", "feed:morning"])).unwrap();
    let numbers: Vec<String> = articles["articles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|article| article["id"].to_string())
        .collect();
    assert_eq!(numbers.len(), 10);
    run(home, &["mark", "read", &numbers[0], &numbers[1]]);
    run(home, &["star", &numbers[2]]);
    // Miniflux has no labels.
    run(home, &["tag", "--add", "urgent", &numbers[3]]);
    run(home, &["sync"]);
    let accounts: Value = serde_json::from_str(&run(home, &["account", "list", "--json"])).unwrap();
    assert_eq!(
        (&accounts["accounts"][0]["labels"], &accounts["accounts"][0]["waiting"]),
        (&json!(false), &json!(0))
    );
    run(home, &["feed", "remove", &url]);
    run(home, &["sync"]);
    assert_eq!(feed_there(&miniflux, &url), None);
    run(home, &["undo"]);
    for _ in 0..2 {
        run(home, &["sync"]);
    }
    assert_eq!(feed_there(&miniflux, &url), Some(pair("Morning Post", &planet)));
    assert_eq!(titles(home, "feed:morning").len(), 10);
    assert_eq!(titles(home, "feed:morning is:read").len(), 2);
    assert_eq!(titles(home, "tag:urgent").len(), 1);
    let feeds = miniflux.get("feeds");
    let feed = feeds.as_array().unwrap().iter().find(|feed| feed["feed_url"] == url).unwrap();
    let count = |filter: &str| {
        miniflux.get(&format!("feeds/{}/entries?{filter}", feed["id"]))["total"].clone()
    };
    assert_eq!((count("status=read"), count("starred=true")), (json!(2), json!(1)));
    // Unsubscribed there.
    miniflux.send("DELETE", &format!("feeds/{}", feed["id"]), &json!({}));
    run(home, &["sync"]);
    assert_eq!(feed_here(home, &url), None);
    // What is no feed is said, and gone after a few tries.
    let refused = run_with(
        home,
        &["feed", "add", "http://127.0.0.1:1/none", "--account", "Miniflux"],
        &[("NEWS_PASSWORD", PASSWORD)],
    );
    assert!(
        stderr(&refused).contains("http://127.0.0.1:1/none was not subscribed to"),
        "{}",
        stderr(&refused)
    );
}
