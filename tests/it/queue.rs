//! The queue of podcasts on the command line: list, downloads that go on, and the player.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use serde_json::Value;

use crate::support::{
    program::{run, run_with, stderr, stdout},
    server::{Server, TestRequest, TestResponse},
};

/// Length of the episode, more than one part of what a server may cut off.
const EPISODE_BYTES: usize = 300_000;

/// Bytes that arrive before the connection is cut off.
const FIRST_BYTES: usize = 100_000;

fn episode() -> Vec<u8> {
    (0..EPISODE_BYTES).map(|n| u8::try_from(n % 251).unwrap()).collect()
}

fn feed(items: &str) -> TestResponse {
    TestResponse::ok(format!(
        "<rss version=\"2.0\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel>\
         <title>Tides</title>{items}</channel></rss>"
    ))
}

fn item(title: &str, day: usize, file: &str) -> String {
    format!(
        "<item><title>{title}</title><guid>{title}{day}</guid>\
         <pubDate>{day} Nov 2026 06:30:00 +0000</pubDate>\
         <itunes:duration>1:02:03</itunes:duration>\
         <enclosure url=\"{file}\" length=\"300000\" type=\"audio/mpeg\"/></item>"
    )
}

/// A home folder that is subscribed to the feed of a server.
fn subscribed_home(server: &Server) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let added = run(home.path(), &["feed", "add", &server.url("/feed.xml")]);
    assert!(added.status.success(), "{}", stderr(&added));
    home
}

fn numbers(home: &Path) -> Vec<String> {
    let listed = stdout(&run(home, &["search", "--sort", "oldest", "has:audio"]));
    listed.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

fn queue_json(home: &Path) -> Value {
    serde_json::from_str(&stdout(&run(home, &["queue", "list", "--json"]))).unwrap()
}

/// Answers with the rest of the episode; the first answer of each run is cut off.
fn answer_in_parts(request: &TestRequest, cuts: &AtomicUsize) -> TestResponse {
    let body = episode();
    let range = request.headers.get("range").cloned().unwrap_or_default();
    let start = range.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap_or(0);
    if request.headers.get("if-range").is_some_and(|tag| tag != "\"one\"") || start == 0 {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nETag: \"one\"\r\n\
             Content-Length: {EPISODE_BYTES}\r\n\r\n"
        );
        cuts.fetch_add(1, Ordering::SeqCst);
        return TestResponse::Raw([head.as_bytes(), &body[..FIRST_BYTES]].concat());
    }
    TestResponse::Complete(206, Vec::new(), body[start..].to_vec())
        .with("Content-Type", "audio/mpeg")
        .with("ETag", "\"one\"")
        .with("Content-Range", &format!("bytes {start}-{}/{EPISODE_BYTES}", EPISODE_BYTES - 1))
}

fn podcast_server() -> Server {
    let cuts = AtomicUsize::new(0);
    Server::start(move |request| match request.path.as_str() {
        "/feed.xml" => {
            let items = [item("The fog: a horn", 12, "/a.mp3"), item("Tides/../up", 11, "/b.mp3")];
            feed(&items.concat())
        }
        "/gone.mp3" => TestResponse::status(404),
        _ => answer_in_parts(request, &cuts),
    })
}

#[test]
fn queue_lists_the_oldest_episode_first_and_undo_takes_it_back() {
    let server = podcast_server();
    let home = subscribed_home(&server);
    let ids = numbers(home.path());
    let added = run(home.path(), &["queue", "add", &ids[0], &ids[1]]);
    assert_eq!(stdout(&added), "2 articles queued\n");
    let lines = stdout(&run(home.path(), &["queue", "list"]));
    assert_eq!(
        lines,
        format!(
            "{}\t2026-11-11\t1:02:03\t-\tTides\tTides/../up\n\
             {}\t2026-11-12\t1:02:03\t-\tTides\tThe fog: a horn\n",
            ids[0], ids[1]
        )
    );
    let removed = run(home.path(), &["queue", "remove", &ids[0]]);
    assert_eq!(stdout(&removed), "1 article taken off the queue\n");
    assert_eq!(queue_json(home.path())["episodes"].as_array().unwrap().len(), 1);
    let undone = stdout(&run(home.path(), &["undo"]));
    assert!(undone.contains("off the queue"), "{undone}");
    assert_eq!(queue_json(home.path())["episodes"].as_array().unwrap().len(), 2);
}

