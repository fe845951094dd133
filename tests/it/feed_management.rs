//! Adding, managing and editing feeds, in the reader and on the command line.

use std::fs;

use chrono::TimeDelta;
use newsreader::{
    app::{AddFeedStage, ChangeAction, Effect, Message, Overlay, SidebarData, StoreWrite},
    command::Command,
    library::starter_collections,
    model::{
        AppliedChange, ArchiveSharing, Change, DiscoveredSite, ExistingFile, Feed, FeedCandidate,
        FeedHealth, FeedId, FeedKind, FeedNetwork, FeedRefreshState, FetchOptions, NewFeed,
        RefreshProgress, RefreshScope, RefreshSummary, SessionState, StarterCollection,
        Subscription, ViewScope,
    },
    settings::merge_layers,
};

use crate::support::{
    Stage, failure, now,
    program::{run, stderr, stdout},
    server::{Server, TestResponse},
    settings, stage, stage_with, stage_with_keys,
};

pub fn candidate(title: &str) -> FeedCandidate {
    FeedCandidate {
        url: format!("https://{title}.example/feed"),
        title: title.to_owned(),
        format: "RSS",
        entry_count: 20,
        newest_published: Some(now().at - TimeDelta::hours(1)),
        entry_titles: vec!["The bridge reopens".to_owned(), "東京の天気".to_owned()],
        is_subscribed: false,
        fetch: FetchOptions::default(),
        network: FeedNetwork::Public,
    }
}

fn discover(address: &str) -> Effect {
    Effect::DiscoverFeeds(address.to_owned(), FetchOptions::default())
}

pub fn feed(id: i64, title: &str) -> Feed {
    Feed {
        id: FeedId(id),
        kind: FeedKind::Web,
        url: format!("https://{title}.example/feed").to_lowercase().replace(' ', "-"),
        title: title.to_owned(),
        site_url: Some(format!("https://{title}.example/")),
        subscription: Subscription { folder: Some("World".to_owned()), ..Subscription::default() },
        entry_count: 40,
        unread_count: u64::try_from(id * 7 % 23).unwrap(),
        health: FeedHealth::Healthy,
        refresh_state: FeedRefreshState {
            last_checked: Some(now().at - TimeDelta::minutes(2)),
            next_check: Some(now().at + TimeDelta::minutes(58)),
            last_new_entry: Some(now().at - TimeDelta::hours(id)),
            ..FeedRefreshState::default()
        },
        network: FeedNetwork::Public,
        account: None,
    }
}

/// The open feed table.
pub fn feed_table_stage() -> Stage {
    stage_with_feeds().keys("ctrl-x F").send(Message::SidebarLoaded(Ok(sidebar_data())))
}

fn stage_with_feeds() -> Stage {
    stage(&["a", "b"]).send(Message::SidebarLoaded(Ok(sidebar_data())))
}

pub fn sidebar_data() -> SidebarData {
    let mut feeds: Vec<Feed> =
        ["BBC News", "Haaretz", "La Repubblica", "Le Monde", "NHK", "Reuters"]
            .iter()
            .zip(1..)
            .map(|(t, n)| feed(n, t))
            .collect();
    feeds[5].health =
        FeedHealth::Failing("timed out after 20 s while waiting for an answer".to_owned());
    feeds[4].subscription.paused = true;
    feeds[3].subscription.folder = None;
    SidebarData { feeds, ..SidebarData::default() }
}

/// The add-feed overlay after discovery found two feeds.
pub fn add_feed_candidates_stage() -> Stage {
    let feeds = vec![candidate("post"), candidate("comments")];
    let candidates = Ok(DiscoveredSite { feeds, ..DiscoveredSite::default() });
    stage(&["a"])
        .keys("ctrl-x a")
        .text("post.example")
        .keys("enter")
        .send(Message::FeedsDiscovered("post.example".to_owned(), candidates))
}

