//! Finding the feeds of a site: what is requested with which options, and how often.

use std::{fs, sync::Arc};

use chrono::DateTime;
use newsreader::{
    library::{FeedSources, discover_feeds},
    model::FetchOptions,
};

use crate::support::{
    program::{run, run_with, stderr, stdout},
    server::{Server, TestRequest, TestResponse},
    stand_in::TestInternet,
};

fn feed(title: &str) -> String {
    format!(
        "<rss version='2.0'><channel><title>{title}</title><item><title>In {title}</title>\
         <guid>{title}</guid></item></channel></rss>"
    )
}

fn is_authorized(request: &TestRequest) -> bool {
    // "ann:pa:ss"
    request.headers.get("authorization").is_some_and(|value| value == "Basic YW5uOnBhOnNz")
}

#[test]
fn feed_add_sends_its_options_and_fetches_once() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(|request| {
        let is_welcome = is_authorized(request)
            && request.headers["user-agent"] == "Reader/1"
            && request.headers.get("x-key").is_some_and(|value| value == "7");
        match request.path.as_str() {
            _ if !is_welcome => TestResponse::status(401),
            "/" => TestResponse::ok("<link rel=alternate type=application/rss+xml href=/feed>"),
            _ => TestResponse::ok(feed("Members")),
        }
    });
    let options = [
        "--user",
        "ann",
        "--password",
        "env:PW",
        "--user-agent",
        "Reader/1",
        "--header",
        "X-Key: 7",
    ];
    let add = |address: &str| {
        let args = [&["feed", "add", address], &options[..]].concat();
        run_with(home.path(), &args, &[("PW", "pa:ss")])
    };
    let added = add(&server.url("/"));
    assert_eq!(stdout(&added), "1 new, 0 changed, 0 failed\n", "{added:?}");
    let paths: Vec<String> = server.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/", "/feed"], "the document of discovery is the first refresh");
    let again = add(&server.url("/feed"));
    assert!(stderr(&again).starts_with("Already subscribed to Members\n"), "{again:?}");
    let (one, other) = (server.url("/a"), server.url("/b"));
    let args = [&["feed", "add", &one, &other], &options[..]].concat();
    assert!(run_with(home.path(), &args, &[("PW", "pa:ss")]).status.success());
    let count =
        |path: &str| server.requests().iter().filter(|request| request.path == path).count();
    assert_eq!((count("/a"), count("/b")), (1, 1));
    let discovered = run_with(
        home.path(),
        &[&["feed", "discover", &server.url("/")], &options[..]].concat(),
        &[("PW", "pa:ss")],
    );
    assert!(
        stdout(&discovered).contains(" · RSS, 1 article, no dates, subscribed\n"),
        "{discovered:?}"
    );
    let refused = run(home.path(), &["feed", "add", &server.url("/feed")]);
    assert!(stderr(&refused).contains("it wants a user name and a password (401)"), "{refused:?}");
    assert_eq!(refused.status.code(), Some(1));
}

#[test]
fn options_of_a_site_are_not_sent_to_another_server() {
    let internet = TestInternet::default();
    internet.name("site.example", &["93.184.216.34"]);
    internet.name("other.example", &["93.184.216.35"]);
    let page = "<a href='http://other.example/feed'>RSS</a>";
    let (site, other) = (
        Server::start(move |_| TestResponse::ok(page)),
        Server::start(|_| TestResponse::ok(feed("Elsewhere"))),
    );
    internet.serve("93.184.216.34:80", &site);
    internet.serve("93.184.216.35:80", &other);
    let sources = FeedSources {
        http: Arc::new(internet.client()),
        variables: vec![("PW".to_owned(), "pa:ss".to_owned())],
        ..FeedSources::offline()
    };
    let options = FetchOptions {
        user: Some("ann".to_owned()),
        password_source: Some("env:PW".to_owned()),
        ..FetchOptions::default()
    };
    let found = discover_feeds(&sources, &[], "http://site.example/", &options).unwrap();
    let note = "The user name, password and headers are not sent to other.example, another server";
    assert_eq!(found.notes, [note]);
    assert_eq!(found.feeds[0].fetch, FetchOptions::default());
    assert_eq!(other.requests().len(), 1);
    assert!(!other.requests()[0].headers.contains_key("authorization"));
    assert!(is_authorized(&site.requests()[0]));
}

