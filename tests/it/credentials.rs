//! Passwords and headers of feeds: they go to the origin that they were given for, and nowhere else.

use std::{fs, path::Path};

use crate::support::{
    program::{run, stderr, stdout},
    server::{Server, TestRequest, TestResponse},
};

const FEED: &str = "<rss version='2.0'><channel><title>Members</title><item><title>One</title>\
    <guid>1</guid><link>/one</link></item></channel></rss>";

/// A password that occurs nowhere else, with a letter that is percent-encoded in URLs.
const PASSWORD: &str = "S3CRET:PW";

const ENCODED: &str = "S3CRET%3APW";

fn is_authorized(request: &TestRequest) -> bool {
    // "ann:S3CRET:PW"
    request.headers.get("authorization").is_some_and(|value| value == "Basic YW5uOlMzQ1JFVDpQVw==")
}

/// Starts a server that wants the password, with a feed, a page and a move.
fn members_server() -> Server {
    Server::start(|request| match request.path.as_str() {
        _ if !is_authorized(request) => TestResponse::status(401),
        "/moved" => TestResponse::status(301).with("Location", "/feed"),
        "/page" => TestResponse::ok("<p>No feed</p>"),
        _ => TestResponse::ok(FEED),
    })
}

fn with_password(url: &str) -> String {
    url.replace("http://", &format!("http://ann:{ENCODED}@"))
}

/// Runs a command and returns all that it printed. Fails if the password is in it.
fn output_without_password(home: &Path, args: &[&str]) -> String {
    let output = run(home, args);
    let text = stdout(&output) + &stderr(&output);
    assert!(!text.contains("S3CRET"), "{args:?}: {text}");
    text
}

#[test]
fn password_in_an_address_is_sent_and_never_shown() {
    let home = tempfile::tempdir().unwrap();
    let server = members_server();
    let [feed, moved, page] =
        ["/feed", "/moved", "/page"].map(|path| with_password(&server.url(path)));
    let show = |args: &[&str]| output_without_password(home.path(), args);
    assert!(show(&["feed", "add", &feed]).contains("Subscribed to Members"));
    let list = home.path().join("list.opml");
    let outlines = [&moved, &page].map(|url| format!("<outline xmlUrl='{url}'/>")).concat();
    fs::write(&list, format!("<opml><body>{outlines}</body></opml>")).unwrap();
    assert!(show(&["feed", "import", list.to_str().unwrap()]).starts_with("2 new"));
    for _ in 0..4 {
        assert!(show(&["refresh"]).contains("this is not a feed"));
    }
    let again = show(&["feed", "add", &feed]);
    assert!(again.contains("Already subscribed"), "{again}");
    assert!(show(&["feed", "discover", &feed]).contains(&server.url("/feed")));
    assert!(show(&["feed", "check", &feed]).contains("Members"));
    show(&["feed", "check", &page]);
    show(&["save", &page]);
    show(&[&feed]);
    for args in [
        &["feed", "list"][..],
        &["feed", "list", "--json"],
        &["doctor"],
        &["refresh", "--json"],
        &["search", "--json"],
        &["read", "1"],
        &["feed", "edit", &feed, "--name", "Ours"],
        &["feed", "remove", &page],
    ] {
        show(args);
    }
    assert!(server.requests().iter().all(is_authorized), "each request has the password");
    let database = rusqlite::Connection::open(home.path().join("data/newsreader/library.db"));
    let count = |sql: &str| {
        let database = database.as_ref().unwrap();
        database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    assert_eq!(count("SELECT count(*) FROM feeds WHERE instr(url || title, 'S3CRET')"), 0);
    assert_eq!(count("SELECT count(*) FROM feeds WHERE instr(coalesce(failing, ''), 'S3CRET')"), 0);
    assert_eq!(count("SELECT count(*) FROM entries WHERE instr(link || guid, 'S3CRET')"), 0);
}

#[cfg(unix)]
#[test]
fn settings_with_the_password_of_a_proxy_should_be_private() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let settings = home.path().join("settings.toml");
    let path = settings.to_str().unwrap();
    let doctor = |text: &str, mode: u32| {
        fs::write(&settings, text).unwrap();
        fs::set_permissions(&settings, fs::Permissions::from_mode(mode)).unwrap();
        output_without_password(home.path(), &["doctor", "--settings", path])
    };
    let secret = format!("[network]\nproxy = 'http://ann:{ENCODED}@127.0.0.1:1'\n");
    let warning = "holds the password of a proxy, which other users can read";
    assert!(doctor(&secret, 0o644).contains(warning));
    assert!(!doctor(&secret, 0o600).contains(warning));
    assert!(!doctor("[network]\nproxy = 'http://127.0.0.1:1'\n", 0o644).contains(warning));
}

#[test]
fn export_has_passwords_only_when_asked() {
    let home = tempfile::tempdir().unwrap();
    let server = members_server();
    let url = server.url("/feed");
    run(home.path(), &["feed", "add", &with_password(&url)]);
    let plain = Server::start(|_| TestResponse::ok(FEED));
    let header = ["feed", "add", &plain.url("/feed"), "--header", "Authorization: Bearer S3CRET"];
    output_without_password(home.path(), &header);
    let exported = output_without_password(home.path(), &["feed", "export"]);
    assert!(exported.contains(&format!("xmlUrl=\"{url}\"")), "{exported}");
    assert!(exported.ends_with("The list has no passwords and headers: 2 feeds had some\n"));
    let whole = run(home.path(), &["feed", "export", "--with-passwords"]);
    assert!(stdout(&whole).contains(&with_password(&url)), "{whole:?}");
    assert!(stderr(&whole).contains("1 feed had some"), "{whole:?}");
    let list = home.path().join("list.opml");
    fs::write(&list, &whole.stdout).unwrap();
    let other_home = tempfile::tempdir().unwrap();
    output_without_password(other_home.path(), &["feed", "import", list.to_str().unwrap()]);
    let refreshed = output_without_password(other_home.path(), &["refresh"]);
    assert!(refreshed.contains("2 new, 0 changed, 0 failed"), "{refreshed}");
    assert_eq!(PASSWORD.replace(':', "%3A"), ENCODED);
}