#[test]
fn add_feed_discovers_url_and_subscribes_to_selection() {
    let discovering = stage(&["a"]).keys("ctrl-x a").text("post.example").keys("enter");
    assert_eq!(discovering.effects, [discover("post.example")]);
    let stage = add_feed_candidates_stage().text("News").keys("down tab enter");
    let new_feed = |title: &str| NewFeed {
        url: format!("https://{title}.example/feed"),
        title: title.to_owned(),
        subscription: Subscription { folder: Some("News".to_owned()), ..Subscription::default() },
        network: FeedNetwork::Public,
        account: None,
    };
    assert_eq!(
        stage.writes(),
        [&StoreWrite::Subscribe(vec![new_feed("post"), new_feed("comments")])]
    );
    assert!(stage.app.overlay.is_none());
}

#[test]
fn address_of_the_command_line_is_looked_up() {
    let mut stage = stage(&["a"]);
    let effects = stage.app.look_up_address("post.example");
    assert_eq!(effects, discover("post.example").into());
    let feeds = vec![FeedCandidate { is_subscribed: true, ..candidate("post") }, candidate("more")];
    let notes = vec!["post.example was read over http://".to_owned()];
    let site = DiscoveredSite { feeds, notes, ..DiscoveredSite::default() };
    let stage = stage.send(Message::FeedsDiscovered("post.example".to_owned(), Ok(site)));
    let screen = stage.screen();
    assert!(screen.contains("2 feeds found: post.example was read over http://."), "{screen}");
    assert!(
        screen.contains("[ ] post  subscribed, RSS") && screen.contains("[x] more  RSS"),
        "{screen}"
    );
}

#[test]
fn add_feed_sends_the_options_that_were_typed() {
    let typed = stage(&["a"])
        .keys("ctrl-x a")
        .text("post.example")
        .keys("tab")
        .text("ann")
        .keys("tab")
        .text("env:PW")
        .keys("tab")
        .text("Reader/1")
        .size(80, 24);
    insta::assert_snapshot!("add_feed_options_80x24", typed.screen());
    let foot = |stage: &Stage| stage.screen().lines().last().unwrap().to_owned();
    assert!(foot(&typed).contains("Tab next field"), "{}", foot(&typed));
    assert!(!foot(&typed).contains("login"), "{}", foot(&typed));
    let first = stage(&["a"]).keys("ctrl-x a").size(80, 24);
    assert!(foot(&first).contains("Tab login, headers"), "{}", foot(&first));
    let looked_up = typed.keys("enter");
    let fetch = FetchOptions {
        user: Some("ann".to_owned()),
        password_source: Some("env:PW".to_owned()),
        user_agent: Some("Reader/1".to_owned()),
        ..FetchOptions::default()
    };
    let effect = Effect::DiscoverFeeds("post.example".to_owned(), fetch.clone());
    assert_eq!(looked_up.effects, [effect]);
    let feeds = vec![FeedCandidate { fetch: fetch.clone(), ..candidate("post") }];
    let site = DiscoveredSite { feeds, ..DiscoveredSite::default() };
    let added =
        looked_up.send(Message::FeedsDiscovered("post.example".to_owned(), Ok(site))).keys("enter");
    let [StoreWrite::Subscribe(feeds)] = added.writes()[..] else { panic!("{:?}", added.writes()) };
    assert_eq!(feeds[0].subscription, Subscription { fetch, ..Subscription::default() });
    let wrong = stage(&["a"])
        .keys("ctrl-x a")
        .text("a.example")
        .keys("shift-tab")
        .text("no header")
        .keys("enter");
    let Some(Overlay::AddFeed(add_feed)) = &wrong.app.overlay else {
        panic!("the dialogue is open")
    };
    assert!(matches!(&add_feed.stage, AddFeedStage::Failed(_)), "{:?}", add_feed.stage);
}

#[test]
fn pasted_url_opens_add_feed_from_any_pane() {
    for keys in ["", "right", "left"] {
        let stage =
            stage(&["a"]).keys(keys).send(Message::Paste(" https://post.example/ \n".to_owned()));
        assert_eq!(stage.effects, [discover("https://post.example/")], "{keys}");
    }
}

