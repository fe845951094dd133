//! Full text of articles from their web pages, and saved pages.

use std::{path::Path, sync::Arc};

use chrono::{TimeZone, Utc};
use newsreader::{
    app::{Effect, Message, StoreWrite},
    extract::ExtractionRule,
    library::{FeedSources, FetchedPage, fetch_page, save_page},
    model::{EntryId, Failure, FailureKind, Feed, FullTextArticle, FullTextPolicy, TextSource},
    net::{HttpClient, HttpOptions},
    store::{LibraryLocation, ReadConnection, WriteConnection},
    text::UrlTrust,
};

use crate::support::{
    Stage,
    program::{run, stderr, stdout},
    server::{Server, TestResponse},
    stage,
};

/// A page with an article.
pub const PAGE: &str = "<html lang=en><head><title>The bridge reopens</title><meta name=author content='Anna Weil'>
    <meta property='article:published_time' content='2026-01-28T10:00:00Z'></head><body><nav>Home News</nav><article>
    <h1>The bridge reopens</h1><p>It was shut for two years and a winter, and the ferry that took its place was never
    on time, as everybody who has to cross the river to work will tell you at length.</p><p class=teaser>Buy our
    quarterly almanac, which has everything in it that you could policy for and a calendar too.</p><p>Now the carriages
    roll again, slowly at first, over girders that were painted green by people hanging from ropes, in weather that
    nobody had ordered, for a wage that nobody talks about.</p></article><footer>About</footer></body></html>";

fn stage_with_policy(policy: FullTextPolicy) -> Stage {
    let stage = stage(&["A bridge", "Another"]);
    let change = |feeds: &mut Vec<Feed>| feeds[0].subscription.fetch.full_text = policy;
    stage.with_feeds(change)
}

#[test]
fn full_text_key_fetches_once_and_then_toggles() {
    let requested = stage_with_policy(FullTextPolicy::OnRequest).keys("right x");
    let fetch =
        Effect::FetchFullText(EntryId(1), "https://example.org/1".to_owned(), UrlTrust::Untrusted);
    assert_eq!(requested.effects, [fetch]);
    assert!(requested.screen().contains("Fetching the full text"));
    let again = requested.keys("x");
    assert_eq!(again.effects, [], "the request is running");
    let full = again
        .full_text(1, "The whole text.", TextSource::Page)
        .send(Message::FullTextChanged(EntryId(1)))
        .size(120, 24);
    assert!(full.screen().contains("1 min · from example.org"), "{}", full.screen());
    let back = full.keys("x");
    assert_eq!(back.effects, [Effect::Write(StoreWrite::ShowText(EntryId(1), TextSource::Feed))]);
}

#[test]
fn policy_always_fetches_on_open_without_retry() {
    let passed_over = stage_with_policy(FullTextPolicy::Always).keys("down up");
    assert!(
        !passed_over.app.jobs.is_fetching_full_text(EntryId(1)),
        "passing over an article fetches nothing"
    );
    let shown = passed_over.keys("right");
    assert!(shown.app.jobs.is_fetching_full_text(EntryId(1)));
    let failure =
        Failure::new(FailureKind::Feed, "No full text from example.org: the server answered 404");
    let failed = shown.send(Message::FullTextFailed(EntryId(1), failure));
    assert!(failed.screen().contains("the server answered 404"));
    let later = failed.keys("down up");
    assert!(!later.effects.iter().any(|effect| matches!(effect, Effect::FetchFullText(..))));
}

#[test]
fn policy_never_does_not_fetch() {
    let requested = stage_with_policy(FullTextPolicy::Never).keys("right x");
    assert_eq!(requested.effects, []);
    assert!(requested.screen().contains("set to never"), "{}", requested.screen());
}

fn sources_with_rules(rules: Vec<ExtractionRule>) -> FeedSources {
    FeedSources {
        http: Arc::new(HttpClient::new(&HttpOptions::default()).unwrap()),
        extract_rules: rules,
        ..FeedSources::offline()
    }
}

