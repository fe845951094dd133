//! Requests for URLs that the user did not type: none of them reaches the private network.
//!
//! Each test is one way in. The servers have addresses of a [`TestInternet`].

use std::sync::Arc;

use newsreader::{
    app::{Effect, ImageKey},
    library::{FeedSources, ImageFiles, discover_feeds, fetch_page, subscribe_all},
    model::{
        DiscoveredSite, Failure, Feed, FeedId, FeedKind, FeedNetwork, FetchOptions, FullTextPolicy,
        NewFeed, RefreshScope, Subscription,
    },
    net::{
        Fetch as _, FetchLimits, FetchProblem, FetchRequest, HttpClient, HttpOptions, NetworkScope,
    },
    settings::{SettingsLayer, merge_layers},
    text::UrlTrust,
};

use crate::{
    refresh::{FeedLibrary, rss_document},
    support::{
        server::{Server, TestResponse},
        stage, stage_with,
        stand_in::TestInternet,
    },
};

/// An address of the public internet.
const PUBLIC: &str = "93.184.216.34";

const ADVICE: &str = "is in the private network; subscribe to it directly if you trust it";

/// Starts a server whose every page is a feed.
fn feed_server() -> Server {
    Server::start(|_| TestResponse::ok(rss_document([1])))
}

/// Starts a server whose every page is `body`.
fn page_server(body: &str) -> Server {
    let body = body.to_owned();
    Server::start(move |_| TestResponse::ok(body.clone()).with("Content-Type", "text/html"))
}

fn link_to(urls: &[&str]) -> String {
    let link = |url: &&str| format!("<link rel=alternate type=application/rss+xml href='{url}'>");
    urls.iter().map(link).collect()
}

fn sources(internet: &TestInternet) -> FeedSources {
    FeedSources { http: Arc::new(internet.client()), ..FeedSources::offline() }
}

fn discover(internet: &TestInternet, typed: &str) -> Result<DiscoveredSite, Failure> {
    discover_feeds(&sources(internet), &[], typed, &FetchOptions::default())
}

fn new_feed(site: &DiscoveredSite) -> NewFeed {
    let candidate = &site.feeds[0];
    NewFeed {
        url: candidate.url.clone(),
        title: candidate.title.clone(),
        subscription: Subscription::default(),
        network: candidate.network.clone(),
        account: None,
    }
}

/// Subscribes as the user does: discovers the feed at `typed` and takes the first.
fn subscribe(library: &mut FeedLibrary, typed: &str) -> FeedId {
    let site = discover_feeds(&library.sources, &[], typed, &FetchOptions::default()).unwrap();
    subscribe_all(&mut library.store, &[new_feed(&site)]).unwrap()[0]
}

#[test]
fn discovery_on_a_public_page_asks_no_private_address() {
    let internet = TestInternet::default();
    internet.name("page.example", &[PUBLIC]);
    internet.name("inside.example", &["127.0.0.1"]);
    internet.name("both.example", &["127.0.0.1", "fd00::1"]);
    let page = page_server(&link_to(&[
        "http://127.0.0.1:6379/feed",
        "http://[::1]/feed",
        "http://10.9.8.7/feed",
        "http://inside.example/feed",
        "http://both.example/feed",
        "http://localhost/feed",
    ]));
    internet.serve(&format!("{PUBLIC}:80"), &page);
    let secret = feed_server();
    for address in ["127.0.0.1:6379", "127.0.0.1:80", "[::1]:80", "10.9.8.7:80", "[fd00::1]:80"] {
        internet.serve(address, &secret);
    }
    let failure = discover(&internet, "http://page.example/").unwrap_err();
    let start = format!(
        "No feed found at http://page.example/. http://127.0.0.1:6379/feed was not fetched: 127.0.0.1 \
         {ADVICE}. http://[::1]/feed was"
    );
    assert!(failure.summary.starts_with(&start), "{failure:?}");
    assert_eq!(internet.connections(), [format!("{PUBLIC}:80")]);
}