#[test]
fn feeds_are_found_in_headers_links_and_usual_places() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.path.as_str() {
        "/headers/" => TestResponse::ok("<title>Page</title>")
            .with("Link", "<style.css>; rel=preload, <comments>; rel=alternate; type=\"text/xml\"")
            .with(
                "Link",
                "<news>; title=\"a, b\"; rel=\"alternate\"; type=\"application/atom+xml\"",
            ),
        "/labels/" => TestResponse::ok("<a href='/about'>About</a><a href='news?x=1'>Our RSS</a>"),
        "/declared/" => TestResponse::ok(
            "<link rel=alternate type=application/rss+xml href=gone><a href=news>Atom</a>",
        ),
        "/guess/" => TestResponse::ok("<title>A page without links</title>"),
        "/empty/" => TestResponse::status(204),
        "/atom.xml" => TestResponse::ok(feed("Guessed")),
        path if path.contains("/news") => TestResponse::ok(feed("News")),
        path if path.ends_with("/comments") => TestResponse::ok(feed("Replies")),
        _ => TestResponse::status(404),
    });
    let discover = |path: &str| run(home.path(), &["feed", "discover", &server.url(path)]);
    for (path, expected) in [
        ("/headers/", &["/headers/news", "/headers/comments"][..]),
        ("/labels/", &["/labels/news?x=1"]),
        ("/declared/", &["/declared/news"]),
        ("/guess/", &["/atom.xml"]),
        ("/nothing/", &[]),
    ] {
        let found = stdout(&discover(path));
        let urls: Vec<&str> = found.lines().filter(|line| line.starts_with("http")).collect();
        assert_eq!(
            urls,
            expected.iter().map(|path| server.url(path)).collect::<Vec<_>>(),
            "{path}"
        );
    }
    assert!(stderr(&discover("/empty/")).contains("without content (204)"));
}

#[test]
fn host_without_https_is_read_over_http_and_says_so() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(|_| TestResponse::ok(feed("Attic")));
    let address = server.url("/feed").replace("http://", "");
    let added = run(home.path(), &["feed", "add", &address]);
    assert_eq!(stdout(&added), "1 new, 0 changed, 0 failed\n", "{added:?}");
    assert!(stderr(&added).starts_with("127.0.0.1 was read over http, because https failed: "));
    assert!(stdout(&run(home.path(), &["feed", "list"])).contains(&server.url("/feed")));
    let args = ["feed", "add", &address, "--user", "ann", "--password", "env:PW"];
    let refused = run_with(home.path(), &args, &[("PW", "pa:ss")]);
    assert!(stderr(&refused).contains("http:// was not tried"), "{refused:?}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn feed_documents_in_files_are_added_by_path_or_url() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("my fëed.xml");
    fs::write(&file, feed("Local")).unwrap();
    let plain = file.to_str().unwrap();
    let encoded = plain.replace(' ', "%20").replace('ë', "%C3%AB");
    let added = run(home.path(), &["feed", "add", &format!("file://{plain}"), "--folder", "Here"]);
    assert_eq!(stdout(&added), "1 new, 0 changed, 0 failed\n", "{added:?}");
    for address in [
        plain.to_owned(),
        format!("file://{encoded}"),
        format!("file://localhost{encoded}"),
        format!("file:{encoded}"),
    ] {
        for command in [&["add"][..], &["feed", "add"]] {
            let again = run(home.path(), &[command, &[&address]].concat());
            assert!(again.status.success(), "{again:?}");
            assert!(stderr(&again).starts_with("Already subscribed to Local\n"), "{again:?}");
        }
    }
    let list = stdout(&run(home.path(), &["feed", "list"]));
    assert_eq!(list, format!("1\t1\tHere\tLocal\tfile://{encoded}\tok\n"));
    let no_feed = home.path().join("none.xml");
    fs::write(&no_feed, "<p>nothing</p>").unwrap();
    for (address, sentence) in [
        ("/nowhere/feed.xml", "newsreader: cannot read /nowhere/feed.xml: there is no such"),
        ("missing.xml", "newsreader: there is no file or folder “missing.xml”"),
        ("file://server/a.xml", "newsreader: “file://server/a.xml” is a file on another computer"),
        (no_feed.to_str().unwrap(), "newsreader: cannot read "),
    ] {
        let failed = run(home.path(), &["feed", "add", address]);
        assert!(stderr(&failed).starts_with(sentence), "{failed:?}");
        assert_eq!((stdout(&failed).as_str(), failed.status.code()), ("", Some(1)));
    }
    assert_eq!(stdout(&run(home.path(), &["feed", "list"])).lines().count(), 1);
    let other = home.path().join("other.xml");
    fs::write(&other, feed("Other")).unwrap();
    let both = run(home.path(), &["feed", "add", "missing.xml", other.to_str().unwrap()]);
    let counts = "1 new, 0 changed, 1 failed\n";
    assert_eq!((stdout(&both).as_str(), both.status.code()), (counts, Some(1)), "{both:?}");
    let failed = run(home.path(), &["feed", "add", "--json", "missing.xml"]);
    let json: serde_json::Value = serde_json::from_str(&stdout(&failed)).unwrap();
    assert_eq!((&json["failed"], failed.status.code()), (&1.into(), Some(1)), "{json}");
}