/// Returns the titles of the queue, in its order.
fn queued_titles(home: &Path) -> Vec<String> {
    let queue = queue_json(home);
    let title = |episode: &Value| episode["title"].as_str().unwrap().to_owned();
    queue["episodes"].as_array().unwrap().iter().map(title).collect()
}

#[test]
fn queue_keeps_the_order_of_the_user_and_undo_takes_it_back() {
    let items: String =
        (11..15).map(|day| item(&format!("Day {day}"), day, &format!("/{day}.mp3"))).collect();
    let server = Server::start(move |_| feed(&items));
    let home = subscribed_home(&server);
    let home = home.path();
    let ids = numbers(home);
    run(home, &["queue", "add", &ids[0], &ids[1], &ids[2]]);
    let moved = |args: &[&str]| {
        let output = run(home, &[&["queue", "move"], args].concat());
        assert!(output.status.success(), "{}", stderr(&output));
        stderr(&output)
    };
    assert_eq!(moved(&[&ids[2], "--first"]), "Moved “Day 13” in the queue\n");
    assert_eq!(queued_titles(home), ["Day 13", "Day 11", "Day 12"]);
    assert_eq!(moved(&[&ids[2], &ids[0], "--last"]), "Moved 2 articles in the queue\n");
    assert_eq!(queued_titles(home), ["Day 12", "Day 13", "Day 11"]);
    moved(&[&ids[0], "--before", &ids[2]]);
    assert_eq!(queued_titles(home), ["Day 12", "Day 11", "Day 13"]);

    run(home, &["queue", "add", &ids[3]]);
    assert_eq!(queued_titles(home)[3], "Day 14", "what is new comes last");
    run(home, &["queue", "remove", &ids[1]]);
    assert_eq!(queued_titles(home), ["Day 11", "Day 13", "Day 14"]);
    run(home, &["undo"]);
    assert_eq!(queued_titles(home)[0], "Day 12", "undo brings the place back");
    let undone = stdout(&run(home, &["undo", "3"]));
    assert!(undone.contains("Undone: moved “Day 11” in the queue"), "{undone}");
    assert_eq!(queued_titles(home), ["Day 13", "Day 11", "Day 12"]);
    assert!(stdout(&run(home, &["redo"])).contains("Redone: moved 2 articles in the queue"));
    assert_eq!(queued_titles(home), ["Day 12", "Day 13", "Day 11"]);

    let backup = home.join("backup");
    assert!(run(home, &["backup", backup.to_str().unwrap()]).status.success());
    moved(&[&ids[0], "--first"]);
    assert!(run(home, &["restore", backup.to_str().unwrap()]).status.success());
    assert_eq!(queued_titles(home), ["Day 12", "Day 13", "Day 11"], "a backup has the order");
}

#[test]
fn wrong_moves_in_the_queue_say_why() {
    let server = podcast_server();
    let home = subscribed_home(&server);
    let home = home.path();
    let ids = numbers(home);
    run(home, &["queue", "add", &ids[0]]);
    for (args, status, sentence) in [
        (&[&ids[1], "--first"][..], 1, "is not in the queue; `newsreader queue list` shows"),
        (&[&ids[0], "--before", &ids[0]], 1, "cannot be moved before itself"),
        (&[&ids[0]], 2, "required"),
        (&[&ids[0], "--first", "--last"], 2, "cannot be used with"),
    ] {
        let output = run(home, &[&["queue", "move"], args].concat());
        assert_eq!(output.status.code(), Some(status), "{args:?}: {output:?}");
        assert!(stderr(&output).contains(sentence), "{args:?}: {}", stderr(&output));
    }
    run(home, &["view", "edit", "Queue", "--order", "newest"]);
    let sorted = run(home, &["queue", "move", &ids[0], "--first"]);
    assert!(stderr(&sorted).contains("is sorted newest first"), "{}", stderr(&sorted));
}