#[test]
fn add_feed_ignores_candidates_of_another_url() {
    let stage = stage(&["a"]).keys("ctrl-x a").text("one.example").keys("enter");
    let two = DiscoveredSite { feeds: vec![candidate("two")], ..DiscoveredSite::default() };
    let late = stage.send(Message::FeedsDiscovered("two.example".to_owned(), Ok(two)));
    let Some(Overlay::AddFeed(add_feed)) = &late.app.overlay else {
        panic!("the dialogue is open")
    };
    assert_eq!(add_feed.stage, AddFeedStage::Discovering);
    let failed = late.send(Message::FeedsDiscovered(
        "one.example".to_owned(),
        Err(failure("No feed was found")),
    ));
    let Some(Overlay::AddFeed(add_feed)) = &failed.app.overlay else {
        panic!("the dialogue is open")
    };
    assert_eq!(add_feed.stage, AddFeedStage::Failed("No feed was found".to_owned()));
}

#[test]
fn add_feed_subscribes_to_folder_or_imports_list() {
    let folder = stage(&["a"]).keys("ctrl-x a").text("~/news").keys("enter");
    assert_eq!(folder.effects, [Effect::SubscribePath("~/news".to_owned())]);
    let list = stage(&["a"]).keys("ctrl-x a").text("/srv/feeds.opml").keys("enter");
    assert_eq!(list.effects, [Effect::ImportFeeds("/srv/feeds.opml".to_owned())]);
    let import = stage(&["a"]).keys("ctrl-x I").text("~/feeds.opml").keys("enter");
    assert_eq!(import.effects, [Effect::ImportFeeds("~/feeds.opml".to_owned())]);
    let export = stage(&["a"]).keys("ctrl-x W enter");
    let path = "~/newsreader.opml".to_owned();
    assert_eq!(export.effects, [Effect::ExportFeeds(path, ExistingFile::Keep)]);
}

#[test]
fn feed_table_letters_are_commands() {
    let stage = feed_table_stage().keys("down");
    let retried = stage.keys("r");
    assert_eq!(retried.effects, [Effect::Refresh(RefreshScope::One(FeedId(2)))]);
    let opened = retried.keys("o");
    assert_eq!(opened.effects, [Effect::OpenUrl("https://Haaretz.example/".to_owned())]);
    let removed = opened.keys("x");
    assert_eq!(
        removed.writes(),
        [&StoreWrite::ApplyChange(Change::set_unsubscribed(FeedId(2), true))]
    );
    let muted = removed.keys("m");
    let [StoreWrite::ApplyChange(Change::Subscription { after, .. })] = muted.writes()[..] else {
        panic!("a change")
    };
    assert!(after.muted);
    let shown = muted.keys("enter");
    assert_eq!(shown.app.scope(), &ViewScope::Feed(FeedId(2)));
    assert!(shown.app.overlay.is_none());
}

fn stage_of_filter() -> Stage {
    feed_table_stage().keys("/").text("fail").keys("enter")
}

#[test]
fn feed_table_filters_by_typed_text() {
    let stage = stage_of_filter().keys("r");
    assert_eq!(stage.effects, [Effect::Refresh(RefreshScope::One(FeedId(6)))]);
    let shown = stage.keys("/").text("ing").screen();
    assert!(shown.contains("failing") && shown.contains("Unread"), "{shown}");
    let cleared = stage_of_filter().keys("esc");
    assert!(cleared.app.overlay.is_some() && cleared.keys("esc").app.overlay.is_none());
}

#[test]
fn feed_form_changes_edited_fields_and_names_errors() {
    let wrong = feed_table_stage().keys("e down down down down").text("soon").keys("enter");
    let Some(Overlay::FeedForm(form)) = &wrong.app.overlay else { panic!("the form is open") };
    assert!(form.form.error.as_ref().unwrap().contains("soon"));
    assert!(wrong.writes().is_empty());
    let right =
        wrong.keys("ctrl-u").text("6h").keys("up up").keys("ctrl-u").text("Europe").keys("enter");
    let [StoreWrite::ApplyChange(Change::Subscription { feed: FeedId(1), before, after })] =
        right.writes()[..]
    else {
        panic!("{:?}", right.writes())
    };
    assert_eq!(
        (before.refresh_minutes, after.refresh_minutes, after.folder.as_deref()),
        (None, Some(360), Some("Europe"))
    );
    assert!(
        matches!(right.app.overlay, Some(Overlay::FeedTable(_))),
        "the form returns to the table"
    );
    assert!(right.keys("e enter").writes().is_empty(), "nothing changed");
}