#[test]
fn discovery_on_a_private_page_stays_at_its_origin() {
    let internet = TestInternet::default();
    let page = page_server(&link_to(&["http://10.0.0.5:6379/feed", "http://10.0.0.6/feed"]));
    internet.serve("10.0.0.5:80", &page);
    let secret = feed_server();
    internet.serve("10.0.0.5:6379", &secret);
    internet.serve("10.0.0.6:80", &secret);
    assert!(discover(&internet, "http://10.0.0.5/").is_err());
    assert_eq!(internet.connections(), ["10.0.0.5:80"]);
}

#[test]
fn discovery_tries_http_in_the_private_network() {
    let internet = TestInternet::default();
    internet.name("nas.example", &["10.0.0.5"]);
    let server = feed_server();
    internet.serve("10.0.0.5:80", &server);
    let site = discover(&internet, "nas.example/feed").unwrap();
    let origin = "http://nas.example".to_owned();
    assert_eq!(site.feeds[0].network, FeedNetwork::Private { origin });
}

#[test]
fn discovery_of_a_rebound_page_stays_public() {
    let internet = TestInternet::default();
    internet.name("page.example", &[PUBLIC]);
    let rebinding = internet.clone();
    let page = Server::start(move |_| {
        rebinding.name("page.example", &["127.0.0.1"]);
        TestResponse::ok(link_to(&["/feed"])).with("Content-Type", "text/html")
    });
    internet.serve(&format!("{PUBLIC}:80"), &page);
    internet.serve("127.0.0.1:80", &feed_server());
    assert!(discover(&internet, "http://page.example/").is_err());
    assert_eq!(internet.connections(), [format!("{PUBLIC}:80")]);
}

#[test]
fn feed_that_a_page_named_is_not_trusted_later() {
    let internet = TestInternet::default();
    internet.name("page.example", &[PUBLIC]);
    internet.name("feed.example", &["93.184.216.35"]);
    let (page, feed) = (page_server(&link_to(&["http://feed.example/feed"])), feed_server());
    internet.serve(&format!("{PUBLIC}:80"), &page);
    internet.serve("93.184.216.35:80", &feed);
    let mut library = FeedLibrary::with_client("named", internet.client());
    let id = subscribe(&mut library, "http://page.example/");
    assert_eq!(library.feed(id).network, FeedNetwork::Public);
    let secret = feed_server();
    internet.serve("10.0.0.1:80", &secret);
    internet.name("feed.example", &["10.0.0.1"]);
    library.refresh(RefreshScope::All);
    library.refresh(RefreshScope::All);
    assert_eq!(library.health_message(id), format!("feed.example: 10.0.0.1 {ADVICE}"));
    assert!(secret.requests().is_empty());
}

#[test]
fn typed_feed_that_is_rebound_is_refused_until_subscribed_again() {
    let internet = TestInternet::default();
    internet.name("post.example", &[PUBLIC]);
    let (public, private) = (feed_server(), feed_server());
    internet.serve(&format!("{PUBLIC}:80"), &public);
    internet.serve("192.168.1.9:80", &private);
    let mut library = FeedLibrary::with_client("rebound", internet.client());
    // Without discovery, as from a subscription list: the first refresh finds out.
    let id = library.subscribe("http://post.example/feed");
    assert_eq!(library.feed(id).network, FeedNetwork::Unknown);
    library.refresh(RefreshScope::All);
    assert_eq!(library.feed(id).network, FeedNetwork::Public);
    internet.name("post.example", &["192.168.1.9"]);
    library.refresh(RefreshScope::All);
    assert_eq!(library.health_message(id), format!("post.example: 192.168.1.9 {ADVICE}"));
    assert!(private.requests().is_empty());
    let site =
        discover_feeds(&library.sources, &[], "http://post.example/feed", &FetchOptions::default());
    assert!(subscribe_all(&mut library.store, &[new_feed(&site.unwrap())]).unwrap().is_empty());
    library.refresh(RefreshScope::All);
    assert_eq!(library.health_message(id), "");
    assert_eq!(library.feed(id).network.private_origin(), Some("http://post.example"));
}

