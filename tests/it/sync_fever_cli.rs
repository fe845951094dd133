//! Accounts on servers with the Fever API, on the command line.

use std::path::Path;

use serde_json::Value;

use crate::{
    support::{fake_fever::FakeFever, fake_greader::FakeGreader},
    sync_cli::run,
};

/// Adds an account of ann called News.
fn add(home: &Path, server: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let args = ["account", "add", "--server", server, "--user", "ann", "--name", "News"];
    run(home, &[&args[..], &["--password", "env:NEWS_PASSWORD"], more].concat())
}

#[test]
fn an_account_is_found_by_either_protocol_and_says_what_it_cannot_do() {
    let (home, server) = (tempfile::tempdir().unwrap(), FakeFever::start());
    server.add_items(1..=3);
    let home = home.path();
    let (status, _, errors) = add(home, &server.site(), &[]);
    assert_eq!(status, Some(0), "{errors}");
    let limits = "read marks and stars only; subscriptions are edited on the server";
    assert!(errors.contains(&format!("News syncs {limits}\n")), "{errors}");
    let (_, list, _) = run(home, &["account", "list"]);
    assert!(list.contains(&format!("\tok\tFever API\t{limits}\t")), "{list}");
    let accounts: Value =
        serde_json::from_str(&run(home, &["account", "list", "--json"]).1).unwrap();
    assert_eq!(accounts["accounts"][0]["kind"], "fever");
    assert_eq!(accounts["accounts"][0]["server"], server.url());
    assert_eq!(run(home, &["star", "2"]).0, Some(0));
    let synced = run(home, &["account", "sync", "news"]);
    assert_eq!((synced.0, synced.1.as_str()), (Some(0), "News: 0 new, 0 marks received, 1 sent\n"));
    assert_eq!(server.marks().1.len(), 1);
}

#[test]
fn a_server_without_either_protocol_names_every_address_that_was_tried() {
    let (home, server) = (tempfile::tempdir().unwrap(), FakeFever::start_at("/elsewhere"));
    let (status, _, errors) = add(home.path(), &server.site(), &[]);
    assert_eq!(status, Some(1));
    let site = server.site();
    for tried in ["", "api/greader.php (Google Reader API)", "fever/", "api/fever.php (Fever API)"]
    {
        assert!(errors.contains(&format!("{site}{tried}")), "{tried}: {errors}");
    }
    let (_, _, errors) = add(home.path(), &server.site(), &["--kind", "fever"]);
    assert!(!errors.contains("Google Reader"), "{errors}");
}

#[test]
fn a_kind_that_is_named_is_the_only_one_that_is_asked() {
    let (home, server) = (tempfile::tempdir().unwrap(), FakeGreader::start());
    let (status, _, errors) = add(home.path(), &server.site(), &["--kind", "fever"]);
    assert_eq!(status, Some(1), "{errors}");
    assert!(server.requests().iter().all(|request| request.path.contains("fever")));
    assert_eq!(add(home.path(), &server.site(), &["--kind", "greader"]).0, Some(0));
    let edit = |kind: &str| run(home.path(), &["account", "edit", "News", "--kind", kind]);
    assert_eq!(edit("auto").0, Some(0), "it is the same one");
    assert_eq!(edit("fever").0, Some(1));
}

#[test]
fn an_account_with_feeds_keeps_its_protocol() {
    let (home, server) = (tempfile::tempdir().unwrap(), FakeGreader::start());
    let fever = FakeFever::start();
    assert_eq!(add(home.path(), &server.site(), &[]).0, Some(0));
    let edit = ["account", "edit", "News", "--kind", "fever", "--server", &fever.site()];
    let (status, _, errors) = run(home.path(), &edit);
    assert_eq!(status, Some(1));
    assert!(errors.contains("by the Fever API the articles of News would arrive"), "{errors}");
}

#[test]
fn a_key_is_not_sent_to_a_public_host_in_the_clear() {
    let home = tempfile::tempdir().unwrap();
    let rest = ["--kind", "fever", "--allow-http"];
    let (status, _, errors) = add(home.path(), "http://news.invalid", &rest);
    assert_eq!(status, Some(1));
    assert!(errors.contains("as good as the password in the clear; give its https"), "{errors}");
}