#[test]
fn welcome_screen_subscribes_to_starter_collections() {
    fn feeds(number: usize) -> Vec<NewFeed> {
        let feed = |title: String| NewFeed {
            url: title.clone(),
            title,
            subscription: Subscription::default(),
            network: FeedNetwork::Unknown,
            account: None,
        };
        (0..number).map(|n| feed(format!("https://{number}-{n}.example/"))).collect()
    }
    let mut stage = stage(&[]);
    stage.app.sidebar.set_collections(|| {
        vec![
            StarterCollection { name: "World".to_owned(), feeds: feeds(2) },
            StarterCollection { name: "日本語".to_owned(), feeds: feeds(3) },
        ]
    });
    insta::assert_snapshot!("welcome_80x24", stage.screen());
    let second = stage.text("2");
    assert_eq!(second.writes(), [&StoreWrite::Subscribe(feeds(3))]);
    let all = second.text("3");
    assert_eq!(all.writes(), [&StoreWrite::Subscribe([feeds(2), feeds(3)].concat())]);
    let imports = stage_with_keys(&[], "[menu]\n\"I\" = \"none\"\n\"9\" = \"import-feeds\"\n");
    assert!(imports.screen().contains("^X 9   import an OPML file"), "{}", imports.screen());
    assert_eq!(all.text("i").app.filter_bar.text(), "i", "letters filter");
}

#[test]
fn starter_collections_have_https_feeds() {
    let collections = starter_collections();
    assert!(collections.len() >= 5 && collections.len() <= 8);
    for feed in collections.iter().flat_map(|collection| &collection.feeds) {
        assert!(feed.url.starts_with("https://"), "{}", feed.url);
    }
}

#[test]
fn due_feeds_are_refreshed_while_program_runs() {
    let mut settings = merge_layers(Vec::new()).0;
    settings.refresh.every = 30;
    let stage = stage_with(&["a"], settings, newsreader::model::SessionState::default());
    assert_eq!(stage.app.time_until_wake(now().at).unwrap().as_secs(), 600);
    let waited = stage.wait(601);
    assert_eq!(waited.effects, [Effect::Refresh(RefreshScope::Due)]);
    assert_eq!(waited.wait(1).effects, []);
}

#[test]
fn offline_refresh_shows_one_notice() {
    let summary =
        RefreshSummary { is_offline: true, requested_feeds: 40, ..RefreshSummary::default() };
    let stage = stage(&["a"]).send(Message::RefreshProgressed(RefreshProgress::Finished(summary)));
    assert!(stage.app.notices.current().unwrap().text.starts_with("Offline"));
    assert_eq!(stage.app.notices.failures().count(), 0);
}

#[test]
fn running_refresh_can_be_stopped() {
    let running = stage(&["a"])
        .send(Message::RefreshProgressed(RefreshProgress::Started(40)))
        .send(Message::RefreshProgressed(RefreshProgress::FeedsDone(3)))
        .send(Message::RefreshProgressed(RefreshProgress::Waiting(1)));
    assert_eq!(running.app.jobs.waiting_refreshes(), 1);
    let again = running.keys("ctrl-r");
    let notice = again.app.notices.current().unwrap();
    assert_eq!(notice.text, "Refreshing: 3 of 40 feeds done");
    assert_eq!(notice.actions[0].command, Command::StopRefresh);
    let stopped = again.send(Message::Command(Command::StopRefresh));
    assert_eq!(stopped.effects, [Effect::StopRefresh]);
    let summary = RefreshSummary { was_stopped: true, new_entries: 2, ..RefreshSummary::default() };
    let ended = stopped.send(Message::RefreshProgressed(RefreshProgress::Finished(summary)));
    assert_eq!(ended.app.notices.current().unwrap().text, "Refresh stopped · 2 new articles");
}