#[test]
fn feed_that_was_private_when_typed_stays_allowed() {
    let internet = TestInternet::default();
    internet.name("nas.example", &["10.0.0.5"]);
    let server = feed_server();
    internet.serve("10.0.0.5:80", &server);
    internet.serve("10.0.0.6:80", &server);
    let mut library = FeedLibrary::with_client("private", internet.client());
    let typed = subscribe(&mut library, "http://nas.example/feed");
    let listed = library.subscribe("http://10.0.0.6/feed");
    internet.name("nas.example", &["10.0.0.6"]);
    for _ in 0..3 {
        library.refresh(RefreshScope::All);
        assert_eq!(library.health_message(typed) + &library.health_message(listed), "");
    }
    assert_eq!(server.requests().len(), 1 + 2 + 3, "discovery and all refreshes");
}

#[test]
fn name_with_addresses_in_both_networks_is_reached_in_public_only() {
    let internet = TestInternet::default();
    internet.name("both.example", &["127.0.0.1", PUBLIC]);
    let public = feed_server();
    internet.serve(&format!("{PUBLIC}:80"), &public);
    internet.serve("127.0.0.1:80", &feed_server());
    let mut library = FeedLibrary::with_client("both", internet.client());
    let id = subscribe(&mut library, "http://both.example/feed");
    library.refresh(RefreshScope::All);
    assert_eq!(library.feed(id).network, FeedNetwork::Public);
    assert_eq!(internet.connections(), [format!("{PUBLIC}:80")]);
}

/// Returns a feed whose one article links to `url`.
fn feed_linking_to(url: &str) -> Server {
    let document = rss_document([1]).replace("https://post.example/1", url);
    Server::start(move |_| TestResponse::ok(document.clone()))
}

#[test]
fn full_text_of_a_feed_asks_no_other_port_and_no_other_address() {
    let internet = TestInternet::default();
    internet.name("both.example", &["127.0.0.1", PUBLIC]);
    internet.name("nas.example", &["10.0.0.5"]);
    let secret = page_server("<article><p>Secret</p></article>");
    for address in ["127.0.0.1:6379", "127.0.0.1:80", "10.0.0.5:6379"] {
        internet.serve(address, &secret);
    }
    let feeds = [
        (format!("{PUBLIC}:80"), feed_linking_to("http://both.example:6379/")),
        ("10.0.0.5:80".to_owned(), feed_linking_to("http://nas.example:6379/")),
    ];
    for (address, server) in &feeds {
        internet.serve(address, server);
    }
    let mut library = FeedLibrary::with_client("full-text-ports", internet.client());
    let mut always = Subscription::default();
    always.fetch.full_text = FullTextPolicy::Always;
    for url in ["http://both.example/feed", "http://nas.example/feed"] {
        library.store.subscribe(FeedKind::Web, url, url, &always).unwrap();
    }
    assert_eq!(library.refresh(RefreshScope::All).new_entries, 2);
    assert!(secret.requests().is_empty());
    let public_port = format!("{PUBLIC}:6379");
    assert_eq!(
        internet.connections(),
        ["10.0.0.5:80", &format!("{PUBLIC}:80"), &public_port],
        "the public address may be asked at any port"
    );
}

#[test]
fn full_text_of_a_private_feed_is_fetched_at_its_origin() {
    let internet = TestInternet::default();
    internet.name("nas.example", &["10.0.0.5"]);
    let document = rss_document([1]).replace("https://post.example/1", "http://nas.example/1");
    let server = Server::start(move |request| match request.path.as_str() {
        "/feed" => TestResponse::ok(document.clone()),
        _ => TestResponse::ok("<p>Text</p>").with("Content-Type", "text/html"),
    });
    internet.serve("10.0.0.5:80", &server);
    let mut library = FeedLibrary::with_client("full-text-private", internet.client());
    let mut always = Subscription::default();
    always.fetch.full_text = FullTextPolicy::Always;
    library.store.subscribe(FeedKind::Web, "http://nas.example/feed", "NAS", &always).unwrap();
    library.refresh(RefreshScope::All);
    let paths: Vec<String> = server.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/feed", "/1"]);
}