#[test]
fn fetch_page_extracts_article_by_user_rules() {
    let server = Server::start(|request| match request.path.as_str() {
        "/bridge" => TestResponse::ok(PAGE).with("Content-Type", "text/html; charset=utf-8"),
        "/picture" => TestResponse::ok("x").with("Content-Type", "image/png"),
        "/huge" => TestResponse::ok(vec![b'a'; 9 << 20]).with("Content-Type", "text/html"),
        "/empty" => {
            TestResponse::ok("<html><body></body></html>").with("Content-Type", "text/html")
        }
        _ => TestResponse::status(404),
    });
    let found = fetch_page(
        &sources_with_rules(Vec::new()),
        &server.url("/bridge"),
        UrlTrust::UserSupplied,
        "",
    )
    .unwrap();
    assert!(found.article.html.contains("carriages") && !found.article.html.contains("Home News"));
    assert_eq!(found.article.metadata.author.as_deref(), Some("Anna Weil"));
    let rule = ExtractionRule {
        host: "127.0.0.1".into(),
        keep: vec!["article".into()],
        drop: vec![".teaser".into()],
    };
    let ruled = fetch_page(
        &sources_with_rules(vec![rule]),
        &server.url("/bridge"),
        UrlTrust::UserSupplied,
        "",
    )
    .unwrap();
    assert!(ruled.article.html.contains("carriages") && !ruled.article.html.contains("almanac"));
    let huge = fetch_page(
        &sources_with_rules(Vec::new()),
        &server.url("/huge"),
        UrlTrust::UserSupplied,
        "",
    )
    .err()
    .unwrap();
    assert!(huge.summary.contains("larger than 8 MiB"), "{}", huge.summary);
    for (path, reason) in
        [("/picture", "it is not a web page"), ("/empty", "no article"), ("/gone", "answered 404")]
    {
        let failure = fetch_page(
            &sources_with_rules(Vec::new()),
            &server.url(path),
            UrlTrust::UserSupplied,
            "",
        )
        .err()
        .unwrap();
        assert!(failure.summary.contains(reason), "{}", failure.summary);
    }
    let guarded = fetch_page(
        &sources_with_rules(Vec::new()),
        &server.url("/bridge"),
        UrlTrust::Untrusted,
        "",
    )
    .err()
    .unwrap();
    assert!(guarded.summary.contains("private"), "{}", guarded.summary);
}

#[test]
fn saving_edited_page_drops_its_full_text() {
    let location = LibraryLocation::Memory("full-text".to_owned());
    let (mut store, reader) =
        (WriteConnection::open(&location).unwrap(), ReadConnection::open(&location).unwrap());
    let article =
        newsreader::extract::extract_article(PAGE, "https://example.org/bridge", &[]).unwrap();
    save_page(
        &mut store,
        FetchedPage { url: "https://example.org/bridge".into(), article: article.clone() },
        Utc::now(),
    )
    .unwrap();
    let id = EntryId(1);
    let at = Utc.with_ymd_and_hms(2026, 11, 23, 8, 0, 0).unwrap();
    let full_text = FullTextArticle {
        url: "https://example.org/full".into(),
        html: "<p>Zeppelin</p>".into(),
        shown: true,
        fetched_at: at,
    };
    store.save_full_text(id, &full_text).unwrap();
    assert_eq!(reader.load_full_text(id).unwrap(), Some(full_text));
    assert!(reader.load_body(id).unwrap().unwrap().text.contains("carriages"));
    store.set_full_text_shown(id, false).unwrap();
    assert!(!reader.load_full_text(id).unwrap().unwrap().shown);
    let mut edited = article;
    edited.html.push_str("<p>Corrected.</p>");
    save_page(
        &mut store,
        FetchedPage { url: "https://example.org/bridge".into(), article: edited },
        Utc::now(),
    )
    .unwrap();
    assert_eq!(reader.load_full_text(id).unwrap(), None);
}