#[test]
fn stop_without_refresh_says_so() {
    let stage = stage(&["a"]).send(Message::Command(Command::StopRefresh));
    assert!(stage.effects.is_empty());
    assert_eq!(stage.app.notices.current().unwrap().text, "No refresh is running");
}

#[test]
fn subscribe_notice_offers_undo() {
    let change = Change::Many(vec![
        Change::set_unsubscribed(FeedId(1), false),
        Change::set_unsubscribed(FeedId(2), false),
    ]);
    let applied = AppliedChange { change: change.clone(), title: None, copies: 0 };
    let stage = stage(&["a"]).send(Message::ChangeFinished(ChangeAction::Applied, Some(applied)));
    assert!(stage.screen().contains("Subscribed to 2 feeds · Alt-u to undo"), "{}", stage.screen());
    assert_eq!(change.inverse().inverse(), change);
}

#[test]
fn feed_form_asks_about_the_archive_only_where_there_is_one() {
    let without = feed_table_stage().keys("e");
    assert!(!without.screen().contains("Archive"), "{}", without.screen());
    let mut settings = settings();
    settings.archive.push_str("postgres://ann@archive.example/news");
    let with_archive = stage_with(&["a"], settings, SessionState::default())
        .send(Message::SidebarLoaded(Ok(sidebar_data())));
    let table = with_archive.keys("ctrl-x F").send(Message::SidebarLoaded(Ok(sidebar_data())));
    let form = table.keys("e");
    assert!(form.screen().contains("Archive          public"), "{}", form.screen());
    let shared = form.keys(&"down ".repeat(13)).keys("space enter");
    let [StoreWrite::ApplyChange(Change::Subscription { after, .. })] = shared.writes()[..] else {
        panic!("{:?}", shared.writes())
    };
    assert_eq!(after.fetch.sharing, ArchiveSharing::Share);
}

#[test]
fn feed_overlays_match_snapshots() {
    for (width, height) in [(120, 40), (80, 24), (40, 15)] {
        let screens = [
            ("add_feed_candidates", add_feed_candidates_stage()),
            ("feed_table", feed_table_stage().keys("end")),
            ("feed_form", feed_table_stage().keys("e down")),
        ];
        for (name, stage) in screens {
            insta::assert_snapshot!(
                format!("{name}_{width}x{height}"),
                stage.size(width, height).screen()
            );
        }
    }
}

fn start_site() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/" => TestResponse::ok(
            "<html><link rel=alternate type=application/rss+xml href='/post.xml'></html>",
        ),
        "/post.xml" => TestResponse::ok(fs::read("seeds/feeds/rss-2-podcast.xml").unwrap()),
        "/atom.xml" => TestResponse::ok(fs::read("seeds/feeds/atom-relative-links.xml").unwrap()),
        _ => TestResponse::status(404),
    })
}