#[test]
fn full_text_that_is_opened_and_pictures_get_the_trust_of_the_private_origin_only() {
    let at = |network: FeedNetwork| {
        let change = |feeds: &mut Vec<Feed>| feeds[0].network = network.clone();
        let opened = stage(&["A bridge"]).with_feeds(change).keys("right x");
        let mut trust = Vec::new();
        for effect in &opened.effects {
            if let Effect::FetchFullText(_, _, of_link) = effect {
                trust.push(*of_link);
            }
        }
        let values = [("article.images".to_owned(), "on".to_owned())];
        let settings = merge_layers(vec![SettingsLayer::from_values("a test", &values)]).0;
        let picture = "<p>A</p><img src='https://example.org/a.png' width=160 height=80>";
        let shown =
            stage_with(&["A picture"], settings, newsreader::model::SessionState::default())
                .html(1, picture)
                .size(80, 24)
                .with_feeds(change)
                .keys("right z");
        for effect in &shown.effects {
            if let Effect::LoadImage(ImageKey { .. }, of_link) = effect {
                trust.push(*of_link);
            }
        }
        trust
    };
    let private = |origin: &str| FeedNetwork::Private { origin: origin.to_owned() };
    let [trusted, untrusted] = [[UrlTrust::UserSupplied; 2], [UrlTrust::Untrusted; 2]];
    assert_eq!(at(private("https://example.org")), trusted);
    for network in [
        private("https://example.org:6379"),
        private("http://example.org"),
        FeedNetwork::Public,
        FeedNetwork::Unknown,
    ] {
        assert_eq!(at(network.clone()), untrusted, "{network:?}");
    }
}

#[test]
fn untrusted_pages_and_pictures_ask_no_private_address() {
    let internet = TestInternet::default();
    internet.name("inside.example", &["10.0.0.5"]);
    let secret = feed_server();
    internet.serve("10.0.0.5:80", &secret);
    let files = ImageFiles { sources: sources(&internet), cache_folder: None, max_bytes: 1 << 20 };
    for url in ["http://inside.example/", "http://10.0.0.5/", "http://0x0a.0.0.5/"] {
        let page = fetch_page(&files.sources, url, UrlTrust::Untrusted, "").err().unwrap();
        let picture = files.load_image_bytes(url, UrlTrust::Untrusted).unwrap_err();
        for failure in [page, picture] {
            assert!(failure.summary.ends_with(&format!("10.0.0.5 {ADVICE}")), "{failure:?}");
        }
    }
    assert_eq!(internet.connections(), [""; 0]);
}

#[test]
fn redirects_stay_out_of_the_private_network() {
    let internet = TestInternet::default();
    internet.name("page.example", &[PUBLIC]);
    internet.name("nas.example", &["10.0.0.5"]);
    internet.name("inside.example", &["10.0.0.6"]);
    let secret = feed_server();
    for address in ["10.0.0.5:6379", "10.0.0.6:80", "127.0.0.1:80"] {
        internet.serve(address, &secret);
    }
    let redirecting = Server::start(|request| {
        let to = request.path.trim_start_matches("/?");
        TestResponse::status(302).with("Location", &format!("http://{to}"))
    });
    internet.serve(&format!("{PUBLIC}:80"), &redirecting);
    internet.serve("10.0.0.5:80", &redirecting);
    for from in ["page.example", "nas.example", "10.0.0.5"] {
        for to in ["inside.example/", "nas.example:6379/", "10.0.0.5:6379/", "127.0.0.1/"] {
            let request = FetchRequest::user_supplied(format!("http://{from}/?{to}"));
            let refused = internet.client().fetch(&request, &FetchLimits::default()).unwrap_err();
            assert!(
                matches!(refused.problem, FetchProblem::PrivateAddress { .. }),
                "{from} to {to}: {refused}"
            );
        }
    }
    assert!(secret.requests().is_empty());
}

#[test]
fn redirect_within_a_rebound_origin_is_refused() {
    let internet = TestInternet::default();
    internet.name("page.example", &[PUBLIC]);
    let rebinding = internet.clone();
    let page = Server::start(move |_| {
        rebinding.name("page.example", &["127.0.0.1"]);
        TestResponse::status(302).with("Location", "/other")
    });
    internet.serve(&format!("{PUBLIC}:80"), &page);
    internet.serve("127.0.0.1:80", &feed_server());
    let request = FetchRequest::user_supplied("http://page.example/");
    let refused = internet.client().fetch(&request, &FetchLimits::default()).unwrap_err();
    assert_eq!(refused.to_string(), format!("page.example: 127.0.0.1 {ADVICE}"));
    assert_eq!(internet.connections(), [format!("{PUBLIC}:80")]);
}