#[test]
fn download_that_is_cut_off_goes_on_and_is_found() {
    let server = podcast_server();
    let home = subscribed_home(&server);
    run(home.path(), &["queue", "add", "--query", "has:audio"]);
    let downloaded = run(home.path(), &["queue", "download"]);
    assert!(downloaded.status.success(), "{}", stderr(&downloaded));
    let folder = home.path().join("data/newsreader/podcasts/Tides");
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["2026-11-11 Tides-..-up.mp3", "2026-11-12 The fog- a horn.mp3"]);
    assert_eq!(fs::read(folder.join(&names[0])).unwrap(), episode());
    assert_eq!(fs::read(folder.join(&names[1])).unwrap(), episode());
    let rests = server.requests().into_iter().filter(|asked| asked.headers.contains_key("range"));
    let rests: Vec<_> = rests.map(|asked| asked.headers["range"].clone()).collect();
    assert_eq!(rests, ["bytes=100000-"; 2]);
    let found = stdout(&run(home.path(), &["count", "is:downloaded is:queued"]));
    assert_eq!(found, "2\n");
    let asked = server.requests().len();
    assert!(run(home.path(), &["queue", "download"]).status.success());
    assert_eq!(server.requests().len(), asked, "what is there is not asked for again");

    let deleted = run(home.path(), &["queue", "delete", "--query", "is:queued"]);
    assert_eq!(stdout(&deleted), "2 files deleted\n");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    assert_eq!(stdout(&run(home.path(), &["count", "is:downloaded"])), "0\n");
    let absent = run(home.path(), &["queue", "delete", &numbers(home.path())[0]]);
    assert_eq!(stdout(&absent), "0 files deleted, 1 article had none\n");
    assert_eq!(absent.status.code(), Some(1));
    let absent = run(home.path(), &["queue", "delete", "--query", "is:queued"]);
    assert_eq!(stdout(&absent), "0 files deleted, 2 articles had none\n");
    assert_eq!(absent.status.code(), Some(0), "a query may find articles without a file");
}

#[test]
fn failed_download_names_the_episode_and_the_reason() {
    for (answer, reason) in [
        (TestResponse::status(404), "the server answered 404"),
        (
            TestResponse::ok("<p>Log in").with("Content-Type", "text/html"),
            "the server sends a web page in place of the file",
        ),
        (
            TestResponse::status(302).with("Location", "http://127.0.0.2/a.mp3"),
            "127.0.0.2 is in the private network; subscribe to it directly if you trust it",
        ),
    ] {
        let server = Server::start(move |request| match request.path.as_str() {
            "/feed.xml" => feed(&item("Fog", 12, "/a.mp3")),
            _ => answer.clone(),
        });
        let home = subscribed_home(&server);
        let id = &numbers(home.path())[0];
        let failed = run(home.path(), &["queue", "download", id]);
        assert_eq!(failed.status.code(), Some(1), "{reason}");
        let said = stderr(&failed);
        assert!(said.contains("Cannot download “Fog”: "), "{said}");
        assert!(said.contains(reason), "{said}");
        assert_eq!(stdout(&run(home.path(), &["count", "is:downloaded"])), "0\n");
    }
}

#[test]
fn download_over_the_limit_is_refused() {
    let long = 2 << 20;
    let server = Server::start(move |request| match request.path.as_str() {
        "/feed.xml" => feed(&item("Fog", 12, "/a.mp3")),
        _ => TestResponse::ok(vec![0; long]),
    });
    let home = subscribed_home(&server);
    let id = &numbers(home.path())[0];
    let limit = [("NEWSREADER_PODCASTS_MAX_MB", "1")];
    let failed = run_with(home.path(), &["queue", "download", id], &limit);
    assert_eq!(failed.status.code(), Some(1));
    let said = stderr(&failed);
    assert!(said.contains("the file of 2 MB is larger than the setting podcasts.max_mb"), "{said}");
}

/// Writes a player, a script that gets the file, the position and the folder of positions.
fn write_player(home: &Path, script: &str) -> PathBuf {
    let player = home.join("player");
    fs::write(&player, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&player, fs::Permissions::from_mode(0o755)).unwrap();
    player
}

