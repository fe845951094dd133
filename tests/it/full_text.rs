//! Reading an article from the page of its original, and saving pages.

use std::{path::Path, sync::Arc};

use chrono::{TimeZone, Utc};
use newsreader::{
    app::{Effect, Message, StoreWrite},
    extract::ExtractionRule,
    model::{EntryId, Failure, FailureKind, Feed, FullTextArticle, FullTextPolicy},
    net::{HttpClient, HttpOptions},
    runtime::{FeedSources, FetchedPage, fetch_page, save_page},
    store::{LibraryLocation, ReadConnection, WriteConnection},
};

use crate::support::{
    Stage,
    program::{err, out, run},
    server::{Answer, Server},
    stage,
};

const PAGE: &str = "<html lang=en><head><title>The bridge reopens</title><meta name=author content='Anna Weil'>
    <meta property='article:published_time' content='2026-01-28T10:00:00Z'></head><body><nav>Home News</nav><article>
    <h1>The bridge reopens</h1><p>It was shut for two years and a winter, and the ferry that took its place was never
    on time, as everybody who has to cross the river to work will tell you at length.</p><p class=teaser>Buy our
    quarterly almanac, which has everything in it that you could wish for and a calendar too.</p><p>Now the carriages
    roll again, slowly at first, over girders that were painted green by people hanging from ropes, in weather that
    nobody had ordered, for a wage that nobody talks about.</p></article><footer>About</footer></body></html>";

fn with_wish(wish: FullTextPolicy) -> Stage {
    let stage = stage(&["A bridge", "Another"]);
    let change = |feeds: &mut Vec<Feed>| feeds[0].subscription.fetch.full_text = wish;
    stage.with_feeds(change)
}

#[test]
fn a_key_fetches_it_once_and_then_changes_between_both() {
    let asked = with_wish(FullTextPolicy::OnRequest).keys("right x");
    let fetch = Effect::FetchFullText(EntryId(1), "https://example.org/1".to_owned(), false);
    assert_eq!(asked.effects, [fetch]);
    assert!(asked.screen().contains("Fetching the full text"));
    let again = asked.keys("x");
    assert_eq!(again.effects, [], "it is on its way");
    let full = again
        .full_text(1, "The whole text.", true)
        .send(Message::FullTextChanged(EntryId(1)))
        .size(120, 24);
    assert!(full.screen().contains("1 min · from example.org"), "{}", full.screen());
    let back = full.keys("x");
    assert_eq!(back.effects, [Effect::Write(StoreWrite::ShowFullText(EntryId(1), false))]);
}

#[test]
fn what_is_always_wanted_comes_by_itself_and_is_not_asked_for_twice() {
    let passed = with_wish(FullTextPolicy::Always).keys("down up");
    assert!(!passed.app.jobs.is_fetching_full_text(EntryId(1)), "nothing is fetched in passing");
    let shown = passed.keys("right");
    assert!(shown.app.jobs.is_fetching_full_text(EntryId(1)));
    let failure =
        Failure::new(FailureKind::Feed, "No full text from example.org: the server answered 404");
    let failed = shown.send(Message::FullTextFailed(EntryId(1), failure));
    assert!(failed.screen().contains("the server answered 404"));
    let later = failed.keys("down up");
    assert!(!later.effects.iter().any(|effect| matches!(effect, Effect::FetchFullText(..))));
}

#[test]
fn what_is_never_wanted_is_not_fetched() {
    let asked = with_wish(FullTextPolicy::Never).keys("right x");
    assert_eq!(asked.effects, []);
    assert!(asked.screen().contains("set to never"), "{}", asked.screen());
}

fn sources(rules: Vec<ExtractionRule>) -> FeedSources {
    FeedSources {
        http: Arc::new(HttpClient::new(&HttpOptions::default()).unwrap()),
        extract_rules: rules,
        ..FeedSources::offline()
    }
}