#[test]
fn saved_page_without_date_has_none() {
    let server = Server::start(|request| {
        let undated = PAGE.replace("article:published_time", "x");
        let page = if request.path == "/dated" { PAGE.to_owned() } else { undated };
        TestResponse::ok(page).with("Content-Type", "text/html")
    });
    let home = tempfile::tempdir().unwrap();
    for path in ["/undated", "/dated"] {
        let saved = output_of(home.path(), &["save", &server.url(path)]);
        assert!(saved.contains("The bridge reopens"), "{saved}");
    }
    let listed = output_of(home.path(), &["search", "--json"]);
    let (undated, dated) = listed.split_once("\"id\":2").unwrap();
    assert!(
        undated.contains("\"published\":null") && undated.contains("\"received\":\"2"),
        "{listed}"
    );
    assert!(dated.contains("\"published\":\"2026-01-28T10:00:00Z\""), "{listed}");
    assert!(!dated.contains("received"), "{listed}");
    let read = output_of(home.path(), &["read", "1"]);
    assert!(read.contains("· saved "), "{read}");
}

/// Runs the program and returns its standard output and standard error.
fn output_of(home: &Path, args: &[&str]) -> String {
    let output = run(home, args);
    stdout(&output) + &stderr(&output)
}

#[test]
fn save_command_stores_page_as_article() {
    let server = Server::start(|_| TestResponse::ok(PAGE).with("Content-Type", "text/html"));
    let home = tempfile::tempdir().unwrap();
    let url = server.url("/bridge");
    assert_eq!(output_of(home.path(), &["save", &url]), "Saved: The bridge reopens\n");
    assert_eq!(output_of(home.path(), &["save", &url]), "Saved again: The bridge reopens\n");
    assert_eq!(
        output_of(home.path(), &["list", "carriages"]),
        "1\t2026-01-28\t127.0.0.1\tThe bridge reopens\n"
    );
    let read = output_of(home.path(), &["read", "1", "--format", "markdown"]);
    assert!(
        read.starts_with(
            "# The bridge reopens\n\n127\\.0.0.1 · Anna Weil · 28 January 2026 · <http://127"
        ),
        "{read}"
    );
    let without_scheme = url.replace("http://", "");
    let again = output_of(home.path(), &["save", &without_scheme]);
    assert_eq!(again, "Saved again: The bridge reopens\n", "a host without https");
    let refused = output_of(home.path(), &["save", &server.url("/x"), "not an address"]);
    assert!(refused.contains("is not the address of a site, such as example.org"), "{refused}");
}

#[test]
fn saved_page_names_its_site_as_its_source() {
    let site = "<meta property='og:site_name' content='Harbour News'></head>";
    let page = PAGE.replace("</head>", site);
    let server =
        Server::start(move |_| TestResponse::ok(page.clone()).with("Content-Type", "text/html"));
    let home = tempfile::tempdir().unwrap();
    output_of(home.path(), &["save", &server.url("/bridge")]);
    let read = output_of(home.path(), &["read", "1"]);
    assert!(read.contains("Harbour News · Anna Weil · 28 January 2026"), "{read}");
    let listed = output_of(home.path(), &["list", "in:saved"]);
    assert_eq!(listed, "1\t2026-01-28\tHarbour News\tThe bridge reopens\n");
    let json = output_of(home.path(), &["list", "--json"]);
    assert!(json.contains("\"feed\":\"Saved\""), "{json}");
}

#[test]
fn footnotes_of_full_text_lead_to_their_notes() {
    let notes = "<section class=footnotes><ol><li id='fn1'>The ferry was sold. <a href='#ref1'>back</a></li>\
                 <li id='fn2'>The girders are of 1911. <a href='https://example.org/bridge#ref2'>back</a></li></ol></section>";
    let page =
        PAGE.replace("two years", "two years<sup id=ref1><a href='#fn1'>1</a></sup>").replace(
            "that nobody talks about.</p>",
            &format!(
                "that nobody talks about.<sup id=ref2>\
                 <a href='https://example.org/bridge#fn2'>2</a></sup></p>{notes}"
            ),
        );
    let url = "https://example.org/bridge";
    let article = newsreader::extract::extract_article(&page, url, &[]).unwrap();
    let document = newsreader::markup::parse_html(&article.html, Some(url));
    let notes = newsreader::markup::Flow::new(document).footnote_previews();
    let texts: Vec<&str> = notes.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(texts, ["The ferry was sold. back", "The girders are of 1911. back"]);
}