#[test]
fn player_goes_on_where_it_was_stopped_and_marks_what_was_played() {
    let server = podcast_server();
    let home = subscribed_home(&server);
    run(home.path(), &["queue", "add", "--query", "has:audio"]);
    let first = &numbers(home.path())[0];
    let play = |script: &str| {
        let player = write_player(home.path(), script);
        let argv = format!("{},{{file}},{{position}},{{positions}}", player.display());
        let variables = [("NEWSREADER_PODCASTS_PLAYER", argv.as_str()), ("PATH", "/usr/bin:/bin")];
        run_with(home.path(), &["queue", "play"], &variables)
    };
    let stopped = play("echo start=754.25 > \"$3/ABC\"");
    assert_eq!(stdout(&stopped), "“Tides/../up” stopped at 12:34\n", "{}", stderr(&stopped));
    assert_eq!(queue_json(home.path())["episodes"][0]["position"], 754);
    let failed = play("exit 2");
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(queue_json(home.path())["episodes"][0]["position"], 754, "it stays");
    let finished = play("echo \"$1 $2\"");
    let url = server.url("/b.mp3");
    assert_eq!(stdout(&finished), format!("{url} 754\n“Tides/../up” played to its end\n"));
    assert_eq!(stdout(&run(home.path(), &["count", "is:played is:read !is:queued"])), "1\n");
    let left = queue_json(home.path());
    assert_eq!(left["episodes"].as_array().unwrap().len(), 1);
    run(home.path(), &["undo"]);
    assert_eq!(queue_json(home.path())["episodes"][0]["number"].to_string(), *first);
}

#[test]
fn article_without_a_sound_is_neither_downloaded_nor_played() {
    let home = crate::support::program::home_with_library();
    for args in [["queue", "download", "1"], ["queue", "play", "1"]] {
        let failed = run(home.path(), &args);
        assert_eq!(failed.status.code(), Some(1));
        assert!(stderr(&failed).contains("comes with no sound or film"), "{}", stderr(&failed));
    }
    let empty = run(home.path(), &["queue", "play"]);
    assert_eq!(empty.status.code(), Some(1));
    assert!(stderr(&empty).contains("the queue is empty"), "{}", stderr(&empty));
}

#[test]
fn chapters_are_listed_and_played_from_their_beginning() {
    let chapters = "<psc:chapters xmlns:psc=\"http://podlove.org/simple-chapters\">\
                    <psc:chapter start=\"12:05.5\" title=\"The keeper\"/>\
                    <psc:chapter start=\"0\" title=\"Before the fog\"/></psc:chapters></item>";
    let items = item("Fog", 12, "/a.mp3").replace("</item>", chapters);
    let server = Server::start(move |_| feed(&items));
    let home = subscribed_home(&server);
    let home = home.path();
    let id = &numbers(home)[0];
    let article = stdout(&run(home, &["read", id]));
    assert!(article.contains("Chapters\n\n0:00 Before the fog\n12:05 The keeper\n"), "{article}");
    let player = write_player(home, "echo \"$2\"");
    let play = |chapter: &str| {
        let argv = format!("{},{{file}},{{position}},{{positions}}", player.display());
        let variables = [("NEWSREADER_PODCASTS_PLAYER", argv.as_str()), ("PATH", "/usr/bin:/bin")];
        run_with(home, &["queue", "play", id, "--chapter", chapter], &variables)
    };
    let second = play("2");
    assert!(stdout(&second).starts_with("725\n"), "{second:?}");
    let missing = play("3");
    assert_eq!(missing.status.code(), Some(1));
    let sentence = "cannot play “Fog”: it has 2 chapters";
    assert!(stderr(&missing).contains(sentence), "{}", stderr(&missing));
}

#[test]
fn protected_file_is_downloaded_with_the_login_of_its_feed() {
    let server = Server::start(|request| {
        let is_known = request.headers.get("authorization").map(String::as_str)
            == Some("Basic YW5uOnNlY3JldA==");
        match request.path.as_str() {
            _ if !is_known => TestResponse::status(401),
            "/feed.xml" => feed(&item("Fog", 12, "/a.mp3")),
            _ => TestResponse::ok(episode()).with("Content-Type", "audio/mpeg"),
        }
    });
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let variables = [("POD", "secret")];
    let url = server.url("/feed.xml");
    let add = ["feed", "add", &url, "--user", "ann", "--password", "env:POD"];
    let added = run_with(home, &add, &variables);
    assert!(added.status.success(), "{}", stderr(&added));
    let id = &numbers(home)[0];
    let without = run(home, &["queue", "download", id]);
    assert_eq!(without.status.code(), Some(1));
    assert!(stderr(&without).contains("POD for its password is not set"), "{}", stderr(&without));
    let downloaded = run_with(home, &["queue", "download", id], &variables);
    assert!(downloaded.status.success(), "{}", stderr(&downloaded));
    assert_eq!(fs::read(stdout(&downloaded).trim_end()).unwrap(), episode());
}