#[test]
fn feed_commands_discover_add_edit_and_remove_feeds() {
    let (home, server) = (tempfile::tempdir().unwrap(), start_site());
    let home = home.path();
    let discovered = stdout(&run(home, &["feed", "discover", &server.url("/")]));
    assert!(
        discovered.contains("/post.xml\n  The Tide Table · RSS, 2 articles, newest 2026-11-12\n"),
        "{discovered}"
    );
    let added = run(home, &["feed", "add", &server.url("/"), "--folder", "Radio", "--every", "6h"]);
    assert_eq!(stdout(&added), "2 new, 0 changed, 0 failed\n", "{added:?}");
    assert_eq!(
        stdout(&run(home, &["add", &server.url("/atom.xml")])),
        "1 new, 0 changed, 0 failed\n"
    );
    let listed = stdout(&run(home, &["feed", "list"]));
    assert!(
        listed.contains(&format!("\tRadio\tThe Tide Table\t{}\tok\n", server.url("/post.xml"))),
        "{listed}"
    );
    for (option, reason) in [(&[][..], "name an option"), (&["--every", "soon"], "interval")] {
        let refused = run(home, &[&["feed", "edit", "tide"], option].concat());
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(stderr(&refused).contains(reason), "{refused:?}");
    }
    assert!(run(home, &["feed", "edit", "tide", "--name", "Tides", "--muted"]).status.success());
    let json = stdout(&run(home, &["feed", "list", "--json"]));
    assert!(
        json.contains("\"name\": \"Tides\"") && json.contains("\"every_minutes\": 360"),
        "{json}"
    );
    let exported = stdout(&run(home, &["feed", "export"]));
    fs::write(home.join("feeds.opml"), &exported).unwrap();
    let again = stdout(&run(home, &["feed", "import", home.join("feeds.opml").to_str().unwrap()]));
    assert_eq!(again, "0 new, 2 already subscribed, 0 rejected\n");
    assert!(run(home, &["feed", "remove", "Tides"]).status.success());
    assert_eq!(stdout(&run(home, &["feed", "list"])).lines().count(), 1);
    assert_eq!(run(home, &["feed", "remove", "nobody"]).status.code(), Some(2));
    let refreshed = stdout(&run(home, &["refresh", "--feed", "garten", "--json"]));
    assert!(refreshed.contains("\"feeds\": 1") && refreshed.contains("\"new\": 0"), "{refreshed}");
}

#[test]
fn feed_import_rejects_programs() {
    let home = tempfile::tempdir().unwrap();
    let list = home.path().join("urls");
    fs::write(
        &list,
        "https://a.example/feed news\n\"exec:rm -rf /\"\n|cat /etc/passwd\nfile:///srv/news\n",
    )
    .unwrap();
    let imported = run(home.path(), &["feed", "import", list.to_str().unwrap()]);
    assert_eq!(stdout(&imported), "2 new, 0 already subscribed, 2 rejected\n", "{imported:?}");
    assert_eq!(imported.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&imported.stderr).contains("line 2"));
}

#[test]
fn feed_import_of_a_list_without_feeds_says_so() {
    let home = tempfile::tempdir().unwrap();
    for text in [
        "<opml version='2.0'><head/><body/></opml>",
        "<opml><body><outline text='Folder'/></body></opml>",
        "# newsboat\n",
    ] {
        let list = home.path().join("feeds.opml");
        fs::write(&list, text).unwrap();
        let path = list.to_str().unwrap();
        let imported = run(home.path(), &["feed", "import", path]);
        assert!(imported.status.success(), "{imported:?}");
        assert_eq!(stdout(&imported), "0 new, 0 already subscribed, 0 rejected\n");
        let said = String::from_utf8_lossy(&imported.stderr);
        assert_eq!(said, format!("{path} has no feeds in it\n"), "{text}");
    }
}

#[test]
fn feed_add_runs_only_configured_programs() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config/newsreader");
    fs::create_dir_all(&config).unwrap();
    let seed = fs::canonicalize("seeds/feeds/json-feed.json").unwrap();
    fs::write(config.join("settings.toml"), format!("[programs]\nbridges = [\"cat\", {seed:?}]\n"))
        .unwrap();
    let added = run(home.path(), &["feed", "add", "exec:bridges"]);
    assert_eq!(stdout(&added), "2 new, 0 changed, 0 failed\n", "{added:?}");
    let unknown = run(home.path(), &["feed", "add", "exec:cat /etc/passwd"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("[programs]"));
}

#[test]
fn feed_check_reads_file_or_url() {
    let (home, server) = (tempfile::tempdir().unwrap(), start_site());
    let seed = "seeds/feeds/broken-and-cut-off.xml";
    insta::assert_snapshot!(
        "feed_check_broken_document",
        stdout(&run(home.path(), &["feed", "check", seed]))
    );
    let json = stdout(&run(home.path(), &["feed", "check", "--json", &server.url("/atom.xml")]));
    assert!(json.contains("\"link\": \"https://garten.example/blog/2026/apfel\""), "{json}");
    assert_eq!(run(home.path(), &["feed", "check", "Cargo.toml"]).status.code(), Some(1));
}