#[test]
fn next_refresh_follows_a_new_interval_at_once() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.path.as_str() {
        "/fresh" => TestResponse::ok(feed("Fresh")).with("Cache-Control", "max-age=2400"),
        _ => TestResponse::ok(feed("Plain")),
    });
    for path in ["/plain", "/fresh"] {
        assert!(run(home.path(), &["feed", "add", &server.url(path)]).status.success());
    }
    let minutes_until_next = |name: &str| -> i64 {
        let listed = stdout(&run(home.path(), &["feed", "list", "--json"]));
        let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
        let feed = listed.as_array().unwrap().iter().find(|feed| feed["name"] == name).unwrap();
        let at = |key: &str| DateTime::parse_from_rfc3339(feed[key].as_str().unwrap()).unwrap();
        (at("next") - at("checked")).num_minutes()
    };
    let edit = |name: &str, every: &str| {
        assert!(run(home.path(), &["feed", "edit", name, "--every", every]).status.success());
        minutes_until_next(name)
    };
    assert_eq!(minutes_until_next("Plain"), 60);
    assert_eq!((edit("Plain", "15m"), edit("Plain", "1d")), (15, 24 * 60));
    assert_eq!(edit("Fresh", "15m"), 40, "not before the publisher wants it");
    assert!(run(home.path(), &["undo", "2"]).status.success());
    assert_eq!((minutes_until_next("Plain"), minutes_until_next("Fresh")), (15, 60));
    assert_eq!(edit("Plain", ""), 60);
}

#[test]
fn address_without_subcommand_is_previewed() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(|_| TestResponse::ok(feed("Gazette")));
    let url = server.url("/feed");
    let shown = run(home.path(), &[&url]);
    assert!(shown.status.success(), "{shown:?}");
    let expected = format!("{url}\n  Gazette · RSS, 1 article, no dates\n    In Gazette\n");
    assert_eq!(stdout(&shown), expected);
    assert!(stderr(&shown).starts_with(&format!("`newsreader add {url}` subscribes; ")));
    assert_eq!(stdout(&run(home.path(), &["feed", "list"])), "");
    assert!(run(home.path(), &["add", &url]).status.success());
    let again = run(home.path(), &[&url]);
    assert_eq!((stderr(&again).as_str(), again.status.success()), ("", true));
}

#[test]
fn pages_that_lead_to_another_page_are_followed() {
    let home = tempfile::tempdir().unwrap();
    let leads_to = |target: &str| {
        TestResponse::ok(format!("<meta http-equiv=refresh content='0; url={target}'>"))
    };
    let server = Server::start(move |request| match request.path.as_str() {
        "/" => leads_to("/blog/"),
        "/blog/" => TestResponse::ok("<link rel=alternate type=application/rss+xml href=news>"),
        "/direct/" => leads_to("/blog/news"),
        "/loop/" => leads_to("/loop/more/"),
        "/loop/more/" => leads_to("/loop/"),
        "/blog/news" => TestResponse::ok(feed("News")),
        _ => TestResponse::status(404),
    });
    for path in ["/", "/direct/"] {
        let found = stdout(&run(home.path(), &["feed", "discover", &server.url(path)]));
        assert!(found.contains(&server.url("/blog/news")), "{path}: {found}");
    }
    let before = server.requests().len();
    let looped = run(home.path(), &["feed", "discover", &server.url("/loop/")]);
    assert_eq!(looped.status.code(), Some(1), "{looped:?}");
    let paths = server.requests().into_iter().skip(before).map(|request| request.path);
    assert!(paths.filter(|path| path.starts_with("/loop/")).count() <= 6);
}