#[test]
fn a_page_gives_its_article_by_the_users_rules() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/bridge" => Answer::ok(PAGE).with("Content-Type", "text/html; charset=utf-8"),
        "/picture" => Answer::ok("x").with("Content-Type", "image/png"),
        "/huge" => Answer::ok(vec![b'a'; 9 << 20]).with("Content-Type", "text/html"),
        "/empty" => Answer::ok("<html><body></body></html>").with("Content-Type", "text/html"),
        _ => Answer::status(404),
    });
    let found = fetch_page(&sources(Vec::new()), &server.url("/bridge"), true).unwrap();
    assert!(found.article.html.contains("carriages") && !found.article.html.contains("Home News"));
    assert_eq!(found.article.author.as_deref(), Some("Anna Weil"));
    let rule = ExtractionRule {
        host: "127.0.0.1".into(),
        keep: vec!["article".into()],
        drop: vec![".teaser".into()],
    };
    let ruled = fetch_page(&sources(vec![rule]), &server.url("/bridge"), true).unwrap();
    assert!(ruled.article.html.contains("carriages") && !ruled.article.html.contains("almanac"));
    let huge = fetch_page(&sources(Vec::new()), &server.url("/huge"), true).err().unwrap();
    assert!(huge.summary.contains("larger than 8 MiB"), "{}", huge.summary);
    for (path, reason) in
        [("/picture", "it is no web page"), ("/empty", "no article"), ("/gone", "answered 404")]
    {
        let failure = fetch_page(&sources(Vec::new()), &server.url(path), true).err().unwrap();
        assert!(failure.summary.contains(reason), "{}", failure.summary);
    }
    let guarded = fetch_page(&sources(Vec::new()), &server.url("/bridge"), false).err().unwrap();
    assert!(guarded.summary.contains("private"), "{}", guarded.summary);
}

#[test]
fn both_texts_are_kept_and_an_edit_asks_for_the_page_anew() {
    let location = LibraryLocation::Memory("full-text".to_owned());
    let (mut store, reader) =
        (WriteConnection::open(&location).unwrap(), ReadConnection::open(&location).unwrap());
    let article =
        newsreader::extract::extract_article(PAGE, "https://example.org/bridge", &[]).unwrap();
    save_page(
        &mut store,
        FetchedPage { url: "https://example.org/bridge".into(), article: article.clone() },
    )
    .unwrap();
    let id = EntryId(1);
    let at = Utc.with_ymd_and_hms(2026, 11, 23, 8, 0, 0).unwrap();
    let original = FullTextArticle {
        url: "https://example.org/full".into(),
        html: "<p>Zeppelin</p>".into(),
        shown: true,
        fetched_at: at,
    };
    store.save_full_text(id, &original).unwrap();
    assert_eq!(reader.load_full_text(id).unwrap(), Some(original));
    assert!(reader.load_body(id).unwrap().unwrap().text.contains("carriages"));
    store.set_full_text_shown(id, false).unwrap();
    assert!(!reader.load_full_text(id).unwrap().unwrap().shown);
    let mut edited = article;
    edited.html.push_str("<p>Corrected.</p>");
    save_page(
        &mut store,
        FetchedPage { url: "https://example.org/bridge".into(), article: edited },
    )
    .unwrap();
    assert_eq!(reader.load_full_text(id).unwrap(), None);
}

/// What the program says, one way or the other.
fn said(home: &Path, args: &[&str]) -> String {
    let output = run(home, args);
    out(&output) + &err(&output)
}

#[test]
fn a_saved_page_is_an_article_like_others() {
    let server = Server::start(|_| Answer::ok(PAGE).with("Content-Type", "text/html"));
    let home = tempfile::tempdir().unwrap();
    let url = server.url("/bridge");
    assert_eq!(said(home.path(), &["save", &url]), "Saved: The bridge reopens\n");
    assert_eq!(said(home.path(), &["save", &url]), "Saved again: The bridge reopens\n");
    assert_eq!(
        said(home.path(), &["list", "carriages"]),
        "1\t2026-01-28\tSaved\tThe bridge reopens\n"
    );
    let read = said(home.path(), &["read", "1", "--format", "markdown"]);
    assert!(
        read.starts_with(
            "# The bridge reopens\n\nSaved · Anna Weil · 28 January 2026 · <http://127"
        ),
        "{read}"
    );
    let refused = said(home.path(), &["save", &server.url("/x"), "not an address"]);
    assert!(refused.contains("is no address of a page"), "{refused}");
}