#[test]
fn announced_url_in_the_private_network_is_not_asked() {
    let internet = TestInternet::default();
    internet.name("post.example", &[PUBLIC]);
    internet.name("nas.example", &["10.0.0.5"]);
    let announce = |to: &str| {
        let element = format!(
            "<n:new-feed-url xmlns:n='http://www.itunes.com/dtds/podcast-1.0.dtd'>{to}\
             </n:new-feed-url><item>"
        );
        let document = rss_document([1]).replace("<item>", &element);
        Server::start(move |_| TestResponse::ok(document.clone()))
    };
    let servers = [
        (format!("{PUBLIC}:80"), announce("http://10.0.0.5:6379/")),
        ("10.0.0.5:80".to_owned(), announce("http://nas.example:6379/")),
    ];
    for (address, server) in &servers {
        internet.serve(address, server);
    }
    let secret = feed_server();
    internet.serve("10.0.0.5:6379", &secret);
    let mut library = FeedLibrary::with_client("announced-private", internet.client());
    let feeds = ["http://post.example/feed", "http://nas.example/feed"];
    let ids = feeds.map(|url| library.subscribe(url));
    for _ in 0..4 {
        library.refresh(RefreshScope::All);
    }
    assert_eq!(ids.map(|id| library.feed(id).url), feeds);
    assert!(secret.requests().is_empty());
}

#[test]
fn private_feed_is_public_after_its_move_and_private_after_undo() {
    let internet = TestInternet::default();
    internet.name("nas.example", &["10.0.0.5"]);
    internet.name("post.example", &[PUBLIC]);
    let old =
        Server::start(|_| TestResponse::status(301).with("Location", "http://post.example/feed"));
    internet.serve("10.0.0.5:80", &old);
    let new = feed_server();
    internet.serve(&format!("{PUBLIC}:80"), &new);
    let mut library = FeedLibrary::with_client("moved-private", internet.client());
    let id = library.subscribe("http://nas.example/feed");
    for _ in 0..3 {
        library.refresh(RefreshScope::All);
    }
    assert_eq!(library.feed(id).url, "http://post.example/feed");
    internet.name("post.example", &["10.0.0.5"]);
    library.refresh(RefreshScope::All);
    assert!(library.health_message(id).ends_with(ADVICE));
    internet.name("post.example", &[PUBLIC]);
    library.store.undo().unwrap();
    assert_eq!(library.feed(id).url, "http://nas.example/feed");
    library.refresh(RefreshScope::All);
    assert_eq!(library.health_message(id), "", "the user had typed this origin");
}

#[test]
fn private_addresses_are_not_asked_of_a_proxy() {
    let proxy = feed_server();
    let options = HttpOptions { proxy: Some(proxy.url("")), ..HttpOptions::default() };
    let client = HttpClient::new(&options).unwrap();
    for url in ["http://10.0.0.5/", "http://localhost:6379/", "http://[::1]/", "http://0x7f.1/"] {
        let request = FetchRequest::new(url, UrlTrust::Untrusted);
        let refused = client.fetch(&request, &FetchLimits::default()).unwrap_err();
        assert!(matches!(refused.problem, FetchProblem::PrivateAddress { .. }), "{url}: {refused}");
    }
    assert!(proxy.requests().is_empty());
    let sources = FeedSources { http: Arc::new(client), ..FeedSources::offline() };
    let _ = fetch_page(&sources, "http://page.example/", UrlTrust::Untrusted, "");
    assert!(!proxy.requests().is_empty(), "the proxy is asked for others");
}

#[test]
fn response_says_in_which_network_its_origin_is() {
    let internet = TestInternet::default();
    internet.name("page.example", &[PUBLIC]);
    let server = feed_server();
    internet.serve(&format!("{PUBLIC}:80"), &server);
    internet.serve("10.0.0.5:80", &server);
    for (url, network) in [
        ("http://page.example/", NetworkScope::Public),
        ("http://10.0.0.5/", NetworkScope::Private),
    ] {
        let request = FetchRequest::user_supplied(url);
        let response = internet.client().fetch(&request, &FetchLimits::default()).unwrap();
        assert_eq!(response.network, Some(network), "{url}");
    }
}
